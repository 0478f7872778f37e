"""Selection networks: values of given rank in windows, by comparisons whose order does not depend on the numbers.

The columns of a window are sorted, and merged in pairs; what cannot be of the rank any more is dropped on the way
(A. Adams, Fast median filters using separable sorting networks, 2021; the merges are Batcher's, see Knuth, The Art of
Computer Programming 3, section 5.3.4). Every comparison is a minimum and a maximum, which a processor takes of whole
vectors at once. What no output needs is never written.

Neighbouring windows share their work. Along a row, a step is that of all columns: a sorted column, or two of them
merged, serves each window that sees it. Down, several windows are worked on together: what they have in common is put
in order once, and the rows that only some of them see are merged in afterwards, half of the windows at a time.
"""

# Compiled loops depend on this file although nothing in it is compiled: `filterlab.compiling` finds such sources by its
# own name in them.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

ALONE = 3  # columns of windows that share nothing along a row
Found = tuple[int, int]  # a step, and how many columns further on


class Pick(NamedTuple):
    """One step of a network, at every column: an input, or the minimum or maximum of two earlier steps.

    kind: "input" (row is that of the window), "min" or "max" of two steps, each read some columns further on.
    """

    kind: str
    row: int
    first: Found = (-1, 0)
    second: Found = (-1, 0)

    @property
    def sources(self) -> tuple[Found, ...]:
        """The steps that it reads."""
        return () if self.kind == "input" else (self.first, self.second)


class Sorted(NamedTuple):
    """Some cells in increasing order, of which the first `low` and some of the last are left out."""

    values: list[Found]
    low: int
    cells: int


class SelectionNetwork(NamedTuple):
    """Steps, the outputs among them, and for each step in which pass over the columns it is done.

    A step that is read further on is done for all columns in an earlier pass than the one that reads it.
    """

    steps: tuple[Pick, ...]
    outputs: tuple[int, ...]
    passes: tuple[int, ...]


class _Maker:
    """Makes the steps for windows of rows x cols, each only once, at whatever column it is asked for."""

    def __init__(self, rows: int, cols: int, ranks: tuple[int, ...]) -> None:
        self.rows, self.cols, self.ranks = rows, cols, ranks
        self.steps: list[Pick] = []
        self._known: dict[Pick, int] = {}

    def windows(self, first: int, last: int, common: Sorted) -> Iterable[list[Found]]:
        """The values of each rank in windows `first` to `last`, half-open, counted down.

        common: the cells of the rows that all of them see, last - 1 to first + rows - 1.
        """
        if last - first == 1:
            yield [common.values[rank - common.low] for rank in self.ranks]
            return
        middle = (first + last) // 2
        above = self.block(range(middle - 1, last - 1), 0, self.cols)
        below = self.block(range(first + self.rows, middle + self.rows), 0, self.cols)
        yield from self.windows(first, middle, self.joined(common, above))
        yield from self.windows(middle, last, self.joined(common, below))

    def block(self, rows: range, col: int, cols: int) -> Sorted:
        """The cells of some rows and columns of the window."""
        if cols == 1:
            column = [(self._known_step(Pick("input", row)), col) for row in rows]
            return self._pruned(Sorted(self._sort(column), 0, len(rows)))
        # Blocks of 2, 4, 8 ... columns are those of every other window as well.
        part = 1 << (cols - 1).bit_length() - 1
        return self.joined(self.block(rows, col, part), self.block(rows, col + part, cols - part))

    def joined(self, a: Sorted, b: Sorted) -> Sorted:
        """The cells of both."""
        return self._pruned(Sorted(self._merge(a.values, b.values), a.low + b.low, a.cells + b.cells))

    def _pruned(self, known: Sorted) -> Sorted:
        """Without what has none of the ranks, wherever the other cells of the window lie in the order."""
        others = self.rows * self.cols - known.cells
        low = max(min(self.ranks) - others, known.low)
        high = min(max(self.ranks) + 1, known.low + len(known.values))
        return Sorted(known.values[low - known.low : high - known.low], low, known.cells)

    def _add(self, kind: str, a: Found, b: Found) -> Found:
        # Where a step costs no more than to write it to a line and read it there, each window takes its own steps.
        base = min(a[1], b[1]) if self.cols > ALONE else 0
        first, second = sorted(((a[0], a[1] - base), (b[0], b[1] - base)))
        return self._known_step(Pick(kind, -1, first, second)), base

    def _known_step(self, step: Pick) -> int:
        if step not in self._known:
            self._known[step] = len(self.steps)
            self.steps.append(step)
        return self._known[step]

    def _sort(self, numbers: Sequence[Found]) -> list[Found]:
        """The numbers in increasing order, by Batcher's odd-even merge sort."""
        if len(numbers) < 2:
            return list(numbers)
        middle = len(numbers) // 2
        return self._merge(self._sort(numbers[:middle]), self._sort(numbers[middle:]))

    def _merge(self, a: Sequence[Found], b: Sequence[Found]) -> list[Found]:
        """Two increasing lists as one: those at even and at odd places by themselves, then neighbours compared."""
        if not a or not b:
            return [*a, *b]
        if len(a) == len(b) == 1:
            return [self._add("min", a[0], b[0]), self._add("max", a[0], b[0])]
        even, odd = self._merge(a[::2], b[::2]), self._merge(a[1::2], b[1::2])
        merged = [even[0]]
        for i, low in enumerate(odd):
            if i + 1 < len(even):
                high = even[i + 1]
                merged += [self._add("min", low, high), self._add("max", low, high)]
            else:
                merged.append(low)
        return [*merged, *even[len(odd) + 1 :]]


@cache
def selection_network(rows: int, cols: int, together: int, ranks: tuple[int, ...]) -> SelectionNetwork:
    """The network of the values of some ranks, from 0, in `together` windows of rows x cols below each other.

    The outputs are those of the first window by rank, then of the next. Inputs are the rows of all windows.
    """
    maker = _Maker(rows, cols, ranks)
    common = maker.block(range(together - 1, rows), 0, cols)
    found = [value for values in maker.windows(0, together, common) for value in values]
    return _needed(maker.steps, found)


def _needed(steps: Sequence[Pick], outputs: Sequence[Found]) -> SelectionNetwork:
    """The steps that lead to the outputs, all of which begin at the window's first column."""
    wanted = {step for step, _ in outputs}
    for position in range(len(steps) - 1, -1, -1):
        if position in wanted:
            wanted.update(source for source, _ in steps[position].sources)
    places = {old: new for new, old in enumerate(sorted(wanted))}
    kept: list[Pick] = []
    passes: list[int] = []
    for old in places:
        first, second = (
            (places.get(step, -1), apart) for step, apart in (steps[old].first, steps[old].second)
        )
        kept.append(Pick(steps[old].kind, steps[old].row, first, second))
        read = [passes[step] + (apart > 0 and kept[step].kind != "input") for step, apart in kept[-1].sources]
        passes.append(max(read, default=0))
    return SelectionNetwork(tuple(kept), tuple(places[step] for step, _ in outputs), tuple(passes))
