"""Reading TIFF files: any depth, floats, planes or interleaved channels, every page.

Other libraries decode the strips and tiles; finding them is done here, because what a file claims must be checked
against what it can hold before memory is taken, and because no page may lead to another file. Decided: a page is a
directory of the main list that is no preview and no mask; pages that hold the channels of one picture are one
(`stacks`); missing and short strips are refused, sparse tiles too; the colours are in `colours`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Reading, check_page, check_size, oriented
from filterlab.images.formats.tiff.colours import Colours
from filterlab.images.formats.tiff.directories import ByteSource, Tags
from filterlab.images.formats.tiff.layout import read_layout
from filterlab.images.formats.tiff.names import NONE, unsupported
from filterlab.images.formats.tiff.pixels import Decoder
from filterlab.images.formats.tiff.places import placed
from filterlab.images.formats.tiff.stacks import pictures

_LONGEST_TABLES = 1 << 20  # bytes


def count_pages(file: Path) -> int:
    """The pictures of the file: pages that are no previews, those of one picture's channels together."""
    with file.open("rb") as stream:
        source = ByteSource(stream)
        offsets, whole, _ = source.chain()
        return len(pictures(source, offsets, whole))


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One picture as (C, H, W), scaled and turned upright. Raises ImageError, and OSError of the file system."""
    with file.open("rb") as stream:
        source = ByteSource(stream)
        offsets, whole, remark = source.chain()
        found = pictures(source, offsets, whole)
        check_page(page, len(found))
        parts = [
            _TiffPage(source.directory(offsets[plane.directory]), plane.offset, alpha)
            for plane in found[page - 1]
        ]
        values, doubts = _joined(parts)
        remarks = (remark, *doubts)
        return Reading(oriented(values, parts[0].orientation), len(found), tuple(r for r in remarks if r))


class _TiffPage:
    """One page, as far as its tags tell."""

    def __init__(self, tags: Tags, offset: int, alpha: bool) -> None:
        layout = placed(read_layout(tags), tags)
        if offset:
            if layout.compression != NONE or layout.tiled:
                raise unsupported("planes behind a page that is compressed or tiled")
            step = layout.planes * layout.raw_size(layout.height)
            layout = replace(layout, offsets=layout.offsets + offset * step)
        self.layout = layout
        self.colours = Colours(layout, tags, alpha)
        self.orientation = tags.number(274, 1)
        tables = tags.data(347, _LONGEST_TABLES) if layout.codec == "JPEG" else b""
        self._decoder = Decoder(tags.source, layout, tables, tags.number(292, 0))

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) before it is turned upright."""
        return self.colours.channels, self.layout.height, self.layout.width

    def decode(self, out: NDArray[np.float32]) -> str:
        """Fill (C, H, W); what is damaged, in words. Raises ImageError."""
        for top, samples in self._decoder.bands():
            self.colours.convert(samples, out[:, top : top + samples.shape[1]])
        return self._decoder.remark


def _joined(parts: list[_TiffPage]) -> tuple[NDArray[np.float32], list[str]]:
    """The channels of all pages, one behind the other, and remarks on damage."""
    channels, height, width = parts[0].shape
    if any(part.shape != parts[0].shape for part in parts):
        raise ImageError("the pages of its channels differ in size", hint="save its channels one by one")
    check_size(channels * len(parts), height, width)
    out = np.empty((channels * len(parts), height, width), np.float32)
    remarks = [part.decode(out[i * channels : (i + 1) * channels]) for i, part in enumerate(parts)]
    return out, remarks
