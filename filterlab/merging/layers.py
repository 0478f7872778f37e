"""Layers of a graph that become one: a layer and the next, and branches that are summed or concatenated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import Any, Generic

import numpy as np

from filterlab.errors import NeedsSizeError, ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads
from filterlab.graph import IMAGE, G, Graph, Node
from filterlab.graph.editing import readers
from filterlab.graph.shapes import known_shapes
from filterlab.layers.base.layer import Layer, Shape
from filterlab.merging.borders import EXACT, best_layer
from filterlab.merging.branches import concatenated, summed
from filterlab.merging.costs import macs_of
from filterlab.merging.stencil import Stencil, composed, identity, is_linear, stencil_of
from filterlab.text.messages import Message, say

_SUMS = ("add", "subtract", "mean")
MEETINGS = (*_SUMS, "concat")


@dataclass(frozen=True)
class Merged(Generic[G]):
    """Several layers as one.

    pipeline: with the one in their place. name: its node, which has the name of the last of them. gone: the nodes that
    are left out. differs: the rows and columns at each side of its map whose numbers are others than before; all zero
    where it is exact. why: the reason for that, else "". macs: multiply-adds before and after for one picture, of
    512 x 512 where its size is not known; None where not even its channels are. sized: all this is true of pictures
    of this size; in others, other cells may differ.
    """

    pipeline: G
    name: str
    gone: tuple[str, ...]
    differs: Pads = EXACT
    why: str = ""
    macs: tuple[int, int] | None = None
    sized: bool = False

    @property
    def exact(self) -> bool:
        """Whether every number stays, up to round-off."""
        return self.differs == EXACT

    def words(self) -> Message:
        """What became one, and which cells differ."""
        text = self._words()
        return say("{}; in pictures of other sizes, other cells may differ", text) if self.sized else text

    def _words(self) -> Message:
        gone = ", ".join(map(repr, self.gone))
        if self.exact:
            return say("{} merged into {!r}: the same numbers everywhere", gone, self.name)
        return say(
            "{} merged into {!r}: the same numbers but for {} row(s) at the top, {} at the bottom, {} column(s) at the "
            "left, {} at the right: {}",
            gone,
            self.name,
            *self.differs,
            self.why,
        )

    def to_dict(self) -> dict[str, Any]:
        """All but the pipeline, for JSON."""
        macs = None if self.macs is None else {"before": self.macs[0], "after": self.macs[1]}
        differs = dict(zip(("top", "bottom", "left", "right"), self.differs, strict=True))
        return {
            "name": self.name,
            "merged": list(self.gone),
            "exact": self.exact,
            "differs": differs,
            "why": str(self.why),
            "sized": self.sized,
            "macs": macs,
        }


def merge_next(graph: G, name: str, picture: Shape | None = None) -> Merged[G]:
    """Merge node `name` with the one that reads it, if both are weighted sums with the same weights everywhere.

    The one node has the name of the reader. picture: the shape (C, H, W) of the picture, which paddings may depend on.
    Raises ParameterError where that cannot be, with the reason.
    """
    reader = _only_reader(graph, name)
    if len(reader.inputs or ()) > 1:
        what = say("{!r} reads several maps", reader.name)
        raise ParameterError(what, hint=say("merge its branches"), node=name)
    shapes = known_shapes(graph, picture)
    first, second = (need_enabled(graph, n) for n in (name, reader.name))
    return _replaced(graph, (first.name,), second, _joined([first, second], shapes), picture)


def merge_branches(graph: G, name: str, picture: Shape | None = None) -> Merged[G]:
    """Merge the branches that meet in node `name`, a sum, difference, mean or concatenation, into one convolution.

    Each branch is a chain of weighted sums from one node, the same for all of them, or that node itself, as in a skip
    connection. Raises ParameterError as `merge_next`, and NeedsSizeError where the number of channels is not known.
    """
    meeting = need_enabled(graph, name)
    sources = meeting.inputs or ()
    if meeting.layer.key not in MEETINGS or len(sources) < 2:
        what = say("{} does not sum or concatenate branches", meeting.layer.title)
        hint = say("choose a Sum, Difference, Mean or Concatenation")
        raise ParameterError(what, _where(name), hint, node=name)
    shapes = known_shapes(graph, picture)
    chains = [_chain(graph, source, name) for source in sources]
    origin = _origin(graph, chains)
    branches = [_from(graph, chain, origin) for chain in chains]
    parts = [_joined(branch, shapes, origin) for branch in branches]
    joined = _meeting(meeting, parts, shapes.get(origin))
    gone = tuple(dict.fromkeys(node.name for branch in branches for node in branch))
    if not gone:
        what = say("{!r} reads {!r} alone: there are no branches", name, origin)
        raise ParameterError(what, node=name)
    return _replaced(graph, gone, replace(meeting, inputs=(origin,)), joined, picture)


# -- nodes ------------------------------------------------------------------------------------------------------


def _where(name: str) -> str:
    return f"node '{name}'"


def _only_reader(graph: Graph, name: str) -> Node:
    graph.node(name)
    found = readers(graph, name)
    if len(found) != 1:
        what = (
            say("no layer reads {!r}", name)
            if not found
            else say("{!r} is read by {!r} and {!r}: its map is still needed", name, found[0], found[1])
        )
        raise ParameterError(what, node=name)
    return graph.node(found[0])


def need_enabled(graph: Graph, name: str) -> Node:
    """The node of a name. Raises ParameterError where it is switched off."""
    node = graph.node(name)
    if not node.enabled:
        what = say("{!r} is switched off", name)
        raise ParameterError(what, hint=say("switch it on, or remove it"), node=name)
    return node


def _chain(graph: Graph, name: str, reader: str) -> list[str]:
    """A branch from its end upwards, as far as layers are linear and nobody else reads them; last, what they read."""
    found = [name]
    while name != IMAGE and set(readers(graph, name)) == {reader} and is_linear(graph[name]):
        (above,) = graph.node(name).inputs or (IMAGE,)
        name, reader = above, name
        found.append(name)
    return found


def _origin(graph: Graph, chains: Sequence[Sequence[str]]) -> str:
    """The node from which all branches come."""
    common = [name for name in chains[0] if all(name in chain for chain in chains)]
    if common:
        return common[0]
    end = next(chain[-1] for chain in chains)
    other = next(chain[-1] for chain in chains if chain[-1] != end)
    what = say("traced back through weighted sums, the branches come from {!r} and {!r}", end, other)
    raise ParameterError(
        what, hint=say("all must be chains of weighted sums from one map, read by nobody else")
    )


def _from(graph: Graph, chain: Sequence[str], origin: str) -> list[Node]:
    """The nodes of a branch, from the origin down."""
    return [need_enabled(graph, name) for name in chain[: chain.index(origin)]][::-1]


def _replaced(graph: G, gone: tuple[str, ...], last: Node, joined: _Join, picture: Shape | None) -> Merged[G]:
    """The graph with one layer in the place of node `last` and of those that are gone."""
    layers = [graph[name] for name in (*gone, last.name)]
    arrays = [array for layer in layers for array in layer.trainable().values()]
    dtype = np.result_type(*arrays) if arrays else np.dtype(np.float64)
    shape = known_shapes(graph, picture).get(joined.source)
    layer, differs, sized = best_layer(joined.stencil, joined.fills, joined.apply, dtype.type, shape)
    node = Node(last.name, layer, (joined.source,))
    made = type(graph)(node if n.name == node.name else n for n in graph.nodes if n.name not in gone)
    macs = macs_of(graph, (*gone, node.name), picture), macs_of(made, [node.name], picture)
    known = None if macs[0] is None or macs[1] is None else (macs[0], macs[1])
    why = joined.why if sum(differs) else ""
    return Merged(made, node.name, gone, differs, why, known, sized)


# -- stencils ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Join:
    """A stencil that stands for nodes. source: what they read. apply: what they give, one after the other.

    fills: padding modes and values that come into question for the stencil. why: the reason why borders may differ.
    """

    stencil: Stencil
    source: str
    fills: list[tuple[str, float]]
    apply: Callable[[Array], Array]
    why: str = ""


def _joined(nodes: Sequence[Node], shapes: dict[str, Shape], source: str = "") -> _Join:
    """A chain of nodes as one; an empty one, from `source` to itself, changes nothing."""
    if not nodes:
        return _Join(identity(), source, [], lambda x: x)
    parts = [_stencil(node, shapes) for node in nodes]
    (source,) = nodes[0].inputs or (IMAGE,)
    try:
        stencil = reduce(composed, parts)
    except ParameterError as error:
        raise ParameterError(error.what, _where(nodes[-1].name), error.hint, node=nodes[-1].name) from None
    fills = [(part.mode, part.fill) for part in parts if part.padded]
    for before, part in pairwise(parts):
        fills += _solved(before, part)
    return _Join(stencil, source, fills, _forward(nodes), _reason(nodes, parts))


def _stencil(node: Node, shapes: dict[str, Shape]) -> Stencil:
    source = (node.inputs or (IMAGE,))[0]  # of layers with several inputs none has a stencil
    try:
        return stencil_of(node.layer, shapes.get(source))
    except NeedsSizeError as error:
        raise error.at_node(node.name) from None
    except ParameterError as error:
        raise ParameterError(error.what, _where(node.name), error.hint, node=node.name) from None


def _forward(nodes: Sequence[Node]) -> Callable[[Array], Array]:
    return lambda x: reduce(lambda y, node: node.layer.forward(y), nodes, x)


def _solved(first: Stencil, second: Stencil) -> list[tuple[str, float]]:
    """The value around the map of which the first makes what the second sees around its map, where there is one.

    A layer of one cell a window that adds something to zeros needs other cells than zeros around the map before it.
    """
    if first.kernel != (1, 1) or second.mode not in ("zeros", "constant") or not second.padded:
        return []
    slopes = first.weight.sum(axis=(1, 2, 3))
    if not slopes.any():
        return []
    wanted = second.fill - first.bias
    value = float(slopes @ wanted / (slopes @ slopes))
    close = np.allclose(slopes * value, wanted, rtol=1e-9, atol=1e-12)
    return [("constant", value)] if close else []


def _reason(nodes: Sequence[Node], parts: Sequence[Stencil]) -> str:
    for before, node, part in zip(nodes, nodes[1:], parts[1:], strict=False):
        if part.padded:
            return say(
                "{0!r} pads the map of {1!r}, and the merged layer can pad only what {1!r} reads",
                node.name,
                before.name,
            )
    return say("a mean at the border is taken over fewer cells")


def _meeting(node: Node, parts: Sequence[_Join], shape: Shape | None) -> _Join:
    """Branches from one map as one stencil, by the layer in which they meet."""
    stencils = [part.stencil for part in parts]
    layer: Layer = node.layer
    try:
        if layer.key == "concat":
            stencil = concatenated(stencils, None if shape is None else shape[0])
        else:
            stencil = summed(stencils, layer.weights(len(parts)))
    except NeedsSizeError as error:
        raise error.at_node(node.name) from None
    except ParameterError as error:
        raise ParameterError(error.what, _where(node.name), error.hint, node=node.name) from None
    why = next((part.why for part in parts if part.why), say("the branches fill their borders differently"))
    return _Join(
        stencil,
        parts[0].source,
        [fill for part in parts for fill in part.fills],
        lambda x: layer.forward(*(part.apply(x) for part in parts)),
        why,
    )
