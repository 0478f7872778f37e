"""Which side of a picture is up: from EXIF, else from XMP, as Pillow reads them, also where they bend the standard."""

from __future__ import annotations

import re
import struct

from filterlab.text.messages import say

UPRIGHT = 1

_TAG = 0x0112
_PREFIX = b"Exif\0\0"
_FORMATS = {1: "B", 3: "H", 4: "I"}  # BYTE, SHORT and LONG; the standard has SHORT, some writers do not
_XMP = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')


def orientation(exif: bytes, xmp: bytes = b"") -> tuple[int, list[str]]:
    """Return 1 to 8 as in EXIF, and a remark where the EXIF block is damaged.

    Empty bytes stand for a block that the file does not have.
    """
    stored = _from_exif(exif) if exif else 0
    if stored is None:
        return UPRIGHT, [say("its EXIF data are damaged, so that it may lie on its side")]
    match = None if stored else _XMP.search(xmp)
    found = int(match[1]) if match else stored
    return (found if 1 <= found <= 8 else UPRIGHT), []


def _from_exif(block: bytes) -> int | None:
    """Return the number in the tag, 0 where the tag is missing, None where the block is no TIFF structure."""
    # Some writers put the prefix there twice. A loop over any number would copy the rest of the block each time.
    block = block.removeprefix(_PREFIX).removeprefix(_PREFIX)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 8:
        return None
    (start,) = struct.unpack_from(order + "I", block, 4)
    if start + 2 > len(block):
        return None
    (count,) = struct.unpack_from(order + "H", block, start)
    # Bounded by the block, whatever count it claims; an entry has 12 bytes and must be there as a whole.
    for entry in range(start + 2, min(start + 2 + 12 * count, len(block) - 11), 12):
        tag, kind = struct.unpack_from(order + "HH", block, entry)
        if tag == _TAG and kind in _FORMATS:
            return int(struct.unpack_from(order + _FORMATS[kind], block, entry + 8)[0])
    return 0
