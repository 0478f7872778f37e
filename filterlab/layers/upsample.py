"""Enlarging (or shrinking) maps by a factor."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.resize import UPSAMPLE_MODES, axis_weights, upsampled_size
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.kinds import Factors
from filterlab.layers.base.layer import Arithmetic, Shape
from filterlab.layers.base.rules import Weighted, copied, interpolated
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import (
    AxisWindow,
    Size,
    Window,
    listed_window,
    need_listable,
    need_possible,
    need_size,
)
from filterlab.layers.families.resampling import Resampling
from filterlab.parameters import Choice


class Upsample(Resampling):
    """floor(n * scale) cells on each axis, as torch.nn.Upsample(scale_factor=scale)."""

    key: ClassVar[str] = "upsample"
    title: ClassVar[str] = "Upsample"
    search_words: ClassVar[str] = "upsampling enlarge interpolate nearest 上采样 放大 插值"
    stem: ClassVar[str] = "up"

    scale: Annotated[
        tuple[Any, Any],
        Factors(slider=(0.25, 8), unit="times", start=2),
        Field(description="Factor of height and width."),
    ]
    mode: Annotated[
        str,
        Choice(options=UPSAMPLE_MODES),
        Field(default="nearest", description="How values between cells are interpolated."),
    ]

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        # With integer factors the windows follow a line at every size; with others they depend on the size.
        integer = all(isinstance(factor, int) for factor in self.scale)
        size = sizes[0] or (None, None) if integer else need_size(sizes[0], "Upsample")
        if sizes[0] is not None:
            outputs = (upsampled_size(n, factor) for n, factor in zip(sizes[0], self.scale, strict=True))
            need_possible(tuple(outputs), "Upsample")
        rows, cols = (self._axis(n, factor) for n, factor in zip(size, self.scale, strict=True))
        return ((rows, cols),)

    def _axis(self, n: int | None, factor: float) -> AxisWindow:
        if isinstance(factor, int):
            return _line(factor, self.mode, None if n is None else n * factor)
        assert n is not None, "asked for in windows()"
        count = need_listable(upsampled_size(n, factor), "Upsample")
        start, stop, _ = axis_weights(n, count, self.mode, float(factor))
        return listed_window(n, start, stop)

    def weights(self, size: Pair) -> list[Weighted]:
        return [
            axis_weights(n, upsampled_size(n, factor), self.mode, float(factor))
            for n, factor in zip(size, self.scale, strict=True)
        ]

    def cuts_itself(self, size: Pair) -> bool:
        # Whole factors only repeat cells, wherever these are.
        return self.mode != "nearest" or not all(float(factor).is_integer() for factor in self.scale)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        if self.mode == "nearest" and all(float(factor).is_integer() for factor in self.scale):
            cell = Where(0, channel, row // int(self.scale[0]), col // int(self.scale[1]))
            return copied(self.title, xs[0], cell, y[0, channel, row, col])
        axes = self.weights((xs[0].shape[2], xs[0].shape[3]))
        return interpolated(self.title, xs[0], y, (channel, row, col), axes)

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return tuple(
            plain(axis, f"⌊{n} · {factor}⌋", upsampled_size(n, factor))
            for axis, n, factor in zip(AXES, shapes[0][1:], self.scale, strict=True)
        )


def _line(factor: int, mode: str, count: int | None) -> AxisWindow:
    """The window of interpolation: output i lies at (i + 1/2) / factor - 1/2, and reads the cells around that."""
    step = Fraction(1, factor)
    if mode == "nearest" or factor == 1:
        return AxisWindow(step, Fraction(0), Fraction(0), count)
    middle = step / 2 - Fraction(1, 2)
    ceiling = middle + 1 - step / 2  # floor(i * step + ceiling) is the ceiling of i * step + middle
    if mode == "bilinear":
        return AxisWindow(step, middle, ceiling, count)
    # Cubic interpolation reads one cell more on either side.
    return AxisWindow(step, middle - 1, ceiling + 1, count)
