"""Arrays that nobody looks at just now, in files without a name instead of in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def moved_to_disk(array: NDArray[Any], folder: Path) -> NDArray[Any]:
    """The same numbers, read-only, which the system reads from the disk as they are looked at.

    The file is gone when the array is, and when the process ends, however it ends. Raises OSError where the folder
    cannot be written into, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(np.ascontiguousarray(array).data)
        file.flush()
        return np.memmap(file, array.dtype, "r", shape=array.shape).view(np.ndarray)
