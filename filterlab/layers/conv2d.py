"""Two-dimensional convolution layer."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.conv.convolution import conv2d_blocks, prepared_conv2d
from filterlab.functional.conv.plan import plan_conv2d
from filterlab.functional.geometry import Pair
from filterlab.layers.base.block import grouped
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import (
    Arithmetic,
    Forward,
    Gradients,
    InPlace,
    Layer,
    Mask,
    PartialMap,
    Shape,
    need_channels,
)
from filterlab.layers.base.resizing import CHANNEL_SIZES, resized_kernels
from filterlab.layers.base.rules import sum_of_products
from filterlab.layers.base.shared import (
    Dilation,
    Groups,
    Operation,
    PaddingFill,
    PaddingMode,
    Stride,
    WindowPadding,
)
from filterlab.layers.families.sliding import SlidingKernels
from filterlab.parameters import Parameter
from filterlab.text.messages import count, say


class Conv2d(SlidingKernels):
    """Every output channel is the sum of all input channels of its group, each filtered by its own kernel.

    y[o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v] * x[c, i * stride + u * dilation - padding, ...]
    (cross-correlation, as torch.nn.Conv2d).
    """

    key: ClassVar[str] = "conv2d"
    title: ClassVar[str] = "Convolution"
    search_words: ClassVar[str] = (
        "convolutional layer filter bank 卷积 卷积层 二维卷积 空洞卷积 分组卷积 深度可分离"
    )
    stem: ClassVar[str] = "conv"
    per_channel: ClassVar[bool] = False
    sizes: ClassVar[tuple[Parameter, ...]] = CHANNEL_SIZES
    locally_linear: ClassVar[bool] = True
    takes_maps: ClassVar[bool] = True

    weight: Annotated[
        Array,
        Tensor(axes=("output channels", "input channels / groups", "height", "width")),
        Field(description="One kernel for each output and input channel."),
    ]
    bias: Annotated[
        Array | None,
        Tensor(axes=("output channels",), optional=True),
        Field(default=None, description="A number added to each output channel."),
    ]
    stride: Stride
    padding: WindowPadding
    dilation: Dilation
    groups: Groups
    padding_mode: PaddingMode
    value: PaddingFill
    operation: Operation

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        channels = shapes[0][0] if shapes else 3
        # With a padding of 1 a kernel of 3x3 keeps the size of the map, so that layers can be stacked without thought.
        weight = {"init": "kaiming_normal", "seed": seed, "shape": [8, channels, 3, 3]}
        return {"weight": weight, "padding": 1}

    def check(self) -> None:
        outputs, _, *_ = self._shape
        if outputs % self.groups:
            what = say("groups is {}, which does not divide the {} output channel(s)", self.groups, outputs)
            raise ParameterError(what, hint="choose a divisor", parameter="groups")
        bias = self.shape_of("bias")
        if bias and bias[0] != outputs:
            what = say("bias has {} number(s) for {} output channel(s)", bias[0], outputs)
            raise ParameterError(what, hint="give one number for each", parameter="bias")

    @property
    def _shape(self) -> Shape:
        return self.shape_of("weight")

    @property
    def out_channels(self) -> int:
        """Number of output channels."""
        return self._shape[0]

    @property
    def in_channels(self) -> int:
        """Number of input channels."""
        return self._shape[1] * self.groups

    @property
    def kernel_size(self) -> Pair:
        """Height and width of each kernel."""
        return self._shape[2], self._shape[3]

    def resized(self, **changes: Any) -> Layer:
        return resized_kernels(self, changes, ("out_channels", "in_channels"))

    def _options(self) -> dict[str, Any]:
        # Without `operation`: the function always cross-correlates, and `oriented` turns the kernel.
        names = ("stride", "padding", "dilation", "groups", "padding_mode", "value")
        return {name: getattr(self, name) for name in names}

    def forward(self, *xs: Array) -> Array:
        return self.applied(xs[0], self.padding)

    def applied(self, x: Array, padding: Any) -> Array:
        return F.conv2d(x, self.oriented(self.weight), self.bias, **{**self._options(), "padding": padding})

    def blocks(self, size: Pair) -> Pair:
        shape = self.in_channels, *size
        return conv2d_blocks(shape, self._shape, lambda: self.oriented(self.weight), **self._options())

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        weight = self.oriented(self.weight)
        return prepared_conv2d(shapes[0], dtype, weight, self.bias, then, **self._options())

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        weight = self.oriented(self.weight)
        dx, dweight, dbias = F.conv2d_backward(dy, xs[0], weight, self.bias, **self._options())
        return Gradients((dx,), self.given(weight=self.oriented(dweight), bias=dbias))

    # Each of the two gradients of a convolution costs as much as its forward pass: the first layer of a network never
    # needs the one, an explanation never the other.
    def input_gradients(self, dy: Array, xs: tuple[Array, ...], y: Array) -> tuple[Array, ...]:
        return (F.conv2d_input_backward(dy, xs[0], self.oriented(self.weight), **self._options()),)

    def parameter_gradients(self, dy: Array, xs: tuple[Array, ...], y: Array) -> dict[str, Array]:
        weight = self.oriented(self.weight)
        dweight, dbias = F.conv2d_weight_backward(dy, xs[0], weight, self.bias, **self._options())
        return self.given(weight=self.oriented(dweight), bias=dbias)

    def output_shape(self, *shapes: Shape) -> Shape:
        shape = super().output_shape(*shapes)
        # Called for its checks: it raises for sizes that the convolution cannot compute.
        plan_conv2d((1, *shapes[0]), self._shape, **self._options())
        return shape

    def output_channels(self, *channels: int) -> int:
        outputs, inputs, *_ = self._shape
        rule = count(inputs, "weight has {} input channel", "weight has {} input channels")
        if self.groups > 1:
            rule = say("{} in each of {} group(s)", rule, self.groups)
        need_channels(channels[0], inputs * self.groups, self, rule)
        return outputs

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return grouped(channels, self.groups, shapes[number][0])

    def macs(self, shapes: tuple[Shape, ...], output: Shape) -> int:
        return prod(output) * prod(self._shape[1:])

    def _kernels(self, channel: int) -> dict[int, Array]:
        """The kernels, as they are applied, that lead to one output channel, by input channel."""
        inputs = self._shape[1]
        first = channel // (self._shape[0] // self.groups) * inputs
        laid = self.oriented(self.weight[channel : channel + 1])[0]
        return {first + i: laid[i] for i in range(inputs)}

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        bias = 0.0 if self.bias is None else float(self.bias[channel])
        terms = self.taps(xs[0]).terms(xs[0], self._kernels(channel), row, col)
        return sum_of_products(self.operation, terms, bias, y[0, channel, row, col])

    def partials(self, xs: tuple[Array, ...], y: Array, channel: int) -> tuple[PartialMap[int], ...]:
        # One input channel at a time, of which there are no groups. No bias: the maps add up to the output with it.
        options = {**self._options(), "groups": 1}
        return tuple(
            PartialMap(0, c, kernel, F.conv2d(xs[0][0, c : c + 1], kernel[None, None], **options)[0])
            for c, kernel in self._kernels(channel).items()
        )
