"""A batch that was asked for, and how far it has come. No Qt."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from filterlab.batch import Outcome, Settings, plan, run_jobs
from filterlab.run.source import to_command

_KEPT = ": exists"  # stands in the reason of a picture that would have replaced files
RECENT = 20.0  # seconds over which the rate is measured: pictures may differ in size


@dataclass(frozen=True, eq=False)
class BatchOrder:
    """The inputs as `filterlab run` takes them, what becomes of each picture, and how many processes do it."""

    inputs: tuple[str, ...]
    settings: Settings
    processes: int = 1

    def course(self, cancel: Callable[[], bool], report: Callable[[Any], None]) -> Iterator[Outcome]:
        """Plan the batch and do it. Raises FilterLabError as planning and running do, Cancelled.

        What is reported is the plan, and then how many pictures are done with what tiles have done of others.
        """
        planned = plan(self.inputs)
        report(planned)
        ended = 0

        def advance(part: float) -> None:
            report(ended + part)

        begun = run_jobs(self.settings, planned.jobs, self.processes, cancel=cancel, advance=advance)
        # Closed at once when it is left, so that the workers end and the folder is unlocked.
        with closing(begun) as outcomes:
            for outcome in outcomes:
                ended += 1
                yield outcome

    def command(self, file: str) -> str:
        """The command that does the same with the pipeline in `file`."""
        jobs = ("--jobs", str(self.processes)) if self.processes > 1 else ()
        options = [*self.settings.words(), *jobs]
        return to_command(file, self.inputs, str(self.settings.out), options)


def kept(outcome: Outcome) -> bool:
    """Whether a picture has failed because its files exist already and were to be kept."""
    return _KEPT in outcome.error


class BatchProgress:
    """Counts outcomes. total: the number of pictures, None until it is known. clock: seconds, as time.monotonic.

    done, failed: pictures. kept: those of the failed whose files existed already. files: written in all.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began, self._ended = clock(), 0.0
        self._recent: deque[tuple[float, float]] = deque([(self._began, 0.0)])  # when so much was finished
        self.total: int | None = None
        self._told = 0.0
        self.done = self.failed = self.files = self.kept = 0

    @property
    def finished(self) -> int:
        """The number of pictures that are done or have failed."""
        return self.done + self.failed

    @property
    def seconds(self) -> float:
        """The time since the beginning, or that the whole took."""
        return (self._ended or self._clock()) - self._began

    def end(self) -> None:
        """Stop the clock."""
        self._ended = self._clock()

    def add(self, outcome: Outcome) -> None:
        """Count an outcome."""
        if outcome.error:
            self.failed += 1
            self.kept += kept(outcome)
        else:
            self.done += 1
            self.files += len(outcome.outputs)
        self._note()

    def advance(self, reached: float) -> None:
        """Take in how many pictures are done, with what tiles have done of others."""
        self._told = reached
        self._note()

    @property
    def reached(self) -> float:
        """As many as are finished, and what tiles have done of others."""
        # What was told of a picture in tiles may come after its outcome.
        return max(self.finished, self._told)

    def _note(self) -> None:
        now = self._clock()
        self._recent.append((now, self.reached))
        while len(self._recent) > 2 and now - self._recent[0][0] > RECENT:
            self._recent.popleft()

    def rate(self) -> float | None:
        """Pictures a second over the last `RECENT` seconds; None before the first picture or tile."""
        (first, before), (_, after) = self._recent[0], self._recent[-1]
        elapsed = self._clock() - first
        return (after - before) / elapsed if after > before and elapsed > 0 else None

    def left(self) -> float | None:
        """The seconds that the others will take at this rate; None where that is not known."""
        rate = self.rate()
        return None if rate is None or self.total is None else (self.total - self.reached) / rate
