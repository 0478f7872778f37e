"""Schedules of the learning rate: the curves of torch.optim.lr_scheduler, as factors of the rate.

`eta_min` is therefore a fraction of the first rate here, where PyTorch takes the rate itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import cos, pi
from typing import Any

from filterlab.errors import ParameterError
from filterlab.parameters import Choice, Number, Parameter, settings
from filterlab.text.messages import say

Schedule = Callable[[int], float]  # step -> the factor of the rate


def _constant(steps: int) -> Schedule:
    return lambda step: 1.0


def _step(steps: int, *, step_size: float | None, gamma: float) -> Schedule:
    # Rounded up: of 100 steps, rounding down would change the rate a third time for the last step alone.
    interval = step_size or max(-(-steps // 3), 1)
    return lambda step: gamma ** (step // interval)


def _exponential(steps: int, *, gamma: float | None) -> Schedule:
    # A program may ask for no steps at all, and would divide by 0.
    factor = 0.01 ** (1 / max(steps, 1)) if gamma is None else gamma
    return lambda step: factor**step


def _cosine(steps: int, *, eta_min: float) -> Schedule:
    return lambda step: eta_min + (1 - eta_min) * (1 + cos(pi * step / max(steps, 1))) / 2


@dataclass(frozen=True)
class ScheduleType:
    """A curve: its name in the window, a description, its options, and the function that makes it for `steps` steps."""

    title: str
    sentence: str
    make: Callable[..., Schedule]
    options: tuple[Parameter, ...] = ()


_SHARE = Number(minimum=0, maximum=1)

SCHEDULES = {
    "constant": ScheduleType("constant", "The same rate at every step", _constant),
    "step": ScheduleType(
        "in steps",
        "Divide the learning rate by ten after each third of the steps",
        _step,
        (
            Parameter("step_size", Number(minimum=1, optional=True), "Steps between two changes"),
            Parameter("gamma", _SHARE, "The factor of each change", 0.1),
        ),
    ),
    "exponential": ScheduleType(
        "exponential",
        "Decays to a hundredth of the learning rate at the end",
        _exponential,
        (Parameter("gamma", replace(_SHARE, optional=True), "The factor of each step"),),
    ),
    "cosine": ScheduleType(
        "cosine",
        "Half a wave down to zero",
        _cosine,
        (Parameter("eta_min", _SHARE, "Where it ends, as a share of the first rate", 0.0),),
    ),
}

SCHEDULE = Parameter(
    "schedule",
    Choice(
        options=tuple(SCHEDULES),
        titles=tuple(schedule.title for schedule in SCHEDULES.values()),
        sentences=tuple(schedule.sentence for schedule in SCHEDULES.values()),
    ),
    "How the learning rate changes from step to step",
    "constant",
    title="Schedule",
)


def make_schedule(name: str, steps: int, options: Mapping[str, Any]) -> tuple[Schedule, dict[str, Any]]:
    """The schedule of a name over `steps` steps, and those of the options that are not its own.

    "step": times gamma (0.1) after every step_size steps (a third of all); "exponential": times gamma each step (so
    that a hundredth is left at the end); "cosine": half a wave down to eta_min (0) times the rate. Raises
    ParameterError.
    """
    if name not in SCHEDULES:
        what = say("there is no schedule {!r}", name)
        raise ParameterError(what, "learn", say("one of {}", ", ".join(SCHEDULES)), parameter="schedule")
    declared = SCHEDULES[name].options
    names = {option.name for option in declared}
    own = settings(declared, options, f"schedule {name!r}")
    return SCHEDULES[name].make(steps, **own), {k: v for k, v in options.items() if k not in names}
