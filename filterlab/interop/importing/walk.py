"""The way through a model: its operators in their order, each of which becomes a node, a constant, or a cut."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from filterlab.errors import FileError, FilterLabError
from filterlab.functional.arrays import Array
from filterlab.interop.importing.book import Book, NotCarriedError
from filterlab.interop.importing.folding import fold, foldable
from filterlab.interop.importing.operator import Operator
from filterlab.interop.importing.patterns import Pattern, find_patterns
from filterlab.interop.importing.readers import reader_for
from filterlab.interop.importing.reading import constant_node
from filterlab.interop.importing.values import Carried, Cut, Known, Value, View, unsettled
from filterlab.text.messages import say


def read_operators(book: Book) -> None:
    """Go through all operators of a model, and write down what becomes of each."""
    patterns = find_patterns(book)
    inner = {index for pattern in patterns.values() for index in pattern.inner}
    for index, node in enumerate(book.source.graph.node):
        if index not in inner:
            _read(node, book, patterns.get(index))


def _read(node: Any, book: Book, pattern: Pattern | None = None) -> None:
    before = len(book.nodes)
    values = _outputs(node, book, pattern)
    new = {made.name for made in book.nodes[before:]}
    for name, value in zip(node.output, values, strict=False):
        if name:
            _record(node, name, value, new, book)


def _outputs(node: Any, book: Book, pattern: Pattern | None) -> Sequence[Value]:
    try:
        if pattern is not None:
            return [_of_pattern(node, book, pattern)]
        branch = _branch(node, book) if node.op_type == "If" else None
        if branch is not None:
            return _inlined(node, branch, book)
        constants = _constants(node, book)
        if constants is not None:
            return constants
        found = reader_for(node.op_type, node.domain)(Operator(node, book))
        return found if isinstance(found, list) else [found]
    except NotCarriedError as error:
        return [Cut(error.reason)] * len(node.output)
    except FileError:
        raise
    except (TypeError, ValueError, IndexError, KeyError, OverflowError, ZeroDivisionError):
        # Attributes of a wrong type, axes that do not exist: the operator itself is malformed.
        return [Cut("its attributes or inputs are not what the operator takes")] * len(node.output)
    except FilterLabError as error:
        # The layer that stands for the operator cannot do what it asks for, and says so itself.
        return [Cut(str(error))] * len(node.output)


def _of_pattern(node: Any, book: Book, pattern: Pattern) -> Value:
    operator = Operator(node, book)
    x = operator.settle(book.value(pattern.given), pattern.given)
    if not pattern.takes(x):
        raise NotCarriedError(say("its input has the axes {}, not {}", x.axes, "NCHW"))
    made = operator.node(pattern.layer, x)
    for name in pattern.tensors:
        book.merged[name] = made.node
    return made


def _branch(node: Any, book: Book) -> Any:
    """The branch that is taken whatever the picture holds: exporters ask for shapes that are not known to them."""
    condition = book.known(node.input[0]) if node.input else None
    if condition is None or condition.size != 1:
        return None
    name = "then_branch" if condition.any() else "else_branch"
    return next((attribute.g for attribute in node.attribute if attribute.name == name), None)


def _inlined(operator: Any, branch: Any, book: Book) -> Sequence[Value]:
    """The outputs of a branch, whose operators read the tensors of the graph around it as well."""
    before = len(book.tensors)
    for node in branch.node:
        _read(node, book)
    found = [book.value(output.name) for output in branch.output]
    # Tensors inside a branch have no names outside of it.
    inside = {name for node in branch.node for name in node.output}
    made = {node for node, tensor in book.tensors[before:]}
    del book.tensors[before:]
    for name in inside:
        book.left_out.pop(name, None)
        book.merged.pop(name, None)
    return [
        _outside(name, value, inside, made, book) for name, value in zip(operator.output, found, strict=False)
    ]


def _outside(name: str, value: Value, inside: Collection[str], made: Collection[str], book: Book) -> Value:
    """An output of a branch under its name in the graph around it."""
    if isinstance(value, View):
        book.left_out[name] = ("If", unsettled(value))
        outer = tuple(tensor for tensor in value.tensors if tensor not in inside)
        return View(value.source, value.cells, (*outer, name))
    if isinstance(value, Carried) and value.listed and value.node in made:
        book.tensors.append((value.node, name))
    return value


def _constants(node: Any, book: Book) -> Sequence[Value] | None:
    """The outputs of an operator on constants alone, and of one that asks for a shape; None for all others."""
    if node.op_type == "Shape" and node.input:
        value = book.value(node.input[0])
        return None if isinstance(value, Cut) else _folded(node, [Known(_shape_of(value, node))], book)
    if node.op_type == "Constant":
        array = constant_node(node, book.source)
        if array is None:
            raise NotCarriedError("it holds no numbers")
        return [book.constant(array)]
    inputs = [book.value(name) if name else None for name in node.input]
    if not foldable(node.op_type) or not all(v is None or isinstance(v, Known) for v in inputs):
        return None
    arrays = [v.array if isinstance(v, Known) else None for v in inputs]
    found = fold(node, arrays, book.source.opset, book.allowance)
    if found is None:
        raise NotCarriedError("its result from constants is too large, or cannot be computed")
    return _folded(node, [Known(array) for array in found], book)


def _folded(node: Any, values: list[Known], book: Book) -> list[Known]:
    for name in node.output:
        book.made_of[name] = tuple(node.input)
    return values


def _shape_of(value: Value, node: Any) -> Array:
    shape = value.onnx_shape if isinstance(value, Carried) else ()
    if isinstance(value, View):
        shape = value.cells.shape
    elif isinstance(value, Known):
        shape = value.array.shape
    ends = {attribute.name: attribute.i for attribute in node.attribute}
    return np.array(shape[ends.get("start", 0) : ends.get("end", len(shape))], np.int64)


def _record(node: Any, name: str, value: Value, new: Collection[str], book: Book) -> None:
    """Write down what became of an output. new: the nodes that the operator has added."""
    book.values[name] = value
    if isinstance(value, Cut):
        book.left_out[name] = (node.op_type, value.reason)
    elif name in book.merged:
        return  # a map that is repeated by the arithmetic behind it
    elif isinstance(value, Carried) and value.listed and value.node not in (*new, book.picture):
        # The map of an earlier node under another name, or with its channels elsewhere.
        book.tensors.append((value.node, name))
