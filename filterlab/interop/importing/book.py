"""What has been read of a model so far: the value of each tensor, the nodes, and what became of every name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from filterlab.errors import shown
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, Node
from filterlab.graph.nodes import LONGEST_NAME
from filterlab.interop.importing.folding import Allowance
from filterlab.interop.importing.reading import ModelFile, constant_of
from filterlab.interop.importing.values import Carried, Known, Shape, Value
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import Message, say

_ILLEGAL = re.compile(r"[^A-Za-z0-9_\-./]+")
_LONGEST = LONGEST_NAME - 10  # which leaves room for a number behind
# Numbers of all maps whose rearrangement is followed cell by cell, and of those that stay in memory, of 4 bytes each.
_MOST_FOLLOWED, _MOST_HELD = 1 << 29, 1 << 25


class NotCarriedError(Exception):
    """Raised where an operator cannot become a node; the reason is for the person."""

    def __init__(self, reason: Message | str) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass
class Book:
    """The state of reading a model.

    picture: what stands for the graph's input, the picture or the last node of its preprocessing. shapes: of the nodes'
    outputs. tensors: (node, the tensor it stands for). merged: tensors that have no node of their own, and the node
    that took them in. left_out: tensors that were cut, with the operator and the reason. remarks: what the person
    should know of the numbers. made_by: the type of the operator that makes each tensor.
    """

    source: ModelFile
    picture: str = IMAGE
    nodes: list[Node] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    tensors: list[tuple[str, str]] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, tuple[str, Message | str]] = field(default_factory=dict)
    remarks: dict[str, Message | str] = field(default_factory=dict)
    made_of: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # a folded tensor: its operator's inputs
    allowance: Allowance = field(default_factory=Allowance)  # for constants that follow from constants

    def __post_init__(self) -> None:
        # Made into numbers when they are first asked for: an operator that is cut never needs its weights.
        self._stored = {tensor.name: tensor for tensor in self.source.graph.initializer}
        self.made_by = {name: node.op_type for node in self.source.graph.node for name in node.output if name}
        self._taken = {IMAGE}
        self._followed = self._held = 0

    def value(self, name: str) -> Value:
        """The value of a tensor. Raises NotCarriedError where nothing makes it, FileError where it is damaged."""
        if name not in self.values and name in self._stored:
            self.values[name] = self.constant(constant_of(self._stored[name], self.source))
        if name not in self.values:
            # The operators are in the order of evaluation, as far as there is one.
            if name in self.made_by:
                raise NotCarriedError(say("it reads {}, which depends on it", shown(name)))
            raise NotCarriedError(say("it reads {}, which nothing makes", shown(name)))
        return self.values[name]

    def constant(self, array: Array) -> Known:
        """Numbers that the file holds as they stand."""
        # Layers take what nobody can change as it is, and copy everything else.
        array.setflags(write=False)
        self.allowance.grow(array)
        return Known(array)

    def known(self, name: str) -> Array | None:
        """The numbers of a tensor that is a constant already, else None."""
        value = self.value(name) if name in self.values or name in self._stored else None
        return value.array if isinstance(value, Known) else None

    def add(self, layer: Layer, inputs: Sequence[Carried], called: str, axes: str | None = None) -> Carried:
        """Put a layer behind maps. axes: of the tensor that it makes; by default those of the first input.

        Raises FilterLabError where the layer cannot take them.
        """
        shape = layer.possible_shape(*(x.shape for x in inputs))
        name = self.free(called)
        self.shapes[name] = shape
        self.nodes.append(Node(name, layer, tuple(x.node for x in inputs)))
        if axes is None:
            axes = inputs[0].axes if len(shape) == 3 else "NF"
        return Carried(name, shape, axes)

    def free(self, tensor: str) -> str:
        """The node's name: that of the tensor, as far as it is legal, and unlike all others."""
        # Names become those of files: no part of them may be empty, or lead to another folder.
        parts = _ILLEGAL.sub("_", tensor)[-_LONGEST:].split("/")
        stem = "/".join(part for part in parts if part.strip(".")) or "node"
        name, number = stem, 2
        # Names differ by more than their case, as they become names of files.
        while name.lower() in self._taken:
            name, number = f"{stem}_{number}", number + 1
        self._taken.add(name.lower())
        return name

    def follow(self, numbers: int) -> None:
        """Count a rearrangement that is followed. Raises NotCarriedError where they would take minutes in all."""
        self._followed += numbers
        if self._followed > _MOST_FOLLOWED:
            raise NotCarriedError("too many large maps are rearranged before it")

    def hold(self, numbers: int) -> None:
        """Count a rearrangement that is kept. Raises NotCarriedError where they would fill the memory."""
        self._held += numbers
        if self._held > _MOST_HELD:
            raise NotCarriedError("too many large maps are rearranged before it")

    def in_order(self, tensor: str) -> str:
        """The name that a tensor with its channels last has once they stand first, where nobody reads it as it is."""
        readers = [node for node in self.source.graph.node if tensor in node.input]
        given = any(output.name == tensor for output in self.source.graph.output)
        if given or len(readers) != 1 or readers[0].op_type != "Transpose" or not readers[0].output:
            return tensor
        moved = any(a.name == "perm" and list(a.ints) == [0, 3, 1, 2] for a in readers[0].attribute)
        return str(readers[0].output[0]) if moved else tensor

    def claim(self, tensors: Sequence[str], node: str) -> None:
        """Say that a node took in folded constants, and what those were made of."""
        waiting = list(tensors)
        while waiting:
            name = waiting.pop()
            if name in self.made_of and name not in self.merged:
                self.merged[name] = node
                waiting.extend(self.made_of[name])
