"""What all kinds of checks share: a name by which files ask for them, and the finding that they return."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from filterlab.lessons.exercises.pictures import ExercisePart
from filterlab.lessons.exercises.trial import Trial
from filterlab.text.messages import Message, say

Bounds = tuple[int | None, int | None]  # [lowest, highest], null for no bound


@dataclass(frozen=True)
class Finding:
    """What a check found. reason: why it was not passed, in a sentence that leaves the thinking to the reader."""

    kind: str
    passed: bool
    reason: str = ""


class Check(ExercisePart):
    """One kind of check; a class that derives from this one and has a `kind` is known to the files by that name."""

    kinds: ClassVar[dict[str, type[Check]]] = {}
    kind: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        # What several kinds share has no name of its own.
        if cls.kind:
            Check.kinds[cls.kind] = cls

    @abstractmethod
    def fault(self, trial: Trial) -> str:
        """Why the pipeline does not pass, or "". Raises FilterLabError where it does not run."""


def read_check(value: Any) -> Check:
    """A check as a file has it: {"kind": name, its fields}. Raises ValueError."""
    if isinstance(value, Check):
        return value
    if not isinstance(value, dict) or value.get("kind") not in Check.kinds:
        raise ValueError(f"a check has a kind: one of {', '.join(Check.kinds)}")
    fields = {key: field for key, field in value.items() if key != "kind"}
    return Check.kinds[value["kind"]].model_validate(fields)


def outside(figure: int, bounds: Bounds) -> bool:
    """Whether a figure is outside its bounds."""
    low, high = bounds
    return (low is not None and figure < low) or (high is not None and figure > high)


def bounds_text(bounds: Bounds) -> Message:
    """Bounds in words."""
    low, high = bounds
    if low == high:
        return say("{:,}", low)
    if low is None:
        return say("at most {:,}", high)
    return say("at least {:,}", low) if high is None else say("{:,} to {:,}", low, high)


def size_text(shape: Sequence[int | None]) -> str:
    """A shape as 3 x 56 x 56, without the sizes that may be any."""
    return " x ".join(str(n) for n in shape if n is not None)
