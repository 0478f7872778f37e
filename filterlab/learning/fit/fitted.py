"""The result of a least-squares fit: the kernel, and how far it is to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.learning.fit.gram import NOISE, Gram

if TYPE_CHECKING:
    from filterlab.functional.normal_equations import NormalEquations

DEVIATIONS = 6  # standard deviations that `rounding_bound` allows for, where errors are independent


@dataclass(frozen=True)
class Quality:
    """The quality of a fit.

    squares: the sum of squared errors; total: of the squared deviations of the target from its mean; nothing: the
    size of round-off in these sums. spread: the standard deviation of each weight for noise of deviation 1 in the
    target, in the shape of the weight.
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
        """The quality from the sums before the fit and the squared errors after it."""
        total = start.squares - start.errors**2 / start.count
        # Round-off may leave a diagonal of almost 0 a little below it.
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
        """The quality of several groups of channels: the sums of their sums, and the worst condition."""
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
    """A fitted kernel: an array of its weights, (kh, kw) or (out, in / groups, kh, kw), that also holds

    kernel: the same numbers as a plain array. weight: with four axes, as `Conv2d` takes it. bias: a number beside a
    (kh, kw) kernel, else (out,); None where none was fitted. residual: the root mean square of target minus
    prediction. r2: the share of the target's variance that the kernel explains. condition: of the matrix of windows;
    relative noise in the target may be amplified by this factor in the kernel. unique: False where other kernels fit
    as well, or a condition above 8e6 makes this undecidable; the kernel is then the smallest. note: that in words,
    else "". rounding_bound(): the effect of a rounded target.

    Arithmetic with it gives plain arrays; copies and other views of it keep the quality of the fit.
    """

    _weight: Array
    _bias: Array | None
    _quality: Quality
    _single: bool

    def __new__(cls, weight: Array, bias: Array | None, quality: Quality, single: bool) -> FittedKernel:
        made = (weight[0, 0] if single else weight).view(cls)
        made._weight, made._bias, made._quality, made._single = weight, bias, quality, single
        return made

    def __array_finalize__(self, source: Any) -> None:
        if isinstance(source, FittedKernel) and hasattr(source, "_quality"):
            self._weight, self._bias, self._quality = source._weight, source._bias, source._quality
            self._single = source._single

    def __getitem__(self, place: Any) -> Any:
        # A part of a kernel has no quality of its own: slices are plain arrays.
        return np.asarray(self)[place]

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        # NumPy 2 asks for a scalar where a reduction gives one number, such as kernel.sum().
        return array[()] if return_scalar else np.asarray(array)

    def __reduce__(self) -> tuple[Any, ...]:
        return FittedKernel, (self._weight, self._bias, self._quality, self._single)

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
        return self._bias[0] if self._bias is not None and self._single else self._bias

    @property
    def residual(self) -> float:
        """The root mean square of target minus prediction."""
        return float(np.sqrt(self._quality.squares / self._quality.values))

    @property
    def r2(self) -> float:
        """1 - squared errors / squared deviations of the target from its mean: at most 1, and possibly below 0."""
        found = self._quality
        if found.total > found.nothing:
            return 1 - found.squares / found.total
        # A constant target has no variance: it is met, or it is not.
        return 1.0 if found.squares <= found.nothing else 0.0

    @property
    def condition(self) -> float:
        """The condition number (as `numpy.linalg.cond`) of the matrix with a row for each window.

        Where there is a bias, the mean of the rows is subtracted; `ridge` adds rows. Infinite where the answer is not
        unique.
        """
        return self._quality.condition

    @property
    def unique(self) -> bool:
        """Whether the pictures determine the kernel."""
        return self._quality.unique

    @property
    def note(self) -> str:
        """A caution about this fit, in words; "" where there is none."""
        if self.unique:
            return ""
        return "the pictures do not determine the kernel: others serve as well, and this is the smallest"

    def rounding_bound(self, step: float = 1 / 255, *, certain: bool = False) -> Array:
        """A bound on the error of each weight if the target was rounded to multiples of `step`: 1 / 255 for 8 bits.

        Rounding adds errors of at most step / 2, and of standard deviation step / sqrt(12) where they are uniform;
        the fit passes them on through the inverse of the normal equations. By default the bound is six standard
        deviations of the error of each weight, in the shape of the kernel, for independent errors. They nearly are in
        a photograph whose target varies by more than a step from cell to cell. Drawings, text, large even areas and
        faint pictures repeat the same error and may exceed the bound tenfold. certain: the bound that no rounding
        exceeds (Cauchy-Schwarz): step / 2 * sqrt(windows) * spread of the weight for errors of 1. It does not shrink
        with the size of the picture.

        Both assume ridge 0, a target that was rounded and not clipped, and the very picture that was filtered;
        rounding the picture after it was filtered makes the kernel smaller as well. Infinite where the answer is not
        unique.
        """
        found = self._quality
        if not found.unique:
            bound = np.full(found.spread.shape, np.inf)
        elif certain:
            bound = step / 2 * np.sqrt(found.values / len(found.spread)) * found.spread
        else:
            bound = DEVIATIONS * step / np.sqrt(12) * found.spread
        return bound[0, 0] if self._single else bound
