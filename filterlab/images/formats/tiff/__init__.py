"""Reading TIFF files: any depth, floats, planes or interleaved channels, every page.

Other libraries decode the strips and tiles; finding them is done here, because what a file claims must be checked
against what it can hold before memory is taken, and because no page may lead to another file. Decided: a page is a
directory of the main list that is no preview and no mask; pages that hold the channels of one picture are one
(`stacks`); missing and short strips are refused, sparse tiles too; what the colours mean is in `colours`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Reading, check_level, check_page, check_size, oriented
from filterlab.images.formats.frames import file_key
from filterlab.images.formats.tiff.budget import Budget
from filterlab.images.formats.tiff.colours import Colours
from filterlab.images.formats.tiff.directories import ByteSource
from filterlab.images.formats.tiff.layout import TiffLayout, read_layout
from filterlab.images.formats.tiff.levels import levels_of
from filterlab.images.formats.tiff.names import NONE, unsupported
from filterlab.images.formats.tiff.pixels import Decoder
from filterlab.images.formats.tiff.places import placed
from filterlab.images.formats.tiff.stacks import Plane, TiffPicture, pictures
from filterlab.text.messages import say

# Bytes of the tables of JPEG. All that there can be take 3 KB, and they are read again for each tile.
_LONGEST_TABLES = 1 << 14
_MOST_PARTS = 1 << 13  # pages of one picture; hyperspectral cameras have some hundred bands


class PageIndex(NamedTuple):
    """Where the pages of a file are: its directories, the planes of each picture, and what is wrong with the list."""

    offsets: list[int]
    pictures: list[TiffPicture]
    remark: str


_kept: tuple[Hashable, PageIndex] | None = None


def count_pages(file: Path) -> int:
    """Return the number of pictures: pages that are no previews, those of one picture's channels counted once."""
    with file.open("rb") as stream:
        return len(_indexed(stream, ByteSource(stream)).pictures)


def read(file: Path, alpha: bool, page: int, level: int = 0) -> Reading:
    """Read one picture as (C, H, W), scaled and turned upright. level: as in `read_image`.

    Raises ImageError, and OSError where the file system fails.
    """
    with file.open("rb") as stream:
        source = ByteSource(stream)
        parts, index = opened(stream, source, page, alpha, level)
        values, doubts = _joined(parts, Budget(source.size))
        remarks = (index.remark, *doubts)
        shown = tuple(remark for remark in remarks if remark)
        return Reading(oriented(values, parts[0].orientation), len(index.pictures), shown)


def opened(
    stream: BinaryIO, source: ByteSource, page: int, alpha: bool, level: int = 0, *, whole: bool = True
) -> tuple[list[TiffPart], PageIndex]:
    """Return the pages that make up one picture at a level, and the list of all. whole: as for `read_layout`."""
    index = _indexed(stream, source)
    check_page(page, len(index.pictures))
    planes = _bounded(index.pictures[page - 1])
    offsets = [index.offsets[plane.directory] for plane in planes]
    orientation = 1
    if level:
        # Few writers repeat the tag at each level, and all show these the way the page is turned.
        orientation = source.directory(offsets[0]).number(274, 1)
        found = [levels_of(source, index.offsets, plane.directory) for plane in planes]
        check_level(level, min(map(len, found)))
        offsets = [sizes[level].offset for sizes in found]
        # Planes that lie behind the pixels of one page have no levels: those would be of the first of them only.
        planes = tuple(Plane(plane.directory) for plane in planes)
    parts = [
        TiffPart(source, offset, plane, alpha, whole=whole, orientation=orientation)
        for offset, plane in zip(offsets, planes, strict=True)
    ]
    return parts, index


def count_levels(source: ByteSource, index: PageIndex, page: int) -> int:
    """Return how many sizes of a picture there are, the full one included."""
    first = index.pictures[page - 1][0]
    return 1 if first.offset else len(levels_of(source, index.offsets, first.directory))


def _indexed(stream: BinaryIO, source: ByteSource) -> PageIndex:
    """Return where the pages are, from memory where this file was the last one asked for.

    Finding a page means to read every directory before it. Without a memory, reading all pages of a stack one after
    the other would take time that grows with the square of their number.
    """
    global _kept
    key = file_key(stream)
    kept = _kept  # other threads may replace it meanwhile
    if kept is not None and kept[0] == key:
        return kept[1]
    offsets, pages, remark = source.chain()
    index = PageIndex(offsets, pictures(source, offsets, pages), remark)
    if key is not None:
        _kept = key, index
    return index


def _bounded(picture: TiffPicture) -> TiffPicture:
    if len(picture) > _MOST_PARTS:
        what = say("its channels lie in {:,} page(s), more than {:,}", len(picture), _MOST_PARTS)
        raise ImageError(what, hint="save its channels one by one")
    return picture


class TiffPart:
    """One page of a picture, as its tags describe it.

    There may be ten thousand, all of which name the same palette: what may be large exists only within `decode`, but
    for the lists of strips, whose lengths the budget limits together. orientation: where no tag of its own tells it.
    """

    def __init__(
        self,
        source: ByteSource,
        offset: int,
        plane: Plane,
        alpha: bool,
        *,
        whole: bool = True,
        orientation: int = 1,
    ) -> None:
        tags = source.directory(offset)
        self._tags = tags
        self._plane = plane
        self._layout = read_layout(tags, whole=whole)
        self._alpha = alpha
        self.orientation = tags.number(274, orientation)
        # (C, H, W) before it is turned upright.
        self.shape = Colours(self._layout, tags, alpha).channels, self._layout.height, self._layout.width

    def place(self, budget: Budget) -> None:
        """Find the strips or tiles. Raises ImageError where they cannot hold the pixels."""
        self._layout = _shifted(placed(self._layout, self._tags, budget), self._plane.offset)

    def decode(self, out: NDArray[np.float32], budget: Budget) -> list[str]:
        """Fill (C, H, W). Returns remarks on what was damaged or is not clear. Raises ImageError."""
        decoder, colours = self.decoder(budget)
        for top, samples in decoder.bands():
            colours.convert(samples, out[:, top : top + samples.shape[1]])
        return [*colours.remarks, decoder.remark]

    def decoder(self, budget: Budget) -> tuple[Decoder, Colours]:
        """Return what decodes the samples of a page that is placed, and what makes channels of them."""
        layout = self._layout
        tables = self._tags.data(347, _LONGEST_TABLES) if layout.codec == "JPEG" else b""
        decoder = Decoder(self._tags.source, layout, budget, tables, self._tags.number(292, 0))
        return decoder, Colours(layout, self._tags, self._alpha)


def _shifted(layout: TiffLayout, planes: int) -> TiffLayout:
    """Return the layout of the plane that lies so many planes behind the pixels of a page."""
    if not planes:
        return layout
    if layout.compression != NONE or layout.tiled:
        raise unsupported("it has planes behind a page that is compressed or tiled, which is not supported")
    step = layout.planes * layout.raw_size(layout.height)
    return replace(layout, offsets=layout.offsets + planes * step)


def _joined(parts: list[TiffPart], budget: Budget) -> tuple[NDArray[np.float32], list[str]]:
    """Return the channels of all pages, one behind the other, and remarks on damage."""
    channels, height, width = parts[0].shape
    check_alike(parts)
    check_size(channels * len(parts), height, width)
    for part in parts:  # no memory is taken for pixels that the file does not have
        part.place(budget)
    out = np.empty((channels * len(parts), height, width), np.float32)
    # Views of `out`: each page is decoded into its place, without a copy.
    planes = np.split(out, len(parts))
    remarks = [
        remark for part, plane in zip(parts, planes, strict=True) for remark in part.decode(plane, budget)
    ]
    return out, remarks


def check_alike(parts: list[TiffPart]) -> None:
    """Raise ImageError where the pages of one picture differ in size."""
    if any(part.shape != parts[0].shape for part in parts):
        raise ImageError("the pages of its channels differ in size", hint="save its channels one by one")
