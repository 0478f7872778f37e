"""The beginning of a JPEG 2000 codestream: its size, its depths, and whether decoding it stays within reason.

Source: ISO/IEC 15444-1, annex A. A decoder makes a structure for each tile, each channel of it, and each precinct,
before it has read a single pixel. All of these are named by a few bytes, so that they are counted here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from filterlab.images.decoded import broken

SIGNATURE = b"\xff\x4f\xff\x51"

_COD, _COC, _SOT, _SOD = 0xFF52, 0xFF53, 0xFF90, 0xFF93
_FREE_KIB = 1 << 18  # memory for the tiles of a file of any size
_KIB_PER_TILE = 8  # memory that OpenJPEG takes, and one more for each channel
_BYTES_PER_KIB = 64  # bytes of the file for each KiB beyond
_FREE_PRECINCTS = 1 << 16


@dataclass(frozen=True)
class Codestream:
    """What the SIZ segment says (A.5.1). depths: bits of each channel, negative for signed ones.

    tile, origin: (height, width) of the tiles, and (top, left) of the first one; corner: (bottom, right) of the
    picture on the same grid, which it covers from (bottom - height, right - width) on.
    """

    width: int
    height: int
    depths: tuple[int, ...]
    is_subsampled: bool
    corner: tuple[int, int]
    tile: tuple[int, int]
    origin: tuple[int, int]

    @cached_property
    def tiles(self) -> int:
        """How many tiles the picture is cut into."""
        down, across = (
            ceil((end - start) / side)
            for end, start, side in zip(self.corner, self.origin, self.tile, strict=True)
        )
        return down * across


def read_codestream(stream: memoryview) -> Codestream:
    """Read the SIZ segment, with which a codestream begins.

    Raises ImageError where it is damaged, or where a decoder would need far more memory than the pixels.
    """
    try:
        right, bottom, left, top, across, down, first_left, first_top = struct.unpack_from(">8I", stream, 8)
        (count,) = struct.unpack_from(">H", stream, 40)
        parts = [struct.unpack_from(">BBB", stream, 42 + 3 * i) for i in range(count)]
    except struct.error:
        raise broken("it is cut short") from None
    if bytes(stream[:4]) != SIGNATURE or right <= left or bottom <= top or not parts:
        raise broken("its header is damaged")
    # The first tile must hold the picture's first pixel (B.3).
    if not (first_left <= left < first_left + across and first_top <= top < first_top + down):
        raise broken("its header is damaged")
    depths = tuple((1 + (size & 0x7F)) * (-1 if size & 0x80 else 1) for size, _, _ in parts)
    is_subsampled = any(part[1:] != (1, 1) for part in parts)
    corner, tile, origin = (bottom, right), (down, across), (first_top, first_left)
    found = Codestream(right - left, bottom - top, depths, is_subsampled, corner, tile, origin)
    _check_parts(found, stream)
    return found


def _check_parts(found: Codestream, stream: memoryview) -> None:
    """Raise ImageError for more tiles, channels of tiles or precincts than such a file can honestly have."""
    memory = found.tiles * (_KIB_PER_TILE + len(found.depths))
    if memory > max(_FREE_KIB, len(stream) // _BYTES_PER_KIB):
        raise broken("it is cut into too many tiles")
    # Each precinct has a packet, which takes a byte at least even where it is empty (B.9, B.10.3).
    if _precincts(found, stream) > max(_FREE_PRECINCTS, len(stream)):
        raise broken("it is cut into too many precincts")


def _precincts(found: Codestream, stream: memoryview) -> int:
    """Return how many precincts the coding styles in the headers ask for.

    The styles of the main header hold for all tiles, the ones in the header of a tile for that tile.
    """
    main = own = 0
    for marker, body, in_tile in _segments(stream):
        if marker not in (_COD, _COC):
            continue
        # COC names its channel, in two bytes from 257 channels on, and leaves out what holds for all channels.
        skipped = 0 if marker == _COD else 1 if len(found.depths) < 257 else 2
        has_sizes = body[skipped] & 1
        levels_at = skipped + (5 if marker == _COD else 1)
        if not has_sizes or len(body) <= levels_at:
            continue
        count = _precincts_of_tile(found, body[levels_at], body[levels_at + 5 :])
        main, own = (main, own + count) if in_tile else (max(main, count), own)
    return len(found.depths) * (main * found.tiles + own)


def _precincts_of_tile(found: Codestream, levels: int, sizes: memoryview) -> int:
    """Return the precincts of one channel of a tile: each size is a byte of two powers of two (table A.21)."""
    height, width = min(found.tile[0], found.height), min(found.tile[1], found.width)
    count = 0
    for resolution, size in enumerate(sizes[: levels + 1]):
        shrinking = levels - resolution
        down = -(-height >> shrinking + (size >> 4))
        across = -(-width >> shrinking + (size & 15))
        count += down * across
    return count


def _segments(stream: memoryview) -> Iterator[tuple[int, memoryview, bool]]:
    """Yield the marker and body of each segment in the headers, and whether it is in that of a tile."""
    position, end_of_part, in_tile = 2, 0, False
    while position + 4 <= len(stream):
        marker, length = struct.unpack_from(">HH", stream, position)
        if marker == _SOD:
            if end_of_part <= position:  # a length that leads back would go round in a circle
                return
            position = end_of_part
            continue
        body = stream[position + 4 : position + 2 + length]
        if length < 2 or not body:
            return
        if marker == _SOT:
            (part,) = struct.unpack_from(">I", stream, position + 6) if len(body) >= 6 else (0,)
            in_tile = True
            # A length of 0 means that the part goes on to the end of the stream.
            end_of_part = position + part if part >= 14 else len(stream)
        yield marker, body, in_tile
        position += 2 + length
