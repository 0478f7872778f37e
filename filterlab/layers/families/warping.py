"""The base of the layers that turn, scale and move pictures."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.functional.filters.warping import MODES, corners
from filterlab.functional.geometry import Pair
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer
from filterlab.layers.base.rules import read, sum_of_products
from filterlab.layers.base.terms import Term, Where, weighed
from filterlab.layers.base.window import Size, Window, need_size, whole_window
from filterlab.parameters import Choice, Number

Interpolation = Annotated[
    str,
    Choice(options=MODES),
    Field(
        default="bilinear",
        description="Between cells: the mean of the four around, weighted, or the nearest.",
    ),
]
Outside = Annotated[
    float,
    Number(slider=(-1, 1)),
    Field(default=0.0, description="The value of what lies beyond the picture."),
]


class Warping(Layer):
    """Base of affine transforms of the whole map. Subclasses declare `mode` and `value`."""

    group: ClassVar[str] = "size"
    locally_linear: ClassVar[bool] = True

    def transform(self, size: Pair) -> tuple[Array, Pair]:
        """The matrix (2, 3) of `functional.filters.warping`, and the size of the output, for an input of `size`."""
        raise NotImplementedError(type(self).__name__)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        # The cells that an output sees depend on its row and its column together, which no pair of axes tells.
        height, width = need_size(sizes[0], type(self).__name__)
        rows, cols = self.transform((height, width))[1]
        return ((whole_window(height, rows), whole_window(width, cols)),)

    def _options(self, x: Array) -> dict[str, Any]:
        matrix, size = self.transform((x.shape[2], x.shape[3]))
        return {"matrix": matrix, "size": size, "mode": self.mode, "value": self.value}

    def forward(self, *xs: Array) -> Array:
        return F.warp(xs[0], **self._options(xs[0]))

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.warp_backward(dy, xs[0], **self._options(xs[0])),), {})

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        size = (xs[0].shape[2], xs[0].shape[3])
        matrix, output = self.transform(size)
        terms, bias = [], 0.0
        for corner in corners(matrix, (row, row + 1), output[1], size, self.mode):
            weight = float(corner.weight[0, col])
            if not corner.inside[0, col]:
                bias += weighed(self.value, weight)
            elif weight:
                cell = Where(0, channel, int(corner.row[0, col]), int(corner.col[0, col]))
                value = read(xs[0], cell)
                terms.append(Term(value, weight, weighed(value, weight), cell))
        return sum_of_products(self.title, terms, bias, y[0, channel, row, col])
