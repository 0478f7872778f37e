"""Writing files whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filterlab.errors import FileError
from filterlab.text.messages import say

_STEM = (
    40  # letters of a name that its temporary file keeps, so that the whole stays within what systems allow
)
_RANDOM = 6  # bytes, written as twice as many hexadecimal digits
_TEMPORARY = re.compile(
    rf"\.(?P<stem>.{{0,{_STEM}}})-[0-9a-f]{{{2 * _RANDOM}}}(?P<suffix>(\.[^.]*)?)", re.DOTALL
)


@contextmanager
def atomic_write(path: str | Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Give the path of a temporary file beside `path`, and rename it into place when the block ends well.

    After an error the temporary file is gone and an older `path` is as it was. The file gets the permissions
    that a new file would. Raises FileError where the folder is missing or cannot be written into, and where
    `path` exists and `overwrite` is False.
    """
    target = Path(path)
    temporary = None
    try:
        check_place(target, overwrite)
        # The suffix stays, because writers choose the format by it.
        temporary = target.with_name(f".{cut_stem(target.stem)}-{secrets.token_hex(_RANDOM)}{target.suffix}")
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        _place(temporary, target, overwrite)
    except OSError as error:
        raise FileError(say("it cannot be written: {}", error.strerror or error), str(target)) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def of_temporary(name: str) -> tuple[str, str] | None:
    """The stem, cut to what is kept of it, and the suffix of the file that a temporary file was to become.

    None where `name` is not one that `atomic_write` gives.
    """
    match = _TEMPORARY.fullmatch(name)
    return (match["stem"], match["suffix"]) if match else None


def cut_stem(stem: str) -> str:
    """What the name of a temporary file keeps of a stem."""
    return stem[:_STEM]


def check_place(target: Path, overwrite: bool) -> None:
    """Raise FileError where `atomic_write` would, as far as that can be told before there is anything to write."""
    if "\0" in str(target):
        raise FileError("this cannot be the name of a file", repr(str(target)), "choose another name")
    if target.is_dir():
        raise FileError("it is a folder", str(target), "name a file")
    if target.exists():
        if not overwrite:
            raise FileError("exists", str(target), "choose another name, or allow overwriting")
        if not target.is_file():  # renaming onto a pipe or a device would remove it
            raise FileError("it is not a regular file", str(target), "name a file")
    if not target.parent.is_dir():
        raise FileError(
            "its folder does not exist", str(target), say("make the folder {} first", target.parent)
        )
    if not os.access(target.parent, os.W_OK):
        raise FileError(
            say("nothing can be written into {}", target.parent), str(target), "choose another folder"
        )


def _place(temporary: Path, target: Path, overwrite: bool) -> None:
    if overwrite:
        os.replace(temporary, target)
        return
    try:
        os.link(temporary, target)  # fails where the file has appeared meanwhile; a rename would not
    except FileExistsError:
        raise FileError("exists", str(target), "choose another name, or allow overwriting") from None
    except OSError:  # a file system without hard links
        os.replace(temporary, target)
