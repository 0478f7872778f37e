"""Resizing maps to a given size."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.resize import RESIZE_MODES, axis_weights
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.layer import Arithmetic, Layer, Shape
from filterlab.layers.base.rules import Weighted, interpolated
from filterlab.layers.base.window import Size, Window, listed_window, need_listable, need_possible, need_size
from filterlab.parameters import Choice, Flag, Pairs
from filterlab.text.messages import say


class Resize(Layer):
    """Resizes maps to the given size, as torch.nn.functional.interpolate(size=size)."""

    key: ClassVar[str] = "resize"
    title: ClassVar[str] = "Resize"
    group: ClassVar[str] = "size"
    locally_linear: ClassVar[bool] = True

    size: Annotated[
        Pair,
        Pairs(minimum=1, slider=(1, 1024), unit="cells"),
        Field(description="Height and width of the output."),
    ]
    mode: Annotated[
        str,
        Choice(options=RESIZE_MODES),
        Field(default="bilinear", description="How values between cells are interpolated."),
    ]
    antialias: Annotated[
        bool,
        Flag(),
        Field(default=False, description="When shrinking, average over all cells, as Pillow does."),
    ]

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        size = shapes[0][1:] if shapes else ()
        # Half the size, so that the layer shows an effect; 224 is what most published networks take.
        return {"size": [max(1, n // 2) for n in size] or 224}

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        need_possible(self.size, "Resize")
        rows, cols = (
            listed_window(n, *self._axis(n, out)[:2])
            for n, out in zip(need_size(sizes[0], "Resize"), self.size, strict=True)
        )
        return ((rows, cols),)

    def _axis(self, n: int, out: int) -> Weighted:
        smooth = self.antialias and self.mode in ("bilinear", "bicubic")
        # The weights are listed: one for each output, and where the picture is smoothed for each input cell as well.
        need_listable(max(out, n) if smooth or self.mode == "area" else out, "Resize")
        return axis_weights(n, out, self.mode, None, smooth)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        axes = [self._axis(n, out) for n, out in zip(xs[0].shape[2:], self.size, strict=True)]
        return interpolated(self.title, xs[0], y, (channel, row, col), axes)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return tuple(
            plain(axis, f"{out}", out, say("as asked for, whatever the input"))
            for axis, out in zip(AXES, self.size, strict=True)
        )
