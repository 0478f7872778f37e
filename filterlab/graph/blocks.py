"""Blocks of a large graph: consecutive steps that are looked at as one, nested at most three deep.

Where the names of the nodes are paths, as those of a PyTorch module are, blocks are what these name. Else they are
found from the structure. Steps are in a topological order, so a path that leaves a stretch of them never comes back
into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from filterlab.graph.graph import Graph
from filterlab.graph.structure import Stage, Unit, Wiring, stages
from filterlab.text.messages import Message, say

MOST_DEEP = 3
LEAST = 3  # steps that are worth a block, where no name says that there is one
ALL_BUT = 0.8  # a name that covers more of what it is part of divides nothing
NAMED = 0.5  # the share of the nodes that paths must cover for names to be followed
# Named blocks of more steps than this, without blocks inside, are divided by their structure.
LARGE = 24


@dataclass(frozen=True)
class GraphBlock:
    """The steps start to stop - 1 of a graph. name: unique among all blocks of the graph. blocks: those inside."""

    name: Message | str
    start: int
    stop: int
    blocks: tuple[GraphBlock, ...] = ()

    def __len__(self) -> int:
        return self.stop - self.start

    def walk(self) -> Iterator[GraphBlock]:
        """This block and all inside it, each before those that it holds."""
        yield self
        for block in self.blocks:
            yield from block.walk()


def find_blocks(graph: Graph) -> tuple[GraphBlock, ...]:
    """The outermost blocks of a graph in their order. Takes time in proportion to the number of nodes."""
    paths = [_scopes(step.name) for step in graph.steps]
    found = _named(paths, 0, len(paths), 0)
    wiring = Wiring(graph)
    if sum(map(len, found)) >= NAMED * len(paths):
        blocks = tuple(_divided(block, wiring, 1) for block in found)
    else:
        blocks = _structural(wiring, 0, len(paths))
    return _unique(blocks)


# -- by name ----------------------------------------------------------------------------------------------


def _scopes(name: str) -> tuple[str, ...]:
    """The blocks that a name says the node lies in, from the outside: "layer1", "layer1.0".

    "layer1/layer1.0/conv1/Conv_output_0" is how PyTorch's exporter writes layer1.0.conv1, "layer1.0.conv1" how its
    state dicts do.
    """
    if "/" not in name:
        parts = name.split(".")
        return tuple(".".join(parts[:count]) for count in range(1, len(parts)))
    scopes: list[str] = []
    for part in name.split("/")[:-1]:
        inner = not scopes or part.startswith(f"{scopes[-1]}.")
        scopes.append(part if inner else f"{scopes[-1]}.{part}")
    return tuple(scopes)


def _named(paths: Sequence[tuple[str, ...]], start: int, stop: int, depth: int) -> tuple[GraphBlock, ...]:
    """The blocks among the steps start to stop - 1, which have the first `depth` parts of their paths in common."""
    found: list[GraphBlock] = []
    low = start
    runs = [
        (scope, len(list(group)))
        for scope, group in groupby(paths[start:stop], lambda path: path[depth] if len(path) > depth else "")
    ]
    times = Counter(scope for scope, _ in runs)
    for scope, length in runs:
        high = low + length
        # A name that comes and goes says who wrote the file, and not what lies together.
        if scope and length > 1 and times[scope] == 1:
            inner = _named(paths, low, high, depth + 1)
            dissolves = high - low > ALL_BUT * (stop - start)
            found += inner if dissolves else (GraphBlock(scope, low, high, inner),)
        low = high
    return tuple(found)


def _divided(block: GraphBlock, wiring: Wiring, depth: int) -> GraphBlock:
    """A named block with those inside it, as deep as blocks go."""
    if depth == MOST_DEEP:
        return replace(block, blocks=())
    if block.blocks:
        return replace(block, blocks=tuple(_divided(inner, wiring, depth + 1) for inner in block.blocks))
    if len(block) <= LARGE:
        return block
    inner = _structural(wiring, block.start, block.stop, f"{block.name} · ")
    return replace(block, blocks=tuple(replace(b, blocks=()) if depth + 1 == MOST_DEEP else b for b in inner))


# -- by structure -----------------------------------------------------------------------------------------

_STAGES = {
    "residual": "residual stage {}",
    "gated": "gated stage {}",
    "dense": "dense block {}",
    "branches": "stage of branches {}",
}
_UNITS = {
    "residual": "residual block {}",
    "gated": "gated block {}",
    "dense": "dense layer {}",
    "branches": "branches {}",
}


def _structural(wiring: Wiring, start: int, stop: int, prefix: str = "") -> tuple[GraphBlock, ...]:
    number, found = 0, []
    for stage in stages(wiring, start, stop):
        number += stage.kind != "chain"
        if len(stage) >= LEAST:
            found.append(_of_stage(stage, prefix, number))
    return tuple(found)


def _of_stage(stage: Stage, prefix: str, number: int) -> GraphBlock:
    units = stage.units
    start, stop, kind = units[0].start, units[-1].stop, stage.kind
    if len(units) == 1:
        return GraphBlock(_joined(prefix, _unit_name(units[0], str(number))), start, stop)
    if kind in _STAGES:
        name: Message | str = say(_STAGES[kind], number)
    else:
        words = " + ".join(dict.fromkeys(str(unit.words) for unit in units[: stage.period]))
        name = f"{words} ×{len(units) // stage.period}"
    inner = tuple(
        GraphBlock(_joined(prefix, _unit_name(unit, f"{number}.{place}")), unit.start, unit.stop)
        for place, unit in enumerate(units, 1)
        if len(unit) >= LEAST
    )
    return GraphBlock(_joined(prefix, name), start, stop, inner)


def _unit_name(unit: Unit, number: str) -> Message | str:
    return say(_UNITS[unit.kind], number) if unit.kind in _UNITS else unit.words


def _joined(prefix: str, name: Message | str) -> Message | str:
    return say("{}{}", prefix, name) if prefix else name


def _unique(blocks: Iterable[GraphBlock], taken: set[str] | None = None) -> tuple[GraphBlock, ...]:
    """The same blocks, those of a name that was there before with a number behind it."""
    known = set() if taken is None else taken
    found = []
    for block in blocks:
        name, number = block.name, 1
        while name in known:
            number += 1
            name = say("{} ({})", block.name, number)
        known.add(name)
        found.append(replace(block, name=name, blocks=_unique(block.blocks, known)))
    return tuple(found)
