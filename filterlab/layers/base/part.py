"""A part of a map, as a layer is told of it whose values depend on where on the map they lie."""

from __future__ import annotations

from typing import NamedTuple

from filterlab.functional.geometry import Pair

Cells = tuple[int, int]  # half-open, along one axis


class Part(NamedTuple):
    """The outputs that are wanted, and the cells that are given of an input, each as rows and columns.

    size: that of the whole input.
    """

    size: Pair
    inputs: tuple[Cells, Cells]
    outputs: tuple[Cells, Cells]
