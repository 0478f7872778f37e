"""Reading WebP files, and the frames of animated ones. Source: RFC 9649."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import (
    MAX_PAGES,
    Reading,
    broken,
    check_claim,
    check_page,
    check_pages,
    check_size,
    oriented,
    read_stream,
)
from filterlab.images.formats.frames import check_work, indexed, played
from filterlab.images.formats.orientation import orientation
from filterlab.images.formats.pillow import planes, unlimited

_PIXELS_PER_BYTE = 10_000  # more than WebP reaches on a picture that is not plain
_LONGEST_NOTE = 1 << 20  # bytes of EXIF and XMP that are looked at
_MOST_CHUNKS = 2 * MAX_PAGES


@dataclass
class _WebpContents:
    """The canvas, the number of frames of an animation (0 for a still picture), and the notes."""

    width: int = 0
    height: int = 0
    frames: int = 0
    exif: bytes = b""
    xmp: bytes = b""


def count_pages(file: Path) -> int:
    """The number of frames, without decoding them."""
    with file.open("rb") as stream:
        return _count(indexed(stream, contents, _count)[1])


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame as RGB, with alpha where it has any and is asked for. Raises ImageError, and Pillow's errors."""
    with file.open("rb") as stream:
        key, found = indexed(stream, contents, _count)
        pages = _count(found)
        check_page(page, pages)
        check_size(4, found.height, found.width)
        # The canvas of an animation may be far larger than any of its frames.
        free = 1 << (24 if pages > 1 else 25)
        check_claim(found.height, found.width, stream.seek(0, 2), _PIXELS_PER_BYTE, free)
        values = played(key, stream, page - 1, pages, lambda: _WebpPlayer(stream))
    turned, doubts = orientation(found.exif, found.xmp)
    return Reading(oriented(values if alpha else values[:3], turned), pages, tuple(doubts))


def _count(found: _WebpContents) -> int:
    return max(found.frames, 1)


class _WebpPlayer:
    """Pillow's decoder, which goes from frame to frame, and holds the file in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        from PIL import Image

        data = read_stream(stream)
        self.following = 0
        self.length = len(data)
        with unlimited():
            # From memory, not from the stream: the player outlives the call, and its file will be closed by then.
            self.image = Image.open(io.BytesIO(data), formats=("WEBP",))

    def size(self) -> int:
        """Bytes of the file, of a frame, and of the two canvases of the decoder."""
        return self.length + 12 * self.image.width * self.image.height

    def show(self, stream: BinaryIO, index: int) -> NDArray[np.float32]:
        """(3 or 4, H, W) at a frame, from 0. Raises ImageError where too many frames are on the way."""
        others = index - self.following
        if others:
            check_work((others + 1) * self.image.width * self.image.height, others)
        with unlimited():
            self.image.seek(index)
            values = planes(self.image)
        self.following = index + 1
        return values


def contents(source: bytes | BinaryIO) -> _WebpContents:
    """Sizes, frames and notes. Raises ImageError where the first chunk is not whole."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    size = stream.seek(0, 2)
    found = _WebpContents()
    position = 12
    for _ in range(_MOST_CHUNKS):
        if position + 8 > size:
            break
        stream.seek(position)
        kind, length = struct.unpack("<4sI", stream.read(8))
        if b"\0" in kind:  # no chunk at all: a sparse file may have gigabytes of these
            break
        _take(found, kind, stream, min(length, size - position - 8))
        # A frame that is cut short cannot be decoded, and is no page.
        if kind == b"ANMF" and position + 8 + length <= size:
            found.frames += 1
            check_pages(found.frames)
        # Chunks begin at even bytes; the byte that fills up is not counted in the length (RFC 9649, 2.3).
        position += 8 + length + length % 2
    if not found.width or not found.height:
        raise broken("it is cut short")
    return found


def _take(found: _WebpContents, kind: bytes, stream: BinaryIO, length: int) -> None:
    """Note what a chunk of so many bytes says, at whose body the stream stands."""
    if kind == b"VP8X" and length >= 10:
        body = stream.read(10)
        found.width = 1 + int.from_bytes(body[4:7], "little")
        found.height = 1 + int.from_bytes(body[7:10], "little")
    elif kind in (b"VP8 ", b"VP8L") and not found.width:
        found.width, found.height = _size(kind, stream.read(min(length, 10)))
    elif kind == b"EXIF":
        found.exif = stream.read(min(length, _LONGEST_NOTE))
    elif kind == b"XMP ":
        found.xmp = stream.read(min(length, _LONGEST_NOTE))


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Width and height at the beginning of a compressed picture; 0, 0 where it is cut short.

    A lossy one has 14 bits for each behind its start code (RFC 6386, 9.1), a lossless one 14 bits for each, less one,
    behind its signature (RFC 9649, 3.4).
    """
    if len(body) < 10:
        return 0, 0
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    bits = int.from_bytes(body[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
