"""Many pictures, one after the other or in several processes, each with its outcome."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from time import sleep

from filterlab.batch.cluster.course import ClusterCourse
from filterlab.batch.journal import GROUP, Journal
from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.local.attempts import Attempts, Suspect, again
from filterlab.batch.local.processes import Processes, Result, fitting
from filterlab.batch.meeting import check_names
from filterlab.batch.planning import Job
from filterlab.batch.report import ReportFile
from filterlab.batch.settings import Settings
from filterlab.batch.tiled import Advance, affordable, check_tiled, shared, threads_of_each
from filterlab.batch.worker import Done, Failure, attempt
from filterlab.files import make_folder
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.text.messages import say
from filterlab.text.system import refusal_text

AUTO = "auto"
# Pictures from which on a single process, too, is one beside this one: it starts in the time of a few pictures, and
# then reads, computes and writes side by side.
_WORTH_A_PROCESS = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a picture: the files written, or the reason why there are none.

    page: which page of the file, where pages were chosen. left_out: pages that nobody asked for. remarks: damage to
    the picture's file, and anything that was not done as asked. folder: of the picture, below the output folder, with
    slashes. earlier: an earlier run has done it. maps: the arrays by node, of a batch that writes no files.
    """

    picture: str
    outputs: tuple[str, ...] = ()
    error: str = ""
    page: int | None = None
    left_out: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
    folder: str = ""
    earlier: bool = False
    maps: Mapping[str, Array] = field(default_factory=dict, compare=False, repr=False)


def run_jobs(
    settings: Settings,
    jobs: Sequence[Job],
    processes: int | str = 1,
    *,
    verify: bool = False,
    timeout: float | None = None,
    retries: int = 1,
    fail_fast: bool = False,
    scheduler: str | None = None,
    fetch: bool = False,
    cancel: Cancel | None = None,
    advance: Advance | None = None,
    foresee: bool = True,
) -> Generator[Outcome]:
    """Do the jobs and yield the outcome of each as it comes. A picture that fails does not stop the others.

    The output folder is locked until the generator ends, is closed or is dropped. processes: "auto" for as many as the
    machine has processors and memory for. verify: the files of pictures that an earlier run has done are compared by
    digest, and some tiles of those that are done in tiles are computed again. timeout: seconds that a picture may take
    before its process is ended. retries: how often a picture is tried again whose process ended, that took too long, or
    that failed for a reason that may pass. fail_fast: the first failure is the last outcome. scheduler: the address of
    a scheduler of Dask whose workers do the pictures. fetch: pictures and files travel through it, for workers that do
    not see the folders. cancel: asked several times a second; once it returns true, the generator raises Cancelled
    within a second and leaves only whole files. A single picture, too, is then done in a process of its own, since this
    one could not be interrupted; and so it is where a timeout is given. advance: called with
    what tiles have done of the pictures under way, while the next outcome is waited for; not on a cluster. foresee:
    nothing is begun where the largest of the first pictures cannot be done within the memory, or in tiles; else such a
    picture fails by itself.

    Raises FileError where the output folder cannot be made or another run is at work in it, ParameterError where the
    pipeline fits no picture, or its names no files, FilterLabError where there is no scheduler or its workers differ,
    and where memory or tiles do not suffice.
    """
    settings.pipeline.check()
    most = affordable(settings, fitting(len(jobs))) if processes == AUTO else min(int(processes), len(jobs))
    apart = cancel is not None or timeout is not None or len(jobs) >= _WORTH_A_PROCESS
    apart = apart or most > 1
    # Whatever workers a cluster has: none has more room than one that does a picture at a time, with one thread.
    size, threads = (1, 1) if scheduler else (most, threads_of_each(most) if apart else None)
    own = shared(settings, size, apart=apart or bool(scheduler), threads=threads)
    if foresee:
        check_tiled(own, jobs, threads=threads)
    settings = replace(settings, verify=verify)
    check_names(settings, jobs)
    make_folder(settings.out)
    # Opened here and not at the first outcome, so that whoever runs into a locked folder hears of it before all else.
    journal = Journal(settings.out, settings.fingerprint())
    batch = _Batch(
        settings,
        journal,
        most,
        verify,
        Attempts(timeout, retries),
        fail_fast,
        scheduler,
        fetch,
        cancel,
        advance,
        foresee,
    )
    outcomes = batch.outcomes(jobs)
    # Closing a generator that has not begun would run none of its code, and leave the folder locked.
    next(outcomes)
    return outcomes


@dataclass(frozen=True)
class _Batch:
    """A batch in an output folder whose journal is open; see `run_jobs`."""

    settings: Settings
    journal: Journal
    processes: int
    verify: bool
    attempts: Attempts
    fail_fast: bool
    scheduler: str | None
    fetch: bool
    cancel: Cancel | None
    advance: Advance | None
    foresee: bool

    def outcomes(self, jobs: Sequence[Job]) -> Generator[Outcome]:
        """An empty outcome once the journal is in safe hands, then the outcomes of the jobs."""
        with self.journal, ReportFile(self.settings.out) as report:
            yield Outcome("")
            for job, result, remarks in self._results(jobs):
                outcome = _outcome(job, result, remarks)
                # Before the journal's entry, which says that nothing is left to do.
                report.add(job, result)
                if isinstance(result, Done) and result.source is not None and not result.earlier:
                    self.journal.add(job, result.source, result.outputs)
                yield outcome
                if outcome.error and self.fail_fast:
                    return

    def _results(self, jobs: Sequence[Job]) -> Iterator[Result]:
        waiting = []
        for job in jobs:
            done = self._done(job)
            if job.problem:
                yield job, Failure(job.problem), ()
            elif done is not None:
                remove_leftovers(output.path for output in done.outputs)
                yield job, done, ()
            else:
                waiting.append(job)
        yield from self._do(waiting)

    def _done(self, job: Job) -> Done | None:
        """The files of a picture that an earlier run has done; None where it is to be done."""
        if self.settings.existing != "resume":
            return None
        files = self.journal.outputs(job, verify=self.verify)
        return None if files is None else Done(tuple(files), None, earlier=True)

    def _do(self, jobs: Sequence[Job]) -> Iterator[Result]:
        if not jobs:
            return iter(())
        queue = _Withdrawing(self.journal, jobs, keeps=self.settings.existing == "keep")
        if self.scheduler:
            weighed = jobs if self.foresee else ()
            return ClusterCourse(
                self.settings,
                queue,
                len(jobs),
                self.scheduler,
                self.attempts,
                self.fetch,
                self.cancel,
                weighed=weighed,
            ).results()
        # Processes without a picture would import everything for nothing.
        size = min(self.processes, len(jobs))
        apart = self.cancel is not None or self.attempts.timeout is not None or len(jobs) >= _WORTH_A_PROCESS
        # Shared out for those that are left to do: fewer processes have more threads each, which need more memory.
        if size > 1 or (size == 1 and apart):
            own = shared(self.settings, size, apart=True, threads=threads_of_each(size))
            return Processes(own, queue, size, self.attempts, self.cancel, self.advance).results()
        return _here(shared(self.settings, 1, apart=False), queue, self.attempts, self.advance)


def _outcome(job: Job, result: Done | Failure, remarks: tuple[str, ...]) -> Outcome:
    if isinstance(result, Failure):
        return Outcome(job.shown, error=result.reason, page=job.page, remarks=remarks, folder=job.folder)
    outputs = tuple(str(output.path) for output in result.outputs)
    return Outcome(
        job.shown,
        outputs,
        page=job.page,
        left_out=result.left_out,
        remarks=(*result.remarks, *remarks),
        folder=job.folder,
        earlier=result.earlier,
    )


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


def _here(
    settings: Settings, jobs: Iterable[Job], attempts: Attempts, advance: Advance | None
) -> Iterator[Result]:
    suspects = []
    for job in jobs:
        result = attempt(settings, job, advance=advance)
        if attempts.more(result, 1):
            suspects.append(Suspect(job, 1, result))
        else:
            yield job, result, ()
    for job, result in again(suspects, attempts, lambda job: attempt(settings, job, advance=advance), sleep):
        yield job, result, ()
