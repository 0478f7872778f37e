"""A logarithmic axis that is labelled usefully within less than a decade, too."""

from __future__ import annotations

from math import ceil, floor, log10

import pyqtgraph as pg

FEW_DECADES = 2.5  # up to here there is room for 1 and 3 times the powers of ten
FEWER_DECADES = 1.2  # up to here there is room for 1, 2 and 5 times the powers of ten
NARROW = 3.0  # the largest quotient of the two ends at which the axis is divided evenly
ROOM = 26  # pixels between two numbers

Ticks = list[tuple[float | None, list[float]]]


class LossAxis(pg.AxisItem):
    """Labels powers of ten; over few decades multiples of these, over a narrow range even steps of the numbers."""

    def logTickValues(self, minVal: float, maxVal: float, size: float, stdTicks: Ticks) -> Ticks:  # noqa: N802
        """The positions of the labels, as logarithms."""
        if maxVal - minVal > FEW_DECADES:
            ticks: Ticks = super().logTickValues(minVal, maxVal, size, stdTicks)
            return ticks
        low, high = 10.0**minVal, 10.0**maxVal
        places = [log10(v) for v in _even(low, high, size) or _rounded(low, high)]
        return [(1.0, _apart(places, ROOM * (maxVal - minVal) / max(size, ROOM)))]

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        """The labels: the numbers, not their logarithms."""
        low, high = self.range
        if high - low > FEW_DECADES:
            texts: list[str] = super().logTickStrings(values, scale, spacing)
            return texts
        return [f"{10.0**v:.6g}" for v in values]


class StepAxis(pg.AxisItem):
    """Labels whole steps: there is nothing at the half of one."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N802
        """The distances of the labels, each with its offset."""
        return [pair for pair in super().tickSpacing(minVal, maxVal, size) if pair[0] >= 1] or [(1.0, 0.0)]


def _apart(places: list[float], least: float) -> list[float]:
    """The places from the lowest on that are at least this far apart."""
    kept: list[float] = []
    for place in places:
        if not kept or place - kept[-1] >= least:
            kept.append(place)
    return kept


def _rounded(low: float, high: float) -> list[float]:
    """Multiples of powers of ten between two numbers."""
    factors = (1, 2, 5) if high < low * 10**FEWER_DECADES else (1, 3)
    powers = [10.0**n for n in range(floor(log10(low)), ceil(log10(high)) + 1)]
    return [m * power for power in powers for m in factors if low <= m * power <= high]


def _even(low: float, high: float, size: float) -> list[float]:
    """Multiples of a round step, as many as there is room for; none where even steps would crowd at the upper end."""
    if not low < high <= NARROW * low:
        return []
    least = (high - low) * ROOM / max(size, ROOM)
    power = 10.0 ** floor(log10(least))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= least)
    return [n * step for n in range(ceil(low / step), floor(high / step) + 1)]
