"""Activations that a model writes out in several operators: x · sigmoid(x), hard swish, GELU by erf, mish, threshold.

A product is taken apart into its factors: constants, and tensors. Each pattern is a set of factors. It is taken only
where nobody else reads the tensors inside it, as these have no node then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.interop.importing.book import Book, NotCarriedError
from filterlab.interop.importing.matrices import layer_of_matrices
from filterlab.interop.importing.reading import constant_node
from filterlab.interop.importing.values import Carried
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type

MOST_STEPS = 12  # operators of one pattern


@dataclass
class Pattern:
    """A layer that several operators are.

    given: its input; inner: the numbers of the operators that it replaces. size: the rows and columns that the input
    must have, where that matters.
    """

    layer: Layer
    given: str
    inner: list[int]
    tensors: list[str]
    size: tuple[int, int] | None = None

    def takes(self, x: Carried) -> bool:
        """Whether a map is one that the operators would take as the layer does."""
        return self.size is None or (x.axes == "NCHW" and x.shape[1:] == self.size)


@dataclass
class _Look:
    """A model seen from its tensors, and the operators that one pattern has taken so far."""

    book: Book
    nodes: Any
    made_by: dict[str, int]
    readers: Counter[str]
    inner: list[int] = field(default_factory=list)

    def constant(self, name: str) -> Array | None:
        """The numbers of a constant; None for other tensors."""
        index = self.made_by.get(name)
        try:
            if index is not None and self.nodes[index].op_type == "Constant":
                return constant_node(self.nodes[index], self.book.source)
            return self.book.known(name)
        except (NotCarriedError, FilterLabError):
            return None

    def scalar(self, name: str) -> float | None:
        """A constant of one number."""
        array = self.constant(name)
        return float(array.reshape(-1)[0]) if array is not None and array.size == 1 else None

    def inside(self, name: str, *kinds: str) -> Any:
        """The operator of one of these kinds that makes a tensor nobody else reads, counted as taken; else None."""
        index = self.made_by.get(name)
        if index is None or self.readers[name] != 1 or self.nodes[index].op_type not in kinds:
            return None
        if len(self.inner) >= MOST_STEPS:
            return None
        self.inner.append(index)
        return self.nodes[index]


def find_patterns(book: Book) -> dict[int, Pattern]:
    """The patterns of a model by the number of their last operator."""
    graph = book.source.graph
    readers = Counter(name for node in graph.node for name in node.input)
    readers.update(output.name for output in graph.output)
    made_by = {name: index for index, node in enumerate(graph.node) for name in node.output if name}
    found: dict[int, Pattern] = {}
    taken: set[int] = set()
    # From the end, so that the whole of a pattern is seen before its parts.
    for index in range(len(graph.node) - 1, -1, -1):
        match = _MATCHES.get(graph.node[index].op_type)
        if index in taken or match is None:
            continue
        pattern = match(_Look(book, graph.node, made_by, readers), graph.node[index])
        if pattern is not None and not taken.intersection(pattern.inner):
            found[index] = pattern
            taken.update(pattern.inner)
    return found


def _product(look: _Look, root: Any) -> Pattern | None:
    product = _factors(look, root)
    if product is None or len(product[1]) > 2:
        return None
    scale, factors = product
    flattened = list(look.inner)
    for key, count, constant, inner_input in _PATTERNS:
        if len(factors) != count or not np.isclose(scale, constant, rtol=1e-5):
            continue
        for gate in factors:
            look.inner = list(flattened)
            given = inner_input(look, gate)
            # Of x times a function of x, the other factor is that x.
            if given is not None and all(factor == given for factor in factors if factor != gate):
                tensors = [name for index in look.inner for name in look.nodes[index].output]
                return Pattern(layer_type(key)(), given, look.inner, tensors)
    return None


def _threshold(look: _Look, root: Any) -> Pattern | None:
    """x where x is greater than a constant, and another constant elsewhere."""
    greater = look.inside(root.input[0], "Greater") if len(root.input) == 3 else None
    if greater is None or len(greater.input) != 2 or greater.input[0] != root.input[1]:
        return None
    limit, value = look.scalar(greater.input[1]), look.scalar(root.input[2])
    if limit is None or value is None or not np.isfinite([limit, value]).all():
        return None
    layer = layer_type("threshold")(threshold=limit, value=value)
    return Pattern(layer, root.input[1], look.inner, list(greater.output))


def _between_matrices(look: _Look, root: Any) -> Pattern | None:
    """A map between two matrices, one for its rows and one for its columns."""
    inner = look.inside(root.input[0], "MatMul") if len(root.input) == 2 else None
    if inner is None or len(inner.input) != 2:
        return None
    rows, cols = look.constant(inner.input[0]), look.constant(root.input[1])
    if rows is None or cols is None or not rows.ndim == cols.ndim == 2:
        return None
    layer = layer_of_matrices(rows, cols, look.book.allowance)
    size = (rows.shape[1], cols.shape[0])
    tensors = list(inner.output)
    return None if layer is None else Pattern(layer, inner.input[1], look.inner, tensors, size)


def _factors(look: _Look, node: Any) -> tuple[float, list[str]] | None:
    """The constant factor of a product, and its other factors; None for a division by something else."""
    scale, factors = 1.0, list[str]()
    for number, name in enumerate(node.input):
        constant = look.scalar(name)
        divides = node.op_type == "Div" and number == 1
        if constant is not None and constant != 0:
            scale = scale / constant if divides else scale * constant
            continue
        inner = None if divides else look.inside(name, "Mul", "Div")
        product = None if inner is None else _factors(look, inner)
        if divides or (inner is not None and product is None):
            return None
        scale *= product[0] if product else 1.0
        factors += product[1] if product else [name]
    return scale, factors


def _with_constant(look: _Look, node: Any, wanted: float) -> str | None:
    """The other input of a sum or product with a constant."""
    for name, other in zip(node.input, reversed(node.input), strict=True):
        constant = look.scalar(name)
        if constant is not None and np.isclose(constant, wanted, rtol=1e-5):
            return str(other)
    return None


def _sigmoid(look: _Look, gate: str) -> str | None:
    node = look.inside(gate, "Sigmoid")
    return None if node is None else str(node.input[0])


def _hard_sigmoid(look: _Look, gate: str) -> str | None:
    node = look.inside(gate, "HardSigmoid")
    if node is None:
        return None
    found = {attribute.name: attribute.f for attribute in node.attribute}
    usual = np.isclose(found.get("alpha", 0.2), 1 / 6, rtol=1e-4) and np.isclose(found.get("beta", 0.5), 0.5)
    return str(node.input[0]) if usual else None


def _clipped(look: _Look, gate: str) -> str | None:
    """The x of min(max(x + 3, 0), 6)."""
    node = look.inside(gate, "Clip")
    if node is None:
        return None
    limits = {attribute.name: attribute.f for attribute in node.attribute}
    low = limits.get("min", look.scalar(node.input[1]) if len(node.input) > 1 else None)
    high = limits.get("max", look.scalar(node.input[2]) if len(node.input) > 2 else None)
    inner = look.inside(node.input[0], "Add") if (low, high) == (0, 6) else None
    return None if inner is None else _with_constant(look, inner, 3)


def _erf(look: _Look, gate: str) -> str | None:
    """The x of 1 + erf(x / sqrt(2))."""
    plus = look.inside(gate, "Add")
    erf = None if plus is None else look.inside(_with_constant(look, plus, 1) or "", "Erf")
    scaled = None if erf is None else look.inside(erf.input[0], "Mul", "Div")
    if scaled is None:
        return None
    if scaled.op_type == "Div":
        divisor = look.scalar(scaled.input[1])
        return str(scaled.input[0]) if divisor and np.isclose(divisor, np.sqrt(2), rtol=1e-5) else None
    return _with_constant(look, scaled, float(np.sqrt(0.5)))


def _tanh_softplus(look: _Look, gate: str) -> str | None:
    tanh = look.inside(gate, "Tanh")
    softplus = None if tanh is None else look.inside(tanh.input[0], "Softplus")
    return None if softplus is None else str(softplus.input[0])


# The layer, how many factors are no constants, the constant factor, and what finds x in the factor that is not x.
_PATTERNS: list[tuple[str, int, float, Callable[[_Look, str], str | None]]] = [
    ("silu", 2, 1.0, _sigmoid),
    ("hardswish", 2, 1.0, _hard_sigmoid),
    ("hardswish", 2, 1 / 6, _clipped),
    ("hardsigmoid", 1, 1 / 6, _clipped),
    ("gelu", 2, 0.5, _erf),
    ("mish", 2, 1.0, _tanh_softplus),
]
# By the type of a pattern's last operator.
_MATCHES: dict[str, Callable[[_Look, Any], Pattern | None]] = {
    "Mul": _product,
    "Div": _product,
    "Where": _threshold,
    "MatMul": _between_matrices,
}
