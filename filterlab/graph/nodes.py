"""Nodes, and the steps that they are evaluated as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filterlab.errors import FilterLabError, ParameterError, shown
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, Shape
from filterlab.layers.base.rules import at, copied
from filterlab.layers.base.terms import Where
from filterlab.text.messages import say

IMAGE = "image"  # the picture: what nodes may read beside each other, and the name of no node
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
            hint = say("use letters, digits, _ - . and /, and not {!r}", IMAGE)
            raise ParameterError(
                say("the name {} is not allowed", shown(self.name)), "node", hint, parameter="name"
            )
        if len(self.name) > LONGEST_NAME:
            what = say("the name {} has {} letters", shown(self.name), len(self.name))
            raise ParameterError(what, "node", say("use at most {}", LONGEST_NAME), parameter="name")
        if not isinstance(self.layer, Layer):
            what = say("{} is not a layer", shown(self.layer))
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
        return copied("Disabled", xs[0], Where(0, channel, row, col), y[at(y, channel, row, col)])


NodeLike = Layer | tuple[str, Layer] | Node


@contextmanager
def at_node(name: str) -> Iterator[None]:
    """Errors raised inside are said to have happened at node `name`."""
    try:
        yield
    except FilterLabError as error:
        if error.node:
            raise
        raise error.at_node(name) from None
    except MemoryError:
        what, hint = say("there is not enough memory for it"), say("choose smaller sizes")
        raise FilterLabError(what, f"node '{name}'", hint, node=name) from None
