"""How often a picture is tried, and how long that may take."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeGuard

from filterlab.batch.planning import Job
from filterlab.batch.worker import Done, Failure
from filterlab.text.messages import say

FIRST_PAUSE, LONGEST_PAUSE = (
    1.0,
    60.0,
)  # seconds before pictures are tried once more; each pause is twice as long


@dataclass(frozen=True)
class Attempts:
    """What is done about pictures that fail.

    timeout: seconds that a picture may take; None for any. retries: how often a picture is tried again whose process
    ended, that took too long, or whose failure may pass; a picture that is itself wrong is never tried again.
    """

    timeout: float | None = None
    retries: int = 1

    def more(self, result: Done | Failure, tried: int) -> TypeGuard[Failure]:
        """Whether a picture with this result, which was tried so many times, is tried again."""
        return isinstance(result, Failure) and result.passing and tried <= self.retries


@dataclass(frozen=True)
class Suspect:
    """A picture that is to be tried again. tried: how often it was already; failure: what came of it."""

    job: Job
    tried: int
    failure: Failure


def again(
    suspects: Iterable[Suspect],
    attempts: Attempts,
    attempt: Callable[[Job], Done | Failure],
    pause: Callable[[float], None],
) -> Iterator[tuple[Job, Done | Failure]]:
    """Try the suspects one by one until each is done or has no retries left; yields what became of each.

    pause: waits for so many seconds, before a round of pictures whose failure may pass.
    """
    waiting, seconds = list(suspects), FIRST_PAUSE
    while waiting:
        # A server that is busy is still busy at once. A process that ended has nothing to wait for.
        if any(not isinstance(suspect.failure, Ended) for suspect in waiting):
            pause(seconds)
            seconds = min(2 * seconds, LONGEST_PAUSE)
        waiting, tried = [], waiting
        for suspect in tried:
            result = attempt(suspect.job)
            if attempts.more(result, suspect.tried + 1):
                waiting.append(replace(suspect, tried=suspect.tried + 1, failure=result))
            else:
                yield suspect.job, result


@dataclass(frozen=True)
class Ended(Failure):
    """The process of a picture ended, or was ended because it took too long."""

    passing: bool = True

    @classmethod
    def by(cls, code: int) -> Ended:
        """For the exit code of a process as `subprocess` gives it, negative for a signal."""
        if code >= 0:
            return cls(say("its process ended with status {}", code))
        name = f"signal {-code}"
        with suppress(ValueError):
            if -code not in (9, 15):
                name += f" ({signal.Signals(-code).name})"
        reason = ", perhaps for want of memory" if code == -9 else ""
        return cls(f"its process was ended by {name}{reason}")

    @classmethod
    def late(cls, seconds: float) -> Ended:
        """For a picture that took longer than it may."""
        return cls(say("it took longer than {} s, and its process was ended", f"{seconds:g}"))
