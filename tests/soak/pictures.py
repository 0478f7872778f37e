"""The small pictures that whole files are made of: smooth parts, noise and edges, so that coders use all they have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Whole:
    """An undamaged file, and the pages it was made of as (C, H, W): () where only another library can tell them."""

    data: bytes
    pages: tuple[Any, ...] = ()
    lossy: bool = False


def whole(data: bytes, *pages: Any, lossy: bool = False) -> Whole:
    """A file made of these arrays, (H, W) or (H, W, C) each."""
    return Whole(data, tuple(map(as_planes, pages)), lossy)


def as_planes(pixels: Any, greatest: float | None = None) -> Any:
    """(C, H, W) of (H, W) or (H, W, C). Unsigned numbers become fractions of the greatest of their type."""
    planes = pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
    if planes.dtype.kind == "u":
        return planes / np.float64(greatest or np.iinfo(planes.dtype).max)
    return planes.astype(np.float64)


@cache
def rgb(side: int = 24, seed: int = 1) -> Any:
    """(side, side + 7, 3), uint8."""
    rng = np.random.default_rng(seed)
    rows, cols = np.mgrid[:side, : side + 7]
    planes = [rows * 8 % 256, cols * 6 % 256, (rows > cols) * 180 + rng.integers(0, 60, rows.shape)]
    return np.stack(planes, -1).astype(np.uint8)


def grey(side: int = 24) -> Any:
    """(side, side + 7), uint8."""
    return rgb(side)[..., 2]


def wide(side: int = 24) -> Any:
    """(side, side + 7), uint16: both bytes say something."""
    return (rgb(side)[..., 0].astype(np.uint16) << 8) | rgb(side)[..., 2]


def rgba(side: int = 24) -> Any:
    """(side, side + 7, 4), uint8."""
    return np.dstack([rgb(side), grey(side)])


def inked(ink: Any) -> Any:
    """(H, W, 3) of (H, W, 4) CMYK in uint8, without colour management."""
    cmyk = ink / 255
    return (1 - cmyk[..., :3]) * (1 - cmyk[..., 3:])


def upright(pixels: Any) -> Any:
    """A picture stored with the orientation of `exif`, as it is meant."""
    return np.rot90(pixels, -1)


def with_hole(pixels: Any, hole: Any) -> Any:
    """A picture of uint8 with an alpha that is 0 in the hole."""
    return np.dstack([pixels, np.where(hole, 0, 255).astype(np.uint8)])


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    """The file that Pillow makes of it."""
    stream = BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def frames(mode: str = "RGB", count: int = 3) -> list[Image.Image]:
    """Pictures that move."""
    return [Image.fromarray(np.roll(rgb(), 4 * i, 1)).convert(mode) for i in range(count)]


def exif(orientation: int = 6) -> bytes:
    """An EXIF block that turns the picture."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010E] = "a description"
    return block.tobytes()
