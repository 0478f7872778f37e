"""Reading pictures: by what is in the file, not by its name.

Decided: of animations the first frame; alpha is left out unless asked for, the colours beneath it stay as they are;
palettes become RGB; CMYK becomes RGB by (1 - c)(1 - k), without colour management; unsigned whole numbers become
[0, 1] by their greatest value, floats and signed numbers stay as they are, NaN and infinity too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError

Picture = NDArray[np.float32]

IMAGE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif"),
    *(".tif", ".tiff", ".npy", ".pgm", ".ppm", ".pnm"),
)
MAX_VALUES = 1 << 30  # 4 GiB of float32: what a file may ask of memory before anything is decoded

_PILLOW_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "PPM")
_FORMATS = "PNG, JPEG, WebP, BMP, GIF, PNM, TIFF and .npy are read"


def read_image(path: str | Path, *, alpha: bool = False) -> Picture:
    """A picture file as float32 (C, H, W), upright as its EXIF orientation says.

    C = 1 for grey and 3 for RGB, in [0, 1]; with `alpha`, one channel more where the file has it. Float TIFF and
    .npy hold any numbers and any C. A .npy array is (H, W), (C, H, W), or (H, W, C) with C of 1, 3 or 4.
    Raises ImageError for a missing, broken or huge file, and for one that is no picture.
    """
    if not isinstance(path, str | os.PathLike):
        raise ImageError(f"{path!r} is no path of a file", "read_image", "give a string or a pathlib.Path")
    file = Path(path)
    with _explained(file):
        decoded = _decode(file, alpha)
        if 0 in decoded.shape:
            raise ImageError("it has no pixels", str(file), "export it again")
        return np.ascontiguousarray(decoded, dtype=np.float32)


def _decode(file: Path, alpha: bool) -> NDArray[Any]:
    with file.open("rb") as stream:
        start = stream.read(32)
    if not start:
        raise ImageError("it is empty", hint="copy or export it again")
    if start.startswith(b"\x93NUMPY"):
        return _read_npy(file)
    if start[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        from filterlab.images.tiff import read_tiff

        return read_tiff(file, alpha)
    if start.startswith(b"\x89PNG") and start[24:25] == b"\x10" and start[25:26] in b"\x02\x04\x06":
        return _read_png(file, alpha)
    return _read_pillow(file, alpha)


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


def check_size(*shape: int) -> None:
    """Raise ImageError for a picture that would take too much memory, before it is decoded."""
    count = int(np.prod([int(n) for n in shape], dtype=object))
    if count > MAX_VALUES:
        size = " x ".join(str(n) for n in shape)
        raise ImageError(f"it holds {size} values, more than {MAX_VALUES:,}", hint="cut it into parts first")


def scaled(values: NDArray[Any], greatest: float | None = None) -> NDArray[Any]:
    """Numbers of a file as float32: unsigned whole ones over the greatest of their type (or `greatest`).

    Raises ImageError for complex numbers, text and objects.
    """
    kind = values.dtype.kind
    if kind == "b":
        return values.astype(np.float32)
    if kind == "u":
        top = np.iinfo(values.dtype).max if greatest is None else greatest
        if values.dtype.itemsize > 2:
            return (values / top).astype(np.float32)  # float32 has not the digits to divide in
        return np.divide(values, np.float32(top), dtype=np.float32)
    if kind not in "if":
        raise ImageError(f"it holds {values.dtype}, not real numbers", hint="save the real part")
    with np.errstate(over="ignore"):  # beyond float32 is infinity
        return values.astype(np.float32)


def split_alpha(values: NDArray[Any], alpha: bool) -> NDArray[Any]:
    """(C, H, W) whose last channel is alpha, without it unless asked for."""
    return values if alpha else values[:-1]


# -- .npy -------------------------------------------------------------------------------------------------


def _read_npy(file: Path) -> NDArray[Any]:
    try:
        # Mapped, so that a header that promises more than the file holds is found before memory is taken.
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        if "object" not in str(error):
            raise
        hint = "such files can run programs; save an array of numbers"
        raise ImageError("it holds Python objects, which are never loaded", hint=hint) from None
    check_size(*array.shape)
    if array.ndim == 4 and array.shape[0] == 1:
        array = array[0]
    if array.ndim == 2:
        array = array[None]
    if array.ndim != 3:
        hint = "give (H, W), (C, H, W) or (H, W, C)"
        raise ImageError(f"it is an array of {array.ndim} axes", hint=hint)
    return scaled(np.asarray(_channels_first(array)))


def _channels_first(array: NDArray[Any]) -> NDArray[Any]:
    """(H, W, C) is told from (C, H, W) by its short last axis and its two long ones."""
    few = (1, 3, 4)
    if array.shape[2] in few and array.shape[0] not in few and array.shape[1] > 4:
        return array.transpose(2, 0, 1)
    return array


# -- everything that Pillow reads --------------------------------------------------------------------------


def _read_pillow(file: Path, alpha: bool) -> NDArray[Any]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # check_size below is the limit; Pillow's own would print a warning first
    try:
        with Image.open(file, formats=_PILLOW_FORMATS) as image:
            check_size(len(image.getbands()), image.height, image.width)
            if image.format == "PPM" and image.tile[0][0] == "ppm":
                return _read_binary_pnm(file, image)
            grey = image.mode == "1" or image.mode[0] in "LI"
            if alpha and grey and image.format == "PNG" and "transparency" in image.info:
                return _read_png(file, alpha)  # Pillow does not scale the transparent level with the others
            upright = ImageOps.exif_transpose(image)
            return _pixels(upright if upright is not None else image, alpha)
    except UnidentifiedImageError:
        raise ImageError("it is not a picture", hint=_FORMATS) from None


def _pixels(image: Any, alpha: bool) -> NDArray[Any]:
    """(C, H, W) float32 of a Pillow image in any mode."""
    mode = image.mode
    if mode.startswith("I;16"):
        return scaled(np.asarray(image).astype(np.uint16))[None]
    if mode == "I":
        return scaled(np.asarray(image).astype(np.uint32), 65535)[None]  # a 16-bit file that Pillow widened
    if mode == "F":
        return np.asarray(image)[None]
    transparent = "A" in mode or "a" in mode or "transparency" in image.info
    grey_palette = mode == "P" and _grey_palette(image)
    if mode in ("1", "L") or (grey_palette and not transparent):
        return scaled(np.asarray(image.convert("L")))[None]
    if mode in ("LA", "La") or grey_palette:
        return split_alpha(scaled(np.asarray(image.convert("LA"))).transpose(2, 0, 1), alpha)
    if mode == "CMYK":
        return cmyk_to_rgb(scaled(np.asarray(image)).transpose(2, 0, 1))
    if transparent:
        return split_alpha(scaled(np.asarray(image.convert("RGBA"))).transpose(2, 0, 1), alpha)
    return scaled(np.asarray(image.convert("RGB"))).transpose(2, 0, 1)


def _grey_palette(image: Any) -> bool:
    """Whether a palette holds greys alone, as those of grey GIF files do."""
    return not np.ptp(np.reshape(image.getpalette("RGB"), (-1, 3)), axis=1).any()


def cmyk_to_rgb(ink: NDArray[Any]) -> NDArray[Any]:
    """(4, H, W) in [0, 1] as (3, H, W): (1 - c)(1 - k)."""
    rgb: NDArray[Any] = (1 - ink[:3]) * (1 - ink[3:4])
    return rgb


def _read_binary_pnm(file: Path, image: Any) -> NDArray[Any]:
    """PPM and PGM of any greatest value, which Pillow would bring to 8 bits, or to 65535."""
    _, box, offset, (_, greatest) = image.tile[0]
    shape = box[3], box[2], len(image.getbands())
    kind = np.dtype(">u2" if greatest > 255 else "u1")
    values = np.frombuffer(file.read_bytes(), kind, prod(shape), offset).reshape(shape)
    return scaled(values, float(greatest)).transpose(2, 0, 1)


def _read_png(file: Path, alpha: bool) -> NDArray[Any]:
    """PNG as it is: Pillow would cut several channels of 16 bits to 8 bits."""
    from PIL import Image

    from filterlab.images.tiff import oriented

    with Image.open(file, formats=("PNG",)) as image:
        check_size(len(image.getbands()), image.height, image.width)
        orientation = int(image.getexif().get(0x0112, 1))
    import imagecodecs

    pixels = imagecodecs.png_decode(file.read_bytes())
    values = oriented(scaled(pixels).transpose(2, 0, 1), orientation)
    return values if len(values) in (1, 3) else split_alpha(values, alpha)
