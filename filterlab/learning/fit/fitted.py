"""What a least-squares fit of a kernel tells: the kernel, and how far it is to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.normal_equations import NormalEquations
from filterlab.learning.fit.gram import NOISE, Gram

DEVIATIONS = 6  # standard deviations that `rounding_bound` allows for, where errors are independent


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
    that it explains. condition: of the windows laid out as rows: noise in the target, relative to it, may come back
    so much larger in the kernel. unique: False where other kernels serve as well, or a condition beyond 8e6 leaves
    no telling; this is then the smallest. note: that in words, else "". rounding_bound(): what rounding may have done.

    Arithmetic with it gives plain arrays; copies and other views of it still say how the fit was.
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
        return np.asarray(self)[place]

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
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
        """Of the matrix with a row for each window (less their mean where there is a bias), as `numpy.linalg.cond`.

        With `ridge`, of that matrix with the rows that it adds. Infinite where the answer is not unique.
        """
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

    def rounding_bound(self, step: float = 1 / 255, *, certain: bool = False) -> Array:
        """How far each weight may be off because the target was rounded to multiples of `step`: 1 / 255 for 8 bits.

        Rounding adds errors of at most step / 2, of standard deviation step / sqrt(12) where they are spread evenly;
        the fit hands them on through the inverse of the normal equations. Left alone, this is six standard deviations
        of what arrives at each weight, in the kernel's shape, if the errors of different windows are independent.
        They nearly are in a photograph whose target varies by more than a step from cell to cell. Drawings, text,
        large even areas and faint pictures make the same error again and again, and may exceed it tenfold.
        certain: the bound that no rounding exceeds, Cauchy's: step / 2 * sqrt(windows) * spread of the weight for
        errors of one. It does not shrink with the size of the picture.

        Both hold for ridge 0, a target that was rounded and not clipped, and a picture with the very numbers that were
        filtered; rounding a picture after it was filtered makes the kernel smaller besides. Infinite where the answer
        is not unique.
        """
        found = self._quality
        if not found.unique:
            bound = np.full(found.spread.shape, np.inf)
        elif certain:
            bound = step / 2 * np.sqrt(found.values / len(found.spread)) * found.spread
        else:
            bound = DEVIATIONS * step / np.sqrt(12) * found.spread
        return bound[0, 0] if self._single else bound
