"""The base of softmax and its logarithm: the axis that they run along, and the names of the classes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from filterlab.errors import ShapeError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.geometry import Pair
from filterlab.layers.base.kinds import Labels, Tensor
from filterlab.layers.base.layer import Arithmetic, Layer, Mask, Shape
from filterlab.layers.base.part import Cells, Part
from filterlab.layers.base.rules import at, exponentials
from filterlab.layers.base.streaming import ExponentialSums, Streaming
from filterlab.layers.base.terms import Where
from filterlab.layers.base.window import AxisWindow, Size, Window, need_size, same_window, whole_window
from filterlab.parameters import Flag, Integer
from filterlab.text.messages import say


class KnownSums(Layer):
    """The scores of a map along its rows or columns, of which the largest values and the sums are known."""

    logarithm: Annotated[bool, Flag(), Field(default=False, description="Their natural logarithms.")]
    largest: Annotated[
        Array,
        Tensor(axes=("channels", "height", "width"), trainable=False),
        Field(description="The largest value along the axis, which has size 1."),
    ]
    sums: Annotated[
        Array,
        Tensor(axes=("channels", "height", "width"), trainable=False),
        Field(description="The sum of exp(x - largest) along the axis."),
    ]

    def cuts_itself(self, size: Pair) -> bool:
        return True

    def part_axis(self, size: Pair, axis: int, wanted: Cells) -> tuple[Cells, Cells]:
        return wanted, wanted

    def forward_part(self, x: Array, part: Part) -> Array:
        own = [
            slice(None) if n == 1 else slice(*cells)
            for n, cells in zip(self.largest.shape[1:], part.inputs, strict=True)
        ]
        largest, sums = (array[(slice(None), *own)] for array in (self.largest, self.sums))
        with np.errstate(all="ignore"):
            shifted = x - largest.astype(x.dtype)
            if self.logarithm:
                return shifted - np.log(sums).astype(x.dtype)
            return np.exp(shifted) / sums.astype(x.dtype)


class ClassScores(Layer):
    """Base of the softmax layers. `labels` are kept for whoever shows the scores; nothing is computed from them."""

    group: ClassVar[str] = "vector"
    per_channel: ClassVar[bool] = False
    # A formula of x, of m, the largest value along the axis, and of s, the sum of exp(x − m) along it.
    template: ClassVar[str]
    logarithm: ClassVar[bool] = False

    axis: Annotated[
        int,
        Integer(minimum=-3, maximum=2, slider=(0, 2)),
        Field(
            default=0, description="Axis along which the outputs belong together: 0 the channels or features."
        ),
    ]
    labels: Annotated[
        tuple[str, ...] | None,
        Labels(optional=True),
        Field(default=None, description="Names of the classes along the axis."),
    ]

    def options(self) -> dict[str, Any]:
        # Arrays have a batch axis in front, past which the axes that count from the front are moved.
        return {"axis": self.axis + 1 if self.axis >= 0 else self.axis}

    def output_shape(self, *shapes: Shape) -> Shape:
        shape = shapes[0]
        if not -len(shape) <= self.axis < len(shape):
            what = say("there is no axis {} in {}", self.axis, shape_text(shape))
            hint = say("allowed: {} to {}", -len(shape), len(shape) - 1)
            raise ShapeError(what, type(self).__name__, hint, parameter="axis")
        if self.labels is not None and len(self.labels) != shape[self.axis]:
            what = say("labels has {} name(s) for {} class(es)", len(self.labels), shape[self.axis])
            raise ShapeError(what, type(self).__name__, "give one for each", parameter="labels")
        return shape

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        # Along rows or columns every channel has a softmax of its own.
        together = self.axis % len(shapes[0]) == 0
        return super().channels_read(channels, number, shapes) if together else channels

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        axis = self.axis % 3  # the axis of maps; a vector counts as 1x1, where all axes give the same windows
        if axis == 0:
            return (same_window(sizes[0]),)
        size = need_size(sizes[0], type(self).__name__)
        rows, cols = same_window(size)
        entire: list[AxisWindow] = [whole_window(n, n) for n in size]
        return ((entire[0], cols) if axis == 1 else (rows, entire[1]),)

    def streaming(self, shape: Shape) -> Streaming | None:
        if self.axis % 3 == 0:
            return None

        def stand_in(largest: Array, sums: Array) -> Layer:
            one = np.ones((1, 1, 1))
            plain = KnownSums(logarithm=self.logarithm, largest=one, sums=one)
            # Unchecked: infinities and NaN of the map are in them.
            return plain.with_arrays({"largest": largest, "sums": sums})

        return ExponentialSums(shape, self.axis % 3, stand_in)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        x = xs[0]
        position = [0, channel, row, col][: x.ndim]
        axis = self.options()["axis"] % x.ndim
        cells = []
        for i in range(x.shape[axis]):
            position[axis] = i
            c, r, s = (*position[1:], 0, 0)[:3]
            cells.append(Where(0, c, r, s))
        own = cells[(channel, row, col)[axis - 1]]
        return exponentials(self.title, self.template, cells, own, x, y[at(y, channel, row, col)])
