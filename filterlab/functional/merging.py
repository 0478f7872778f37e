"""Merging several maps into one, cell by cell or channel after channel.

The maps have one shape, except that one channel may stand for all channels, and a 1x1 map for all rows and columns.
`<name>_backward(dy, xs)` returns a tuple: the gradient of each map, in its own shape. Raises ShapeError, and
ChannelError where only the numbers of channels disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from filterlab.errors import ChannelError, ShapeError
from filterlab.functional.arrays import Array, as_float, check_gradient, shape_text
from filterlab.functional.memory import Workspace, empty
from filterlab.functional.prepared import Call, InPlace, Prepared
from filterlab.functional.threads import run_bands
from filterlab.text.messages import say

__all__ = [
    "add",
    "add_backward",
    "concat",
    "concat_backward",
    "concatenated_shape",
    "divide",
    "divide_backward",
    "magnitude",
    "magnitude_backward",
    "maximum",
    "maximum_backward",
    "mean",
    "mean_backward",
    "merged_shape",
    "minimum",
    "minimum_backward",
    "multiply",
    "multiply_backward",
    "subtract",
    "subtract_backward",
]

PIECE = 1 << 15  # values that are added up, and changed, while the cache has them

Maps = Sequence[Any]
Gradients = tuple[Array, ...]


def merged_shape(shapes: Sequence[tuple[int, ...]], operation: str) -> tuple[int, ...]:
    """Return the common shape. Raises ShapeError, or ChannelError where only the channels disagree."""
    ranks = {len(shape) for shape in shapes}
    listed = " and ".join(shape_text(shape) for shape in shapes)
    if len(ranks) > 1:
        raise ShapeError(
            say("{} cannot be merged", listed), operation, "merge maps with maps, and vectors with vectors"
        )
    common = tuple(max(sizes) for sizes in zip(*shapes, strict=True))
    rank = len(common)
    for shape in shapes:
        # Stricter than NumPy, which would also stretch 1xW and Hx1: such maps are most likely cropped or pooled by
        # mistake.
        if shape[-2:] not in (common[-2:], (1, 1)) and rank >= 3:
            hint = say("rows and columns must agree (or be 1x1): pad, crop, pool or resize one of them")
            raise ShapeError(say("{} cannot be merged", listed), operation, hint)
        wrong = [i for i, (n, want) in enumerate(zip(shape, common, strict=True)) if n not in (want, 1)]
        if wrong or (rank < 3 and shape != common):
            kind = ChannelError if rank >= 3 else ShapeError
            raise kind(
                say("{} cannot be merged", listed), operation, "give them the same number of channels, or one"
            )
    return common


def _floats(xs: Maps, operation: str) -> list[Array]:
    if len(xs) == 0:
        raise ShapeError("there is nothing to merge", operation, "give one map or more")
    first = as_float(xs[0], operation)
    # The first map decides the dtype, as in every layer; NumPy would take the widest.
    arrays = [as_float(x, operation).astype(first.dtype, copy=False) for x in xs]
    merged_shape([a.shape for a in arrays], operation)
    return arrays


def _prepared(dy: Any, xs: Maps, operation: str) -> tuple[list[Array], Array]:
    """The maps in one dtype, and in it the gradient of their result."""
    arrays = _floats(xs, operation)
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    return arrays, check_gradient(dy, shape, f"{operation}_backward", arrays[0].dtype)


def _narrowed(gradient: Array, shape: tuple[int, ...]) -> Array:
    """The gradient of a map of this shape: summed over the axes along which it stood for several cells.

    Always a new array, because several gradients are made from one.
    """
    axes = tuple(i for i, (n, want) in enumerate(zip(gradient.shape, shape, strict=True)) if n != want)
    return gradient.sum(axis=axes, keepdims=True) if axes else gradient.copy()


def concat(xs: Maps) -> Array:
    """The channels one after the other: (C1 + C2 + ..., H, W). Raises ShapeError unless H and W agree."""
    arrays = [as_float(x, "concat") for x in xs]
    concatenated_shape([a.shape for a in arrays])
    return np.concatenate(arrays, axis=_channel_axis(arrays[0].ndim))


def concatenated_shape(shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the shape of maps (or vectors) one after the other. Raises ShapeError unless rows and columns agree."""
    listed = " and ".join(shape_text(shape) for shape in shapes)
    if not shapes or len({len(shape) for shape in shapes}) > 1:
        raise ShapeError(say("{} cannot be merged", listed or "nothing"), "concat", "merge maps with maps")
    axis = _channel_axis(len(shapes[0]))
    # Not shape[axis + 1:]: the axis is negative, and for a vector axis + 1 is 0, which takes everything.
    if len({shape[:axis] + shape[axis:][1:] for shape in shapes}) > 1:
        hint = say("rows and columns must agree: pad, crop, pool or resize one of them")
        raise ShapeError(say("{} cannot be merged", listed), "concat", hint)
    total = sum(shape[axis] for shape in shapes)
    return (*shapes[0][:axis], total, *shapes[0][axis:][1:])


def _channel_axis(rank: int) -> int:
    return -3 if rank >= 3 else -1


def concat_backward(dy: Any, xs: Maps) -> Gradients:
    """The channels of dy that belong to each map."""
    y = concat(xs)
    upstream = check_gradient(dy, y.shape, "concat_backward", y.dtype)
    axis = _channel_axis(y.ndim)
    ends = np.cumsum([np.shape(x)[axis] for x in xs])[:-1]
    return tuple(part.copy() for part in np.split(upstream, ends, axis=axis))


def add(xs: Maps) -> Array:
    """x1 + x2 + ..."""
    return _reduced(np.add, _floats(xs, "add"))


def _reduced(operation: np.ufunc, arrays: list[Array]) -> Array:
    # A single map would come back as the caller's own array.
    y = arrays[0] if len(arrays) > 1 else arrays[0].copy()
    with np.errstate(all="ignore"):  # infinities follow IEEE 754
        for x in arrays[1:]:
            y = operation(y, x)
    return y


def prepared_add(then: Sequence[InPlace] = ()) -> Prepared:
    """Return `add` as a function of maps or vectors that fit, which checks nothing.

    then: operations in place on the sum, one after the other, see `Layer.pointwise`; not where it is placed.
    """

    def call(*xs: Array) -> Array:
        y = empty(np.broadcast_shapes(*(x.shape for x in xs)), xs[0].dtype)
        whole = [np.broadcast_to(x, y.shape) for x in xs]
        # So many channels that the changes find the sums in the cache.
        step = max(PIECE * y.shape[1] // max(y.size, 1), 1)

        def band(start: int, stop: int) -> None:
            for low in range(start, stop, step):
                channels = slice(low, min(low + step, stop))
                total = y[:, channels]
                np.add(whole[0][:, channels], whole[1][:, channels], out=total)
                for x in whole[2:]:
                    np.add(total, x[:, channels], out=total)
                for change in then:
                    change(total, channels)

        run_bands(band, y.shape[1], smallest=step)
        return y

    return Prepared(call, place_add)


def place_add(space: Workspace, *xs: Array) -> tuple[Array, list[Call]]:
    """How `add` is placed."""
    y = space.empty(np.broadcast_shapes(*(x.shape for x in xs)), xs[0].dtype)
    if len(xs) < 2 or any(x.shape != y.shape for x in xs):
        return y, [lambda: np.copyto(y, add(xs))]
    return y, [
        partial(np.add, a, b, out=y) for a, b in zip((xs[0], *[y] * (len(xs) - 2)), xs[1:], strict=True)
    ]


def place_concat(space: Workspace, *xs: Array) -> tuple[Array, list[Call]]:
    """How `concat` is placed."""
    y = space.empty(concatenated_shape([x.shape for x in xs]), xs[0].dtype)
    return y, [partial(np.concatenate, xs, axis=_channel_axis(xs[0].ndim), out=y)]


def add_backward(dy: Any, xs: Maps) -> Gradients:
    """dy for each."""
    arrays, upstream = _prepared(dy, xs, "add")
    return tuple(_narrowed(upstream, x.shape) for x in arrays)


def subtract(xs: Maps) -> Array:
    """x1 - x2 - ..."""
    return _reduced(np.subtract, _floats(xs, "subtract"))


def subtract_backward(dy: Any, xs: Maps) -> Gradients:
    """dy for the first, -dy for the others."""
    arrays, upstream = _prepared(dy, xs, "subtract")
    return tuple(_narrowed(-upstream if i else upstream, x.shape) for i, x in enumerate(arrays))


def multiply(xs: Maps) -> Array:
    """x1 * x2 * ..."""
    return _reduced(np.multiply, _floats(xs, "multiply"))


def multiply_backward(dy: Any, xs: Maps) -> Gradients:
    """dy times the product of the others."""
    arrays, upstream = _prepared(dy, xs, "multiply")
    return tuple(
        # The product of the others, not y / x, which is 0 / 0 where x is 0.
        _narrowed(_reduced(np.multiply, [upstream, *arrays[:i], *arrays[i + 1 :]]), x.shape)
        for i, x in enumerate(arrays)
    )


def divide(xs: Maps) -> Array:
    """x1 / x2 / ...; division by zero gives infinity or NaN (IEEE 754)."""
    return _reduced(np.divide, _floats(xs, "divide"))


def divide_backward(dy: Any, xs: Maps) -> Gradients:
    """dy divided by all divisors for the first, -dy * y / x for each divisor x, with y = divide(xs)."""
    arrays, upstream = _prepared(dy, xs, "divide")
    y = _reduced(np.divide, arrays)
    with np.errstate(all="ignore"):
        gradients = [_reduced(np.divide, [upstream, *arrays[1:]])]
        # By y, which is known: the derivative -x1 / x^2 would square x, and overflow or underflow first.
        gradients += [-upstream * y / x for x in arrays[1:]]
    return tuple(_narrowed(gradient, x.shape) for gradient, x in zip(gradients, arrays, strict=True))


def maximum(xs: Maps) -> Array:
    """The greatest value at each cell; NaN wins."""
    return _reduced(np.maximum, _floats(xs, "maximum"))


def maximum_backward(dy: Any, xs: Maps) -> Gradients:
    """At each cell, dy for the first map that has the greatest value, 0 for the others."""
    return _winner_gradients(dy, xs, np.maximum)


def minimum(xs: Maps) -> Array:
    """The least value at each cell; NaN wins."""
    return _reduced(np.minimum, _floats(xs, "minimum"))


def minimum_backward(dy: Any, xs: Maps) -> Gradients:
    """At each cell, dy for the first map that has the least value, 0 for the others."""
    return _winner_gradients(dy, xs, np.minimum)


def _winner_gradients(dy: Any, xs: Maps, operation: np.ufunc) -> Gradients:
    arrays, upstream = _prepared(dy, xs, operation.__name__)
    best = _reduced(operation, arrays)
    open_cells = np.ones(best.shape, bool)  # where no map has won yet: ties go to the first
    gradients = []
    for x in arrays:
        # NaN wins but equals nothing, not even itself, so that it is asked for by name.
        wins = open_cells & ((x == best) | (np.isnan(x) & np.isnan(best)))
        gradients.append(_narrowed(np.where(wins, upstream, 0), x.shape))
        open_cells &= ~wins
    return tuple(gradients)


def mean(xs: Maps) -> Array:
    """(x1 + x2 + ...) / the number of maps."""
    return add(xs) / len(xs)


def mean_backward(dy: Any, xs: Maps) -> Gradients:
    """dy / the number of maps, for each."""
    return tuple(gradient / len(xs) for gradient in add_backward(dy, xs))


def magnitude(xs: Maps) -> Array:
    """sqrt(x1^2 + x2^2 + ...); of a picture's two derivatives, this is the length of its gradient."""
    arrays = _floats(xs, "magnitude")
    # hypot does not overflow where the squares would.
    return np.abs(arrays[0]) if len(arrays) == 1 else _reduced(np.hypot, arrays)


def magnitude_backward(dy: Any, xs: Maps) -> Gradients:
    """dy * x / y for each, with y = magnitude(xs); 0 where y is 0."""
    arrays, upstream = _prepared(dy, xs, "magnitude")
    y = magnitude(arrays)
    with np.errstate(all="ignore"):
        # x / y first: it is at most 1, where 1 / y may be infinite.
        return tuple(_narrowed(np.where(y == 0, 0, upstream * (x / y)), x.shape) for x in arrays)
