"""Writing maps: as shown (PNG, JPEG, WebP, BMP) or as numbers (.npy, float TIFF). Files appear whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.files import atomic_write
from filterlab.images.display import Range, colorize, display_range
from filterlab.images.png import USUAL, encode_png
from filterlab.text.messages import say

NUMBER_SUFFIXES = (".npy", ".tif", ".tiff")
PIXEL_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
_LONGEST_SIDE = {".jpg": 65_500, ".jpeg": 65_500, ".webp": 16_383}  # limits of the formats' encoders


def write_image(
    path: str | Path,
    map2d: Any,
    range: Range = "auto",
    colormap: str = "gray",
    bits: int = 8,
    *,
    level: int = USUAL,
    overwrite: bool = True,
) -> tuple[float, float]:
    """Write a map (H, W) or (1, H, W), or a picture (3, H, W), as the suffix of `path` says; return the range shown.

    .png (8 or 16 bits), .jpg, .webp and .bmp show the map in `range` and `colormap`, and a PNG keeps both in its text.
    .tif, .tiff and .npy hold the numbers themselves, of any number of channels, whatever the range and colour map.
    range: "auto" (0..1 for a picture, else symmetric about zero where there are negative values, else 0..max),
    "symmetric" or (lo, hi). Raises ImageError, FileError, ParameterError.
    """
    target = Path(path)
    values = _real(map2d)
    picture = values.ndim == 3 and len(values) == 3
    # Also for files of numbers, which do not need it: a wrong range is an error whatever the suffix is.
    shown = display_range(values, range, picture=picture)
    if target.suffix.lower() in NUMBER_SUFFIXES:
        write_array(target, values, overwrite=overwrite)
        return shown
    # After the files of numbers: those keep the axis that the caller gave.
    if values.ndim == 3 and len(values) == 1:
        values = values[0]
    if not picture and values.ndim != 2:
        hint = say("write its channels one by one, or as .npy or .tiff")
        raise ImageError(say("a map of {} channel(s) is not a picture", values.shape[0]), str(target), hint)
    pixels = colorize(values, *shown, colormap, bits)
    text = {"range": f"{shown[0]!r},{shown[1]!r}"}
    write_pixels(
        target, pixels, text if picture else {**text, "colormap": colormap}, level=level, overwrite=overwrite
    )
    return shown


def _real(values: Any) -> NDArray[Any]:
    """Real numbers as an array of two or three axes. Raises ImageError for anything else."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ImageError("its rows differ in length", hint="give (H, W) or (C, H, W)") from None
    if array.ndim not in (2, 3) or 0 in array.shape or array.dtype.kind not in "biuf":
        raise ImageError(
            say("an array of shape {} and type {} is not a map", array.shape, array.dtype),
            hint="give (H, W) or (C, H, W)",
        )
    return array


def write_array(path: str | Path, values: Any, *, overwrite: bool = True) -> None:
    """Write a map (C, H, W) or a vector, every number as it is, as .npy, .tif or .tiff.

    float64 stays float64 in .npy and becomes float32 in TIFF. Raises ImageError for another suffix, FileError.
    """
    target, array = Path(path), np.asarray(values)
    suffix = target.suffix.lower()
    if suffix not in NUMBER_SUFFIXES:
        raise ImageError(
            say("the suffix {!r} holds no numbers", suffix), str(target), "use .npy, .tif or .tiff"
        )
    # Written directly: encoded first, there would be a second copy of what may be half of the memory.
    if suffix == ".npy":
        with atomic_write(target, overwrite=overwrite) as temporary, temporary.open("wb") as file:
            # Given a file of its own, NumPy hides why it cannot be written: a full disk has no number in its error.
            np.save(SimpleNamespace(write=file.write), array, allow_pickle=False)
        return
    # Encoded first, so that a process that is killed while it computes leaves no temporary file.
    stream = io.BytesIO()
    _encode_tiff(stream, array)
    with atomic_write(target, overwrite=overwrite) as temporary:
        temporary.write_bytes(stream.getbuffer())


def _encode_tiff(stream: io.BytesIO, array: NDArray[Any]) -> None:
    import tifffile

    values = array.astype(np.float32, copy=False)
    planes = values.reshape(-1, 1, 1) if values.ndim == 1 else values.reshape(-1, *values.shape[-2:])
    # zlib with the floating-point predictor (Adobe, TIFF Technical Note 3) is lossless, and halves smooth maps.
    tifffile.imwrite(
        stream, planes, photometric="minisblack", metadata={"axes": "CYX"}, compression="zlib", predictor=True
    )


def write_pixels(
    path: str | Path,
    pixels: NDArray[Any],
    text: Mapping[str, str] | None = None,
    *,
    level: int = USUAL,
    overwrite: bool = True,
) -> None:
    """Write pixels (H, W) or (H, W, 3) of uint8, or of uint16 as PNG. A PNG holds `text`, too.

    level: of the compression of a PNG, 0 to 9, see `encode_png`.
    Raises ImageError for what the format cannot hold, and FileError.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in PIXEL_SUFFIXES:
        legal = ", ".join((*PIXEL_SUFFIXES, *NUMBER_SUFFIXES))
        raise ImageError(say("the suffix {!r} is not known", suffix), str(target), say("allowed: {}", legal))
    if pixels.dtype != np.uint8 and suffix != ".png":
        raise ImageError(say("{} holds 8 bits per channel", suffix), str(target), "use .png for 16 bits")
    longest = _LONGEST_SIDE.get(suffix, max(pixels.shape))
    if max(pixels.shape[:2]) > longest:
        what = say("{} x {} pixels are too many for {}", pixels.shape[0], pixels.shape[1], suffix)
        raise ImageError(what, str(target), say("at most {:,} a side; use .png", longest))
    encoded = encode_png(pixels, text or {}, level) if suffix == ".png" else _pillow(pixels, suffix)
    with atomic_write(target, overwrite=overwrite) as temporary:
        temporary.write_bytes(encoded)


def _pillow(pixels: NDArray[Any], suffix: str) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    # 95 for JPEG and WebP: no difference to be seen, at far fewer bytes than 100. BMP ignores it.
    Image.fromarray(pixels).save(stream, Image.registered_extensions()[suffix], quality=95)
    return stream.getvalue()
