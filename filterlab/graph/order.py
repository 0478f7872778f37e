"""Names, inputs and order of nodes: what makes a list of layers a graph without circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from heapq import heappop, heappush

from filterlab.errors import ParameterError, shown
from filterlab.graph.nodes import IMAGE, Node, NodeLike, Skip, Step
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import say

MOST_LISTED = 20  # names in an error message
LONGEST_LIST = 120  # letters of them
_SKIP = Skip()


def named(items: list[NodeLike]) -> list[Node]:
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
        what = say("{} is neither a layer, nor (name, layer), nor a Node", shown(item))
        raise ParameterError(what, "pipeline", parameter="nodes")
    stem = item.stem or item.key
    while True:
        counts[stem] += 1
        if f"{stem}{counts[stem]}" not in taken:
            return Node(f"{stem}{counts[stem]}", item)


def ordered(nodes: list[Node]) -> tuple[Step, ...]:
    """The nodes as steps, each after those it reads, otherwise in their given order."""
    _check_names(nodes)
    places = {node.name: place for place, node in enumerate(nodes)}
    steps = [step_of(node) for node in nodes]
    readers: dict[str, list[int]] = {name: [] for name in (IMAGE, *places)}
    missing = []  # how many of its inputs each step still waits for
    for place, step in enumerate(steps):
        sources = set(step.inputs)
        missing.append(len(sources - {IMAGE}))
        for name in sources:
            readers[name].append(place)
    # The first that is ready, one at a time, so that a file in good order keeps it.
    ready = [place for place, count in enumerate(missing) if not count]
    found: list[Step] = []
    while ready:
        step = steps[heappop(ready)]
        found.append(step)
        for place in readers[step.name]:
            missing[place] -= 1
            if not missing[place]:
                heappush(ready, place)
    if len(found) < len(steps):
        raise _circle({step.name: step for step, count in zip(steps, missing, strict=True) if count})
    return tuple(found)


def step_of(node: Node) -> Step:
    assert node.inputs is not None, "inputs were filled in"
    if not node.enabled:
        return Step(node.name, _SKIP, node.inputs[:1])
    least, most = node.layer.arity
    if len(node.inputs) < least or (most is not None and len(node.inputs) > most):
        wanted = (
            f"{least}" if least == most else f"at least {least}" if most is None else f"{least} to {most}"
        )
        raise ParameterError(
            say(
                "{} takes {} input{}, not {}",
                type(node.layer).__name__,
                wanted,
                "s" if wanted != "1" else "",
                len(node.inputs),
            ),
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
            what = say("{} nodes are named {}", names[node.name], shown(node.name))
            raise ParameterError(what, "pipeline", "give each its own name", parameter="name", node=node.name)
        for name in node.inputs or ():
            if name != IMAGE and name not in names:
                raise ParameterError(
                    say("its input {} does not exist", shown(name)),
                    f"node {shown(node.name)}",
                    say("allowed: {}", listed([IMAGE, *(n for n in names if n != node.name)])),
                    parameter="inputs",
                    node=node.name,
                )
        if not node.inputs:
            what, where = say("it has no inputs"), f"node {shown(node.name)}"
            raise ParameterError(
                what, where, say("name one, or {!r}", IMAGE), parameter="inputs", node=node.name
            )


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
        say("the nodes {} form a cycle", listed(circle)),
        "pipeline",
        "let one of them read another node",
        parameter="inputs",
        node=next(iter(waiting)),
    )


def listed(names: Iterable[str]) -> str:
    """Names in a row; of very many or long ones, the first."""
    first: list[str] = []
    for name in names:
        too_long = first and len(", ".join((*first, name))) > LONGEST_LIST
        if too_long or len(first) == MOST_LISTED:
            return ", ".join((*first, "..."))
        first.append(name)
    return ", ".join(first)
