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
        self.pages, self.levels, self.kept, self.block_bytes = 1, 1, 0, 0
        # Columns can be read by themselves where they are what lies side by side.
        _, height, width = self.shape
        self.block = (height, 1) if self._steps[1] < self._steps[2] else (1, width)
        self.remarks: list[str] = []

    def read(self, rows: Span, cols: Span, step: int = 1) -> Picture:
        size = -((rows[0] - rows[1]) // step), -((cols[0] - cols[1]) // step)
        out = np.empty((self.shape[0], *size), np.float32)
        # The axes from the longest step to the shortest: what is read at once lies along the last ones.
        order = sorted(range(3), key=lambda axis: -self._steps[axis])
        axes = [range(self.shape[0]), range(*rows, step), range(*cols, step)]
        self._fill(
            out.transpose(order), [axes[axis] for axis in order], [self._steps[axis] for axis in order]
        )
        return out

    def band_bytes(self, rows: int) -> int:
        """0: any part can be read by itself."""
        return 0

    def _fill(self, out: Picture, axes: list[range], steps: list[int]) -> None:
        inner = axes[2]
        # The shortest step is one number, so that these lie side by side.
        length = (inner[-1] + 1 - inner[0]) * self._kind.itemsize
        for i, outer in enumerate(axes[0]):
            for j, middle in enumerate(axes[1]):
                first = outer * steps[0] + middle * steps[1] + inner[0] * steps[2]
                self._stream.seek(self._start + first * self._kind.itemsize)
                data = self._stream.read(length)
                if len(data) < length:
                    raise broken("it is cut short")
                out[i, j] = scaled(np.frombuffer(data, self._kind)[:: inner.step])
