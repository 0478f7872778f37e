"""Errors while a picture is read, in our own words: those of libraries, of Python and of the system reach nobody.

Their words name internals, come in no fixed language, and may hold parts of the file.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filterlab.errors import ImageError, shown_path
from filterlab.images.decoded import broken
from filterlab.text.messages import say

_LONGEST_WHAT = 140  # letters of an error, into which some numbers of the file are put
# What decoders say of files that are not damaged, but of a kind that they do not read.
_UNREAD_KINDS = ("unsupported", "not supported", "not implemented", "cannot handle")

_SYSTEM = {
    errno.ENOENT: (say("there is no such file"), say("check the name")),
    errno.ENOTDIR: (say("a part of its path is a file, not a folder"), say("check the name")),
    errno.EISDIR: (say("it is a folder"), say("name the pictures in it")),
    errno.EACCES: (say("you have no permission to read it"), say("check its permissions")),
    errno.EPERM: (say("you have no permission to read it"), say("check its permissions")),
    errno.ELOOP: (say("its symbolic links form a circle"), say("give the path of the file itself")),
    errno.ENAMETOOLONG: (say("its path is longer than the system allows"), say("shorten it")),
    errno.EIO: (say("its disk could not read it"), say("check the disk, or copy the file from elsewhere")),
    errno.ENXIO: (say("it is not a regular file"), say("copy the picture into a file")),
    errno.ESTALE: (say("it was replaced on its server while it was read"), say("try again")),
    errno.ETIMEDOUT: (say("its server does not answer"), say("try again")),
    errno.EMFILE: (say("too many files are open"), say("raise the limit (ulimit -n)")),
    errno.ENFILE: (say("too many files are open"), say("close some programs")),
    errno.ENOMEM: (say("there is not enough memory for it"), say("use a smaller picture")),
}


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn every error inside the block into one ImageError that names the file, in one line of bounded length."""
    name = shown_path(file)
    try:
        _check_name(file)
        yield
    except ImageError as error:
        what = error.what if len(error.what) <= _LONGEST_WHAT else error.what[: _LONGEST_WHAT - 3] + "..."
        raise ImageError(what, name, error.hint) from None
    except MemoryError:
        raise ImageError("there is not enough memory for it", name, "use a smaller picture") from None
    except OSError as error:
        raise _of_system(error, name) from None
    except Exception as error:  # decoders raise anything at all on broken bytes
        raise _of_decoder(error, name) from None


def _is_encodable(file: Path) -> bool:
    try:
        os.fsencode(file)
    except UnicodeEncodeError:
        return False
    return True


def _check_name(file: Path) -> None:
    # Both raise ValueError somewhere below, which would pass for a damaged file.
    if "\0" in str(file) or not _is_encodable(file):
        raise ImageError("its name contains characters that no file name can have", hint="check the name")


def _of_system(error: OSError, name: str) -> ImageError:
    """The error of the operating system, in our words."""
    if error.errno is None:  # Pillow raises OSError for broken files, without a number
        return _of_decoder(error, name)
    code = errno.errorcode.get(error.errno, str(error.errno))
    what, hint = _SYSTEM.get(error.errno, (f"the system could not read it ({code})", "copy it elsewhere"))
    return ImageError(what, name, hint)


def _of_decoder(error: Exception, name: str) -> ImageError:
    """The error of a decoder, of which only this can be told: whether the file is damaged or of an unread kind."""
    text = str(error).lower()
    if isinstance(error, NotImplementedError) or any(word in text for word in _UNREAD_KINDS):
        hint = say("export it again, as PNG or TIFF")
        return ImageError("it uses a variant of its format that cannot be read", name, hint)
    damage = broken("its contents are damaged")
    return ImageError(damage.what, name, damage.hint)
