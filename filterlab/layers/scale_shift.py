"""A factor and an offset for each channel."""

from __future__ import annotations

from typing import Any, ClassVar

import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, Shape, need_channels
from filterlab.layers.base.rules import at, linear
from filterlab.layers.base.shared import ChannelBias, ChannelScale
from filterlab.layers.base.terms import Where
from filterlab.text.messages import say


class ScaleShift(Layer):
    """x * weight + bias with the numbers of each channel; also on vectors."""

    key: ClassVar[str] = "scale_shift"
    title: ClassVar[str] = "Scale and shift"
    search_words: ClassVar[str] = "affine gain offset 缩放 平移 仿射"
    stem: ClassVar[str] = "scale"
    group: ClassVar[str] = "arithmetic"
    locally_linear: ClassVar[bool] = True

    weight: ChannelScale
    bias: ChannelBias

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        return {"weight": [1.0] * (shapes[0][0] if shapes else 3)}

    def check(self) -> None:
        if self.weight is None and self.bias is None:
            raise ParameterError(
                "neither weight nor bias is given", hint="give one of them", parameter="weight"
            )
        weight, bias = self.shape_of("weight"), self.shape_of("bias")
        if weight and bias and weight != bias:
            what = say("bias has {} number(s), weight {}", bias[0], weight[0])
            raise ParameterError(what, hint="give each one number per channel", parameter="bias")

    def forward(self, *xs: Array) -> Array:
        return F.scale_shift(xs[0], self.weight, self.bias)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        dweight, dbias = F.scale_shift_affine_backward(dy, xs[0])
        return Gradients(self.input_gradients(dy, xs, y), self.given(weight=dweight, bias=dbias))

    def input_gradients(self, dy: Array, xs: tuple[Array, ...], y: Array) -> tuple[Array, ...]:
        return (F.scale_shift_backward(dy, xs[0], self.weight, self.bias),)

    def output_shape(self, *shapes: Shape) -> Shape:
        wanted = self.shape_of("weight") or self.shape_of("bias")
        need_channels(shapes[0][0], wanted[0], self, "weight and bias have one number for each channel")
        return shapes[0]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        numbers, template, scale, shift = {}, "{x}", 1.0, 0.0
        if self.weight is not None:
            numbers["w"] = scale = float(self.weight[channel])
            template = "{w}·{x}"
        if self.bias is not None:
            numbers["b"] = shift = float(self.bias[channel])
            template += " + {b}"
        cell, result = Where(0, channel, row, col), y[at(y, channel, row, col)]
        return linear(self.title, xs[0], cell, scale, shift, template, numbers, result)
