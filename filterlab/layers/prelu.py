"""Rectified linear unit with learned slopes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Gradients, InPlace, Shape, need_channels
from filterlab.layers.base.weights import parse_weights
from filterlab.layers.families.elementwise import Elementwise, Written


class PReLU(Elementwise):
    """x where x > 0, else weight * x; He et al. 2015."""

    key: ClassVar[str] = "prelu"
    title: ClassVar[str] = "PReLU"
    search_words: ClassVar[str] = "activation 激活 激活函数 参数化"
    locally_linear: ClassVar[bool] = True

    weight: Annotated[
        Array,
        Tensor(axes=("channels",)),
        Field(
            # Parsed like a value that is given, so that a weight of [0.25] counts as the default, and files leave it
            # out.
            default=parse_weights([0.25], "weight"),
            description="Slope for values below 0: one number, or one for each channel.",
        ),
    ]

    def forward(self, *xs: Array) -> Array:
        return F.prelu(xs[0], self.weight)

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        dx = F.prelu_backward(dy, xs[0], self.weight)
        return Gradients((dx,), {"weight": F.prelu_weight_backward(dy, xs[0], self.weight)})

    def output_shape(self, *shapes: Shape) -> Shape:
        # A single slope, torch's default, serves any number of channels.
        (slopes,) = self.shape_of("weight")
        if slopes != 1:
            need_channels(shapes[0][0], slopes, self, "weight has one number for each channel")
        return shapes[0]

    def pointwise(self, dtype: Any) -> InPlace:
        def change(values: Array, channels: slice) -> None:
            values[...] = F.prelu(values, self.weight[channels] if len(self.weight) > 1 else self.weight)

        return change

    def written(self, x: float, channel: int) -> Written:
        slope = self.weight[channel if len(self.weight) > 1 else 0]
        return ("{x}", {}) if x > 0 else ("{slope}·{x}", {"slope": float(slope)})
