"""Operators that only move values: shapes, orders of axes, parts, and joins."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from filterlab.errors import shown
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import border_index
from filterlab.interop.importing.book import NotCarriedError
from filterlab.interop.importing.operator import Operator, view_of
from filterlab.interop.importing.readers import reads
from filterlab.interop.importing.settling import settled
from filterlab.interop.importing.values import (
    MOST_FOLLOWED,
    NO_CELL,
    Carried,
    Value,
    View,
    positions,
    too_large,
    unsettled,
)
from filterlab.layers import layer_type
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import say

_FLOATS = (1, 10, 11, 16)  # float32, float16, float64, bfloat16 in TensorProto.DataType
_END = np.iinfo(np.int32).max  # an end beyond this means "to the end of the axis"


@reads("Identity", "CastLike")
def identity(op: Operator) -> Value:
    return op.value(0)


@reads("Dropout")
def dropout(op: Operator) -> Value:
    # In inference it changes nothing; the mask, its second output, is not carried.
    if op.given(2) and bool(np.any(op.constant(2, "whether it is trained"))):
        raise NotCarriedError("it drops values at random, as in training")
    return op.value(0)


@reads("Cast")
def cast(op: Operator) -> Value:
    kind = op.attribute("to")
    if kind not in _FLOATS:
        raise NotCarriedError("it makes whole numbers of a map")
    if kind in (10, 16):
        op.book.remarks["half"] = "computed in float32 where the model rounds to 16 bits"
    return op.value(0)


def _unquantized(op: Operator) -> Value:
    op.book.remarks["quantized"] = (
        "maps are not quantised: they are computed in float32, as before quantisation"
    )
    return op.value(0)


@reads("DequantizeLinear")
def dequantized(op: Operator) -> Value:
    return _unquantized(op)


@reads("QuantizeLinear")
def quantized(op: Operator) -> Value:
    value = _unquantized(op)
    zero = op.constant(2, "its zero point").reshape(-1) if op.given(2) else np.zeros(1, np.uint8)
    scale = op.constant(1, "its scale").reshape(-1)
    single = zero.size == scale.size == 1 and zero.dtype.kind in "iu"
    if not single or not isinstance(value, Carried):
        return value
    # Programs that quantise leave out a ReLU before numbers without a sign: what it cut off is cut off here.
    codes = np.iinfo(zero.dtype)
    low, high = (float(scale[0]) * (code - int(zero[0])) for code in (codes.min, codes.max))
    return op.book.add(layer_type("clamp")(min=low, max=high), (value,), op.outputs[0])


# -- shapes and orders of axes ----------------------------------------------------------------------------


@reads("Reshape")
def reshape(op: Operator) -> Value:
    x, wanted = op.value(0), [int(n) for n in op.option("shape", 1, [])]
    shape: tuple[int, ...] = ()
    if isinstance(x, (View, Carried)):
        shape = x.cells.shape if isinstance(x, View) else x.onnx_shape
    if not op.attribute("allowzero", 0):
        wanted = [shape[i] if n == 0 and i < len(shape) else n for i, n in enumerate(wanted)]
    try:
        return _rearranged(op, lambda cells: cells.reshape(wanted))
    except ValueError:
        raise NotCarriedError(
            say("{} numbers cannot be laid out as {}", int(np.prod(shape)), shown(wanted))
        ) from None


@reads("Flatten")
def flatten(op: Operator) -> Value:
    axis = int(op.attribute("axis", 1))

    def flat(cells: Array) -> Array:
        first = axis if axis >= 0 else cells.ndim + axis
        return cells.reshape(int(np.prod(cells.shape[:first])), -1)

    return _rearranged(op, flat)


@reads("Transpose")
def transpose(op: Operator) -> Value:
    order = op.attribute("perm")
    x = op.value(0)
    if (
        isinstance(x, Carried)
        and x.axes != "NF"
        and order is not None
        and sorted(order) == [*range(len(x.axes))]
    ):
        moved = "".join(x.axes[i] for i in order)
        if moved[0] == "N":
            return Carried(x.node, x.shape, moved)
    try:
        return _rearranged(op, lambda cells: cells.transpose(order))
    except ValueError:
        raise NotCarriedError(say("perm is {}", shown(order))) from None


@reads("Squeeze")
def squeeze(op: Operator) -> Value:
    axes = op.option("axes", 1)
    try:
        return _rearranged(op, lambda cells: cells.squeeze(None if axes is None else tuple(map(int, axes))))
    except ValueError:
        raise NotCarriedError(say("axes is {}", shown(axes))) from None


@reads("Unsqueeze")
def unsqueeze(op: Operator) -> Value:
    axes = op.option("axes", 1, [])
    try:
        return _rearranged(op, lambda cells: np.expand_dims(cells, tuple(map(int, axes))))
    except ValueError:
        raise NotCarriedError(say("axes is {}", shown(axes))) from None


_ARITHMETIC = ("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean")


@reads("Expand")
def expand(op: Operator) -> Value:
    x, wanted = op.value(0), [int(n) for n in op.constant(1, "its shape").reshape(-1)]
    if isinstance(x, Carried) and _expanded_by_readers(op, x, wanted):
        # The layers of arithmetic repeat cells themselves.
        op.book.merged[op.outputs[0]] = x.node
        return x

    def repeated(cells: Array) -> Array:
        shape = np.broadcast_shapes(cells.shape, wanted)
        _need_followed(prod(shape))
        return np.broadcast_to(cells, shape)

    return _rearranged(op, repeated)


@reads("Tile")
def tile(op: Operator) -> Value:
    repeats = [int(n) for n in op.constant(1, "its repeats").reshape(-1)]

    def repeated(cells: Array) -> Array:
        _need_followed(cells.size * prod(repeats))
        return np.tile(cells, repeats)

    return _rearranged(op, repeated)


def _need_followed(numbers: int) -> None:
    """Raise NotCarriedError for more numbers than are followed, before there are so many."""
    if numbers > MOST_FOLLOWED:
        raise NotCarriedError(say("a map of {} numbers is rearranged", numbers))


def _expanded_by_readers(op: Operator, x: Carried, wanted: list[int]) -> bool:
    """Whether all readers are sums, products and the like whose other inputs are as large as the map would become."""
    name, graph = op.outputs[0], op.book.source.graph
    readers = [node for node in graph.node if name in node.input]
    # A branch may read it without naming it as an input.
    if name in [output.name for output in graph.output] or "If" in op.book.made_by.values() or not readers:
        return False
    others = [op.book.values.get(other) for node in readers for other in node.input if other != name]
    shapes = [other.onnx_shape for other in others if isinstance(other, Carried)]
    return (
        all(node.op_type in _ARITHMETIC and len(node.input) == 2 for node in readers)
        and len(shapes) == len(readers)
        and all(
            np.broadcast_shapes(shape, x.onnx_shape) == np.broadcast_shapes(shape, x.onnx_shape, wanted)
            for shape in shapes
        )
    )


def _rearranged(op: Operator, move: Any) -> Value:
    """The input with its numbers laid out otherwise: a map under other axes, a node that does it, or a view.

    A view stays one until a later operator shows what it is for: a shuffle of channels passes through five axes.
    """
    x, name = op.value(0), op.outputs[0]
    if isinstance(x, Carried):
        refused = too_large(x)
        if refused is not None:
            raise NotCarriedError(refused.reason)
        before = positions(x)
    else:
        if not isinstance(x, View):
            raise NotCarriedError("it rearranges a constant by what depends on the picture")
        before = x.cells
    op.book.follow(before.size)
    view = view_of(x, move(before), name)
    if view.cells.ndim == before.ndim and view.cells.shape == before.shape and (view.cells == before).all():
        return x
    made = settled(view, name, op.book) if view.cells.ndim in (2, 3, 4) else None
    if made is None:
        if not np.may_share_memory(view.cells, before) or isinstance(x, Carried):
            op.book.hold(view.cells.size)
        op.book.left_out[name] = (op.kind, unsettled(view))
        return view
    for inner in view.tensors[:-1]:
        op.book.left_out.pop(inner, None)
        op.book.merged[inner] = made.node
    op.book.claim(op.inputs, made.node)
    return made


@reads("DepthToSpace")
def depth_to_space(op: Operator) -> Carried:
    x, r = op.map(0, "NCHW"), int(op.attribute("blocksize", 1))
    if op.attribute("mode", "DCR") == "DCR" and r > 1:
        # The blocks' cells are the slowest axis of the channels here, and the fastest in PyTorch.
        x = op.helper(layer_type("channel_shuffle")(groups=r * r), x)
    return op.node(layer_type("pixel_shuffle")(r=r), x)


@reads("SpaceToDepth")
def space_to_depth(op: Operator) -> Carried:
    x, r = op.map(0, "NCHW"), int(op.attribute("blocksize", 1))
    unshuffle = layer_type("pixel_unshuffle")(r=r)
    if x.shape[0] == 1 or r == 1:
        return op.node(unshuffle, x)
    return op.node(layer_type("channel_shuffle")(groups=x.shape[0]), op.helper(unshuffle, x))


# -- parts and joins --------------------------------------------------------------------------------------


@reads("Concat")
def concat(op: Operator) -> Carried:
    maps = op.maps()
    axes = maps[0].axes
    if any(x.axes != axes for x in maps):
        raise NotCarriedError("its inputs have their axes in different orders")
    axis = axes[int(op.attribute("axis", 1)) % len(axes)]
    if axis == "N":
        raise NotCarriedError(say("it joins maps along {}, not along the channels", axis))
    if axis in "HW":
        return _side_by_side(op, maps, axis)
    return op.node(layer_type("concat")(), *maps)


def _side_by_side(op: Operator, maps: list[Carried], axis: str) -> Carried:
    """Maps joined along their rows or columns: each with zeros where the others stand, and the sum of all."""
    ends = np.cumsum([0, *(x.size(axis) for x in maps)]).tolist()
    if len(maps) * ends[-1] * prod(maps[0].shape) // maps[0].size(axis) > MOST_FOLLOWED:
        raise NotCarriedError(say("it joins {} large maps along {}", len(maps), axis))
    placed = []
    for x, start, stop in zip(maps, ends[:-1], ends[1:], strict=True):
        sides = (start, ends[-1] - stop)
        padding = (sides, (0, 0)) if axis == "H" else ((0, 0), sides)
        placed.append(op.helper(layer_type("pad")(padding=padding), x, axes=x.axes))
    return op.node(layer_type("add")(), *placed)


@reads("Split")
def split(op: Operator) -> list[Value]:
    x = op.map(0)
    axis = x.axes[int(op.attribute("axis", 0)) % len(x.axes)]
    n = x.size(axis)
    sizes = op.option("split", 1) or _equal_parts(n, len(op.outputs))
    ends = np.cumsum([0, *sizes])
    if ends[-1] != n or len(sizes) < len(op.outputs):
        raise NotCarriedError(say("its parts {} do not make {}", shown(list(sizes)), n))
    made: list[Value] = []
    for name, start, stop in zip(op.outputs, ends[:-1], ends[1:], strict=False):
        made.append(_part(op, x, {axis: (int(start), int(stop), 1)}, name))
    return made


def _equal_parts(n: int, parts: int) -> list[int]:
    each = -(-n // parts)
    return [min(each, n - start) for start in range(0, n, each)]


@reads("Slice")
def cut_out(op: Operator) -> Carried:
    x = op.map(0)
    starts, ends = op.option("starts", 1, []), op.option("ends", 2, [])
    axes = op.option("axes", 3) or range(len(starts))
    steps = op.option("steps", 4) or [1] * len(starts)
    parts: dict[str, tuple[int, int | None, int]] = {}
    for start, end, number, step in zip(starts, ends, axes, steps, strict=True):
        letter = x.axes[int(number) % len(x.axes)]
        taken = range(x.size(letter))[slice(int(start), int(end), int(step))]
        if not taken:
            raise NotCarriedError("it takes nothing of an axis")
        # Counted from the front, and open where it goes to an end: so it holds for other sizes of the picture, too.
        stop = None if abs(int(end)) >= _END or taken[-1] + taken.step in (-1,) else taken.stop
        parts[letter] = (taken.start, stop if taken.step > 0 or taken.stop >= 0 else None, taken.step)
    return _part(op, x, parts, op.outputs[0])


@reads("Gather")
def gather(op: Operator) -> Value:
    given, index = op.value(0), op.constant(1, "its index")
    axis = int(op.attribute("axis", 0))
    if isinstance(given, View) and index.size == given.cells.shape[axis]:
        # PyTorch's exporter writes a change of strides as all numbers in one row, taken by their places.
        return _rearranged(op, lambda cells: cells.take(index, axis))
    x = op.map(0)
    letter = x.axes[axis % len(x.axes)]
    places = [int(i) % x.size(letter) for i in index.reshape(-1)]
    if letter in "HW" and index.ndim == 1:
        return _border(op, x, letter, np.array(places))
    steps = set(np.diff(places).tolist()) or {1}
    if index.ndim != 1 or len(steps) != 1 or 0 in steps or letter not in "CF":
        raise NotCarriedError("it takes values in an order that no slice has")
    step = steps.pop()
    stop = places[-1] + step
    return _part(op, x, {letter: (places[0], None if stop < 0 else stop, step)}, op.outputs[0])


@reads("GatherND")
def gather_cells(op: Operator) -> Value:
    index = op.constant(1, "its index")
    if op.attribute("batch_dims", 0):
        raise NotCarriedError("it takes values in an order that no slice has")

    def taken(cells: Array) -> Array:
        _need_followed(index[..., 0].size * prod(cells.shape[index.shape[-1] :]))
        return cells[tuple(np.moveaxis(index, -1, 0))]

    return _rearranged(op, taken)


def _border(op: Operator, x: Carried, letter: str, cells: Array) -> Carried:
    """Rows or columns of a map taken again beyond its ends, as a border of one of the modes that Pad has not."""
    n, follows = x.size(letter), np.append(np.diff(cells) == 1, True)
    # The first cell tells how many are cut off before; else the map begins at a 0 that a 1 follows.
    for before in (-int(cells[0]), *np.flatnonzero((cells == 0) & follows)[:3].tolist()):
        padding = (before, len(cells) - n - before)
        # A turn goes round the cells that are left.
        most = {"reflect": n - 1, "circular": n + sum(min(side, 0) for side in padding)}
        for mode in ("symmetric", "circular", "reflect", "replicate"):
            fits = max(padding) <= most.get(mode, n)
            if fits and (border_index(n, *padding, mode) == cells).all():
                sides = (padding, (0, 0)) if letter == "H" else ((0, 0), padding)
                return op.node(layer_type("pad")(padding=sides, mode=mode), x)
    raise NotCarriedError("it takes values in an order that no border has")


def _part(op: Operator, x: Carried, parts: dict[str, tuple[int, int | None, int]], name: str) -> Carried:
    """A part of a map: of its channels, of its rows and columns, or both. parts: (start, stop, step) of axes."""
    whole = (0, None, 1)
    layers: list[Layer] = []
    channels = parts.get("C", parts.get("F", whole))
    if channels != whole:
        layers.append(layer_type("channel_slice")(start=channels[0], stop=channels[1], step=channels[2]))
    rows, cols = parts.get("H", whole), parts.get("W", whole)
    if (rows, cols) != (whole, whole):
        if min(rows[2], cols[2]) < 0:
            raise NotCarriedError("it turns rows or columns round")
        start, stop, step = zip(rows, cols, strict=True)
        layers.append(layer_type("slice2d")(start=start, stop=stop, step=step))
    if parts.get("N", whole)[0] != 0 or not layers:
        layers.append(layer_type("dropout")())
    for layer in layers[:-1]:
        x = op.helper(layer, x, axes=x.axes)
    made = op.book.add(layers[-1], (x,), name, x.axes)
    if made.listed:
        op.book.tensors.append((made.node, name))
    op.book.claim(op.inputs, made.node)
    return made


_MODES = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}


@reads("Pad")
def pad(op: Operator) -> Value:
    given = op.value(0)
    pads = [int(p) for p in op.option("pads", 1, [])]
    mode = op.attribute("mode", "constant")
    if isinstance(given, View) and mode == "constant" and _fill(op) == 0:
        return _padded_view(op, given, pads)
    x = op.map(0)
    if mode not in _MODES:
        raise NotCarriedError(say("its mode is {}", shown(mode)))
    rank = len(x.axes)
    numbers = (
        [int(n) % rank for n in op.constant(3, "its axes").reshape(-1)] if op.given(3) else [*range(rank)]
    )
    if len(pads) != 2 * len(numbers):
        raise NotCarriedError(say("pads has {} numbers", len(pads)))
    sides = {x.axes[n]: (pads[i], pads[i + len(numbers)]) for i, n in enumerate(numbers)}
    if any(side != (0, 0) for axis, side in sides.items() if axis not in "HW"):
        raise NotCarriedError("it pads channels")
    padding = (sides.get("H", (0, 0)), sides.get("W", (0, 0)))
    value = _fill(op)
    return op.node(layer_type("pad")(padding=padding, mode=_MODES[mode], value=value), x)


def _padded_view(op: Operator, view: View, pads: list[int]) -> View:
    """A rearrangement with zeros around it, which are no cells of the map."""
    rank = view.cells.ndim
    sides = list(zip(pads[:rank], pads[rank:], strict=True))
    size = prod(n + sum(side) for n, side in zip(view.cells.shape, sides, strict=True))
    if min(pads) < 0 or size > MOST_FOLLOWED:
        raise NotCarriedError("its input is rearranged in a way that no layer does")
    op.book.hold(size)
    padded = view_of(view, np.pad(view.cells, sides, constant_values=NO_CELL), op.outputs[0])
    op.book.left_out[op.outputs[0]] = (op.kind, unsettled(padded))
    return padded


def _fill(op: Operator) -> float:
    if op.given(2):
        numbers = op.constant(2, "its value").reshape(-1)
        return float(numbers[0]) if len(numbers) else 0.0
    return float(op.attribute("value", 0.0))
