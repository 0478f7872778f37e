"""Many pictures, one after the other or in several processes, each with its outcome."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from filterlab.batch.crew import Crew, NoWorker, WorkerDied
from filterlab.batch.journal import GROUP, Journal
from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.meeting import check_names
from filterlab.batch.planning import Job
from filterlab.batch.settings import Settings
from filterlab.batch.worker import Done, attempt, make_folder
from filterlab.errors import Cancelled
from filterlab.functional.threads import Cancel
from filterlab.text.messages import say
from filterlab.text.system import refusal_text

_PATIENCE = 0.2  # seconds between two looks at whether the run was cancelled


@dataclass(frozen=True)
class Outcome:
    """The outcome of a picture: the files written, or the reason why there are none.

    page: which page of the file, where pages were chosen. left_out: pages that nobody asked for. remarks: damage to
    the picture's file, and anything that was not done as asked.
    """

    picture: str
    outputs: tuple[str, ...] = ()
    error: str = ""
    page: int | None = None
    left_out: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


def run(
    settings: Settings,
    jobs: Sequence[Job],
    processes: int = 1,
    *,
    verify: bool = False,
    cancel: Cancel | None = None,
) -> Generator[Outcome]:
    """Do the jobs and yield the outcome of each as it comes. A picture that fails does not stop the others.

    The output folder is locked until the generator ends, is closed or is dropped. verify: the files of pictures that
    an earlier run has done are compared by digest. cancel: asked several times a second; once it returns true, the
    generator raises Cancelled within a second and leaves only whole files. A single picture, too, is then done in a
    process of its own, since this one could not be interrupted.

    Raises FileError where the output folder cannot be made or another run is at work in it, ParameterError where the
    pipeline fits no picture, or its names no files.
    """
    settings.pipeline.check()
    check_names(settings, jobs)
    make_folder(settings.out)
    # Opened here and not at the first outcome, so that whoever runs into a locked folder hears of it before all else.
    journal = Journal(settings.out, settings.fingerprint())
    outcomes = _outcomes(settings, jobs, processes, verify, cancel, journal)
    # Closing a generator that has not begun would run none of its code, and leave the folder locked.
    next(outcomes)
    return outcomes


def _outcomes(
    settings: Settings,
    jobs: Sequence[Job],
    processes: int,
    verify: bool,
    cancel: Cancel | None,
    journal: Journal,
) -> Generator[Outcome]:
    """An empty outcome once the journal is in safe hands, then the outcomes of the jobs."""
    with journal:
        yield Outcome("")
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
        # Processes without a picture would import everything for nothing.
        size = min(processes, len(waiting))
        apart = size > 1 or (size == 1 and cancel is not None)
        crew = _Processes(settings, queue, size, cancel)
        for job, result, remarks in crew.results() if apart else _here(settings, queue):
            if isinstance(result, Done) and result.source is not None:
                journal.add(job, result.source, result.outputs)
            yield _outcome(job, result, remarks)


Result = tuple[Job, Done | str, tuple[str, ...]]  # with remarks on how it was obtained


def _outcome(job: Job, result: Done | str, remarks: tuple[str, ...]) -> Outcome:
    if isinstance(result, str):
        return Outcome(job.shown, error=result, page=job.page, remarks=remarks)
    outputs = tuple(str(output.path) for output in result.outputs)
    return Outcome(job.shown, outputs, "", job.page, result.left_out, (*result.remarks, *remarks))


class _Withdrawing:
    """The jobs one by one, each after its entry in the journal was withdrawn.

    A job whose entry cannot be withdrawn comes with a problem: its files must stay as the entry says.
    """

    def __init__(self, journal: Journal, jobs: Iterable[Job], *, keeps: bool) -> None:
        self._journal, self._jobs = journal, iter(jobs)
        self._keeps = keeps  # existing files do not change, so every entry stays true
        self._ready: deque[Job] = deque()

    def __iter__(self) -> Iterator[Job]:
        return self

    def __next__(self) -> Job:
        if not self._ready:
            group = list(islice(self._jobs, GROUP))  # each withdrawal waits for the disk
            self._ready.extend(group if self._keeps else self._withdrawn(group))
        if not self._ready:
            raise StopIteration
        return self._ready.popleft()

    def _withdrawn(self, group: list[Job]) -> list[Job]:
        try:
            self._journal.withdraw(group)
        except OSError as error:
            refusal = refusal_text(error, writing=True)
            problem = say("its entry in the journal cannot be withdrawn: {}", refusal)
            return [replace(job, problem=problem) if self._journal.has(job) else job for job in group]
        return group


def _here(settings: Settings, jobs: Iterable[Job]) -> Iterator[Result]:
    for job in jobs:
        yield job, attempt(settings, job), ()


# -- processes --------------------------------------------------------------------------------------------


@dataclass
class _Processes:
    """A batch in worker processes.

    A picture whose worker dies is tried once more at the end, alone, with all the memory of the machine; if its worker
    dies again, it has failed. Where workers cannot be started, those that could be started do the work, and where there
    are none, this process does.
    """

    settings: Settings
    queue: Iterator[Job]
    size: int
    cancel: Cancel | None = None
    running: dict[Future[Done | str], Job] = field(default_factory=dict)
    suspects: list[Job] = field(default_factory=list)
    returned: list[Job] = field(default_factory=list)  # jobs of workers that could not be started
    shortage_said: bool = False

    def results(self) -> Iterator[Result]:
        """The result of each picture as it comes."""
        yield from self._with_crew(self.size)
        for job in self.suspects:
            yield from self._alone(job)

    def _with_crew(self, size: int) -> Iterator[Result]:
        crew = Crew(self.settings, size)
        try:
            # Two jobs a worker are under way, so that a million pictures are not a million futures.
            self._submit(crew, 2 * size)
            while self.running:
                finished = self._finished_of(self.running)
                for future in finished:
                    for job, result in self._finished(future):
                        yield job, result, self._shortage(crew)
                if crew.most:
                    self._submit(crew, len(finished))
        finally:
            crew.stop()
            for job in self.running.values():
                remove_leftovers(self.settings, self.settings.out / job.folder)
        # Chained, not listed: taking a job from the queue withdraws its entry, which must stay until its turn.
        for job in chain(self.returned, self.queue):
            yield job, attempt(self.settings, job), self._shortage(crew)

    def _finished_of(self, futures: Iterable[Future[Done | str]]) -> set[Future[Done | str]]:
        """Wait until some of the futures are done. Raises Cancelled."""
        patience = None if self.cancel is None else _PATIENCE
        while not (finished := wait(futures, patience, FIRST_COMPLETED).done):
            if self.cancel is not None and self.cancel():
                raise Cancelled("stopped", "batch")
        return finished

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

    def _finished(self, future: Future[Done | str]) -> Iterator[tuple[Job, Done | str]]:
        job = self.running.pop(future)
        try:
            yield job, future.result()
        except WorkerDied as death:
            self._remove_begun(death.begun)
            self.suspects.append(job)
        except NoWorker:
            self.returned.append(job)

    def _alone(self, job: Job) -> Iterator[Result]:
        crew = Crew(self.settings, 1)
        try:
            (done,) = self._finished_of([crew.submit(job)])
            yield job, done.result(), ()
        except WorkerDied as death:
            self._remove_begun(death.begun)
            yield job, _cause(death.code), ()
        except NoWorker:
            yield job, "its process was ended once, and no other could be started", ()
        finally:
            crew.stop()
            remove_leftovers(self.settings, self.settings.out / job.folder)

    def _remove_begun(self, files: tuple[Path, ...]) -> None:
        """Remove what a worker that died has written, where existing files are kept.

        None of these files existed when the worker began to write it, and the next attempt, or the next run, would
        refuse the picture because of them.
        """
        if self.settings.existing == "keep":
            for path in files:
                with suppress(OSError):
                    path.unlink()


def _cause(code: int) -> str:
    """Why a picture failed whose worker died twice. code: as `subprocess` gives it, negative for a signal."""
    if code >= 0:
        return f"its process ended with status {code}"
    name = f"signal {-code}"
    with suppress(ValueError):
        if -code not in (9, 15):
            name += f" ({signal.Signals(-code).name})"
    reason = ", perhaps for want of memory" if code == -9 else ""
    return f"its process was ended by {name}{reason}"
