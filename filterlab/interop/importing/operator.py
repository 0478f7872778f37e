"""One operator of a model as its reader sees it: its attributes, its inputs, and where its node goes."""

from __future__ import annotations

from typing import Any

from filterlab.errors import shown
from filterlab.functional.arrays import Array
from filterlab.interop.importing.book import Book, NotCarriedError
from filterlab.interop.importing.reading import constant_of, load_onnx
from filterlab.interop.importing.settling import settled
from filterlab.interop.importing.values import Carried, Cut, Known, Value, View
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type
from filterlab.text.messages import say


class Operator:
    """An operator of the model. kind: its type; opset: the version of the operators."""

    def __init__(self, node: Any, book: Book) -> None:
        self.kind: str = node.op_type
        self.opset = book.source.opset
        self.book = book
        self.inputs: list[str] = list(node.input)
        self.outputs: list[str] = list(node.output)
        self._attributes = {attribute.name: attribute for attribute in node.attribute}

    # -- attributes and inputs --------------------------------------------------------------------------

    def attribute(self, name: str, default: Any = None) -> Any:
        """An attribute: a number, a text, or a list of them."""
        if name not in self._attributes:
            return default
        value = load_onnx().helper.get_attribute_value(self._attributes[name])
        if isinstance(value, bytes):
            return value.decode(errors="replace")
        return value if isinstance(value, (int, float)) else list(value)

    def tensor_attribute(self, name: str) -> Array | None:
        """An attribute that is a tensor."""
        found = self._attributes.get(name)
        return None if found is None else constant_of(found.t, self.book.source)

    def given(self, number: int) -> bool:
        """Whether there is an input of this number."""
        return number < len(self.inputs) and bool(self.inputs[number])

    def value(self, number: int) -> Value:
        """An input. Raises NotCarriedError for one that is missing or was cut."""
        if not self.given(number):
            raise NotCarriedError(say("input {} is missing", number))
        value = self.book.value(self.inputs[number])
        if isinstance(value, Cut):
            raise NotCarriedError(say("it reads {}, which is not carried", shown(self.inputs[number])))
        return value

    def constant(self, number: int, what: str = "an input") -> Array:
        """An input that must be a constant. Raises NotCarriedError for one that depends on the picture."""
        value = self.value(number)
        if not isinstance(value, Known):
            raise NotCarriedError(say("{} depends on the picture", what))
        return value.array

    def option(self, name: str, number: int, default: Any = None) -> Any:
        """What was an attribute in old versions and is an input in new ones, as a list of numbers."""
        if name in self._attributes:
            return self.attribute(name)
        return self.constant(number, name).ravel().tolist() if self.given(number) else default

    def map(self, number: int = 0, axes: str | None = None) -> Carried:
        """An input as the output of a node. axes: what its axes must be. Raises NotCarriedError."""
        x = self.settle(self.value(number), self.inputs[number])
        if axes is not None and x.axes != axes:
            raise NotCarriedError(say("its input has the axes {}, not {}", x.axes, axes))
        return x

    def settle(self, value: Value, tensor: str) -> Carried:
        """A value as the output of a node, if need be of a new one that rearranges. Raises NotCarriedError."""
        if isinstance(value, Carried):
            return value
        if isinstance(value, Known):
            raise NotCarriedError("it reads a constant where a map is needed")
        if isinstance(value, Cut):
            raise NotCarriedError(say("it reads {}, which is not carried", shown(tensor)))
        made = settled(value, tensor, self.book)
        if made is None:
            raise NotCarriedError("its input is rearranged in a way that no layer does")
        self.book.values[tensor] = made
        return made

    def maps(self) -> list[Carried]:
        """All inputs as outputs of nodes."""
        return [self.map(i) for i in range(len(self.inputs))]

    # -- nodes ------------------------------------------------------------------------------------------

    def node(self, layer: Layer, *inputs: Carried, axes: str | None = None, called: str = "") -> Carried:
        """The node that stands for the operator's first output, whose name it has unless it is called otherwise."""
        made = self.book.add(layer, inputs, called or self.outputs[0], axes)
        if made.listed:
            self.book.tensors.append((made.node, self.outputs[0]))
        self.book.claim(self.inputs, made.node)
        return made

    def joined(self, layer: Layer, *inputs: Carried) -> Carried:
        """The node of a layer that merges maps cell by cell, or vectors, one of which may be a single number."""
        if {x.axes for x in inputs} != {"NF"} or len({x.shape for x in inputs}) == 1:
            return self.node(layer, *inputs)
        # One channel stands for all channels of a map, but one feature for no others.
        maps = [self.helper(layer_type("unflatten")(size=(1, 1)), x, axes="NCHW") for x in inputs]
        return self.node(layer_type("flatten")(), self.helper(layer, *maps), axes="NF")

    def helper(self, layer: Layer, *inputs: Carried, axes: str | None = None) -> Carried:
        """A node that stands for no tensor: the first of several layers that an operator needs here."""
        return self.book.add(layer, inputs, f"{self.outputs[0]}_{layer.stem}", axes)


def view_of(value: Value, cells: Array, name: str) -> View:
    """A rearrangement of a map, or of a rearrangement, that gives the tensor `name`."""
    assert isinstance(value, (Carried, View)), "constants are folded, and cuts stay cut"
    source = value.source if isinstance(value, View) else value
    before = value.tensors if isinstance(value, View) else ()
    return View(source, cells, (*before, name))
