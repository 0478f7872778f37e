"""Reading pictures: by what is in the file, not by its name.

Decided: alpha is left out unless asked for, the colours beneath it stay as they are; palettes become RGB; CMYK becomes
RGB by (1 - c)(1 - k), without colour management; unsigned whole numbers become [0, 1] by their greatest value, floats
and signed numbers stay as they are, NaN and infinity too. Each decoder is a module with `read` and `count_pages`.
"""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np

from filterlab.errors import ImageError
from filterlab.images.decoded import Picture, Reading

IMAGE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif"),
    *(".tif", ".tiff", ".npy", ".pgm", ".ppm", ".pnm"),
)


class DamageWarning(UserWarning):
    """A picture was read although its file is damaged where that changes no pixel, or may have changed some."""


def read_image(path: str | Path, *, alpha: bool = False, page: int = 1) -> Picture:
    """A picture file as float32 (C, H, W), upright as its EXIF orientation says.

    C = 1 for grey and 3 for RGB, in [0, 1]; with `alpha`, one channel more where the file has it. Float TIFF and
    .npy hold any numbers and any C. A .npy array is (H, W), (C, H, W), or (H, W, C) with C of 1, 3 or 4.
    page: which page of a TIFF or frame of an animation, from 1. Warns with DamageWarning where the file is damaged
    but can be read. Raises ImageError for a missing, broken or huge file, and for one that is no picture.
    """
    reading = read_picture(path, alpha=alpha, page=page)
    for remark in reading.remarks:
        warnings.warn(f"{path}: {remark}", DamageWarning, stacklevel=2)
    return reading.values


def read_picture(path: str | Path, *, alpha: bool = False, page: int = 1) -> Reading:
    """As `read_image`, with the number of pages in the file and remarks on its damage beside the values."""
    if not isinstance(path, str | os.PathLike):
        raise ImageError(f"{path!r} is no path of a file", "read_image", "give a string or a pathlib.Path")
    file = Path(path)
    with _explained(file):
        reading = _decoder(file).read(file, alpha, page)
        if 0 in reading.values.shape:
            raise ImageError("it has no pixels", str(file), "export it again")
        values = np.ascontiguousarray(reading.values, dtype=np.float32)
        return Reading(values, reading.pages, reading.remarks)


def count_pages(path: str | Path) -> int:
    """How many pages or frames `read_image` can give of a file, without decoding them. Raises ImageError."""
    file = Path(path)
    with _explained(file):
        pages: int = _decoder(file).count_pages(file)
        return pages


def _decoder(file: Path) -> ModuleType:
    """The module that reads what the file's first bytes announce."""
    if not stat.S_ISREG(file.stat().st_mode) and not file.is_dir():
        # A pipe or a device may wait, or go on, for ever.
        raise ImageError(
            "it is not a regular file", hint="copy the picture into a file, or give - and pipe it in"
        )
    with file.open("rb") as stream:
        start = stream.read(32)
    if not start:
        raise ImageError("it is empty", hint="copy or export it again")
    if start.startswith(b"\x93NUMPY"):
        from filterlab.images import npy

        return npy
    if start[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        from filterlab.images import tiff

        return tiff
    from filterlab.images import raster

    return raster


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Whatever goes wrong, as one ImageError that names the file."""
    try:
        yield
    except ImageError as error:
        raise ImageError(error.what, str(file), error.hint) from None
    except FileNotFoundError:
        raise ImageError("there is no such file", str(file), "check the name") from None
    except IsADirectoryError:
        raise ImageError("it is a folder", str(file), "name the pictures in it") from None
    except PermissionError:
        raise ImageError("it may not be read", str(file), "check its permissions") from None
    except MemoryError:
        raise ImageError("there is not enough memory for it", str(file), "use a smaller picture") from None
    except Exception as error:  # decoders raise anything at all on broken bytes
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "it may be broken or cut short; export it again"
        raise ImageError(f"it cannot be decoded: {reason}", str(file), hint) from None
