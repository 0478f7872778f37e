"""Colours in other spaces: grey by luminance, HSV, and CIE Lab of sRGB under D65.

x is (3, H, W) or (N, 3, H, W) of any real values: nothing is clipped, and what lies outside the gamut stays there.
Formulas and constants are those of scikit-image's `color`; sources: IEC 61966-2-1, ITU-R BT.601 and BT.709, Smith 1978.
Raises ChannelError for another number of channels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from filterlab.errors import ChannelError, ParameterError
from filterlab.functional.arrays import Array, as_maps, map_gradient, unbatch
from filterlab.functional.threads import by_rows
from filterlab.text.messages import say

__all__ = [
    "grayscale",
    "grayscale_backward",
    "hsv_to_rgb",
    "hsv_to_rgb_backward",
    "lab_to_rgb",
    "lab_to_rgb_backward",
    "rgb_to_hsv",
    "rgb_to_hsv_backward",
    "rgb_to_lab",
    "rgb_to_lab_backward",
]

LUMINANCE = {"rec601": (0.299, 0.587, 0.114), "rec709": (0.2125, 0.7154, 0.0721)}
XYZ_OF_RGB = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])  # D65, seen under 2 degrees
# From linear light to X, Y and Z as parts of the white, and back.
PARTS_OF_LIGHT = XYZ_OF_RGB / WHITE[:, None]
LIGHT_OF_PARTS = np.linalg.inv(PARTS_OF_LIGHT)
DARK, BEND = 0.008856, 7.787  # below this part of the white, the cube root is a line of this slope

Planes = Sequence[Any]  # one array, or one number, for each channel
Derivatives = Sequence[Sequence[Any]]  # of each result with respect to each of the three channels


def need_three(channels: int, operation: str) -> None:
    """Raise ChannelError unless there are three channels."""
    if channels != 3:
        what = say("it is given {} channel(s) and takes {}", channels, 3)
        raise ChannelError(
            what, operation, "it takes red, green and blue, or another three that make a colour"
        )


def _applied(x: Any, operation: str, function: Callable[[Planes], Planes]) -> Array:
    maps = as_maps(x, operation)
    need_three(maps.shape[1], operation)
    with np.errstate(all="ignore"):  # NaN and infinities are values here
        y = by_rows(lambda rows: np.stack(function(_planes(rows)), axis=1), maps)
    return unbatch(y, x)


def _applied_backward(dy: Any, x: Any, operation: str, derivatives: Callable[[Planes], Derivatives]) -> Array:
    maps = as_maps(x, operation)
    need_three(maps.shape[1], operation)
    slopes = map_gradient(dy, x, maps, maps.shape, operation)

    def each(given: Array, rows: Array) -> Array:
        table, upstream = derivatives(_planes(rows)), _planes(given)
        columns = [sum(upstream[i] * table[i][j] for i in range(3)) for j in range(3)]
        return np.stack(columns, axis=1)

    with np.errstate(all="ignore"):
        return unbatch(by_rows(each, slopes, maps), x)


def _planes(maps: Array) -> list[Array]:
    return [maps[:, channel] for channel in range(3)]


# -- grey ---------------------------------------------------------------------------------------------------


def luminance(standard: str) -> tuple[float, float, float]:
    """The weights of red, green and blue. Raises ParameterError for a name that is none of `LUMINANCE`."""
    if standard not in LUMINANCE:
        hint = say("it is one of {}", ", ".join(LUMINANCE))
        raise ParameterError(say("{} is {!r}", "standard", standard), "grayscale", hint, parameter="standard")
    return LUMINANCE[standard]


def grayscale(x: Any, standard: str = "rec601") -> Array:
    """The luminance (1, H, W) or (N, 1, H, W) of a picture: a weighted sum of red, green and blue.

    standard: "rec601", as OpenCV and Pillow, or "rec709", as scikit-image.
    """
    maps = as_maps(x, "grayscale")
    need_three(maps.shape[1], "grayscale")
    red, green, blue = (maps[:, i : i + 1] * maps.dtype.type(w) for i, w in enumerate(luminance(standard)))
    return unbatch(red + green + blue, x)


def grayscale_backward(dy: Any, x: Any, standard: str = "rec601") -> Array:
    """Gradient of `grayscale`."""
    maps = as_maps(x, "grayscale_backward")
    need_three(maps.shape[1], "grayscale_backward")
    one = (maps.shape[0], 1, *maps.shape[2:])
    weights = np.array(luminance(standard), maps.dtype).reshape(1, 3, 1, 1)
    return unbatch(map_gradient(dy, x, maps, one, "grayscale_backward") * weights, x)


# -- hue, saturation, value ---------------------------------------------------------------------------------


def rgb_to_hsv(x: Any) -> Array:
    """Hue in turns (0 red, 1/3 green, 2/3 blue), saturation and value; for grey hue and saturation are 0."""
    return _applied(x, "rgb_to_hsv", _hsv)


def rgb_to_hsv_backward(dy: Any, x: Any) -> Array:
    """Gradient of `rgb_to_hsv`; 0 for the hue of grey."""
    return _applied_backward(dy, x, "rgb_to_hsv_backward", _hsv_derivatives)


def _sectors(planes: Planes) -> tuple[Array, Array, Array]:
    """(which channel is the greatest, which the least, their distance)."""
    together = np.stack(planes)
    high, low = together.argmax(axis=0), together.argmin(axis=0)
    return high, low, together.max(axis=0) - together.min(axis=0)


def _hsv(planes: Planes) -> Planes:
    red, green, blue = planes
    high, _, distance = _sectors(planes)
    value = np.maximum(np.maximum(red, green), blue)
    grey = distance == 0
    # Each in sixths of a turn from the hue of its greatest channel.
    ahead = np.choose(high, (green - blue, blue - red, red - green)) / np.where(grey, 1, distance)
    hue = np.where(grey, 0 * ahead, ((2 * high + ahead) / 6) % 1).astype(value.dtype)
    saturation = np.where(grey, 0 * distance, distance / value)
    return hue, saturation, value


def _hsv_derivatives(planes: Planes) -> Derivatives:
    high, low, distance = _sectors(planes)
    value = np.choose(high, planes)
    grey = distance == 0
    span = np.where(grey, 1, distance)
    turned = [np.choose(high, [planes[(i + j) % 3] for i in range(3)]) for j in (1, 2)]
    ahead = (turned[0] - turned[1]) / span
    table: list[list[Array]] = [[], [], []]
    for channel in range(3):
        is_high, is_low = (high == channel).astype(value.dtype), (low == channel).astype(value.dtype)
        # The distance of the channel from the greatest one, counted upwards: 1 stands first in the numerator.
        after = (channel - high) % 3
        sign = (after == 1).astype(value.dtype) - (after == 2)
        hue = (sign - ahead * (is_high - is_low)) / (6 * span)
        saturation = is_high * (value - distance) / value**2 - is_low / value
        table[0].append(np.where(grey, 0, hue))
        table[1].append(np.where(value == 0, 0, saturation))
        table[2].append(is_high)
    return table


def hsv_to_rgb(x: Any) -> Array:
    """Red, green and blue of hue in turns (any number), saturation and value.

    v - v s max(0, min(k, 4 - k, 1)) with k = (n + 6 h) mod 6, n = 5, 3, 1 for red, green, blue.
    """
    return _applied(x, "hsv_to_rgb", _rgb_of_hsv)


def hsv_to_rgb_backward(dy: Any, x: Any) -> Array:
    """Gradient of `hsv_to_rgb`."""
    return _applied_backward(dy, x, "hsv_to_rgb_backward", _rgb_of_hsv_derivatives)


def place_in_turn(hue: Any, channel: int) -> Any:
    """k = (n + 6 h) mod 6 of `hsv_to_rgb`."""
    return ((5, 3, 1)[channel] + 6 * hue) % 6


def _rgb_of_hsv(planes: Planes) -> Planes:
    hue, saturation, value = planes
    places = (place_in_turn(hue, channel) for channel in range(3))
    return [value - value * saturation * np.clip(np.minimum(k, 4 - k), 0, 1) for k in places]


def _rgb_of_hsv_derivatives(planes: Planes) -> Derivatives:
    hue, saturation, value = planes
    table = []
    for channel in range(3):
        k = place_in_turn(hue, channel)
        away = np.clip(np.minimum(k, 4 - k), 0, 1)
        slope = 6 * (((k > 0) & (k < 1)).astype(value.dtype) - ((k > 3) & (k < 4)))
        table.append([-value * saturation * slope, -value * away, 1 - saturation * away])
    return table


# -- CIE Lab ------------------------------------------------------------------------------------------------


def rgb_to_lab(x: Any) -> Array:
    """L from 0 to 100, a (green to red) and b (blue to yellow) of sRGB under D65."""
    return _applied(x, "rgb_to_lab", _lab)


def rgb_to_lab_backward(dy: Any, x: Any) -> Array:
    """Gradient of `rgb_to_lab`."""
    return _applied_backward(dy, x, "rgb_to_lab_backward", _lab_derivatives)


def light(code: Any) -> Any:
    """Linear light of a value of sRGB."""
    return np.where(code > 0.04045, ((code + 0.055) / 1.055) ** 2.4, code / 12.92)


def root(part: Any) -> Any:
    """The cube root of a part of the white, and a line near black."""
    return np.where(part > DARK, np.cbrt(part), BEND * part + 16 / 116)


def _mixed(matrix: Array, planes: Planes) -> list[Array]:
    return [sum(weight * plane for weight, plane in zip(row.tolist(), planes, strict=True)) for row in matrix]


def parts_of_white(planes: Planes) -> list[Array]:
    """X, Y and Z of the planes red, green and blue, as parts of those of the white."""
    return _mixed(PARTS_OF_LIGHT, [light(plane) for plane in planes])


def _lab(planes: Planes) -> Planes:
    x, y, z = map(root, parts_of_white(planes))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _lab_derivatives(planes: Planes) -> Derivatives:
    x, y, z = (np.where(part > DARK, np.cbrt(part) ** -2 / 3, BEND) for part in parts_of_white(planes))
    table: list[list[Array]] = [[], [], []]
    for channel, code in enumerate(planes):
        slope = np.where(code > 0.04045, ((code + 0.055) / 1.055) ** 1.4 * (2.4 / 1.055), 1 / 12.92)
        dx, dy, dz = (
            root_slope * float(weight) * slope
            for root_slope, weight in zip((x, y, z), PARTS_OF_LIGHT[:, channel], strict=True)
        )
        for row, found in zip(table, (116 * dy, 500 * (dx - dy), 200 * (dy - dz)), strict=True):
            row.append(found)
    return table


def lab_to_rgb(x: Any) -> Array:
    """sRGB of CIE Lab under D65; colours that no screen shows lie outside 0..1."""
    return _applied(x, "lab_to_rgb", lambda planes: [code(linear) for linear in linear_light(planes)])


def lab_to_rgb_backward(dy: Any, x: Any) -> Array:
    """Gradient of `lab_to_rgb`."""
    return _applied_backward(dy, x, "lab_to_rgb_backward", _rgb_of_lab_derivatives)


def code(linear: Any) -> Any:
    """The value of sRGB for linear light."""
    bright = 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055
    return np.where(linear > 0.0031308, bright, 12.92 * linear)


def linear_light(planes: Planes) -> list[Array]:
    """Linear red, green and blue of the planes L, a and b."""
    return _mixed(LIGHT_OF_PARTS, [_part(third) for third in _thirds(planes)])


def _thirds(planes: Planes) -> tuple[Array, Array, Array]:
    middle = (planes[0] + 16) / 116
    return planes[1] / 500 + middle, middle, middle - planes[2] / 200


def _part(third: Array) -> Array:
    return np.where(third > BEND * DARK + 16 / 116, third**3, (third - 16 / 116) / BEND)


def _rgb_of_lab_derivatives(planes: Planes) -> Derivatives:
    slopes = [np.where(t > BEND * DARK + 16 / 116, 3 * t**2, 1 / BEND) for t in _thirds(planes)]
    table = []
    for row, linear in zip(LIGHT_OF_PARTS.tolist(), linear_light(planes), strict=True):
        bright = np.maximum(linear, 0.0031308) ** (1 / 2.4 - 1) * (1.055 / 2.4)
        outer = np.where(linear > 0.0031308, bright, 12.92)
        x, y, z = (weight * slope * outer for weight, slope in zip(row, slopes, strict=True))
        table.append([(x + y + z) / 116, x / 500, z / -200])
    return table
