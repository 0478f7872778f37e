"""The result of a least-squares fit: the kernel, and how far it is to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.learning.fit.certainty import Certainty, Solved
from filterlab.learning.fit.gram import NOISE
from filterlab.learning.fit.registering import Registration
from filterlab.text.messages import say
from filterlab.text.numbers import uncertain

DEVIATIONS = 6  # standard deviations that `rounding_bound` allows for, where errors are independent


@dataclass(frozen=True)
class Quality:
    """The quality of a fit.

    squares: the sum of squared errors; total: of the squared deviations of the target from its mean; nothing: the
    size of round-off in these sums. spread: the standard deviation of each weight for noise of deviation 1 in the
    target, in the shape of the weight. certainty: the standard errors.
    """

    squares: float
    total: float
    nothing: float
    values: int
    condition: float
    unique: bool
    spread: Array
    certainty: Certainty

    @classmethod
    def of(cls, solved: Solved, spread: Array, found: Certainty) -> Quality:
        """The quality of one solution."""
        start = solved.start
        total = start.squares - start.errors**2 / start.count
        return cls(
            float(solved.squares.sum()),
            float(total.sum()),
            NOISE * float(start.squares.sum()),
            start.count * len(spread),
            solved.gram.condition,
            solved.gram.unique,
            spread,
            found,
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
            Certainty.together([p.certainty for p in parts]),
        )


class FittedKernel(np.ndarray):
    """A fitted kernel: an array of its weights, (kh, kw) or (out, in / groups, kh, kw), that also holds

    kernel: the same numbers as a plain array. weight: with four axes, as `Conv2d` takes it. bias: a number beside a
    (kh, kw) kernel, else (out,); None where none was fitted. residual: the root mean square of target minus
    prediction. r2: the share of the target's variance that the kernel explains. condition: of the matrix of windows;
    relative noise in the target may be amplified by this factor in the kernel. unique: False where other kernels fit
    as well, or a condition above 8e6 makes this undecidable; the kernel is then the smallest. note: that in words,
    else "". rounding_bound(): the effect of a rounded target. standard_error, bias_error, interval(): how certain the
    weights are; zero: those that the constraint holds at 0. gain, gain_error: of the camera, None where none was
    fitted. registration: how the target lies over the picture, None where that was not asked for. cautions: what all
    this takes for granted, in words.

    Arithmetic with it gives plain arrays; copies and other views of it keep the quality of the fit.
    """

    _weight: Array
    _bias: Array | None
    _quality: Quality
    _single: bool
    registration: Registration | None

    def __new__(
        cls,
        weight: Array,
        bias: Array | None,
        quality: Quality,
        single: bool,
        registration: Registration | None = None,
    ) -> FittedKernel:
        made = (weight[0, 0] if single else weight).view(cls)
        made._weight, made._bias, made._quality, made._single = weight, bias, quality, single
        made.registration = registration
        return made

    def __array_finalize__(self, source: Any) -> None:
        if isinstance(source, FittedKernel) and hasattr(source, "_quality"):
            self._weight, self._bias, self._quality = source._weight, source._bias, source._quality
            self._single, self.registration = source._single, source.registration

    def __getitem__(self, place: Any) -> Any:
        # A part of a kernel has no quality of its own: slices are plain arrays.
        return np.asarray(self)[place]

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        # NumPy 2 asks for a scalar where a reduction gives one number, such as kernel.sum().
        return array[()] if return_scalar else np.asarray(array)

    def __reduce__(self) -> tuple[Any, ...]:
        return FittedKernel, (self._weight, self._bias, self._quality, self._single, self.registration)

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

    @property
    def standard_error(self) -> Array:
        """The standard error of each weight: the root of the diagonal of s^2 (A'A)^-1, in the shape of the kernel.

        s^2 is the sum of squared residuals over windows minus fitted numbers. A' A is taken within the constraint, so
        that a weight that cannot move has the error 0. Where neighbouring residuals are correlated, the errors allow
        for that (a sandwich estimate), and `cautions` says so. The model is taken for granted: the picture has no
        noise of its own, and the kernel lies inside the size. A ridge pulls weights towards 0, which no standard error
        shows. Infinite where the answer is not unique.
        """
        errors = self._quality.certainty.weights
        return errors[0, 0] if self._single else errors

    @property
    def bias_error(self) -> Any:
        """The standard error of the bias: a number, or (out,); None where none was fitted."""
        if self._bias is None:
            return None
        errors = self._quality.certainty.bias
        return errors[0] if self._single else errors

    @property
    def noise(self) -> Any:
        """The standard deviation of the target's noise, as the residuals show it: a number, or (out,)."""
        noise = self._quality.certainty.noise
        return noise[0] if self._single else noise

    @property
    def correlation(self) -> tuple[float, float]:
        """The correlation of residuals with their neighbours below and beside, the strongest of all outputs.

        0 where the residuals are round-off.
        """
        return self._quality.certainty.correlation

    @property
    def zero(self) -> Array:
        """Which weights the constraint holds at 0, in the shape of the kernel."""
        zero = self._quality.certainty.zero
        return zero[0, 0] if self._single else zero

    @property
    def gain(self) -> Any:
        """The gain of the camera, beside weights that add up to 1 or to the sum asked for; None without one."""
        gain = self._quality.certainty.gain
        return gain[0] if gain is not None and self._single else gain

    @property
    def gain_error(self) -> Any:
        """The standard error of the gain."""
        errors = self._quality.certainty.gain_errors
        return errors[0] if errors is not None and self._single else errors

    def interval(self, share: float = 0.95) -> tuple[Array, Array]:
        """The lowest and the highest value of each weight, between which the true one lies with probability `share`.

        Student's t for the degrees of freedom that are left; for white or correlated Gaussian noise of one deviation.
        """
        # Imported here: scipy.special takes a while, and few ask.
        from scipy.special import stdtrit

        freedom = max(self._quality.certainty.freedom, 1)
        reach = float(stdtrit(freedom, (1 + share) / 2)) * self.standard_error
        return self.kernel - reach, self.kernel + reach

    @property
    def distinct(self) -> Array:
        """Which weights differ from 0: those whose 95 % interval does not hold it."""
        low, high = self.interval()
        distinct: Array = (low > 0) | (high < 0)
        return distinct

    @property
    def cautions(self) -> tuple[str, ...]:
        """What was found, and what the standard errors take for granted, in sentences; empty where there is nothing."""
        found = self._quality.certainty
        said = [self.registration.words] if self.registration is not None else []
        if self.note:
            said.append(self.note)
        if found.zero.any():
            said.append(say("{} of {} weight(s) are zero", int(found.zero.sum()), found.zero.size))
        if self.camera:
            said.append(self.camera)
        if found.conditional and self.unique:
            said.append(found.conditional)
        if found.alike:
            strongest = max(found.correlation, key=abs)
            said.append(
                say(
                    "neighbouring residuals are correlated ({}), as where the kernel is too small or the noise is not "
                    "white; the standard errors allow for it",
                    f"{strongest:.2f}",
                )
            )
        return tuple(said)

    @property
    def camera(self) -> str:
        """Gain and offset in a sentence, and what tells them from the kernel; "" where none were fitted."""
        if self._bias is None or self.gain is None:
            return ""
        total = f"{self._weight[0].sum(dtype=np.float64):g}"
        if np.size(self.gain) > 1:
            return say(
                "the weights of each output add up to {}: only their sum tells gain from kernel", total
            )
        return say(
            "target = ({}) * filtered + ({}), where the weights add up to {}: only their sum tells gain from kernel",
            uncertain(*np.ravel([self.gain, self.gain_error])),
            uncertain(*np.ravel([self.bias, self.bias_error])),
            total,
        )

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
