"""The base of the layers that compute each output from the input at the same position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.prepared import Change, InPlace, Place
from filterlab.layers.base.layer import Arithmetic, Layer, Shape
from filterlab.layers.base.rules import at, read
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, Where, remainder, weighed

# A formula with the fields {x} and {parameter}, and the values of these parameters.
Written = tuple[str, Mapping[str, Any]]


class Elementwise(Layer):
    """Base of activations and other layers whose output has the shape of their input."""

    group: ClassVar[str] = "activation"

    def output_shape(self, *shapes: Shape) -> Shape:
        return shapes[0]

    def pointwise(self, dtype: Any) -> InPlace | None:
        limits = self.limits()
        if limits is not None:
            from filterlab.functional.pointwise import limited  # which loads the compiler

            return limited(dtype, *limits)

        def change(values: Array, channels: slice) -> None:
            values[...] = self.forward(values)

        place = self.placed(dtype)
        return change if place is None else Change(change, place)

    def placed(self, dtype: Any) -> Place | None:
        """How the layer is placed, see `Change`; None where it has no compiled loop."""
        return None

    def limits(self) -> tuple[float, float] | None:
        """(low, high), where the layer does no more than keep values between these."""
        return None

    def written(self, x: float, channel: int) -> Written:
        """The formula that holds at a value x of a channel."""
        return "f({x})", {}

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        # A vector has the single cell (0, 0), whatever position is asked for.
        cell = Where(0, channel, row if y.ndim == 4 else 0, col if y.ndim == 4 else 0)
        value, result = read(xs[0], cell), y[at(y, channel, row, col)]
        # Only where the function is a straight line around x is its slope a weight, and the rest its intercept.
        weight = self._slope(xs[0], y, cell) if self.locally_linear else None
        term = Term(value, weight, None if weight is None else weighed(value, weight), cell)
        bias = 0.0 if weight is None else remainder(float(result), [term])
        template, values = self.written(value, channel)
        kind = y.dtype.type
        formula = equation(template, {"x": kind(value), **{k: kind(v) for k, v in values.items()}}, result)
        return Arithmetic(
            self.title, (term,), bias, float(result), "other", formula=formula, constants=dict(values)
        )

    def _slope(self, x: Array, y: Array, cell: Where[int]) -> float:
        """The gradient at one cell. All channels are passed on: a layer may have a parameter for each."""
        at = np.s_[:, :, cell.row : cell.row + 1, cell.col : cell.col + 1] if x.ndim == 4 else np.s_[:]
        slopes = self.backward(np.ones_like(y[at]), (x[at],), y[at]).inputs[0]
        return float(slopes.reshape(-1)[cell.channel])
