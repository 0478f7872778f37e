"""Where the wires of a pipeline run beside its list, as in a drawing of version control. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from filterlab.graph import IMAGE
from filterlab.pipeline import Pipeline


@dataclass(frozen=True)
class Lane:
    """The wires at one row of the list, by column.

    column: of the node's dot. passing: wires that run through. incoming: wires from above that the node reads.
    read: whether a wire leaves downwards.
    """

    column: int
    passing: tuple[int, ...] = ()
    incoming: tuple[int, ...] = ()
    read: bool = False


def lanes(pipeline: Pipeline) -> list[Lane]:
    """One for the picture, then one for each step in its order."""
    sources: list[tuple[str, Sequence[str]]] = [(IMAGE, ())]
    sources += [(step.name, step.inputs) for step in pipeline.steps]
    last = {name: row for row, (_, inputs) in enumerate(sources) for name in inputs}
    columns: dict[str, int] = {}  # of the wires that are still to be read
    rows = []
    for row, (name, inputs) in enumerate(sources):
        passing = {n: c for n, c in columns.items() if last[n] > row}
        ending = [columns[n] for n in inputs if n not in passing]
        column = min(ending, default=_free(passing.values()))
        read = name in last
        incoming = tuple(sorted({columns[n] for n in inputs}))
        rows.append(Lane(column, tuple(sorted(passing.values())), incoming, read))
        columns = {**passing, name: column} if read else passing
    return rows


def _free(taken: Iterable[int]) -> int:
    used = set(taken)
    return next(i for i in range(len(used) + 1) if i not in used)
