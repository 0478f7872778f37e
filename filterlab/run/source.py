"""A graph as source text: Python that builds it, and the command that runs it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

from filterlab.errors import FilterLabError
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Node
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.weights import Weights
from filterlab.text.messages import say

WIDTH = 100
MOST_NUMBERS = 100_000  # about a megabyte of text, which no editor shows well


def to_python(graph: Graph) -> str:
    """Source that leaves an equal pipeline in the variable `pipeline` when it is run.

    Kernels and weights that are recipes stay recipes. Raises FilterLabError for more than `MOST_NUMBERS` others.
    """
    refuse_pages(graph)
    rows = "".join(f"        {row},\n" for row in _rows(graph))
    return f"import filterlab as fl\n\npipeline = fl.Pipeline(\n    [\n{rows}    ]\n)\n"


def to_command(
    pipeline: str, pictures: Sequence[str], folder: str = "maps", options: Sequence[str] = ()
) -> str:
    """The command that runs a saved pipeline on pictures, with these options, quoted for a POSIX shell."""
    return shlex.join(["filterlab", "run", pipeline, *pictures, "--out", folder, *options])


def written_numbers(nodes: Iterable[Node]) -> int:
    """The number of weights that have to be written out, because no recipe makes them."""
    values = (value for node in nodes for value in node.layer.raw().values())
    return sum(prod(v.shape) for v in values if isinstance(v, Weights) and v.recipe is None)


def refuse_pages(nodes: Iterable[Node]) -> None:
    """Raise FilterLabError for nodes with more than `MOST_NUMBERS` weights that have to be written out."""
    count = written_numbers(nodes)
    if count > MOST_NUMBERS:
        raise FilterLabError(
            say("its weights are {} number(s), too many to write out", count),
            "pipeline",
            "save it, and write fl.Pipeline.load(...)",
        )


def _rows(graph: Graph) -> list[str]:
    """An item of the list for each node, without what the constructor fills in by itself."""
    rows, before = [], IMAGE
    for node in graph.nodes:
        # The constructor lets a node read the one before it, so that a chain needs no `inputs`.
        rows.append(node_source(node, node.inputs == (before,), layer_source(node.layer)))
        before = node.name
    return rows


def node_source(node: Node, follows: bool, layer: str) -> str:
    """A node as an item of the list that makes a pipeline.

    follows: whether it reads the item before it. layer: the source of its layer.
    """
    # The short form names neither inputs nor the flag, which only `fl.Node` can take.
    if follows and node.enabled:
        return f"({node.name!r}, {layer})"
    parts = [repr(node.name), layer, f"inputs={node.inputs!r}"]
    return f"fl.Node({', '.join(parts + ([] if node.enabled else ['enabled=False']))})"


def layer_source(layer: Layer) -> str:
    """The call that makes a layer."""
    return call_source(f"fl.{type(layer).__name__}", layer.params())


def call_source(function: str, values: Mapping[str, Any]) -> str:
    """A call with these arguments, eight columns from the margin."""
    arguments = [f"{name}={_value(value, 12)}" for name, value in values.items()]
    line = ", ".join(arguments)
    if len(line) <= WIDTH and "\n" not in line:
        return f"{function}({line})"
    lines = "".join(f"            {argument},\n" for argument in arguments)
    return f"{function}(\n{lines}        )"


def _value(value: Any, indent: int) -> str:
    """A literal. Long nested lists have a line for each innermost row, or several for a long row."""
    text = repr(value)
    if len(text) <= WIDTH - indent or not isinstance(value, list):
        return text
    inner = " " * (indent + 4)
    if any(isinstance(item, (list, dict)) for item in value):
        rows = [f"{_value(item, indent + 4)}," for item in value]
    else:
        rows = _lines([repr(item) for item in value], WIDTH - indent)
    return "[\n" + "".join(f"{inner}{row}\n" for row in rows) + f"{' ' * indent}]"


def _lines(items: list[str], width: int) -> list[str]:
    """Items followed by commas, as many on a line as fit."""
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) + 2 > width:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{item},"
    return lines
