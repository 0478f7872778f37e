"""The cells of an input that one weight touches as its window slides."""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.functional.geometry import Pair
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.terms import Term


@dataclass(frozen=True)
class Lattice:
    """The cells top + i * step[0], left + j * step[1] for i < count[0], j < count[1]; outside the map, padding."""

    top: int
    left: int
    step: Pair
    count: Pair


def touched(layer: Layer, term: Term, at: Pair, size: Pair) -> Lattice | None:
    """The cells of the input that the weight of a term touches as its window slides over an output of `size`.

    term: of the output at position `at` (row, column). None where windows do not slide in steps of whole cells, and
    where the term has no weight.
    """
    step = layer.kernel_stride
    if step is None or term.tap is None or term.weight is None:
        return None
    # Back to output (0, 0), whose window is the corner that all others are counted from.
    top, left = term.where.row - at[0] * step[0], term.where.col - at[1] * step[1]
    return Lattice(top, left, step, size)
