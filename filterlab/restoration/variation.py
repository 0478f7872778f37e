"""Total variation: the sum of the lengths of the differences (down, right) at every pixel, which edges do not raise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.restoration.iterating import Iterate, Task, at_limit, size_of
from filterlab.restoration.quadratic import conjugate_gradients, inverse_of
from filterlab.restoration.roughness import Roughness
from filterlab.text.messages import say

MOST = 200  # iterations
INNER = 2  # conjugate gradients in each
THRESHOLD = 0.1  # by which differences are shortened, as a part of the picture's range
STILL, FINE = 0.1, 1e-4  # a change below this part of the noise, or of the picture's range, is none
PATIENCE = 10  # iterations without a change that end it whatever the residual is
CLOSE = 0.02  # relative distance of residual and noise that counts as none
EXACT = 1e-30  # a residual below is none
AS_NOISE = say("the residual is as large as the noise, and the picture changes no more")
SETTLED = say("the picture changes no more")


def differences(scene: Array, circular: bool) -> Array:
    """(2, height, width): the next pixel down and to the right, less this one; 0 at the border, or around it."""
    found = np.zeros((2, *scene.shape), scene.dtype)
    np.subtract(scene[1:], scene[:-1], out=found[0, :-1])
    np.subtract(scene[:, 1:], scene[:, :-1], out=found[1, :, :-1])
    if circular:
        found[0, -1], found[1, :, -1] = scene[0] - scene[-1], scene[:, 0] - scene[:, -1]
    return found


def summed(flow: Array, circular: bool) -> Array:
    """The transposed operator of `differences`: (height, width)."""
    down, right = flow
    back = np.zeros_like(down)
    back[1:] += down[:-1]
    back[:-1] -= down[:-1]
    back[:, 1:] += right[:, :-1]
    back[:, :-1] -= right[:, :-1]
    if circular:
        back[0] += down[-1]
        back[-1] -= down[-1]
        back[:, 0] += right[:, -1]
        back[:, -1] -= right[:, -1]
    return back


def shrunk(flow: Array, by: float) -> Array:
    """The differences shortened by a length, to no less than 0."""
    length = np.sqrt(np.square(flow).sum(0))
    factor = np.maximum(length - flow.dtype.type(by), 0) / np.maximum(length, np.finfo(flow.dtype).tiny)
    return flow * factor


def mean_length(picture: Array) -> float:
    """The total variation of each pixel, on average."""
    return float(np.sqrt(np.square(differences(picture, False)).sum(0)).mean())


def tv(task: Task) -> Iterator[Iterate]:
    """The scene of least |picture - blurred scene|^2 / 2 + strength * total variation.

    Alternating directions (Goldstein and Osher 2009): the differences are split off and shortened, and the scene that
    fits them and the picture is a quadratic problem, whose conjugate gradients go on where they were. Without a given
    strength it is turned after each iteration until the residual is as large as the noise: the discrepancy principle.
    """
    model, quiet = _Splitting(task), 0
    limit = task.iterations or MOST
    for number in range(1, limit + 1):
        before = model.scene
        model.iterate()
        residual = task.picture - task.blur.forward(model.scene)
        iterate = Iterate(model.scene, residual, model.strength)
        close = False if task.strength else model.turn(task.noise / max(size_of(residual), EXACT))
        change = size_of((model.scene - before)[task.blur.place])
        quiet = quiet + 1 if change < model.still else 0
        stopped = ""
        if task.iterations is None and quiet and (close or task.strength or quiet == PATIENCE):
            stopped = AS_NOISE if close else SETTLED
        elif number == limit:
            stopped = at_limit(task)
        yield replace(iterate, stopped=stopped)
        if stopped:
            return


class _Splitting:
    """The state of the iterations: the scene, its shortened differences, and the multipliers that tie them together."""

    def __init__(self, task: Task) -> None:
        blur = self._blur = task.blur
        self.scene = blur.start(task.picture)
        self._circular = blur.border == "circular"
        self._flow = differences(self.scene, self._circular)
        self._ties = np.zeros_like(self._flow)
        self._seen = blur.adjoint(task.picture)
        self._power = blur.power()
        self._frequencies = Roughness(blur.scene_shape, 1, True, self.scene.dtype).at_frequencies()
        span = float(np.ptp(self.scene)) or 1.0
        self._threshold = THRESHOLD * span
        self.still = max(STILL * task.noise / blur.gain, FINE * span)
        # The price of a Laplace distribution of differences, whose scale is their mean length.
        self.strength = task.strength or task.noise**2 / (mean_length(self.scene) or span)

    def iterate(self) -> None:
        """Fit the scene to the picture and the differences, shorten the differences, and tighten the ties."""
        weight = self.scene.dtype.type(self.strength / self._threshold)
        pull = self._seen + weight * summed(self._flow - self._ties, self._circular)

        def system(scene: Array) -> Array:
            rough = summed(differences(scene, self._circular), self._circular)
            return self._blur.adjoint(self._blur.forward(scene)) + weight * rough

        precondition = inverse_of(self._power + float(weight) * self._frequencies, self.scene, self._circular)
        fits = conjugate_gradients(system, pull - system(self.scene), self.scene, precondition)
        for self.scene, _ in islice(fits, INNER):
            pass
        found = differences(self.scene, self._circular)
        self._flow = shrunk(found + self._ties, self._threshold)
        self._ties = self._ties + found - self._flow

    def turn(self, ratio: float) -> bool:
        """Turn the strength for a ratio of noise to residual, and tell whether they were close."""
        # Near the solution the residual grows as the root of the strength: this halves the distance in logarithms.
        change = float(np.clip(ratio, 0.5, 2.0))
        self.strength *= change
        return abs(ratio - 1) < CLOSE
