"""Undo and redo as a list of whole values with readable labels. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MERGE_SECONDS = 1.0  # edits with the same merge key that follow each other faster are one step
MOST_STEPS = 1000


class Gesture:
    """A merge key for one drag: edits with it are one step, however slowly the mouse moves."""


@dataclass(frozen=True)
class Entry(Generic[T]):
    """A value, and the label of the edit that led to it.

    merge: edits with the same key in quick succession are one step; None merges with nothing.
    """

    value: T
    label: str
    merge: Hashable | None
    time: float


class History(Generic[T]):
    """A list of values with a place in it.

    Whole values, not commands that can be reversed: they are immutable and share what did not change, so a step costs
    little memory, and undo cannot fail. cost: bytes that a list of values holds; beyond `max_cost` the oldest steps
    are forgotten (None: never). clock: seconds, for tests.
    """

    def __init__(
        self,
        value: T,
        label: str = "",
        *,
        cost: Callable[[list[T]], int] | None = None,
        max_cost: int = 4 << 30,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries: list[Entry[T]] = [Entry(value, label, None, clock())]
        self._place = 0
        self._cost, self._max_cost, self._clock = cost, max_cost, clock

    @property
    def value(self) -> T:
        """The value at the present place."""
        return self._entries[self._place].value

    @property
    def place(self) -> int:
        """Index of the present value; 0 is the oldest that is remembered."""
        return self._place

    @property
    def labels(self) -> list[str]:
        """The labels of the edits, oldest first; entry 0 is that of the first value."""
        return [entry.label for entry in self._entries]

    def at(self, place: int) -> T:
        """The value at a place."""
        return self._entries[place].value

    @property
    def undo_label(self) -> str | None:
        """The label of the edit that undo would take back; None where there is none."""
        return self._entries[self._place].label if self._place else None

    @property
    def redo_label(self) -> str | None:
        """The label of the edit that redo would repeat; None where there is none."""
        following = self._entries[self._place + 1 :]
        return following[0].label if following else None

    def push(self, value: T, label: str, merge: Hashable | None = None) -> None:
        """Go on to `value`, forgetting what was undone; with the merge key of the last edit, replace that one."""
        now, last = self._clock(), self._entries[self._place]
        soon = isinstance(merge, Gesture) or now - last.time < MERGE_SECONDS
        # None equals None, but two edits without a key must never become one step.
        same = merge is not None and merge == last.merge and soon
        # Always, also where steps merge: what was undone belongs to a past that this edit has changed.
        del self._entries[self._place + 1 :]
        if same:
            self._entries[self._place] = Entry(value, label, merge, now)
        else:
            self._entries.append(Entry(value, label, merge, now))
        self._place = len(self._entries) - 1
        self._trim()

    def amend(self, value: T) -> None:
        """Replace the present value without adding a step."""
        last = self._entries[self._place]
        self._entries[self._place] = Entry(value, last.label, last.merge, last.time)

    def seal(self) -> None:
        """Let the next edit be a step of its own: the mouse button was released, or the field was left."""
        last = self._entries[self._place]
        # Without its key the entry merges with nothing that follows.
        self._entries[self._place] = Entry(last.value, last.label, None, last.time)

    def jump(self, place: int) -> T:
        """Go to an entry by its index, clipped to those that exist, and return its value."""
        self._place = min(max(place, 0), len(self._entries) - 1)
        self.seal()
        return self.value

    def _trim(self) -> None:
        # Two entries stay whatever they cost: the present value, and one to go back to.
        while len(self._entries) > 2 and (len(self._entries) > MOST_STEPS or self._too_costly()):
            del self._entries[0]
            self._place -= 1

    def _too_costly(self) -> bool:
        return self._cost is not None and self._cost([e.value for e in self._entries]) > self._max_cost
