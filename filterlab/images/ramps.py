"""Colour maps of our own: through given colours, in steps that look alike, with zero exactly at one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Colours from the least value to the largest. Zero is the ground of the theme: the first colour of a sequential map,
# the middle one of a signed map, whose neighbours are vivid so that small values are told from zero, and their signs
# apart. Tests hold them apart for people with each kind of colour blindness.
RAMPS: dict[str, tuple[str, ...]] = {
    "signed-light": ("#0b3c7d", "#4a90d9", "#b9d9ff", "#fbfbf9", "#ffc4ae", "#e0653f", "#7a1210"),
    "signed-dark": ("#9fd4ff", "#2f7fd6", "#123a6b", "#14161a", "#6e2a14", "#dd5a34", "#ffd7a8"),
    "sequential-light": ("#fbfbf9", "#b7d3cf", "#5a9ba1", "#1f5a73", "#0c2d48"),
    "sequential-dark": ("#14161a", "#3b2f63", "#8b3f77", "#e07650", "#fdf0b0"),
}
_STEPS = 64  # between two of the colours, when the curve through them is measured

# B. Ottosson, "A perceptual color space for image processing", 2020: linear sRGB to cone responses, and their cube
# roots to lightness and two opponent colours.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OPPONENTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def ramp_table(name: str, entries: int) -> NDArray[np.float32]:
    """The colour map `name` of RAMPS as (entries, 3) sRGB in [0, 1]; of a signed one, entry entries // 2 is zero."""
    colors = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in RAMPS[name]])
    if not name.startswith("signed"):
        return _even(colors, entries)
    # Two arms that meet at zero: were the table of an even length sampled as a whole, no entry would be the ground.
    half, middle = entries // 2, len(colors) // 2
    below = _even(colors[middle::-1], half + 1)[:0:-1]
    return np.concatenate([below, _even(colors[middle:], entries - half)])


def _even(colors: NDArray[np.float64], entries: int) -> NDArray[np.float32]:
    """The curve through sRGB colours in Oklab, at places whose lightness changes by equal steps."""
    stops = _oklab(colors)
    at = np.linspace(0, len(stops) - 1, (len(stops) - 1) * _STEPS + 1)
    curve = np.stack([np.interp(at, np.arange(len(stops)), axis) for axis in stops.T], axis=1)
    light = curve[:, 0] if curve[-1, 0] > curve[0, 0] else -curve[:, 0]
    wanted = np.linspace(light[0], light[-1], entries)
    return _srgb(np.stack([np.interp(wanted, light, axis) for axis in curve.T], axis=1))


def _oklab(colors: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    lab: NDArray[np.float64] = np.cbrt(linear @ _CONES.T) @ _OPPONENTS.T
    return lab


def _srgb(lab: NDArray[np.float64]) -> NDArray[np.float32]:
    linear = (lab @ np.linalg.inv(_OPPONENTS).T) ** 3 @ np.linalg.inv(_CONES).T
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.clip(encoded, 0, 1).astype(np.float32)
