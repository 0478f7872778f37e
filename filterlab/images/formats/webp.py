"""Reading WebP files, and the frames of animated ones. Source: RFC 9649."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import Reading, broken, check_claim, check_page, check_size, oriented
from filterlab.images.formats.frames import check_work, played
from filterlab.images.formats.orientation import orientation
from filterlab.images.formats.pillow import planes, unlimited

_PIXELS_PER_BYTE = 10_000


@dataclass
class _Contents:
    """What the chunks of a file say."""

    width: int = 0
    height: int = 0
    frames: int = 0
    exif: bytes = b""
    xmp: bytes = b""


def count_pages(file: Path) -> int:
    """The frames, without decoding them."""
    return max(contents(file.read_bytes()).frames, 1)


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame as RGB, with alpha where it has any and is asked for. Raises ImageError, and Pillow's errors."""
    data = file.read_bytes()
    found = contents(data)
    pages = max(found.frames, 1)
    check_page(page, pages)
    check_size(4, found.height, found.width)
    # The canvas of an animation may be far larger than any of its frames.
    check_claim(found.height, found.width, len(data), _PIXELS_PER_BYTE, 1 << (24 if pages > 1 else 25))
    check_work(page * found.height * found.width if page > 1 else 0, page - 1)
    values = played(file, page - 1, pages, lambda: _Player(data))
    turned, doubts = orientation(found.exif, found.xmp)
    return Reading(oriented(values if alpha else values[:3], turned), pages, tuple(doubts))


class _Player:
    """Pillow's decoder, which goes from frame to frame."""

    def __init__(self, data: bytes) -> None:
        from PIL import Image

        self.length = len(data)
        with unlimited():
            self.image = Image.open(io.BytesIO(data), formats=("WEBP",))

    def size(self) -> int:
        """Bytes: the file's, the frame's, and those of two canvases of the decoder."""
        return self.length + 12 * self.image.width * self.image.height

    def show(self, index: int) -> NDArray[np.float32]:
        """(3 or 4, H, W) at a frame, from 0."""
        with unlimited():
            self.image.seek(index)
            return planes(self.image)


def contents(data: bytes) -> _Contents:
    """Sizes, frames and notes. Raises ImageError where the first chunk is not whole."""
    found = _Contents()
    position = 12
    while position + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        body = memoryview(data)[position + 8 : position + 8 + length]
        if kind == b"VP8X" and len(body) >= 10:
            found.width = 1 + int.from_bytes(body[4:7], "little")
            found.height = 1 + int.from_bytes(body[7:10], "little")
        elif kind in (b"VP8 ", b"VP8L") and not found.width:
            found.width, found.height = _size(kind, bytes(body[:10]))
        elif kind == b"ANMF" and len(body) == length:
            found.frames += 1
        elif kind == b"EXIF":
            found.exif = bytes(body)
        elif kind == b"XMP ":
            found.xmp = bytes(body)
        position += 8 + length + length % 2
    if not found.width or not found.height:
        raise broken("it is cut short")
    return found


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Width and height at the beginning of a compressed picture."""
    if len(body) < 10:
        return 0, 0
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    bits = int.from_bytes(body[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
