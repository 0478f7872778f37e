"""What the methods have in common: the task they get, and what they yield after each iteration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.restoration.blur import Blur
from filterlab.restoration.spectrum import Periodogram
from filterlab.text.messages import Message, say


@dataclass(frozen=True)
class Task:
    """One channel to restore.

    picture: (height, width). noise: its standard deviation, rounding included. strength: the price of roughness, None
    where the method is to choose it. iterations: how many to make, None where the method is to decide. spectrum: of the
    picture.
    """

    picture: Array
    blur: Blur
    noise: float
    strength: float | None
    iterations: int | None
    spectrum: Periodogram


@dataclass(frozen=True)
class Iterate:
    """A scene after an iteration, the residual picture - blurred scene, the price paid, and the rule that ended it."""

    scene: Array
    residual: Array
    strength: float | None = None
    stopped: str = ""


Method = Callable[[Task], Iterator[Iterate]]


def size_of(array: Array) -> float:
    """The root mean square."""
    return float(np.sqrt(np.square(array, dtype=np.float64).mean()))


def at_limit(task: Task) -> Message:
    """Why it ends, where as many iterations were made as are allowed."""
    if task.iterations is not None:
        return say("as many iterations were made as were asked for")
    return say("the most iterations were made, and the picture still changes")
