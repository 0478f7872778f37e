"""How much work one picture of a TIFF file may be, over all its pages, strips and tiles.

Strips, tiles and pages may share their bytes: some writers store blank tiles only once. But then a small file can ask
for the same bytes to be decoded again and again. Each strip by itself looks harmless, so the sums are kept here.
"""

from __future__ import annotations

from filterlab.errors import ImageError
from filterlab.images.decoded import broken
from filterlab.images.formats.tiff.inflate import Flaw
from filterlab.images.formats.tiff.layout import TiffLayout
from filterlab.text.messages import say

# Strips or tiles: each takes some 20 microseconds by itself, and a list of a million 16 MB. In honest files it stands
# for a row of pixels at least.
_FREE_SEGMENTS, _MOST_SEGMENTS = 1 << 17, 1 << 20
_BYTES_PER_SEGMENT = 64
_SLACK = 1 << 20  # bytes that a file of any size may have read again
# Bytes that stand for hardly more pixels than they are, or take long to decompress, may be read so many times on
# average. In other codecs a blank tile takes next to nothing, so that very many can share one.
_MOST_SHARED = 16
_SHARED_LITTLE = ("none", "PackBits")

_FREE_BLOCKS = 1 << 28  # blocks of 8 x 8 samples in all passes of all JPEGs; some seconds
_BLOCKS_PER_SCAN = 1 << 14  # blocks that are checked in the time that a pass takes besides its own
_BLOCKS_PER_PART = 1 << 8  # blocks that are checked in the time that a segment of a JPEG takes
_FREE_PARTS = 32  # segments of a JPEG; a dozen would do
_PASSES = 20  # over each block; progressive encoders make ten
_FREE_TILES = 1 << 16  # tiles of JPEG 2000, times their channels


class Budget:
    """What is left of the work that a picture in a file of `size` bytes may be."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._segments = 0
        self._stored = 0
        self._raw = 0
        self._blocks = 0
        self._blocks_allowed = 0
        self._tiles = 0
        self._tiles_allowed = _FREE_TILES

    def add_segments(self, count: int, parts: str) -> None:
        """Take the strips or tiles of a page. Raises ImageError where there are too many in all."""
        self._segments += count
        most = min(max(_FREE_SEGMENTS, self._size // _BYTES_PER_SEGMENT), _MOST_SEGMENTS)
        if self._segments > most:
            what = say("it is cut into more than {:,} {}", most, parts)
            raise ImageError(what, hint="export it again")

    def add_bytes(self, layout: TiffLayout, stored: int, raw: int) -> None:
        """Take the bytes of a page as they are stored, and as they are decompressed.

        Raises ImageError where they must overlap too much to be an honest picture's.
        """
        self._stored += stored
        self._raw += raw
        shared_little = layout.codec in _SHARED_LITTLE
        most = _MOST_SHARED * self._size if shared_little else 2 * (self._size + self._raw)
        if self._stored > most + _SLACK:
            raise broken("its strips or tiles overlap")

    def add_jpeg(self, blocks: int, work: int, scans: int, parts: int) -> None:
        """Take a JPEG of `blocks` blocks and `parts` segments, which `scans` passes draw as `work` blocks in all.

        Raises Flaw where there are too many passes or segments. A picture of any size may draw each block some times.
        """
        self._blocks += work + scans * _BLOCKS_PER_SCAN + max(parts - _FREE_PARTS, 0) * _BLOCKS_PER_PART
        self._blocks_allowed += _PASSES * blocks + _BLOCKS_PER_SCAN
        if self._blocks > max(_FREE_BLOCKS, self._blocks_allowed):
            raise Flaw("draws its pixels in too many passes or parts")

    def add_tiles(self, tiles: int, samples: int) -> None:
        """Take a JPEG 2000 codestream. Raises Flaw where there are too many tiles within strips or tiles in all."""
        self._tiles += tiles * samples
        self._tiles_allowed += samples
        if self._tiles > self._tiles_allowed:
            raise Flaw("is cut into too many tiles")
