"""Reading pictures: by what is in the file, not by its name.

What is decided for every format: alpha is left out unless it is asked for, and the colours beneath it stay as they are;
palettes become RGB; CMYK becomes RGB by (1 - c)(1 - k), without colour management; unsigned integers are divided by
their greatest value, which gives [0, 1]; floats and signed integers stay as they are, NaN and infinity too.

Each decoder is a module of `formats` with `read` and `count_pages`. It is imported when its first file comes.
"""

from __future__ import annotations

import os
import stat
import warnings
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np

from filterlab.errors import ImageError, shown_path
from filterlab.images.decoded import Picture, Reading, check_level
from filterlab.images.failures import explained
from filterlab.images.formats.signatures import LONGEST, decoder_of
from filterlab.text.messages import say

IMAGE_SUFFIXES = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".webp", ".gif", ".bmp", ".dib"),
    *(".tif", ".tiff", ".npy", ".pbm", ".pgm", ".ppm", ".pnm", ".pam", ".pfm"),
    *(".avif", ".heic", ".heif", ".jxl", ".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"),
)


class DamageWarning(UserWarning):
    """A picture was read although its file is damaged where that changes no pixel, or may have changed some."""


def read_image(path: str | Path, *, alpha: bool = False, page: int = 1, level: int = 0) -> Picture:
    """Read a picture file as float32 (C, H, W), upright as its EXIF orientation says.

    C is 1 for grey and 3 for RGB, in [0, 1]; with `alpha`, there is one channel more where the file has it. Float TIFF
    and .npy hold any numbers and any C. A .npy array is (H, W), (C, H, W), or (H, W, C) with C of 1, 3 or 4.
    page: the page of a TIFF or the frame of an animation, counted from 1. level: 0 for the picture in full, 1, 2, ...
    for the smaller sizes that a TIFF holds of it (SubIFDs of OME-TIFF, overviews of GDAL).

    Warns with DamageWarning where the file is damaged but can be read. Raises ImageError for a missing, broken or huge
    file, and for one that is not a picture.
    """
    reading = read_picture(path, alpha=alpha, page=page, level=level)
    for remark in reading.remarks:
        warnings.warn(f"{shown_path(path)}: {remark}", DamageWarning, stacklevel=2)
    return reading.values


def read_picture(path: str | Path, *, alpha: bool = False, page: int = 1, level: int = 0) -> Reading:
    """Read a picture as `read_image` does; give the number of pages and remarks on damage beside the values."""
    file = _file(path)
    with explained(file):
        decoder, levels = _decoder(file), {}
        if hasattr(decoder, "count_levels"):
            levels["level"] = level
        else:
            check_level(level, 1)
        reading = decoder.read(file, alpha, page, **levels)
        if 0 in reading.values.shape:
            raise ImageError("it has no pixels", hint="export it again")
        # Decoders return views that are flipped or transposed, of which each compiled loop would make a copy of its
        # own.
        values = np.ascontiguousarray(reading.values, dtype=np.float32)
        # The pages and tiles of one file often have the same flaw: each remark is told once.
        return Reading(values, reading.pages, tuple(dict.fromkeys(reading.remarks)))


def read_reduced(path: str | Path, side: int, least: int) -> tuple[Picture, int] | None:
    """The first picture of a file at 1/2, 1/4 or 1/8 of its size, for a first look, and the number below the line.

    It comes many times faster than `read_image`, in the same form, without alpha. side: pixels that its longer side has
    at least. None where the format has no such way (only JPEG has), or where the picture is not at least twice as
    long or has fewer pixels than `least`. Raises ImageError as `read_image`.
    """
    file = _file(path)
    with explained(file):
        reduced = getattr(_decoder(file), "read_reduced", None)
        found = None if reduced is None else reduced(file, side, least)
        return None if found is None else (np.ascontiguousarray(found[0]), found[1])


def count_pages(path: str | Path) -> int:
    """The number of pages or frames that `read_image` can give, mostly without decoding them. Raises ImageError."""
    file = _file(path)
    with explained(file):
        pages: int = _decoder(file).count_pages(file)
        return pages


def _file(path: str | Path) -> Path:
    if not isinstance(path, str | os.PathLike):
        raise ImageError(
            say("{!r} is not the path of a file", path), "read_image", "give a string or a pathlib.Path"
        )
    return Path(path)


def _decoder(file: Path) -> ModuleType:
    """The module that reads what the file's first bytes announce."""
    mode = file.stat().st_mode
    if stat.S_ISDIR(mode):
        raise ImageError("it is a folder", hint="name the pictures in it")
    if not stat.S_ISREG(mode):
        # Opening a pipe waits for its writer, and a device may go on for ever.
        raise ImageError(
            "it is not a regular file", hint="copy the picture into a file, or give - and pipe it in"
        )
    with file.open("rb") as stream:
        start = stream.read(LONGEST)
    if not start:
        raise ImageError("it is empty", hint="copy or export it again")
    return import_module(f"filterlab.images.formats.{decoder_of(start)}")
