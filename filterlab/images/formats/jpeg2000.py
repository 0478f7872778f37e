"""Reading JPEG 2000 files (JP2) and bare codestreams. Source: ISO/IEC 15444-1.

Pillow reads pictures of 8 bits, in which it converts YCC; imagecodecs all other depths.
"""

from __future__ import annotations

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
    read_file,
    scaled,
    split_alpha,
)
from filterlab.images.formats.boxes import boxes, first_box
from filterlab.images.formats.codestream import SIGNATURE, Codestream, read_codestream
from filterlab.images.formats.pillow import opened, planes
from filterlab.text.messages import say

_PIXELS_PER_BYTE = 10_000
_CMYK, _SRGB, _GREY, _YCC = 12, 16, 17, 18  # colour spaces by their numbers
_OPACITY = (1, 2)  # types of channels: plain and premultiplied alpha. Without a definition a channel is data


@dataclass(frozen=True)
class _Header:
    """What the file says. space: the number of its colour space, 0 where it names none."""

    size: Codestream
    space: int = 0
    has_palette: bool = False
    has_alpha: bool = False


def count_pages(file: Path) -> int:
    """Return 1: other codestreams in a file are no pages."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """Read the picture: unsigned samples over the greatest of their depth, signed ones as they are.

    Raises ImageError, and the decoders' errors for broken files.
    """
    check_page(page, 1)
    data = read_file(file)
    header = _header(data)
    size, depths = header.size, header.size.depths
    check_size(max(len(depths), 4 if header.has_palette else 1), size.height, size.width)
    # The decoder takes four bytes for each sample, some times over.
    layers = ceil(len(depths) / 3)
    check_claim(size.height * layers, size.width, len(data), _PIXELS_PER_BYTE, 1 << 24)
    if len(set(depths)) > 1:
        raise ImageError("its channels have different depths", hint="export it again, as PNG or TIFF")
    plain = header.space in (0, _SRGB, _GREY)
    # Where both could read it, Pillow: it applies palettes and converts YCC, which imagecodecs leaves to the caller.
    if depths[0] == 8 and len(depths) <= 4:
        values = _by_pillow(data, header)
    elif plain and not size.is_subsampled and not header.has_palette:
        values = _by_imagecodecs(data, header)
    else:
        what = say("it is a JPEG 2000 picture in YCC, CMYK or a palette with {} bit(s)", abs(depths[0]))
        raise ImageError(what, hint="export it again, as PNG or TIFF")
    if header.space == _CMYK and len(values) == 4:
        return Reading(cmyk_to_rgb(values))
    return Reading(split_alpha(values, alpha) if header.has_alpha and len(values) > 1 else values)


def _by_pillow(data: bytes, header: _Header) -> NDArray[np.float32]:
    with opened(data, "JPEG2000") as image:
        # Pillow believes the container, and takes memory for what that says; the samples have the other size.
        if image.size != (header.size.width, header.size.height):
            raise broken("it tells two different sizes")
        if image.mode != "P":
            return planes(image)
        return planes(image.convert(image.palette.mode if image.palette else "RGB"))


def _by_imagecodecs(data: bytes, header: _Header) -> NDArray[np.float32]:
    import imagecodecs

    pixels = imagecodecs.jpeg2k_decode(data)
    depth = header.size.depths[0]
    samples = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    # 12 bits come in uint16, and must not be divided by 65535. Signed samples stay as they are.
    return scaled(samples, 2.0**depth - 1 if depth > 0 else None)


def _header(data: bytes) -> _Header:
    """Read what a file in boxes, or a bare codestream, says. Raises ImageError where it is damaged."""
    level = memoryview(data)
    if data.startswith(SIGNATURE):
        return _Header(read_codestream(level))
    size = read_codestream(first_box(level, b"jp2c"))
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
    return _Header(size, space, has_palette, has_alpha)
