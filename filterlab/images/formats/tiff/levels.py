"""The smaller sizes of a page: its pyramid.

OME-TIFF and Adobe keep them in SubIFDs, directories that a tag of the page leads to (TIFF Technical Note 1, 1995; OME
model, "Sub-resolutions"); GDAL, and TIFF 6.0 before it, list them behind the page and mark them as reduced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from filterlab.errors import ImageError
from filterlab.images.formats.tiff.directories import ByteSource, Tags

_SUBIFDS = 330
_MOST = 32  # levels of a page: halved so often, any picture is a single pixel


class TiffLevel(NamedTuple):
    """One size of a page: where its directory is, and how large it says to be."""

    offset: int
    height: int
    width: int


def levels_of(source: ByteSource, offsets: list[int], directory: int) -> list[TiffLevel]:
    """Return the sizes of a page, from the full one to the smallest. offsets: of all directories of the main list.

    A directory that is broken, that is a mask, or that is no smaller picture of the same shape is passed over: nothing
    but the page itself has to be there.
    """
    page = source.directory(offsets[directory])
    found = [_level(page, offsets[directory])]
    subordinate = [int(offset) for offset in page.numbers(_SUBIFDS, _MOST)]
    candidates = subordinate or list(_following(source, offsets, directory))
    for offset in candidates:
        try:
            tags = source.directory(offset)
            level = _level(tags, offset)
        except ImageError:
            continue
        if not tags.is_mask and _is_smaller(level, found[-1]) and _is_alike(level, found[0]):
            found.append(level)
    return found


def _level(tags: Tags, offset: int) -> TiffLevel:
    return TiffLevel(offset, tags.number(257, 0), tags.number(256, 0))


def _following(source: ByteSource, offsets: list[int], directory: int) -> Iterator[int]:
    """Yield the directories behind a page up to the next one that is a picture of its own."""
    for offset in offsets[directory + 1 : directory + 1 + _MOST]:
        if source.directory(offset).is_picture:
            return
        yield offset


def _is_smaller(level: TiffLevel, before: TiffLevel) -> bool:
    fits = 0 < level.height <= before.height and 0 < level.width <= before.width
    return fits and level[1:] != before[1:]


def _is_alike(level: TiffLevel, full: TiffLevel) -> bool:
    """Whether both have the same shape, but for what rounding at each halving makes of it: two pixels at most."""
    difference = abs(level.height * full.width - level.width * full.height)
    return difference <= 2 * (full.height + full.width)
