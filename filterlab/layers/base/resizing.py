"""Other numbers of channels, groups and cells for layers with kernels; weights of connections that stay are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.kernels.design import MOST_CELLS
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.slices import MOST_SYMBOLIC, plane_recipe, with_size
from filterlab.layers.base.weights import Weights, parse_weights
from filterlab.parameters import Integer, Pairs, Parameter
from filterlab.text.messages import say

INITIALIZER = "kaiming_normal"  # of weights that are new, with the seed 0

_CHANNELS = Integer(minimum=1, maximum=1 << 14, slider=(1, 64), unit="channels")

KERNEL_SIZE = Parameter(
    "kernel_size",
    Pairs(minimum=1, maximum=MOST_CELLS, slider=(1, 31), unit="cells"),
    "Height and width of each kernel. Numbers are kept around the centre; presets are made anew.",
    None,
    required=True,
)
CHANNEL_SIZES = (
    Parameter(
        "out_channels",
        _CHANNELS,
        "Number of output channels. Weights that stay are kept; new ones are drawn by kaiming_normal with seed 0.",
        None,
        required=True,
        title="Output channels",
    ),
    Parameter(
        "in_channels",
        _CHANNELS,
        "Number of input channels. Weights that stay are kept; new ones are drawn by kaiming_normal with seed 0.",
        None,
        required=True,
        title="Input channels",
    ),
    KERNEL_SIZE,
)


@dataclass(frozen=True)
class Channels:
    """How the planes of a weight (first, second / groups, height, width) connect channels.

    first, second: channels along the first two axes, those of all groups together.
    """

    first: int
    second: int
    groups: int

    def check(self) -> None:
        """Raise ParameterError where the groups do not divide the channels."""
        for channels in (self.first, self.second):
            if channels % self.groups:
                what = say("groups is {}, which does not divide {} channel(s)", self.groups, channels)
                raise ParameterError(what, hint="choose a divisor", parameter="groups")

    @property
    def each(self) -> int:
        """Channels along the second axis in each group."""
        return self.second // self.groups

    def starts(self, count: int) -> NDArray[np.int64]:
        """The first channel of the second axis that each of `count` channels of the first meets, as a column."""
        return (np.arange(count) * self.groups // self.first * self.each)[:, None]


def with_channels(weights: Weights, old: Channels, new: Channels) -> Any:
    """A value for a weight with other channels or groups.

    A plane that connects two channels which were connected before keeps its numbers and its recipe. A weight drawn by
    an initializer stays a recipe where drawing in the new shape gives the same numbers. Raises ParameterError.
    """
    new.check()
    shape = [new.first, new.each, *weights.shape[2:]]
    drawn = isinstance(weights.recipe, dict) and "init" in weights.recipe
    recipe = {**(weights.recipe if drawn else {"init": INITIALIZER, "seed": 0}), "shape": shape}
    values = parse_weights(recipe, "weight").array.astype(weights.array.dtype)
    rows = np.arange(new.first)[:, None]
    columns = new.starts(new.first) + np.arange(new.each) - old.starts(new.first)
    stays = (rows < old.first) & (columns >= 0) & (columns < old.each)
    kept = weights.array[np.broadcast_to(rows, stays.shape)[stays], columns[stays]]
    if drawn and np.array_equal(values[stays], kept):
        return recipe
    values[stays] = kept
    if isinstance(weights.recipe, list) and values.size <= MOST_SYMBOLIC:
        return _symbolic(weights, values, np.where(stays, columns, -1))
    return values


def _symbolic(weights: Weights, values: Array, columns: NDArray[np.int64]) -> list[Any]:
    """Nested lists in which planes that stay keep their recipes. columns: where each stood before, -1 for new ones."""
    return [
        [
            (plane_recipe(weights, (row, column)) if column >= 0 else None) or values[row, place].tolist()
            for place, column in enumerate(line)
        ]
        for row, line in enumerate(columns.tolist())
    ]


def with_outputs(bias: Array | None, count: int) -> Array | None:
    """A bias of another length: cut, or with zeros for new output channels."""
    if bias is None:
        return None
    return np.concatenate([bias[:count], np.zeros(max(count - bias.size, 0), bias.dtype)])


def resized_kernels(layer: Layer, changes: dict[str, Any], axes: tuple[str, str]) -> Layer:
    """A layer with the parameters weight, bias and groups, and other sizes or parameters.

    axes: the channels along the first two axes of its weight: "out_channels" and "in_channels", or the other way round.
    """
    wanted = {**changes}
    sizes = {p.name: p.kind.read(wanted.pop(p.name), p.name) for p in layer.sizes if p.name in wanted}
    raw = layer.raw()
    if "kernel_size" in sizes:
        wanted["weight"] = with_size(raw["weight"], *sizes["kernel_size"])
    groups = next(p for p in layer.declarations() if p.name == "groups").kind.read(
        wanted.get("groups", raw["groups"]), "groups"
    )
    before = {name: getattr(layer, name) for name in axes}
    after = {name: sizes.get(name, count) for name, count in before.items()}
    if after != before or groups != raw["groups"]:
        weights = parse_weights(wanted.get("weight", raw["weight"]), "weight")
        old, new = (
            Channels(counts[axes[0]], counts[axes[1]], g)
            for counts, g in ((before, raw["groups"]), (after, groups))
        )
        wanted["weight"] = with_channels(weights, old, new)
        if raw["bias"] is not None:
            wanted.setdefault("bias", with_outputs(raw["bias"].array, after["out_channels"]))
    return layer.replace(**wanted)
