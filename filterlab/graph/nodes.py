"""Nodes as people write them, and the steps that they are evaluated as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from filterlab.errors import FilterLabError, ParameterError, shown
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Gradients, Layer, Shape
from filterlab.layers.base.rules import at, copied
from filterlab.layers.base.terms import Where
from filterlab.text.messages import say

# The name by which nodes read the picture, and which no node may have. The word stands in saved files.
IMAGE = "image"
# Letters. Imported networks have names of hundreds; how long a file name may be is up to those who write files.
LONGEST_NAME = 1000
_NAME = re.compile(r"[\w\-.]+(/[\w\-.]+)*")


class Spot(NamedTuple):
    """One value of one map: node (or "image"), channel, row, column. A vector has row and column 0."""

    node: str
    channel: int
    row: int
    col: int


@dataclass(frozen=True)
class Node:
    """A named layer and the nodes that it reads.

    inputs: None stands for the node before it in the list, and for the picture where it is the first. enabled: a
    disabled node passes its first input through. Raises ParameterError for a name that is "image" or has anything
    but letters, digits and _ - . / in it; the parts between slashes must not be empty, "." or "..".
    """

    name: str
    layer: Layer
    inputs: tuple[str, ...] | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        # Maps are written to files of these names, so no name may lead out of a folder.
        legal = isinstance(self.name, str) and _NAME.fullmatch(self.name)
        if not legal or self.name == IMAGE or {".", ".."} & set(self.name.split("/")):
            hint = say("use letters, digits, _ - . and /, and not {!r}", IMAGE)
            raise ParameterError(
                say("the name {} is not allowed", shown(self.name)), "node", hint, parameter="name"
            )
        if len(self.name) > LONGEST_NAME:
            what = say("the name {} has {} letter(s)", shown(self.name), len(self.name))
            raise ParameterError(what, "node", say("use at most {}", LONGEST_NAME), parameter="name")
        if not isinstance(self.layer, Layer):
            what = say("{} is not a layer", shown(self.layer))
            raise ParameterError(
                what, f"node {shown(self.name)}", "give one, as fl.ReLU()", parameter="layer"
            )
        # A single name is a sequence, too: `tuple` would make one input of each of its letters.
        if isinstance(self.inputs, str):
            object.__setattr__(self, "inputs", (self.inputs,))
        elif self.inputs is not None:
            # A tuple, because a list would stay in the hands of the caller and could change.
            object.__setattr__(self, "inputs", tuple(self.inputs))


@dataclass(frozen=True)
class Step:
    """A node as it is evaluated: all inputs named, and a disabled layer replaced by `Skip`."""

    name: str
    layer: Layer
    inputs: tuple[str, ...]


class Skip(Layer):
    """The layer that stands in for a disabled one: its output is its input."""

    locally_linear: ClassVar[bool] = True

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
    """Let errors that are raised inside name the node `name`, unless they name one already.

    MemoryError becomes a FilterLabError, so that a size that is too large is explained like any other mistake.
    """
    try:
        yield
    except FilterLabError as error:
        if error.node:
            raise
        raise error.at_node(name) from None
    except MemoryError:
        what, hint = say("there is not enough memory for it"), say("choose smaller sizes")
        raise FilterLabError(what, f"node '{name}'", hint, node=name) from None
