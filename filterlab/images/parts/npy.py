"""Parts of a .npy file, read by seeking: a mapped file would end the program where somebody cuts it meanwhile."""

from __future__ import annotations

from math import prod
from typing import IO, BinaryIO, cast

import numpy as np

from filterlab.images.decoded import Picture, broken, check_page, scaled
from filterlab.images.formats.npy import checked_header, laid_out

Span = tuple[int, int]


class NpyRectangles:
    """An array in a file, as the picture (C, H, W) that `read_image` makes of it."""

    def __init__(self, stream: IO[bytes], page: int) -> None:
        check_page(page, 1)
        size = stream.seek(0, 2)
        stream.seek(0)
        header, self._kind = checked_header(cast(BinaryIO, stream), whole=False)
        if size < header.start + prod(header.shape) * self._kind.itemsize:
            raise broken("it is cut short")
        self._stream, self._start = stream, header.start
        self.shape, self._steps = laid_out(header)
        self.pages, self.kept = 1, 0
        self.remarks: list[str] = []

    def read(self, rows: Span, cols: Span) -> Picture:
        out = np.empty((self.shape[0], rows[1] - rows[0], cols[1] - cols[0]), np.float32)
        # The axes from the longest step to the shortest: what is read at once lies along the last ones.
        order = sorted(range(3), key=lambda axis: -self._steps[axis])
        spans = ((0, self.shape[0]), rows, cols)
        self._fill(
            out.transpose(order), [spans[axis] for axis in order], [self._steps[axis] for axis in order]
        )
        return out

    def band_bytes(self, rows: int) -> int:
        """0: any part can be read by itself."""
        return 0

    def _fill(self, out: Picture, spans: list[Span], steps: list[int]) -> None:
        for i in range(*spans[0]):
            for j in range(*spans[1]):
                first = i * steps[0] + j * steps[1] + spans[2][0] * steps[2]
                self._stream.seek(self._start + first * self._kind.itemsize)
                # The shortest step is one number, so that these lie side by side.
                length = (spans[2][1] - spans[2][0]) * self._kind.itemsize
                data = self._stream.read(length)
                if len(data) < length:
                    raise broken("it is cut short")
                out[i - spans[0][0], j - spans[1][0]] = scaled(np.frombuffer(data, self._kind))
