"""Resizing maps to a given size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.memory import Workspace
from filterlab.functional.prepared import Call, InPlace, Prepared
from filterlab.functional.resize import COORDINATES, RESIZE_MODES, ROUNDINGS, resized_axis
from filterlab.layers.base.formula import AXES, Line, plain
from filterlab.layers.base.layer import Arithmetic, Forward, Shape
from filterlab.layers.base.rules import Weighted, interpolated
from filterlab.layers.base.window import Size, Window, listed_window, need_listable, need_possible, need_size
from filterlab.layers.families.resampling import Resampling
from filterlab.parameters import Choice, Flag, Number, NumberPair, Pairs
from filterlab.text.messages import say


class Resize(Resampling):
    """Resizes maps to the given size, as torch.nn.functional.interpolate(size=size)."""

    key: ClassVar[str] = "resize"
    title: ClassVar[str] = "Resize"
    search_words: ClassVar[str] = "scale rescale interpolate bilinear 缩放 改变大小 插值"

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
    coordinates: Annotated[
        str | None,
        Choice(options=COORDINATES, optional=True),
        Field(
            default=None,
            description="Where outputs lie in the input, in the words of ONNX; by default as in PyTorch.",
        ),
    ]
    rounding: Annotated[
        str,
        Choice(options=ROUNDINGS),
        Field(default="floor", description="With coordinates, how nearest takes a position to a cell."),
    ]
    scale: Annotated[
        tuple[float, float] | None,
        NumberPair(minimum=0, open_minimum=True, slider=(0.25, 8), unit="times", optional=True),
        Field(
            default=None,
            description="With coordinates, the factors of the positions; by default those of the sizes.",
        ),
    ]
    cubic: Annotated[
        float,
        Number(slider=(-1, 0)),
        Field(default=-0.75, description="With coordinates, the constant a of bicubic interpolation."),
    ]

    @classmethod
    def starting_values(cls, *shapes: Shape, seed: int = 0) -> dict[str, Any]:
        size = shapes[0][1:] if shapes else ()
        # Half the size, so that the layer shows an effect; 224 is what most published networks take.
        return {"size": [max(1, n // 2) for n in size] or 224}

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        need_possible(self.size, "Resize")
        rows, cols = (
            listed_window(axis_size, *weighted[:2])
            for axis_size, weighted in zip(
                need_size(sizes[0], "Resize"), self.weights(need_size(sizes[0], "Resize")), strict=True
            )
        )
        return ((rows, cols),)

    def weights(self, size: Pair) -> list[Weighted]:
        scales = self.scale or (None, None)
        return [self._axis(*axis) for axis in zip(size, self.size, scales, strict=True)]

    def _axis(self, n: int, out: int, scale: float | None) -> Weighted:
        smooth = self.antialias and self.mode in ("bilinear", "bicubic")
        # The weights are listed: one for each output, and where the picture is smoothed for each input cell as well.
        need_listable(max(out, n) if smooth or self.mode == "area" else out, "Resize")
        return resized_axis(
            n,
            out,
            self.mode,
            scale=scale,
            antialias=self.antialias,
            coordinates=self.coordinates,
            rounding=self.rounding,
            cubic=self.cubic,
        )

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        size: Pair = shapes[0][2:]  # type: ignore[assignment]
        if then or size != self.size or not all(map(_kept, self.weights(size))):
            return super().prepared(dtype, *shapes, then=then)

        def place(space: Workspace, x: Array) -> tuple[Array, Sequence[Call]]:
            # Imported when it is needed, as it loads the compiler.
            from filterlab.functional.pointwise import normalizing

            # With mean 0, variance 1, weight 1 and bias 0, this is (x - 0) * 1 + 0.
            return normalizing(np.array([[0], [1], [1], [0]], dtype), 0).place(space, x)

        # A sum of one product, which has no negative zero either.
        return Prepared(lambda x: np.add(x, x.dtype.type(0)), place)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        return interpolated(
            self.title, xs[0], y, (channel, row, col), self.weights((xs[0].shape[2], xs[0].shape[3]))
        )

    def shape_formula(self, *shapes: Shape) -> tuple[Line, ...]:
        return tuple(
            plain(axis, f"{out}", out, say("as asked for, whatever the input"))
            for axis, out in zip(AXES, self.size, strict=True)
        )


def _kept(axis: Weighted) -> bool:
    """Whether each cell of an axis is that of the input at its place."""
    start, _, weights = axis
    rows, taps = np.nonzero(weights)
    places = np.arange(len(start))
    alone = np.array_equal(rows, places) and np.array_equal(start[rows] + taps, places)
    return alone and bool((weights[rows, taps] == 1).all())
