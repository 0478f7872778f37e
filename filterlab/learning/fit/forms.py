"""The kernels that a constraint allows: where the best of them lies, and in which directions it may still move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.learning.fit.gram import NOISE, Gram
from filterlab.learning.wishes import KernelWish, orbits
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.functional.normal_equations import NormalEquations

MOST_TURNS = 500  # of alternating least squares, which converges linearly
MOST_SOUGHT = 1200  # weights of an output among which few are sought: each that goes costs their square
SETTLED = 1e-12  # relative change of the kernel below which it has ended
FIRST_ORDER = say(
    "the standard errors hold to first order: as if the best separable kernel were near the true one"
)
CHOSEN = say(
    "the standard errors are those of the weights that were kept, as if the others were known to be 0"
)
FREE = say("the standard errors are those of the weights above 0, as if the others were known to be 0")


@dataclass(frozen=True)
class KernelForm:
    """The kernels near the best one that satisfy a wish.

    start (n,): one of them, the best where the wish is curved. span (n, m): orthonormal directions in which they
    extend from it. mend: brings a kernel (n,) that was moved along them back where the form is curved. zero (n,): the
    weights that are held at 0. conditional: in words, what standard errors take for granted; "" where nothing.
    """

    start: Array
    span: Array
    mend: Callable[[Array], Array] = field(default=lambda kernel: kernel)
    zero: Array | None = None
    conditional: str = ""


def form_of(
    wish: KernelWish, gram: Gram, sums: NormalEquations, shape: tuple[int, ...], total: float | None
) -> KernelForm:
    """The form of a wish for kernels of shape (out, channels, kh, kw); out is 1 where the wish is curved.

    gram, sums: as they are at the kernel of zeros. total: the sum of each plane, None for any. Raises ParameterError
    where the target does not determine which weights are zero.
    """
    equal = _equal(wish, shape)
    slope = gram.slope(sums, np.zeros((1, len(equal))))[0]
    if wish.separable:
        return _separable(gram, slope, shape[1:])
    if wish.sparse:
        return _sparse(wish.most, equal, gram, sums, slope)
    if wish.nonnegative:
        return _nonnegative(equal, gram, slope, shape[1], total)
    return _linear(equal, shape[1], total)


def _equal(wish: KernelWish, shape: tuple[int, ...]) -> Array:
    """A column (n,) for each set of weights that must be equal: orthonormal, and 0 outside the set."""
    labels = orbits(wish.symmetries, (shape[2], shape[3]))
    plane = np.equal.outer(labels, np.arange(labels.max() + 1)).astype(np.float64)
    return np.kron(np.eye(shape[1]), plane / np.sqrt(plane.sum(axis=0)))


def _linear(equal: Array, channels: int, total: float | None) -> KernelForm:
    cells = len(equal) // channels
    if total is None:
        return KernelForm(np.zeros(len(equal)), equal)
    planes = np.kron(np.eye(channels), np.ones((1, cells)))  # each row sums one plane
    return KernelForm(np.full(len(equal), total / cells), equal @ _null_space(planes @ equal))


def _null_space(rows: Array) -> Array:
    """Orthonormal columns that all `rows` (r, m) map to 0."""
    _, values, vectors = np.linalg.svd(rows, full_matrices=True)
    kept = int((values > NOISE * max(values.max(initial=0), 1e-300)).sum())
    null: Array = vectors[kept:].T
    return null


# -- weights that are not negative -------------------------------------------------------------------


def _nonnegative(equal: Array, gram: Gram, slope: Array, channels: int, total: float | None) -> KernelForm:
    """By the active-set method of Lawson and Hanson; sums are met by rows of great weight at first, then exactly."""
    # Imported here: it takes a tenth of a second, and few fits ask for it.
    from scipy.optimize import nnls

    inner, along = equal.T @ gram.centred @ equal, equal.T @ slope
    values, vectors = np.linalg.eigh(inner)
    kept = values > NOISE * len(values) * values[-1]
    root = np.sqrt(values[kept])[:, None] * vectors[:, kept].T
    wanted = (vectors[:, kept].T @ along) / np.sqrt(values[kept])
    if total is not None:
        sums = np.kron(np.eye(channels), np.ones((1, len(equal) // channels))) @ equal
        heavy = 1e3 * np.sqrt(values[-1])
        root, wanted = np.vstack([root, heavy * sums]), np.append(wanted, np.full(channels, heavy * total))
    free = nnls(root, wanted)[0] > 0
    while True:
        form = _on(equal, free, channels, total)
        step = (slope - gram.centred @ form.start) @ gram.within(form.span).inverse
        kernel = form.start + step
        inside = equal.T @ kernel
        # Round-off leaves weights on either side of 0.
        negative = (inside <= NOISE * np.abs(inside).max(initial=0)) & free
        if not negative.any():
            break
        free &= ~negative  # the sum is met exactly now, which may leave a small weight just below 0
    return KernelForm(kernel, form.span, lambda moved: np.maximum(moved, 0), ~(equal @ free > 0), FREE)


def _on(equal: Array, free: Array, channels: int, total: float | None) -> KernelForm:
    """The kernels that are 0 outside some sets of weights, and whose planes have a sum."""
    kept = equal[:, free]
    if total is None:
        return KernelForm(np.zeros(len(equal)), kept)
    cells = len(equal) // channels
    inside = (kept.sum(axis=1) > 0).reshape(channels, cells)
    start = inside * (total / np.maximum(inside.sum(axis=1, keepdims=True), 1))
    planes = np.kron(np.eye(channels), np.ones((1, cells)))
    return KernelForm(start.reshape(-1), kept @ _null_space(planes @ kept))


# -- few weights --------------------------------------------------------------------------------------


def _sparse(most: int | None, equal: Array, gram: Gram, sums: NormalEquations, slope: Array) -> KernelForm:
    """Backward elimination: the weight whose loss costs least goes first.

    Without `most`, it goes as long as it raises the sum of squared errors by less than s^2 (log N + 2 log n), the
    extended Bayesian information criterion (Chen and Chen 2008): s^2 the variance of the errors with all n weights,
    N the windows.
    """
    if equal.shape[1] > MOST_SOUGHT:
        what = say("few weights are sought among {}", equal.shape[1])
        hint = say("at most {}: use a smaller size or groups", MOST_SOUGHT)
        raise ParameterError(what, "fit_kernel", hint, parameter="constraint")
    full = gram.within(equal)
    if not full.unique:
        what = say("the pictures do not determine which weights are zero")
        raise ParameterError(
            what, "fit_kernel", say("choose a smaller kernel, or a ridge"), parameter="constraint"
        )
    inverse, sets = equal.T @ full.inverse @ equal, equal.shape[1]
    values = inverse @ (equal.T @ slope)
    dearest = np.inf if most is not None else _price(sums, gram, slope, equal @ values, sets)
    kept = np.ones(sets, bool)
    # A set of equal weights counts as one in the rule, and as its members where their number is given.
    members = (equal != 0).sum(axis=0)
    while kept.any() and (most is None or members[kept].sum() > most):
        places = np.flatnonzero(kept)
        rises = values[places] ** 2 / np.diag(inverse)[places]
        out = places[rises.argmin()]
        if rises.min() >= dearest:
            break
        column = inverse[:, out] / inverse[out, out]
        values -= column * values[out]
        inverse -= np.outer(column, inverse[out])
        kept[out] = False
    return KernelForm(
        equal @ np.where(kept, values, 0), equal[:, kept], zero=equal @ kept == 0, conditional=CHOSEN
    )


def _price(sums: NormalEquations, gram: Gram, slope: Array, kernel: Array, sets: int) -> float:
    """How much a weight must lower the sum of squared errors to be kept."""
    squares = float(sums.squares[0]) - (float(sums.errors[0]) ** 2 / sums.count if gram.bias else 0)
    left = squares - 2 * kernel @ slope + kernel @ gram.centred @ kernel
    # Below round-off nothing can be told apart, and a target without noise would keep every weight.
    noise = max(left / max(sums.count - sets - gram.bias, 1), NOISE * float(sums.squares[0]) / sums.count)
    return float(noise * (np.log(sums.count) + 2 * np.log(sets)))


# -- separable kernels --------------------------------------------------------------------------------


def _separable(gram: Gram, slope: Array, shape: tuple[int, ...]) -> KernelForm:
    """By alternating least squares, from the nearest separable kernel to the one without constraint."""

    def mend(kernel: Array) -> Array:
        cols, rows = _factors(kernel.reshape(shape))
        return np.einsum("cu,cv->cuv", cols, rows).reshape(-1)

    kernel = mend(slope @ gram.inverse)
    for _ in range(MOST_TURNS):
        before = kernel
        # The columns for fixed rows, then the rows for the columns found: each is a linear problem.
        for across in (False, True):
            span = _strips(_factors(kernel.reshape(shape))[not across], shape, across)
            kernel = slope @ gram.within(span).inverse
        if np.linalg.norm(kernel - before) <= SETTLED * np.linalg.norm(kernel):
            break
    cols, rows = _factors(kernel.reshape(shape))
    return KernelForm(mend(kernel), _tangent(cols, rows, shape), mend, None, FIRST_ORDER)


def _factors(planes: Array) -> tuple[Array, Array]:
    """The column (c, kh) and the row (c, kw) whose product is the nearest separable plane to each of (c, kh, kw)."""
    left, values, right = np.linalg.svd(planes, full_matrices=False)
    return left[:, :, 0] * values[:, :1], right[:, 0]


def _strips(fixed: Array, shape: tuple[int, ...], across: bool) -> Array:
    """Orthonormal kernels (n, m): one factor of each channel is `fixed`, the other a single cell."""
    channels, height, width = shape
    norms = np.linalg.norm(fixed, axis=1, keepdims=True)
    unit = np.where(norms > 0, fixed / np.where(norms > 0, norms, 1), np.eye(1, fixed.shape[1]))
    free = np.eye(width if across else height)
    path = "cu,vm->cuvm" if across else "cv,um->cuvm"
    blocks = np.einsum(path, unit, free)  # (c, kh, kw, m)
    span = np.einsum("cuvm,cd->cuvdm", blocks, np.eye(channels))
    return span.reshape(channels * height * width, -1)


def _tangent(cols: Array, rows: Array, shape: tuple[int, ...]) -> Array:
    """Orthonormal directions in which separable kernels extend from the one with these factors: kh + kw - 1 a plane."""
    both = np.concatenate([_strips(rows, shape, False), _strips(cols, shape, True)], axis=1)
    left, values, _ = np.linalg.svd(both, full_matrices=False)
    tangent: Array = left[:, values > 1e-6]
    return tangent
