"""The pipeline: an immutable graph of named layers.

A `Pipeline` is a value. Edits make a new one that shares the layers that did not change, which is what lets
the evaluator reuse their results and undo keep whole pipelines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from filterlab.errors import ChannelError, FilterLabError, ParameterError, ShapeError, shown
from filterlab.functional.arrays import Array, shape_text
from filterlab.layers.base import Arithmetic, Gradients, Layer, Shape
from filterlab.layers.rules import at, copied
from filterlab.layers.terms import Cell
from filterlab.pipeline import evaluate, explaining, files, geometry, provenance
from filterlab.pipeline.explanation import Explanation

IMAGE = "image"
MOST_LISTED = 20  # names in an error message
LONGEST_LIST = 120  # letters of them
LONGEST_NAME = 1000  # letters; what a file may be called is for those to say who write files
_NAME = re.compile(r"[\w\-.]+(/[\w\-.]+)*")


@dataclass(frozen=True)
class Node:
    """A named layer and the nodes it reads; `inputs` None means the node before it, the picture for the first.

    A node that is not `enabled` passes its first input through. Raises ParameterError for a name that is not
    made of letters, digits and _ - . / (the parts between / are not empty, "." or ".."), or is "image".
    """

    name: str
    layer: Layer
    inputs: tuple[str, ...] | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        legal = isinstance(self.name, str) and _NAME.fullmatch(self.name)
        if not legal or self.name == IMAGE or {".", ".."} & set(self.name.split("/")):
            hint = f"use letters, digits, _ - . and /, and not {IMAGE!r}"
            raise ParameterError(f"the name {shown(self.name)} is not legal", "node", hint, parameter="name")
        if len(self.name) > LONGEST_NAME:
            what = f"the name {shown(self.name)} has {len(self.name)} letters"
            raise ParameterError(what, "node", f"use at most {LONGEST_NAME}", parameter="name")
        if not isinstance(self.layer, Layer):
            what = f"{shown(self.layer)} is not a layer"
            raise ParameterError(
                what, f"node {shown(self.name)}", "give one, as fl.ReLU()", parameter="layer"
            )
        if isinstance(self.inputs, str):
            object.__setattr__(self, "inputs", (self.inputs,))
        elif self.inputs is not None:
            object.__setattr__(self, "inputs", tuple(self.inputs))


@dataclass(frozen=True)
class Step:
    """A node as it is evaluated: inputs spelled out, a disabled layer replaced by one that passes on."""

    name: str
    layer: Layer
    inputs: tuple[str, ...]


class Skip(Layer):
    """Stands in for a disabled layer: the output is the input."""

    def forward(self, *xs: Array) -> Array:
        return xs[0]

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((dy,), {})

    def output_shape(self, *shapes: Shape) -> Shape:
        return shapes[0]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        return copied("Disabled", xs[0], Cell(0, channel, row, col), y[at(y, channel, row, col)])


_SKIP = Skip()

NodeLike = Layer | tuple[str, Layer] | Node


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Pipeline:
    """Named layers joined into a graph without cycles.

    nodes: layers, (name, layer) pairs or `Node`s, each reading the one before it unless its inputs are named.
    Raises FilterLabError for duplicate names, unknown inputs, cycles and wrong numbers of inputs.
    """

    nodes: tuple[Node, ...]
    steps: tuple[Step, ...] = field(repr=False)

    def __init__(self, nodes: Iterable[NodeLike] = ()) -> None:
        named = _named(list(nodes))
        self._set(tuple(named), _ordered(named))

    def _set(self, nodes: tuple[Node, ...], steps: tuple[Step, ...]) -> None:
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "_by_name", {node.name: node for node in nodes})
        object.__setattr__(self, "steps", steps)

    # -- looking --------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Layer:
        return self.node(name).layer

    def node(self, name: str) -> Node:
        """The node of a name. Raises ParameterError naming those there are."""
        found: Node | None = self._by_name.get(name)  # type: ignore[attr-defined]
        if found is None:
            names = _listed(node.name for node in self.nodes) or "none"
            what = f"there is no node {shown(name)}"
            raise ParameterError(what, "pipeline", f"nodes: {names}", parameter="node")
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._by_name  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Pipeline) or len(self) != len(other):
            return False
        pairs = list(zip(self.nodes, other.nodes, strict=True))
        # Names, inputs and types of layers first: weights are slow to compare, and rarely all that differs.
        return all(map(_alike, pairs)) and all(a is b or a.layer == b.layer for a, b in pairs)

    def __hash__(self) -> int:
        return hash(tuple(node.name for node in self.nodes))

    def __repr__(self) -> str:
        rows = (f"  {step.name}: {node.layer!r} <- {', '.join(step.inputs)}" for node, step in self._pairs())
        return "Pipeline(\n" + "\n".join(rows) + "\n)"

    def _pairs(self) -> Iterator[tuple[Node, Step]]:
        for step in self.steps:
            yield self.node(step.name), step

    # -- making others --------------------------------------------------------------------------------

    def with_layers(self, layers: Mapping[str, Layer]) -> Pipeline:
        """The same graph with some layers exchanged; all others stay the same objects."""
        changed = {name: replace(self.node(name), layer=layer) for name, layer in layers.items()}
        steps = {name: _step(node) for name, node in changed.items()}
        # Names and inputs are as they were, so the order stands and the graph needs no other check.
        made = Pipeline.__new__(Pipeline)
        made._set(
            tuple(changed.get(node.name, node) for node in self.nodes),
            tuple(steps.get(step.name, step) for step in self.steps),
        )
        return made

    # -- shapes and fields ----------------------------------------------------------------------------

    def output_shapes(self, shape: tuple[int, ...]) -> dict[str, Shape]:
        """Shape of every node's output for a picture of `shape` (C, H, W). Raises ShapeError naming the node."""
        if len(shape) != 3 or min(shape) < 1:
            what = f"the shape {shape_text(tuple(shape))} is not that of a picture"
            raise ShapeError(what, "pipeline", "give (channels, height, width)")
        shapes: dict[str, Shape] = {IMAGE: tuple(int(n) for n in shape)}
        for step in self.steps:
            with geometry.at_node(step.name):
                shapes[step.name] = step.layer.possible_shape(*[shapes[name] for name in step.inputs])
        del shapes[IMAGE]
        return {node.name: shapes[node.name] for node in self.nodes}

    def check(self) -> int:
        """A number of picture channels that the pipeline takes: 3 if it can, else 1, else the smallest.

        Raises the ChannelError that no number of channels avoids: the pipeline is wrong for every picture.
        """
        worst: tuple[int, ChannelError] | None = None
        complaints: set[tuple[str, str]] = set()
        order = {step.name: number for number, step in enumerate(self.steps)}
        for tried, channels in enumerate((3, 1, 2, *range(4, 513)), start=1):
            try:
                self.output_shapes((channels, 512, 512))
            except ChannelError as error:
                depth = order[error.node]
                if worst is None or depth > worst[0]:
                    worst = depth, error
                complaints.add((error.node, error.what))
                if tried == 3 and len(complaints) == 1:
                    break  # the same numbers whatever the picture has: no need to try 500 more
            except FilterLabError:
                return channels  # the size of this picture is wrong, which says nothing of others
            else:
                return channels
        assert worst is not None, "every number of channels was refused"
        raise worst[1]

    def receptive_field(
        self, name: str, of: str = IMAGE, size: tuple[int, ...] | None = None
    ) -> geometry.ReceptiveField:
        """Size, stride and padding of the receptive field of node `name` in the map of `of`.

        Output i sees the cells i * stride - padding to i * stride - padding + size - 1 of each axis (Araujo,
        Norris, Sim, Distill 2019). Branches off centre give the union. `size`: (h, w) of the picture, needed
        only where the answer depends on it. Without it no map of a merge is taken to be 1x1, which on pictures
        as small as the field some may be by chance. Raises FilterLabError where branches of unequal stride meet
        and where `of` does not lead to `name`.
        """
        return geometry.receptive_field(self, name, of, size)

    def input_region(
        self,
        name: str,
        row: int,
        col: int,
        of: str = IMAGE,
        size: tuple[int, ...] | None = None,
        channel: int | None = None,
    ) -> geometry.Region:
        """The cells of node `of` (or the picture) that value (row, col) of node `name` sees.

        Half-open, and not clipped to the map: rows and columns outside it are padding. `size` as for
        `receptive_field`. channel: of that channel alone, or of that position of a vector, and `size` the picture's
        (channels, height, width): a flattened value is one cell of its map, a concatenated channel that of one
        branch; the region is empty where `of` has nothing to do with it.
        """
        if channel is None:
            return geometry.input_region(self, name, row, col, of, size)
        return provenance.channel_region(self, name, (channel, row, col), of, size)

    def output_region(
        self, name: str, row: int, col: int, of: str, size: tuple[int, ...] | None = None
    ) -> geometry.Region:
        """The cells of map `of` that cell (row, col) of node `name`, or of the picture ("image"), can reach.

        The smallest box around them, in whatever channel, clipped to the map; empty where there are none.
        size: (h, w) of the picture. Raises ParameterError, NeedsSizeError without a size.
        """
        return provenance.output_region(self, name, row, col, of, size)

    # -- running --------------------------------------------------------------------------------------

    def run(
        self,
        image: Any,
        outputs: Iterable[str] | None = None,
        *,
        cancel: evaluate.Cancel | None = None,
        progress: evaluate.Progress | None = None,
    ) -> dict[str, Array]:
        """The maps of all nodes, or of those that `outputs` names, for a picture (C, H, W) or batch (N, C, H, W).

        float32 in gives float32 out, float64 float64. `cancel` is asked between nodes; `progress` is told
        (done, of how many). Raises FilterLabError naming the node, Cancelled.
        """
        return evaluate.run(self, image, outputs, cancel=cancel, progress=progress)

    def explain(
        self,
        image: Any,
        name: str,
        channel: int,
        row: int = 0,
        col: int = 0,
        depth: int | None = 1,
        top: int | None = None,
    ) -> Explanation:
        """The sum that made value (channel, row, col) of node `name`; for a vector, `channel` is the position.

        depth: levels of terms that are explained in turn, None for all down to the picture; top: of each sum only the
        so many terms that matter most. Raises ParameterError for a position outside the map and for a tree of too
        many terms or levels.
        """
        return explaining.explain(self, image, name, (channel, row, col), depth, top)

    def provenance(
        self,
        image: Any,
        name: str,
        channel: int,
        row: int = 0,
        col: int = 0,
        maps: Mapping[str, Array] | None = None,
    ) -> provenance.Provenance:
        """Where value (channel, row, col) of node `name` comes from: regions, winners, effective receptive field.

        Only the part of the picture that the value sees is computed. maps: whole maps of this picture (C, H, W) or
        (features,) that are there already, by node. Raises as `explain`.
        """
        return provenance.provenance(self, image, name, channel, row, col, maps)

    # -- files ----------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write the file, whole or not at all: weights inline for .json, as tensors for .safetensors."""
        files.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Pipeline:
        """Read a file that `save` or a person wrote. Raises FileError or ParameterError saying what is wrong."""
        return files.load(Path(path))


def _alike(pair: tuple[Node, Node]) -> bool:
    """Whether two nodes are equal as far as can be told without comparing weights."""
    a, b = pair
    if a is b:
        return True
    same = (a.name, a.inputs, a.enabled) == (b.name, b.inputs, b.enabled)
    return same and type(a.layer) is type(b.layer)


def _named(items: list[NodeLike]) -> list[Node]:
    """Nodes with names and inputs for all; made-up names are the layer's stem and a number."""
    taken = {_given_name(item) for item in items}
    counts: Counter[str] = Counter()
    nodes: list[Node] = []
    for item in items:
        node = _as_node(item, counts, taken)
        if node.inputs is None:
            node = replace(node, inputs=(nodes[-1].name if nodes else IMAGE,))
        nodes.append(node)
    return nodes


def _given_name(item: NodeLike) -> str | None:
    if isinstance(item, Node):
        return item.name
    return item[0] if isinstance(item, tuple) and item else None


def _as_node(item: NodeLike, counts: Counter[str], taken: set[str | None]) -> Node:
    if isinstance(item, Node):
        return item
    if isinstance(item, tuple) and len(item) == 2:
        return Node(*item)
    if not isinstance(item, Layer):
        what = f"{shown(item)} is neither a layer, nor (name, layer), nor a Node"
        raise ParameterError(what, "pipeline", parameter="nodes")
    stem = item.stem or item.key
    while True:
        counts[stem] += 1
        if f"{stem}{counts[stem]}" not in taken:
            return Node(f"{stem}{counts[stem]}", item)


def _ordered(nodes: list[Node]) -> tuple[Step, ...]:
    """The nodes as steps, each after those it reads, otherwise in their given order."""
    _check_names(nodes)
    places = {node.name: place for place, node in enumerate(nodes)}
    steps = [_step(node) for node in nodes]
    readers: dict[str, list[int]] = {name: [] for name in (IMAGE, *places)}
    missing = []  # how many of its inputs each step still waits for
    for place, step in enumerate(steps):
        sources = set(step.inputs)
        missing.append(len(sources - {IMAGE}))
        for name in sources:
            readers[name].append(place)
    # The first that is ready, one at a time, so that a file in good order keeps it.
    ready = [place for place, count in enumerate(missing) if not count]
    ordered: list[Step] = []
    while ready:
        step = steps[heappop(ready)]
        ordered.append(step)
        for place in readers[step.name]:
            missing[place] -= 1
            if not missing[place]:
                heappush(ready, place)
    if len(ordered) < len(steps):
        raise _circle({step.name: step for step, count in zip(steps, missing, strict=True) if count})
    return tuple(ordered)


def _step(node: Node) -> Step:
    assert node.inputs is not None, "inputs were filled in"
    if not node.enabled:
        return Step(node.name, _SKIP, node.inputs[:1])
    least, most = node.layer.arity
    if len(node.inputs) < least or (most is not None and len(node.inputs) > most):
        wanted = (
            f"{least}" if least == most else f"at least {least}" if most is None else f"{least} to {most}"
        )
        raise ParameterError(
            f"{type(node.layer).__name__} takes {wanted} input{'s' if wanted != '1' else ''}, not {len(node.inputs)}",
            f"node {shown(node.name)}",
            "change its inputs",
            parameter="inputs",
            node=node.name,
        )
    return Step(node.name, node.layer, node.inputs)


def _check_names(nodes: list[Node]) -> None:
    names = Counter(node.name for node in nodes)
    for node in nodes:
        if names[node.name] > 1:
            what = f"{names[node.name]} nodes are named {shown(node.name)}"
            raise ParameterError(what, "pipeline", "give each its own name", parameter="name", node=node.name)
        for name in node.inputs or ():
            if name != IMAGE and name not in names:
                raise ParameterError(
                    f"its input {shown(name)} does not exist",
                    f"node {shown(node.name)}",
                    f"legal: {_listed([IMAGE, *(n for n in names if n != node.name)])}",
                    parameter="inputs",
                    node=node.name,
                )
        if not node.inputs:
            what, where = "it has no inputs", f"node {shown(node.name)}"
            raise ParameterError(what, where, f"name one, or {IMAGE!r}", parameter="inputs", node=node.name)


def _circle(waiting: Mapping[str, Step]) -> ParameterError:
    """The error that names one circle among steps that wait for each other."""
    path = {next(iter(waiting)): 0}
    while True:
        following = next(name for name in waiting[next(reversed(path))].inputs if name in waiting)
        if following in path:
            break
        path[following] = len(path)
    circle = list(path)[path[following] :]
    return ParameterError(
        f"the nodes {_listed(circle)} feed each other in a circle",
        "pipeline",
        "let one of them read another node",
        parameter="inputs",
        node=next(iter(waiting)),
    )


def _listed(names: Iterable[str]) -> str:
    """Names in a row; of very many or long ones, the first."""
    first: list[str] = []
    for name in names:
        too_long = first and len(", ".join((*first, name))) > LONGEST_LIST
        if too_long or len(first) == MOST_LISTED:
            return ", ".join((*first, "..."))
        first.append(name)
    return ", ".join(first)
