"""A block of cells of a map: some channels, some rows, some columns."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np

from filterlab.functional.arrays import Array

Mask = Array  # bool, one for each channel, row or column


class Block(NamedTuple):
    """The cells whose channel, row and column are all marked. The channels of a vector are its features."""

    channels: Mask
    rows: Mask
    cols: Mask

    @classmethod
    def single(cls, shape: tuple[int, ...], place: tuple[int, int, int]) -> Block:
        """One cell (channel, row, column) of a map or vector of `shape`."""
        # A vector is taken as a map of one cell, its features as channels.
        return cls(*(np.arange(n) == i for n, i in zip((*shape, 1, 1)[:3], place, strict=True)))

    @property
    def empty(self) -> bool:
        """True where it holds no cell."""
        return not all(mask.any() for mask in self)

    @property
    def cells(self) -> int:
        """The number of cells."""
        return prod(int(mask.sum()) for mask in self)

    def joined(self, other: Block) -> Block:
        """The smallest block around the cells of both."""
        # An empty block has no mark on one axis, but may have many on the others: joined axis by axis it would widen
        # the result.
        if self.empty or other.empty:
            return other if self.empty else self
        return Block(*(a | b for a, b in zip(self, other, strict=True)))

    def hull(self) -> tuple[int, int, int, int]:
        """The smallest rectangle around it as (top, left, bottom, right), half-open; (0, 0, 0, 0) where it is empty."""
        if self.empty:
            return 0, 0, 0, 0
        rows, cols = np.flatnonzero(self.rows), np.flatnonzero(self.cols)
        return int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1


def marked(cells: Array, *axes: int) -> Mask:
    """Return whether any of the `cells` (bool) along some axes is marked, for each place on the others."""
    return np.asarray(cells.any(axis=axes))


def grouped(channels: Mask, groups: int, inputs: int) -> Mask:
    """The input channels that some output channels read, where both are split into groups of neighbours."""
    # One output channel of a group needs all input channels of that group.
    return np.repeat(marked(channels.reshape(groups, -1), 1), inputs // groups)
