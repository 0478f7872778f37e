"""What a least-squares fit of a kernel tells: the kernel, and how far it is to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.normal_equations import NormalEquations
from filterlab.pipeline.gram import NOISE, Gram

DEVIATIONS = 6  # standard deviations that `rounding_bound` allows for


@dataclass(frozen=True)
class Quality:
    """How good a fit is.

    squares: of the errors; total: of the target's deviations from its mean; nothing: what is round-off in these.
    spread: standard deviation of each weight for noise of one in the target, in the shape of the weight.
    """

    squares: float
    total: float
    nothing: float
    values: int
    condition: float
    unique: bool
    spread: Array

    @classmethod
    def of(cls, start: NormalEquations, squares: Array, gram: Gram, shape: tuple[int, ...]) -> Quality:
        """From the sums before anything was fitted, and the squared errors after."""
        total = start.squares - start.errors**2 / start.count
        spread = np.sqrt(np.maximum(np.diag(gram.inverse), 0)).reshape(1, *shape[1:])
        return cls(
            float(squares.sum()),
            float(total.sum()),
            NOISE * float(start.squares.sum()),
            start.count * shape[0],
            gram.condition,
            gram.unique,
            np.repeat(spread, shape[0], axis=0),
        )

    @classmethod
    def together(cls, parts: Sequence[Quality]) -> Quality:
        """Of several groups of channels: sums, and the worst condition."""
        return cls(
            sum(p.squares for p in parts),
            sum(p.total for p in parts),
            sum(p.nothing for p in parts),
            sum(p.values for p in parts),
            max(p.condition for p in parts),
            all(p.unique for p in parts),
            np.concatenate([p.spread for p in parts]),
        )


class FittedKernel(np.ndarray):
    """A fitted kernel: an array of its weights, (kh, kw) or (out, in / groups, kh, kw), that also says

    kernel: the same numbers as a plain array. weight: with four axes, as `Conv2d` takes it.
    bias: a number beside a (kh, kw) kernel, else (out,); None where none was fitted.
    residual: root mean square of what the kernel leaves of the target. r2: the share of the target's variance
    that it explains. condition: of the equations: noise in the target may come back so much larger in the kernel.
    unique: False where other kernels serve as well; this is then the smallest. note: that in words, else "".

    Arithmetic with it gives plain arrays.
    """

    _weight: Array
    _bias: Array | None
    _quality: Quality

    def __new__(cls, weight: Array, bias: Array | None, quality: Quality, single: bool) -> FittedKernel:
        made = (weight[0, 0] if single else weight).view(cls)
        made._weight, made._bias, made._quality = weight, bias, quality
        return made

    def __getitem__(self, place: Any) -> Any:
        return np.asarray(self)[place]

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array[()] if return_scalar else np.asarray(array)

    def __reduce__(self) -> tuple[Any, ...]:
        return FittedKernel, (self._weight, self._bias, self._quality, self.ndim == 2)

    @property
    def kernel(self) -> Array:
        """The numbers as a plain array."""
        return np.asarray(self)

    @property
    def weight(self) -> Array:
        """(out, in / groups, kh, kw), as `Conv2d` takes it."""
        return self._weight

    @property
    def bias(self) -> Any:
        """A number beside a (kh, kw) kernel, else (out,); None where none was fitted."""
        return self._bias[0] if self._bias is not None and self.ndim == 2 else self._bias

    @property
    def residual(self) -> float:
        """Root mean square of target minus prediction."""
        return float(np.sqrt(self._quality.squares / self._quality.values))

    @property
    def r2(self) -> float:
        """1 - squared errors / squared deviations of the target from its mean; 1 at best, below 0 possible."""
        found = self._quality
        if found.total > found.nothing:
            return 1 - found.squares / found.total
        return 1.0 if found.squares <= found.nothing else 0.0  # a constant target: all or nothing of it

    @property
    def condition(self) -> float:
        """Condition number of the windows as unknowns see them; infinite where the answer is not unique."""
        return self._quality.condition

    @property
    def unique(self) -> bool:
        """Whether the pictures determine the kernel."""
        return self._quality.unique

    @property
    def note(self) -> str:
        """What a person should know of this fit; "" where all is well."""
        if self.unique:
            return ""
        return "the pictures do not determine the kernel: others serve as well, and this is the smallest"

    def rounding_bound(self, step: float = 1 / 255) -> Array:
        """How far each weight may be off because the target was rounded to multiples of `step`: 1 / 255 for 8 bits.

        Rounding adds errors of standard deviation step / sqrt(12), which the fit hands on through the inverse of
        the normal equations: this is six standard deviations of what arrives at each weight, in the kernel's
        shape. It holds for a target that was rounded, and not clipped, and a picture with the very numbers that
        were filtered; rounding a picture after it was filtered makes the kernel smaller besides.
        """
        bound = DEVIATIONS * step / np.sqrt(12) * self._quality.spread
        return bound[0, 0] if self.ndim == 2 else bound
