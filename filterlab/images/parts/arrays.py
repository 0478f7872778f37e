"""Writing a map in parts as .npy: the numbers go to their places in a file of its whole size from the beginning."""

from __future__ import annotations

from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]  # half-open


class NpyParts:
    """A float32 map (C, H, W), or a vector, that is written in parts into an open file. The caller closes it."""

    def __init__(self, file: IO[bytes], shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._file = file
        header = {"descr": "<f4", "fortran_order": False, "shape": tuple(int(n) for n in shape)}
        np.lib.format.write_array_header_1_0(file, header)
        self._start = file.tell()
        # Its full length at once, so that parts may come in any order. What is never written is 0.
        file.truncate(self._start + 4 * int(np.prod(shape, dtype=object)))

    def write(self, rows: Span, cols: Span, values: NDArray[Any]) -> None:
        """Take the values (C, h, w) of half-open rows and columns, or a whole vector. Raises OSError."""
        values = np.ascontiguousarray(values, "<f4")
        if values.ndim == 1:
            self._put(0, values)
            return
        _, height, width = self._shape
        for channel, plane in enumerate(values):
            first = (channel * height + rows[0]) * width + cols[0]
            if plane.shape[1] == width:
                self._put(first, plane)
                continue
            for i, line in enumerate(plane):
                self._put(first + i * width, line)

    def _put(self, first: int, values: NDArray[Any]) -> None:
        self._file.seek(self._start + 4 * first)
        self._file.write(values.data)

    def finish(self) -> None:
        """Make the file whole. Raises OSError."""
        self._file.flush()
