"""The bases of the pooling layers: windows that slide over each channel by itself."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, resolve_padding
from filterlab.layers.base.formula import Line, window_lines
from filterlab.layers.base.layer import Arithmetic, Layer, Shape
from filterlab.layers.base.rules import choice, taps_inside, window_places
from filterlab.layers.base.shared import CeilMode, Dilation, KernelSize, PoolStride, WindowPadding
from filterlab.layers.base.terms import Place
from filterlab.layers.base.window import Size, Window, sliding_windows


class Pooling(Layer):
    """Base of the pooling layers. Subclasses declare `kernel_size`, `stride` and their other parameters."""

    stem: ClassVar[str] = "pool"
    group: ClassVar[str] = "pooling"
    locally_linear: ClassVar[bool] = True

    def _geometry(self, size: Size) -> tuple[Pair, Pair, Pair, Pads]:
        """Kernel, stride, dilation, and the padding in cells on a map of `size`."""
        options = self.options()
        kernel: Pair = options["kernel_size"]
        stride: Pair = options["stride"] or kernel
        dilation: Pair = options.get("dilation", (1, 1))
        pads = resolve_padding(options.get("padding", 0), size, kernel, stride, dilation, type(self).__name__)
        return kernel, stride, dilation, pads

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        ceil_mode, name = self.options()["ceil_mode"], type(self).__name__
        window = sliding_windows(sizes[0], *self._geometry(sizes[0]), ceil_mode=ceil_mode, operation=name)
        return (window,)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        options = self.options()
        return window_lines(
            shapes[0],
            *self._geometry((shapes[0][1], shapes[0][2])),
            padding=options.get("padding"),
            ceil_mode=options["ceil_mode"],
        )

    # A last window of `ceil_mode` may stick out beyond the padding; nothing is there, not even a zero to count.
    def places(self, x: Array, channel: int, row: int, col: int) -> list[Place]:
        """The cells of one window over a map (1, C, H, W); those in the padding are marked, others left out."""
        kernel, stride, dilation, pads = self._geometry((x.shape[2], x.shape[3]))
        rows, cols = (
            taps_inside(n, kernel[i], (row, col)[i] * stride[i] - sides[0], dilation[i], sides)
            for i, (n, sides) in enumerate(zip(x.shape[2:], pads.sides, strict=True))
        )
        return window_places(0, channel, rows, cols, x.shape)

    def real_places(self, x: Array, channel: int, row: int, col: int) -> list[Place]:
        """The places of one window that are not in the padding."""
        return [place for place in self.places(x, channel, row, col) if not place.where.padding]


class ChoicePooling(Pooling):
    """Base of poolings that choose one value of the window: rule "max" or "min"."""

    singles_out: ClassVar[bool] = True
    rule: ClassVar[str]

    kernel_size: KernelSize
    stride: PoolStride
    padding: WindowPadding
    dilation: Dilation
    ceil_mode: CeilMode

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        # Padding never wins, so that it is not among the cells to choose from.
        places = self.real_places(xs[0], channel, row, col)
        return choice(self.title, self.rule, places, xs, y[0, channel, row, col])
