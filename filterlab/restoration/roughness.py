"""The price of roughness: squared differences of neighbours, weighted by frequency."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.restoration.transforms import cosines, from_cosines, from_waves, waves


class Roughness:
    """The quadratic form x' (D'D)^order x, where D takes the differences of neighbouring pixels down and across.

    An order of 1 is the sum of squared differences; the prior of pictures whose power falls as 1 / f^(2 order). The
    differences end at the border, or go around it where the scene is circular: cosines and complex waves, respectively,
    are the eigenvectors of D'D, and any power of it is taken in their coordinates.
    """

    def __init__(self, shape: tuple[int, int], order: float, circular: bool, dtype: Any) -> None:
        self._circular, self._shape, self._order = circular, shape, order
        self._weights = (self.at_frequencies() if circular else _squares(shape, False) ** order).astype(dtype)

    def at_frequencies(self) -> Array:
        """The weights at the frequencies of `rfft2`, as if the scene were circular."""
        weights: Array = _squares(self._shape, True)[:, : self._shape[1] // 2 + 1] ** self._order
        return weights

    def gradient(self, scene: Array) -> Array:
        """(D'D)^order x."""
        if self._circular:
            return from_waves(waves(scene) * self._weights, self._shape)
        return from_cosines(cosines(scene) * self._weights)


def _squares(shape: tuple[int, int], circular: bool) -> Array:
    """The squared magnitude of the response of D at each frequency of a transform."""
    turn = 2 * np.pi if circular else np.pi
    down, across = (2 - 2 * np.cos(turn * np.arange(n) / n) for n in shape)
    return down[:, None] + across
