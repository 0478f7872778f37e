"""What the operating system refuses, in our own words, with what to do about it.

Its own words come in the language of the system, name internals, and never say what to do.
"""

from __future__ import annotations

import errno

from filterlab.text.messages import say

_Refusal = tuple[str, str]  # what, and what to do

_READING: dict[int, _Refusal] = {
    errno.ENOENT: (say("there is no such file"), say("check the name")),
    errno.ENOTDIR: (say("a part of its path is a file, not a folder"), say("check the name")),
    errno.EISDIR: (say("it is a folder"), say("name a file in it")),
    errno.EACCES: (say("you have no permission to read it"), say("check its permissions")),
    errno.EPERM: (say("you have no permission to read it"), say("check its permissions")),
    errno.ELOOP: (say("its symbolic links form a circle"), say("give the path of the file itself")),
    errno.ENAMETOOLONG: (say("its path is longer than the system allows"), say("shorten it")),
    errno.EIO: (say("its disk could not read it"), say("check the disk, or copy the file from elsewhere")),
    errno.ENXIO: (say("it is not a regular file"), say("copy its content into a file")),
    errno.ESTALE: (say("it was replaced on its server while it was read"), say("try again")),
    errno.ETIMEDOUT: (say("its server does not answer"), say("try again")),
    errno.EMFILE: (say("too many files are open"), say("raise the limit (ulimit -n)")),
    errno.ENFILE: (say("too many files are open"), say("close some programs")),
    errno.ENOMEM: (say("there is not enough memory for it"), say("use a smaller picture")),
}
_WRITING: dict[int, _Refusal] = {
    **_READING,
    errno.ENOENT: (say("a folder of its path does not exist"), say("make it first, or name another")),
    errno.EEXIST: (say("there is a file of that name"), say("choose another name")),
    errno.EISDIR: (say("there is a folder of that name"), say("choose another name")),
    errno.EACCES: (say("you have no permission to write there"), say("choose another folder")),
    errno.EPERM: (say("you have no permission to write there"), say("choose another folder")),
    errno.EROFS: (say("the disk can only be read"), say("choose another folder")),
    errno.ENOSPC: (say("the disk is full"), say("make room on it, or choose another one")),
    errno.EFBIG: (say("it would be larger than the system allows"), say("choose another disk")),
    errno.EIO: (say("the disk could not write it"), say("check the disk, or choose another one")),
    errno.EXDEV: (say("it is on another disk"), say("choose a folder on the same disk")),
    errno.EBUSY: (say("another program uses it"), say("close that program")),
}
if hasattr(errno, "EDQUOT"):
    _WRITING[errno.EDQUOT] = (say("your share of the disk is used up"), say("remove some files from it"))


def refusal(error: BaseException, *, writing: bool = False) -> _Refusal:
    """What the system refused, and what to do about it. A ValueError stands for a name that no file can have."""
    number = getattr(error, "errno", None)
    if isinstance(error, ValueError):
        return say("no path has such a name"), say("check the name")
    # Some can only come of writing: a full disk, a name that is taken.
    found = (_WRITING if writing else {**_WRITING, **_READING}).get(number or 0)
    if found is not None:
        return found
    code = errno.errorcode.get(number or 0, "no reason given" if number is None else str(number))
    if writing:
        return say("the system could not write it ({})", code), say("choose another folder")
    return say("the system could not read it ({})", code), say("copy it elsewhere")


def refusal_text(error: BaseException, *, writing: bool = False) -> str:
    """`refusal` as one text, for messages that have no place for what to do."""
    return "{} ({})".format(*refusal(error, writing=writing))
