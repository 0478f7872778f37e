"""Which side of a picture is up: from EXIF, else from XMP, as Pillow does it, in files that say it wrongly too."""

from __future__ import annotations

import re
import struct

UPRIGHT = 1

_TAG = 0x0112
_FORMATS = {1: "B", 3: "H", 4: "I"}  # BYTE, SHORT and LONG; the standard has SHORT, some writers do not
_XMP = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')


def orientation(exif: bytes, xmp: bytes = b"") -> tuple[int, list[str]]:
    """1 to 8 as in EXIF, and a remark where the EXIF block is none. Empty bytes stand for what a file does not have."""
    told = _from_exif(exif) if exif else 0
    if told is None:
        return UPRIGHT, ["its EXIF data are damaged, so that it may lie on its side"]
    match = None if told else _XMP.search(xmp)
    found = int(match[1]) if match else told
    return (found if 1 <= found <= 8 else UPRIGHT), []


def _from_exif(block: bytes) -> int | None:
    """What the tag says, 0 where it is missing; None where this is no TIFF structure."""
    while block.startswith(b"Exif\0\0"):  # some writers put it there twice
        block = block[6:]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 8:
        return None
    (start,) = struct.unpack_from(order + "I", block, 4)
    if start + 2 > len(block):
        return None
    (count,) = struct.unpack_from(order + "H", block, start)
    for entry in range(start + 2, min(start + 2 + 12 * count, len(block) - 11), 12):
        tag, kind = struct.unpack_from(order + "HH", block, entry)
        if tag == _TAG and kind in _FORMATS:
            return int(struct.unpack_from(order + _FORMATS[kind], block, entry + 8)[0])
    return 0
