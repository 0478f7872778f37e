"""Kernels as pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.explain.drawing.sights import NumberPlane, Sight
from filterlab.explain.local_kernel import LocalKernel
from filterlab.images.display import colorize, display_range
from filterlab.images.sheet import SheetTile, contact_sheet

_RGB = ("red", "green", "blue")


def sight_sheet(seen: Sight) -> NDArray[np.uint8]:
    """All planes of a sight as RGB pixels (H, W, 3), with their titles and the range that they share."""
    shown = f"{seen.range[0]:.4g} to {seen.range[1]:.4g}"
    return contact_sheet(
        [
            SheetTile(
                colorize(plane.values, *seen.range, seen.colormap).astype(np.uint8, copy=False),
                plane.title,
                shown,
            )
            for plane in seen.planes
        ]
    )


def _place(plane: NumberPlane) -> str:
    return "" if plane.place is None else f"{plane.place[0]}, {plane.place[1]}"


def kernel_sheet(found: LocalKernel) -> NDArray[np.uint8]:
    """The weights of a kernel as RGB pixels (H, W, 3): a tile for each channel, all in one range around zero."""
    shown = display_range(found.kernel, "symmetric")
    planes: Any = found.kernel if found.kernel.size else np.zeros((len(found.kernel), 1, 1))
    names = _RGB if len(planes) == 3 else tuple(map(str, range(len(planes))))
    tiles = []
    for plane, name in zip(planes, names, strict=True):
        pixels = colorize(plane, *shown, "BrBG").astype(np.uint8, copy=False)
        tiles.append(SheetTile(pixels, name, f"sum {plane.sum():.4g}, up to ±{shown[1]:.4g}"))
    return contact_sheet(tiles)
