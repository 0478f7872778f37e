"""A linear layer as one weighted sum over a window, whatever its type: the form in which layers are joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import gcd, prod
from typing import Any

import numpy as np

from filterlab.errors import NeedsSizeError, ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.conv.transpose import transposed_pads
from filterlab.functional.geometry import Pads, Pair, output_size, resolve_padding, span
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.registry import layer_type
from filterlab.layers.base.window import need_size
from filterlab.merging.batch_norms import NORMS, affine_of
from filterlab.text.messages import say

CORRELATION = "cross-correlation"
MOST_WEIGHTS = 1 << 26  # numbers of a joined weight: in float64 half a gigabyte
_NONE = Pads(0, 0, 0, 0)
_CHANNELS = say("open a picture, or give size=(channels, height, width)")


@dataclass(frozen=True)
class Stencil:
    """y[o, i] = bias[o] + sum over c, u of weight[o, c, u] * x[c, i * stride + u * dilation - pads].

    weight: float64 (outputs, inputs / groups, height, width), for cross-correlation. bias: float64 (outputs,). every:
    the weight is one kernel, (1, 1, height, width), for each channel by itself, however many there are. mode, fill:
    what the padding holds. vector: from vector to vector, over a window of one cell. operation: how the layer that
    this comes from writes its kernel. up: x is the input with so many cells for each, its own first and then zeros, as
    a transposed convolution has it. sized: the padding is that of one size of the input.
    """

    weight: Array
    bias: Array
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    pads: Pads = _NONE
    groups: int = 1
    mode: str = "zeros"
    fill: float = 0.0
    every: bool = False
    vector: bool = False
    operation: str = CORRELATION
    up: Pair = (1, 1)
    sized: bool = False

    @property
    def kernel(self) -> Pair:
        """Height and width."""
        return self.weight.shape[2], self.weight.shape[3]

    @property
    def inputs(self) -> int | None:
        """The number of channels that it reads; None for any number."""
        return None if self.every else self.weight.shape[1] * self.groups

    @property
    def outputs(self) -> int | None:
        """The number of channels that it makes; None for as many as it reads."""
        return None if self.every else len(self.weight)

    @property
    def padded(self) -> bool:
        """Whether it sees cells around the map."""
        return max(self.pads) > 0

    def over(self, channels: int) -> Stencil:
        """The same with the number of channels stated."""
        if not self.every:
            return self
        weight, bias = np.repeat(self.weight, channels, axis=0), np.repeat(self.bias, channels)
        return replace(self, weight=weight, bias=bias, groups=channels, every=False)

    def blocks(self, groups: int) -> Array:
        """The weight with the zeros between: (groups, outputs, inputs, height, width) for a divisor of its groups."""
        outputs, inputs = self.weight.shape[:2]
        each, inside = outputs // self.groups, self.groups // groups
        made = np.zeros((groups, outputs // groups, inputs * inside, *self.kernel))
        for number in range(self.groups):
            block, at = divmod(number, inside)
            rows, cols = slice(at * each, (at + 1) * each), slice(at * inputs, (at + 1) * inputs)
            made[block, rows, cols] = self.weight[number * each : (number + 1) * each]
        return made


def identity() -> Stencil:
    """The stencil that changes nothing."""
    return Stencil(np.ones((1, 1, 1, 1)), np.zeros(1), every=True)


def need_room(*shape: int) -> None:
    """Raise ParameterError where a joined weight would be too large."""
    if prod(shape) > MOST_WEIGHTS:
        what = say("the merged layer would have {} weight(s)", prod(shape))
        raise ParameterError(what, hint=say("at most {}", MOST_WEIGHTS))


# -- from layers ------------------------------------------------------------------------------------------------


def stencil_of(layer: Layer, shape: Shape | None = None) -> Stencil:
    """A layer as a stencil. shape: of its input, without the batch axis, where it is known.

    Raises ParameterError for a layer that is no weighted sum with the same weights everywhere, and NeedsSizeError where
    the padding depends on the size of the input.
    """
    make = _MAKERS.get(layer.key)
    if make is None:
        what = say("{} is not a weighted sum with the same weights at every place", layer.title)
        raise ParameterError(what, hint=say("convolutions, filters, means and scales are"))
    return replace(make(layer, shape), sized=is_sized(layer))


def is_linear(layer: Layer) -> bool:
    """Whether layers of this type have a stencil."""
    return layer.key in _MAKERS


def is_sized(layer: Any) -> bool:
    """Whether the padding of a layer is another one for other sizes of its input."""
    strided = getattr(layer, "padding", None) == "same" and getattr(layer, "stride", None) != (1, 1)
    return bool(strided or getattr(layer, "ceil_mode", False) or (layer.key == "crop" and layer.size))


def _size(shape: Shape | None) -> Pair | None:
    return None if shape is None or len(shape) != 3 else (shape[1], shape[2])


def _conv2d(layer: Any, shape: Shape | None) -> Stencil:
    _, stride, dilation, pads = layer.geometry(_size(shape))
    weight = np.asarray(layer.oriented(layer.weight), np.float64)
    bias = np.zeros(len(weight)) if layer.bias is None else np.asarray(layer.bias, np.float64)
    border = {"mode": layer.padding_mode, "fill": layer.value if layer.padding_mode == "constant" else 0.0}
    return Stencil(weight, bias, stride, dilation, pads, layer.groups, **border, operation=layer.operation)


def _conv_transpose2d(layer: Any, shape: Shape | None) -> Stencil:
    inputs, each, *kernel = layer.shape_of("weight")
    inside = inputs // layer.groups
    blocks = np.asarray(layer.weight, np.float64).reshape(layer.groups, inside, each, *kernel)
    # Copies of the kernel at every cell are a sum over the spread map of the kernel turned round.
    weight = blocks.swapaxes(1, 2).reshape(-1, inside, *kernel)[..., ::-1, ::-1]
    bias = np.zeros(len(weight)) if layer.bias is None else np.asarray(layer.bias, np.float64)
    more = layer.output_padding
    cut = transposed_pads(layer.padding, more, layer.kernel_size, layer.stride, layer.dilation)
    rows, cols = (span(k, d) - 1 for k, d in zip(kernel, layer.dilation, strict=True))
    pads = Pads(rows - cut.top, rows - cut.bottom + more[0], cols - cut.left, cols - cut.right + more[1])
    return Stencil(weight, bias, dilation=layer.dilation, pads=pads, groups=layer.groups, up=layer.stride)


def _filter2d(layer: Any, shape: Shape | None) -> Stencil:
    _, stride, dilation, pads = layer.geometry(_size(shape))
    weight = np.asarray(layer.oriented(layer.kernel), np.float64)[None, None] / layer.divisor
    border = {"mode": layer.padding_mode, "fill": layer.value if layer.padding_mode == "constant" else 0.0}
    bias = np.array([float(layer.offset)])
    return Stencil(weight, bias, stride, dilation, pads, **border, every=True, operation=layer.operation)


def _avg_pool2d(layer: Any, shape: Shape | None) -> Stencil:
    kernel, stride, _, pads = layer.geometry(_size(shape))
    if layer.ceil_mode:
        pads = _with_last_window(kernel, stride, pads, need_size(_size(shape), layer.title))
    return Stencil(np.full((1, 1, *kernel), 1 / prod(kernel)), np.zeros(1), stride, pads=pads, every=True)


def _with_last_window(kernel: Pair, stride: Pair, pads: Pads, size: Pair) -> Pads:
    """The padding, with the cells that the last window of `ceil_mode` reaches beyond it."""
    sides = []
    for axis, (before, after) in enumerate(pads.sides):
        count = output_size(size[axis], kernel[axis], stride[axis], 1, before, after, ceil_mode=True)
        lacking = (count - 1) * stride[axis] + kernel[axis] - size[axis] - before - after
        sides += [before, after + max(lacking, 0)]
    return Pads(*sides)


def _norm(layer: Any, shape: Shape | None) -> Stencil:
    scale, shift = affine_of(layer)
    vector = shape is not None and len(shape) == 1
    return Stencil(scale[:, None, None, None], shift, groups=len(scale), vector=vector)


def _constant(layer: Any, shape: Shape | None) -> Stencil:
    scales = {"add": 1.0, "subtract": 1.0, "subtract from": -1.0, "multiply": None, "divide": None}
    operand = np.asarray(layer.operand, np.float64)
    if layer.operation not in scales or operand.shape[1:] != (1, 1):
        what = say("{} is not a weighted sum with the same weights at every place", layer.title)
        raise ParameterError(what, hint=say("convolutions, filters, means and scales are"))
    numbers, scale = operand[:, 0, 0], scales[layer.operation]
    if scale is None:
        factors = numbers if layer.operation == "multiply" else 1 / numbers
        weight, bias = factors, np.zeros(len(numbers))
    else:
        weight, bias = np.full(len(numbers), scale), -numbers if layer.operation == "subtract" else numbers
    every = len(numbers) == 1
    return Stencil(weight[:, None, None, None], bias, groups=len(numbers), every=every)


def _pad(layer: Any, shape: Shape | None) -> Stencil:
    pads = layer.border((1, 1)).pads
    return replace(
        identity(), pads=pads, mode=layer.mode, fill=layer.value if layer.mode == "constant" else 0.0
    )


def _crop(layer: Any, shape: Shape | None) -> Stencil:
    rows, cols = layer.windows(_size(shape) if layer.size is None else need_size(_size(shape), "Crop"))[0]
    if layer.size is None:
        (top, bottom), (left, right) = layer.margin
    else:
        height, width = need_size(_size(shape), "Crop")
        top, left = int(rows.low), int(cols.low)
        bottom, right = height - layer.size[0] - top, width - layer.size[1] - left
    return replace(identity(), pads=Pads(-top, -bottom, -left, -right))


def _linear(layer: Any, shape: Shape | None) -> Stencil:
    weight = np.asarray(layer.weight, np.float64)[:, :, None, None]
    bias = np.zeros(len(weight)) if layer.bias is None else np.asarray(layer.bias, np.float64)
    return Stencil(weight, bias, vector=True)


def _rearranged(layer: Any, shape: Shape | None) -> Stencil:
    """A layer whose outputs are copies of cells of one block, as a kernel with a single 1 for each."""
    if shape is None:
        raise NeedsSizeError(say("the number of channels depends on the picture"), hint=_CHANNELS)
    side = getattr(layer, "r", 1)
    count = shape[0] * side * side
    # Numbered cells, rearranged, tell where each came from.
    sources = layer.forward(np.arange(float(count)).reshape(1, shape[0], side, side)).ravel().astype(int)
    need_room(len(sources), count)
    chosen = np.zeros((len(sources), count))
    chosen[np.arange(len(sources)), sources] = 1
    weight = chosen.reshape(len(sources), shape[0], side, side)
    return Stencil(weight, np.zeros(len(sources)), (side, side), vector=len(shape) == 1)


_MAKERS: dict[str, Callable[[Any, Shape | None], Stencil]] = {
    "conv2d": _conv2d,
    "conv_transpose2d": _conv_transpose2d,
    "filter2d": _filter2d,
    "avg_pool2d": _avg_pool2d,
    **dict.fromkeys(NORMS, _norm),
    "constant_arithmetic": _constant,
    **dict.fromkeys(("channel_slice", "channel_shuffle", "pixel_unshuffle"), _rearranged),
    "dropout": lambda layer, shape: identity(),
    "pad": _pad,
    "crop": _crop,
    "linear": _linear,
}


# -- joining ----------------------------------------------------------------------------------------------------


def composed(first: Stencil, second: Stencil) -> Stencil:
    """The stencil that gives what the second makes of the map of the first, but for the cells that see the border.

    A tap of the second steps over the strides of the first: the taps of both lie at u * dilation1 + v * dilation2 *
    stride1, and the weights of those that meet are added up. The padding, stride1 * padding2 more, gives as many
    outputs whatever the size. Where the second spreads its input, it spreads the taps and the padding of the first.
    Raises ParameterError where channels do not fit, the weight would be too large, or no layer does both.
    """
    _need_one_way(first, second)
    if first.every != second.every:
        # One that takes any number of channels takes those of the other.
        first, second = first.over(second.inputs or 1), second.over(first.outputs or 1)
    if first.outputs != second.inputs:
        what = say("the first makes {} channel(s), the second reads {}", first.outputs, second.inputs)
        raise ParameterError(what)
    gaps, kernel = zip(*(_joined_taps(first, second, axis) for axis in (0, 1)), strict=True)
    groups = gcd(first.groups, second.groups)
    inner, outer = first.weight.shape[1] * first.groups // groups, len(second.weight)
    need_room(outer, inner, *kernel)
    a, b = first.blocks(groups), second.blocks(groups)
    made = np.zeros((groups, outer // groups, inner, *kernel))
    flat = a.reshape(*a.shape[:2], -1)
    for v in np.ndindex(*second.kernel):
        part = (b[..., v[0], v[1]] @ flat).reshape(groups, outer // groups, *a.shape[2:])
        made[(..., *_places(first, second, gaps, v))] += part
    sums = b.sum(axis=(3, 4)) @ first.bias.reshape(groups, -1, 1)
    return replace(
        first,
        weight=made.reshape(outer, inner, *kernel),
        bias=second.bias + sums.reshape(-1),
        stride=(first.stride[0] * second.stride[0], first.stride[1] * second.stride[1]),
        up=(first.up[0] * second.up[0], first.up[1] * second.up[1]),
        dilation=gaps,
        pads=_joined_pads(first, second),
        groups=groups,
        vector=first.vector or second.vector,
        sized=first.sized or second.sized,
        operation=_common_operation(first, second),
    )


def _need_one_way(first: Stencil, second: Stencil) -> None:
    """Raise ParameterError where one of both skips cells and the other spreads them, or spreads a constant."""
    if max(*first.up, *second.up) > 1 and max(*first.stride, *second.stride) > 1:
        raise ParameterError(say("one of them enlarges the map, and one takes cells of it by a stride"))
    if max(second.up) > 1 and first.bias.any():
        # Between the cells that are spread there is nothing of it.
        raise ParameterError(say("the second enlarges a map to which the first adds constants"))


def _joined_taps(first: Stencil, second: Stencil, axis: int) -> Pair:
    """The distance between neighbouring taps along an axis, in cells of the input, and how many taps there are."""
    # A kernel of one cell has no distance between its taps that could matter.
    own = first.dilation[axis] * second.up[axis] if first.kernel[axis] > 1 else 0
    stepped = second.dilation[axis] * first.stride[axis] if second.kernel[axis] > 1 else 0
    gap = gcd(own, stepped) or 1
    return gap, ((first.kernel[axis] - 1) * own + (second.kernel[axis] - 1) * stepped) // gap + 1


def _places(first: Stencil, second: Stencil, gaps: Pair, tap: Pair) -> tuple[slice, slice]:
    """Where the taps of the first lie in the joined kernel, below a tap of the second."""
    found = []
    for axis in (0, 1):
        begin = tap[axis] * second.dilation[axis] * first.stride[axis] // gaps[axis]
        step = max(first.dilation[axis] * second.up[axis] // gaps[axis], 1)
        found.append(slice(begin, begin + span(first.kernel[axis], step), step))
    return found[0], found[1]


def _joined_pads(first: Stencil, second: Stencil) -> Pads:
    sides = zip(first.pads, second.pads, (0, 0, 1, 1), strict=True)
    return Pads(*(own * second.up[axis] + outer * first.stride[axis] for own, outer, axis in sides))


def _common_operation(first: Stencil, second: Stencil) -> str:
    both = {s.operation for s in (first, second) if s.kernel != (1, 1)}
    return both.pop() if len(both) == 1 else CORRELATION


# -- to layers --------------------------------------------------------------------------------------------------


def layer_of(stencil: Stencil, dtype: Any = np.float64) -> Layer:
    """A layer that computes a stencil: Linear, Filter2d where the channels are of any number, or Conv2d.

    Raises ParameterError where it would have to crop, or its weights are no finite numbers.
    """
    if max(stencil.up) > 1:
        return _transposed(stencil, dtype)
    if min(stencil.pads) < 0:
        what = say("more would be cut off the map than the padding adds")
        raise ParameterError(what, hint=say("keep the cropping layer"))
    weight, bias = stencil.weight.astype(dtype), stencil.bias.astype(dtype)
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        raise ParameterError(say("the weights would not be finite numbers"))
    if stencil.vector:
        return layer_type("linear")(weight=stencil.blocks(1)[0, :, :, 0, 0].astype(dtype), bias=bias)
    if stencil.operation != CORRELATION:
        weight = weight[..., ::-1, ::-1]
    options = _options(stencil)
    if stencil.every:
        return layer_type("filter2d")(kernel=weight[0, 0], offset=float(bias[0]), **options)
    given = bias if bias.any() else None
    return layer_type("conv2d")(weight=weight, bias=given, groups=stencil.groups, **options)


def _transposed(stencil: Stencil, dtype: Any) -> Layer:
    """A transposed convolution that computes a stencil which spreads its input."""
    cut, more = [], []
    for axis, (before, after) in enumerate(stencil.pads.sides):
        reach = span(stencil.kernel[axis], stencil.dilation[axis]) - 1
        # What is added after goes beyond all copies of the kernel.
        more.append(max(after - reach, 0))
        cut.append((reach - before, reach - after + more[axis]))
    if min(side for sides in cut for side in sides) < 0:
        raise ParameterError(say("more would be padded than a transposed convolution reaches"))
    outputs, inside = stencil.weight.shape[:2]
    turned = stencil.weight[..., ::-1, ::-1].astype(dtype)
    blocks = turned.reshape(stencil.groups, outputs // stencil.groups, inside, *stencil.kernel)
    return layer_type("conv_transpose2d")(
        weight=blocks.swapaxes(1, 2).reshape(inside * stencil.groups, -1, *stencil.kernel),
        bias=stencil.bias.astype(dtype) if stencil.bias.any() else None,
        stride=stencil.up,
        padding=tuple(cut),
        output_padding=tuple(more),
        dilation=stencil.dilation,
        groups=stencil.groups,
    )


def _options(stencil: Stencil) -> dict[str, Any]:
    geometry = stencil.kernel, stencil.stride, stencil.dilation
    # By name where it is "same": people read that more easily, and it follows when they change the kernel.
    same = stencil.stride == (1, 1) and stencil.pads == resolve_padding("same", None, *geometry, "merging")
    border = {"padding_mode": stencil.mode, "value": stencil.fill} if stencil.padded else {}
    return {
        "stride": stencil.stride,
        "dilation": stencil.dilation,
        "padding": "same" if same and stencil.padded else stencil.pads.sides,
        "operation": stencil.operation,
        **border,
    }
