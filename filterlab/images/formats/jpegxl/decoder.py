"""Reading JPEG XL files, and the frames of animated ones, with imagecodecs. Source: ISO/IEC 18181-1 and 18181-2."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import (
    MAX_PAGES,
    Reading,
    check_claim,
    check_page,
    check_pages,
    check_size,
    read_file,
    read_stream,
    scaled,
    split_alpha,
)
from filterlab.images.formats.frames import indexed
from filterlab.images.formats.jpegxl.header import BLACK, JxlHeader, header_of
from filterlab.text.messages import say

_PIXELS_PER_BYTE = 10_000  # more than JPEG XL reaches on a picture that is not plain
_LEFT_OUT = say("its channels besides colours and alpha are not read")


class _JxlContents(NamedTuple):
    header: JxlHeader
    pages: int


def count_pages(file: Path) -> int:
    """The number of frames of an animation, for which some are decoded; 1 for every other picture."""
    return _contents(file).pages


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame, upright: whole numbers over the greatest of their depth, floats as they are.

    Raises ImageError, and imagecodecs' errors for broken files.
    """
    import imagecodecs

    header, pages = _contents(file)
    check_page(page, pages)
    data = read_file(file)
    pixels = imagecodecs.jpegxl_decode(data, page - 1)
    greatest = None if pixels.dtype.kind == "f" else 2.0**header.bits - 1
    planes, is_whole = _planes(pixels, header)
    values = scaled(planes, greatest)
    remarks = () if is_whole else (_LEFT_OUT,)
    return Reading(split_alpha(values, alpha) if header.has_alpha else values, pages, remarks)


def _contents(file: Path) -> _JxlContents:
    with file.open("rb") as stream:
        return indexed(stream, _parsed, lambda found: found.pages)[1]


def _parsed(stream: BinaryIO) -> _JxlContents:
    data = read_stream(stream)
    header = _checked(data)
    return _JxlContents(header, _pages(data, header))


def _checked(data: bytes) -> JxlHeader:
    header = header_of(data)
    channels = header.colours + len(header.extra)
    check_size(channels, header.height, header.width)
    # Three channels to a pixel, as in a picture: more of them are more pixels to hold.
    check_claim(header.height * ceil(channels / 3), header.width, len(data), _PIXELS_PER_BYTE)
    if any(kind == BLACK for kind, _ in header.extra):
        # The decoder leaves black out, and what is left would pass for RGB.
        raise ImageError(say("it is a JPEG XL picture in CMYK"), hint="export it again, as PNG or TIFF")
    return header


def _planes(pixels: NDArray[Any], header: JxlHeader) -> tuple[NDArray[Any], bool]:
    """(C, H, W), and whether these are all channels of the file.

    imagecodecs gives colours and alpha in pixels (H, W, C), and leaves other channels out. Only where there is one
    colour and no alpha, all channels come, and in planes (C, H, W). The shape cannot tell: sides may equal C.
    """
    if pixels.ndim == 2:
        return pixels[None], True
    if header.has_alpha or header.colours > 1:
        planes = pixels.transpose(2, 0, 1)
        return planes, len(planes) == header.colours + len(header.extra)
    if any(bits != header.bits for _, bits in header.extra):
        raise ImageError("its channels have different depths", hint="export it again, as PNG or TIFF")
    return pixels, True


def _pages(data: bytes, header: JxlHeader) -> int:
    """How many frames there are: one more than the last that can be decoded, found by halving.

    imagecodecs counts them too, and keeps the number to itself. Raises ImageError where there are too many.
    """
    if not header.is_animated:
        return 1
    import imagecodecs

    first = imagecodecs.jpegxl_decode(data, 0)
    there, missing = 0, 1
    while _is_there(data, missing, first):
        check_pages(missing + 1)
        # Doubling first: most animations are short, and a late frame takes longer to ask for than an early one.
        there, missing = missing, min(2 * missing, MAX_PAGES)
    while missing - there > 1:
        middle = (there + missing) // 2
        if _is_there(data, middle, first):
            there = middle
        else:
            missing = middle
    return there + 1


def _is_there(data: bytes, index: int, like: NDArray[Any]) -> bool:
    """Return whether a frame can be decoded: for one that is missing, imagecodecs leaves the array as it was."""
    import imagecodecs

    # A frame may consist of one of the fillings, but not of both.
    for filling in (0, 1):
        frame = np.full_like(like, filling)
        imagecodecs.jpegxl_decode(data, index, out=frame)
        if (frame != filling).any():
            return True
    return False
