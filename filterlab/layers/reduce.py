"""Maps reduced to one number along some axes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.reductions import REDUCED_AXES, REDUCTIONS, need_reducible
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.layer import Arithmetic, Layer, Mask, Shape
from filterlab.layers.base.rules import at, choice, mean, norm, read, sum_of_products
from filterlab.layers.base.streaming import Folded, LargestPlaces, Streaming
from filterlab.layers.base.symbols import lowered
from filterlab.layers.base.terms import Place, Term, Where, check_count, sum_exactly
from filterlab.layers.base.window import AxisWindow, Size, Window, need_size, same_window, whole_window
from filterlab.parameters import Choice
from filterlab.text.messages import say
from filterlab.text.numbers import exact

# Operation: what is done to the cells, how they are folded, and what becomes of the result of so many cells.
_FOLDS: dict[str, tuple[Callable[[Array], Array], np.ufunc, Callable[[Array, int], Array]]] = {
    "mean": (lambda x: x, np.add, lambda y, n: y / n),
    "sum": (lambda x: x, np.add, lambda y, n: y),
    "max": (lambda x: x, np.maximum, lambda y, n: y),
    "min": (lambda x: x, np.minimum, lambda y, n: y),
    "l1": (np.abs, np.add, lambda y, n: y),
    "l2": (np.square, np.add, lambda y, n: np.sqrt(y)),
    "sum of squares": (np.square, np.add, lambda y, n: y),
}


class Reduce(Layer):
    """One number for each map, each position, or each row or column: a mean, a sum, an extreme, a norm."""

    key: ClassVar[str] = "reduce"
    title: ClassVar[str] = "Reduce"
    search_words: ClassVar[str] = "sum mean max over an axis 归约 求和 求平均"
    group: ClassVar[str] = "pooling"
    per_channel: ClassVar[bool] = False

    operation: Annotated[
        str,
        Choice(options=tuple(REDUCTIONS)),
        Field(default="mean", description="What is computed from the values."),
    ]
    over: Annotated[
        str,
        Choice(options=tuple(REDUCED_AXES)),
        Field(default="space", description="The axes along which the values are taken together."),
    ]

    @property
    def singles_out(self) -> bool:  # type: ignore[override]
        """True for the extremes alone, whose value is that of one cell."""
        return self.operation in ("max", "min")

    @property
    def locally_linear(self) -> bool:  # type: ignore[override]
        """False for the sums of squares alone."""
        return self.operation not in ("l2", "sum of squares")

    @property
    def _axes(self) -> tuple[int, ...]:
        return REDUCED_AXES[self.over]

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        if not {1, 2} & {*self._axes}:
            return (same_window(sizes[0]),)
        size = need_size(sizes[0], "Reduce")
        entire: list[AxisWindow] = [whole_window(n, 1) for n in size]
        rows, cols = (entire[i] if i + 1 in self._axes else same_window(size)[i] for i in range(2))
        return ((rows, cols),)

    def streaming(self, shape: Shape) -> Streaming | None:
        if not {1, 2} & {*self._axes}:
            return None
        if self.operation == "argmax":
            return LargestPlaces(shape, self._axes)
        taken, fold, finish = _FOLDS[self.operation]
        across = 0 in self._axes
        rows, cols = (
            [(0, n)] if axis in self._axes else [(i, i + 1) for i in range(n)]
            for axis, n in enumerate(shape[1:], 1)
        )
        cells = prod(n for axis, n in enumerate(shape) if axis in self._axes)

        def finished(folded: Array) -> Array:
            return finish(fold.reduce(folded, axis=1, keepdims=True) if across else folded, cells)

        return Folded(shape[0], rows, cols, fold, taken, finished)

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return super().channels_read(channels, number, shapes) if 0 in self._axes else channels

    def output_shape(self, *shapes: Shape) -> Shape:
        need_reducible(len(shapes[0]), self.over)
        return tuple(1 if i in self._axes else n for i, n in enumerate(shapes[0]))

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        names = ("channels", *AXES) if len(shapes[0]) == 3 else ("features",)
        reason = say(
            "one number stands for {}", " · ".join(str(shapes[0][i]) for i in self._axes if i < len(names))
        )
        return tuple(plain(name, "1", 1, reason) for i, name in enumerate(names) if i in self._axes)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places, result = self._places(xs[0], (channel, row, col)), y[at(y, channel, row, col)]
        if self.operation in ("max", "min"):
            return choice(self.title, self.operation, places, xs, result)
        if self.operation == "mean":
            return mean(self.title, places, xs, len(places), result)
        if self.operation == "l2":
            return norm(self.title, places, xs, 2.0, 1.0, result)
        values = [read(xs[0], cell) for cell, _ in places]
        if self.operation == "sum":
            terms = [Term(v, 1.0, v, cell) for (cell, _), v in zip(places, values, strict=True)]
            return sum_of_products(self.title, terms, 0.0, result)
        return _explained(self.operation, self.title, places, values, result)

    def _places(self, x: Array, position: tuple[int, int, int]) -> list[Place]:
        """The cells that are taken together, channel after channel, row after row."""
        shape = (*x.shape[1:], 1, 1)[:3]
        check_count(prod(n for i, n in enumerate(shape) if i in self._axes), self.title)
        axes = (range(n) if i in self._axes else (position[i],) for i, n in enumerate(shape))
        return [Place(Where(0, c, i, j), None) for c, i, j in product(*axes)]


def _explained(
    operation: str, title: str, places: list[Place], values: list[float], result: Any
) -> Arithmetic:
    """The arithmetic of the reductions that are neither a sum of the cells nor one of them."""
    if operation == "argmax":
        terms = [
            Term(v, None, None, cell, wins=i == int(result))
            for i, ((cell, _), v) in enumerate(zip(places, values, strict=True))
        ]
        formula = f"y = argmax(x₁, …, x{lowered(len(values))}) = {exact(result)}"
        return Arithmetic(title, tuple(terms), 0.0, float(result), "other", formula=formula)
    shares = [abs(v) if operation == "l1" else v * v for v in values]
    terms = [
        Term(v, None, None, cell, share=share)
        for (cell, _), v, share in zip(places, values, shares, strict=True)
    ]
    formula = f"y = Σ {'|x|' if operation == 'l1' else 'x²'} = {exact(result)}"
    total = sum_exactly(shares)
    return Arithmetic(title, tuple(terms), 0.0, float(result), "other", formula=formula, total=total)
