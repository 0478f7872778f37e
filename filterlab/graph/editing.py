"""Edits of a pipeline's graph: pure functions from a pipeline to another that shares the layers it keeps.

A chain is edited as people expect of a list: what is put after a node is read by that node's readers, what is
taken away is bridged. Nodes always come out standing after those they read. All raise ParameterError in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from filterlab.errors import FilterLabError, ParameterError
from filterlab.graph.graph import G, Graph
from filterlab.graph.nodes import IMAGE, Node
from filterlab.graph.shapes import known_shapes
from filterlab.layers.base.layer import Layer, Shape
from filterlab.text.messages import say

# -- looking ----------------------------------------------------------------------------------------------


def readers(graph: G, name: str) -> list[str]:
    """The nodes that read node `name` (or the picture), in their order."""
    return [node.name for node in graph.nodes if name in _inputs(node)]


def leaves(graph: G) -> list[str]:
    """The nodes that no other reads, in their order."""
    read = {name for node in graph.nodes for name in _inputs(node)}
    return [node.name for node in graph.nodes if node.name not in read]


def ancestors(graph: G, names: Iterable[str]) -> set[str]:
    """Everything that the nodes `names` read, directly or through others; "image" included."""
    found: set[str] = set()
    waiting = [name for name in names if name != IMAGE]
    while waiting:
        new = set(_inputs(graph.node(waiting.pop()))) - found
        found |= new
        waiting.extend(new - {IMAGE})
    return found


def descendants(graph: G, name: str) -> set[str]:
    """Everything that reads node `name`, directly or through others."""
    found: set[str] = set()
    known = {name}
    for step in graph.steps:
        if known.intersection(_inputs(graph.node(step.name))):
            found.add(step.name)
            known.add(step.name)
    return found


def legal_inputs(graph: G, name: str) -> list[str]:
    """What node `name` may read without a circle: the picture and all nodes that do not depend on it."""
    behind = descendants(graph, name) | {name}
    return [IMAGE, *(node.name for node in graph.nodes if node.name not in behind)]


def successor(old: Graph, new: Graph, name: str) -> str:
    """What stands in `new` for node `name` of `old`: itself, itself renamed, else what stands at its place now."""
    if name in new or name == IMAGE:
        return name
    called = renamed(old, new, name)
    if called:
        return called
    kept = [n.name for n in old.nodes if n.name in new]
    above = [n for n in kept if _place(old, n) < _place(old, name)]
    below = [n for n in kept if _place(old, n) > _place(old, name)]
    return below[0] if below else above[-1] if above else _last(new)


def renamed(old: Graph, new: Graph, name: str) -> str:
    """The name that node `name` of `old` has in `new`; "" where it is gone."""
    if name in new:
        return name
    layer, known = old[name], {node.name for node in old.nodes}
    names = [n.name for n in new.nodes if n.layer is layer and n.name not in known]
    return names[0] if len(names) == 1 and len(old) == len(new) else ""


def free_name(graph: G, layer: Layer | type[Layer]) -> str:
    """A name that no node has yet: the layer's stem and a number."""
    stem = layer.stem or layer.key
    taken = {node.name for node in graph.nodes}
    return next(f"{stem}{i}" for i in range(1, len(taken) + 2) if f"{stem}{i}" not in taken)


# -- adding -----------------------------------------------------------------------------------------------


def insert(
    graph: G,
    layer: Layer,
    after: str | None = None,
    name: str | None = None,
    inputs: Sequence[str] | None = None,
) -> tuple[G, str]:
    """Put a layer after node `after`, or "image" (None: the last node); what read `after` then reads the new node.

    inputs: what it reads; left out, `after`, and for a layer that joins several also what `merge_inputs` finds.
    Gives the pipeline and the new node's name.
    """
    if after is None:
        after = inputs[-1] if inputs else _last(graph)
    _check_exists(graph, after)
    given = tuple(inputs) if inputs is not None else merge_inputs(graph, layer, after)
    name = name or free_name(graph, layer)
    # A reader that leads to one of the inputs would close a circle: it stays with what it reads.
    before = ancestors(graph, given) | set(given)
    moved = set(readers(graph, after)) - before
    nodes = [_reading(node, {after: name}) if node.name in moved else node for node in graph.nodes]
    place = 1 + max((_place(graph, n) for n in (after, *given)), default=-1)
    return _added(graph, nodes, place, Node(name, layer, given)), name


def branch(graph: G, layer: Layer, from_: str, name: str | None = None) -> tuple[G, str]:
    """Add a node that reads `from_` beside those that read it already. Gives the pipeline and its name."""
    _check_exists(graph, from_)
    name = name or free_name(graph, layer)
    new = Node(name, layer, merge_inputs(graph, layer, from_))
    # Before the node where the branches meet, so that it can be joined there; else at the end.
    behind = descendants(graph, from_)
    meeting = (i for i, n in enumerate(graph.nodes) if n.name in behind and len(_inputs(n)) > 1)
    place = next(meeting, len(graph))
    return _added(graph, list(graph.nodes), place, new), name


def merge_inputs(
    graph: G, layer: Layer, after: str, shapes: Mapping[str, Shape] | None = None
) -> tuple[str, ...]:
    """What a layer added after `after` reads: that alone, or, where it joins several, also others.

    The others are the last leaves, else the picture; with `shapes` of the maps, the first that fit.
    """
    least = max(layer.arity[0], 2 if layer.arity[1] is None else layer.arity[0])
    others = [name for name in reversed(leaves(graph)) if name != after]
    rest = [n.name for n in reversed(graph.nodes) if n.name not in (*others, after)]
    candidates = [*others, IMAGE, *rest] if after != IMAGE else [*others, *rest, IMAGE]
    chosen: tuple[str, ...] = (after,)
    while len(chosen) < least:
        fitting = (name for name in candidates if _fits(layer, (*chosen, name), shapes))
        chosen = (*chosen, next(fitting, candidates[0]))
        candidates = [name for name in candidates if name not in chosen] or [after]
    return chosen


def _fits(layer: Layer, inputs: tuple[str, ...], shapes: Mapping[str, Shape] | None) -> bool:
    if shapes is None:
        return True
    if not all(name in shapes for name in inputs):
        return False
    try:
        layer.possible_shape(*[shapes[name] for name in inputs])
    except FilterLabError:
        return False
    return True


def starter(
    kind: type[Layer], graph: G, after: str, picture: Shape | None = None
) -> tuple[Layer, tuple[str, ...]]:
    """A new layer of a type to put after node `after`, with values that suit its inputs. Gives layer and inputs.

    picture: its shape (C, H, W), where there is one.
    """
    _check_exists(graph, after)
    shapes = known_shapes(graph, picture)
    inputs = merge_inputs(graph, kind.starter(), after, shapes or None)
    given = [shapes[name] for name in inputs if name in shapes]
    suited = kind.starter(*given, seed=len(graph)) if len(given) == len(inputs) else None
    return suited or kind.starter(seed=len(graph)), inputs


def duplicate(graph: G, name: str) -> tuple[G, str]:
    """Put the same layer again after node `name`; one that joins several, beside it. Gives pipeline and name."""
    node = graph.node(name)
    copy = free_name(graph, node.layer)
    if len(_inputs(node)) == 1:
        edited, _ = insert(graph, node.layer, name, copy, (name,))
    else:
        place = _place(graph, name) + 1
        edited = _added(graph, list(graph.nodes), place, Node(copy, node.layer, node.inputs))
    return (edited if node.enabled else set_enabled(edited, [copy], False)), copy


# -- changing ---------------------------------------------------------------------------------------------


def remove(graph: G, names: Collection[str]) -> G:
    """Take nodes away; what read one of them reads its first input instead."""
    for name in names:
        graph.node(name)
    bridges = {name: _first_kept(graph, name, names) for name in names}
    return type(graph)(_reading(node, bridges) for node in graph.nodes if node.name not in names)


def _first_kept(graph: G, name: str, gone: Collection[str]) -> str:
    while name in gone:
        name = _inputs(graph.node(name))[0]
    return name


def rename(graph: G, old: str, new: str) -> G:
    """Give a node another name; what reads it follows. Raises for a name that is taken or not legal."""
    graph.node(old)
    if new == old:
        return graph
    if new in graph:
        raise ParameterError(
            say("there is a node {!r} already", new),
            f"node '{old}'",
            "choose another name",
            parameter="name",
            node=old,
        )
    return type(graph)(
        _reading(replace(node, name=new) if node.name == old else node, {old: new}) for node in graph.nodes
    )


def set_enabled(graph: G, names: Collection[str], enabled: bool) -> G:
    """Switch nodes on, or off: they pass their first input through."""
    for name in names:
        graph.node(name)
    if all(graph.node(name).enabled == enabled for name in names):
        return graph
    return type(graph)(replace(n, enabled=enabled) if n.name in names else n for n in graph.nodes)


def set_inputs(graph: G, name: str, inputs: Sequence[str]) -> G:
    """Let a node read others, in this order. Raises for unknown nodes, circles and a wrong number of them."""
    node, given = graph.node(name), tuple(inputs)
    if given == node.inputs:
        return graph
    behind = descendants(graph, name) | {name}
    for source in given:
        if source in behind:
            meant = "itself" if source == name else f"{source!r}, which depends on it"
            raise ParameterError(
                say("it would read {}: the nodes would form a cycle", meant),
                f"node '{name}'",
                say("allowed: {}", ", ".join(legal_inputs(graph, name))),
                parameter="inputs",
                node=name,
            )
    nodes = (replace(n, inputs=given) if n.name == name else n for n in graph.nodes)
    return _sorted(type(graph)(nodes))


# -- moving -----------------------------------------------------------------------------------------------


def move(graph: G, name: str, index: int | None = None, *, after: str | None = None) -> G:
    """Move a node to position `index` of the list of the others, or to stand after node `after` (or "image").

    The list is that of the steps: what a node reads stands above it.

    Dropped between two nodes of a line, or past nodes of its own line, it is taken out of its line, which closes,
    and put into the line there. Dropped elsewhere between branches, or joining several inputs, it only changes
    its place in the list. Raises where it would stand before a node that it reads.
    """
    node, graph = graph.node(name), _sorted(graph)
    others = [n.name for n in graph.nodes if n.name != name]
    if index is None:
        _check_exists(graph, after or IMAGE)
        index = others.index(after) + 1 if after not in (None, IMAGE) else 0
    index = min(max(index, 0), len(others))
    if index == _place(graph, name):
        return graph
    above = others[index - 1] if index else IMAGE
    below = others[index] if index < len(others) else None
    if len(_inputs(node)) == 1:
        rest = remove(graph, [name])
        if below is not None and above in _inputs(rest.node(below)):
            return _put_before(rest, node, below, above)
        if below is not None and name in descendants(graph, below):
            return _put_before(rest, node, below, _inputs(rest.node(below))[0])
        if above in descendants(graph, name):
            moved, _ = insert(rest, node.layer, above, name, (above,))
            return set_enabled(moved, [name], node.enabled)
    return _reordered(graph, node, index)


def _put_before(rest: G, node: Node, below: str, source: str) -> G:
    """The node in the line from `source` to `below`."""
    nodes = [_reading(n, {source: node.name}) if n.name == below else n for n in rest.nodes]
    return _added(rest, nodes, _place(rest, below), replace(node, inputs=(source,)))


def _reordered(graph: G, node: Node, index: int) -> G:
    """The same graph with a node at another place of the list."""
    nodes = [n for n in graph.nodes if n is not node]
    nodes.insert(index, node)
    for i, reader in enumerate(nodes):
        late = {n.name for n in nodes[i:]}.intersection(_inputs(reader))
        if late and node.name in (reader.name, *late):
            raise ParameterError(
                say("it would stand before {!r}, which it reads", min(late)),
                f"node '{reader.name}'",
                "move it less far, or change its inputs",
                parameter="inputs",
                node=reader.name,
            )
    return type(graph)(nodes)


# -- parts ------------------------------------------------------------------------------------------------


def _inputs(node: Node) -> tuple[str, ...]:
    assert node.inputs is not None, "a pipeline fills its nodes' inputs in"
    return node.inputs


def _last(graph: G) -> str:
    return graph.nodes[-1].name if graph.nodes else IMAGE


def _place(graph: G, name: str) -> int:
    """Position in the list; -1 for the picture, which stands above it."""
    return next((i for i, node in enumerate(graph.nodes) if node.name == name), -1)


def _check_exists(graph: G, name: str) -> None:
    if name != IMAGE:
        graph.node(name)


def _reading(node: Node, exchanged: Mapping[str, str]) -> Node:
    """The node with some of its inputs exchanged; itself where there is none of them."""
    inputs = tuple(exchanged.get(name, name) for name in _inputs(node))
    return node if inputs == node.inputs else replace(node, inputs=inputs)


def _added(graph: G, nodes: list[Node], place: int, new: Node) -> G:
    """A graph of the class of `graph` with these nodes and a new one at its place among them."""
    if any(node.name == new.name for node in nodes):
        hint = say("choose another name")
        raise ParameterError(
            say("there is a node {!r} already", new.name), "pipeline", hint, parameter="name"
        )
    return _sorted(type(graph)([*nodes[:place], new, *nodes[place:]]))


def _sorted(graph: G) -> G:
    """The same graph, whose nodes stand after those they read, otherwise in their order."""
    ordered = [graph.node(step.name) for step in graph.steps]
    return graph if ordered == list(graph.nodes) else type(graph)(ordered)
