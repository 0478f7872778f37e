"""The bases of the layers whose windows slide over the map, one `stride` from the next."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, resolve_padding
from filterlab.layers.base.border import Border
from filterlab.layers.base.formula import Line, window_lines
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.terms import Taps
from filterlab.layers.base.window import Size, Window, sliding_windows


class Sliding(Layer):
    """Base of layers with a `kernel_size` and a `stride`, and perhaps `padding`, `dilation` and `ceil_mode`.

    Without a stride, windows lie side by side.
    """

    def geometry(self, size: Size) -> tuple[Pair, Pair, Pair, Pads]:
        """Kernel, stride, dilation, and the padding in cells on a map of `size`."""
        kernel: Pair = self.kernel_size
        stride: Pair = self.stride or kernel
        dilation: Pair = getattr(self, "dilation", (1, 1))
        padding = getattr(self, "padding", 0)
        pads = resolve_padding(padding, size, kernel, stride, dilation, type(self).__name__)
        return kernel, stride, dilation, pads

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        geometry, ceil_mode = self.geometry(sizes[0]), getattr(self, "ceil_mode", False)
        return (sliding_windows(sizes[0], *geometry, ceil_mode=ceil_mode, operation=type(self).__name__),)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        geometry, ceil_mode = self.geometry((shapes[0][1], shapes[0][2])), getattr(self, "ceil_mode", False)
        return window_lines(shapes[0], *geometry, padding=getattr(self, "padding", None), ceil_mode=ceil_mode)


class SlidingKernels(Sliding):
    """Base of layers that apply the same kernels in every window.

    Subclasses declare `stride`, `padding`, `dilation`, `padding_mode`, `value` and `operation`.
    """

    group: ClassVar[str] = "convolution"

    @property
    def kernel_stride(self) -> Pair:
        stride: Pair = self.stride
        return stride

    def border(self, size: Pair) -> Border:
        return Border(self.geometry(size)[3], self.padding_mode)

    def oriented(self, kernels: Array) -> Array:
        """Kernels as cross-correlation applies them; its own inverse, so that it serves gradients as well."""
        return kernels if self.operation == "cross-correlation" else kernels[..., ::-1, ::-1]

    def taps(self, x: Array) -> Taps:
        """What the taps of a window over a map (1, C, H, W) read."""
        return Taps.of(self, self.geometry((x.shape[2], x.shape[3]))[3])
