"""Fully connected layer."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.errors import ParameterError, ShapeError
from filterlab.forking import no_fork
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.linear import prepared_linear
from filterlab.layers.base.formula import Line, plain
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Arithmetic, Forward, Gradients, InPlace, Layer, PartialMap, Shape
from filterlab.layers.base.rules import sum_of_products
from filterlab.layers.base.terms import Term, Where
from filterlab.text.messages import say


class Linear(Layer):
    """weight @ x + bias: every output is a weighted sum of all features; as torch.nn.Linear."""

    key: ClassVar[str] = "linear"
    title: ClassVar[str] = "Fully connected"
    search_words: ClassVar[str] = "dense fully connected fc mlp perceptron 全连接 全连接层 线性层 线性"
    stem: ClassVar[str] = "fc"
    group: ClassVar[str] = "vector"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    weight: Annotated[
        Array, Tensor(axes=("outputs", "inputs")), Field(description="One row of weights for each output.")
    ]
    bias: Annotated[
        Array | None,
        Tensor(axes=("outputs",), optional=True),
        Field(default=None, description="A number added to each output."),
    ]

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        # As many features as the maps have values, so that it fits once Flatten is put before it.
        features = prod(shapes[0]) if shapes else 3
        return {"weight": {"init": "kaiming_normal", "seed": seed, "shape": [10, features]}}

    def check(self) -> None:
        outputs, _ = self.shape_of("weight")
        bias = self.shape_of("bias")
        if bias and bias[0] != outputs:
            what = say("bias has {} number(s) for {} output(s)", bias[0], outputs)
            raise ParameterError(what, hint="give one number for each", parameter="bias")

    def forward(self, *xs: Array) -> Array:
        return F.linear(xs[0], self.weight, self.bias)

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        return prepared_linear(shapes[0][0], dtype, self.weight, self.bias, then)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        dx, dweight, dbias = F.linear_backward(dy, xs[0], self.weight, self.bias)
        return Gradients((dx,), self.given(weight=dweight, bias=dbias))

    def input_gradients(self, dy: Array, xs: tuple[Array, ...], y: Array) -> tuple[Array, ...]:
        # The gradient of the weight is not computed: it is as large as the weight, in VGG-16 a hundred million numbers.
        with no_fork():
            return (dy @ self.weight.astype(dy.dtype, copy=False),)

    def output_shape(self, *shapes: Shape) -> Shape:
        outputs, inputs = self.shape_of("weight")
        if len(shapes[0]) != 1:
            what = say("it needs a vector and is given maps of {}", shape_text(shapes[0]))
            raise ShapeError(what, "Linear", "put Flatten before it", parameter="weight")
        if shapes[0][0] != inputs:
            what = say("it is given {} feature(s) and takes {}", shapes[0][0], inputs)
            hint = say("weight is (outputs, inputs); the picture may need another size")
            raise ShapeError(what, "Linear", hint, parameter="weight")
        return (outputs,)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        outputs, inputs = self.shape_of("weight")
        each = say("one for each row of the weight, of {} number(s)", inputs)
        return (plain("features", f"{outputs}", outputs, each),)

    def macs(self, shapes: tuple[Shape, ...], output: Shape) -> int:
        return prod(self.shape_of("weight"))

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        weights, values = self.weight[channel].tolist(), xs[0][0].tolist()
        terms = tuple(
            Term(value, weight, value * weight, Where(0, i, 0, 0))
            for i, (value, weight) in enumerate(zip(values, weights, strict=True))
        )
        bias = 0.0 if self.bias is None else float(self.bias[channel])
        return sum_of_products(self.title, terms, bias, y[0, channel])

    def partials(self, xs: tuple[Array, ...], y: Array, channel: int) -> tuple[PartialMap[int], ...]:
        weights = self.weight[channel].astype(y.dtype)
        # Each feature is a map of one cell, its weight a kernel of one: so the inspector shows them like those of a
        # convolution.
        products = weights * xs[0][0]
        return tuple(
            PartialMap(0, i, weights[i : i + 1, None], products[i : i + 1, None]) for i in range(len(weights))
        )
