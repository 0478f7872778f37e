"""Vectors: flattened maps, and the fully connected layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import ShapeError
from filterlab.forking import no_fork
from filterlab.functional.arrays import Array, as_float, as_maps, check_gradient, like, own, shape_text
from filterlab.functional.memory import Workspace, empty
from filterlab.functional.prepared import Call, InPlace, Prepared, followed
from filterlab.text.messages import say

# The most weights that our own loop takes. Its order, and so the digits, are the same for one vector and for many, and
# in a small network no call of BLAS stands between two loops. The price is a second copy of the weights, laid out for
# the loop: `linear` makes it in each call, which for one vector takes twenty times as long as the product in BLAS.
MOST_OWN = 1 << 18

__all__ = ["flatten", "flatten_backward", "linear", "linear_backward"]


def flatten(x: Any) -> Array:
    """Return (C, H, W) as (C * H * W,), (N, C, H, W) as (N, C * H * W): channel by channel, row by row, as PyTorch."""
    # Only for its checks: the result keeps the caller's rank, which `as_maps` may change.
    as_maps(x, "flatten")
    values = as_float(x, "flatten")
    return own(values.reshape(*values.shape[:-3], prod(values.shape[-3:])), x)


def flatten_backward(dy: Any, x: Any) -> Array:
    """Return dy in the shape of x."""
    y = flatten(x)
    upstream = check_gradient(dy, y.shape, "flatten_backward", y.dtype)
    return own(upstream.reshape(np.shape(x)), dy)


@np.errstate(all="ignore")  # infinities are numbers here
def linear(x: Any, weight: Any, bias: Any = None) -> Array:
    """Return x @ weight.T + bias: x (..., in), weight (out, in), bias (out,), result (..., out). Raises ShapeError."""
    values, matrix = _prepare(x, weight)
    addition = None if bias is None else like(bias, values, "linear", "bias")
    if addition is not None and addition.shape != matrix.shape[:1]:
        what = say("bias has shape {} for {} output(s)", shape_text(addition.shape), len(matrix))
        raise ShapeError(what, "linear", "give one number for each output", parameter="bias")
    shape = (*values.shape[:-1], len(matrix))
    rows = values.reshape(prod(shape[:-1]), matrix.shape[1])
    return _product(len(rows), matrix, addition)(rows).reshape(shape)


def prepared_linear(
    count: int, dtype: Any, weight: Any, bias: Any = None, then: Sequence[InPlace] = ()
) -> Callable[..., Array]:
    """Return `linear` as a function of vectors (count, in) of this dtype, which checks and works out nothing again.

    then: operations in place on the output, one after the other, called with it and the slice of all its features.
    """
    model = np.empty(0, dtype)
    matrix = like(weight, model, "linear", "weight")
    addition = None if bias is None else like(bias, model, "linear", "bias")
    return followed(_product(count, matrix, addition), then)


def _product(count: int, matrix: Array, addition: Array | None) -> Prepared:
    """x @ matrix.T + addition as a function of x (count, in)."""
    if 0 < matrix.size <= MOST_OWN:
        # Imported when it is needed, as it loads the compiler.
        from filterlab.functional.conv.depth import prepared_vectors

        return prepared_vectors(count, matrix, addition)

    def multiply(x: Array, y: Array) -> Array:
        # A matrix product may wake BLAS threads, whose locks a child forked meanwhile would have for ever.
        with no_fork():
            np.matmul(x, matrix.T, out=y)
        return y if addition is None else np.add(y, addition, out=y)

    def place(space: Workspace, x: Array) -> tuple[Array, list[Call]]:
        y = space.empty((count, len(matrix)), matrix.dtype)
        return y, [lambda: multiply(x, y)]

    return Prepared(lambda x: multiply(x, empty((count, len(matrix)), matrix.dtype)), place)


@np.errstate(all="ignore")
def linear_backward(dy: Any, x: Any, weight: Any, bias: Any = None) -> tuple[Array, Array, Array | None]:
    """Gradients (dx, dweight, dbias) of `linear`; dbias is None without a bias.

    dx = dy @ weight, dweight = dy.T @ x, dbias = the sum of dy, over all but the last axis. Raises ShapeError.
    """
    values, matrix = _prepare(x, weight)
    shape = (*values.shape[:-1], len(matrix))
    upstream = check_gradient(dy, shape, "linear_backward", values.dtype)
    count = prod(values.shape[:-1])  # reshape(-1, ...) cannot infer it where an axis is empty
    rows, inputs = upstream.reshape(count, len(matrix)), values.reshape(count, matrix.shape[1])
    # Without a bias there is nothing to train, and dy may be large.
    dbias = None if bias is None else rows.sum(axis=0)
    with no_fork():
        return upstream @ matrix, rows.T @ inputs, dbias


def _prepare(x: Any, weight: Any) -> tuple[Array, Array]:
    values = as_float(x, "linear")
    matrix = like(weight, values, "linear", "weight")
    if matrix.ndim != 2 or values.ndim < 1 or values.shape[-1] != matrix.shape[1]:
        raise ShapeError(
            say("x has shape {}, weight {}", shape_text(values.shape), shape_text(matrix.shape)),
            "linear",
            "the last axis of x must be the inputs of weight, which is (outputs, inputs)",
            parameter="weight",
        )
    return values, matrix
