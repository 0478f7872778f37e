"""The values of a map counted in bins of equal width, from the least finite one to the greatest."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import is_int
from filterlab.text.messages import say


class Binned(NamedTuple):
    """A map (H, W) by bins. low, high: half of its least and its greatest finite value; equal where it has but one.

    finite: (H, W), where values are finite. places: of these, row by row, the bin of each; all 0 for a single value.
    """

    # Halves, as the distance between the largest numbers is none of float64.
    low: float
    high: float
    bins: int
    finite: Array
    places: Array

    def counts(self) -> Array:
        """How many values each bin has."""
        return np.bincount(self.places, minlength=self.bins)

    def middle(self, number: Any) -> Any:
        """The value in the middle of a bin, or of each of several."""
        return 2 * (self.low + (number + 0.5) * ((self.high - self.low) / self.bins))


def binned(plane: Array, bins: int) -> Binned:
    """Sort a map (H, W) into bins; the greatest value belongs to the last one. A map without finite values has 0."""
    finite = np.isfinite(plane)
    halves = plane[finite].astype(np.float64) / 2
    low, high = (halves.min(), halves.max()) if halves.size else (0.0, 0.0)
    width = high - low or 1.0
    places = np.minimum(((halves - low) / width * bins).astype(np.intp), bins - 1)
    return Binned(low, high, bins, finite, places)


def need_bins(bins: Any, operation: str) -> None:
    """Raise ParameterError unless there are at least two bins, as many as a map of two values needs."""
    if not is_int(bins) or bins < 2:
        hint = say("it must be at least {}", 2)
        raise ParameterError(say("{} is {!r}", "bins", bins), operation, hint, parameter="bins")
