"""Arrays that are not in use just now, in files without a name instead of in memory."""

from __future__ import annotations

import _thread
import mmap
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

LARGE = 16 << 20  # bytes of a file that takes noticeably long to be closed
TOGETHER = 1 << 24  # bytes written at a time, which takes the system some milliseconds


def moved_to_disk(
    array: NDArray[Any],
    folder: Path,
    *,
    again: bool = False,
    between: Callable[[], object] = lambda: None,
) -> NDArray[Any]:
    """The same numbers as a read-only array, which the system reads from the disk where they are looked at.

    again: with its last array, the file is kept for another one, see `keep_files`, which takes one more open file. It
    goes with the last array otherwise, and with the process, however that ends. Nobody else can open it and cut it,
    which makes it safe to map. between: is called now and then, and may raise to stop. Raises OSError where the folder
    cannot be written into, or the disk is full.
    """
    moved: NDArray[Any] = np.asarray(_FileLease(np.ascontiguousarray(array), folder, again, between))
    return moved


def keep_files(size: int) -> None:
    """Keep files of `size` bytes in all that came free, for the next arrays of the same size.

    The system has memory for their pages already: providing fresh ones takes it longer than copying the numbers.
    """
    _FileLease.most = size
    _FileLease.trim()


def bytes_in_files() -> int:
    """The bytes of the files that are kept. They are given up where the disk has no other room for an array."""
    return _FileLease.size()


def bytes_in_memory(array: NDArray[Any]) -> int:
    """The bytes that the numbers of an array take in memory; 0 for one that was moved to the disk."""
    return 0 if _lease(array) is not None else array.nbytes


def leave_to_disk(array: NDArray[Any]) -> None:
    """Give back the memory that an array on the disk takes since it was looked at; any other stays as it is."""
    lease = _lease(array)
    if lease is not None:
        lease.leave()


def _lease(array: NDArray[Any]) -> _FileLease | None:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, _FileLease) else None


class _ScratchFile:
    """A file without a name, mapped for reading, that can be filled with the numbers of one array after the other."""

    def __init__(self, array: NDArray[Any], folder: Path, between: Callable[[], object]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # In `folder`, not the system's /tmp, which is often a file system in memory.
        with ExitStack() as stack:
            self._file = stack.enter_context(tempfile.TemporaryFile(dir=folder))
            self.fill(array, between)
            self.mapping = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            stack.pop_all()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()

    def fill(self, array: NDArray[Any], between: Callable[[], object]) -> None:
        """Write an array into it, which must have as many bytes as the one before."""
        self._file.seek(0)
        content = array.data.cast("B")
        for start in range(0, len(content), TOGETHER):
            between()
            self._file.write(content[start : start + TOGETHER])
        # The mapping reads the file, not Python's buffer: without this its last bytes would be missing.
        self._file.flush()

    def close(self) -> None:
        """Give up filling it again; what maps it goes on reading."""
        self._file.close()


class _FileLease:
    """Holds a mapped file for the arrays that are views of it: NumPy keeps this object as their base.

    The last view may go in any thread, at any moment; so each step with `kept` is a single operation.
    """

    kept: ClassVar[dict[tuple[Path, int], list[_ScratchFile]]] = {}
    most: ClassVar[int] = 0  # bytes kept in all

    def __init__(self, array: NDArray[Any], folder: Path, again: bool, between: Callable[[], object]) -> None:
        self._key = folder, array.nbytes
        file = None
        with suppress(KeyError, IndexError):
            file = self.kept[self._key].pop()
        if file is None:
            file = self._made(array, folder, between)
        else:
            try:
                file.fill(array, between)
            except BaseException:
                self.keep(file)
                raise
        self._file = file
        if not again:
            file.close()
        self._again = again
        content = np.frombuffer(self._file.mapping, array.dtype).reshape(array.shape)
        self.__array_interface__ = content.__array_interface__

    def _made(self, array: NDArray[Any], folder: Path, between: Callable[[], object]) -> _ScratchFile:
        try:
            return _ScratchFile(array, folder, between)
        except OSError:
            if not any(self.kept.values()):
                raise
        # Perhaps the disk is full of what is kept for other sizes. Closed here, as their room is needed at once.
        self.kept.clear()
        return _ScratchFile(array, folder, between)

    @classmethod
    def size(cls) -> int:
        """The bytes that are kept."""
        return sum(size * len(files) for (_, size), files in list(cls.kept.items()))

    @classmethod
    def trim(cls) -> None:
        """Let the files go where they are too large together: mostly only earlier work needed these sizes."""
        if cls.size() > cls.most:
            large = [f for (_, size), files in list(cls.kept.items()) for f in files if size >= LARGE]
            cls.kept.clear()
            _let_go(large)

    def leave(self) -> None:
        """Give back the memory of the pages that were looked at; the system may keep them for itself."""
        if hasattr(mmap, "MADV_DONTNEED"):  # where the system knows it
            self._file.mapping.madvise(mmap.MADV_DONTNEED)

    def __del__(self) -> None:
        if not hasattr(self, "_file"):  # writing it failed
            return
        if self._again:
            self.leave()
            self.keep(self._file)
        if self._key[1] >= LARGE:
            _let_go([self.__dict__.pop("_file")])

    def keep(self, file: _ScratchFile) -> None:
        """Keep a file for the next array of the same size, if there is room."""
        if self._key[1] <= self.most:
            self.kept.setdefault(self._key, []).append(file)
            self.trim()


def _let_go(files: list[_ScratchFile]) -> None:
    """Drop files in a thread of its own, which closes those that nothing else refers to.

    To free the pages of a large one takes the system 0.1 s, and its last array often goes in the window's thread.
    """
    if files:
        # Not `threading.Thread`, which waits until it runs: at the end of the program it never would.
        _thread.start_new_thread(files.clear, ())
