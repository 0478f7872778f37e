"""Where the strips or tiles of a page are, and whether they can hold its pixels at all.

Nothing is decoded here, and no memory is taken that the file does not fill: a file of a hundred bytes may claim a
thousand million strips.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import broken, check_claim
from filterlab.images.formats.tiff.budget import Budget
from filterlab.images.formats.tiff.directories import Tags
from filterlab.images.formats.tiff.layout import TiffLayout
from filterlab.images.formats.tiff.names import BOUNDS, NONE, PIXELS_PER_BYTE
from filterlab.text.messages import say

_PIECE = 1 << 20  # bytes of uncompressed rows that are read at once


def placed(layout: TiffLayout, tags: Tags, budget: Budget) -> TiffLayout:
    """Return the layout with the places of all strips or tiles, whose work is taken from the budget of the picture.

    Raises ImageError where there are too few of them or too many, and where one is too short for its pixels.
    """
    offset_tag, count_tag = (324, 325) if 324 in tags else (273, 279)
    down, across = layout.grid
    needed = layout.planes * down * across
    parts = say("tiles") if layout.tiled else say("strips")
    # Before TIFF 6.0 the counts of uncompressed strips could be left out.
    uncounted = count_tag not in tags and layout.compression == NONE
    there = min(tags.count(offset_tag), needed if uncounted else tags.count(count_tag))
    if there < needed:
        if layout.tiled:
            raise broken(say("it has {:,} of the {:,} tiles that its size needs", there, needed))
        raise broken(say("it has {:,} of the {:,} strips that its size needs", there, needed))
    budget.add_segments(needed, parts)
    offsets = tags.numbers(offset_tag, needed)
    raw = np.tile(np.repeat(_raw_sizes(layout), across), layout.planes)
    # `needed` bounds both lists, whatever number of strips the tags announce.
    counts = raw if uncounted else tags.numbers(count_tag, needed)
    size = tags.source.size
    layout = replace(layout, offsets=offsets, counts=np.minimum(counts, np.maximum(size - offsets, 0)))
    _check_places(layout, offsets, counts, size)
    _check_contents(layout, size)
    # More bytes than an uncompressed strip needs are not read.
    stored = layout.counts if layout.compression != NONE else np.minimum(layout.counts, raw)
    budget.add_bytes(layout, int(stored.sum()), int(raw.sum()))
    return _in_pieces(layout)


def _check_places(
    layout: TiffLayout, offsets: NDArray[np.int64], counts: NDArray[np.int64], size: int
) -> None:
    """Raise ImageError where a strip or tile is not in the file at all. Sparse files of GDAL leave tiles out."""
    # The header of the file stands at offset 0, so that this is none of a strip.
    missing = np.flatnonzero((offsets == 0) | (counts == 0))
    if len(missing):
        raise broken(say("{} is missing", layout.name(int(missing[0]))))
    beyond = np.flatnonzero(offsets >= size)
    if len(beyond):
        raise broken(say("{} lies behind the end of the file", layout.name(int(beyond[0]))))


def _raw_sizes(layout: TiffLayout) -> NDArray[np.int64]:
    """Return, for each row of strips or tiles, the bytes of the part of one that lies within the picture."""
    down, _ = layout.grid
    last = layout.height - (down - 1) * layout.rows
    return np.array([layout.raw_size(layout.rows)] * (down - 1) + [layout.raw_size(last)], np.int64)


def _check_contents(layout: TiffLayout, size: int) -> None:
    """Raise ImageError for a strip or tile that is too short for its pixels, however well it is compressed."""
    codec = layout.codec
    _, across = layout.grid
    if codec in PIXELS_PER_BYTE:
        check_claim(layout.height, layout.width, size, PIXELS_PER_BYTE[codec])
    raw = np.repeat(_raw_sizes(layout), across)
    if codec in BOUNDS:
        short = np.flatnonzero(np.tile(raw, layout.planes) > layout.counts * BOUNDS[codec])
        if len(short):
            index = int(short[0])
            name, held = layout.name(index), layout.counts[index]
            raise broken(say("{} is too short: {:,} byte(s) cannot hold its pixels", name, held))


def _in_pieces(layout: TiffLayout) -> TiffLayout:
    """Cut uncompressed strips that lie one behind the other anew, into strips of a handy size.

    Some writers make a strip of each row, others one of the whole picture: both are slow, or take twice the memory.
    """
    if layout.compression != NONE or layout.tiled or layout.subsampling != (1, 1):
        return layout
    down, _ = layout.grid
    starts = layout.offsets.reshape(layout.planes, down)
    if (np.diff(starts, axis=1) != layout.rows * layout.row_bytes).any():
        return layout
    rows = min(max(1, _PIECE // layout.row_bytes), layout.height)
    pieces = np.arange(ceil(layout.height / rows)) * (rows * layout.row_bytes)
    offsets = (starts[:, :1] + pieces).ravel()
    layout = replace(layout, rows=rows, offsets=offsets)
    return replace(layout, counts=np.tile(_raw_sizes(layout), layout.planes))
