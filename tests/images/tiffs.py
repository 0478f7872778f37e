"""A small writer of TIFF files in all their ways, which knows what it wrote: the oracle of test_tiff.py.

It shares nothing with the reader but the codecs of libraries. That its files are what others take them for is tested
beside it, by libtiff.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

NONE, LZW, JPEG, DEFLATE, PACKBITS, LZMA, ZSTD = 1, 5, 7, 8, 32773, 34925, 50000

_TYPES = {"B": 1, "s": 2, "H": 3, "L": 4, "Q": 16, "d": 12}
_FORMATS = {"b": 1, "u": 1, "i": 2, "f": 3}


@dataclass
class Page:
    """One page: `samples` (H, W, S) as they are stored, and how they are stored.

    extra: further tags as {code: (letter of struct, values)}; a value of None takes a tag away. segments: the bytes of
    the strips or tiles, where they are not made of `samples`.
    """

    samples: NDArray[Any]
    bits: int = 8
    photometric: int = 1
    extras: tuple[int, ...] = ()
    planar: bool = False
    compression: int = NONE
    predictor: int = 1
    rows: int | None = None
    tile: tuple[int, int] | None = None
    reversed_bits: bool = False
    extra: dict[int, tuple[str, Any] | None] = field(default_factory=dict)
    segments: list[bytes] | None = None

    def encoded(self, order: str) -> list[bytes]:
        """The bytes of every strip or tile."""
        if self.segments is not None:
            return self.segments
        planes = np.moveaxis(self.samples, 2, 0)[..., None] if self.planar else self.samples[None]
        found = [self._compressed(part, order) for plane in planes for part in self._cut(plane)]
        if self.reversed_bits:
            found = [part.translate(bytes(int(f"{b:08b}"[::-1], 2) for b in range(256))) for part in found]
        return found

    def _cut(self, plane: NDArray[Any]) -> list[NDArray[Any]]:
        height, width = plane.shape[:2]
        if self.tile is None:
            return [plane[top : top + (self.rows or height)] for top in range(0, height, self.rows or height)]
        down, across = self.tile
        room = (0, -height % down), (0, -width % across), (0, 0)
        filled = np.pad(plane, room, mode="edge")
        tops, lefts = range(0, height, down), range(0, width, across)
        return [filled[top : top + down, left : left + across] for top in tops for left in lefts]

    def _compressed(self, part: NDArray[Any], order: str) -> bytes:
        raw = self._raw(part, order)
        match self.compression:
            case 5:
                return bytes(imagecodecs.lzw_encode(raw))
            case 8:
                return zlib.compress(raw)
            case 32773:
                return packbits(raw)
            case 34925:
                return lzma.compress(raw)
            case 50000:
                return bytes(imagecodecs.zstd_encode(raw))
        return raw

    def _raw(self, part: NDArray[Any], order: str) -> bytes:
        if self.predictor == 3:
            return b"".join(_byte_differences(row) for row in part)
        if self.predictor == 2:
            bits = np.ascontiguousarray(part).view(f"u{part.dtype.itemsize}")
            part = np.concatenate([bits[:, :1], np.diff(bits, axis=1)], axis=1)
        if self.bits in (8, 16, 32, 64):
            return part.astype(part.dtype.newbyteorder(order)).tobytes()
        if self.bits == 24:
            four = part.astype(order + part.dtype.kind + "4").tobytes()
            pixels = np.frombuffer(four, np.uint8).reshape(-1, 4)
            return (pixels[:, :3] if order == "<" else pixels[:, 1:]).tobytes()
        return b"".join(_packed(row, self.bits) for row in part)

    def tags(self) -> dict[int, tuple[str, Any]]:
        height, width, samples = self.samples.shape
        tags: dict[int, tuple[str, Any] | None] = {
            256: ("L", width),
            257: ("L", height),
            258: ("H", [self.bits] * samples),
            259: ("H", self.compression),
            262: ("H", self.photometric),
            277: ("H", samples),
            284: ("H", 2 if self.planar else 1),
            339: ("H", [_FORMATS[self.samples.dtype.kind]] * samples),
        }
        if self.tile:
            tags |= {322: ("L", self.tile[1]), 323: ("L", self.tile[0])}
        else:
            tags[278] = ("L", self.rows or height)
        if self.extras:
            tags[338] = ("H", self.extras)
        if self.predictor != 1:
            tags[317] = ("H", self.predictor)
        if self.reversed_bits:
            tags[266] = ("H", 2)
        return {code: value for code, value in (tags | self.extra).items() if value is not None}


def packbits(raw: bytes) -> bytes:
    """Runs of three and more as runs, everything else as it is."""
    out, position = bytearray(), 0
    while position < len(raw):
        run = 1
        while run < 128 and raw[position : position + run + 1] == raw[position : position + 1] * (run + 1):
            run += 1
        if run >= 3:
            out += bytes([257 - run, raw[position]])
            position += run
        else:
            piece = raw[position : position + 2]
            out += bytes([len(piece) - 1]) + piece
            position += len(piece)
    return bytes(out)


def _packed(row: NDArray[Any], bits: int) -> bytes:
    numbers = row.ravel().astype(np.int64)
    digits = (numbers[:, None] >> np.arange(bits)[::-1]) & 1
    return np.packbits(digits.astype(np.uint8).ravel()).tobytes()


def _byte_differences(row: NDArray[Any]) -> bytes:
    width, samples = row.shape
    leading_first = row.astype(row.dtype.newbyteorder(">")).view(np.uint8).reshape(width * samples, -1)
    planes = leading_first.T.reshape(-1, samples)
    return np.concatenate([planes[:1], np.diff(planes, axis=0)]).astype(np.uint8).tobytes()


def tiff(pages: list[Page], order: str = "<", big: bool = False) -> bytes:
    """The file: each page is a directory, the bytes of its strips or tiles, and its long values."""
    head = struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HL", 42, 8)
    out = bytearray((b"II" if order == "<" else b"MM") + head)
    for page in pages:
        out += _directory(page, len(out), order, big, last=page is pages[-1])
    return bytes(out)


def _directory(page: Page, start: int, order: str, big: bool, last: bool) -> bytes:
    letter, room, entry_size = ("Q", 8, 20) if big else ("L", 4, 12)
    parts = page.encoded(order)
    offset_tag, count_tag = (324, 325) if page.tile else (273, 279)
    tags = page.tags()
    counted = {code for code in (offset_tag, count_tag) if page.extra.get(code, ()) is not None}
    count = len(tags.keys() | counted)
    data_start = start + (8 if big else 2) + count * entry_size + room
    ends = np.cumsum([0, *map(len, parts)])
    offsets = (data_start + ends[:-1]).tolist()
    places = {offset_tag: (letter, offsets), count_tag: (letter, [len(part) for part in parts])}
    tags = {code: value for code, value in places.items() if code in counted} | tags
    value_start = data_start + int(ends[-1])
    entries, values = [], bytearray()
    for code, (kind, value) in sorted(tags.items()):
        body, length = _value(kind, value, order)
        entry = struct.pack(order + "HH" + letter, code, _TYPES[kind], length)
        if len(body) > room:
            entries.append(entry + struct.pack(order + letter, value_start + len(values)))
            values += body
        else:
            entries.append(entry + body.ljust(room, b"\0"))
    following = 0 if last else value_start + len(values)
    head = struct.pack(order + ("Q" if big else "H"), count) + b"".join(entries)
    return head + struct.pack(order + letter, following) + b"".join(parts) + bytes(values)


def _value(letter: str, value: Any, order: str) -> tuple[bytes, int]:
    if letter == "s":
        body = value if isinstance(value, bytes) else value.encode() + b"\0"
        return body, len(body)
    numbers = list(value) if np.ndim(value) else [value]
    return struct.pack(f"{order}{len(numbers)}{letter}", *numbers), len(numbers)
