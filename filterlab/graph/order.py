"""Names, inputs and order of nodes: how a list of layers becomes a graph without cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from heapq import heappop, heappush

from filterlab.errors import ParameterError, shown
from filterlab.graph.nodes import IMAGE, Node, NodeLike, Skip, Step
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import Message, count, say

MOST_LISTED, LONGEST_LIST = 20, 120  # names in an error message, and letters of all of them
# One for all: evaluators recognise results by the layer object, and a new one would be computed again.
_SKIP = Skip()


def named(items: list[NodeLike]) -> list[Node]:
    """The items as nodes that all have names and inputs. Made-up names are the layer's stem and a number."""
    # Of all items first: a made-up name must not take one that is given further down.
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
    # Numbers whose names are given to other nodes are skipped.
    while True:
        counts[stem] += 1
        if f"{stem}{counts[stem]}" not in taken:
            return Node(f"{stem}{counts[stem]}", item)


def ordered(nodes: list[Node]) -> tuple[Step, ...]:
    """The nodes as steps, each after those that it reads, otherwise in the order given (Kahn's algorithm).

    Raises ParameterError for names that occur twice, inputs that do not exist, and cycles.
    """
    _check_names(nodes)
    places = {node.name: place for place, node in enumerate(nodes)}
    steps = [step_of(node) for node in nodes]
    readers: dict[str, list[int]] = {name: [] for name in (IMAGE, *places)}
    missing = []  # how many of its inputs each step still waits for
    for place, step in enumerate(steps):
        # A node may read another one twice, but waits for it once only.
        sources = set(step.inputs)
        # The picture is there from the start, so nobody waits for it.
        missing.append(len(sources - {IMAGE}))
        for name in sources:
            readers[name].append(place)
    # A heap, so that of the steps that are ready the first in the list comes next: files in good order keep it.
    ready = [place for place, left in enumerate(missing) if not left]
    found: list[Step] = []
    while ready:
        step = steps[heappop(ready)]
        found.append(step)
        for place in readers[step.name]:
            missing[place] -= 1
            if not missing[place]:
                heappush(ready, place)
    if len(found) < len(steps):
        raise _cycle({step.name: step for step, left in zip(steps, missing, strict=True) if left})
    return tuple(found)


def step_of(node: Node) -> Step:
    """The step that evaluates a node. Raises ParameterError for a wrong number of inputs."""
    assert node.inputs is not None, "inputs were filled in"
    if not node.enabled:
        return Step(node.name, _SKIP, node.inputs[:1])
    least, most = node.layer.arity
    if len(node.inputs) < least or (most is not None and len(node.inputs) > most):
        raise ParameterError(
            _wrong_number(type(node.layer).__name__, least, most, len(node.inputs)),
            f"node {shown(node.name)}",
            "change its inputs",
            parameter="inputs",
            node=node.name,
        )
    return Step(node.name, node.layer, node.inputs)


def _wrong_number(layer: str, least: int, most: int | None, given: int) -> Message:
    if least == most:
        return count(least, "{1} takes {0} input, not {2}", "{1} takes {0} inputs, not {2}", layer, given)
    if most is None:
        text = "{1} takes at least {0} input, not {2}", "{1} takes at least {0} inputs, not {2}"
        return count(least, *text, layer, given)
    return say("{} takes {} to {} inputs, not {}", layer, least, most, given)


def _check_names(nodes: list[Node]) -> None:
    names = Counter(node.name for node in nodes)
    for node in nodes:
        if names[node.name] > 1:
            what = say("{} node(s) are named {}", names[node.name], shown(node.name))
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


def _cycle(waiting: Mapping[str, Step]) -> ParameterError:
    """The error that names one cycle among steps that wait for each other."""
    # Every waiting step reads another waiting one, so following the inputs must come back to a step seen before.
    path = {next(iter(waiting)): 0}
    while True:
        following = next(name for name in waiting[next(reversed(path))].inputs if name in waiting)
        if following in path:
            break
        path[following] = len(path)
    cycle = list(path)[path[following] :]
    return ParameterError(
        say("the nodes {} form a cycle", listed(cycle)),
        "pipeline",
        "let one of them read another node",
        parameter="inputs",
        node=next(iter(waiting)),
    )


def listed(names: Iterable[str]) -> str:
    """Names separated by commas. Of very many or very long names only the first are given, then "..."."""
    first: list[str] = []
    for name in names:
        too_long = first and len(", ".join((*first, name))) > LONGEST_LIST
        if too_long or len(first) == MOST_LISTED:
            return ", ".join((*first, "..."))
        first.append(name)
    return ", ".join(first)
