"""Solving normal equations, and telling whether they have one answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filterlab.errors import ParameterError
from filterlab.forking import no_fork
from filterlab.functional.arrays import Array
from filterlab.functional.normal_equations import NormalEquations
from filterlab.functional.threads import single_threaded_blas
from filterlab.text.messages import say

# Relative to its diagonal, what an entry of A'A may be wrong by after millions of additions.
NOISE = 64 * float(np.finfo(np.float64).eps)
# Contrast, relative to the mean, below which a channel counts as constant: float32 holds no less.
FLAT = 1e-7


@dataclass(frozen=True)
class Gram:
    """A'A, centred where there is a bias, inverted; directions that cannot be told from zero are left out.

    condition: of A, centred alike: greatest by least singular value, infinite where the answer is not unique.
    """

    matrix: Array
    inverse: Array
    unique: bool
    condition: float
    bias: bool
    ridge: float

    @classmethod
    def of(cls, sums: NormalEquations, bias: bool, ridge: float, shift: Array) -> Gram:
        """From the sums of the first turn, with A'A; shift (n,): what was taken from each input beforehand.

        Raises ParameterError where they overflow.
        """
        assert sums.gram is not None, "the first turn asks for it"
        centred = sums.gram - np.outer(sums.inputs, sums.inputs) / sums.count if bias else sums.gram
        with np.errstate(over="ignore", invalid="ignore"):  # told below
            centred = centred + ridge * sums.count * np.eye(len(centred))
        if not np.isfinite(centred).all():
            what = say("the sums of squares overflow")
            hint = say("divide the pictures by a number, or choose a smaller ridge")
            raise ParameterError(what, "fit_kernel", hint, parameter="ridge")
        size = np.maximum(np.diag(centred), (FLAT * shift) ** 2 * sums.count)
        with single_threaded_blas():  # its threads gain nothing here and get into each other's way
            inverse, unique, condition = _inverse(centred, np.where(size > 0, size, 1))
        return cls(sums.gram, inverse, unique, condition, bias, ridge)

    @no_fork()
    def step(self, sums: NormalEquations, weight: Array) -> tuple[Array, Array]:
        """What the smallest solution adds to `weight` (out, n), and to the bias (out,), from the sums there."""
        slope = sums.cross - self.ridge * sums.count * weight
        if not self.bias:
            return slope @ self.inverse, np.zeros(len(weight))
        step = (slope - np.outer(sums.errors, sums.inputs) / sums.count) @ self.inverse
        return step, (sums.errors - step @ sums.inputs) / sums.count

    @no_fork()
    def squares_after(self, sums: NormalEquations, step: Array, rise: Array) -> Array:
        """The sum of squared errors (out,) once weight and bias have moved by `step` (out, n) and `rise` (out,)."""
        along = np.einsum("on,on->o", step, sums.cross) + rise * sums.errors
        curve = np.einsum("on,on->o", step @ self.matrix, step)
        both = 2 * rise * (step @ sums.inputs) + rise**2 * sums.count
        return np.maximum(sums.squares - 2 * along + curve + both, 0)


@no_fork()
def _inverse(matrix: Array, size: Array) -> tuple[Array, bool, float]:
    """The (pseudo-)inverse, whether it is the inverse, and the condition number."""
    # Every unknown in its own unit, so that a dark channel does not pass for a missing one.
    unit = 1 / np.sqrt(size)
    least = NOISE * len(matrix)
    values, vectors = np.linalg.eigh(matrix * np.outer(unit, unit))
    if values[0] > least:
        scaled = unit[:, None] * vectors
        inverse = scaled / values @ scaled.T
        # The least eigenvalue of the matrix is one over the greatest of its inverse, which holds more digits.
        return inverse, True, float(np.sqrt(_greatest(matrix) * _greatest(inverse)))
    # All in one unit, because here the size of the solution counts.
    values, vectors = np.linalg.eigh(matrix)
    kept = values > least * size.mean()
    return vectors[:, kept] / values[kept] @ vectors[:, kept].T, False, np.inf


def _greatest(matrix: Array) -> float:
    """The greatest eigenvalue of a symmetric matrix."""
    return float(np.linalg.eigvalsh(matrix)[-1])
