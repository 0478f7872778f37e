"""Linear restorations: least squares with a quadratic price, solved by conjugate gradients on the true model.

The picture y is restored to the scene x that minimises |y - K x|^2 + strength * x' (D'D)^order x. Where the border is
circular, the preconditioner is the inverse of the system, and the first iteration is the solution in closed form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.restoration.iterating import Iterate, Task, at_limit, size_of
from filterlab.restoration.roughness import Roughness
from filterlab.restoration.transforms import from_waves, waves
from filterlab.text.messages import say

ENOUGH = 1e-5  # the gradient, relative to the first, at which the solution counts as reached
STILL = 0.1  # a change of the scene below this part of the noise counts as none
FAINTEST, EXACT = (
    1e-2,
    1e-9,
)  # least weights of the preconditioner, relative to the largest; for circular scenes
MOST, MOST_FREE = 200, 1000  # iterations, with and without a price


def wiener(task: Task) -> Iterator[Iterate]:
    """The linear estimate of least mean square error, where the scene has a spectrum scale / (D'D)^order.

    The strength is the ratio of noise to signal, noise^2 / scale; scale and order are estimated from the picture.
    """
    scale, order = task.spectrum.power_law(task.noise)
    strength = task.strength or task.noise**2 / scale
    return _penalised(task, order, strength)


def tikhonov(task: Task) -> Iterator[Iterate]:
    """Least squares with a price on squared differences, which by default predicts left-out values best."""
    return _penalised(task, 1.0, task.strength or task.spectrum.cross_validated())


def inverse(task: Task) -> Iterator[Iterate]:
    """Least squares without a price: early iterates of conjugate gradients are smooth, late ones amplify the noise.

    By default it ends where the residual is as small as the noise: the discrepancy principle of Morozov.
    """
    blur, scene = task.blur, task.blur.start(task.picture)

    def system(x: Array) -> Array:
        return blur.adjoint(blur.forward(x))

    def scaled(x: Array) -> Array:
        return x / scene.dtype.type(blur.gain**2)

    slope = blur.adjoint(task.picture - blur.forward(scene))
    limit = task.iterations or MOST_FREE
    for number, (found, _) in enumerate(conjugate_gradients(system, slope, scene, scaled), 1):
        residual = task.picture - blur.forward(found)
        stopped = ""
        if task.iterations is None and size_of(residual) <= task.noise:
            stopped = say("the residual is as small as the noise")
        elif number == limit:
            stopped = at_limit(task)
        yield Iterate(found, residual, None, stopped)
        if stopped:
            return


def _penalised(task: Task, order: float, strength: float) -> Iterator[Iterate]:
    """The scene of least squares with a price, iteration by iteration."""
    blur, scene = task.blur, task.blur.start(task.picture)
    roughness = Roughness(blur.scene_shape, order, blur.border == "circular", scene.dtype)

    def system(x: Array) -> Array:
        return blur.adjoint(blur.forward(x)) + strength * roughness.gradient(x)

    weights = blur.power() + strength * roughness.at_frequencies()
    precondition = inverse_of(weights, scene, blur.border == "circular")
    slope = blur.adjoint(task.picture) - system(scene)
    limit, before = task.iterations or MOST, scene
    for number, (found, rest) in enumerate(conjugate_gradients(system, slope, scene, precondition), 1):
        change, before, stopped = size_of((found - before)[blur.place]), found, ""
        if task.iterations is None and (rest < ENOUGH or change < STILL * task.noise / blur.gain):
            stopped = say("the solution is reached")
        elif number == limit:
            stopped = at_limit(task)
        yield Iterate(found, task.picture - blur.forward(found), strength, stopped)
        if stopped:
            return


def inverse_of(weights: Array, scene: Array, circular: bool) -> Callable[[Array], Array]:
    """Division of a scene's spectrum by weights at the frequencies of `rfft2`."""
    # Beyond the border these are not the weights of the system. Where they are small, their inverse would blow up
    # that error, and it would take longer to mend than it saves.
    least = (EXACT if circular else FAINTEST) * float(weights.max())
    factors = (1 / np.maximum(weights, least)).astype(scene.dtype)

    def divide(x: Array) -> Array:
        return from_waves(waves(x) * factors, (x.shape[0], x.shape[1]))

    return divide


def conjugate_gradients(
    system: Callable[[Array], Array], slope: Array, scene: Array, precondition: Callable[[Array], Array]
) -> Iterator[tuple[Array, float]]:
    """Solve system(x) = system(scene) + slope; yields x and what is left of the slope, relative to the first, for ever.

    Hestenes and Stiefel 1952. The preconditioner is the inverse of something as large as the system.
    """
    towards = precondition(slope)
    direction, power, first = towards, _dot(slope, towards), size_of(slope)
    while power > 0:
        image = system(direction)
        bend = _dot(direction, image)
        if bend <= np.finfo(scene.dtype).eps * power:
            break  # what is left is round-off that the blur does not show, and a step would blow it up
        length = scene.dtype.type(power / bend)
        scene = scene + length * direction
        slope = slope - length * image
        yield scene, size_of(slope) / first
        towards = precondition(slope)
        before, power = power, _dot(slope, towards)
        direction = towards + scene.dtype.type(power / before) * direction
    while True:
        yield scene, 0.0


def _dot(a: Array, b: Array) -> float:
    return float(np.vdot(a, b))
