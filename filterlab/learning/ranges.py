"""Numbers that learning is told: whole ones and ranges, refused by name where they make no sense."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from numbers import Real
from typing import Any

from filterlab.errors import ParameterError
from filterlab.functional.geometry import is_int
from filterlab.text.messages import say

INFINITY = float("inf")


def whole(value: Any, name: str, least: int, hint: str = "") -> int:
    """`value` as an int. Raises ParameterError unless it is a whole number of at least `least`."""
    if not is_int(value) or value < least:
        hint = hint or say("give a whole number, {} or more", least)
        raise ParameterError(say("{} is {!r}", name, value), "learn", hint, parameter=name)
    return int(value)


def number(value: Any, name: str, where: str, low: float = 0.0, high: float = INFINITY) -> float:
    """`value` as a plain float, which leaves the precision of arrays alone.

    Raises ParameterError outside low..high, and for what is not finite.
    """
    hint = say("it must lie from {:g} to {:g}", low, high)
    if high == INFINITY:
        hint = say("give a number") if low == -INFINITY else say("it must be {:g} or more", low)
    return _float(value, name, where, lambda v: low <= v <= high and isfinite(v), hint)


def decay(value: Any, name: str, where: str) -> float:
    """The share that a running mean keeps at each step. Raises ParameterError outside 0..1, 1 left out."""
    return _float(value, name, where, lambda v: 0 <= v < 1, "it must be 0 or more and below 1")


def rate(value: Any, where: str) -> float:
    """A learning rate as a plain float. Raises ParameterError unless it is a number above 0."""
    return _float(value, "lr", where, lambda v: 0 < v < INFINITY, "the learning rate must be above 0")


def _float(value: Any, name: str, where: str, legal: Callable[[float], bool], hint: str) -> float:
    if not isinstance(value, Real) or isinstance(value, bool) or not legal(float(value)):
        raise ParameterError(say("{} is {!r}", name, value), where, hint, parameter=name)
    return float(value)
