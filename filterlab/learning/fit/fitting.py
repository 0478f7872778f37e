"""The kernel that turns one picture into another, by least squares.

An unknown blur, from a picture before and after::

    before = fl.read_image(samples()["coins"])  # filterlab.resources.samples
    after = fl.Pipeline([fl.Filter2d({"preset": "gaussian", "size": 7, "sigma": 1.2})]).run(before)["filter1"]
    blur = fl.fit_kernel(before, after, 7)
    again = fl.Pipeline([fl.Filter2d(blur)])
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_float, shape_text
from filterlab.functional.conv.plan import ConvPlan, plan_conv2d
from filterlab.functional.geometry import Pair, is_int, pair
from filterlab.functional.threads import Cancel, cancellable
from filterlab.learning.fit.fitted import FittedKernel, Quality
from filterlab.learning.fit.gram import Gram
from filterlab.learning.options import FILL, RIDGE
from filterlab.text.messages import count, say

if TYPE_CHECKING:
    from filterlab.functional.normal_equations import NormalEquations

MOST_UNKNOWNS = 4096  # weights of one output: their equations take 128 MB
MOST_TURNS = 5
TINY = float(np.finfo(np.float64).tiny)
ARRIVED = 1e-9  # relative change of the kernel below which refinement has converged


def fit_kernel(
    image: Any,
    target: Any,
    size: Any = (3, 3),
    bias: bool = False,
    *,
    padding: Any = "valid",
    padding_mode: str = "zeros",
    value: float = 0.0,
    ridge: float = 0.0,
    groups: int = 1,
    shared: bool = False,
    cancel: Cancel | None = None,
) -> FittedKernel:
    """The kernel (and bias) whose cross-correlation with `image` comes closest to `target` in least squares.

    image: (H, W), (C, H, W) or a batch (N, C, H, W); target: the same with its own channels, in the size of the
    output. With padding "valid" it may also have the size of the picture: the windows that reach over the border are
    then ignored. padding, padding_mode, value, groups: as for `functional.conv2d`. shared: one kernel for all
    channels, each filtered by itself, as in `Filter2d`. ridge: minimizes mean square error + ridge * sum of squared
    weights.

    Returns an array, (kh, kw) where one channel makes one (and for `shared`), else (out, in / groups, kh, kw), in the
    precision of the pictures, with the attributes `bias`, `residual`, `r2`, `condition`, `unique` and, for a target
    that was stored in 8 bits, `rounding_bound()`: see `FittedKernel`. Where several kernels fit equally well (a
    constant picture), `unique` is False and the smallest of them is returned.

    The normal equations are built from correlations in double precision, solved, and corrected with the true residual
    (iterative refinement), so that an exact kernel is found to float32 round-off, with the same digits on any number
    of threads. Memory does not depend on the size of the picture but on the unknown weights of an output, at most
    4096: 10 MB for 15x15, 1 GB at most. Raises ShapeError, ParameterError, Cancelled. An example is above, in this
    module.
    """
    ridge = RIDGE.read(ridge, "fit_kernel")
    x, y = _batch(image, "picture", "image"), _batch(target, "target", "target")
    _check_channels(x, y, groups, shared)
    single = shared or (x.shape[1] == 1 and y.shape[1] == 1)
    dtype = np.result_type(x, y)
    x, y = (a.astype(dtype, copy=False) for a in (x, y))
    if shared:
        # Every channel becomes a picture of one channel, so that one kernel has to serve all of them.
        x, y = (a.reshape(-1, 1, *a.shape[2:]) for a in (x, y))
    kernel = pair(size, "size", "fit_kernel", 1)
    fill = FILL.read(value, "fit_kernel")
    border = {"padding": padding, "padding_mode": padding_mode, "value": fill}
    with cancellable(cancel):
        parts = [_fit(*part, kernel, border, bias, ridge) for part in _parts(x, y, groups)]
    return _together(parts, bias, single, dtype)


def _batch(picture: Any, name: str, parameter: str) -> Array:
    array = as_float(picture, "fit_kernel", parameter)
    if array.ndim not in (2, 3, 4) or 0 in array.shape:
        what = say("the {} has shape {}", name, shape_text(array.shape))
        hint = say("give (H, W), (C, H, W) or (N, C, H, W)")
        raise ShapeError(what, "fit_kernel", hint, parameter=parameter)
    return array.reshape((1,) * (4 - array.ndim) + array.shape)


def _check_channels(x: Array, y: Array, groups: Any, shared: bool) -> None:
    if len(x) != len(y):
        what = say("the numbers of pictures and targets differ: {} and {}", len(x), len(y))
        raise ShapeError(what, "fit_kernel", "give a target for each", parameter="target")
    if shared and x.shape[1] != y.shape[1]:
        text = "the picture has {} channel, the target {}", "the picture has {} channels, the target {}"
        what = count(x.shape[1], *text, y.shape[1])
        hint = say("they must agree for a shared kernel")
        raise ShapeError(what, "fit_kernel", hint, parameter="shared")
    if not is_int(groups) or groups < 1 or x.shape[1] % groups or y.shape[1] % groups:
        what = say("groups is {!r} for {} channel(s) in and {} out", groups, x.shape[1], y.shape[1])
        raise ParameterError(what, "fit_kernel", "it must divide both", parameter="groups")


def _parts(x: Array, y: Array, groups: int) -> list[tuple[Array, Array]]:
    """The pictures and targets of each group of channels."""
    return list(zip(np.split(x, groups, axis=1), np.split(y, groups, axis=1), strict=True))


@dataclass(frozen=True)
class _Part:
    """The solution for one group of channels, in double precision."""

    weight: Array
    bias: Array
    quality: Quality


def _fit(x: Array, y: Array, kernel: Pair, border: dict[str, Any], bias: bool, ridge: float) -> _Part:
    # Here, because it loads the compiler, which the window is not to wait for when it starts.
    from filterlab.functional.normal_equations import normal_equations

    shape = (y.shape[1], x.shape[1], *kernel)
    if np.prod(shape[1:]) > MOST_UNKNOWNS:
        what = say("{} are {} unknown weights for each output", shape_text(shape[1:]), np.prod(shape[1:]))
        hint = say("at most {}: use a smaller size or groups, or learn it by gradient descent", MOST_UNKNOWNS)
        raise ParameterError(what, "fit_kernel", hint, parameter="size")
    plan = plan_conv2d(x.shape, shape, stride=1, dilation=1, groups=1, **border)
    y = _seen(y, x, plan, border["padding"])

    # A bias absorbs the mean of the picture. Subtracting it first avoids cancellation in large sums.
    shift = _means(x) if bias else np.zeros(shape[1])

    def sums(weight: Array, offset: Array, gram: bool) -> NormalEquations:
        return normal_equations(x, y, plan, weight.reshape(shape), offset, shift, gram=gram)

    weight, offset, quality = _solve(sums, shape, bias, ridge, shift)
    weight = weight.reshape(shape)
    return _Part(weight, offset - weight.sum(axis=(2, 3)) @ shift, quality)


def _means(x: Array) -> Array:
    """The mean of each channel. Infinities make it NaN, which is reported when the sums are checked."""
    with np.errstate(invalid="ignore", over="ignore"):
        means: Array = x.mean(axis=(0, 2, 3), dtype=np.float64)
    return means


def _seen(y: Array, x: Array, plan: ConvPlan, padding: Any) -> Array:
    """The part of the target that has a window."""
    rows, cols = plan.out_shape[2:]
    if y.shape[2:] == (rows, cols):
        return y
    if padding == "valid" and y.shape[2:] == x.shape[2:]:
        # As with "same" padding, the window is centred on the cell of the target.
        top, left = ((k - 1) // 2 for k in plan.kernel)
        return y[:, :, top : top + rows, left : left + cols]
    picture, legal = shape_text(x.shape[2:]), shape_text((rows, cols))
    also = f", or {picture} as the picture" if padding == "valid" else ""
    raise ShapeError(
        say(
            "the target is {}, the picture {} and the kernel {}",
            shape_text(y.shape[2:]),
            picture,
            shape_text(plan.kernel),
        ),
        "fit_kernel",
        say("with padding {!r} the target must be {}{}", padding, legal, also),
        parameter="target",
    )


def _solve(
    sums: Callable[[Array, Array, bool], NormalEquations],
    shape: tuple[int, ...],
    bias: bool,
    ridge: float,
    shift: Array,
) -> tuple[Array, Array, Quality]:
    """Weight (out, n) and bias (out,): the equations are solved, then again for the residual, until nothing changes."""
    weight, offset = np.zeros((shape[0], int(np.prod(shape[1:])))), np.zeros(shape[0])
    found = start = sums(weight, offset, True)
    # After the sums, not before: NaN and infinity show in them, and a pass over the pictures is saved.
    _check_finite(start)
    gram = Gram.of(start, bias, ridge, np.repeat(shift, shape[2] * shape[3]))
    last = np.inf
    for turn in range(MOST_TURNS):
        if turn:
            found = sums(weight, offset, False)
        step, rise = gram.step(found, weight)
        change = float(np.linalg.norm(step)) / max(float(np.linalg.norm(weight + step)), TINY)
        if change > last / 2:  # refinement has reached the precision of float64
            step, rise = np.zeros_like(step), np.zeros_like(rise)
        weight, offset = weight + step, offset + rise
        if change <= ARRIVED or change > last / 2:
            break
        last = change
    return weight, offset, Quality.of(start, gram.squares_after(found, step, rise), gram, shape)


def _check_finite(sums: NormalEquations) -> None:
    assert sums.gram is not None, "the first turn asks for it"
    _refuse(np.isfinite([sums.inputs, np.diag(sums.gram)]).all(), "picture", "image")
    _refuse(np.isfinite(sums.squares).all(), "target", "target")


def _refuse(finite: Any, name: str, parameter: str) -> None:
    if not finite:
        what = say("the {} holds NaN or infinity, or numbers too large to be squared", name)
        raise ParameterError(what, "fit_kernel", "replace them first", parameter=parameter)


def _together(parts: list[_Part], bias: bool, single: bool, dtype: Any) -> FittedKernel:
    """The solutions of all groups as one kernel."""
    weight = np.concatenate([part.weight for part in parts]).astype(dtype)
    offset = np.concatenate([part.bias for part in parts]).astype(dtype) if bias else None
    return FittedKernel(weight, offset, Quality.together([part.quality for part in parts]), single)
