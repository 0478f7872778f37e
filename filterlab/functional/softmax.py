"""Softmax and its logarithm along one axis. The largest value is taken off first, so that nothing overflows."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, as_float, check_gradient, read_only, shape_text
from filterlab.functional.memory import Workspace, empty
from filterlab.functional.prepared import Call, Loop, Place, Prepared
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = ["log_softmax", "log_softmax_backward", "softmax", "softmax_backward"]


BLOCK = 1 << 15  # values worked on at a time, so that four passes over them find them in the cache


def softmax(x: Any, axis: int) -> Array:
    """exp(x) divided by its sum along `axis`; x has any shape. Raises ParameterError for an axis out of range."""
    values = _checked(x, axis, "softmax")
    shape, single = _around(values.shape, axis), values.dtype == np.float32
    if values.size and single and shape[2] == 1:
        return _rows(values.shape, axis)(values)
    y = empty(values.shape, values.dtype)
    if not y.size:
        return y
    source, target = np.ascontiguousarray(values).reshape(shape), y.reshape(shape)
    if single:
        _columns(source, target)
    elif shape[2] == 1:
        # Sums of numbers side by side: along the rows of one matrix.
        _each_block(source[:, :, 0], target[:, :, 0], 1)
    else:
        for part, place in zip(source, target, strict=True):
            _each_block(part, place, 0)
    return y


def place_softmax(axis: int) -> Place:
    """How `softmax` along an axis is placed, which is not 0."""

    def place(space: Workspace, x: Array) -> tuple[Array, Sequence[Call]]:
        if x.dtype == np.float32 and _around(x.shape, axis)[2] == 1:
            return _rows(x.shape, axis).place(space, x)
        y = space.empty(x.shape, x.dtype)
        return y, [lambda: np.copyto(y, softmax(x, axis))]

    return place


def _around(shape: tuple[int, ...], axis: int) -> tuple[int, int, int]:
    """How many numbers lie along the axes before this one, along it and behind it."""
    axis %= len(shape)
    return prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])


def _rows(shape: tuple[int, ...], axis: int) -> Prepared:
    """Softmax along an axis behind which there are no others longer than 1, in single precision."""
    # Imported when it is needed, as it loads the compiler.
    from filterlab.functional.exponential import softmax_rows

    count, length, _ = _around(shape, axis)
    smallest = max(BLOCK // length, 1)
    return Loop(softmax_rows, lambda room: (length,), shape, np.float32, count, smallest).prepared()


def _columns(x: Array, y: Array) -> None:
    """Softmax along the middle axis of three, in single precision."""
    from filterlab.functional.exponential import softmax_columns

    width = min(max(BLOCK // x.shape[1], 64), x.shape[2])
    flat, out = read_only(x).reshape(-1), y.reshape(-1)
    run_bands(
        lambda start, end: softmax_columns(flat, x.shape, width, start, end, out),
        x.shape[0] * -(-x.shape[2] // width),
    )


def _blocks(count: int, length: int) -> tuple[int, int]:
    """Lines of a block, of `count` lines of a length, and blocks."""
    # No block of one line: NumPy would add it up in another order than lines side by side.
    lines = max(BLOCK // length, 2)
    return lines, max(count // lines, 1)


def _each_block(x: Array, y: Array, axis: int) -> None:
    """Softmax of a matrix along `axis`, on blocks of the other one."""
    other = 1 - axis
    lines, blocks = _blocks(x.shape[other], x.shape[axis])

    def band(start: int, stop: int) -> None:
        for block in range(start, stop):
            ends = slice(block * lines, None if block == blocks - 1 else (block + 1) * lines)
            part, out = (a[:, ends] if other else a[ends] for a in (x, y))
            np.subtract(part, part.max(axis=axis, keepdims=True), out=out)
            np.exp(out, out=out)
            out /= out.sum(axis=axis, keepdims=True)

    # Infinity minus infinity is NaN here, as PyTorch has it.
    with np.errstate(all="ignore"):
        run_bands(band, blocks)


@np.errstate(all="ignore")
def softmax_backward(dy: Any, x: Any, axis: int) -> Array:
    """y * (dy - sum of dy * y), with y = softmax(x)."""
    y = softmax(x, axis)
    upstream = check_gradient(dy, y.shape, "softmax_backward", y.dtype)
    return y * (upstream - (upstream * y).sum(axis=axis, keepdims=True))


@np.errstate(all="ignore")
def log_softmax(x: Any, axis: int) -> Array:
    """x minus the logarithm of the sum of exp(x) along `axis`."""
    shifted = _shifted(_checked(x, axis, "log_softmax"), axis)
    # Not the logarithm of `softmax`, which underflows to 0, and its logarithm to minus infinity, for unlikely classes.
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@np.errstate(all="ignore")
def log_softmax_backward(dy: Any, x: Any, axis: int) -> Array:
    """dy - softmax(x) * sum of dy."""
    y = softmax(x, axis)
    upstream = check_gradient(dy, y.shape, "log_softmax_backward", y.dtype)
    return upstream - y * upstream.sum(axis=axis, keepdims=True)


def _checked(x: Any, axis: int, operation: str) -> Array:
    values = as_float(x, operation)
    if not -values.ndim <= axis < values.ndim:
        what = say("there is no axis {} in {}", axis, shape_text(values.shape))
        hint = say("allowed: {} to {}", -values.ndim, values.ndim - 1)
        raise ParameterError(what, operation, hint, parameter="axis")
    return values


def _shifted(values: Array, axis: int) -> Array:
    # NumPy adds in the order of memory: in one order, the digits are the same however a map lies there.
    values = np.ascontiguousarray(values)
    # `initial` is for axes of length 0, which have no largest value; the result is empty as well.
    return values - values.max(axis=axis, keepdims=True, initial=-np.inf)
