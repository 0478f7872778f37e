"""Two-dimensional transposed convolution layer."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.conv.transpose import transposed_pads, transposed_size
from filterlab.functional.geometry import Pads, Pair
from filterlab.layers.base.block import grouped
from filterlab.layers.base.formula import Line, transposed_lines
from filterlab.layers.base.kinds import Padding, PaddingValue, Tensor
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, Mask, PartialMap, Shape, need_channels
from filterlab.layers.base.resizing import CHANNEL_SIZES, resized_kernels
from filterlab.layers.base.rules import read, sum_of_products, window_places
from filterlab.layers.base.shared import Dilation, Groups, Stride
from filterlab.layers.base.terms import Term
from filterlab.layers.base.window import Size, Window, transposed_window
from filterlab.parameters import Pairs, Parameter
from filterlab.text.messages import say


class ConvTranspose2d(Layer):
    """Every input value adds a copy of the kernel to the output, stride cells apart; overlaps are summed.

    The gradient of a convolution with respect to its input; as torch.nn.ConvTranspose2d.
    """

    key: ClassVar[str] = "conv_transpose2d"
    title: ClassVar[str] = "Transposed convolution"
    search_words: ClassVar[str] = "deconvolution upsampling 反卷积 转置卷积 上采样"
    stem: ClassVar[str] = "deconv"
    group: ClassVar[str] = "convolution"
    per_channel: ClassVar[bool] = False
    sizes: ClassVar[tuple[Parameter, ...]] = CHANNEL_SIZES
    locally_linear: ClassVar[bool] = True

    weight: Annotated[
        Array,
        Tensor(axes=("input channels", "output channels / groups", "height", "width")),
        Field(description="One kernel for each input and output channel."),
    ]
    bias: Annotated[
        Array | None,
        Tensor(axes=("output channels",), optional=True),
        Field(default=None, description="A number added to each output channel."),
    ]
    stride: Stride
    padding: Annotated[
        PaddingValue,
        Padding(minimum=0, slider=(0, 16), unit="cells"),
        Field(default=((0, 0), (0, 0)), description="Cells cut off each side of the output."),
    ]
    output_padding: Annotated[
        Pair,
        Pairs(minimum=0, slider=(0, 7), unit="cells"),
        Field(default=(0, 0), description="Rows and columns added after; less than stride or dilation."),
    ]
    dilation: Dilation
    groups: Groups

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        # A kernel as large as the stride makes the copies tile the output: no checkerboard of overlaps.
        channels = shapes[0][0] if shapes else 3
        weight = {"init": "kaiming_normal", "seed": seed, "shape": [channels, 8, 2, 2]}
        return {"weight": weight, "stride": 2}

    def check(self) -> None:
        inputs, each, *_ = self._shape
        if inputs % self.groups:
            what = say("groups is {}, which does not divide the {} input channel(s)", self.groups, inputs)
            raise ParameterError(what, hint="choose a divisor", parameter="groups")
        bias = self.shape_of("bias")
        if bias and bias[0] != each * self.groups:
            what = say("bias has {} number(s) for {} output channel(s)", bias[0], each * self.groups)
            raise ParameterError(what, hint="give one number for each", parameter="bias")
        # PyTorch's limit: with more, a larger input could give the same size, which would then be ambiguous.
        limits = [max(s, d) for s, d in zip(self.stride, self.dilation, strict=True)]
        if any(extra >= most for extra, most in zip(self.output_padding, limits, strict=True)):
            what = say(
                "output_padding is {}, stride {}, dilation {}",
                self.output_padding,
                self.stride,
                self.dilation,
            )
            hint = say("it must be less than the stride or the dilation")
            raise ParameterError(what, hint=hint, parameter="output_padding")

    @property
    def _shape(self) -> Shape:
        return self.shape_of("weight")

    @property
    def out_channels(self) -> int:
        """Number of output channels."""
        return self._shape[1] * self.groups

    @property
    def in_channels(self) -> int:
        """Number of input channels."""
        return self._shape[0]

    @property
    def kernel_size(self) -> Pair:
        """Height and width of each kernel."""
        return self._shape[2], self._shape[3]

    @property
    def _pads(self) -> Pads:
        return transposed_pads(
            self.padding, self.output_padding, self.kernel_size, self.stride, self.dilation
        )

    def resized(self, **changes: Any) -> Layer:
        return resized_kernels(self, changes, ("in_channels", "out_channels"))

    def _options(self) -> dict[str, Any]:
        names = ("stride", "padding", "output_padding", "dilation", "groups")
        return {name: getattr(self, name) for name in names}

    def forward(self, *xs: Array) -> Array:
        return F.conv_transpose2d(xs[0], self.weight, self.bias, **self._options())

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        options = self._options()
        dx, dweight, dbias = F.conv_transpose2d_backward(dy, xs[0], self.weight, self.bias, **options)
        return Gradients((dx,), self.given(weight=dweight, bias=dbias))

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        kernel, pads = self.kernel_size, self._pads
        counts: tuple[int | None, int | None] = (None, None)
        if sizes[0] is not None:
            counts = transposed_size(sizes[0], pads, self.output_padding, kernel, self.stride, self.dilation)
        before = (pads.top, pads.left)
        rows, cols = (
            transposed_window(kernel[i], self.stride[i], self.dilation[i], before[i], counts[i])
            for i in range(2)
        )
        return ((rows, cols),)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        geometry = self.kernel_size, self.stride, self.dilation, self._pads, self.output_padding
        return transposed_lines(shapes[0], *geometry, padding=self.padding)

    def output_channels(self, *channels: int) -> int:
        inputs, each, *_ = self._shape
        need_channels(channels[0], inputs, self, f"weight has {inputs} input channels")
        return each * self.groups

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return grouped(channels, self.groups, shapes[number][0])

    def macs(self, shapes: tuple[Shape, ...], output: Shape) -> int:
        # Counted from the input: each value is multiplied by all weights of its channel, however far the copies lie
        # apart.
        return prod(shapes[0]) * prod(self._shape[1:])

    def _group(self, channel: int) -> tuple[range, int]:
        """The input channels that an output channel reads, and its position within its group."""
        each, inputs = self._shape[1], self._shape[0] // self.groups
        group = channel // each
        return range(group * inputs, (group + 1) * inputs), channel % each

    def _lines(self, x: Array, row: int, col: int) -> list[list[tuple[int, int]]]:
        """(tap, cell) of the input cells whose copies of the kernel cover an output, for each axis."""
        kernel, pads, lines = self.kernel_size, self._pads, []
        for i, (place, before) in enumerate(((row, pads.top), (col, pads.left))):
            # Tap t of the copy that input j makes lies at j * stride + t * dilation, counted from the padded edge.
            taps = ((tap, place + before - tap * self.dilation[i]) for tap in range(kernel[i]))
            cells = [(tap, at // self.stride[i]) for tap, at in taps if at % self.stride[i] == 0]
            # In the order of the input: the taps run against it, later ones belonging to earlier cells.
            lines.append(sorted((c for c in cells if 0 <= c[1] < x.shape[2 + i]), key=lambda c: c[1]))
        return lines

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        channels, at = self._group(channel)
        rows, cols = self._lines(xs[0], row, col)
        terms = []
        for c in channels:
            kernel = self.weight[c, at]
            for cell, tap in window_places(0, c, rows, cols, xs[0].shape):
                value, weight = read(xs[0], cell), float(kernel[tap])
                terms.append(Term(value, weight, value * weight, cell, tap))
        bias = 0.0 if self.bias is None else float(self.bias[channel])
        return sum_of_products(self.title, terms, bias, y[0, channel, row, col])

    def partials(self, xs: tuple[Array, ...], y: Array, channel: int) -> tuple[PartialMap[int], ...]:
        channels, at = self._group(channel)
        options = {**self._options(), "groups": 1}
        return tuple(
            PartialMap(
                0, c, kernel, F.conv_transpose2d(xs[0][0, c : c + 1], kernel[None, None], **options)[0]
            )
            for c, kernel in ((c, self.weight[c, at]) for c in channels)
        )
