"""Numbers and pictures as text inside a page."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.images.display import colorize, display_range


def packed(values: Any) -> dict[str, str]:
    """An array in the fewest bytes that keep every digit: whole numbers, float32 where that is exact, else float64."""
    array = np.ascontiguousarray(values)
    if array.dtype.kind in "biu":
        return _text("i4", array.astype("<i4"))
    with np.errstate(over="ignore", invalid="ignore"):
        small = array.astype("<f4")
    if np.array_equal(small.astype(array.dtype), array, equal_nan=True):
        return _text("f4", small)
    return _text("f8", array.astype("<f8"))


def _text(kind: str, array: NDArray[Any]) -> dict[str, str]:
    return {"kind": kind, "bytes": b64encode(array.tobytes()).decode("ascii")}


def picture_uri(values: NDArray[Any]) -> str:
    """A picture (C, H, W) in [0, 1] as a PNG of 8 bits. Of a number of channels other than 1 and 3, the first."""
    shown = values if len(values) == 3 else values[0]
    return png_uri(colorize(shown, 0.0, 1.0, "gray"))


def preview_uri(plane: NDArray[Any], most: int) -> tuple[str, tuple[int, int]]:
    """A map (H, W) in its colours as a PNG whose longer side is at most `most`, and that PNG's (height, width)."""
    low, high = display_range(plane)
    step = -(-max(plane.shape) // most)
    # Each pixel shows one cell: a mean would show values that the map does not have.
    first, left = (min(step // 2, n - 1) for n in plane.shape)
    shown = plane[first::step, left::step]
    pixels = colorize(shown, low, high, "RdBu_r" if low < 0 else "gray")
    return png_uri(pixels), (int(shown.shape[0]), int(shown.shape[1]))


def png_uri(pixels: NDArray[Any]) -> str:
    """Pixels as the address of a PNG that stands in the address itself."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", optimize=True)
    return f"data:image/png;base64,{b64encode(stream.getvalue()).decode('ascii')}"
