"""Many pictures, one after the other or in several processes, each with its outcome."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from filterlab.batch.crew import Crew, NoWorker, WorkerDied
from filterlab.batch.journal import GROUP, Journal
from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.plan import Job
from filterlab.batch.settings import Settings
from filterlab.batch.worker import Done, attempt
from filterlab.errors import FileError
from filterlab.text.messages import say


@dataclass(frozen=True)
class Outcome:
    """What became of a picture: the files written, or the reason why there are none.

    page: which page of the file, where pages were chosen. left_out: pages that nobody asked for. remarks: on damage of
    the file, and on what went otherwise than asked.
    """

    picture: str
    outputs: tuple[str, ...] = ()
    error: str = ""
    page: int | None = None
    left_out: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


def run(
    settings: Settings, jobs: Sequence[Job], processes: int = 1, *, verify: bool = False
) -> Generator[Outcome]:
    """The outcome of each job, as they come. A picture that fails does not stop the others.

    verify: pictures that an earlier run has done are compared with their digests. Raises FileError where the output
    folder cannot be made or another run is at work in it, ParameterError where the pipeline fits no picture.
    """
    settings.pipeline.check()
    try:
        settings.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = say("the folder cannot be made: {}", error.strerror or "the system refuses it")
        raise FileError(what, str(settings.out)) from None
    # Opened here, not at the first outcome: who runs into another's folder is told before anything else.
    return _outcomes(settings, jobs, processes, verify, Journal(settings.out, settings.fingerprint()))


def _outcomes(
    settings: Settings, jobs: Sequence[Job], processes: int, verify: bool, journal: Journal
) -> Generator[Outcome]:
    with journal:
        waiting = []
        for job in jobs:
            done = journal.outputs(job, verify=verify) if settings.existing == "resume" else None
            if job.problem:
                yield Outcome(job.shown, error=job.problem)
            elif done is not None:
                remove_leftovers(settings, settings.out / job.folder)
                yield Outcome(job.shown, tuple(done), page=job.page)
            else:
                waiting.append(job)
        queue = _Withdrawing(journal, waiting, keeps=settings.existing == "keep")
        size = min(processes, len(waiting))
        for job, result, remarks in (
            _Processes(settings, queue, size).results() if size > 1 else _here(settings, queue)
        ):
            if isinstance(result, Done):
                journal.add(job, result.outputs)
            yield _outcome(job, result, remarks)


Result = tuple[Job, Done | str, tuple[str, ...]]  # with remarks on how it was come by


def _outcome(job: Job, result: Done | str, remarks: tuple[str, ...]) -> Outcome:
    if isinstance(result, str):
        return Outcome(job.shown, error=result, page=job.page, remarks=remarks)
    outputs = tuple(str(output.path) for output in result.outputs)
    return Outcome(job.shown, outputs, "", job.page, result.left_out, (*result.remarks, *remarks))


class _Withdrawing:
    """The jobs one by one; before one is handed out, its entry in the journal is withdrawn, with those of some more."""

    def __init__(self, journal: Journal, jobs: Iterable[Job], *, keeps: bool) -> None:
        self._journal, self._jobs = journal, iter(jobs)
        self._keeps = keeps  # no file that is there will change, so every entry stays true
        self._ready: deque[Job] = deque()

    def __iter__(self) -> Iterator[Job]:
        return self

    def __next__(self) -> Job:
        if not self._ready:
            # In groups: each withdrawal waits for the disk.
            self._ready.extend(islice(self._jobs, GROUP))
            if not self._keeps:
                self._journal.withdraw(self._ready)
        if not self._ready:
            raise StopIteration
        return self._ready.popleft()


def _here(settings: Settings, jobs: Iterable[Job]) -> Iterator[Result]:
    for job in jobs:
        yield job, attempt(settings, job), ()


# -- processes --------------------------------------------------------------------------------------------


@dataclass
class _Processes:
    """A batch in worker processes.

    A picture whose worker dies is tried once more at the end, alone, with all the memory of the machine; if its worker
    dies again, it has failed. Where workers cannot be started, those that could be do the work, or this process does.
    """

    settings: Settings
    queue: Iterator[Job]
    size: int
    running: dict[Future[Done | str], Job] = field(default_factory=dict)
    suspects: list[Job] = field(default_factory=list)
    returned: list[Job] = field(default_factory=list)  # by workers that could not be started
    said: bool = False

    def results(self) -> Iterator[Result]:
        """What became of each picture, as they come."""
        yield from self._with_crew(self.size)
        for job in tuple(self.suspects):
            yield from self._alone(job)

    def _with_crew(self, size: int) -> Iterator[Result]:
        crew = Crew(self.settings, size)
        try:
            # Two jobs a process are on their way, so that a million pictures are not a million futures.
            self._submit(crew, 2 * size)
            while self.running:
                finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
                for future in finished:
                    for job, result in self._finished(future):
                        yield job, result, self._news(crew)
                if crew.most:
                    self._submit(crew, len(finished))
        finally:
            crew.stop()
            for job in self.running.values():
                remove_leftovers(self.settings, self.settings.out / job.folder)
        for job in [*self.returned, *self.queue]:
            yield job, attempt(self.settings, job), self._news(crew)

    def _news(self, crew: Crew) -> tuple[str, ...]:
        """Once, that there are fewer workers than asked for."""
        if crew.most >= self.size or self.said:
            return ()
        self.said = True
        return (f"the system has no room for {self.size} processes: {max(crew.most, 1)} did the work",)

    def _submit(self, crew: Crew, count: int) -> None:
        for job in islice(self.queue, count):
            try:
                self.running[crew.submit(job)] = job
            except NoWorker:
                self.returned.append(job)

    def _finished(self, future: Future[Done | str]) -> Iterator[tuple[Job, Done | str]]:
        job = self.running.pop(future)
        try:
            yield job, future.result()
        except WorkerDied:
            self.suspects.append(job)
        except NoWorker:
            self.returned.append(job)

    def _alone(self, job: Job) -> Iterator[Result]:
        crew = Crew(self.settings, 1)
        try:
            yield job, crew.submit(job).result(), ()
        except WorkerDied as death:
            yield job, _cause(death.code), ()
        except NoWorker:
            yield job, "its process was ended once, and no other could be started", ()
        finally:
            crew.stop()
            remove_leftovers(self.settings, self.settings.out / job.folder)


def _cause(code: int) -> str:
    """Why a picture failed whose worker died, twice."""
    if code >= 0:
        return f"its process ended with status {code}"
    name = f"signal {-code}"
    with suppress(ValueError):
        if -code not in (9, 15):
            name += f" ({signal.Signals(-code).name})"
    reason = ", perhaps for want of memory" if code == -9 else ""
    return f"its process was ended by {name}{reason}"
