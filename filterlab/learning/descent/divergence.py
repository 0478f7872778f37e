"""Detecting a loss that diverges, and finding a learning rate that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from filterlab.errors import FilterLabError, ParameterError
from filterlab.functional.threads import Cancel
from filterlab.learning.descent.curvature import curvature, rate_for
from filterlab.learning.descent.objective import Objective, Values
from filterlab.text.messages import say

# A loss of GROWTH times the first that has grown for GROWING steps: plain descent does not come back from there.
GROWTH = 1e3
GROWING = 3
TRIED = 30  # steps that a rate must survive before it is suggested
TENTHS = 12  # how often it is divided by ten for that

Update = tuple[float, Values, Values, float]  # loss before, gradients, values after, rate


class DivergenceError(FilterLabError):
    """The loss diverged. rate: a learning rate at which it does not."""

    rate = 0.0


class Watch:
    """Detects a loss that diverges.

    descend: makes the updates at a given rate, from the start. plain: every step sees the same data and goes straight
    down the gradient, so that steady growth is sign enough.
    """

    def __init__(
        self,
        objective: Objective,
        lr: float,
        descend: Callable[[float], Iterator[Update]],
        *,
        plain: bool,
        cancel: Cancel | None,
    ) -> None:
        self._objective, self._lr, self._descend = objective, lr, descend
        self._plain, self._cancel = plain, cancel
        self._first = self._last = np.inf
        self._grown = 0

    def check(self, index: int, loss: float, values: Values) -> None:
        """Raise DivergenceError with a better rate where this step shows that the rate is too large.

        Raises ParameterError where the loss is not finite before anything has been learned.
        """
        if index == 0:
            check_start(loss)
            self._first = loss
        # Growth without a break: near a minimum round-off alone makes single steps go uphill.
        self._grown = self._grown + 1 if loss > self._last else 0
        self._last = loss
        if not _finite(loss, values):
            what = say("the loss overflowed at step {}", index)
            raise self._error(what)
        if self._plain and self._grown >= GROWING and loss > GROWTH * self._first:
            what = say("the loss grew from {:.3g} to {:.3g} in {} steps", self._first, loss, index)
            raise self._error(what)

    def _error(self, what: str) -> DivergenceError:
        rate = self._better_rate()
        hint = say("the rate {:g} is too large: try {:g}", self._lr, rate)
        error = DivergenceError(what, "learn", hint, parameter="lr")
        error.rate = rate
        return error

    def _better_rate(self) -> float:
        """A rate at which the loss does not grow: from the curvature, or by dividing by ten."""
        # Worked out only now: it takes a dozen passes, which training that goes well should not pay for.
        rate = rate_for(curvature(self._objective, self._objective.start, self._cancel))
        if rate is None or rate >= self._lr:  # another optimizer, or a loss that bends elsewhere
            rate = _tenth(self._lr)
        for _ in range(TENTHS):
            if self._bears(rate):
                break
            rate = _tenth(rate)
        return rate

    def _bears(self, rate: float) -> bool:
        last = self._first
        for loss, _, values, _ in islice(self._descend(rate), TRIED):
            last = loss
            if not _finite(loss, values):
                return False
        return not self._plain or last <= self._first


def check_start(loss: float) -> None:
    """Raise ParameterError where the loss of the initial weights is not a finite number."""
    if not np.isfinite(loss):
        what = say("the loss is {:g} before the first step", loss)
        raise ParameterError(what, "learn", "start from smaller weights", parameter="nodes")


def _finite(loss: float, values: Values) -> bool:
    return bool(np.isfinite(loss)) and all(np.isfinite(value).all() for value in values.values())


def _tenth(rate: float) -> float:
    return float(f"{rate / 10:.0e}")
