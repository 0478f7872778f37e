"""The course of a batch on a cluster, as the command that began it sees it."""

from __future__ import annotations

import logging
import os
import pickle
import queue
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from time import monotonic, sleep
from typing import Any, NamedTuple

from filterlab.batch.cluster.parcels import pack, place
from filterlab.batch.cluster.station import Errand, Homecoming, Orders, Sign, Unfit, do_errands, make_carrier
from filterlab.batch.cluster.versions import difference, lacking, make_trial, own_versions, versions_of
from filterlab.batch.journal import NAME as JOURNAL
from filterlab.batch.journal import Source, source_of
from filterlab.batch.local.attempts import FIRST_PAUSE, LONGEST_PAUSE, Attempts, Ended, Suspect
from filterlab.batch.local.processes import Result
from filterlab.batch.planning import Job
from filterlab.batch.settings import Settings
from filterlab.batch.tiled import check_tiled, shared
from filterlab.batch.worker import Done, Failure
from filterlab.errors import Cancelled, FilterLabError
from filterlab.functional.threads import Cancel
from filterlab.notices import say_once
from filterlab.text.messages import say

_PAUSES = (0.3, 1.0, 3.0, 5.0)  # seconds between questions to workers that come and go
_CONNECTING = 10.0  # seconds
_PATIENCE = 0.2  # seconds between two looks at whether the run was cancelled
_LOOK = 5.0  # seconds between two looks at which workers there are
_TRAVEL = 60.0  # seconds for a result from its worker to here
_TASK = 1.0  # seconds that a group of pictures should take
MOST_TOGETHER = 64  # pictures in a group
_HEAVY = 8 << 20  # bytes of pictures that travel with one task
_WEIGHT = 0.2  # of the last group in the mean time of a picture

_Sent = tuple[Job, Source | None]


class _Group(NamedTuple):
    """Pictures that were sent in one task. workers: those that may do them; None for any."""

    future: Any
    sent: list[_Sent]
    workers: frozenset[str] | None


def connect(address: str) -> Any:
    """A client of the scheduler at this address. Raises FilterLabError where there is none, or Dask is missing."""
    try:
        from distributed import Client
    except ImportError:
        raise FilterLabError(
            "Dask is not installed", "--scheduler", "install it with pip install 'filterlab[dask]'"
        ) from None
    if not os.environ.get("FILTERLAB_DEBUG"):
        # What a lost worker means for the pictures, this program says itself.
        # Dask gives its client a level of its own, which what is set above it does not reach.
        for logger in ("distributed", "distributed.client"):
            logging.getLogger(logger).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_CONNECTING, set_as_default=False)
    except (OSError, ValueError, ImportError, TimeoutError):
        hint = say("start one with `dask scheduler`, and give its address, as tcp://10.0.0.5:8786")
        raise FilterLabError(say("no scheduler answers at {}", address), "--scheduler", hint) from None


@dataclass
class ClusterCourse:
    """A batch on a cluster; see the package.

    A picture is tried again where the worker that did it was lost, as where its process ended. fetch: pictures and
    files travel with the tasks. weighed: pictures for the largest of which the memory of a worker must suffice.
    """

    settings: Settings
    jobs: Iterator[Job]
    count: int
    scheduler: str
    attempts: Attempts
    fetch: bool = False
    cancel: Cancel | None = None
    client: Any = None
    weighed: Sequence[Job] = ()
    name: str = field(default_factory=lambda: f"filterlab-{secrets.token_hex(8)}")
    running: dict[str, _Group] = field(default_factory=dict)  # by the key of the future
    finished: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    suspects: list[Suspect] = field(default_factory=list)
    returned: deque[Job] = field(default_factory=deque)  # of workers that cannot do them
    there: dict[str, int] = field(default_factory=dict)  # threads of the workers that can, by address
    asked: set[str] = field(default_factory=set)  # workers whose versions are known
    unfit: dict[str, str] = field(default_factory=dict)  # why workers are left out, by address
    looked: float = 0.0
    began: int = 0
    seconds: float = 0.0  # mean of a picture, 0 where it is not known yet
    done: int = 0
    numbered: int = 0

    def results(self) -> Iterator[Result]:
        """The result of each picture as it comes. Raises FilterLabError where the cluster cannot do it; Cancelled."""
        self.client = connect(self.scheduler)
        try:
            self._check_workers()
            self._check_memory()
            self._register()
            yield from self._round(self.jobs, {}, MOST_TOGETHER)
            pause = FIRST_PAUSE
            while self.suspects:
                again, self.suspects = self.suspects, []
                if any(not isinstance(suspect.failure, Ended) for suspect in again):
                    self._rest(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                tried = {suspect.job.folder: suspect.tried for suspect in again}
                yield from self._round((suspect.job for suspect in again), tried, 1)
        finally:
            self._leave()

    def _check_workers(self) -> None:
        """Raise FilterLabError where a worker has other versions than this program."""
        for unfit in _insist(self._differing):
            raise _refused(unfit)
        if not self.asked:
            say_once(say("the scheduler has no workers yet: the batch begins with the first"))

    def _check_memory(self) -> None:
        """Raise FilterLabError where no worker that is there has the memory for the largest of the first pictures."""
        found = _insist(self._threads)
        if found and self.weighed:
            # Its processes share the memory of a worker: where it is too little for the fewest, it is for all.
            own = shared(self.settings, min(found.values()), apart=True, threads=1)
            check_tiled(own, self.weighed, threads=1)

    def _differing(self) -> list[Unfit]:
        """Ask all workers for their versions; those that have others than this program, or cannot run it."""
        wanted = own_versions()
        with _asking():
            workers = self.client.get_versions(packages=["filterlab", "numpy"])["workers"]
        reasons = {address: difference(wanted, versions_of(found)) for address, found in workers.items()}
        alike = [address for address, reason in reasons.items() if not reason and address not in self.asked]
        # The same version may lack a library, so that no task could be read there, and none would say where.
        with _asking():
            tried = self.client.run(make_trial(), workers=alike, on_error="return") if alike else {}
            reasons |= {address: lacking(found) for address, found in tried.items()}
        self.asked |= workers.keys()
        return [Unfit(address, reason) for address, reason in reasons.items() if reason]

    def _threads(self) -> dict[str, int]:
        with _asking():
            found: dict[str, int] = self.client.nthreads()
        return found

    def _look(self) -> None:
        """See which workers there are. Raises FilterLabError where none of them can do anything."""
        self.looked = monotonic()
        try:
            threads = self._threads()
            late = self._differing() if threads.keys() - self.asked else []
        except _LostError:  # if it was the scheduler, the futures tell
            return
        for unfit in late:
            self._leave_out(unfit)
        self.there = {address: count for address, count in threads.items() if address not in self.unfit}
        if threads and not self.there:
            address = next(iter(threads))
            raise _refused(Unfit(address, self.unfit[address]))
        for group in tuple(self.running.values()):
            # Dask would wait for the named workers to come back.
            if group.workers and group.workers.isdisjoint(threads):
                del self.running[group.future.key]
                group.future.cancel()
                self.returned.extend(job for job, _ in group.sent)

    def _leave_out(self, unfit: Unfit) -> None:
        if unfit.worker not in self.unfit:
            self.unfit[unfit.worker] = unfit.reason
            self.there.pop(unfit.worker, None)
            say_once(say("the worker {} is left out: {}", unfit.worker, unfit.reason))

    def _register(self) -> None:
        out = self.settings.out.absolute()
        sign = None if self.fetch else Sign.of(out / JOURNAL)
        self.began = (out / JOURNAL).stat().st_ctime_ns
        settings = replace(self.settings, out=out)
        orders = Orders(settings, self.attempts.timeout, own_versions(), sign)
        carrier = make_carrier(pickle.dumps(orders))

        def send() -> None:
            with _asking():
                self.client.register_plugin(carrier, name=self.name)

        _insist(send)

    def _round(self, jobs: Iterator[Job], tried: dict[str, int], most: int) -> Iterator[Result]:
        """Do the jobs. tried: how often, by folder. most: pictures in a group."""
        while True:
            if monotonic() - self.looked > _LOOK:
                self._look()
            threads = max(sum(self.there.values()), 1)
            # A group at work and one that waits for each thread, and two more, so that none waits for this program.
            while len(self.running) < 2 * threads + 2:
                errands, sent, failed = self._group(jobs, self._together(most, threads))
                for job, failure in failed:
                    yield job, failure, ()
                if errands:
                    self._send(errands, sent)
                elif not failed:
                    break
            if not self.running:
                return
            future = self._next_finished()
            if future is not None:
                yield from self._finish(future, tried)

    def _finish(self, future: Any, tried: dict[str, int]) -> Iterator[Result]:
        """The results of a group, unless its pictures are to be sent again."""
        group = self.running.pop(future.key)
        for job, result in self._results_of(group):
            number = tried.get(job.folder, 0) + 1
            # Where another picture may have been the cause, this one has one more attempt whatever happens.
            if isinstance(result, Ended) and result.reason == _LOST and len(group.sent) > 1:
                number = min(number, self.attempts.retries)
            if self.attempts.more(result, number):
                self.suspects.append(Suspect(job, number, result))
            else:
                self.done += 1
                yield job, result, ()

    def _together(self, most: int, threads: int) -> int:
        """How many pictures to send in one task."""
        by_time = int(_TASK / self.seconds) if self.seconds else 1
        left = self.count - self.done - sum(len(group.sent) for group in self.running.values())
        return max(min(by_time, most, left // (2 * threads)), 1)

    def _group(
        self, jobs: Iterator[Job], count: int
    ) -> tuple[list[Errand], list[_Sent], list[tuple[Job, Failure]]]:
        """The next pictures for a task, and those that fail here and now."""
        errands: list[Errand] = []
        sent: list[_Sent] = []
        failed: list[tuple[Job, Failure]] = []
        size = 0
        for job in chain(_drained(self.returned), jobs):
            if job.problem:
                failed.append((job, Failure(job.problem)))
                continue
            source = source_of(job)  # as seen from here: the names of the journal are this machine's
            errand = pack(job) if self.fetch else Errand(self._abroad(job))
            if isinstance(errand, Failure):
                failed.append((job, errand))
                continue
            errands.append(errand)
            sent.append((job, source))
            size += len(errand.content or b"")
            if len(errands) >= count or size > _HEAVY:
                break
        return errands, sent, failed

    def _abroad(self, job: Job) -> Job:
        """The job as workers of a shared folder know it."""
        # A worker may be lost between two files of a picture, which Dask then gives to another one.
        since = self.began if self.settings.existing == "keep" else None
        return replace(job, picture=job.picture.absolute(), since=since)

    def _send(self, errands: list[Errand], sent: list[_Sent]) -> None:
        self.numbered += 1
        # Any worker that comes may take part, until one has come that cannot.
        workers = frozenset(self.there) if self.unfit and self.there else None
        future = self.client.submit(
            do_errands,
            self.name,
            own_versions(),
            errands,
            key=f"{self.name}-{self.numbered}",
            pure=False,
            workers=workers and sorted(workers),
        )
        self.running[future.key] = _Group(future, sent, workers)
        future.add_done_callback(self.finished.put)

    def _next_finished(self) -> Any:
        """The next future that is done; None where none is when it is time for a look. Raises Cancelled."""
        while monotonic() - self.looked <= _LOOK:
            with suppress(queue.Empty):
                future = self.finished.get(timeout=_PATIENCE)
                if future.key in self.running:
                    if future.status not in ("pending", "lost"):
                        return future
                    # The worker was lost that held the result, and another one has to make it again.
                    future.add_done_callback(self.finished.put)
            self._check_wanted()
        return None

    def _check_wanted(self) -> None:
        if self.cancel is not None and self.cancel():
            raise Cancelled("stopped", "batch")

    def _rest(self, seconds: float) -> None:
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._check_wanted()
            sleep(min(left, _PATIENCE))

    def _results_of(self, group: _Group) -> Iterator[tuple[Job, Done | Failure]]:
        """What became of the pictures; those whose worker cannot do them are returned, and not in it."""
        found: list[Homecoming] | Unfit
        try:
            found = group.future.result(timeout=_TRAVEL)
        except Exception as error:
            # Not by the status from before: the worker that held the result may have been lost in between.
            if isinstance(error, TimeoutError) and group.future.status != "error":
                self.running[group.future.key] = group
                group.future.add_done_callback(self.finished.put)
                return
            if type(error).__name__ == "KilledWorker":
                for job, _ in group.sent:
                    yield job, Ended(_LOST)
                return
            found = self._unfit_for(error, group)
        if isinstance(found, Unfit):
            self._leave_out(found)
            self.looked = 0.0
            self.returned.extend(job for job, _ in group.sent)
            return
        for (job, source), homecoming in zip(group.sent, found, strict=True):
            yield job, self._arrived(homecoming, source)

    def _unfit_for(self, error: Exception, group: _Group) -> Unfit:
        """The worker that has joined late and cannot even read its task. Raises FilterLabError where it is not that."""
        if group.future.status != "error":  # the task is not to blame
            raise FilterLabError(
                "the scheduler is gone", "--scheduler", "start it again; --resume does what is left"
            ) from error
        if group.workers is None:
            self._look()
            if self.unfit:
                return Unfit(*next(iter(self.unfit.items())))
        raise FilterLabError(
            say("a worker of the cluster cannot do this: {}", f"{type(error).__name__}: {error}"),
            "--scheduler",
            "install the same filterlab on all machines",
        ) from error

    def _arrived(self, homecoming: Homecoming, source: Source | None) -> Done | Failure:
        """The result as this machine sees it."""
        result = homecoming.result
        self.seconds += (max(result.seconds, 1e-4) - self.seconds) * (_WEIGHT if self.seconds else 1)
        if isinstance(result, Failure):
            return result
        if self.fetch:
            return place(self.settings, replace(result, source=source), homecoming.contents)
        out = self.settings.out.absolute()
        outputs = tuple(replace(o, path=self.settings.out / o.path.relative_to(out)) for o in result.outputs)
        return replace(result, source=source, outputs=outputs)

    def _leave(self) -> None:
        """Cancel what is under way, end the processes of the workers, and close the connection."""
        if self.client.status == "running":
            with suppress(Exception):
                if self.running:
                    self.client.cancel([group.future for group in self.running.values()], force=True)
                self.client.unregister_worker_plugin(self.name)
        with suppress(Exception):
            self.client.close(timeout=1)


def _drained(jobs: deque[Job]) -> Iterator[Job]:
    while jobs:
        yield jobs.popleft()


class _LostError(Exception):
    """A worker, or the scheduler, was lost while it was asked for something."""


@contextmanager
def _asking() -> Iterator[None]:
    """Raise _LostError for what Dask raises, so that faults of ours are not taken for it."""
    try:
        yield
    except Exception as error:  # of a worker that goes while it answers: almost any type
        raise _LostError from error


def _insist(ask: Callable[[], Any]) -> Any:
    """Ask all workers for something, again where one is lost while it is asked. Raises FilterLabError."""
    cause: BaseException | None = None
    for pause in _PAUSES:
        try:
            return ask()
        except _LostError as lost:
            cause = lost.__cause__
            sleep(pause)
    raise FilterLabError(
        "its workers do not answer", "--scheduler", "look whether they are still there"
    ) from cause


_LOST = say("the workers that did it were lost")


def _refused(unfit: Unfit) -> FilterLabError:
    hint = say("install the same on all machines; share the folder, or give --fetch; allow enough --memory")
    return FilterLabError(
        say("the worker {} cannot be used: {}", unfit.worker, unfit.reason), "--scheduler", hint
    )
