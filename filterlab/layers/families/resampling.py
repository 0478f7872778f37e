"""The base of the layers that interpolate: rows and columns of the output are weighted sums of those of the input."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.resize import resampled
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.part import Cells, Part
from filterlab.layers.base.rules import Weighted


class Resampling(Layer):
    """Base of Upsample and Resize. Weights depend on the place of an output, and on the size of the whole map."""

    group: ClassVar[str] = "size"
    locally_linear: ClassVar[bool] = True

    def weights(self, size: Pair) -> list[Weighted]:
        """Start, stop and weights of each output row, and of each column, for an input of `size`."""
        raise NotImplementedError(type(self).__name__)

    def cuts_itself(self, size: Pair) -> bool:
        return True

    def part_axis(self, size: Pair, axis: int, wanted: Cells) -> tuple[Cells, Cells]:
        start, stop, _ = self.weights(size)[axis]
        some = slice(*wanted)
        return (int(start[some].min()), int(stop[some].max())), wanted

    def forward_part(self, x: Array, part: Part) -> Array:
        rows, cols = (
            (start[slice(*outputs)] - cells[0], stop[slice(*outputs)] - cells[0], weights[slice(*outputs)])
            for (start, stop, weights), cells, outputs in zip(
                self.weights(part.size), part.inputs, part.outputs, strict=True
            )
        )
        return resampled(x, rows, cols)
