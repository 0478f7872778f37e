"""The base of grey-scale morphology with flat rectangles."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.pool.morphology import reach
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import choice, declared_places
from filterlab.layers.base.terms import Place, Where
from filterlab.layers.families.centred import Centred

# The rule of a pass, and the first cell that it chooses of a window; NaN wins there as well.
_PASSES = {"erode": ("min", np.argmin), "dilate": ("max", np.argmax)}


class Morphology(Centred):
    """Base of passes of extremes over windows; `steps` names them, "erode" or "dilate", from the first to the last."""

    group: ClassVar[str] = "morphology"
    locally_linear: ClassVar[bool] = True
    steps: ClassVar[tuple[str, ...]] = ()

    def sides(self) -> tuple[Pair, Pair]:
        passes = [reach(self.kernel_size, step) for step in self.steps]
        rows, cols = (
            (sum(each[axis][0] for each in passes), sum(each[axis][1] for each in passes)) for axis in (0, 1)
        )
        return rows, cols


class SinglePass(Morphology):
    """Base of a single pass, which chooses a value of the window."""

    singles_out: ClassVar[bool] = True

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = declared_places(self, 0, xs[0], channel, row, col)
        real = [place for place in places if not place.where.padding]
        return choice(self.title, _PASSES[self.steps[0]][0], real, xs, y[0, channel, row, col])


class TwoPasses(Morphology):
    """Base of two passes: of the cells that the first has chosen in windows side by side, the last chooses one."""

    singles_out: ClassVar[bool] = True

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        x, (first, last) = xs[0][0, channel], self.steps
        # Each once, in the order in which it is chosen first: the order in which the last pass looks through them.
        chosen: dict[tuple[int, int], None] = {}
        rows, cols = self._window(last, (row, col), x.shape)
        for i in rows:
            for j in cols:
                down, across = self._window(first, (i, j), x.shape)
                part = x[down.start : down.stop, across.start : across.stop]
                u, v = divmod(int(_PASSES[first][1](part)), len(across))
                chosen[down[u], across[v]] = None
        places = [Place(Where(0, channel, i, j), None) for i, j in chosen]
        return choice(self.title, _PASSES[last][0], places, xs, y[0, channel, row, col])

    def _window(self, step: str, cell: Pair, size: tuple[int, ...]) -> list[range]:
        """The rows and the columns that a pass sees around a cell."""
        sides = reach(self.kernel_size, step)
        return [
            range(max(at - before, 0), min(at + after + 1, n))
            for at, (before, after), n in zip(cell, sides, size, strict=True)
        ]
