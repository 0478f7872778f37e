"""When learning has converged, and whether its loss still falls where it has not."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from filterlab.functional.arrays import Array

STRIP = 30  # steps over which losses are averaged
SETTLED = 1e-4  # of the loss: changes that no longer count
ROUNDING = 1e-7  # of the loss: changes that float32 makes by itself
LEVEL = 1e-7  # of the largest gradient of the run: the ground is level


class LossAndSlopes(Protocol):
    """What is judged of a `LearningStep`: its loss before the update, and the gradients."""

    @property
    def loss(self) -> float: ...

    @property
    def gradients(self) -> Mapping[Any, Array]: ...


class Convergence:
    """Judges the steps of one run, in their order. Called with a step, it returns whether the run has converged.

    It has where the loss is 0, or by one of two rules:

    - The Euclidean norm of the gradient over all trained weights is at most LEVEL times the largest norm of the run,
      the relative test of Kelley, *Iterative Methods for Optimization*, 1999. A target that some kernel meets exactly
      is learned down to round-off this way: the test is strict because a flat direction of the loss, along which the
      kernel is still wrong, has a small gradient from the beginning.
    - The loss has come to rest above 0. Over the last STRIP steps its mean exceeds its minimum by at most SETTLED of
      it (the training progress of Prechelt, *Early Stopping - But When?*, 1998, at his threshold), which neither a
      falling nor a growing nor an oscillating loss meets; and what it would still lose if it went on falling by the
      same ratio from strip to strip (Aitken's extrapolation over three strips) is at most SETTLED of it, too. The
      latter keeps a rate that is too small from passing for convergence.

    Losses of random crops or mini-batches differ from step to step by more than that, so that such runs end by their
    number of steps. reached: whether a step has met the rules.
    """

    def __init__(self) -> None:
        self.reached = False
        self._largest = 0.0
        self._losses: deque[float] = deque(maxlen=3 * STRIP)

    def __call__(self, step: LossAndSlopes) -> bool:
        norm = float(np.sqrt(sum(np.square(g, dtype=np.float64).sum() for g in step.gradients.values())))
        self._largest = max(self._largest, norm)
        self._losses.append(step.loss)
        self.reached = step.loss == 0 or norm <= LEVEL * self._largest or self._at_rest()
        return self.reached

    @property
    def falling(self) -> bool:
        """Whether the loss was lower at the end than before, in the mean over up to STRIP steps."""
        losses = np.array(self._losses)
        strip = min(len(losses) // 2, STRIP)
        if not strip:
            return True  # a single step says nothing against it
        before, last = losses[-2 * strip : -strip].mean(), losses[-strip:].mean()
        return bool(last < before * (1 - ROUNDING))

    def _at_rest(self) -> bool:
        if len(self._losses) < 3 * STRIP:
            return False
        strips = np.reshape(self._losses, (3, STRIP))
        first, before, last = strips.mean(axis=1)
        if last - strips[2].min() > SETTLED * last:
            return False
        fell, falls = first - before, before - last
        if falls <= ROUNDING * last:
            return True
        return bool(fell > falls and falls**2 / (fell - falls) <= SETTLED * last)
