"""The step of the wheel and the arrow keys, and the positions of sliders. No Qt."""

from __future__ import annotations

from math import floor, log10

SLIDER_STEPS = 200


def number_step(value: float, span: float) -> float:
    """The step of a number with a useful range of this span: 1, 2 or 5 times a power of ten, finer if it is small."""
    step = _nice(span / 20)
    if value:
        step = min(step, 10.0 ** floor(log10(abs(value)) + 1e-9))
    return step


def _nice(size: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above `size`."""
    # The logarithm of a power of ten may fall just below the integer; hence the small additions, here and above.
    power = 10.0 ** floor(log10(size) + 1e-9)
    return next(power * factor for factor in (5, 2, 1) if power * factor <= size * 1.000001)


def stepped(value: float, step: float) -> float:
    """The sum without the round-off of binary fractions: 0.1 + 0.2 is 0.3."""
    return float(f"{value + step:.12g}")


def at_slider(position: int, low: float, high: float) -> float:
    """The number at a position of a slider with `SLIDER_STEPS` steps."""
    # Four digits: nobody should read the round-off of a position.
    return float(f"{low + (high - low) * position / SLIDER_STEPS:.4g}")


def slider_position(value: float, low: float, high: float) -> int:
    """The position of a slider that is nearest to a number; an end for a number beyond it."""
    part = (value - low) / (high - low)
    return round(min(max(part, 0.0), 1.0) * SLIDER_STEPS)
