"""Reading HEIC and HEIF files where the optional package pillow-heif is installed (pip install filterlab[heif])."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from filterlab.errors import ImageError
from filterlab.images.decoded import (
    Reading,
    check_claim,
    check_page,
    check_pages,
    check_size,
    read_file,
    scaled,
    split_alpha,
)
from filterlab.text.messages import say

_PIXELS_PER_BYTE = 10_000  # more than HEVC reaches on a picture that is not plain


def count_pages(file: Path) -> int:
    """The number of pictures in the file, without previews and the like."""
    return len(_pictures(read_file(file)))


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One picture as grey or RGB, upright, divided by the greatest value of its depth. The main one is page 1.

    Raises ImageError, also where the package is missing, and the package's errors for broken files.
    """
    data = read_file(file)
    pictures = _pictures(data)
    check_page(page, len(pictures))
    picture = pictures[page - 1]
    width, height = picture.size
    check_size(4, height, width)
    check_claim(height, width, len(data), _PIXELS_PER_BYTE)
    pixels = np.asarray(picture)
    # Samples of 10 or 12 bits come in 16, not widened: they are divided by the greatest of their own depth.
    bits = int(picture.info.get("bit_depth", 8)) if pixels.dtype.itemsize > 1 else 8
    planes = scaled(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1), 2.0**bits - 1)
    values = split_alpha(planes, alpha) if len(planes) in (2, 4) else planes
    return Reading(values, len(pictures))


def _pictures(data: bytes) -> list[Any]:
    try:
        import pillow_heif
    except ImportError:
        hint = say("pip install 'filterlab[heif]', or export it as JPEG or PNG")
        raise ImageError("it is a HEIC picture, which needs the extra package heif", hint=hint) from None
    # By default, samples of more than 8 bits would be cut to 8, or shifted to fill 16.
    found = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False, hdr_to_16bit=False)
    check_pages(len(found))
    # sorted is stable: the main picture moves to the front, and the others keep the order of the file.
    return sorted(found, key=lambda picture: not picture.info.get("primary", False))
