"""One kernel for a picture: the filter of image processing."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.conv.convolution import conv2d_blocks
from filterlab.functional.conv.plan import plan_conv2d
from filterlab.functional.geometry import Pair
from filterlab.layers.base.kinds import Padding, PaddingValue, Tensor
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, PartialMap, Shape
from filterlab.layers.base.resizing import KERNEL_SIZE
from filterlab.layers.base.rules import sum_of_products
from filterlab.layers.base.shared import Dilation, Operation, PaddingFill, PaddingMode, Stride
from filterlab.layers.base.slices import with_size
from filterlab.layers.families.sliding import SlidingKernels
from filterlab.parameters import Number, Parameter


class Filter2d(SlidingKernels):
    """Each channel is filtered on its own by the same 2-D kernel: kernel * x / divisor + offset."""

    key: ClassVar[str] = "filter2d"
    title: ClassVar[str] = "Filter"
    search_words: ClassVar[str] = "kernel blur sharpen edges 滤波器 滤波 卷积核 模糊 锐化 边缘"
    stem: ClassVar[str] = "filter"
    sizes: ClassVar[tuple[Parameter, ...]] = (KERNEL_SIZE,)
    locally_linear: ClassVar[bool] = True

    kernel: Annotated[
        Array, Tensor(axes=("height", "width")), Field(description="Weights of the cells of the window.")
    ]
    divisor: Annotated[
        float,
        Number(slider=(1, 256)),
        Field(default=1.0, description="The sum of products is divided by this."),
    ]
    offset: Annotated[
        float, Number(slider=(-1, 1)), Field(default=0.0, description="A number added to every output.")
    ]
    padding: Annotated[
        PaddingValue,
        Padding(minimum=0, slider=(0, 16), unit="cells"),
        Field(default="same", description="Cells added around the input before the windows are laid."),
    ]
    padding_mode: PaddingMode
    value: PaddingFill
    stride: Stride
    dilation: Dilation
    operation: Operation

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        return {"kernel": {"preset": "gaussian", "size": 5, "sigma": 1.0}}

    def check(self) -> None:
        if self.divisor == 0:
            raise ParameterError("divisor is 0", hint="give any other number", parameter="divisor")

    @property
    def kernel_size(self) -> Pair:
        """Height and width of the kernel."""
        height, width = self.shape_of("kernel")
        return height, width

    def resized(self, **changes: Any) -> Layer:
        if "kernel_size" in changes:
            height, width = KERNEL_SIZE.kind.read(changes.pop("kernel_size"), "kernel_size")
            changes["kernel"] = with_size(self.raw()["kernel"], height, width)
        return self.replace(**changes)

    def _weight(self, dtype: Any) -> Array:
        # Divided in double precision, so that each weight is rounded only once. A quotient beyond float32 becomes
        # infinite without a warning, as the outputs then are.
        with np.errstate(over="ignore"):
            return (self.oriented(self.kernel).astype(np.float64) / self.divisor).astype(dtype)

    def _options(self) -> dict[str, Any]:
        names = ("stride", "padding", "dilation", "padding_mode", "value")
        return {name: getattr(self, name) for name in names}

    def forward(self, *xs: Array) -> Array:
        return self.applied(xs[0], self.padding)

    def applied(self, x: Array, padding: Any) -> Array:
        # The channels become pictures of one channel, so that one kernel filters all of them.
        flat = x.reshape(-1, 1, *x.shape[2:])
        weight = self._weight(x.dtype)[None, None]
        with np.errstate(over="ignore"):  # as in `_weight`
            offset = np.array([self.offset]).astype(x.dtype)
        options = {**self._options(), "padding": padding}
        y = F.conv2d(flat, weight, offset if self.offset else None, **options)
        return y.reshape(*x.shape[:2], *y.shape[2:])

    def blocks(self, size: Pair) -> Pair:
        shape = (1, 1, *self.kernel_size)
        return conv2d_blocks(
            (1, *size), shape, lambda: self._weight(np.float32)[None, None], **self._options()
        )

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        flat = xs[0].reshape(-1, 1, *xs[0].shape[2:])
        slopes = dy.reshape(-1, 1, *dy.shape[2:])
        weight = self._weight(xs[0].dtype)[None, None]
        dx, dweight, _ = F.conv2d_backward(slopes, flat, weight, None, **self._options())
        dkernel = self.oriented(dweight[0, 0]) / np.asarray(self.divisor, dy.dtype)
        return Gradients((dx.reshape(xs[0].shape),), {"kernel": dkernel})

    def output_shape(self, *shapes: Shape) -> Shape:
        shape = super().output_shape(*shapes)
        # Called for its checks: it raises for sizes that the convolution cannot compute.
        plan_conv2d((1, 1, *shapes[0][1:]), (1, 1, *self.kernel_size), groups=1, **self._options())
        return shape

    def macs(self, shapes: tuple[Shape, ...], output: Shape) -> int:
        return prod(output) * prod(self.kernel_size)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        # In double precision, so that weights are shown as kernel / divisor and not with the round-off of float32.
        terms = self.taps(xs[0]).terms(xs[0], {channel: self._weight(np.float64)}, row, col)
        return sum_of_products(self.operation, terms, self.offset, y[0, channel, row, col])

    def partials(self, xs: tuple[Array, ...], y: Array, channel: int) -> tuple[PartialMap[int], ...]:
        kernel = self._weight(xs[0].dtype)
        array = F.conv2d(xs[0][0, channel : channel + 1], kernel[None, None], **self._options())[0]
        return (PartialMap(0, channel, kernel, array),)
