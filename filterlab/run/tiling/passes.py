"""How a graph is run in tiles: as many passes over the picture as it has layers that need a whole map, and a last one.

Such a layer is made whole in a pass of its own: a small input is gathered, and the layer computed as ever; of a large
one, the layer finds out in parts what it needs (a mean, a variance), and is exact to round-off only. Where neither can
be done the graph is refused before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.fields.patches import Span
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.geometry import Pair
from filterlab.functional.threads import Cancel
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Step, at_node
from filterlab.graph.shapes import all_shapes
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.streaming import Streaming
from filterlab.run.tiling.cuts import map_size, spans_axis
from filterlab.run.tiling.ends import ArraySink, PartSink, PartSource
from filterlab.run.tiling.plan import NUMBER, TilePlan, plan_pass
from filterlab.run.tiling.running import KnownMaps, run_pass
from filterlab.text.messages import say

GATHERED = 64 << 20  # bytes of a map that is made whole where a layer needs all of it


@dataclass(frozen=True)
class Whole:
    """A step that needs all of its inputs.

    streamed: it is fed their parts, because they do not fit into memory. exact: its values are those of the whole all
    the same, as an extreme is.
    """

    step: Step
    streamed: bool
    exact: bool = True


@dataclass(frozen=True)
class TiledPass:
    """A pass over the picture, and the steps that are made whole after it."""

    tiles: TilePlan
    wholes: tuple[Whole, ...]


@dataclass(frozen=True)
class TiledRun:
    """All passes that make the wanted maps of a graph for one picture.

    steps: those of the graph, with stand-ins for what is streamed. whole: wanted maps that are known before the last
    pass.
    """

    steps: tuple[Step, ...]
    shapes: Mapping[str, Shape]
    wanted: tuple[str, ...]
    passes: tuple[TiledPass, ...]
    whole: tuple[str, ...] = ()
    gathered: int = field(default=0)  # bytes of the maps that are held as a whole

    @property
    def tiles(self) -> TilePlan:
        """The last pass, which makes the wanted maps."""
        return self.passes[-1].tiles

    @cached_property
    def peak(self) -> int:
        """The most bytes that maps take at once."""
        return max(each.tiles.peak for each in self.passes) + self.gathered

    @cached_property
    def extra(self) -> float:
        """The work that is done more than once, as a part of that for the whole maps."""
        works = [each.tiles.work for each in self.passes]
        # What the last pass makes, and what only an earlier one does, would be made once.
        needed = max(needed for _, needed in works)
        return max(sum(done for done, _ in works) / needed - 1, 0.0) if needed else 0.0

    @property
    def wholes(self) -> tuple[Whole, ...]:
        """The steps that need all of their inputs."""
        return tuple(whole for each in self.passes for whole in each.wholes)

    @property
    def rounded(self) -> tuple[str, ...]:
        """The steps whose results are those of the whole to round-off only."""
        return tuple(whole.step.name for whole in self.wholes if not whole.exact)

    @property
    def halo(self) -> Pair:
        """Rows and columns of the picture that a tile reads beyond those that it stands for, at most."""
        halos = [each.tiles.halo for each in self.passes]
        return max(down for down, _ in halos), max(across for _, across in halos)

    @property
    def count(self) -> int:
        """How many tiles there are in all passes together."""
        # A pass without bounds makes nothing: the last one, where all wanted maps are known before it.
        return sum(prod(each.tiles.grid) for each in self.passes if each.tiles.bounds)


def plan_run(
    graph: Graph, shape: Shape, wanted: Sequence[str], tile: Pair, gathered: int = GATHERED
) -> TiledRun:
    """Plan the passes for a picture of `shape` (C, H, W) in tiles of so many rows and columns.

    gathered: the bytes that an input may have that is made whole. Raises FilterLabError naming the node where a layer
    needs a whole map that is larger, and as `Graph.output_shapes`.
    """
    graph.output_shapes(shape)
    return _Planner(graph, shape, tuple(wanted), tile, gathered).plan()


class _Planner:
    def __init__(self, graph: Graph, shape: Shape, wanted: tuple[str, ...], tile: Pair, most: int) -> None:
        self._steps = list(graph.steps)
        self._shapes: dict[str, Shape] = dict(all_shapes(graph, shape))
        self._sizes = {name: map_size(one) for name, one in self._shapes.items()}
        self._wanted, self._tile, self._most = wanted, tile, most
        self._known: set[str] = set()  # maps that are whole by now
        self._local: set[str] = {IMAGE}  # maps that tiles can make by now
        self._done: set[str] = set()  # whole steps that are dealt with
        self._gathered = 0

    def plan(self) -> TiledRun:
        passes: list[TiledPass] = []
        while wholes := self._next_wholes():
            sources = dict.fromkeys(name for whole in wholes for name in whole.step.inputs)
            unknown = [name for name in sources if name not in self._known]
            if unknown or not passes:
                tiles = plan_pass(self._steps, self._shapes, unknown, self._tile, self._known)
                passes.append(TiledPass(tiles, tuple(wholes)))
            else:  # what an earlier pass has found out is all that they need
                passes[-1] = replace(passes[-1], wholes=(*passes[-1].wholes, *wholes))
            for whole in wholes:
                self._resolve(whole)
        rest = [name for name in self._wanted if name not in self._known]
        passes.append(TiledPass(plan_pass(self._steps, self._shapes, rest, self._tile, self._known), ()))
        known = tuple(name for name in self._wanted if name in self._known)
        return TiledRun(tuple(self._steps), self._shapes, self._wanted, tuple(passes), known, self._gathered)

    def _next_wholes(self) -> list[Whole]:
        """The steps that need whole maps which tiles can make by now."""
        found: list[Whole] = []
        made = set(self._local)
        for step in self._needed():
            if not made.issuperset(step.inputs):
                continue
            if step.name in self._done or not self._is_whole(step):
                made.add(step.name)
            else:
                found.append(self._whole(step))
        return found

    def _needed(self) -> list[Step]:
        names, steps = set(self._wanted), []
        for step in reversed(self._steps):
            if step.name in names:
                names.update(step.inputs)
                steps.append(step)
        return steps[::-1]

    def _is_whole(self, step: Step) -> bool:
        if self._known.issuperset(step.inputs) and self._fits(step):
            return True  # so that it is not computed again for every tile
        sizes = tuple(self._sizes[name] for name in step.inputs)
        outputs = self._sizes[step.name]
        with at_node(step.name):
            spans = (spans_axis(step.layer, sizes, axis, outputs[axis]) for axis in (0, 1))
            return any(spans) or self._is_wide(step)

    def _fits(self, step: Step) -> bool:
        """Whether there is room for a step's output, and for those of its inputs that are not held already."""
        new = [step.name, *(name for name in dict.fromkeys(step.inputs) if name not in self._known)]
        return self._gathered + sum(NUMBER * prod(self._shapes[name]) for name in new) <= self._most

    def _is_wide(self, step: Step) -> bool:
        """Whether one output needs far more than a tile, of a layer that can find out in parts what it needs."""
        shape = self._shapes[step.inputs[0]]
        if len(step.inputs) > 1 or len(shape) != 3 or step.layer.streaming(shape) is None:
            return False
        ((rows, cols),) = step.layer.windows(self._sizes[step.inputs[0]])
        spans = [
            (w.reach(0, 0)[1] - w.reach(0, 0)[0], side)
            for w, side in zip((rows, cols), self._tile, strict=True)
        ]
        return any(span > side for span, side in spans)

    def _whole(self, step: Step) -> Whole:
        if self._fits(step):
            return Whole(step, streamed=False)
        shape = self._shapes[step.inputs[0]]
        if len(step.inputs) == 1 and len(shape) == 3:
            streaming = step.layer.streaming(shape)
            if streaming is not None:
                return Whole(step, streamed=True, exact=streaming.exact)
        what = say("it needs its whole input of {}, which is more than tiles can give", shape_text(shape))
        hint = say("use a smaller picture, or more memory")
        # No ShapeError: the picture fits the pipeline, and the memory does not.
        raise FilterLabError(what, type(step.layer).__name__, hint).at_node(step.name)

    def _resolve(self, whole: Whole) -> None:
        step = whole.step
        self._done.add(step.name)
        if whole.streamed:
            stand_in = _streaming(step, self._shapes).result()
            if isinstance(stand_in, Layer):
                self._steps[self._steps.index(step)] = Step(step.name, stand_in, step.inputs)
                self._local.add(step.name)
                return
        held = [step.name, *([] if whole.streamed else step.inputs)]
        self._gathered += sum(NUMBER * prod(self._shapes[name]) for name in {*held} - self._known)
        self._known.update(held)


def _streaming(step: Step, shapes: Mapping[str, Shape]) -> Streaming:
    with at_node(step.name):
        found = step.layer.streaming(shapes[step.inputs[0]])
    if found is None:
        raise FilterLabError("it cannot be streamed", type(step.layer).__name__).at_node(step.name)
    return found


class _StreamSink:
    """Feeds a layer the parts of its input."""

    def __init__(self, streams: list[Streaming], array: ArraySink | None) -> None:
        self.streams, self.array = streams, array

    def write(self, rows: Span, cols: Span, values: Array) -> None:
        for stream in self.streams:
            stream.add(values[None], rows[0], cols[0])
        if self.array is not None:
            self.array.write(rows, cols, values)


def execute(
    run: TiledRun,
    source: PartSource,
    sinks: Mapping[str, PartSink],
    cancel: Cancel | None = None,
    known: KnownMaps | None = None,
) -> Iterator[int]:
    """Make the wanted maps of a run, and hand them to `sinks` by name. Yields how many tiles are done after each.

    known: is filled with what the passes find. Raises as `run_pass`.
    """
    known, done = known or KnownMaps({}, {}), 0
    for each in run.passes[:-1]:
        streams = {
            whole.step.name: _streaming(whole.step, run.shapes) for whole in each.wholes if whole.streamed
        }
        arrays = {
            name: ArraySink(run.shapes[name])
            for whole in each.wholes
            if not whole.streamed
            for name in whole.step.inputs
            if name not in known.maps
        }
        feeds: dict[str, PartSink] = {
            name: _StreamSink(
                [streams[w.step.name] for w in each.wholes if w.streamed and name in w.step.inputs],
                arrays.get(name),
            )
            for name in each.tiles.bounds
        }
        for _ in run_pass(each.tiles, source, feeds, known, cancel):
            done += 1
            yield done
        known.maps.update({name: sink.array[None] for name, sink in arrays.items()})
        for whole in each.wholes:
            _learn(known, whole, streams)
    for name in run.whole:
        values = known.maps[name][0]
        size = map_size(run.shapes[name])
        sinks[name].write((0, size[0]), (0, size[1]), values)
    if run.tiles.bounds:
        for _ in run_pass(run.tiles, source, sinks, known, cancel):
            done += 1
            yield done


def _learn(known: KnownMaps, whole: Whole, streams: Mapping[str, Streaming]) -> None:
    """Take in what a pass has found out about a step."""
    step = whole.step
    with at_node(step.name):
        found = streams[step.name].result() if whole.streamed else None
        if isinstance(found, Layer):
            known.layers[step.name] = found
        elif isinstance(found, np.ndarray):
            known.maps[step.name] = found
        else:
            known.maps[step.name] = step.layer.forward(*(known.maps[name] for name in step.inputs))
