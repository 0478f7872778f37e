"""Files of compiled code, which no failure of a disk and nobody else can make wrong.

All code of one version of the loops lies in one folder, and a file is named by all else that its code depends on. So
none is ever out of date and none is ever changed, and two processes that make the same one do no harm. Each begins
with a digest of what follows. What is kept is unpickled and run; so a folder counts only if no other user may write
into it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

import llvmlite
import numba
import numpy as np
from numba.core import config
from numba.misc.appdirs import AppDirs

from filterlab.errors import shown_path
from filterlab.notices import say_once

_VERSION = 16  # hexadecimal digits
_OTHERS = 3  # folders of other versions that stay beside the one in use
_SIGNS = (b"numba", b"llvmlite", b"filterlab.compiling")  # in each source of compiled code stands one of them
_DIGEST = hashlib.sha256().digest_size


class Shelf:
    """Where the code of one room's loops is kept: one folder for each place that there may be."""

    def __init__(self, room: Path) -> None:
        self._room = room

    @staticmethod
    @cache
    def beside(source: str) -> Shelf:
        """That of the room in which this source file stands, however deep: the package just below the outermost."""
        room = Path(source).absolute().parent
        while _is_package(room.parent) and _is_package(room.parent.parent):
            room = room.parent
        return Shelf(room)

    def found(self, name: str, key: str) -> Iterator[bytes]:
        """What was kept under this name and key, from each folder that has it; who can use one asks for no more.

        Spoiled files are removed, and so is what was given and not used. That is said where nothing could be used.
        """
        spoiled = None
        for folder in self._folders():
            path = folder / name
            data = _read(path)
            if data is None:
                continue
            if data[:_DIGEST] == _digest(key, data[_DIGEST:]):
                yield data[_DIGEST:]
            spoiled = folder.parent
            with suppress(OSError):
                path.unlink()
        if spoiled is not None:
            say_once(f"compiled code that was kept in {shown_path(spoiled)} is spoiled: it is compiled anew")

    def keep(self, name: str, key: str, payload: bytes) -> None:
        """Keep this in the first folder that takes it. Raises nothing: what cannot be kept is said, once."""
        refused: list[str] = []
        for folder in self._folders():
            place = shown_path(folder.parent)
            try:
                _make(folder)
                _write(folder / name, _digest(key, payload) + payload)
            except OSError as error:
                refused.append(f"{place}: {error.strerror or 'the system refuses it'}")
                continue
            if refused and _wished():
                say_once(f"compiled code cannot be kept in {refused[0]} (it is kept in {place})")
            return
        reason = "".join(f"{words}; " for words in refused[:1])
        say_once(
            f"compiled code cannot be kept for later starts ({reason}NUMBA_CACHE_DIR names a folder for it)"
        )

    def sources(self) -> list[Path]:
        """The files that the room's loops are made from, and those that say how they are compiled."""
        paths = [*self._room.rglob("*.py"), *Path(__file__).parent.glob("*.py")]
        return sorted(path for path in paths if any(sign in path.read_bytes() for sign in _SIGNS))

    @cache  # noqa: B019 - there are few of these, and they stay
    def _version(self) -> str:
        """A digest of all that goes into every loop: its sources, and what compiles them."""
        parts = [sys.version, numba.__version__, llvmlite.__version__, np.__version__]
        content = hashlib.sha256(repr(parts).encode())
        for path in self.sources():
            content.update(path.name.encode() + b"\0" + path.read_bytes())
        return content.hexdigest()[:_VERSION]

    def _folders(self) -> Iterator[Path]:
        """Where code may be kept, the best place first: the same places as numba's."""
        name = f"filterlab-{self._room.name}-{self._version()}"
        if _wished():
            yield Path(_wished()).absolute() / name
        with suppress(NotImplementedError):  # an interpreter that keeps no bytecode
            yield Path(cache_from_source(str(self._room / "__init__.py"))).parent / name
        of_user = Path(AppDirs("filterlab", appauthor=False).user_cache_dir)
        if of_user.is_absolute():  # else nobody knows this user's home
            yield of_user / name


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists()


def _wished() -> str:
    """Where the user wants code to be kept (NUMBA_CACHE_DIR), "" for anywhere."""
    return str(vars(config)["CACHE_DIR"])


def _read(path: Path) -> bytes | None:
    """A file's content; None where there is none, or where it may be somebody else's."""
    try:
        if not _is_private(path.parent.lstat(), stat.S_IFDIR):
            return None
        with path.open("rb") as file:
            return file.read() if _is_private(os.fstat(file.fileno()), stat.S_IFREG) else None
    except OSError:
        return None


def _is_private(status: os.stat_result, kind: int) -> bool:
    """Whether it is a folder or a file, no link, into which this user alone or the administrator can write."""
    if stat.S_IFMT(status.st_mode) != kind:
        return False
    if not hasattr(os, "geteuid"):  # Windows, where a user's folders are private
        return True
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _make(folder: Path) -> None:
    """Make sure of a folder into which nobody else can write. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(0o755)
        _remove_old(folder)
    if not _is_private(folder.lstat(), stat.S_IFDIR):
        raise PermissionError(errno.EACCES, "others may write into it")


def _remove_old(folder: Path) -> None:
    """Remove the folders of the same room that were begun longest ago."""
    family = folder.name[:-_VERSION]
    others = [path for path in folder.parent.glob(family + "?" * _VERSION) if path != folder]
    with suppress(OSError):  # another process removes them, too
        others.sort(key=lambda path: path.stat().st_mtime)
        for path in others[: max(len(others) - _OTHERS, 0)]:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        # Whatever the user's mask says: what the group can write into, another can make us run.
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o644)) as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        if not path.exists():  # Windows replaces no file that another process reads, which has just made it
            raise


def _digest(key: str, payload: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + payload).digest()
