"""Reading JPEG XL files, and the frames of animated ones, with imagecodecs. Source: ISO/IEC 18181-1 and 18181-2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.decoded import Reading, check_claim, check_page, check_size, scaled, split_alpha
from filterlab.images.formats.jpegxl.header import JxlHeader, header_of

_PIXELS_PER_BYTE = 10_000
_MOST_FRAMES = 1 << 16


def count_pages(file: Path) -> int:
    """The frames of an animation, of which some are decoded for it; 1 for every other picture."""
    data = file.read_bytes()
    return _pages(data, _checked(data))


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame, upright: whole numbers over the greatest of their depth, floats as they are.

    Raises ImageError, and imagecodecs' errors for broken files.
    """
    import imagecodecs

    data = file.read_bytes()
    header = _checked(data)
    pages = _pages(data, header)
    check_page(page, pages)
    pixels = imagecodecs.jpegxl_decode(data, page - 1)
    greatest = None if pixels.dtype.kind == "f" else 2.0**header.bits - 1
    planes = _planes(pixels, header)
    values = scaled(planes, greatest)
    return Reading(split_alpha(values, alpha) if len(values) in (2, 4) else values, pages)


def _checked(data: bytes) -> JxlHeader:
    header = header_of(data)
    check_size(header.channels, header.height, header.width)
    check_claim(header.height, header.width, len(data), _PIXELS_PER_BYTE)
    return header


def _planes(pixels: NDArray[Any], header: JxlHeader) -> NDArray[Any]:
    """(C, H, W). Grey with channels that are no alpha comes in planes, everything else in pixels."""
    if pixels.ndim == 2:
        return pixels[None]
    sides = {header.height, header.width}
    in_planes = set(pixels.shape[1:]) == sides and pixels.shape[0] == header.channels
    return pixels[:1] if in_planes and set(pixels.shape[:2]) != sides else pixels.transpose(2, 0, 1)


def _pages(data: bytes, header: JxlHeader) -> int:
    """How many frames there are: one more than the last that can be decoded, found by halving."""
    if not header.is_animated:
        return 1
    import imagecodecs

    first = imagecodecs.jpegxl_decode(data, 0)
    there, missing = 0, 1
    while missing < _MOST_FRAMES and _is_there(data, missing, first):
        there, missing = missing, 2 * missing
    while missing - there > 1:
        middle = (there + missing) // 2
        if _is_there(data, middle, first):
            there = middle
        else:
            missing = middle
    return there + 1


def _is_there(data: bytes, index: int, like: NDArray[Any]) -> bool:
    """Whether a frame can be decoded: of one that is missing, imagecodecs leaves the array as it was."""
    import imagecodecs

    for filling in (0, 1):
        frame = np.full_like(like, filling)
        imagecodecs.jpegxl_decode(data, index, out=frame)
        if (frame != filling).any():
            return True
    return False
