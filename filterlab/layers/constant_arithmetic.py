"""Arithmetic of maps with a constant."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arithmetic import OPERATIONS, operated_shape
from filterlab.functional.arrays import Array
from filterlab.layers.base.formula import Line, plain
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, Shape
from filterlab.layers.base.rules import at, read
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, Where
from filterlab.parameters import Choice
from filterlab.text.messages import say

# The operations whose slope at a value is no weight: what it leaves is another number at every value.
_CURVED = {"power": "{x}^{c}", "divide into": "{c} / {x}"}


class ConstantArithmetic(Layer):
    """Adds, subtracts, multiplies by, divides by, raises to or compares with a number, a vector or a map."""

    key: ClassVar[str] = "constant_arithmetic"
    title: ClassVar[str] = "Arithmetic with a constant"
    search_words: ClassVar[str] = "add multiply constant 常数 四则运算"
    stem: ClassVar[str] = "constant"
    group: ClassVar[str] = "arithmetic"

    operation: Annotated[
        str,
        Choice(options=tuple(OPERATIONS)),
        Field(description="What is done with the input and the operand.", default="multiply"),
    ]
    operand: Annotated[
        Array,
        Tensor(axes=("channels", "height", "width")),
        Field(description="The constant; an axis of 1 stands for all channels, rows or columns."),
    ]

    @property
    def locally_linear(self) -> bool:  # type: ignore[override]
        """True unless the operation is a curve."""
        return self.operation not in _CURVED

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        return {"operand": [[[2.0]]]}

    def forward(self, *xs: Array) -> Array:
        return F.arithmetic(xs[0], self.operation, self.operand)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        gradient = F.arithmetic_operand_backward(dy, xs[0], self.operation, self.operand)
        return Gradients(self.input_gradients(dy, xs, y), {"operand": gradient})

    def input_gradients(self, dy: Array, xs: tuple[Array, ...], y: Array) -> tuple[Array, ...]:
        return (F.arithmetic_backward(dy, xs[0], self.operation, self.operand),)

    def output_shape(self, *shapes: Shape) -> Shape:
        return operated_shape(shapes[0], self.shape_of("operand"))

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        channels = self.output_shape(*shapes)[0]
        if channels == shapes[0][0]:
            return ()
        return (plain("channels", str(channels), channels, say("the operand has as many")),)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        if self.locally_linear:
            return super().explain(xs, y, channel, row, col)
        cell = Where(0, min(channel, xs[0].shape[1] - 1), row, col)
        places = zip((channel, row, col), self.operand.shape, strict=True)
        c = float(self.operand[tuple(min(place, n - 1) for place, n in places)])
        value, result = read(xs[0], cell), y[at(y, channel, row, col)]
        numbers = {name: y.dtype.type(number) for name, number in (("x", value), ("c", c))}
        formula = equation(_CURVED[self.operation], numbers, result)
        term = Term(value, None, None, cell)
        return Arithmetic(
            self.title, (term,), 0.0, float(result), "other", formula=formula, constants={"c": c}
        )
