"""Files of compiled code that neither a failing disk nor another user can corrupt unnoticed.

All code of one version of the loops lies in one folder, and the name of a file stands for everything else that its code
depends on. So no file is ever out of date and none is ever changed, and two processes that write the same one do no
harm. Each file begins with a digest of what follows. What is kept is unpickled and run; so a folder is used only if no
other user can write to it.
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
_OTHERS = 3  # folders of other versions that stay beside the one in use: for whoever switches between them
_SIGNS = (b"numba", b"llvmlite", b"filterlab.compiling")  # each source of compiled code contains one of them
_DIGEST = hashlib.sha256().digest_size


class Shelf:
    """Where the code of one room's loops is kept: a folder of the same name in each of several places."""

    def __init__(self, room: Path) -> None:
        self._room = room

    @staticmethod
    @cache
    def beside(source: str) -> Shelf:
        """Return the shelf of the room that this source file lies in, however deep: the package below the outermost."""
        room = Path(source).absolute().parent
        while _is_package(room.parent) and _is_package(room.parent.parent):
            room = room.parent
        return Shelf(room)

    def found(self, name: str, key: str) -> Iterator[bytes]:
        """Yield what was kept under this name and key, from each folder that has it, until the caller can use one.

        A damaged file is removed, and so is one that the caller could not use. A notice says so if none was of use.
        """
        damaged = None
        for folder in self._folders():
            path = folder / name
            data = _read(path)
            if data is None:
                continue
            if data[:_DIGEST] == _digest(key, data[_DIGEST:]):
                yield data[_DIGEST:]
            damaged = folder.parent  # only reached where the digest is wrong, or the caller asks for more
            with suppress(OSError):
                path.unlink()
        if damaged is not None:
            say_once(f"compiled code that was kept in {shown_path(damaged)} is damaged: it is compiled again")

    def keep(self, name: str, key: str, payload: bytes) -> None:
        """Write this to the first folder that takes it. Raises nothing; a notice says, once, if none does."""
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
        """Return the files that the room's loops are made from, and those that say how they are compiled."""
        paths = [*self._room.rglob("*.py"), *Path(__file__).parent.glob("*.py")]
        return sorted(path for path in paths if any(sign in path.read_bytes() for sign in _SIGNS))

    @cache  # noqa: B019 - there are only as many of these as rooms, and they stay
    def _version(self) -> str:
        """A digest of what goes into every loop: the sources of the room, and the compiler."""
        parts = [sys.version, numba.__version__, llvmlite.__version__, np.__version__]
        content = hashlib.sha256(repr(parts).encode())
        for path in self.sources():
            content.update(path.name.encode() + b"\0" + path.read_bytes())
        return content.hexdigest()[:_VERSION]

    def _folders(self) -> Iterator[Path]:
        """The folders in which code may be kept, the best first: in the same places as numba's own cache."""
        name = f"filterlab-{self._room.name}-{self._version()}"
        # The user's own choice first, as numba has it.
        if _wished():
            yield Path(_wished()).absolute() / name
        with suppress(NotImplementedError):  # the interpreter keeps no bytecode
            yield Path(cache_from_source(str(self._room / "__init__.py"))).parent / name
        of_user = Path(AppDirs("filterlab", appauthor=False).user_cache_dir)
        if of_user.is_absolute():  # it is not where the user's home is unknown
            yield of_user / name


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists()


def _wished() -> str:
    """The folder in which the user wants code to be kept (NUMBA_CACHE_DIR), "" for anywhere."""
    return str(vars(config)["CACHE_DIR"])


def _read(path: Path) -> bytes | None:
    """A file's content; None where there is none, or where another user may have written it."""
    try:
        if not _is_private(path.parent.lstat(), stat.S_IFDIR):
            return None
        with path.open("rb") as file:
            # The open file is asked, not its path, which could be exchanged in between.
            return file.read() if _is_private(os.fstat(file.fileno()), stat.S_IFREG) else None
    except OSError:
        return None


def _is_private(status: os.stat_result, kind: int) -> bool:
    """Return whether this is a folder or file (not a link) that only this user or the administrator can write to."""
    if stat.S_IFMT(status.st_mode) != kind:
        return False
    if not hasattr(os, "geteuid"):  # Windows, where a user's folders are private
        return True
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _make(folder: Path) -> None:
    """Create a folder that nobody else can write to, or check that it is one. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(0o755)
        _remove_old(folder)
    if not _is_private(folder.lstat(), stat.S_IFDIR):
        raise PermissionError(errno.EACCES, "others can write to it")


def _remove_old(folder: Path) -> None:
    """Remove the oldest folders of other versions of the same room."""
    family = folder.name[:-_VERSION]
    others = [path for path in folder.parent.glob(family + "?" * _VERSION) if path != folder]
    with suppress(OSError):  # another process may be removing them as well
        others.sort(key=lambda path: path.stat().st_mtime)
        for path in others[: max(len(others) - _OTHERS, 0)]:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    """Write a complete file or none. Raises OSError."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        # Not 0o666, of which a umask may leave the group's bit: whoever can write to the file can make us run code.
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o644)) as file:
            file.write(data)
        # In one step: another process finds a complete file or none.
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        # Windows does not replace a file that is open; but whoever has it open has just written the same.
        if not path.exists():
            raise


def _digest(key: str, payload: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + payload).digest()
