"""Arrays that are not in use just now, in files without a name instead of in memory."""

from __future__ import annotations

import mmap
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def moved_to_disk(array: NDArray[Any], folder: Path) -> NDArray[Any]:
    """The same numbers as a read-only array, which the system reads from the disk where they are looked at.

    The file is gone with the array, and with the process, however that ends. Nobody else can open it and cut it, which
    makes it safe to map. Raises OSError where the folder cannot be written into, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # In `folder`, not the system's /tmp, which is often a file system in memory.
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(np.ascontiguousarray(array).data)
        # The mapping reads the file, not Python's buffer: without this its last bytes would be missing.
        file.flush()
        return np.memmap(file, array.dtype, "r", shape=array.shape).view(np.ndarray)


def bytes_in_memory(array: NDArray[Any]) -> int:
    """The bytes that the numbers of an array take in memory; 0 for one that was moved to the disk."""
    return 0 if _mapping(array) is not None else array.nbytes


def leave_to_disk(array: NDArray[Any]) -> None:
    """Give back the memory that an array on the disk takes since it was looked at; any other stays as it is."""
    mapping = _mapping(array)
    if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):  # where the system knows it
        mapping.madvise(mmap.MADV_DONTNEED)


def _mapping(array: NDArray[Any]) -> mmap.mmap | None:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None
