"""Two-dimensional convolution and its gradients: what callers see. The package's docstring says how it is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from filterlab.functional.arrays import Array, as_maps, like, map_gradient, unbatch
from filterlab.functional.conv.plan import ConvOptions, ConvPlan, check_bias, gradient_plans, plan_conv2d
from filterlab.functional.geometry import Pads, Pair
from filterlab.functional.padding import scatter_maps, unpad_maps
from filterlab.functional.prepared import InPlace, followed
from filterlab.functional.threads import check_wanted

if TYPE_CHECKING:
    from filterlab.functional.conv.methods import Method

__all__ = [
    "conv2d",
    "conv2d_backward",
    "conv2d_blocks",
    "conv2d_input_backward",
    "conv2d_method",
    "conv2d_weight_backward",
    "prepared_conv2d",
]


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    value: float = 0.0,
) -> Array:
    """Cross-correlation of maps with kernels, as torch.nn.functional.conv2d.

        y[o, i, j] = bias[o] + sum over c, u, v of
            weight[o, c, u, v] * x[c, i * stride + u * dilation - pad, j * stride + v * dilation - pad]

    x: (C, H, W) or (N, C, H, W), float32 or float64; y has its rank and dtype. weight: (out, C / groups, kh, kw).
    bias: (out,). stride, dilation: an int or (height, width). padding: an int, (h, w), ((top, bottom), (left, right)),
    "valid", "same" (out = ceil(n / stride), the odd cell after) or "full"; padding_mode: what the padding shows,
    which is `value` for "constant". Raises ShapeError, ChannelError, ParameterError.
    """
    maps, kernel, plan = _prepare(x, weight, stride, padding, dilation, groups, padding_mode, value)
    addition = check_bias(bias, maps, plan.outputs, "conv2d")
    return unbatch(correlate(maps, kernel, addition, plan), x)


def prepared_conv2d(
    shape: tuple[int, ...],
    dtype: Any,
    weight: Any,
    bias: Any = None,
    then: Sequence[InPlace] = (),
    **options: Unpack[ConvOptions],
) -> Callable[[Array], Array]:
    """Return `conv2d` as a function of maps (N, C, H, W) of this shape and dtype, which works nothing out again.

    It checks nothing either, and weight and bias must not be written into. then: operations in place on the output, one
    after the other, each called with a part (n, channels, rows, columns) and the slice of channels that it is; they
    must take each value by itself. Raises as `conv2d`.
    """
    model = np.empty((0, *shape[1:]), dtype)
    kernel = like(weight, model, "conv2d", "weight")
    plan = plan_conv2d(tuple(shape), kernel.shape, **options)
    addition, left = check_bias(bias, model, plan.outputs, "conv2d"), plan.trimmed
    from filterlab.functional.conv import methods

    if left is not None:
        return methods.prepared(kernel[:, :, *left[1]], addition, left[0], then)

    return followed(lambda x: correlate(x, kernel, addition, plan), then)


def conv2d_backward(
    dy: Any, x: Any, weight: Any, bias: Any = None, **options: Unpack[ConvOptions]
) -> tuple[Array, Array, Array | None]:
    """Gradients (dx, dweight, dbias) of `conv2d`, from `dy` in the shape of its result.

    dbias is None without a bias. Raises as `conv2d`, and ShapeError for another shape of dy.
    """
    maps, kernel, plan = _prepare(x, weight, **options)
    gradient = map_gradient(dy, x, maps, plan.out_shape, "conv2d_backward")
    dbias = None if bias is None else bias_gradient(gradient)
    return unbatch(input_gradient(gradient, kernel, plan), x), weight_gradient(gradient, maps, plan), dbias


def conv2d_input_backward(dy: Any, x: Any, weight: Any, **options: Unpack[ConvOptions]) -> Array:
    """Return the gradient of `conv2d` with respect to x alone, at half the cost of `conv2d_backward`."""
    maps, kernel, plan = _prepare(x, weight, **options)
    gradient = map_gradient(dy, x, maps, plan.out_shape, "conv2d_backward")
    return unbatch(input_gradient(gradient, kernel, plan), x)


def conv2d_weight_backward(
    dy: Any, x: Any, weight: Any, bias: Any = None, **options: Unpack[ConvOptions]
) -> tuple[Array, Array | None]:
    """Return the gradients of `conv2d` with respect to weight and bias alone: a first layer needs no others."""
    maps, _, plan = _prepare(x, weight, **options)
    gradient = map_gradient(dy, x, maps, plan.out_shape, "conv2d_backward")
    return weight_gradient(gradient, maps, plan), None if bias is None else bias_gradient(gradient)


def conv2d_method(
    x_shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
    *,
    weight: Any = None,
    **options: Unpack[ConvOptions],
) -> Method:
    """Return the method that `conv2d` takes for float32 maps of these shapes: its .name, and .reason, which says why.

    weight: the kernels themselves, if they may be separable; without them they are taken for kernels that are not.
    Raises as `conv2d`. `filterlab.functional.conv` lists all methods.
    """
    from filterlab.functional.conv import methods

    shape = tuple(x_shape) if len(x_shape) == 4 else (1, *x_shape)
    plan = plan_conv2d(shape, tuple(weight_shape), **options)
    left = plan.trimmed
    # Where no tap sees the picture nothing is summed, whichever method is named.
    plan = left[0] if left else replace(plan, kernel=(1, 1), pads=Pads(0, 0, 0, 0))
    if weight is None or left is None:
        return methods.choose(methods.CORRELATION, plan, 4)
    return methods.choose_for(np.asarray(weight, np.float32)[:, :, *left[1]], plan)


def conv2d_blocks(
    x_shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
    weight: Callable[[], Any],
    **options: Unpack[ConvOptions],
) -> Pair:
    """Return the sides of the blocks of outputs that `conv2d` computes together; (1, 1) where it takes each by itself.

    Blocks lie side by side from the top left of the output. A part of a map that is computed by itself has the digits
    of the whole where it consists of whole blocks. weight: called for the kernels where these decide. Raises as
    `conv2d`.
    """
    # The weights are asked for last, as a layer may have to make them first.
    if conv2d_method(x_shape, weight_shape, **options).sides is None:
        return 1, 1
    sides = conv2d_method(x_shape, weight_shape, weight=weight(), **options).sides
    return (1, 1) if sides is None else sides(weight_shape[2], weight_shape[3])


def _prepare(
    x: Any, weight: Any, *options: Any, **named: Unpack[ConvOptions]
) -> tuple[Array, Array, ConvPlan]:
    maps = as_maps(x, "conv2d")
    kernel = like(weight, maps, "conv2d", "weight")
    return maps, kernel, plan_conv2d(maps.shape, kernel.shape, *options, **named)


def correlate(
    x: Array, weight: Array, bias: Array | None, plan: ConvPlan, *, directly: bool = False
) -> Array:
    """Return the cross-correlation of a plan, (n, outputs, h, w); all arrays in one dtype.

    directly: by no method that computes blocks of outputs together, see `conv2d_blocks`.
    """
    # Not at the top: with this module the compiler loads, which takes a while.
    from filterlab.functional.conv import methods

    left = plan.trimmed
    if left is None:
        y = np.zeros(plan.out_shape, x.dtype)
        return y if bias is None else y + bias[:, None, None]
    plan, (rows, cols) = left
    weight = weight[:, :, rows, cols]
    return methods.choose_for(weight, plan, directly).run(x, weight, bias, plan)


def input_gradient(dy: Array, weight: Array, plan: ConvPlan, *, directly: bool = False) -> Array:
    """Return the gradient with respect to the input (n, channels, h, w): correlations of `dy`, one for each phase.

    directly: as for `correlate`.
    """
    correlation = partial(correlate, directly=directly)
    if plan.mode == "constant":
        # What the padding shows does not reach the input, and taps that see nothing else can be left out.
        plan = replace(plan, mode="zeros", fill=0.0)
    elif plan.mode == "replicate" and plan.excessive:
        return _tapwise_input_gradient(dy, weight, plan)
    left = plan.trimmed
    if left is None:
        return np.zeros((plan.images, plan.channels, *plan.size), dy.dtype)
    plan, (rows, cols) = left
    weight = weight[:, :, rows, cols]
    turned = _transposed(weight, plan.groups)  # and, by the slices of the phases, turned by 180 degrees
    if plan.stride == (1, 1) and (phases := gradient_plans(plan)):
        _, (rows, cols), phase = phases[0]
        dx = correlation(dy, turned[:, :, rows, cols], None, phase)
        return unpad_maps(dx, plan.size, plan.pads, plan.mode, "conv2d")
    from filterlab.functional.conv.interleaving import interleaved_gradient

    if plan.mode == "zeros" and min(plan.pads) >= 0:
        return interleaved_gradient(dy, turned, plan, (plan.pads.top, plan.pads.left), plan.size, correlation)
    padded = len(plan.rows.index), len(plan.cols.index)
    dx = interleaved_gradient(dy, turned, plan, (0, 0), padded, correlation)
    return unpad_maps(dx, plan.size, plan.pads, plan.mode, "conv2d")


def _tapwise_input_gradient(dy: Array, weight: Array, plan: ConvPlan) -> Array:
    """As `input_gradient`, tap by tap: the padded picture, which may have billions of cells, is not laid out.

    "zeros" and "constant" leave out taps instead, and the other modes allow no such padding.
    """
    dx = np.zeros((plan.images, plan.channels, *plan.size), dy.dtype)
    flow = dy.reshape(plan.images, plan.groups, -1, *plan.out)
    split = weight.reshape(plan.groups, -1, *weight.shape[1:])
    rows, cols = plan.rows.index, plan.cols.index
    starts = [np.arange(n) * stride for n, stride in zip(plan.out, plan.stride, strict=True)]
    for u, v in np.ndindex(plan.kernel):
        check_wanted()
        with np.errstate(all="ignore"):
            part = np.einsum("goc,ngohw->ngchw", split[..., u, v], flow)
            part = part.reshape(plan.images, plan.channels, *plan.out)
            down, across = rows[starts[0] + u * plan.dilation[0]], cols[starts[1] + v * plan.dilation[1]]
            dx += scatter_maps(part, down, across, plan.size)
    return dx


def _transposed(weight: Array, groups: int) -> Array:
    """(out, in / groups, ...) as (in, out / groups, ...): the kernels as the input's channels see them."""
    outputs, inputs, *kernel = weight.shape
    split = weight.reshape(groups, outputs // groups, inputs, *kernel)
    return split.swapaxes(1, 2).reshape(groups * inputs, outputs // groups, *kernel)


def weight_gradient(dy: Array, x: Array, plan: ConvPlan) -> Array:
    """Return the gradient with respect to the weight, in its shape."""
    from filterlab.functional.conv import methods

    dweight = np.zeros((plan.outputs, plan.channels // plan.groups, *plan.kernel), x.dtype)
    left = plan.trimmed
    if left is not None:
        plan, (rows, cols) = left
        dweight[:, :, rows, cols] = methods.choose(methods.WEIGHT_GRADIENT, plan, x.itemsize).run(dy, x, plan)
    return dweight


def bias_gradient(dy: Array) -> Array:
    """Return the gradient with respect to the bias: sums over images and positions, in double precision."""
    return dy.sum(axis=(0, 2, 3), dtype=np.float64).astype(dy.dtype)
