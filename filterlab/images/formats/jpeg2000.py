"""Reading JPEG 2000 files (JP2) and bare codestreams. Source: ISO/IEC 15444-1.

Pillow reads pictures of 8 bits, in which it converts YCC; imagecodecs all other depths.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import (
    Reading,
    broken,
    check_claim,
    check_page,
    check_size,
    cmyk_to_rgb,
    scaled,
    split_alpha,
)
from filterlab.images.formats.boxes import boxes, first_box
from filterlab.images.formats.pillow import opened, planes
from filterlab.text.messages import say

_CODESTREAM = b"\xff\x4f\xff\x51"
_PIXELS_PER_BYTE = 10_000
_CMYK, _SRGB, _GREY, _YCC = 12, 16, 17, 18  # colour spaces by their numbers
_OPACITY = (1, 2)  # types of channels: plain and premultiplied alpha. Without a definition a channel is data


@dataclass(frozen=True)
class _Header:
    """What the file says. depths: of each component, negative for signed ones; space: 0 where it says nothing."""

    width: int
    height: int
    depths: tuple[int, ...]
    is_subsampled: bool
    space: int = 0
    has_palette: bool = False
    has_alpha: bool = False


def count_pages(file: Path) -> int:
    """One."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """The picture: whole numbers over the greatest of their depth; signed ones as they are.

    Raises ImageError, and the decoders' errors for broken files.
    """
    check_page(page, 1)
    data = file.read_bytes()
    header = _header(data)
    check_size(max(len(header.depths), 4 if header.has_palette else 1), header.height, header.width)
    # The decoder takes four bytes for each sample, some times over.
    layers = ceil(len(header.depths) / 3)
    check_claim(header.height * layers, header.width, len(data), _PIXELS_PER_BYTE, 1 << 24)
    if len(set(header.depths)) > 1:
        raise ImageError("its channels have different depths", hint="export it again, as PNG or TIFF")
    plain = header.space in (0, _SRGB, _GREY)
    if header.depths[0] == 8 and len(header.depths) <= 4:
        values = _by_pillow(data, header)
    elif plain and not header.is_subsampled and not header.has_palette:
        values = _by_imagecodecs(data, header)
    else:
        what = say("it is a JPEG 2000 picture in YCC, CMYK or a palette with {} bits", abs(header.depths[0]))
        raise ImageError(what, hint="export it again, as PNG or TIFF")
    if header.space == _CMYK and len(values) == 4:
        return Reading(cmyk_to_rgb(values))
    return Reading(split_alpha(values, alpha) if header.has_alpha and len(values) > 1 else values)


def _by_pillow(data: bytes, header: _Header) -> NDArray[np.float32]:
    with opened(data, "JPEG2000") as image:
        # Pillow believes the container, and takes memory for what that says; the samples have the other size.
        if image.size != (header.width, header.height):
            raise broken("it tells two different sizes")
        if image.mode != "P":
            return planes(image)
        return planes(image.convert(image.palette.mode if image.palette else "RGB"))


def _by_imagecodecs(data: bytes, header: _Header) -> NDArray[np.float32]:
    import imagecodecs

    pixels = imagecodecs.jpeg2k_decode(data)
    depth = header.depths[0]
    samples = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return scaled(samples, 2.0**depth - 1 if depth > 0 else None)


def _header(data: bytes) -> _Header:
    """Of either kind of file. Raises ImageError where it is damaged."""
    if data.startswith(_CODESTREAM):
        return _size(memoryview(data))
    level = memoryview(data)
    found = _size(first_box(level, b"jp2c"))
    space, has_palette, has_alpha = 0, False, False
    for kind, body in boxes(first_box(level, b"jp2h")):
        if kind == b"colr" and bytes(body[:1]) == b"\1" and not space:
            space = int.from_bytes(body[3:7], "big")
        elif kind == b"pclr":
            has_palette = True
        elif kind == b"cdef":
            # A count, and for each channel its number, its type and the colour it belongs to (I.5.3.6).
            kinds = (int.from_bytes(body[i : i + 2], "big") for i in range(4, len(body) - 3, 6))
            has_alpha = any(kind in _OPACITY for kind in kinds)
    if space not in (0, _CMYK, _SRGB, _GREY, _YCC):
        raise ImageError(
            say("its colours are in a space (number {}) that is not read", space), hint="save it as RGB"
        )
    return _Header(
        found.width, found.height, found.depths, found.is_subsampled, space, has_palette, has_alpha
    )


def _size(stream: memoryview) -> _Header:
    """What the SIZ segment at the beginning of a codestream says."""
    try:
        right, bottom, left, top = struct.unpack_from(">IIII", stream, 8)
        (count,) = struct.unpack_from(">H", stream, 40)
        parts = [struct.unpack_from(">BBB", stream, 42 + 3 * i) for i in range(count)]
    except struct.error:
        raise broken("it is cut short") from None
    if bytes(stream[:4]) != _CODESTREAM or right <= left or bottom <= top or not parts:
        raise broken("its header is damaged")
    depths = tuple((1 + (size & 0x7F)) * (-1 if size & 0x80 else 1) for size, _, _ in parts)
    return _Header(right - left, bottom - top, depths, any(part[1:] != (1, 1) for part in parts))
