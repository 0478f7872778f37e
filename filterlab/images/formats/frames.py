"""Animations, page by page: what is known of a file from one page is kept for the next.

Pages are mostly asked for one after the other. Each by itself would take a walk over the whole file, and over all
frames that it is drawn on. For all pages together, that would grow with the square of their number.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, BinaryIO, NamedTuple, Protocol, TypeVar

from filterlab.errors import ImageError
from filterlab.forking import Lock
from filterlab.text.messages import say

MOST_DRAWN = 1 << 29  # pixels that are drawn for one page, those of the frames below it too; some ten seconds

PER_FRAME = 1 << 14  # pixels that could be drawn in the time that a frame takes besides its pixels

_MOST_KEPT = 1 << 28  # bytes of a player that waits
_SETTLED = 2_000_000_000  # nanoseconds: some file systems count times in steps of two seconds

Contents = TypeVar("Contents")


class FileSpan(NamedTuple):
    """A part of a file: its first byte, and the number of bytes."""

    start: int
    size: int


class FrameStep(NamedTuple):
    """How a frame changes the canvas.

    pixels: how many it covers. hides: whether nothing of what was there before it is left. restores: whether what it
    covers comes back before the next frame.
    """

    pixels: int
    hides: bool
    restores: bool


class FramePlayer(Protocol):
    """An animation at one of its frames. `following` is the frame that it would draw next."""

    following: int

    def show(self, stream: BinaryIO, index: int) -> Any:
        """The picture at frame `index`, from `following` on. The stream is the file's, open."""

    def size(self) -> int:
        """Bytes that it takes while it waits."""


class _Waiting(NamedTuple):
    key: Hashable
    player: FramePlayer


class _Index(NamedTuple):
    key: Hashable
    contents: Any


_lock = Lock()
_waiting: _Waiting | None = None
_index: _Index | None = None


def file_key(stream: BinaryIO) -> Hashable | None:
    """Return a key for what is kept of an open file, None where nothing of it may be kept.

    It tells the state of the file, not its name: a file that is replaced or written anew has another key. One that was
    written just now has none, because it may be written again without a change of its size and times.
    """
    status = os.fstat(stream.fileno())
    if time.time_ns() - status.st_mtime_ns <= _SETTLED:
        return None
    # The time of the last change of its attributes too: copying tools set the other one back, to that of the original.
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def indexed(
    stream: BinaryIO, parse: Callable[[BinaryIO], Contents], count: Callable[[Contents], int]
) -> tuple[Hashable | None, Contents]:
    """Return the `file_key` for `played`, and the contents of an open file as `parse` finds them.

    The contents of the last file with several pages are kept until its last page is played, or another file comes.
    Several threads may get the same contents, so nobody may change them.
    """
    global _index
    key = file_key(stream)
    with _lock:
        kept = _index
    if kept is not None and kept.key == key:
        return key, kept.contents
    # Outside the lock: parsing may take seconds, and another thread would wait for a file that it does not want.
    found = parse(stream)
    # A single picture is read once; keeping it would only push the animation out that somebody is leafing through.
    if key is not None and count(found) > 1:
        with _lock:
            _index = _Index(key, found)
    return key, found


def played(
    key: Hashable | None, stream: BinaryIO, index: int, count: int, make: Callable[[], FramePlayer]
) -> Any:
    """The picture of a player at frame `index` of `count`. key: the `file_key` of the stream, as it was indexed.

    A player that waits at an earlier frame of the same file goes on from there; otherwise `make` makes one. Only one
    waits, and none that is at the end or takes much memory.
    """
    player = _taken(key, index) or make()
    picture = player.show(stream, index)
    if index + 1 == count:
        forget(key)
    elif key is not None and player.size() <= _MOST_KEPT:
        _keep(_Waiting(key, player))
    return picture


def first_needed(steps: Sequence[FrameStep], index: int, following: int) -> int:
    """The frame at which a player that would draw `following` next starts to draw frame `index`.

    That is the last frame that hides all before it, unless it brings some of that back. Raises ImageError where the
    frames from there on have more pixels than can be drawn in sensible time.
    """
    first = index
    while first > following and (steps[first].restores or not steps[first].hides):
        first -= 1
    # Before anything is drawn: a small file may have a hundred thousand frames over a large canvas.
    check_work(sum(step.pixels for step in steps[first : index + 1]), index - first)
    return first


def check_work(pixels: int, others: int) -> None:
    """Raise ImageError where a frame that is drawn on so many others would take too long."""
    if pixels + others * PER_FRAME > MOST_DRAWN:
        what = say("its frame is drawn over {:,} earlier ones, more than can be read", others)
        raise ImageError(what, hint="cut the animation into shorter ones")


def joined(stream: BinaryIO, spans: Iterable[FileSpan], most: int) -> bytes:
    """The bytes of some parts of a file, one after the other, `most` of them at most."""
    parts = []
    for start, size in spans:
        stream.seek(start)
        parts.append(stream.read(min(size, most)))
        most -= len(parts[-1])
    return b"".join(parts)


def forget(key: Hashable | None) -> None:
    """Drop the contents of a file whose last page was shown: nobody is likely to ask again, and they take memory."""
    global _index
    with _lock:
        if _index is not None and _index.key == key:
            _index = None


def _taken(key: Hashable | None, index: int) -> FramePlayer | None:
    """The player that waits, if it can go on to this frame. It is taken away, for it serves one caller at a time."""
    global _waiting
    with _lock:
        found, _waiting = _waiting, None
    if found is None or found.key != key or found.player.following > index:
        return None
    return found.player


def _keep(waiting: _Waiting) -> None:
    global _waiting
    with _lock:
        _waiting = waiting
