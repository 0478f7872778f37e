"""The numbers of a page, in bands of whole rows of strips or tiles.

So a second picture, in the numbers of the file, need not be in memory beside the float32 one. It is there only where
the file has a single compressed strip in each plane, or one in a codec that cannot be decoded in pieces.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken
from filterlab.images.formats.tiff.budget import Budget
from filterlab.images.formats.tiff.directories import ByteSource
from filterlab.images.formats.tiff.fax import decode_fax
from filterlab.images.formats.tiff.images import Segment, decode_image
from filterlab.images.formats.tiff.inflate import Flaw, deflated_in_pieces, inflate
from filterlab.images.formats.tiff.layout import TiffLayout
from filterlab.images.formats.tiff.names import FAX, IMAGES, NONE
from filterlab.images.formats.tiff.numbers import unpack
from filterlab.text.messages import say

Pair = tuple[int, int]

_BAND = 1 << 18  # values; what is done to them step by step stays in the processor's cache
_LARGE = 1 << 26  # bytes of a strip, from which on it is decoded in pieces
_PIECE = 1 << 22  # bytes of a piece
_ASKING = 1 << 13  # bytes that are read in the time that it takes to ask for them


class Decoder:
    """Decodes the strips or tiles of one page. `remark` says which numbers are guessed where they are damaged.

    tables: those that all JPEGs of the page share; fax_options: the tag T4Options.
    """

    def __init__(
        self, source: ByteSource, layout: TiffLayout, budget: Budget, tables: bytes, fax_options: int
    ) -> None:
        self.remark = ""
        self._source = source
        self._layout = layout
        self._budget = budget
        self._tables = tables
        self._fax_options = fax_options

    def bands(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yield the first row of each band, and its samples (S, rows, W). Raises ImageError."""
        layout = self._layout
        down, across = layout.grid
        # Several rows of small strips at a time: converting each by itself would cost more in calls than in arithmetic.
        together = max(1, _BAND // (layout.rows * layout.width * layout.samples))
        for first in range(0, down, together):
            top = first * layout.rows
            bottom = min(top + together * layout.rows, layout.height)
            if layout.planes == across == together == 1:  # nothing has to be put together
                yield from self._pieces(first, top, bottom)
                continue
            band = np.empty((layout.planes, bottom - top, layout.width, layout.per_pixel), layout.dtype)
            for row in range(first, min(first + together, down)):
                start = row * layout.rows
                self._fill(band[:, start - top : start - top + layout.rows], row)
            yield top, band[..., 0] if layout.planar else band[0].transpose(2, 0, 1)

    def part(
        self, rows: Pair, cols: Pair, kept: OrderedDict[int, NDArray[Any]], most: int, step: int = 1
    ) -> NDArray[Any]:
        """Return the samples (S, h, w) of half-open rows and columns, or of every `step`-th of them.

        kept: strips or tiles that were decoded before, of which at most `most` bytes are held for later, and one of
        each plane at least. Raises ImageError.
        """
        layout = self._layout
        (top, bottom), (left, right) = rows, cols
        size = -((top - bottom) // step), -((left - right) // step)
        out = np.empty((layout.planes, *size, layout.per_pixel), layout.dtype)
        down, across = layout.grid
        for plane, target in enumerate(out):
            for row in range(top // layout.rows, -(-bottom // layout.rows)):
                first = row * layout.rows
                a, b = _first(top, first, step), min(bottom, first + layout.rows)
                for col in range(left // layout.cols, -(-right // layout.cols)):
                    start = col * layout.cols
                    c, d = _first(left, start, step), min(right, start + layout.cols)
                    if a >= b or c >= d:  # steps may be longer than strips
                        continue
                    index = (plane * down + row) * across + col
                    place = target[(a - top) // step :, (c - left) // step :]
                    if self._rows_are_bytes:
                        pixels = self._cut(index, (a - first, b - first), (c - start, d - start), step)
                    else:
                        pixels = self._remembered(index, (row, col), kept, most)
                        pixels = pixels[a - first : b - first : step, c - start : d - start : step]
                    place[: pixels.shape[0], : pixels.shape[1]] = pixels
        return out[..., 0] if layout.planar else out[0].transpose(2, 0, 1)

    def band_bytes(self, cells: int, *, down: bool) -> int:
        """The bytes of all decoded strips or tiles that so many rows (or columns, unless `down`) lie in, at most.

        0 where a part of them can be read by itself.
        """
        layout = self._layout
        if self._rows_are_bytes:
            return 0
        side = layout.rows if down else layout.cols
        across = layout.grid[1] * layout.cols if down else layout.grid[0] * layout.rows
        # Two more than they fill, as they may begin and end anywhere.
        lines = min(cells // side + 2, layout.grid[0 if down else 1]) * side
        return lines * across * layout.samples * layout.dtype.itemsize

    @property
    def block_bytes(self) -> int:
        """The bytes of the decoded strips or tiles of one place, of all planes; 0 where parts of them can be read."""
        return 0 if self._rows_are_bytes else self._layout.planes * self._strip_bytes

    @property
    def _strip_bytes(self) -> int:
        layout = self._layout
        return layout.rows * layout.cols * layout.per_pixel * layout.dtype.itemsize

    @property
    def block(self) -> Pair:
        """The rows and columns that must be decoded together to have one value of them."""
        layout = self._layout
        # Rows of tiles that are not compressed could be read by themselves, but there are very many.
        return (1, layout.cols) if self._rows_are_bytes and not layout.tiled else (layout.rows, layout.cols)

    @property
    def _rows_are_bytes(self) -> bool:
        """Whether any part of a row lies in the file as it is."""
        layout = self._layout
        plain = layout.compression == NONE and not layout.reversed_bits and layout.subsampling == (1, 1)
        return plain and layout.bits % 8 == 0

    def _cut(self, index: int, rows: Pair, cols: Pair, step: int) -> NDArray[Any]:
        """Read every `step`-th row and column of a part of an uncompressed strip or tile, not the cells beside it."""
        layout = self._layout
        each = layout.per_pixel * layout.bits // 8
        at, length = int(layout.offsets[index]) + cols[0] * each, (cols[1] - cols[0]) * each
        down, count = step * layout.row_bytes, len(range(*rows, step))
        with self._explained(index):
            start, stop = at + rows[0] * layout.row_bytes, (count - 1) * down + length
            # A read costs as much by itself as some thousand bytes that lie between the rows.
            if stop <= count * (length + _ASKING):
                data = memoryview(self._source.read(start, stop))
                pieces: list[Any] = [data[k * down : k * down + length] for k in range(count)]
            else:
                pieces = [self._source.read(start + k * down, length) for k in range(count)]
            found = unpack(replace(layout, cols=cols[1] - cols[0]), b"".join(pieces), count)
            return found[:, ::step]

    def _remembered(
        self, index: int, place: Pair, kept: OrderedDict[int, NDArray[Any]], most: int
    ) -> NDArray[Any]:
        if index in kept:
            kept.move_to_end(index)
            return kept[index]
        layout = self._layout
        height, width = layout.height - place[0] * layout.rows, layout.width - place[1] * layout.cols
        pixels = self._decoded(index, (min(layout.rows, height), min(layout.cols, width)))
        kept[index] = pixels
        # All count as much as a whole one: adding up what is held would take longer than decoding another.
        while len(kept) > max(most // self._strip_bytes, layout.planes):
            kept.popitem(last=False)
        return pixels

    def _pieces(self, index: int, top: int, bottom: int) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yield the rows of one strip; those of a very large one, which a small file can stand for, in pieces."""
        layout = self._layout
        rows = bottom - top
        if layout.codec != "Deflate" or layout.raw_size(rows) < _LARGE or layout.subsampling != (1, 1):
            pixels = self._decoded(index, (rows, layout.width))
            yield top, pixels[:rows, : layout.width].transpose(2, 0, 1)
            return
        step = max(1, _PIECE // layout.row_bytes)
        heights = [min(step, rows - start) for start in range(0, rows, step)]
        with self._explained(index):
            data = self._read(index, rows)
            pieces = deflated_in_pieces(data, map(layout.raw_size, heights))
            for height, piece in zip(heights, pieces, strict=True):
                yield top, unpack(layout, piece, height)[:, : layout.width].transpose(2, 0, 1)
                top += height

    def _fill(self, band: NDArray[Any], row: int) -> None:
        """Decode one row of strips or tiles of every plane into (planes, rows, W, samples side by side)."""
        layout = self._layout
        down, across = layout.grid
        for plane, target in enumerate(band):
            for col in range(across):
                left = col * layout.cols
                part = target[:, left : left + layout.cols]
                pixels = self._decoded((plane * down + row) * across + col, part.shape[:2])
                part[...] = pixels[: part.shape[0], : part.shape[1]]

    def _decoded(self, index: int, visible: tuple[int, int]) -> NDArray[Any]:
        """Decode a strip or tile to (rows, cols, samples), as far as it is visible or further."""
        with self._explained(index):
            return self._pixels(self._read(index, visible[0]), index, visible)

    @contextmanager
    def _explained(self, index: int) -> Iterator[None]:
        """Say in our own words what goes wrong with a strip or tile inside the block."""
        try:
            yield
        except Flaw as flaw:
            raise broken(say("{} {}", self._layout.name(index), flaw.args[0])) from None
        except (ImageError, MemoryError, OSError):
            raise
        except Exception:  # decoders raise anything at all on broken bytes
            raise broken(say("{} is damaged", self._layout.name(index))) from None

    def _read(self, index: int, rows: int) -> bytes:
        """Read the bytes of a strip or tile as they are stored; only so many rows where they are not compressed."""
        layout = self._layout
        there = int(layout.counts[index])
        # A compressed strip is only known by its whole; where nothing is compressed, the rows that are seen suffice.
        length = min(there, layout.raw_size(rows)) if layout.compression == NONE else there
        data = self._source.read(int(layout.offsets[index]), length)
        # Pictures of another format bring an order of bits of their own.
        if layout.reversed_bits and layout.codec not in IMAGES:
            import imagecodecs

            return bytes(imagecodecs.bitorder_decode(data))
        return data

    def _pixels(self, data: bytes, index: int, visible: tuple[int, int]) -> NDArray[Any]:
        layout = self._layout
        if layout.codec in IMAGES:
            segment = Segment(layout.name(index), data, self._tables, self._budget)
            pixels, remark = decode_image(layout, segment, visible)
            self.remark = self.remark or remark  # one is enough: there may be thousands
            return pixels
        if layout.compression in FAX:
            bits, damaged = decode_fax(layout.compression, data, self._fax_options, visible[0], layout.cols)
            if damaged:
                said = say("{} is damaged, so that a part of it may be wrong", layout.name(index))
                self.remark = self.remark or said
            return bits[..., None]
        needed, room = layout.raw_size(visible[0]), layout.raw_size(layout.rows)
        return unpack(layout, inflate(layout.compression, data, needed, room), visible[0])


def _first(start: int, first: int, step: int) -> int:
    """The first of start, start + step, ... that is not before `first`."""
    return start + max(-((start - first) // step), 0) * step
