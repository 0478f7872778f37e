"""`filterlab.batch.run`: a pipeline over many pictures, from Python."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from filterlab.batch.afterwards import Afterwards
from filterlab.batch.options.declared import OPTIONS, Choosing, RunOptions, options_of
from filterlab.batch.planning import Job, Plan, plan
from filterlab.batch.progress import progress_shown
from filterlab.batch.remote.folder import RemoteFolder, staged
from filterlab.batch.remote.pictures import at_hand, is_remote
from filterlab.batch.runner import AUTO, Outcome, run_jobs
from filterlab.batch.settings import Settings
from filterlab.batch.tiled import Advance, TiledPicture, check_tiled, opened, shared
from filterlab.errors import FilterLabError, ParameterError, shown
from filterlab.functional.arrays import Array
from filterlab.images.decoded import Reading
from filterlab.images.reading import read_picture
from filterlab.machine import processors
from filterlab.pipeline import Pipeline
from filterlab.run.tiling.fitting import room_in
from filterlab.text.messages import say

_MOST_ROWS = 20  # of failures that a notebook shows


def run(
    pipeline: Pipeline | str | Path,
    images: str | Path | Iterable[str | Path],
    out: str | Path | None = None,
    *,
    progress: bool | None = None,
    **options: Any,
) -> BatchReport:
    """Run a pipeline, or the file of one, over pictures; returns a report of what became of each.

    images: files, folders, patterns and lists, as on the command line. With `out`, the maps are written into that
    folder before this returns. Without, nothing is written: going over the report computes one picture after the other,
    each with its arrays in `maps`, and is the only thing that computes; `jobs` are then threads of this process, whose
    `memory` the arrays of pictures at work count to, and those of one picture that the caller has. Options that are
    about files or processes are then refused.
    progress: False shows none, True a bar; None, a bar where somebody watches: in a notebook or on a terminal.
    options: those of `filterlab run` by name, as maps=["edges"], jobs="auto", recursive=True, where="width > 1000".

    Raises ParameterError for options that are unknown or wrong, FileError for a pipeline that cannot be read or an
    output folder that cannot be used. A picture that fails raises nothing; it is in `failed`.
    """
    told = RunOptions.read(options, "batch.run")
    if told.watch or told.json:
        raise ParameterError("watch and json belong to the command line", "batch.run", "leave them out")
    if not isinstance(pipeline, Pipeline | str | Path):
        what = say("pipeline is {}", shown(pipeline))
        raise ParameterError(what, "batch.run", "give a pipeline, or the path of its file")
    loaded = pipeline if isinstance(pipeline, Pipeline) else Pipeline.load(pipeline)
    words = _words(images)
    settings = Settings.told(loaded, Path() if out is None else Path(out), told)
    planned = plan(words, out=settings.out, **told.part(Choosing))
    if out is None:
        _check_without_files(told)
        return ArrayRun(planned, settings, told, progress)
    report = BatchReport(planned)
    with (
        staged(str(out)) as folder,
        closing(carry_out(replace(settings, out=folder), planned.jobs, told, str(out))) as outcomes,
    ):
        for outcome in progress_shown(outcomes, len(planned.jobs), progress):
            report.add(outcome)
    return report


# What a run without files obeys, beside the choice of pictures.
_OF_ARRAYS = {"maps", "level", "tile", "memory", "jobs", "fail_fast"}


def _check_without_files(told: RunOptions) -> None:
    for name, option in OPTIONS.items():
        ignored = name not in _OF_ARRAYS and name not in options_of(Choosing)
        if ignored and getattr(told, name) != option.default:
            what = say("{} means nothing where no files are written", name)
            raise ParameterError(what, "batch.run", "name a folder for them, or leave it out", parameter=name)


def _words(images: Any) -> list[str | Path]:
    words = [images] if isinstance(images, str | Path) or not isinstance(images, Iterable) else list(images)
    for word in words:
        # Arrays, above all: the comparisons further on would fail with words that say nothing.
        if not isinstance(word, str | Path):
            what = say("an image is {}", shown(word))
            raise ParameterError(what, "batch.run", "give paths; Pipeline.run takes arrays")
    return words


def carry_out(
    settings: Settings,
    jobs: Sequence[Job],
    options: RunOptions,
    address: str,
    advance: Advance | None = None,
) -> Generator[Outcome]:
    """The outcomes of the jobs, with all that follows each. address: of the output folder that the person named.

    advance: see `run_jobs`. Raises as `run_jobs`, and FilterLabError where the address cannot be reached.
    """
    remote = RemoteFolder(address, settings) if is_remote(address) else None
    done_file = options.done_file and remote is None
    afterwards = Afterwards(settings.out, options.after, done_file, settings.existing)
    jobs = afterwards.refused(jobs)
    earlier: list[Outcome] = []
    if remote is not None:
        jobs, earlier = remote.sorted_out(jobs)
    with closing(begin(settings, jobs, options, advance)) as outcomes:
        afterwards.begin(jobs)
        yield from earlier
        yield from afterwards.each(outcomes if remote is None else remote.each(outcomes, jobs))


def begin(
    settings: Settings, jobs: Sequence[Job], options: RunOptions, advance: Advance | None = None
) -> Generator[Outcome]:
    """Begin the jobs as the options say; see `run_jobs`."""
    return run_jobs(
        settings,
        jobs,
        options.jobs,
        verify=options.verify,
        timeout=options.timeout,
        retries=options.retries,
        fail_fast=options.fail_fast,
        scheduler=options.scheduler,
        fetch=options.fetch,
        advance=advance,
        foresee=not options.watch,  # one picture that arrives must not end the watch
    )


class BatchReport:
    """What became of the pictures of a batch. Going over it gives the outcome of each that is done.

    done, failed: outcomes, in the order in which they came. repeated: names that were given more than once. not_chosen:
    pictures that the condition `where` left out.
    """

    def __init__(self, planned: Plan) -> None:
        self.plan = planned
        self.repeated, self.not_chosen = planned.repeated, planned.not_chosen
        self.done: list[Outcome] = []
        self.failed: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        """Take in an outcome."""
        (self.failed if outcome.error else self.done).append(outcome)

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.done)

    def __len__(self) -> int:
        return len(self.done)

    def __bool__(self) -> bool:
        return True  # a report without pictures is a report

    @property
    def left_out(self) -> dict[str, tuple[int, ...]]:
        """The pages that nobody asked for, by the picture."""
        return {outcome.picture: outcome.left_out for outcome in self.done if outcome.left_out}

    @property
    def remarks(self) -> list[tuple[str, str]]:
        """Each remark, with the picture that it is about."""
        return [(o.picture, remark) for o in (*self.done, *self.failed) for remark in o.remarks]

    def summary(self) -> str:
        """What was done, in one line."""
        tails = (
            (len(self.failed), "failed"),
            (len(self.repeated), "repeated"),
            (len(self.plan.jobs) - len(self.done) - len(self.failed), "not begun or not ended"),
            (len(self.not_chosen), "not chosen"),
        )
        counts = "".join(f", {count} {words}" for count, words in tails if count)
        return f"{say('{} picture(s)', len(self.done))} done{counts}"

    def document(self) -> dict[str, Any]:
        """All of it, as `--json` prints it: `done` and `failed` always, other keys where they hold something."""
        more = {
            "repeated": list(self.repeated),
            "not_chosen": list(self.not_chosen),
            "left_out": [{**named(o), "pages": list(o.left_out)} for o in self.done if o.left_out],
            "remarks": [{**named(o), "remark": r} for o in (*self.done, *self.failed) for r in o.remarks],
        }
        return {
            "done": [{**named(o), "outputs": list(o.outputs)} for o in self.done],
            "failed": [{**named(o), "error": o.error} for o in self.failed],
            **{key: values for key, values in more.items() if values},
        }

    def __repr__(self) -> str:
        return f"<BatchReport: {self.summary()}>"

    def _repr_html_(self) -> str:
        rows = [
            f"<tr><td>{html.escape(o.picture)}</td><td>{html.escape(o.error)}</td></tr>"
            for o in self.failed[:_MOST_ROWS]
        ]
        if len(self.failed) > _MOST_ROWS:
            rows.append(f"<tr><td>and {len(self.failed) - _MOST_ROWS} more</td><td></td></tr>")
        table = f"<table><tr><th>failed</th><th>reason</th></tr>{''.join(rows)}</table>" if rows else ""
        return f"<p>{html.escape(self.summary())}</p>{table}"


def named(outcome: Outcome) -> dict[str, Any]:
    """The picture of an outcome, and its page where pages were chosen, for documents."""
    picture: dict[str, Any] = {"picture": outcome.picture}
    return picture if outcome.page is None else {**picture, "page": outcome.page}


class ArrayRun(BatchReport):
    """A batch that writes nothing. Going over it does it: it yields the outcomes with their arrays, and keeps them not.

    A picture that fails is passed over, and is in `failed`. Going over it again does it again.
    """

    def __init__(self, planned: Plan, settings: Settings, options: RunOptions, progress: bool | None) -> None:
        super().__init__(planned)
        self._size = processors() if options.jobs == AUTO else options.jobs
        self._settings = _share(settings, self._size)
        self._options, self._progress = options, progress
        check_tiled(self._settings, planned.jobs, kept=True)

    def __len__(self) -> int:
        return len(self.plan.jobs) - len(self.failed)

    def __iter__(self) -> Generator[Outcome]:
        self.done, self.failed = [], []
        jobs = self.plan.jobs
        with closing(self._outcomes(iter(jobs))) as outcomes:
            for outcome in progress_shown(outcomes, len(jobs), self._progress):
                self.add(replace(outcome, maps={}))
                if not outcome.error:
                    yield outcome
                elif self._options.fail_fast:
                    return

    def _outcomes(self, jobs: Iterator[Job]) -> Generator[Outcome]:
        size = self._size
        with ThreadPoolExecutor(size, thread_name_prefix="batch") as pool:
            waiting: deque[Future[Outcome]] = deque()
            try:
                # One more than there are threads, so that none waits while the caller works on a picture.
                for job in jobs:
                    waiting.append(pool.submit(self._outcome, job))
                    if len(waiting) > size:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _outcome(self, job: Job) -> Outcome:
        found = Outcome(job.shown, page=job.page, folder=job.folder)
        if job.problem:
            return replace(found, error=job.problem)
        try:
            with at_hand(job.picture, job.name) as picture:
                reading, maps = self._made(picture, job.page or 1)
        except FilterLabError as error:
            if is_remote(job.name):
                error.where = ""  # the address, or the place of its copy
            return replace(found, error=str(error).removeprefix(f"{job.picture}: "))
        left_out = tuple(range(2, reading.pages + 1)) if job.page is None else ()
        return replace(found, left_out=left_out, remarks=reading.remarks, maps=maps)

    def _made(self, picture: Path, page: int) -> tuple[Reading | TiledPicture, dict[str, Array]]:
        tiled = opened(self._settings, picture, page, kept=True)
        if tiled is not None:
            return tiled, tiled.arrays()
        reading = read_picture(picture, page=page, level=self._settings.level)
        return reading, self._settings.pipeline.run(reading.values, self._settings.names)


def _share(settings: Settings, size: int) -> Settings:
    """The settings of each of so many threads. Raises FilterLabError where the memory does not suffice for any."""
    if settings.memory is None:
        return settings
    room = room_in(shared(settings, 1, apart=False).memory or 0)
    # Beside those at work there is one that waits for the caller, and one that the caller has.
    return replace(settings, memory=room // (size + 2) - room_in(0))
