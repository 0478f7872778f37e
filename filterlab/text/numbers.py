"""Single numbers as text, in all their digits or in a few of them."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import Any

import numpy as np

MINUS = "−"


def exact(value: Any) -> str:
    """A number in the fewest digits that distinguish it from its neighbours in its own dtype: float32(0.1) is 0.1."""
    number: Any = np.asarray(value)[()]
    if not isfinite(number) or number == int(number):
        return _signed(f"{number:g}" if abs(number) < 1e6 else str(number).removesuffix(".0"))
    if 1e-4 <= abs(number) < 1e7:
        return _signed(np.format_float_positional(number, trim="-"))
    return _signed(np.format_float_scientific(number, trim="-"))


def brief(value: float, digits: int = 4) -> str:
    """A number in a few significant digits; below 1 in `digits` - 1 decimals: 0.580, 1.102, 3.1e+05."""
    number = float(value)
    if number == 0:
        return "0"
    if isfinite(number) and abs(number) < 10 ** (1 - digits):
        return _signed(f"{number:.1e}")
    if abs(number) < 1:
        return _signed(f"{number:.{digits - 1}f}")
    return _signed(f"{number:.{digits}g}")


def uncertain(value: float, error: float, digits: int = 2) -> str:
    """A number with its standard error, to `digits` of that: 0.0625 ± 0.0031. Without an error in a few digits."""
    if not 0 < error < float("inf"):
        return brief(value) + (" ± ∞" if error else "")
    decimals = min(max(digits - 1 - floor(log10(error)), 0), 12)
    return _signed(f"{value:.{decimals}f}") + f" ± {error:.{decimals}f}"


def _signed(text: str) -> str:
    return text.replace("-", MINUS, 1) if text.startswith("-") else text
