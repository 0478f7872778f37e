"""Parts of array parameters, for editing one by one: the (height, width) planes of a weight, single numbers.

Recipes are kept where they are not touched: a preset put into one plane stays a preset in the file, and so do
those of the other planes.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from filterlab import kernels
from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.kernels.editing import resized
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.weights import Weights
from filterlab.parameters import Parameter
from filterlab.text.messages import say

Index = tuple[int, ...]  # place of a plane: () for a 2-D kernel, (output, input) for a 4-D weight

# The most numbers of a weight that is kept as nested lists with recipes; longer lists are slow.
MOST_SYMBOLIC = 200_000


def plane(weights: Weights, index: Index) -> Array:
    """The (height, width) numbers of one plane, read-only."""
    return weights.array[index]


def plane_recipe(weights: Weights, index: Index) -> Mapping[str, Any] | None:
    """The kernel recipe that made a plane; None for plain numbers."""
    found = weights.recipe
    for i in index:
        if not isinstance(found, (list, tuple)):
            return None
        found = found[i]
    return found if isinstance(found, Mapping) and "preset" in found else None


def with_plane(weights: Weights, index: Index, value: Any) -> Any:
    """A value for the parameter in which one plane is `value`: numbers (height, width) or a kernel recipe.

    Other planes, and their recipes, stay as they are. Only a single plane may change its size.
    """
    if prod(weights.shape[: len(index)]) == 1:
        return _wrapped(value, len(index), weights)
    # Nested lists are read as float32, so that float64 weights stay an array: a recipe in a list would cost them half
    # their digits.
    symbolic = isinstance(value, Mapping) or isinstance(weights.recipe, (list, tuple))
    if symbolic and weights.array.dtype == np.float32 and prod(weights.shape) <= MOST_SYMBOLIC:
        return _nested(weights, index, value)
    array = weights.array.copy()
    array[index] = _made(value) if isinstance(value, Mapping) else value
    return array


def _made(recipe: Mapping[str, Any]) -> Array:
    return kernels.make(recipe["preset"], **{k: v for k, v in recipe.items() if k != "preset"})


def _wrapped(value: Any, depth: int, weights: Weights) -> Any:
    if isinstance(value, Mapping):
        for _ in range(depth):
            value = [value]
        return value
    array = np.asarray(value, weights.array.dtype)
    return array.reshape((1,) * depth + array.shape)


def _nested(weights: Weights, index: Index, value: Any) -> Any:
    """Nested lists of planes, each a recipe or lists of numbers."""

    def item(at: Index) -> Any:
        if len(at) < len(index):
            return [item((*at, i)) for i in range(weights.shape[len(at)])]
        if at == index:
            return value if isinstance(value, Mapping) else _listed(np.asarray(value, np.float32))
        return plane_recipe(weights, at) or _listed(weights.array[at])

    return item(())


def _listed(array: Array) -> list[Any]:
    found: list[Any] = array.tolist()
    return found


def with_size(weights: Weights, height: int, width: int) -> Any:
    """A value for the parameter with planes of another size, cut or padded around their centres.

    Presets that have a parameter for the size are made anew in that size.
    """
    depth = len(weights.shape) - 2
    if isinstance(weights.recipe, Mapping) and "init" in weights.recipe:
        # Drawn anew in the new shape, instead of cut: so it stays a recipe of one line in the file.
        return {**weights.recipe, "shape": [*weights.shape[:depth], height, width]}
    if isinstance(weights.recipe, Mapping) and "wiener" in weights.recipe:
        # The best inverse of another size is no part of this one.
        return {**weights.recipe, "size": [height, width]}

    def item(at: Index) -> Any:
        if len(at) < depth:
            return [item((*at, i)) for i in range(weights.shape[len(at)])]
        recipe = plane_recipe(weights, at)
        fitted = None if recipe is None else fitted_recipe(recipe, height, width)
        return fitted or resized(weights.array[at], height, width)

    if weights.recipe is None:
        planes = weights.array.reshape(-1, *weights.shape[depth:])
        return np.stack([resized(p, height, width) for p in planes]).reshape(
            *weights.shape[:depth], height, width
        )
    return _as_lists(item(()))


def _as_lists(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_lists(item) for item in value]
    return value if isinstance(value, Mapping) else value.tolist()


def fitted_recipe(recipe: Mapping[str, Any], height: int, width: int) -> dict[str, Any] | None:
    """The recipe with its size set to height x width; None where the preset cannot have that size."""
    size: Any = height if height == width else [height, width]
    # A preset of a fixed size refuses the option, but fits where its own size is the one that is wanted.
    for candidate in ({**recipe, "size": size}, dict(recipe)):
        try:
            made = _made(candidate)
        except ParameterError:
            continue
        if made.shape == (height, width):
            return candidate
    return None


def axis_length(layer: Layer, axis: str, channels: int | None = None) -> int | None:
    """The length of the axis of this name, taken from the other arrays of the layer; `channels` if none has it.

    An axis "output channels / groups" of one array determines "output channels" of another.
    """
    for parameter in layer.declarations():
        shape = layer.shape_of(parameter.name)
        names = _axes(parameter)
        if shape and axis in names:
            return shape[names.index(axis)]
        if shape and f"{axis} / groups" in names:
            return shape[names.index(f"{axis} / groups")] * int(getattr(layer, "groups", 1))
    return channels


def channels_of(layer: Layer, axes: tuple[str, ...], index: Index) -> tuple[int, int] | None:
    """(output, input) channel that plane `index` of a weight with these axes connects; None for a 2-D kernel."""
    if len(index) != 2:
        return None
    groups, shape = int(getattr(layer, "groups", 1)), layer.shape_of("weight")
    # The first axis of a weight counts through all groups, the second only within one.
    group = index[0] * groups // shape[0]
    pair = index[0], group * shape[1] + index[1]
    # ConvTranspose2d has (input, output / groups), as in PyTorch, where Conv2d has (output, input / groups).
    return pair if axes[0].startswith("output") else (pair[1], pair[0])


def _axes(parameter: Parameter) -> tuple[str, ...]:
    return parameter.kind.axes if isinstance(parameter.kind, Tensor) else ()


def with_number(array: Array, index: Index, value: float) -> Array:
    """A copy with one number changed. Raises ParameterError for a number that the dtype cannot hold."""
    with np.errstate(over="ignore"):
        number = array.dtype.type(value)
    if not np.isfinite(number):
        raise ParameterError(say("{:g} is too large", value), hint="give a finite number", parameter="")
    result = array.copy()
    result[index] = number
    return result


def constant(length: int, value: float) -> Array:
    """A float32 list that repeats one number."""
    return np.full(length, value, np.float32)


def with_length(array: Array, length: int) -> Array:
    """A list cut to a length, or extended to it by repeating its last number."""
    return np.concatenate([array[:length], np.full(max(length - len(array), 0), array[-1], array.dtype)])
