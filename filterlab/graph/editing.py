"""Edits of a graph: pure functions that return another graph, which shares the layers that it keeps.

A chain is edited as people expect of a list: a node that is put after another is read by that node's readers, and
the gap that a removed node leaves is closed. In the result every node stands after those that it reads. Edits that
are not possible raise ParameterError.
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

# -- queries ----------------------------------------------------------------------------------------------


def readers(graph: G, name: str) -> list[str]:
    """The nodes that read node `name` (or the picture), in their order."""
    return [node.name for node in graph.nodes if name in _inputs(node)]


def leaves(graph: G) -> list[str]:
    """The nodes that no other reads, in their order."""
    read = {name for node in graph.nodes for name in _inputs(node)}
    return [node.name for node in graph.nodes if node.name not in read]


def leading_to(graph: Graph, names: Sequence[str]) -> Graph:
    """The nodes `names` and those that they read, directly or through others."""
    needed = {*names, *ancestors(graph, names)}
    return Graph(node for node in graph.nodes if node.name in needed)


def ancestors(graph: G, names: Iterable[str]) -> set[str]:
    """Everything that the nodes `names` read, directly or through others, including `IMAGE`."""
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
    # Steps, not nodes: in the order of evaluation a single pass meets every node after all that it reads.
    for step in graph.steps:
        if known.intersection(_inputs(graph.node(step.name))):
            found.add(step.name)
            known.add(step.name)
    return found


def legal_inputs(graph: G, name: str) -> list[str]:
    """The names that node `name` may read without a cycle: the picture and all nodes that do not depend on it."""
    behind = descendants(graph, name) | {name}
    return [IMAGE, *(node.name for node in graph.nodes if node.name not in behind)]


def successor(old: Graph, new: Graph, name: str) -> str:
    """The node of `new` that takes the place of node `name` of `old`.

    That is the node itself, if need be under its new name; else the next node below that is still there, else the
    last one above.
    """
    if name in new or name == IMAGE:
        return name
    called = renamed(old, new, name)
    # A renamed node is looked for before its neighbours, or the selection would jump at every rename.
    if called:
        return called
    kept = [n.name for n in old.nodes if n.name in new]
    above = [n for n in kept if _place(old, n) < _place(old, name)]
    below = [n for n in kept if _place(old, n) > _place(old, name)]
    return below[0] if below else above[-1] if above else _last(new)


def renamed(old: Graph, new: Graph, name: str) -> str:
    """The name that node `name` of `old` has in `new`; "" where it is gone."""
    # A renamed node keeps its layer object. Where that object occurs twice, nothing can be concluded.
    if name in new:
        return name
    layer, known = old[name], {node.name for node in old.nodes}
    names = [n.name for n in new.nodes if n.layer is layer and n.name not in known]
    return names[0] if len(names) == 1 and len(old) == len(new) else ""


def free_name(graph: G, layer: Layer | type[Layer]) -> str:
    """A name that is not taken yet: the layer's stem and a number."""
    stem = layer.stem or layer.key
    taken = {node.name for node in graph.nodes}
    # Of one number more than there are names, at least one is free.
    return next(f"{stem}{i}" for i in range(1, len(taken) + 2) if f"{stem}{i}" not in taken)


# -- adding -----------------------------------------------------------------------------------------------


def insert(
    graph: G,
    layer: Layer,
    after: str | None = None,
    name: str | None = None,
    inputs: Sequence[str] | None = None,
) -> tuple[G, str]:
    """Put a layer after node `after`, or after `IMAGE`, whose readers then read the new node instead.

    after: left out, the last node. inputs: the nodes that the new one reads; left out, `after`, and for a layer that
    joins several maps also those that `merge_inputs` finds. Returns the graph and the new node's name.
    """
    if after is None:
        after = inputs[-1] if inputs else _last(graph)
    graph.check_names(after)
    given = tuple(inputs) if inputs is not None else merge_inputs(graph, layer, after)
    name = name or free_name(graph, layer)
    # A reader that leads to one of the inputs would close a cycle, so it keeps reading `after`.
    before = ancestors(graph, given) | set(given)
    moved = set(readers(graph, after)) - before
    nodes = [_reading(node, {after: name}) if node.name in moved else node for node in graph.nodes]
    # Behind all that it reads, so that the list stays in the order of evaluation.
    place = 1 + max((_place(graph, n) for n in (after, *given)), default=-1)
    return _added(graph, nodes, place, Node(name, layer, given)), name


def branch(graph: G, layer: Layer, from_: str, name: str | None = None) -> tuple[G, str]:
    """Add a node that reads `from_` beside its other readers. Returns the graph and the new node's name."""
    graph.check_names(from_)
    name = name or free_name(graph, layer)
    new = Node(name, layer, merge_inputs(graph, layer, from_))
    # In front of the node where the branches meet, so that it can be joined there; else at the end.
    behind = descendants(graph, from_)
    meeting = (i for i, n in enumerate(graph.nodes) if n.name in behind and len(_inputs(n)) > 1)
    place = next(meeting, len(graph))
    return _added(graph, list(graph.nodes), place, new), name


def merge_inputs(
    graph: G, layer: Layer, after: str, shapes: Mapping[str, Shape] | None = None
) -> tuple[str, ...]:
    """The inputs of a layer that is added after `after`: that node, and others where the layer joins several maps.

    The others are the last nodes that nobody reads, else the picture. shapes: of the maps, if known; then the first
    candidates are taken that fit.
    """
    least = max(layer.arity[0], 2 if layer.arity[1] is None else layer.arity[0])
    others = [name for name in reversed(leaves(graph)) if name != after]
    rest = [n.name for n in reversed(graph.nodes) if n.name not in (*others, after)]
    # Loose ends first: a node that joins maps is usually added to bring branches together again.
    candidates = [*others, IMAGE, *rest] if after != IMAGE else [*others, *rest, IMAGE]
    chosen: tuple[str, ...] = (after,)
    while len(chosen) < least:
        fitting = (name for name in candidates if _fits(layer, (*chosen, name), shapes))
        chosen = (*chosen, next(fitting, candidates[0]))
        # In a graph that has too few maps, the new node reads the same one several times.
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
    """A new layer of a type to put after node `after`, with values that suit its inputs, and these inputs.

    picture: the shape (C, H, W) of the picture, where there is one.
    """
    graph.check_names(after)
    shapes = known_shapes(graph, picture)
    inputs = merge_inputs(graph, kind.starter(), after, shapes or None)
    given = [shapes[name] for name in inputs if name in shapes]
    # The seed changes with the number of nodes, so that two layers in a row do not begin with equal weights.
    suited = kind.starter(*given, seed=len(graph)) if len(given) == len(inputs) else None
    return suited or kind.starter(seed=len(graph)), inputs


def duplicate(graph: G, name: str) -> tuple[G, str]:
    """Put the layer of node `name` again after it. Returns the graph and the copy's name.

    A copy of a layer that joins several maps reads the same maps as the original.
    """
    node = graph.node(name)
    copy = free_name(graph, node.layer)
    if len(_inputs(node)) == 1:
        # The same layer object: layers do not change, so that two nodes can share one.
        edited, _ = insert(graph, node.layer, name, copy, (name,))
    else:
        place = _place(graph, name) + 1
        edited = _added(graph, list(graph.nodes), place, Node(copy, node.layer, node.inputs))
    # The copy of a disabled node is disabled, too.
    return (edited if node.enabled else set_enabled(edited, [copy], False)), copy


# -- changing ---------------------------------------------------------------------------------------------


def remove(graph: G, names: Collection[str]) -> G:
    """Remove nodes. The readers of a removed node read its first input instead."""
    for name in names:
        graph.node(name)
    bridges = {name: _first_kept(graph, name, names) for name in names}
    return type(graph)(_reading(node, bridges) for node in graph.nodes if node.name not in names)


def _first_kept(graph: G, name: str, gone: Collection[str]) -> str:
    # Several removed nodes may follow each other; the bridge leads over all of them.
    while name in gone:
        name = _inputs(graph.node(name))[0]
    return name


def rename(graph: G, old: str, new: str) -> G:
    """Give a node another name, also in the inputs of its readers.

    Raises ParameterError for a name that is taken or not allowed.
    """
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
    """Enable nodes, or disable them, so that they pass their first input through."""
    for name in names:
        graph.node(name)
    # The same object tells callers that nothing was edited.
    if all(graph.node(name).enabled == enabled for name in names):
        return graph
    return type(graph)(replace(n, enabled=enabled) if n.name in names else n for n in graph.nodes)


def set_inputs(graph: G, name: str, inputs: Sequence[str]) -> G:
    """Replace the inputs of a node. Raises ParameterError for unknown nodes, cycles and a wrong number of inputs."""
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
    """Move a node to position `index` in the list of the other nodes, or behind node `after` (or `IMAGE`).

    The list is in the order of evaluation. A node with one input that is dropped between two nodes of a chain, or
    further along its own, leaves its chain, which closes, and joins the one it is dropped into. Other nodes, and nodes
    that are dropped between branches, only change their place in the list. Raises ParameterError where the node would
    stand before one that it reads.
    """
    # `index` counts in the order of evaluation, which is the order of the cards that people drag.
    node, graph = graph.node(name), _sorted(graph)
    others = [n.name for n in graph.nodes if n.name != name]
    if index is None:
        graph.check_names(after or IMAGE)
        index = others.index(after) + 1 if after not in (None, IMAGE) else 0
    index = min(max(index, 0), len(others))
    if index == _place(graph, name):
        return graph
    above = others[index - 1] if index else IMAGE
    below = others[index] if index < len(others) else None
    # A node that joins maps has no single way in and out, so that no chain would close behind it.
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
    """Put a node into the chain between `source` and `below`."""
    nodes = [_reading(n, {source: node.name}) if n.name == below else n for n in rest.nodes]
    return _added(rest, nodes, _place(rest, below), replace(node, inputs=(source,)))


def _reordered(graph: G, node: Node, index: int) -> G:
    """The same graph with a node at another position in the list."""
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


# -- shared ------------------------------------------------------------------------------------------------


def _inputs(node: Node) -> tuple[str, ...]:
    assert node.inputs is not None, "a graph fills in the inputs of its nodes"
    return node.inputs


def _last(graph: G) -> str:
    return graph.nodes[-1].name if graph.nodes else IMAGE


def _place(graph: G, name: str) -> int:
    """The position of a node in the list; -1 for the picture, which stands above it."""
    return next((i for i, node in enumerate(graph.nodes) if node.name == name), -1)


def _reading(node: Node, exchanged: Mapping[str, str]) -> Node:
    """The node with some of its inputs replaced; the same object where none of them is."""
    inputs = tuple(exchanged.get(name, name) for name in _inputs(node))
    return node if inputs == node.inputs else replace(node, inputs=inputs)


def _added(graph: G, nodes: list[Node], place: int, new: Node) -> G:
    """The graph of `nodes` with a new one at position `place`, in the class of `graph`."""
    if any(node.name == new.name for node in nodes):
        hint = say("choose another name")
        raise ParameterError(
            say("there is a node {!r} already", new.name), "pipeline", hint, parameter="name"
        )
    return _sorted(type(graph)([*nodes[:place], new, *nodes[place:]]))


def _sorted(graph: G) -> G:
    """The same graph with its nodes in the order of evaluation."""
    ordered = [graph.node(step.name) for step in graph.steps]
    return graph if ordered == list(graph.nodes) else type(graph)(ordered)
