"""Constants that follow from constants: the arithmetic of shapes, and weights that the model computes.

The operators are those of onnx's own reference implementation. Their results are bounded before they are made, as a
few letters of a file may ask for any number of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.interop.importing.reading import load_onnx

# A file of a few letters may hold ResNet-50 with weights that are made by ConstantOfShape, which has 98 MiB of them.
MOST_KEPT = 112 << 20  # bytes of all results of a model that is small itself
MOST_AT_ONCE = 64 << 20  # bytes of one result, of which the operator may hold copies while it works
MOST_WORK = 1 << 30  # numbers read, made and multiplied for all results of a model: some seconds
_CALL = 1 << 15  # the work of any call, however small its arrays
_GROWTH = 4  # weights of one byte become float32

# Everything that arithmetic of shapes and weights is made of; what is not here is not folded.
_NAMES = """
    Abs Add And Cast Ceil Clip Concat ConstantOfShape CumSum DequantizeLinear Div Equal Erf Exp Expand Flatten Floor
    Gather GatherElements GatherND Greater GreaterOrEqual Identity Less LessOrEqual Log MatMul Max Mean Min Mod Mul Neg
    Not Or Pad Pow QuantizeLinear Range Reciprocal ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum Reshape Round
    ScatterElements ScatterND Shape Sigmoid Sign Size Slice Softmax Split Sqrt Squeeze Sub Sum Tanh Tile Transpose
    Unsqueeze Where Xor
"""
_FOLDABLE = frozenset(_NAMES.split())


def foldable(kind: str) -> bool:
    """Whether constants are taken through an operator."""
    return kind in _FOLDABLE


@dataclass
class Allowance:
    """The memory, in bytes, and the work that the constants of one model may still take."""

    kept: int = MOST_KEPT
    at_once: int = MOST_AT_ONCE
    work: int = MOST_WORK

    def grow(self, stored: Array) -> None:
        """Allow for more where the model itself holds more."""
        self.kept += _GROWTH * stored.nbytes
        self.at_once += _GROWTH * stored.nbytes
        self.work += 4 * _GROWTH * stored.size

    def covers(self, node: Any, inputs: Sequence[Array | None]) -> bool:
        """Whether an operator may be computed; its work is counted."""
        given = [array for array in inputs if array is not None]
        expected = _expected(node, given)
        self.work -= _CALL + sum(array.size for array in given) + expected * _steps(node, given)
        widest = max((array.itemsize for array in given), default=8)
        size = max(widest, _OBJECT if node.op_type in _LOOPS else 4) * expected
        return size <= min(self.kept, self.at_once) and self.work >= 0

    def keep(self, results: Sequence[Array], inputs: Sequence[Array | None]) -> None:
        """Count results that are no views of what they were made of."""
        given = [array for array in inputs if array is not None]
        for result in results:
            if not any(np.may_share_memory(result, array) for array in given):
                self.kept -= result.nbytes
                result.setflags(write=False)  # see Book.constant


def fold(node: Any, inputs: Sequence[Array | None], opset: int, allowance: Allowance) -> list[Array] | None:
    """The outputs of an operator whose inputs are constants; None where it fails or would give too much."""
    if not allowance.covers(node, inputs):
        return None
    found = (
        _dequantized(node, inputs) if node.op_type == "DequantizeLinear" else _computed(node, inputs, opset)
    )
    if found is not None:
        allowance.keep(found, inputs)
    return found


def _computed(node: Any, inputs: Sequence[Array | None], opset: int) -> list[Array] | None:
    """The outputs as onnx's reference implementation gives them; None where it fails, or gives no numbers."""
    onnx = load_onnx()
    from onnx.reference import ReferenceEvaluator

    if any(a.name == "to" and a.i == onnx.TensorProto.STRING for a in node.attribute):
        return None  # texts take a hundred times the memory of the numbers
    given = {name: a for name, a in zip(node.input, inputs, strict=True) if name and a is not None}
    typed = [
        onnx.helper.make_tensor_value_info(
            name, onnx.helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
        )
        for name, array in given.items()
    ]
    outputs = [onnx.helper.make_empty_tensor_value_info(name) for name in node.output if name]
    graph = onnx.helper.make_graph([node], "constant", typed, outputs)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)])
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = ReferenceEvaluator(model).run(None, given)
    except Exception:  # whatever numpy says to impossible shapes; the operator is then not carried
        return None
    arrays = [np.asarray(array) for array in found]
    if any(array.dtype.kind not in "fiub" for array in arrays):
        return None
    return arrays


def _dequantized(node: Any, inputs: Sequence[Array | None]) -> list[Array] | None:
    """(q - zero point) * scale, with one of both for all numbers or for each slice along an axis.

    The reference implementation knows the operator from version 19 on alone.
    """
    q, scale, zero = (*inputs, None)[:3]
    axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 1)
    if q is None or scale is None or (scale.ndim == 1 and scale.size > 1 and scale.size != q.shape[axis]):
        return None
    shape = [1] * q.ndim
    if scale.size > 1:
        shape[axis] = -1
    made = q.astype(np.float32)
    # In place: with a copy for each step, large weights would be held three times.
    with np.errstate(all="ignore"):
        if zero is not None:
            made -= zero.reshape(shape)
        made *= scale.reshape(shape)
    return [made]


# Operators that the reference implementation goes through number by number, in Python, and the bytes that each takes.
_LOOPS = ("Erf", "GatherElements", "GatherND", "ScatterElements", "ScatterND")
_OBJECT = 96


def _steps(node: Any, given: Sequence[Array]) -> int:
    """The work of one number of the result, in the time that arithmetic of two numbers takes."""
    if node.op_type == "MatMul" and given and given[0].ndim:
        # BLAS knows products of floating point alone.
        return given[0].shape[-1] // (8 if given[0].dtype.kind == "f" else 1) + 1
    return 1 << 9 if node.op_type in _LOOPS else 1


def _expected(node: Any, given: Sequence[Array]) -> int:
    """How many numbers the result may have at most; those operators that can give more than they take are known."""
    given = list(given)
    # Before version 11 the pads were an attribute.
    given += [np.array(a.ints) for a in node.attribute if node.op_type == "Pad" and a.name == "pads"]
    if node.op_type in _GROWING and len(given) >= _GROWING[node.op_type][0]:
        return _GROWING[node.op_type][1](given)
    # Whatever works number by number may stretch one input along the axes of another.
    return (
        max(sum(a.size for a in given), prod(max(ns) for ns in zip(*_aligned(given), strict=True)))
        if given
        else 0
    )


def _ranged(given: Sequence[Array]) -> int:
    start, stop, step = (float(array.reshape(-1)[0]) if array.size else 0.0 for array in given[:3])
    return int(min(abs(stop - start) / abs(step), 1e18)) + 1 if step else 0


def _padded(given: Sequence[Array]) -> int:
    # The pads are at most those of all axes, before and after, on every axis.
    most = int(np.abs(given[1]).max()) if given[1].size else 0
    return prod(n + 2 * most for n in given[0].shape)


# The number of inputs that decide the size of the result, and the size.
_GROWING: dict[str, tuple[int, Callable[[Sequence[Array]], int]]] = {
    "ConstantOfShape": (1, lambda given: _product(given[0])),
    "Expand": (2, lambda given: given[0].size * _product(np.maximum(given[1], 1))),
    "Tile": (2, lambda given: given[0].size * _product(given[1])),
    "Pad": (2, _padded),
    "Range": (3, _ranged),
    "Gather": (2, lambda given: given[0].size * max(given[1].size, 1)),
    "GatherND": (2, lambda given: given[0].size * max(given[1].size, 1)),
    "MatMul": (2, lambda given: given[0].size * (given[1].shape[-1] if given[1].ndim > 1 else 1)),
}


def _aligned(arrays: Sequence[Array]) -> list[tuple[int, ...]]:
    rank = max(array.ndim for array in arrays)
    return [(1,) * (rank - array.ndim) + array.shape for array in arrays]


def _product(sizes: Array) -> int:
    return prod(max(int(n), 0) for n in np.asarray(sizes).ravel()[:64])
