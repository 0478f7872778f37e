"""The graph: named layers, each reading the picture or others, as an immutable value.

Edits make a new graph that shares the layers that did not change, which is what lets the evaluator reuse their results
and undo keep whole graphs. The packages that import this one compute with graphs; each of their functions takes one
as an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeVar

from filterlab.errors import ChannelError, FilterLabError, ParameterError, ShapeError, shown
from filterlab.functional.arrays import shape_text
from filterlab.graph.nodes import IMAGE, Node, NodeLike, Step, at_node
from filterlab.graph.order import listed, named, ordered, step_of
from filterlab.layers.base.layer import Layer, Shape
from filterlab.text.messages import say

T = TypeVar("T")

MOST_DERIVED = 32  # values that a graph remembers


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Graph:
    """Named layers joined into a graph without cycles, as an immutable value.

    nodes: layers, (name, layer) pairs or `Node`s, each reading the one before it unless its inputs are named.
    Raises FilterLabError for duplicate names, unknown inputs, cycles and wrong numbers of inputs.
    """

    nodes: tuple[Node, ...]
    steps: tuple[Step, ...] = field(repr=False)

    def __init__(self, nodes: Iterable[NodeLike] = ()) -> None:
        nodes_named = named(list(nodes))
        self._set(tuple(nodes_named), ordered(nodes_named))

    def _set(self, nodes: tuple[Node, ...], steps: tuple[Step, ...]) -> None:
        # The class is frozen, so that plain assignment is refused even here.
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "_by_name", {node.name: node for node in nodes})
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "_derived", {})

    def derived(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make()` gives, remembered under `key` with this graph: for values that follow from the graph alone.

        A graph never changes, so such values stay true; they must not be written into. The last few keys are kept.
        """
        known: dict[Hashable, T] = self._derived  # type: ignore[attr-defined]
        try:
            return known[key]
        except KeyError:
            value = make()
        # Emptied as a whole: people work with one or two sizes at a time, so that this hardly ever happens.
        if len(known) >= MOST_DERIVED:
            known.clear()
        known[key] = value
        return value

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_derived": {}}

    # -- looking --------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Layer:
        return self.node(name).layer

    def node(self, name: str) -> Node:
        """The node of a name. Raises ParameterError that lists the names there are."""
        found: Node | None = self._by_name.get(name)  # type: ignore[attr-defined]
        if found is None:
            names = listed(node.name for node in self.nodes) or "none"
            what = say("there is no node {}", shown(name))
            raise ParameterError(what, "pipeline", say("nodes: {}", names), parameter="node")
        return found

    def check_names(self, *names: str) -> None:
        """Raise ParameterError as `node` unless each name is that of a node or of the picture."""
        for name in names:
            if name != IMAGE:
                self.node(name)

    def step(self, name: str) -> Step:
        """The step that a node is evaluated as. Raises ParameterError as `node`."""
        self.node(name)
        return next(step for step in self.steps if step.name == name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Graph) or len(self) != len(other):
            return False
        pairs = list(zip(self.nodes, other.nodes, strict=True))
        # Names, inputs and types first: weights are slow to compare, and rarely the only difference.
        return all(map(_alike, pairs)) and all(a is b or a.layer == b.layer for a, b in pairs)

    def __hash__(self) -> int:
        # Equal graphs have equal names, and weights would be slow to hash.
        return hash(tuple(node.name for node in self.nodes))

    def __repr__(self) -> str:
        rows = (f"  {step.name}: {node.layer!r} <- {', '.join(step.inputs)}" for node, step in self._pairs())
        return f"{type(self).__name__}(\n" + "\n".join(rows) + "\n)"

    def _pairs(self) -> Iterator[tuple[Node, Step]]:
        for step in self.steps:
            yield self.node(step.name), step

    @classmethod
    def of(cls, graph: Graph) -> Self:
        """The same nodes and layers as an object of this class. Nothing is checked again."""
        # Past the constructor, which would sort and check every node a second time.
        made = cls.__new__(cls)
        made._set(graph.nodes, graph.steps)
        return made

    # -- making others --------------------------------------------------------------------------------

    def with_layers(self, layers: Mapping[str, Layer]) -> Self:
        """The same graph with some layers replaced. All other nodes and layers stay the same objects."""
        changed = {name: replace(self.node(name), layer=layer) for name, layer in layers.items()}
        steps = {name: step_of(node) for name, node in changed.items()}
        # Names and inputs are as they were, so the order stands and the graph needs no other check.
        made = type(self).__new__(type(self))
        made._set(
            tuple(changed.get(node.name, node) for node in self.nodes),
            tuple(steps.get(step.name, step) for step in self.steps),
        )
        return made

    # -- shapes ---------------------------------------------------------------------------------------

    def output_shapes(self, shape: tuple[int, ...]) -> dict[str, Shape]:
        """The shape of each node's output, without the batch axis, for a picture of `shape` (C, H, W).

        Raises ShapeError or ChannelError naming the node.
        """
        if len(shape) != 3 or min(shape) < 1:
            what = say("the shape {} is not that of a picture", shape_text(tuple(shape)))
            raise ShapeError(what, "pipeline", "give (channels, height, width)")
        whole = tuple(int(n) for n in shape)
        return dict(self.derived(("shapes", whole), lambda: self._shapes(whole)))

    def _shapes(self, picture: Shape) -> dict[str, Shape]:
        shapes: dict[str, Shape] = {IMAGE: picture}
        for step in self.steps:
            with at_node(step.name):
                shapes[step.name] = step.layer.possible_shape(*[shapes[name] for name in step.inputs])
        return {node.name: shapes[node.name] for node in self.nodes}

    def check(self) -> int:
        """A number of picture channels that the graph accepts: 3 if it can, else 1, else the smallest up to 512.

        Raises ChannelError where it accepts none. Of the errors, that of the node furthest down is raised: the others
        are due to the number of channels that was tried.
        """
        worst: tuple[int, ChannelError] | None = None
        complaints: set[tuple[str, str]] = set()
        order = {step.name: number for number, step in enumerate(self.steps)}
        # Colour first and then grey: nearly every network takes one of them, so that the loop ends at once.
        for tried, channels in enumerate((3, 1, 2, *range(4, 513)), start=1):
            try:
                self.output_shapes((channels, 512, 512))
            except ChannelError as error:
                depth = order[error.node]
                if worst is None or depth > worst[0]:
                    worst = depth, error
                complaints.add((error.node, error.what))
                if tried == 3 and len(complaints) == 1:
                    # The same complaint whatever the picture has, so that 500 more would not help.
                    break
            except FilterLabError:
                # Only the size is wrong, and another picture may have a better one.
                return channels
            else:
                return channels
        assert worst is not None, "every number of channels was refused"
        raise worst[1]


# Edits and steps of learning return the class that they are given.
G = TypeVar("G", bound=Graph)


def _alike(pair: tuple[Node, Node]) -> bool:
    """Return whether two nodes are equal in all that can be compared without looking at weights."""
    a, b = pair
    if a is b:
        return True
    same = (a.name, a.inputs, a.enabled) == (b.name, b.inputs, b.enabled)
    return same and type(a.layer) is type(b.layer)
