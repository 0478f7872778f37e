"""Parts of maps, for layers whose values depend on where on the map they lie, or on all of it."""

from __future__ import annotations

from typing import NamedTuple

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.layers.base.streaming import Streaming

Cells = tuple[int, int]  # half-open, along one axis


class Part(NamedTuple):
    """The outputs that are wanted, and the cells that are given of an input, each as rows and columns.

    size: that of the whole input.
    """

    size: Pair
    inputs: tuple[Cells, Cells]
    outputs: tuple[Cells, Cells]


class InParts:
    """What layers say of computing a part of their output, where a part of the input by itself does not tell."""

    def cuts_itself(self, size: Pair) -> bool:
        """Whether a part of the output on an input of `size` is computed by `forward_part`, not by `forward`.

        So it is where values depend on where they lie on the map, as the weights of interpolation do.
        """
        return False

    def part_axis(self, size: Pair, axis: int, wanted: Cells) -> tuple[Cells, Cells]:
        """The input cells along an axis that `forward_part` needs for some outputs, and the outputs that it makes.

        Cells before 0 and from the size on are those of the opposite end.
        """
        raise NotImplementedError(type(self).__name__)

    def forward_part(self, x: Array, part: Part) -> Array:
        """The outputs of a part, as those of the whole map, from the cells (N, C, h, w) that the part names."""
        raise NotImplementedError(type(self).__name__)

    def streaming(self, shape: tuple[int, ...]) -> Streaming | None:
        """What finds out, from an input of `shape` that comes in parts, all that a value needs of the whole map.

        None for layers that need no more than a part, or the map as it is.
        """
        return None
