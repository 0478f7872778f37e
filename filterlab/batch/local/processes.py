"""A batch in worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from itertools import chain, islice
from time import monotonic, sleep

from filterlab.batch.local.attempts import Attempts, Ended, Suspect, again
from filterlab.batch.local.crew import AHEAD, Crew, NoWorker, WorkerDied
from filterlab.batch.planning import Job
from filterlab.batch.settings import Settings
from filterlab.batch.tiled import Advance, threads_of_each
from filterlab.batch.worker import Done, Failure, attempt
from filterlab.errors import Cancelled
from filterlab.functional.threads import Cancel, thread_count
from filterlab.machine import free_memory
from filterlab.text.messages import say

_MEMORY = 512 << 20  # bytes for a worker: 150 MB of programs, and the maps of a photograph or two
_PATIENCE = 0.2  # seconds between two looks at whether the run was cancelled, and how far it is

Result = tuple[Job, Done | Failure, tuple[str, ...]]  # with remarks on how it was obtained


def fitting(count: int) -> int:
    """How many processes suit this machine for so many pictures: one a processor, where there is memory for them."""
    by_memory = max(free_memory() // _MEMORY, 1)
    return int(min(count, thread_count(), by_memory))


@dataclass
class Processes:
    """A batch in up to `size` worker processes.

    A picture whose worker ended, or whose failure may pass, is tried again at the end, alone, with all the memory of
    the machine. Where workers cannot be started, those that could be started do the work, and where there are none,
    this process does.
    """

    settings: Settings
    queue: Iterator[Job]
    size: int
    attempts: Attempts
    cancel: Cancel | None = None
    advance: Advance | None = None
    advanced: float = 0.0  # as it was told last
    running: dict[Future[Done | Failure], Job] = field(default_factory=dict)
    suspects: list[Suspect] = field(default_factory=list)
    returned: list[Job] = field(default_factory=list)  # jobs of workers that could not be started
    shortage_said: bool = False

    def results(self) -> Iterator[Result]:
        """The result of each picture as it comes. Raises Cancelled."""
        yield from self._side_by_side()
        # One worker for all of them: it is started anew only when it has died.
        if self.suspects:
            yield from self._alone()

    def _side_by_side(self) -> Iterator[Result]:
        crew = Crew(self.settings, self.size, timeout=self.attempts.timeout)
        # What the workers hold, and enough beside it that each finds its next picture: a million pictures must not be
        # a million futures.
        under_way = (AHEAD + 1) * self.size
        try:
            self._submit(crew, under_way)
            while self.running:
                for future in self._finished_of(crew, self.running):
                    job = self.running.pop(future)
                    for result in self._results_of(job, future):
                        yield job, result, self._shortage(crew)
                if crew.most:
                    self._submit(crew, under_way - len(self.running))
        finally:
            crew.stop()
        # Chained, not listed: taking a job from the queue withdraws its entry, which must stay until its turn.
        for job in chain(self.returned, self.queue):
            yield job, attempt(self.settings, job), self._shortage(crew)

    def _finished_of(
        self, crew: Crew, futures: Iterable[Future[Done | Failure]]
    ) -> set[Future[Done | Failure]]:
        """Wait until some of the futures are done. Raises Cancelled."""
        patience = None if self.cancel is None and self.advance is None else _PATIENCE
        while not (finished := wait(futures, patience, FIRST_COMPLETED).done):
            self._check_wanted()
            if self.advance is not None and (advanced := crew.advance) != self.advanced:
                self.advanced = advanced
                self.advance(advanced)
        return finished

    def _check_wanted(self) -> None:
        if self.cancel is not None and self.cancel():
            raise Cancelled("stopped", "batch")

    def _pause(self, seconds: float) -> None:
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._check_wanted()
            sleep(min(left, _PATIENCE))

    def _shortage(self, crew: Crew) -> tuple[str, ...]:
        """A remark, made once, that there are fewer workers than were asked for."""
        if crew.most >= self.size or self.shortage_said:
            return ()
        self.shortage_said = True
        return (
            say("the system has no room for {} processes: {} did the work", self.size, max(crew.most, 1)),
        )

    def _submit(self, crew: Crew, count: int) -> None:
        for job in islice(self.queue, count):
            try:
                self.running[crew.submit(job)] = job
            # Not a failure of the picture: this process does it itself in the end.
            except NoWorker:
                self.returned.append(job)

    def _results_of(self, job: Job, future: Future[Done | Failure]) -> Iterator[Done | Failure]:
        """The result, unless the picture is to be tried again."""
        tried = 1
        try:
            result = future.result()
        except WorkerDied as death:
            result = self._ended(death)
            # Where another picture may have been the cause, this one has one more attempt whatever happens.
            tried = 1 if death.alone else min(1, self.attempts.retries)
        except NoWorker:
            self.returned.append(job)
            return
        if self.attempts.more(result, tried):
            self.suspects.append(Suspect(job, tried, result))
        else:
            yield result

    def _ended(self, death: WorkerDied) -> Ended:
        timeout = self.attempts.timeout
        return Ended.late(timeout) if death.late and timeout is not None else Ended.by(death.code)

    def _alone(self) -> Iterator[Result]:
        # Its part of the memory was worked out for the threads that it had.
        threads = None if self.settings.memory is None else threads_of_each(self.size)
        crew = Crew(self.settings, 1, timeout=self.attempts.timeout, ahead=1, threads=threads)

        def attempt_alone(job: Job) -> Done | Failure:
            try:
                (done,) = self._finished_of(crew, [crew.submit(job)])
                return done.result()
            except WorkerDied as death:
                return self._ended(death)
            except NoWorker:
                return Failure("its process was ended once, and no other could be started")

        try:
            for job, result in again(self.suspects, self.attempts, attempt_alone, self._pause):
                yield job, result, ()
        finally:
            crew.stop()
