"""Stencils side by side: their sum, and their concatenation, as one stencil over a common window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from math import gcd
from typing import Any

import numpy as np

from filterlab.errors import NeedsSizeError, ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, span
from filterlab.merging.stencil import CORRELATION, Stencil, need_room
from filterlab.text.messages import say


def summed(parts: Sequence[Stencil], factors: Sequence[float]) -> Stencil:
    """The stencil of a weighted sum of the maps of several. Raises ParameterError where their maps do not fit."""
    parts = _over_common(parts)
    _need_same([part.outputs for part in parts], say("the branches make different numbers of channels"))
    parts = _laid(parts)
    groups = reduce(gcd, (part.groups for part in parts))
    first = parts[0]
    inputs = first.weight.shape[1] * first.groups // groups
    need_room(len(first.weight), inputs, *first.kernel)
    weight = np.zeros((len(first.weight), inputs, *first.kernel))
    bias = np.zeros(len(first.weight))
    for part, factor in zip(parts, factors, strict=True):
        weight += factor * part.blocks(groups).reshape(weight.shape)
        bias += factor * part.bias
    return replace(first, weight=weight, bias=bias, groups=groups)


def concatenated(parts: Sequence[Stencil], channels: int | None) -> Stencil:
    """The stencil of the maps of several, one after the other. channels: of the map that they read, where known.

    Every output reads every input channel, of which those of other groups have weights of 0. Raises NeedsSizeError
    where the number of channels is not known, and ParameterError as `summed`.
    """
    channels = next((part.inputs for part in parts if part.inputs is not None), channels)
    if channels is None:
        what = say("the number of channels depends on the picture")
        raise NeedsSizeError(what, hint=say("open a picture, or give size=(channels, height, width)"))
    parts = _laid(_over_common([part.over(channels) for part in parts]))
    need_room(sum(len(part.weight) for part in parts), channels, *parts[0].kernel)
    weight = np.concatenate([part.blocks(1)[0] for part in parts])
    return replace(parts[0], weight=weight, bias=np.concatenate([part.bias for part in parts]), groups=1)


def _over_common(parts: Sequence[Stencil]) -> list[Stencil]:
    """The parts with the same number of input channels; those that take any number take that of the others."""
    known = {part.inputs for part in parts if part.inputs is not None}
    if len(known) > 1:
        raise ParameterError(say("the branches read different numbers of channels"))
    return [part.over(channels) for channels in known for part in parts] or list(parts)


def _laid(parts: Sequence[Stencil]) -> list[Stencil]:
    """The kernels of the parts over a common window, whose taps hold those of all of them."""
    strides = {part.stride for part in parts}
    _need_same(list(strides), say("the branches have different strides"))
    _need_same([part.up for part in parts], say("the branches enlarge their maps differently"))
    axes = [_common_taps(parts, axis) for axis in (0, 1)]
    gaps, kernel = (axes[0][0], axes[1][0]), (axes[0][1], axes[1][1])
    befores, afters = zip(*(_common_pads(parts, axis, gaps, kernel) for axis in (0, 1)), strict=True)
    pads = Pads(befores[0], afters[0], befores[1], afters[1])
    operations = {part.operation for part in parts if part.kernel != (1, 1)}
    shared: dict[str, Any] = {
        "vector": any(part.vector for part in parts),
        "sized": any(part.sized for part in parts),
        "pads": pads,
        "dilation": gaps,
        "operation": operations.pop() if len(operations) == 1 else CORRELATION,
    }
    return [replace(part, weight=_spread(part, pads, gaps, kernel), **shared) for part in parts]


def _need_same(values: Sequence[object], what: str) -> None:
    if len(set(values)) > 1:
        raise ParameterError(what)


def _first(part: Stencil, axis: int) -> int:
    """Where the first tap of output 0 lies, in cells of the map."""
    return -part.pads.sides[axis][0]


def _common_taps(parts: Sequence[Stencil], axis: int) -> Pair:
    """The gap between taps and their number along an axis, for a window that has all taps of the parts."""
    begin = min(_first(part, axis) for part in parts)
    end = max(_first(part, axis) + span(part.kernel[axis], part.dilation[axis]) - 1 for part in parts)
    offsets = [_first(part, axis) - begin for part in parts]
    gap = gcd(*offsets, *(part.dilation[axis] for part in parts if part.kernel[axis] > 1)) or 1
    return gap, (end - begin) // gap + 1


def _common_pads(parts: Sequence[Stencil], axis: int, gaps: Pair, kernel: Pair) -> Pair:
    """The padding before and after that gives as many outputs as each part has."""
    # The outputs are (size + slack) // stride + 1, for any size; at those sizes at which the maps of the branches fit
    # each other, slacks of one remainder class give the same number.
    slacks = [sum(part.pads.sides[axis]) - span(part.kernel[axis], part.dilation[axis]) for part in parts]
    if max(slacks) - min(slacks) >= parts[0].stride[axis]:
        raise ParameterError(say("the branches make maps of different sizes"))
    before = -min(_first(part, axis) for part in parts)
    return before, max(slacks) + span(kernel[axis], gaps[axis]) - before


def _spread(part: Stencil, pads: Pads, gaps: Pair, kernel: Pair) -> Array:
    """The weight of a part over the common window, 0 at the taps of others."""
    made = np.zeros((*part.weight.shape[:2], *kernel))
    places = []
    for axis in (0, 1):
        begin = (_first(part, axis) + pads.sides[axis][0]) // gaps[axis]
        step = max(part.dilation[axis] // gaps[axis], 1)
        places.append(slice(begin, begin + span(part.kernel[axis], step), step))
    made[:, :, places[0], places[1]] = part.weight
    return made
