"""Numbers to colours: the range that is shown, and the colour map."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, shown
from filterlab.images.distribution import loaded_passes
from filterlab.images.ramps import RAMPS, ramp_table
from filterlab.text.messages import say

Range = str | tuple[float, float]

# Each name with that in the library of colour maps ("" for those of our own), and the kind of values that it suits.
COLORMAPS: dict[str, tuple[str, str]] = {
    **{name: ("", "diverging" if name.startswith("signed") else "sequential") for name in RAMPS},
    "gray": ("matlab:gray", "sequential"),
    "viridis": ("bids:viridis", "sequential"),
    "magma": ("bids:magma", "sequential"),
    "inferno": ("bids:inferno", "sequential"),
    "plasma": ("bids:plasma", "sequential"),
    "cividis": ("cividis:cividis", "sequential"),
    "turbo": ("google:turbo", "sequential"),
    "hot": ("matlab:hot", "sequential"),
    "RdBu": ("colorbrewer:RdBu", "diverging"),
    "RdBu_r": ("colorbrewer:RdBu_r", "diverging"),
    "PuOr": ("colorbrewer:PuOr", "diverging"),
    "PiYG": ("colorbrewer:PiYG", "diverging"),
    "BrBG": ("colorbrewer:BrBG", "diverging"),
    "coolwarm": ("matplotlib:coolwarm", "diverging"),
    "vik": ("crameri:vik", "diverging"),
}
_PERCENTILE = "percentile"
_BAND = 1 << 15  # values
# A few of the strongest values, as of one bright edge, else take the contrast from all others.
_USUAL_PERCENTILES = (0.5, 99.5)


def parse_range(text: str) -> Range:
    """A range as the command line spells it: auto, symmetric, percentile[:LO,HI] or LO,HI. Raises ParameterError."""
    if text in ("auto", "symmetric") or _percentiles(text):
        return text
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        raise _bad_range(text) from None
    return _checked(low, high)


def _percentiles(text: str) -> tuple[float, float] | None:
    """Return the two percentiles that a range asks for; None for one that is not of percentiles.

    Raises ParameterError where they are not two numbers from 0 to 100, the lower first.
    """
    word, colon, numbers = text.partition(":")
    if word != _PERCENTILE:
        return None
    if not colon:
        return _USUAL_PERCENTILES
    try:
        low, high = (float(part) for part in numbers.split(","))
    except ValueError:
        raise _bad_range(text) from None
    if not 0 <= low < high <= 100:  # NaN, too, is not
        raise _bad_range(text)
    return low, high


def _bad_range(value: Any) -> ParameterError:
    hint = say("give auto, symmetric, percentile[:LO,HI], or the two values LO,HI, the lower first")
    return ParameterError(say("range is {}", shown(value)), "picture", hint, parameter="range")


def _checked(low: float, high: float) -> tuple[float, float]:
    if not (isfinite(low) and isfinite(high) and low < high):
        raise _bad_range((low, high))
    return low, high


def display_range(values: Any, range: Range = "auto", *, picture: bool = False) -> tuple[float, float]:
    """The values (lo, hi) for which black and white, or the ends of a colour map, stand.

    range: "auto" is 0..1 for a picture, else symmetric about zero where there are negative values, else 0..max.
    "symmetric" is -m..m with m the largest magnitude. "percentile" is from the 0.5th to the 99.5th percentile of the
    values, "percentile:LO,HI" from others; where there are negative values, -m..m with m the larger magnitude of the
    two. NaN and infinity do not count; a map of zeros gets 0..1 (or -1..1). Raises ParameterError for anything but
    these and (lo, hi).
    """
    if isinstance(range, str):
        percentiles = _percentiles(range)
        if percentiles:
            return _between_percentiles(values, *percentiles)
        if range not in ("auto", "symmetric"):
            raise _bad_range(range)
        if range == "auto" and picture:
            return 0.0, 1.0
        low, high = _extent(values)
        # A map of zeros needs some span, or the levels would be 0 / 0.
        top = max(-low, high) or 1.0
        return (-top, top) if range == "symmetric" or low < 0 else (0.0, top)
    try:
        low, high = (float(v) for v in range)
    except (TypeError, ValueError):
        raise _bad_range(range) from None
    return _checked(low, high)


def _between_percentiles(values: Any, lower: float, upper: float) -> tuple[float, float]:
    array = np.asarray(values)
    finite = array[np.isfinite(array)]
    if not finite.size:
        return 0.0, 1.0  # as `display_range` says of zeros
    # In float64: between neighbours near the end of float32, NumPy's interpolation would overflow.
    low, high = (float(v) for v in np.percentile(finite.astype(np.float64), (lower, upper)))
    least, largest = _extent(finite)
    if least < 0:
        top = max(abs(low), abs(high)) or max(-least, largest)
        return -top, top
    if low < high:
        return low, high
    # Nearly all values are equal, as zeros behind a ReLU: then the few others are what there is to see.
    return (least, largest) if least < largest else (0.0, largest or 1.0)


def _extent(values: Any) -> tuple[float, float]:
    """Least and greatest finite value; (0, 0) where there is none."""
    array = np.asarray(values)
    # Two passes suffice for most maps: a NaN or infinity shows in the extremes, and only then are they sorted out.
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if not (isfinite(low) and isfinite(high)):
        finite = array[np.isfinite(array)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    return low, high


def colormap_table(name: str, entries: int = 256) -> NDArray[np.float32]:
    """A colour map as (entries, 3) RGB in [0, 1], read-only. Raises ParameterError for an unknown name."""
    if not isinstance(name, str) or name not in COLORMAPS:
        close = difflib.get_close_matches(str(name), COLORMAPS, 1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        hint = say("{}allowed: {}", meant, ", ".join(COLORMAPS))
        raise ParameterError(say("there is no colour map {!r}", name), "picture", hint, parameter="colormap")
    return _table(name, entries)


@cache
def _table(name: str, entries: int) -> NDArray[np.float32]:
    if name == "gray":
        ramp = np.linspace(0, 1, entries, dtype=np.float32)
        table = np.stack([ramp] * 3, axis=1)
    elif name in RAMPS:
        table = ramp_table(name, entries)
    else:
        import cmap

        # Imported where colours are wanted: the ramp of grey, which is the default, needs no library.
        table = cmap.Colormap(COLORMAPS[name][0]).lut(entries)[:, :3].astype(np.float32)
    table.flags.writeable = False
    return table


def colorize(
    values: Any, low: float, high: float, colormap: str = "gray", bits: int = 8
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """A map (H, W) as pixels (H, W) for "gray", else (H, W, 3); a picture (3, H, W) as (H, W, 3), without colour map.

    low, high: the values at the ends of the scale, to which others are clipped. NaN is black. bits: 8 or 16 for each
    channel. Raises ParameterError.
    """
    if bits not in (8, 16):
        raise ParameterError(say("bits is {!r}", bits), "picture", "give 8 or 16", parameter="bits")
    top = 2**bits - 1
    dtype: type[np.uint8] | type[np.uint16] = np.uint8 if bits == 8 else np.uint16
    array = np.asarray(values)
    if array.ndim == 3:
        pixels = np.empty((*array.shape[1:], len(array)), dtype)
        _levels(array, low, high, top, dtype, pixels.transpose(2, 0, 1))
        return pixels
    levels = _levels(array, low, high, top, dtype)
    table = colormap_table(colormap, top + 1)
    # The levels are the colours: one channel suffices, where RGB would hold it three times.
    if colormap == "gray":
        return levels
    # The table is rounded, not the picture: 256 or 65536 colours instead of millions of pixels.
    coloured: NDArray[Any] = np.rint(table * top).astype(dtype)[levels]
    if array.dtype.kind == "f":
        coloured[np.isnan(array)] = 0
    return coloured


def _levels(
    values: NDArray[Any], low: float, high: float, top: int, dtype: Any, out: NDArray[Any] | None = None
) -> NDArray[Any]:
    """Levels from 0 at low to `top` at high, rounded, in `out` where it is given."""
    # float32 has digits enough for 256 levels, and is faster. Spans near the ends of its range would overflow.
    single = top <= 255 and values.dtype != np.float64 and 1e-30 < high - low < 1e30
    # From -1.7e308 to 1.7e308 the difference overflows; the difference of halves does not.
    halved = not isfinite(high - low)
    low, high = (low / 2, high / 2) if halved else (low, high)
    levels = np.empty(values.shape, dtype) if out is None else out
    passes = loaded_passes()
    if passes and single and values.dtype == np.float32 and values.ndim > 1:
        # Seen as planes (C, H, W), and as pixels (H, W, C), whichever way they were made.
        pixels = levels[..., None] if out is None else levels.transpose(1, 2, 0)
        passes.put_levels(values.reshape(-1, *values.shape[-2:]), low, top / (high - low), top, pixels)
        return levels
    with np.errstate(invalid="ignore", over="ignore"):
        for part, place in _bands(values, levels):
            work: NDArray[Any] = part.astype(np.float32 if single else np.float64)
            if halved:
                np.multiply(work, 0.5, out=work)
            np.subtract(work, low, out=work)
            np.multiply(work, top / (high - low), out=work)
            # Of a NaN and a number, these two take the number.
            np.fmax(work, 0, out=work)
            np.fmin(work, top, out=work)
            np.rint(work, out=work)
            np.copyto(place, work, casting="unsafe")
    return levels


def _bands(values: NDArray[Any], levels: NDArray[Any]) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield the rows of each plane, and their places, in bands that stay in the cache."""
    if values.ndim < 2:
        yield values, levels
        return
    rows = max(_BAND // max(values.shape[-1], 1), 1)
    for plane in np.ndindex(values.shape[:-2]):
        for top in range(0, values.shape[-2], rows):
            yield values[plane][top : top + rows], levels[plane][top : top + rows]
