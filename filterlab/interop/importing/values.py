"""What a tensor of an ONNX model is while the model is read.

Maps of ours are (C, H, W) and vectors (F,), without the batch axis, which has one picture here. A tensor of ONNX has
that axis, and its others in any order: `axes` names them, "NCHW" being the usual order.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from filterlab.errors import shown
from filterlab.functional.arrays import Array
from filterlab.text.messages import Message, say

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """A constant."""

    array: Array


@dataclass(frozen=True)
class Carried:
    """The output of a node. shape: of the map or vector, without batch; axes: those of the ONNX tensor in their order.

    An axis of size 1 that the tensor does not have ("NC" of a map of 1x1, "NHW" of one channel) is left out of `axes`.
    The features of a vector are the axis "F".
    """

    node: str
    shape: Shape
    axes: str

    def size(self, axis: str) -> int:
        """The size of an axis by its letter."""
        if axis == "N":
            return 1
        return self.shape[0] if axis == "F" else self.shape["CHW".index(axis)]

    @property
    def onnx_shape(self) -> Shape:
        """The shape of the tensor in the model."""
        return tuple(self.size(axis) for axis in self.axes)

    @property
    def listed(self) -> bool:
        """Whether the map is the tensor itself, up to where its channels are."""
        return self.axes in ("NCHW", "NHWC", "NF", "NCW")


@dataclass(frozen=True)
class View:
    """A rearrangement of a node's output that no layer stands for yet; what follows may settle it.

    cells: for each number of the tensor, its position in the map in the order (C, H, W), or NO_CELL for a 0. tensors:
    the names of the tensors on the way, which the layer that settles it stands for as well.
    """

    source: Carried
    cells: Array
    tensors: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """A tensor that is not carried, and why."""

    reason: Message | str


def unsettled(view: View) -> Message:
    """The reason why a rearrangement is not carried."""
    return say("no layer lays the numbers out as {}", shown(list(view.cells.shape)))


NO_CELL = -1
Value = Known | Carried | View | Cut

# Rearrangements are followed cell by cell up to this size: larger maps would take as much memory again.
MOST_FOLLOWED = 1 << 23


def positions(value: Carried) -> Array:
    """For each number of the tensor, its position in the map."""
    cells = np.arange(prod(value.shape), dtype=np.int32)
    if value.axes[1:] == "F":
        return cells[None]
    order = [axis for axis in value.axes if axis != "N"]
    missing = [axis for axis in "CHW" if axis not in order]
    full = cells.reshape(value.shape).transpose(["CHW".index(axis) for axis in (*order, *missing)])
    return full.reshape(value.onnx_shape)


def too_large(value: Carried) -> Cut | None:
    """The reason why a map's rearrangement is not followed, where it is too large."""
    if prod(value.shape) <= MOST_FOLLOWED:
        return None
    return Cut(say("a map of {} numbers is rearranged", prod(value.shape)))
