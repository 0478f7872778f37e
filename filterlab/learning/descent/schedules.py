"""How the learning rate changes from step to step: the curves of torch.optim.lr_scheduler, as factors of the rate.

So `eta_min` is a share of the first rate here, where PyTorch gives the rate itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, pi
from typing import Any

from filterlab.errors import ParameterError
from filterlab.learning.ranges import number
from filterlab.text.messages import say

Schedule = Callable[[int], float]  # step -> the factor of the rate


def _constant(steps: int) -> Schedule:
    return lambda step: 1.0


def _step(steps: int, *, step_size: float | None = None, gamma: float = 0.1) -> Schedule:
    every = step_size or max(-(-steps // 3), 1)
    return lambda step: gamma ** (step // every)


def _exponential(steps: int, *, gamma: float | None = None) -> Schedule:
    factor = 0.01 ** (1 / max(steps, 1)) if gamma is None else gamma
    return lambda step: factor**step


def _cosine(steps: int, *, eta_min: float = 0.0) -> Schedule:
    return lambda step: eta_min + (1 - eta_min) * (1 + cos(pi * step / max(steps, 1))) / 2


# Name -> (its function, its options with the least and greatest legal value).
SCHEDULES: dict[str, tuple[Callable[..., Schedule], dict[str, tuple[float, float]]]] = {
    "constant": (_constant, {}),
    "step": (_step, {"step_size": (1, float("inf")), "gamma": (0, 1)}),
    "exponential": (_exponential, {"gamma": (0, 1)}),
    "cosine": (_cosine, {"eta_min": (0, 1)}),
}


def make_schedule(name: str, steps: int, options: Mapping[str, Any]) -> tuple[Schedule, dict[str, Any]]:
    """The schedule of a name over so many steps, and those of the options that are not its own.

    "step": times gamma (0.1) after every step_size steps (a third of all); "exponential": times gamma each step
    (a hundredth at the end); "cosine": half a wave down to eta_min (0) times the rate. Raises ParameterError.
    """
    if name not in SCHEDULES:
        what = say("there is no schedule {!r}", name)
        raise ParameterError(what, "learn", say("one of {}", ", ".join(SCHEDULES)), parameter="schedule")
    make, limits = SCHEDULES[name]
    own = {key: value for key, value in options.items() if key in limits}
    for key, value in own.items():
        own[key] = number(value, key, f"schedule {name!r}", *limits[key])
    return make(steps, **own), {key: value for key, value in options.items() if key not in own}
