"""The kernel that turns one picture into another, by least squares.

An unknown blur, from a picture before and after::

    before = fl.read_image(samples()["coins"])  # filterlab.resources.samples
    after = fl.Pipeline([fl.Filter2d({"preset": "gaussian", "size": 7, "sigma": 1.2})]).run(before)["filter1"]
    blur = fl.fit_kernel(before, after, 7)
    again = fl.Pipeline([fl.Filter2d(blur)])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from filterlab.errors import ParameterError, ShapeError
from filterlab.functional.arrays import Array, as_float, shape_text
from filterlab.functional.conv.plan import ConvPlan, plan_conv2d
from filterlab.functional.geometry import Pair, is_int, pair
from filterlab.functional.threads import Cancel, cancellable, single_threaded_blas
from filterlab.learning.fit.certainty import Solved, certainty
from filterlab.learning.fit.fitted import FittedKernel, Quality
from filterlab.learning.fit.forms import KernelForm, form_of
from filterlab.learning.fit.gram import Gram
from filterlab.learning.fit.registering import Registration, find_shift
from filterlab.learning.options import FILL, RIDGE
from filterlab.learning.wishes import KernelWish, read_wish
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
    constraint: Any = None,
    gain: bool = False,
    register: bool = False,
    cancel: Cancel | None = None,
) -> FittedKernel:
    """The kernel (and bias) whose cross-correlation with `image` comes closest to `target` in least squares.

    image: (H, W), (C, H, W) or a batch (N, C, H, W); target: the same with its own channels, in the size of the
    output. With padding "valid" it may also have the size of the picture: the windows that reach over the border are
    then ignored. padding, padding_mode, value, groups: as for `functional.conv2d`. shared: one kernel for all
    channels, each filtered by itself, as in `Filter2d`. ridge: minimizes mean square error + ridge * sum of squared
    weights. constraint: a word, or a list of words, of `filterlab.learning.wishes`, such as "symmetric", "radial",
    "unit_sum", "nonnegative", "separable", "sparse".

    gain: fits target = gain * filtered + bias, as a camera with another exposure gives it. Gain and kernel are told
    apart only by the sum of the weights, which is held at 1, or at the sum that the constraint names; the weights of
    all input channels count together. register: the target may be shifted against the picture, by fractions of a
    pixel, and cropped (see `find_shift`); only the windows inside their overlap count, whatever the padding. All of
    the shift is taken out, and with it the off-centre part of the kernel, which is a shift as well: the kernel is
    found around its middle cell, ((kh - 1) // 2, (kw - 1) // 2). Without `register`, the kernel holds the shift, as
    far as it reaches. Where no shift is found with confidence, pictures of one size are taken as they are, and
    `registration` says so.

    Returns an array, (kh, kw) where one channel makes one (and for `shared`), else (out, in / groups, kh, kw), in the
    precision of the pictures, with the attributes `bias`, `residual`, `r2`, `condition`, `unique`, `standard_error`
    and, for a target that was stored in 8 bits, `rounding_bound()`: see `FittedKernel`. Where several kernels fit
    equally well (a constant picture), `unique` is False and the smallest of them is returned.

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
    registration = None
    if register:
        registration = _registered(x, y)
        if registration.found and not registration.identity:
            x, y = (a[None] for a in registration.overlap(x[0], y[0]))
            padding = "valid"
    if shared:
        # Every channel becomes a picture of one channel, so that one kernel has to serve all of them.
        x, y = (a.reshape(-1, 1, *a.shape[2:]) for a in (x, y))
    kernel = pair(size, "size", "fit_kernel", 1)
    fill = FILL.read(value, "fit_kernel")
    border = {"padding": padding, "padding_mode": padding_mode, "value": fill}
    task = _FitTask(kernel, border, bias or gain, ridge, read_wish(constraint), gain)
    with cancellable(cancel), _unplaced(registration):
        parts = [_fit(*part, task) for part in _parts(x, y, groups, each=task.wish.curved)]
    return _together(parts, task.bias, single, dtype, registration)


@dataclass(frozen=True)
class _FitTask:
    """What is fitted: the arguments of `fit_kernel`, read."""

    kernel: Pair
    border: dict[str, Any]
    bias: bool
    ridge: float
    wish: KernelWish
    gain: bool

    @property
    def total(self) -> float | None:
        """The sum that each plane is held to; None with a gain, by which the weights are divided afterwards."""
        return None if self.gain else self.wish.total

    @property
    def unit(self) -> float | None:
        """The sum that a gain leaves to the weights; None where no gain is fitted."""
        if not self.gain:
            return None
        return 1.0 if self.wish.total is None else self.wish.total


def _registered(x: Array, y: Array) -> Registration:
    if len(x) != 1:
        what = say("{} pictures cannot be registered at once", len(x))
        raise ParameterError(what, "fit_kernel", say("give one picture and its target"), parameter="register")
    return find_shift(x[0], y[0])


@contextmanager
def _unplaced(registration: Registration | None) -> Iterator[None]:
    """Say, of pictures whose sizes do not go together, that their place was sought in vain."""
    try:
        yield
    except ShapeError as error:
        if registration is None or registration.found:
            raise
        raise ShapeError(error.what, "fit_kernel", registration.words, parameter="target") from error


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


def _parts(x: Array, y: Array, groups: int, each: bool) -> list[tuple[Array, Array]]:
    """The pictures and targets of each group of channels. each: every channel of the target by itself."""
    pairs = zip(np.split(x, groups, axis=1), np.split(y, groups, axis=1), strict=True)
    return [(a, one) for a, b in pairs for one in (np.split(b, b.shape[1], axis=1) if each else [b])]


@dataclass(frozen=True)
class _Part:
    """The solution for one group of channels, in double precision."""

    weight: Array
    bias: Array
    quality: Quality


def _fit(x: Array, y: Array, task: _FitTask) -> _Part:
    # Here, because it loads the compiler, which the window is not to wait for when it starts.
    from filterlab.functional.normal_equations import normal_equations

    shape = (y.shape[1], x.shape[1], *task.kernel)
    if np.prod(shape[1:]) > MOST_UNKNOWNS:
        what = say("{} are {} unknown weights for each output", shape_text(shape[1:]), np.prod(shape[1:]))
        hint = say("at most {}: use a smaller size or groups, or learn it by gradient descent", MOST_UNKNOWNS)
        raise ParameterError(what, "fit_kernel", hint, parameter="size")
    plan = plan_conv2d(x.shape, shape, stride=1, dilation=1, groups=1, **task.border)
    y = _seen(y, x, plan, task.border["padding"])

    # A bias absorbs the mean of the picture. Subtracting it first avoids cancellation in large sums.
    shift = _means(x) if task.bias else np.zeros(shape[1])

    def sums(weight: Array, offset: Array, gram: bool) -> NormalEquations:
        return normal_equations(x, y, plan, weight.reshape(shape), offset, shift, gram=gram)

    solved = _solve(sums, shape, task, np.repeat(shift, shape[2] * shape[3]))
    with single_threaded_blas():
        found, weight, spread = certainty(solved, x, y, plan, shape, task.unit)
    quality = Quality.of(solved, spread.reshape(shape), found)
    # The bias belongs to the target: a gain that is taken out of the weights leaves it as it is.
    bias = solved.offset - solved.weight.reshape(shape).sum(axis=(2, 3)) @ shift
    return _Part(weight.reshape(shape), bias, quality)


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
    task: _FitTask,
    shift: Array,
) -> Solved:
    """Weight (out, n) and bias (out,): the equations are solved, then again for the residual, until nothing changes."""
    weight, offset = np.zeros((shape[0], int(np.prod(shape[1:])))), np.zeros(shape[0])
    found = start = sums(weight, offset, True)
    # After the sums, not before: NaN and infinity show in them, and a pass over the pictures is saved.
    _check_finite(start)
    gram = Gram.of(start, task.bias, task.ridge, shift)
    form = KernelForm(weight[0], np.eye(0))
    if task.wish:
        with single_threaded_blas():
            form = form_of(task.wish, gram, start, shape, task.total)
        gram = gram.within(form.span)
        weight = weight + form.start
        offset = gram.rise(start, weight)
        found = sums(weight, offset, False)
    last = np.inf
    for turn in range(MOST_TURNS):
        if turn:
            found = sums(weight, offset, False)
        step, rise = gram.step(found, weight)
        change = float(np.linalg.norm(step)) / max(float(np.linalg.norm(weight + step)), TINY)
        if change > last / 2:  # refinement has reached the precision of float64
            step, rise = np.zeros_like(step), np.zeros_like(rise)
        elif task.wish:
            step = np.array([form.mend(kernel) for kernel in weight + step]) - weight
            rise = gram.rise(found, step)
        weight, offset = weight + step, offset + rise
        if change <= ARRIVED or change > last / 2:
            break
        last = change
    return Solved(weight, offset, gram.squares_after(found, step, rise), start, gram, form, shift)


def _check_finite(sums: NormalEquations) -> None:
    assert sums.gram is not None, "the first turn asks for it"
    _refuse(np.isfinite([sums.inputs, np.diag(sums.gram)]).all(), "picture", "image")
    _refuse(np.isfinite(sums.squares).all(), "target", "target")


def _refuse(finite: Any, name: str, parameter: str) -> None:
    if not finite:
        what = say("the {} holds NaN or infinity, or numbers too large to be squared", name)
        raise ParameterError(what, "fit_kernel", "replace them first", parameter=parameter)


def _together(
    parts: list[_Part], bias: bool, single: bool, dtype: Any, registration: Registration | None
) -> FittedKernel:
    """The solutions of all groups as one kernel."""
    weight = np.concatenate([part.weight for part in parts]).astype(dtype)
    offset = np.concatenate([part.bias for part in parts]).astype(dtype) if bias else None
    return FittedKernel(
        weight, offset, Quality.together([part.quality for part in parts]), single, registration
    )
