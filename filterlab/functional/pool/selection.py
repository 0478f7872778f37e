"""Selection networks: the median of a window by comparisons whose order does not depend on the numbers.

The columns of the window are sorted, and merged in pairs; what cannot be the median any more is dropped on the way
(A. Adams, Fast median filters using separable sorting networks, 2021; the merges are Batcher's, see Knuth, The Art of
Computer Programming 3, section 5.3.4). Every comparison is a minimum and a maximum, which a processor takes of whole
vectors at once. What no output needs is never written.
"""

# Compiled loops depend on this file although nothing in it is compiled: `filterlab.compiling` finds such sources by its
# own name in them.

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

NETWORK_SIZES = range(3, 17, 2)  # of square windows; larger networks take the compiler too long


class Pick(NamedTuple):
    """One number of a network: an input, or the minimum or maximum of two earlier steps.

    kind: "input" (first is its place), "min" or "max" (first and second are positions in the network).
    """

    kind: str
    first: int
    second: int = -1


class _Network:
    """Steps that are made only once, however often they are asked for."""

    def __init__(self) -> None:
        self.steps: list[Pick] = []
        self._known: dict[Pick, int] = {}

    def add(self, kind: str, first: int, second: int = -1) -> int:
        """The position of a step."""
        step = Pick(kind, *((first, second) if kind == "input" else sorted((first, second))))
        if step not in self._known:
            self._known[step] = len(self.steps)
            self.steps.append(step)
        return self._known[step]

    def sort(self, numbers: Sequence[int]) -> list[int]:
        """The numbers in increasing order, by Batcher's odd-even merge sort."""
        if len(numbers) < 2:
            return list(numbers)
        middle = len(numbers) // 2
        return self.merge(self.sort(numbers[:middle]), self.sort(numbers[middle:]))

    def merge(self, a: Sequence[int], b: Sequence[int]) -> list[int]:
        """Two increasing lists as one: those at even and at odd places by themselves, then neighbours compared."""
        if not a or not b:
            return [*a, *b]
        if len(a) == len(b) == 1:
            return [self.add("min", a[0], b[0]), self.add("max", a[0], b[0])]
        even, odd = self.merge(a[::2], b[::2]), self.merge(a[1::2], b[1::2])
        merged = [even[0]]
        for i, low in enumerate(odd):
            if i + 1 < len(even):
                high = even[i + 1]
                merged += [self.add("min", low, high), self.add("max", low, high)]
            else:
                merged.append(low)
        return [*merged, *even[len(odd) + 1 :]]


@cache
def median_network(rows: int, cols: int) -> tuple[Pick, ...]:
    """The steps of the median of a window of an odd number of cells; the last step is the median.

    Inputs are numbered row by row, from 0.
    """
    network = _Network()
    columns = [[network.add("input", row * cols + col) for row in range(rows)] for col in range(cols)]
    lists = [network.sort(column) for column in columns]
    rank, left = rows * cols // 2, rows * cols
    while len(lists) > 1:
        lists.sort(key=len)
        merged = network.merge(lists.pop(0), lists.pop(0))
        # With `i` numbers of this list below it, number i is above the median where i exceeds the rank; and likewise
        # from the other end. What is dropped counts on both sides alike in the ranks of the others.
        low = max(len(merged) - (left - rank), 0)
        high = min(rank + 1, len(merged))
        left, rank = left - (len(merged) - (high - low)), rank - low
        lists.append(merged[low:high])
    return _needed(network.steps, lists[0][rank])


def _needed(steps: Sequence[Pick], last: int) -> tuple[Pick, ...]:
    """The steps that lead to one of them, which comes last."""
    wanted = {last}
    for position in range(last, -1, -1):
        step = steps[position]
        if position in wanted and step.kind != "input":
            wanted.update((step.first, step.second))
    places = {old: new for new, old in enumerate(sorted(wanted))}
    return tuple(
        step if step.kind == "input" else Pick(step.kind, places[step.first], places[step.second])
        for step in (steps[old] for old in places)
    )
