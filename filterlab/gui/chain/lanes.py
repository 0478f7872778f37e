"""Where the wires of a pipeline run beside its list, as in the graph of a version control system. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from filterlab.graph import IMAGE
from filterlab.pipeline import Pipeline


@dataclass(frozen=True)
class Lane:
    """The wires at one row of the list, each given by its column.

    column: that of the node's dot; -1 for a row without one. passing: wires that run through the row. incoming: wires
    from above that end at the dot. read: whether a wire begins at the dot and runs downwards, because another node
    reads this one.
    """

    column: int
    passing: tuple[int, ...] = ()
    incoming: tuple[int, ...] = ()
    read: bool = False


# The name of a node with those of its inputs; without a name, a row that wires only pass through.
Source = tuple[str, Sequence[str]]


def lanes(pipeline: Pipeline) -> list[Lane]:
    """The lane of the picture, then that of each step in its order."""
    return lanes_of([(IMAGE, ()), *((step.name, step.inputs) for step in pipeline.steps)])


def lanes_of(sources: Sequence[Source]) -> list[Lane]:
    """The lanes of rows in their order.

    A node takes over the leftmost column of the wires that end at it, so a chain is one straight line; a node all of
    whose inputs are read further down gets the leftmost free column.
    """
    last = {name: row for row, (_, inputs) in enumerate(sources) for name in inputs}
    # By node, the column of its wire, while a node further down still reads it.
    columns: dict[str, int] = {}
    rows = []
    for row, (name, inputs) in enumerate(sources):
        if not name:
            rows.append(Lane(-1, tuple(sorted(columns.values()))))
            continue
        # A wire that this row is the last to read ends here, and its column is free for the node's own.
        passing = {n: c for n, c in columns.items() if last[n] > row}
        ending = [columns[n] for n in inputs if n not in passing]
        column = min(ending, default=_free(passing.values()))
        read = name in last
        incoming = tuple(sorted({columns[n] for n in inputs}))
        rows.append(Lane(column, tuple(sorted(passing.values())), incoming, read))
        # A node that nobody reads has no wire below it, and must not hold a column.
        columns = {**passing, name: column} if read else passing
    return rows


def _free(taken: Iterable[int]) -> int:
    used = set(taken)
    return next(i for i in range(len(used) + 1) if i not in used)
