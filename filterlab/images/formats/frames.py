"""Playing animations: a frame is drawn on those before it, so the place where one stopped is kept for the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from filterlab.errors import ImageError
from filterlab.forking import Lock
from filterlab.text.messages import say

MOST_DRAWN = 1 << 29  # pixels of the frames that one is drawn on, itself too; some ten seconds

PER_FRAME = 1 << 14  # pixels that may be drawn in the time that a frame takes besides its own

_MOST_KEPT = 1 << 28  # bytes


class FrameStep(NamedTuple):
    """What a frame does to the canvas. hides: all that was there before it; restores: what it covers, after it."""

    pixels: int
    hides: bool
    restores: bool


class FramePlayer(Protocol):
    """An animation at one of its frames."""

    def show(self, index: int) -> Any:
        """The picture at a frame, from 0, behind all that were shown before."""

    def size(self) -> int:
        """Bytes that it takes while it waits."""


class _Waiting(NamedTuple):
    key: Hashable
    following: int
    player: FramePlayer


_lock = Lock()
_waiting: _Waiting | None = None


def played(file: Path, index: int, count: int, make: Callable[[], FramePlayer]) -> Any:
    """What a player of this file shows at frame `index` of `count`.

    Pages are often asked for one after the other. A player that waits at an earlier frame of the same file goes on
    from there; otherwise `make` makes one. Only one waits, and none that is at the end or takes much memory.
    """
    key = _identity(file)
    found = _taken(key, index)
    player = make() if found is None else found.player
    picture = player.show(index)
    if index + 1 < count and player.size() <= _MOST_KEPT:
        _keep(_Waiting(key, index + 1, player))
    return picture


def first_needed(steps: Sequence[FrameStep], index: int) -> int:
    """Where drawing starts: at the last frame that hides all before it, and brings nothing of that back.

    Raises ImageError where the frames from there on have more pixels than can be drawn in sensible time.
    """
    first = index
    while first > 0 and (steps[first].restores or not steps[first].hides):
        first -= 1
    check_work(sum(step.pixels for step in steps[first : index + 1]), index - first)
    return first


def check_work(pixels: int, others: int) -> None:
    """Raise ImageError where a frame that is drawn on so many others would take too long."""
    if pixels + others * PER_FRAME > MOST_DRAWN:
        what = say("its frame is drawn over {:,} earlier ones, more than can be read", others)
        raise ImageError(what, hint="cut the animation into shorter ones")


def _identity(file: Path) -> Hashable:
    status = file.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _taken(key: Hashable, index: int) -> _Waiting | None:
    """The player that waits, if it can go on to this frame. It is taken away, for it serves one caller at a time."""
    global _waiting
    with _lock:
        found, _waiting = _waiting, None
    return found if found is not None and found.key == key and found.following <= index else None


def _keep(waiting: _Waiting) -> None:
    global _waiting
    with _lock:
        _waiting = waiting
