"""Writing files completely or not at all."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filterlab.errors import FileError
from filterlab.text.messages import say
from filterlab.text.system import refusal

# Letters of a stem that the name of its temporary file keeps: with the random digits it stays within 255 bytes.
_STEM = 40
_RANDOM = 6  # bytes, written as twice as many hexadecimal digits
_TEMPORARY = re.compile(
    rf"\.(?P<stem>.{{0,{_STEM}}})-[0-9a-f]{{{2 * _RANDOM}}}(?P<suffix>(\.[^.]*)?)", re.DOTALL
)
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)", re.IGNORECASE)
WINDOWS = os.name == "nt"


@contextmanager
def atomic_write(path: str | Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield the path of a temporary file beside `path`, and rename it to `path` when the block ends without an error.

    After an error the temporary file is gone and an existing `path` is unchanged. The file gets the permissions of
    any new file. Raises FileError where the folder is missing or cannot be written into, and where `path` exists and
    `overwrite` is False, also if it appeared while the block ran.
    """
    target = Path(path)
    temporary = None
    check_place(target, overwrite)
    try:
        # Beside the target, because a rename is atomic only within one file system. The suffix stays, because writers
        # choose the format by it.
        temporary = target.with_name(f".{cut_stem(target.stem)}-{secrets.token_hex(_RANDOM)}{target.suffix}")
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        _place(temporary, target, overwrite)
    except OSError as error:
        raise _refused(error, target) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def make_folder(folder: Path) -> None:
    """Make a folder and its parents. Raises FileError where the system refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what, hint = refusal(error, writing=True)
        raise FileError(say("the folder cannot be made: {}", what), str(folder), hint) from None


def open_log(path: Path) -> int:
    """Open a file for reading and appending, and return its descriptor.

    No link or pipe in its place is followed: it could lead or hang anywhere. Raises FileError.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    instead = "remove it, or name another folder"
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        failure = _refused(error, path)
        if os.path.lexists(path):
            failure.hint = instead
        raise failure from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileError("it is not a regular file", str(path), instead)
    return descriptor


def _refused(error: OSError, target: Path) -> FileError:
    what, hint = refusal(error, writing=True)
    return FileError(say("it cannot be written: {}", what), str(target), hint)


def temporary_parts(name: str) -> tuple[str, str] | None:
    """The stem, as `cut_stem` leaves it, and the suffix of the file that a temporary file was meant to become.

    None where `name` is not a name that `atomic_write` gives.
    """
    match = _TEMPORARY.fullmatch(name)
    return (match["stem"], match["suffix"]) if match else None


def cut_stem(stem: str) -> str:
    """The part of a stem that the name of its temporary file keeps."""
    return stem[:_STEM]


def is_device(name: str) -> bool:
    """Return whether Windows takes this file name for a device, with any suffix: con, aux.png, ..."""
    return _DEVICE.match(name) is not None


def check_place(target: Path, overwrite: bool) -> None:
    """Raise FileError where `atomic_write` would, as far as that is known before there is anything to write."""
    if "\0" in str(target):
        raise FileError("this cannot be the name of a file", repr(str(target)), "choose another name")
    if WINDOWS and is_device(target.name):
        raise FileError("Windows keeps this name for a device", str(target), "choose another name")
    try:
        _check_free(target, overwrite)
    except OSError as error:  # a name that is too long, a folder that may not be searched, a disk that fails
        raise _refused(error, target) from None


def _check_free(target: Path, overwrite: bool) -> None:
    """Raise FileError where the name is taken or its folder cannot take it, OSError where the system cannot tell."""
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
    """Give the finished file its name. Raises FileError where `target` exists and may not be overwritten."""
    if overwrite:
        os.replace(temporary, target)
        return
    try:
        _place_exclusively(temporary, target)
    except FileExistsError:
        raise FileError("exists", str(target), "choose another name, or allow overwriting") from None


def _place_exclusively(temporary: Path, target: Path) -> None:
    """Give the finished file its name, or raise FileExistsError where a file of that name has appeared meanwhile."""
    try:
        os.link(temporary, target)  # unlike a rename, it fails where the name is taken
        return
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as FAT
        pass
    if WINDOWS:
        os.rename(temporary, target)  # fails where the name is taken, on this system only
        return
    # The name is reserved with an empty file, which the rename then replaces: nobody else can take it in between.
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        os.replace(temporary, target)
    except OSError:
        target.unlink()
        raise
