"""How a window is put together from shorter windows, along one axis.

The sum of 15 neighbouring cells is that of five runs of three cells; each run serves several windows, so that a window
of k cells takes about log(k) additions instead of k - 1. Sums that run along a row and drop a cell where they take one
in would take two, but an infinity or a NaN would stay in them for ever, and their round-off would depend on where they
began. Here a window is always put together in the same order, from its own cells alone.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from filterlab.functional.arrays import Array

MOST_TERMS = (
    8  # shorter windows that are put together at once: so many vectors are read for one that is written
)
_STORE = 1.5  # the cost of writing a level, where reading a term costs 1


class Tree(NamedTuple):
    """Levels of ever longer windows, as arrays that compiled loops take. Level 0 is the cells, the last the window.

    Level l has windows of widths[l] cells. Each is put together from counts[l] windows: term t is that of level
    sources[l, t] which begins shifts[l, t] cells further on. depths[l]: how many windows of level l, counted back from
    the cell that comes in last, later levels still read.
    """

    widths: Array
    counts: Array
    sources: Array
    shifts: Array
    depths: Array


@cache
def sum_tree(cells: int) -> Tree:
    """The tree of a sum: every cell is counted once."""
    return _tree(cells, overlapping=False)


@cache
def extreme_tree(cells: int) -> Tree:
    """The tree of a maximum: windows may overlap, as a cell counts no more when it is seen twice."""
    return _tree(cells, overlapping=True)


def _tree(cells: int, overlapping: bool) -> Tree:
    widths = _widths(cells, overlapping)[1]
    terms: list[list[tuple[int, int]]] = [[]]
    for level, width in enumerate(widths[1:], 1):
        part = widths[level - 1]
        if overlapping:
            starts = [min(start, width - part) for start in range(0, width, part)]
            terms.append([(level - 1, start) for start in starts])
        else:
            whole = width // part * part
            terms.append([(level - 1, start) for start in range(0, whole, part)])
            terms[-1] += [(0, start) for start in range(whole, width)]
    sources, shifts = np.zeros((2, len(terms), MOST_TERMS), np.int64)
    depths = np.ones(len(terms), np.int64)
    for level, found in enumerate(terms):
        for t, (source, shift) in enumerate(found):
            sources[level, t], shifts[level, t] = source, shift
            depths[source] = max(depths[source], widths[level] - shift)
    counts = np.array([len(found) for found in terms])
    tree = Tree(np.array(widths), counts, sources, shifts, depths)
    for array in tree:
        array.flags.writeable = False
    return tree


@cache
def _widths(cells: int, overlapping: bool) -> tuple[float, tuple[int, ...]]:
    """The cheapest widths of levels, from 1 to `cells`, and what they cost."""
    if cells == 1:
        return 0, (1,)
    choices = []
    for parts in range(2, MOST_TERMS + 1):
        width = -(-cells // parts) if overlapping else cells // parts
        terms = -(-cells // width) if overlapping else parts + cells - width * parts if width else 0
        if 1 <= width < cells and terms <= MOST_TERMS:
            cost, widths = _widths(width, overlapping)
            choices.append((cost + terms + _STORE, (*widths, cells)))
    return min(choices)
