"""How certain a fitted kernel is: the standard errors of its weights, bias and gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.conv.plan import ConvPlan
from filterlab.learning.fit.forms import KernelForm
from filterlab.learning.fit.gram import Gram
from filterlab.learning.fit.residuals import ROUND_OFF, Neighbours, middle, neighbours
from filterlab.text.messages import say

if TYPE_CHECKING:
    from filterlab.functional.normal_equations import NormalEquations

SURE = 3  # standard errors that a gain must be away from 0


@dataclass(frozen=True)
class Solved:
    """One group of channels, solved.

    weight (out, n), offset (out,): of the shifted picture. squares (out,): of the errors. start: the sums at the
    kernel of zeros. shift (n,): what was subtracted from each input.
    """

    weight: Array
    offset: Array
    squares: Array
    start: NormalEquations
    gram: Gram
    form: KernelForm
    shift: Array

    @property
    def freedom(self) -> int:
        """The number of windows beyond that of the numbers fitted for an output."""
        return self.start.count - self.gram.freedom - self.gram.bias


@dataclass(frozen=True)
class Certainty:
    """Standard errors, for the targets' noise as the residuals show it.

    noise (out,): its standard deviation. weights: in the shape of the weight; bias (out,). freedom: degrees of
    freedom of the noise. correlation: of vertical and of horizontal neighbours among the residuals, the farthest from
    0; alike: whether that is more than chance, so that the errors allow for it. zero: the weights that the constraint
    holds at 0. gain, gain_errors (out,): None where no gain was fitted. conditional: in words, what the errors take
    for granted; "" where nothing.
    """

    noise: Array
    weights: Array
    bias: Array
    freedom: int
    correlation: tuple[float, float]
    alike: bool
    zero: Array
    gain: Array | None
    gain_errors: Array | None
    conditional: str

    @classmethod
    def together(cls, parts: Sequence[Certainty]) -> Certainty:
        """The certainty of several groups of outputs."""
        gains = [p.gain for p in parts if p.gain is not None]
        errors = [p.gain_errors for p in parts if p.gain_errors is not None]
        return cls(
            np.concatenate([p.noise for p in parts]),
            np.concatenate([p.weights for p in parts]),
            np.concatenate([p.bias for p in parts]),
            min(p.freedom for p in parts),
            max((p.correlation for p in parts), key=lambda pair: max(map(abs, pair))),
            any(p.alike for p in parts),
            np.concatenate([p.zero for p in parts]),
            np.concatenate(gains) if gains else None,
            np.concatenate(errors) if errors else None,
            parts[0].conditional,
        )


def certainty(
    solved: Solved, x: Array, y: Array, plan: ConvPlan, shape: tuple[int, ...], total: float | None
) -> tuple[Certainty, Array, Array]:
    """The certainty, the weights (out, n), and their spread (out, n): the deviation for white noise of deviation 1.

    x, y: the pictures and the targets, a value for each window. total: the sum that a gain leaves to the weights;
    None where no gain is asked for. Raises ParameterError where the gain cannot be told.
    """
    inverse, around = solved.gram.inverse, _neighbours(solved, x, y, plan, shape)
    noise = _noise(solved)
    spread = np.repeat(np.sqrt(np.maximum(np.diag(inverse), 0))[None], len(noise), axis=0)
    weight, gain, gain_spread = solved.weight, None, None
    if total is not None:
        weight, gain, gain_spread, spread = _with_gain(solved, inverse, noise, total)
    mean = solved.start.inputs / solved.start.count + solved.shift
    with np.errstate(invalid="ignore"):  # infinite noise times a weight that cannot move
        errors = noise[:, None] * spread * _held(solved) * around.inflation
        bias = noise * np.sqrt(1 / solved.start.count + mean @ inverse @ mean) * around.of_bias
    zero = np.zeros(weight.shape, bool) if solved.form.zero is None else solved.form.zero[None]
    down, across = around.correlation[np.abs(around.correlation).max(axis=1).argmax()]
    found = Certainty(
        noise,
        np.nan_to_num(errors, nan=0.0, posinf=np.inf).reshape(shape),
        bias,
        solved.freedom,
        (float(down), float(across)),
        bool(around.alike.any()),
        zero.reshape(shape),
        gain,
        None if gain_spread is None else noise * gain_spread,
        solved.form.conditional,
    )
    return found, weight, spread


def _noise(solved: Solved) -> Array:
    """The deviation of the noise of each output; infinite where it cannot be told."""
    if solved.freedom <= 0 or not solved.gram.unique:
        return np.full(len(solved.squares), np.inf)
    noise: Array = np.sqrt(solved.squares / solved.freedom)
    return noise


def _held(solved: Solved) -> Array | float:
    """By which factor (n,) weights scatter less because a ridge holds them back: the root of P G P over P."""
    gram, inverse = solved.gram, solved.gram.inverse
    if not gram.ridge:
        return 1.0
    free = gram.centred - gram.ridge * solved.start.count * np.eye(len(inverse))
    held = np.maximum(np.diag(inverse @ free @ inverse), 0) / np.maximum(np.diag(inverse), 1e-300)
    factor: Array = np.sqrt(held)
    return factor


def _with_gain(
    solved: Solved, inverse: Array, noise: Array, total: float
) -> tuple[Array, Array, Array, Array]:
    """The weights that add up to `total`, the gain that they leave, its spread, and that of the weights.

    The gain is g = sum(w) / total of the free weights w; k = w / g changes by (dw - k sum(dw) / total) / g.
    """
    sums, moves = solved.weight.sum(axis=1), inverse.sum(axis=1)
    of_sum = np.sqrt(max(moves.sum(), 0))
    if total == 0 or (np.abs(sums) <= SURE * noise * of_sum).any() or (sums == 0).any():
        what = say("the weights add up to 0, so that no gain can be told from them")
        hint = say("fit without the gain: it is then part of the weights")
        raise ParameterError(what, "fit_kernel", hint, parameter="gain")
    gain = sums / total
    weight = solved.weight / gain[:, None]
    variance = np.diag(inverse) - 2 * weight * moves / total + weight**2 * moves.sum() / total**2
    spread = np.sqrt(np.maximum(variance, 0)) / np.abs(gain)[:, None]
    return weight, gain, np.full(len(gain), of_sum / abs(total)), spread


def _neighbours(solved: Solved, x: Array, y: Array, plan: ConvPlan, shape: tuple[int, ...]) -> Neighbours:
    """The residuals of the first picture, where windows lie inside it."""
    outputs, count = shape[0], solved.weight.shape[1]
    unknown = Neighbours(
        np.zeros((outputs, 2)), np.zeros(outputs, bool), np.ones((outputs, count)), np.ones(outputs)
    )
    # Errors of the size of round-off say nothing of the target, and looking at them would take memory and time.
    if (solved.squares <= ROUND_OFF**2 * solved.start.squares).all() or not solved.gram.unique:
        return unknown
    windows, seen = [], []
    sides = zip(plan.pads.sides, x.shape[2:], plan.kernel, y.shape[2:], strict=True)
    for (before, _), cells, side, outs in sides:
        first, last = max(before, 0), min(cells - side + before + 1, outs)
        part = middle(max(last - first, 0), x.shape[1])
        windows.append(slice(first + part.start, first + part.stop))
        seen.append(slice(first + part.start - before, first + part.stop - before + side - 1))
    if min(w.stop - w.start for w in windows) < 2:
        return unknown
    from filterlab.functional.conv.convolution import conv2d

    shift = solved.shift.reshape(shape[1:])[:, :1, :1]  # of each channel
    picture = x[0][:, seen[0], seen[1]].astype(np.float64) - shift
    prediction = conv2d(picture, solved.weight.reshape(shape), solved.offset)
    residual = y[0][:, windows[0], windows[1]] - prediction
    return neighbours(picture, residual, solved.gram.inverse, plan.kernel, solved.gram.bias)
