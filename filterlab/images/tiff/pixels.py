"""The numbers of a page, in bands of whole rows of strips or tiles, so that no second picture is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import broken
from filterlab.images.tiff.directories import Source
from filterlab.images.tiff.fax import decode_fax
from filterlab.images.tiff.images import DAMAGED, decode_image
from filterlab.images.tiff.inflate import Flaw, inflate
from filterlab.images.tiff.layout import Layout
from filterlab.images.tiff.names import FAX, IMAGES, NONE
from filterlab.images.tiff.numbers import unpack

_BAND = 1 << 18  # values; what is done to them step by step stays in the processor's cache


class Decoder:
    """Decodes the strips or tiles of one page. `remark` says what was guessed where they are damaged."""

    def __init__(self, source: Source, layout: Layout, tables: bytes, fax_options: int) -> None:
        self.remark = ""
        self._source = source
        self._layout = layout
        self._tables = tables
        self._fax_options = fax_options

    def bands(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """The first row of each band, and (samples, rows, width) of it. Raises ImageError."""
        layout = self._layout
        down, _ = layout.grid
        together = max(1, _BAND // (layout.rows * layout.width * layout.samples))
        for first in range(0, down, together):
            top = first * layout.rows
            bottom = min(top + together * layout.rows, layout.height)
            band = np.empty((layout.planes, bottom - top, layout.width, layout.per_pixel), layout.dtype)
            for row in range(first, min(first + together, down)):
                start = row * layout.rows
                self._fill(band[:, start - top : start - top + layout.rows], row)
            yield top, band[..., 0] if layout.planar else band[0].transpose(2, 0, 1)

    def _fill(self, band: NDArray[Any], row: int) -> None:
        """One row of strips or tiles, of every plane."""
        layout = self._layout
        down, across = layout.grid
        for plane, target in enumerate(band):
            for col in range(across):
                left = col * layout.cols
                part = target[:, left : left + layout.cols]
                pixels = self._decoded((plane * down + row) * across + col, part.shape[:2])
                part[...] = pixels[: part.shape[0], : part.shape[1]]

    def _decoded(self, index: int, visible: tuple[int, int]) -> NDArray[Any]:
        """A strip or tile as (rows, cols, samples), as far as it is visible or further."""
        layout = self._layout
        data = self._source.read(int(layout.offsets[index]), self._length(index, visible[0]))
        try:
            return self._pixels(data, index, visible)
        except Flaw as flaw:
            raise broken(f"{layout.name(index)} {flaw}") from None
        except (ImageError, MemoryError):
            raise
        except Exception:  # decoders raise anything at all on broken bytes
            raise broken(f"{layout.name(index)} is damaged") from None

    def _length(self, index: int, rows: int) -> int:
        """Bytes to read."""
        layout = self._layout
        there = int(layout.counts[index])
        return min(there, layout.raw_size(rows)) if layout.compression == NONE else there

    def _pixels(self, data: bytes, index: int, visible: tuple[int, int]) -> NDArray[Any]:
        layout = self._layout
        if layout.codec in IMAGES:
            pixels, doubt = decode_image(layout, data, self._tables, visible)
            if doubt == DAMAGED and not self.remark:
                self.remark = f"{layout.name(index)} is damaged, so that a part of it may be wrong"
            return pixels
        if layout.reversed_bits:
            import imagecodecs

            data = bytes(imagecodecs.bitorder_decode(data))
        if layout.compression in FAX:
            rows = visible[0]
            return decode_fax(layout.compression, data, self._fax_options, rows, layout.cols)[..., None]
        needed, room = layout.raw_size(visible[0]), layout.raw_size(layout.rows)
        return unpack(layout, inflate(layout.compression, data, needed, room), visible[0])
