"""Every cell of an input that one weight ever touches."""

from __future__ import annotations

from dataclasses import dataclass

from filterlab.functional.geometry import Pair
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.terms import Term


@dataclass(frozen=True)
class Lattice:
    """Cells top + i * step, i below the count, along both axes; those outside the map are padding."""

    top: int
    left: int
    step: Pair
    count: Pair


def touched(layer: Layer, term: Term, at: Pair, size: Pair) -> Lattice | None:
    """The cells of its input that a term's weight touches as its window slides over an output of `size`.

    term: of output position `at`. None where windows do not slide in steps of whole cells, or there is no weight.
    """
    step = layer.kernel_stride
    if step is None or term.tap is None or term.weight is None:
        return None
    top, left = term.where.row - at[0] * step[0], term.where.col - at[1] * step[1]
    return Lattice(top, left, step, size)
