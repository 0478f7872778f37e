"""The bases of the pooling layers: windows that slide over each channel by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from filterlab.functional.arrays import Array
from filterlab.functional.pool.pooling import prepared_pool2d
from filterlab.functional.prepared import InPlace, followed
from filterlab.layers.base.layer import Arithmetic, Forward, Shape
from filterlab.layers.base.rules import choice, taps_inside, window_places
from filterlab.layers.base.shared import CeilMode, Dilation, KernelSize, PoolStride, WindowPadding
from filterlab.layers.base.terms import Place
from filterlab.layers.families.sliding import Sliding


class Pooling(Sliding):
    """Base of the pooling layers. Subclasses declare `kernel_size`, `stride` and their other parameters."""

    stem: ClassVar[str] = "pool"
    group: ClassVar[str] = "pooling"
    locally_linear: ClassVar[bool] = True

    # A last window of `ceil_mode` may stick out beyond the padding; nothing is there, not even a zero to count.
    def places(self, x: Array, channel: int, row: int, col: int) -> list[Place]:
        """The cells of one window over a map (1, C, H, W); those in the padding are marked, others left out."""
        kernel, stride, dilation, pads = self.geometry((x.shape[2], x.shape[3]))
        rows, cols = (
            taps_inside(n, kernel[i], (row, col)[i] * stride[i] - sides[0], dilation[i], sides)
            for i, (n, sides) in enumerate(zip(x.shape[2:], pads.sides, strict=True))
        )
        return window_places(0, channel, rows, cols, x.shape)

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        function = prepared_pool2d(self.key, shapes[0], dtype, **self.options())
        return super().prepared(dtype, *shapes, then=then) if function is None else followed(function, then)

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
