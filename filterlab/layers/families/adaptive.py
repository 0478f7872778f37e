"""The base of the adaptive pooling layers: the size of the output is given, and determines the windows."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, adaptive_bounds
from filterlab.functional.pool.adaptive import AdaptivePart
from filterlab.layers.base.formula import Line, adaptive_lines
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.part import Cells, Part
from filterlab.layers.base.rules import declared_places
from filterlab.layers.base.shared import OutputSize
from filterlab.layers.base.streaming import Spans, Streaming
from filterlab.layers.base.terms import Place
from filterlab.layers.base.window import (
    AxisWindow,
    Size,
    Window,
    listed_window,
    need_listable,
    need_possible,
    need_size,
    sliding_windows,
)


class AdaptivePooling(Layer):
    """Window i of an axis of n cells and m outputs goes from floor(i * n / m) to ceil((i + 1) * n / m)."""

    stem: ClassVar[str] = "pool"
    group: ClassVar[str] = "pooling"
    locally_linear: ClassVar[bool] = True

    output_size: OutputSize

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        size = need_size(sizes[0], type(self).__name__)
        outputs = tuple(out or n for n, out in zip(size, self.output_size, strict=True))
        # Before the windows are listed, which would already take the memory that this check is there to save.
        need_possible(outputs, type(self).__name__)
        rows, cols = (
            _axis(n, n if out is None else need_listable(out, type(self).__name__))
            for n, out in zip(size, self.output_size, strict=True)
        )
        return ((rows, cols),)

    def cuts_itself(self, size: Pair) -> bool:
        # One window is the whole map, and is summed in another way.
        return self.output_size != (1, 1)

    def part_axis(self, size: Pair, axis: int, wanted: Cells) -> tuple[Cells, Cells]:
        return self.windows(size)[0][axis].reach(wanted[0], wanted[1] - 1), wanted

    def forward_part(self, x: Array, part: Part) -> Array:
        first = part.inputs[0][0], part.inputs[1][0]
        y: Array = getattr(F, self.key)(
            x, self.output_size, part=AdaptivePart(part.size, part.outputs, first)
        )
        return y

    def streaming(self, shape: Shape) -> Streaming | None:
        rows, cols = (self._spans(n, axis) for axis, n in enumerate(shape[1:]))
        return self._streamed(rows, cols, shape[0])

    def _streamed(self, rows: Spans, cols: Spans, channels: int) -> Streaming:
        raise NotImplementedError(type(self).__name__)

    def _spans(self, n: int, axis: int) -> Spans:
        starts, stops = adaptive_bounds(n, self.output_size[axis] or n)
        return list(zip(starts.tolist(), stops.tolist(), strict=True))

    def places(self, x: Array, channel: int, row: int, col: int) -> list[Place]:
        """The cells of one window over a map (1, C, H, W)."""
        return declared_places(self, 0, x, channel, row, col)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return adaptive_lines(shapes[0], self.output_size)


def _axis(n: int, out: int) -> AxisWindow:
    if n % out:
        return listed_window(n, *adaptive_bounds(n, out))
    # The windows are equal and do not overlap, as those of ordinary pooling: they have a stride, and hence a
    # receptive field, which listed windows have not.
    k = n // out
    return sliding_windows((n, 1), (k, 1), (k, 1), (1, 1), Pads(0, 0, 0, 0))[0]
