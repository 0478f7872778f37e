"""What a layer's test file declares for the contract test, which runs over the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """A layer with inputs that suit it.

    shapes: of the inputs, without batch. low, high: range of the random inputs. loose: its windows may hold cells
    that the output does not need. border: what the border mode puts into the padding comes from other cells.
    """

    layer: Any
    shapes: tuple[tuple[int, ...], ...] = ((2, 6, 7),)
    low: float = -2.0
    high: float = 2.0
    loose: bool = False
    border: bool = False

    def inputs(self, rng, batch=1, dtype=np.float64):
        """Random inputs (N, ...), their values far enough apart for central differences across kinks."""
        return tuple(
            self._spread(rng, (batch, *shape), i).astype(dtype) for i, shape in enumerate(self.shapes)
        )

    def _spread(self, rng, shape, number):
        count = int(np.prod(shape))
        step = (self.high - self.low) / count
        # Distinct values, also from one input to the other: no ties, none within a step of 0.
        values = np.linspace(self.low, self.high, count, endpoint=False) + step * (0.37 + 0.19 * number)
        return rng.permutation(values).reshape(shape)


def check_deciding_cell(layer, rule, rng):
    """Assert that an extreme of extremes is explained by the cell it is taken from, where its gradient goes too."""
    x = rng.integers(0, 4, (1, 2, 9, 10)).astype(np.float32)  # with many that are alike
    x[0, 1, 4, 4] = np.nan
    y = layer.forward(x)
    for channel, row, col in [(0, 0, 0), (0, 4, 5), (0, 8, 9), (1, 3, 7), (1, 5, 5)]:
        found = layer.explain((x,), y, channel, row, col)
        (winner,) = (term for term in found.terms if term.wins)
        assert found.rule == rule
        np.testing.assert_equal(winner.value, y[0, channel, row, col])
        dy = np.zeros_like(y)
        dy[0, channel, row, col] = 1
        cell = 0, channel, winner.where.row, winner.where.col
        assert layer.backward(dy, (x,), y).inputs[0][cell] == 1, "the gradient goes to another cell"
