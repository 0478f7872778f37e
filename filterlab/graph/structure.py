"""Stages found from the structure of a graph alone: layers between cut points, and repetitions of them.

After a cut point everything further down depends on one node only. So what lies between two cut points has one entry
and one exit: a residual block, a dense layer, the branches of an inception module. A chain has a cut point after every
node; there a convolution begins a unit, and the normalization and the activation behind it belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from filterlab.graph.graph import Graph
from filterlab.graph.nodes import IMAGE
from filterlab.layers.base.layer import Layer

# Without cut points (long skips, as in a U-Net) a segment is as long as the network. In segments of more than LONG
# steps, edges over more than FAR steps are passed over, so that stages are still found below the skips.
LONG, FAR = 48, 32
MOST_PERIOD = 4  # units that may repeat together, as depthwise and pointwise convolutions do
MOST_WORDS = 3  # layers in the name of a unit
_LIGHT = {"activation", "normalization", "arithmetic"}  # groups of layers that follow a heavy one
Signature = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Unit:
    """The steps start to stop - 1.

    signature: equal for units of the same structure. kind: "chain" for a plain chain, "residual" where branches are
    added, "gated" where they are multiplied, "dense" where they are concatenated with the input itself, "branches"
    where they are concatenated with each other. pools: whether it begins with pooling.
    """

    start: int
    stop: int
    kind: str
    signature: Signature
    words: str
    pools: bool

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Stage:
    """Units that repeat, or one unit by itself. period: the number of units that repeat together."""

    units: tuple[Unit, ...]
    period: int = 1

    def __len__(self) -> int:
        return self.units[-1].stop - self.units[0].start

    @property
    def kind(self) -> str:
        """The kind of its units; the first may be of another one than those that follow."""
        return self.units[-1].kind


class Wiring:
    """The edges of a graph by the places of its steps; the picture has the place -1."""

    def __init__(self, graph: Graph) -> None:
        places = {step.name: place for place, step in enumerate(graph.steps)} | {IMAGE: -1}
        self.inputs = [tuple(places[name] for name in step.inputs) for step in graph.steps]
        self.layers: list[Layer] = [graph.node(step.name).layer for step in graph.steps]

    def cuts(self, start: int, stop: int, reach: int) -> list[int]:
        """The places of start to stop - 1 after which all steps depend on that one alone.

        reach: edges over more steps than this are passed over.
        """
        last = list(range(start - 1, stop))
        for reader in range(start, stop):
            for source in self.inputs[reader]:
                if source >= start - 1 and reader - source <= reach:
                    last[source - start + 1] = reader
        # The number of values that are still to be read after each place, from where they begin and end.
        changes = [0] * (stop - start + 1)
        for place, end in enumerate(last):
            if end > place + start - 1:
                changes[place] += 1
                changes[end - start + 1] -= 1
        alive = list(accumulate(changes))
        return [p for p in range(start, stop) if alive[p - start + 1] == 1 and last[p - start + 1] > p]

    def signature(self, start: int, stop: int) -> Signature:
        """The types of the steps and where each reads: how many steps above itself, 0 for what lies outside."""
        return tuple(
            (
                self.layers[place].key,
                tuple(place - source if source >= start else 0 for source in self.inputs[place]),
            )
            for place in range(start, stop)
        )


def stages(wiring: Wiring, start: int, stop: int) -> list[Stage]:
    """The stages of the steps start to stop - 1, which cover all of them in their order."""
    units = list(_units(wiring, start, stop))
    found = []
    place = 0
    while place < len(units):
        stage = _stage(units, place)
        found.append(stage)
        place += len(stage.units)
    return found


def _stage(units: Sequence[Unit], place: int) -> Stage:
    if _leads(units, place):
        return Stage(tuple(units[place : place + 1 + _repeats(units, place + 1, 1)]))
    best = Stage(tuple(units[place : place + _repeats(units, place, 1)]))
    for period in range(2, MOST_PERIOD + 1):
        pattern = units[place : place + period]
        count = _repeats(units, place, period) * period
        if count > max(period, len(best.units)) and _is_pattern(pattern):
            best = Stage(tuple(units[place : place + count]), period)
    return best


def _leads(units: Sequence[Unit], place: int) -> bool:
    """Return whether a unit is the first of a stage, of which the others are alike.

    It differs where it changes the size of the maps, by a projection on its skip or by pooling branches.
    """
    first, following = units[place], units[place + 1 : place + 2]
    if not following or "chain" in (first.kind, following[0].kind):
        return False
    if first.signature == following[0].signature:
        return False
    longer = first.kind == following[0].kind and len(first) > len(following[0])
    return longer or _repeats(units, place + 1, 1) > 1


def _is_pattern(units: Sequence[Unit]) -> bool:
    """Return whether units may repeat together: pooling divides stages, and branches are units by themselves."""
    return not any(unit.pools for unit in units) and sum(unit.kind != "chain" for unit in units) <= 1


def _repeats(units: Sequence[Unit], place: int, period: int) -> int:
    """How often the `period` units from a place on come one after the other."""
    pattern = [unit.signature for unit in units[place : place + period]]
    count = 1
    while [u.signature for u in units[place + count * period : place + (count + 1) * period]] == pattern:
        count += 1
    return count


def _units(wiring: Wiring, start: int, stop: int) -> Iterator[Unit]:
    begun: list[int] = []  # the places of the chain that is being gathered
    heavy = False  # whether it has its convolution already
    after: Unit | None = None  # a unit with branches that the next activation belongs to
    for low, high in _segments(wiring, start, stop):
        layer = wiring.layers[low]
        if high - low > 1:
            yield from _ended(wiring, begun, after)
            begun, heavy, after = [], False, _unit(wiring, low, high)
        elif after is not None and not begun and layer.group == "activation":
            yield _unit(wiring, after.start, high)
            after = None
        elif layer.group in _LIGHT:
            begun.append(low)
        else:
            if heavy or after is not None:
                yield from _ended(wiring, begun if heavy else [], after)
                begun, after = [] if heavy else begun, None
            begun.append(low)
            heavy = True
    yield from _ended(wiring, begun, after)


def _ended(wiring: Wiring, begun: Sequence[int], after: Unit | None) -> Iterator[Unit]:
    if after is not None:
        yield after
    if begun:
        yield _unit(wiring, begun[0], begun[-1] + 1)


def _segments(wiring: Wiring, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The stretches (start, stop) between cut points."""
    for low, high in _between(wiring.cuts(start, stop, stop - start + 1), start, stop):
        if high - low <= LONG:
            yield low, high
        else:
            yield from _between(wiring.cuts(low, high, FAR), low, high)


def _between(cuts: Sequence[int], start: int, stop: int) -> Iterator[tuple[int, int]]:
    edges = [start, *(cut + 1 for cut in cuts if cut + 1 < stop), stop]
    return pairwise(edges)


def _unit(wiring: Wiring, start: int, stop: int) -> Unit:
    merges = [place for place in range(start, stop) if wiring.layers[place].group == "merge"]
    kind = "chain"
    if merges:
        merge = merges[-1]
        if wiring.layers[merge].per_channel:
            kind = "residual" if wiring.layers[merge].stem == "add" else "gated"
        else:
            kind = "dense" if min(wiring.inputs[merge]) < start else "branches"
    layers = wiring.layers[start:stop]
    return Unit(
        start, stop, kind, wiring.signature(start, stop), _words(layers), layers[0].group == "pooling"
    )


def _words(layers: Sequence[Layer]) -> str:
    """The layers of a chain in a few words."""
    words = list(dict.fromkeys(layer.stem or layer.key for layer in layers))
    if len(words) > MOST_WORDS:
        # An affine part of a normalization says least.
        words = [w for w in words if w != "scale"]
    if len(words) > MOST_WORDS:
        words = [*words[: MOST_WORDS - 1], "…"]
    return " + ".join(words)
