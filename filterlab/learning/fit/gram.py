"""Solving normal equations, and deciding whether they have a single solution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from filterlab.errors import ParameterError
from filterlab.forking import no_fork
from filterlab.functional.arrays import Array
from filterlab.functional.threads import single_threaded_blas
from filterlab.text.messages import say

if TYPE_CHECKING:
    # It compiles, and importing the compiler takes a fifth of a second of the window's start.
    from filterlab.functional.normal_equations import NormalEquations

# The error of an entry of A'A after millions of additions, relative to its diagonal.
NOISE = 64 * float(np.finfo(np.float64).eps)
# Contrast relative to the mean below which a channel counts as constant: float32 resolves no less.
FLAT = 1e-7


@dataclass(frozen=True)
class Gram:
    """The inverse of A'A, centred where there is a bias; directions that cannot be told from zero are left out.

    condition: of A, centred alike: the largest over the smallest singular value, infinite where the solution is not
    unique. centred: A'A after centring, with the ridge. size (n,): the square of each unknown's scale. freedom: the
    number of directions in which the kernel may move.
    """

    matrix: Array
    centred: Array
    size: Array
    inverse: Array
    unique: bool
    condition: float
    freedom: int
    bias: bool
    ridge: float

    @classmethod
    def of(cls, sums: NormalEquations, bias: bool, ridge: float, shift: Array) -> Gram:
        """The inverse from the first sums, among them A'A. shift (n,): subtracted from each input before.

        Raises ParameterError where the sums overflow.
        """
        assert sums.gram is not None, "the first turn asks for it"
        centred = sums.gram - np.outer(sums.inputs, sums.inputs) / sums.count if bias else sums.gram
        with np.errstate(over="ignore", invalid="ignore"):  # reported below
            # `ridge` is measured against the mean square error, so here it is multiplied by the number of windows.
            centred = centred + ridge * sums.count * np.eye(len(centred))
        if not np.isfinite(centred).all():
            what = say("the sums of squares overflow")
            hint = say("divide the pictures by a number, or choose a smaller ridge")
            raise ParameterError(what, "fit_kernel", hint, parameter="ridge")
        # At least the contrast that float32 resolves beside the mean; else a constant channel would grow to noise.
        size = np.maximum(np.diag(centred), (FLAT * shift) ** 2 * sums.count)
        size = np.where(size > 0, size, 1)
        with single_threaded_blas():  # BLAS threads gain nothing here, and get in each other's way
            inverse, unique, condition = _inverse(centred, size)
        return cls(sums.gram, centred, size, inverse, unique, condition, len(centred), bias, ridge)

    def within(self, span: Array) -> Gram:
        """The same for kernels that may move only along the columns of `span` (n, m), which are orthonormal."""
        if not span.shape[1]:
            return replace(self, inverse=np.zeros_like(self.centred), unique=True, condition=1.0, freedom=0)
        with single_threaded_blas():
            inner, unique, condition = _inverse(span.T @ self.centred @ span, self.size @ span**2)
            inverse = span @ inner @ span.T
        return replace(self, inverse=inverse, unique=unique, condition=condition, freedom=span.shape[1])

    def slope(self, sums: NormalEquations, weight: Array) -> Array:
        """How fast half the sum of squares, with the ridge and at the best bias, falls along each weight (out, n)."""
        slope = sums.cross - self.ridge * sums.count * weight
        return slope - np.outer(sums.errors, sums.inputs) / sums.count if self.bias else slope

    @no_fork()
    def step(self, sums: NormalEquations, weight: Array) -> tuple[Array, Array]:
        """The smallest correction of `weight` (out, n) and of the bias (out,), from the sums at that weight."""
        step = self.slope(sums, weight) @ self.inverse
        return step, self.rise(sums, step)

    def rise(self, sums: NormalEquations, step: Array) -> Array:
        """How far the best bias (out,) moves when the weights move by `step` (out, n)."""
        if not self.bias:
            return np.zeros(len(step))
        rise: Array = (sums.errors - step @ sums.inputs) / sums.count
        return rise

    @no_fork()
    def squares_after(self, sums: NormalEquations, step: Array, rise: Array) -> Array:
        """The sum of squared errors (out,) once weight and bias have moved by `step` (out, n) and `rise` (out,)."""
        # Expanded around the old weight, so that no further pass over the pictures is needed.
        along = np.einsum("on,on->o", step, sums.cross) + rise * sums.errors
        curve = np.einsum("on,on->o", step @ self.matrix, step)
        both = 2 * rise * (step @ sums.inputs) + rise**2 * sums.count
        return np.maximum(sums.squares - 2 * along + curve + both, 0)


@no_fork()
def _inverse(matrix: Array, size: Array) -> tuple[Array, bool, float]:
    """The (pseudo-)inverse, whether it is the true inverse, and the condition number."""
    # Each unknown is scaled to unit size, so that a dark channel is not mistaken for a missing one.
    unit = 1 / np.sqrt(size)
    least = NOISE * len(matrix)
    values, vectors = np.linalg.eigh(matrix * np.outer(unit, unit))
    if values[0] > least:
        scaled = unit[:, None] * vectors
        inverse = scaled / values @ scaled.T
        # The smallest eigenvalue is 1 / (the largest of the inverse), which is computed to more digits.
        return inverse, True, float(np.sqrt(_greatest(matrix) * _greatest(inverse)))
    # Without scaling here: the smallest solution is meant in the units of the weights.
    values, vectors = np.linalg.eigh(matrix)
    kept = values > least * size.mean()
    return vectors[:, kept] / values[kept] @ vectors[:, kept].T, False, np.inf


def _greatest(matrix: Array) -> float:
    """The largest eigenvalue of a symmetric matrix."""
    return float(np.linalg.eigvalsh(matrix)[-1])
