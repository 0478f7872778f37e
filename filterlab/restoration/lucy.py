"""Richardson-Lucy: the likeliest scene of a picture of photon counts, by factors that keep it from being negative.

    x <- x * K'(y / K x) / (K'1 + strength * D'(D x / |D x|))

Richardson 1972 and Lucy 1974; the price of total variation is that of Dey et al. 2006. At the border the denominator
K'1 counts how much of each pixel the picture saw (Bertero and Boccacci 2005). Where consecutive steps agree, the next
one starts from further ahead (Biggs and Andrews 1997).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.restoration.blur import Blur
from filterlab.restoration.inputs import WHERE
from filterlab.restoration.iterating import Iterate, Task, at_limit, size_of
from filterlab.restoration.variation import differences, mean_length, summed
from filterlab.text.messages import say

MOST = 500  # iterations
NEGATIVE = 0.05  # of the positive weights: so much may be negative in a learned kernel, and counts as 0
SIGNED = 5  # standard deviations of the noise below 0 that a picture may have, which counts as 0
TINY = float(np.finfo(np.float32).tiny)
GAIN, PATIENCE = 1e-3, 10  # a relative change of the residual, over so many iterations, that counts as none


def richardson_lucy(task: Task) -> Iterator[Iterate]:
    """The iterates without a price; by default they end where the residual is as small as the noise."""
    return _iterates(_Lucy(task, 0.0), task, None)


def richardson_lucy_tv(task: Task) -> Iterator[Iterate]:
    """The iterates with a price on total variation.

    By default it is that of a Laplace distribution of differences, noise^2 / (mean value * mean length), both of the
    picture: near its mean, the logarithm of a count curves as that of a normal distribution of this noise does.
    """
    values = np.maximum(task.picture, 0)
    mean, length = float(values.mean()), mean_length(task.picture)
    strength = task.strength or task.noise**2 / max(mean * length, TINY)
    return _iterates(_Lucy(task, strength), task, strength)


def _iterates(model: _Lucy, task: Task, strength: float | None) -> Iterator[Iterate]:
    limit = task.iterations or MOST
    sizes: list[float] = []
    for number in range(1, limit + 1):
        model.iterate()
        residual = task.picture - model.blur.forward(model.scene)
        sizes.append(size_of(residual))
        stopped = ""
        if task.iterations is None and sizes[-1] <= task.noise:
            stopped = say("the residual is as small as the noise")
        elif (
            task.iterations is None and number > PATIENCE and abs(1 - sizes[-1 - PATIENCE] / sizes[-1]) < GAIN
        ):
            stopped = say("the residual changes no more")
        elif number == limit:
            stopped = at_limit(task)
        yield Iterate(model.scene, residual, strength, stopped)
        if stopped:
            return


class _Lucy:
    """The scene, the last step, and the last two changes that the factors made."""

    def __init__(self, task: Task, strength: float) -> None:
        self._picture, self._strength = _counts(task), strength
        self.blur = _without_negatives(task.blur)
        self._seen = self.blur.adjoint(np.ones_like(task.picture))
        numbers = np.finfo(task.picture.dtype)
        self._least = max(float(numbers.eps * self._picture.max()), float(numbers.tiny))
        self.scene = np.maximum(self.blur.start(self._picture), self._least)
        self._step = np.zeros_like(self.scene)
        self._changes = self._step, self._step

    def iterate(self) -> None:
        """Multiply the scene by the factors, from a place further ahead where the last changes agree."""
        newer, older = self._changes
        power = float(np.vdot(older, older))
        pace = np.clip(float(np.vdot(newer, older)) / power, 0, 1) if power > 0 else 0.0
        ahead = np.maximum(self.scene + self.scene.dtype.type(pace) * self._step, self._least)
        found = self._multiplied(ahead)
        self._step, self._changes, self.scene = found - self.scene, (found - ahead, newer), found

    def _multiplied(self, scene: Array) -> Array:
        expected = np.maximum(self.blur.forward(scene), self._least)
        back = self.blur.adjoint(self._picture / expected)
        price = self._seen
        if self._strength:
            flow = differences(scene, self.blur.border == "circular")
            flow /= np.maximum(np.sqrt(np.square(flow).sum(0)), self._least)
            price = price + scene.dtype.type(self._strength) * summed(flow, self.blur.border == "circular")
        # No window sees the rest; a price beyond what is seen would turn the sign.
        seen = self._seen > 0
        factor = np.ones_like(scene)
        np.divide(back, np.maximum(price, 0.1 * self._seen), out=factor, where=seen)
        return np.maximum(scene * factor, self._least)


def _counts(task: Task) -> Array:
    """The picture without negative values. Raises ParameterError where they are more than noise."""
    if task.picture.min() < -SIGNED * task.noise:
        what = say(
            "Richardson-Lucy needs a picture without negative values; these go from {:.3g} to {:.3g}",
            task.picture.min(),
            task.picture.max(),
        )
        raise ParameterError(what, WHERE, "choose another method", parameter="method")
    return np.maximum(task.picture, 0)


def _without_negatives(blur: Blur) -> Blur:
    """The blur by the kernel's positive weights. Raises ParameterError where the others are more than noise."""
    positive, negative = np.maximum(blur.kernel, 0).sum(), np.maximum(-blur.kernel, 0).sum()
    if negative > NEGATIVE * positive:
        what = say(
            "Richardson-Lucy needs a kernel without negative weights; these sum to {:.3g}, the others to {:.3g}",
            -negative,
            positive,
        )
        raise ParameterError(what, WHERE, "choose another method", parameter="method")
    if not negative:
        return blur
    # As bright as before: a residual of the mean would hide that of the noise.
    weights = np.maximum(blur.kernel, 0) * (positive - negative) / positive
    return Blur(weights, blur.shape, blur.border, blur.dtype)
