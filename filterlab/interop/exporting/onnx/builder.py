"""Operators and constants put together to an ONNX graph, and the functions that write layers, by the layer's key."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, border_index
from filterlab.layers.base.layer import Layer, Shape

OPSET = 21  # with it come GroupNormalization of channels, and every way of Resize

Writer = Callable[["Site", Any], str]
_WRITERS: dict[str, Writer] = {}


def writes(*keys: str) -> Callable[[Writer], Writer]:
    """Register a function that writes layers of these keys, and returns the tensor that it makes."""

    def register(writer: Writer) -> Writer:
        for key in keys:
            _WRITERS[key] = writer
        return writer

    return register


def writer_of(layer: Layer) -> Writer | None:
    """The function that writes a layer; None where it has no equivalent."""
    _load()
    return _WRITERS.get(layer.key)


@cache
def _load() -> None:
    package = importlib.import_module("filterlab.interop.exporting.onnx.families")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


class NoEquivalentError(Exception):
    """Raised by a writer for parameters that ONNX cannot express."""


@dataclass
class Model:
    """The operators and constants so far."""

    helper: Any
    numpy_helper: Any
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def free(self, stem: str) -> str:
        """A name that no tensor has yet."""
        name, number = stem, 2
        while name in self.taken:
            name, number = f"{stem}_{number}", number + 1
        self.taken.add(name)
        return name


@dataclass
class Site:
    """Where a layer is written: its node's name, its inputs, and their shapes (C, H, W) or (F,)."""

    model: Model
    name: str
    inputs: list[str]
    shapes: list[Shape]
    output: Shape

    @property
    def x(self) -> str:
        """The first input."""
        return self.inputs[0]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the first input."""
        return self.shapes[0][1], self.shapes[0][2]

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """An operator of one output, whose tensor it returns. Attributes that are None are left out."""
        given = {key: value for key, value in attributes.items() if value is not None}
        name = self.model.free(f"{self.name}/{kind}")
        self.model.nodes.append(self.model.helper.make_node(kind, list(inputs), [name], name=name, **given))
        return name

    def constant(self, values: Any, what: str = "constant", dtype: Any = np.float32) -> str:
        """A constant."""
        name = self.model.free(f"{self.name}.{what}")
        # float64 weights become float32, and infinite beyond its range: the graph computes in float32 as a whole.
        with np.errstate(over="ignore"):
            array = np.ascontiguousarray(np.asarray(values, dtype))
        self.model.constants.append(self.model.numpy_helper.from_array(array, name))
        return name

    def integers(self, values: Sequence[int], what: str = "sizes") -> str:
        """A constant of whole numbers."""
        return self.constant(list(values), what, np.int64)

    def weights(self, **arrays: Array | None) -> list[str]:
        """The constants of a layer's parameters; those left out are left out."""
        return [self.constant(array, name) for name, array in arrays.items() if array is not None]

    # -- borders ----------------------------------------------------------------------------------------

    def padded(self, x: str, pads: Pads, mode: str = "zeros", value: float = 0.0) -> str:
        """The input with its border, cut off where numbers are negative; itself where there is none."""
        sides = (pads.top, pads.bottom, pads.left, pads.right)
        if not any(sides):
            return x
        if mode in ("zeros", "constant"):
            amounts = self.integers([0, 0, pads.top, pads.left, 0, 0, pads.bottom, pads.right], "pads")
            return self.add("Pad", x, amounts, self.constant(value if mode == "constant" else 0.0, "value"))
        within = max(sides[:2]) < self.size[0] and max(sides[2:]) < self.size[1] and min(sides) >= 0
        if mode in ("reflect", "replicate") and within:
            amounts = self.integers([0, 0, pads.top, pads.left, 0, 0, pads.bottom, pads.right], "pads")
            return self.add("Pad", x, amounts, mode="edge" if mode == "replicate" else mode)
        # Cell by cell: ONNX's own modes do not know every border, nor one that is wider than the picture.
        for axis, n, before, after in ((2, self.size[0], *sides[:2]), (3, self.size[1], *sides[2:])):
            if before or after:
                cells = [int(i) for i in border_index(n, before, after, mode)]
                x = self.add("Gather", x, self.integers(cells, "cells"), axis=axis)
        return x
