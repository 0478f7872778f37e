"""Strips and tiles of two colours in CCITT's codes: T.4 (G3), T.6 (G4), and T.4 without line ends.

libtiff decodes them, although it needs a TIFF file around them. Unlike imagecodecs' own decoders it notices missing
rows, and its time grows with the length of the data, not with that times the width.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.formats.tiff.inflate import Flaw

_LINE_END = 11  # zeros, at least, before a one: no other word of T.4 has so many
_PIECE = 1 << 18  # bytes
_MOST_CHECKED = 1 << 27  # pixels of a strip that is decoded twice, with a byte of memory for each
_SHORT, _LONG = 3, 4


def decode_fax(
    compression: int, data: bytes, options: int, rows: int, width: int
) -> tuple[NDArray[Any], bool]:
    """Decode to (rows, width) of 0 and 1; a fax prints 1 in black. options: the tag T4Options.

    Returns beside it whether the codes are damaged. Raises Flaw, and libtiff's errors.
    """
    import imagecodecs

    if compression == 3 and _line_ends(data) < rows:
        raise Flaw("is cut short")
    pixels = imagecodecs.tiff_decode(_wrapped(compression, data, options, rows, width))
    # libtiff completes a last line of T.4 that is cut off. What is appended then becomes a part of that line, and the
    # pixels differ.
    if compression == 3 and not all(
        np.array_equal(imagecodecs.tiff_decode(_wrapped(3, data + tail, options, rows, width)), pixels)
        for tail in (b"\xff" * 8, b"\x55" * 8)
    ):
        raise Flaw("is cut short")
    return pixels.view(np.uint8), compression in (3, 4) and _is_mended(compression, data, options, pixels)


def _is_mended(compression: int, data: bytes, options: int, pixels: NDArray[Any]) -> bool:
    """Return whether codes of T.4 or T.6 that make no sense were passed over.

    libtiff warns of them and goes on, but imagecodecs drops its warnings. imagecodecs' own decoder goes on in another
    way, so that the pixels differ.
    """
    import imagecodecs

    if pixels.size > _MOST_CHECKED:
        return False
    height, width = pixels.shape
    try:
        if compression == 3:
            others = imagecodecs.ccittfax3_decode(data, height=height, width=width, t4options=options)
        else:
            others = imagecodecs.ccittfax4_decode(data, height=height, width=width)
    except Exception:  # it gives up where libtiff goes on
        return True
    return not np.array_equal(others != 0, pixels != 0)


def _line_ends(data: bytes) -> int:
    """Return how many end-of-line codes (EOL) there are."""
    found, last = 0, -1
    # In pieces: the places of all ones would take 64 times the memory of the data.
    for start in range(0, len(data), _PIECE):
        bits = np.unpackbits(np.frombuffer(data[start : start + _PIECE], np.uint8))
        ones = np.flatnonzero(bits) + 8 * start
        found += int((np.diff(ones, prepend=last) > _LINE_END).sum())
        last = int(ones[-1]) if len(ones) else last
    return found


def _wrapped(compression: int, data: bytes, options: int, rows: int, width: int) -> bytes:
    """Return a TIFF file of one strip."""
    tags = [
        *((256, _LONG, width), (257, _LONG, rows), (258, _SHORT, 1), (259, _SHORT, compression)),
        *((262, _SHORT, 1), (273, _LONG, 0), (277, _SHORT, 1), (278, _LONG, rows), (279, _LONG, len(data))),
        (292, _LONG, options),
    ]
    start = 8 + 2 + 12 * len(tags) + 4
    entries = (
        struct.pack("<HHLL", code, kind, 1, start if code == 273 else value) for code, kind, value in tags
    )
    return struct.pack("<2sHLH", b"II", 42, 8, len(tags)) + b"".join(entries) + bytes(4) + data
