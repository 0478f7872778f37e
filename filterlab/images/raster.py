"""Reading everything that Pillow decodes, and what it would decode with fewer bits than the file has."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Reading, check_size, cmyk_to_rgb, oriented, scaled, split_alpha

_PILLOW_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "PPM")
_FORMATS = "PNG, JPEG, WebP, BMP, GIF, PNM, TIFF and .npy are read"


def count_pages(file: Path) -> int:
    """The frames of an animation; 1 for every other picture."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """One frame. Raises ImageError, and what Pillow and imagecodecs raise on broken bytes."""
    with file.open("rb") as stream:
        start = stream.read(32)
    if start.startswith(b"\x89PNG") and start[24:25] == b"\x10" and start[25:26] in b"\x02\x04\x06":
        return Reading(_read_png(file, alpha))
    return Reading(_read_pillow(file, alpha))


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

    with Image.open(file, formats=("PNG",)) as image:
        check_size(len(image.getbands()), image.height, image.width)
        orientation = int(image.getexif().get(0x0112, 1))
    import imagecodecs

    pixels = imagecodecs.png_decode(file.read_bytes())
    values = oriented(scaled(pixels).transpose(2, 0, 1), orientation)
    return values if len(values) in (1, 3) else split_alpha(values, alpha)
