"""The course of a batch on a cluster, as the command that began it sees it."""

from __future__ import annotations

import logging
import os
import pickle
import queue
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import monotonic, sleep
from typing import Any

from filterlab.batch.cluster.parcels import pack, place
from filterlab.batch.cluster.station import Errand, Homecoming, Orders, Sign, Unfit, do_errands, make_carrier
from filterlab.batch.cluster.versions import difference, own_versions, versions_of
from filterlab.batch.journal import NAME as JOURNAL
from filterlab.batch.journal import Source, source_of
from filterlab.batch.local.attempts import FIRST_PAUSE, LONGEST_PAUSE, Attempts, Ended, Suspect
from filterlab.batch.local.processes import Result
from filterlab.batch.planning import Job
from filterlab.batch.settings import Settings
from filterlab.batch.worker import Done, Failure
from filterlab.errors import Cancelled, FilterLabError
from filterlab.functional.threads import Cancel
from filterlab.notices import say_once
from filterlab.text.messages import say

_PAUSES = (0.3, 1.0, 3.0, 5.0)  # seconds between questions to workers that come and go
_CONNECTING = 10.0  # seconds
_PATIENCE = 0.2  # seconds between two looks at whether the run was cancelled
_LOOK = 5.0  # seconds between two looks at how large the cluster is
_TASK = 1.0  # seconds that a group of pictures should take
MOST_TOGETHER = 64  # pictures in a group
_HEAVY = 8 << 20  # bytes of pictures that travel with one task
_WEIGHT = 0.2  # of the last group in the mean time of a picture

_Sent = tuple[Job, Source | None]


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
    files travel with the tasks.
    """

    settings: Settings
    jobs: Iterator[Job]
    count: int
    scheduler: str
    attempts: Attempts
    fetch: bool = False
    cancel: Cancel | None = None
    client: Any = None
    name: str = field(default_factory=lambda: f"filterlab-{secrets.token_hex(8)}")
    running: dict[str, tuple[Any, list[_Sent]]] = field(default_factory=dict)  # futures and pictures, by key
    finished: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    suspects: list[Suspect] = field(default_factory=list)
    seconds: float = 0.0  # mean of a picture, 0 where it is not known yet
    done: int = 0
    numbered: int = 0

    def results(self) -> Iterator[Result]:
        """The result of each picture as it comes. Raises FilterLabError where the cluster cannot do it; Cancelled."""
        self.client = connect(self.scheduler)
        try:
            self._check_workers()
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
        wanted = own_versions()
        workers = _insist(lambda: self.client.get_versions(packages=["filterlab", "numpy"])["workers"])
        for address, found in workers.items():
            reason = difference(wanted, versions_of(found))
            if reason:
                raise _refused(Unfit(address, reason))
        if not workers:
            say_once(say("the scheduler has no workers yet: the batch begins with the first"))

    def _register(self) -> None:
        out = self.settings.out.absolute()
        sign = None if self.fetch else Sign.of(out / JOURNAL)
        settings = replace(self.settings, out=out)
        orders = Orders(settings, self.attempts.timeout, own_versions(), sign)
        carrier = make_carrier(pickle.dumps(orders))
        _insist(lambda: self.client.register_plugin(carrier, name=self.name))

    def _round(self, jobs: Iterator[Job], tried: dict[str, int], most: int) -> Iterator[Result]:
        """Do the jobs. tried: how often, by folder. most: pictures in a group."""
        threads, looked = 0, 0.0
        exhausted = False
        while True:
            if monotonic() - looked > _LOOK:
                threads, looked = max(sum(self.client.nthreads().values()), 1), monotonic()
            # A group at work and one that waits for each thread, and two more, so that none waits for this program.
            while not exhausted and len(self.running) < 2 * threads + 2:
                errands, sent, failed = self._group(jobs, self._together(most, threads))
                for job, failure in failed:
                    yield job, failure, ()
                if errands:
                    self._send(errands, sent)
                elif not failed:
                    exhausted = True
            if not self.running:
                return
            future = self._next_finished()
            if future is not None:
                _, sent = self.running.pop(future.key)
                for job, result in self._results_of(future, sent):
                    number = tried.get(job.folder, 0) + 1
                    alone = len(sent) == 1
                    # Where another picture may have been the cause, this one has one more attempt whatever happens.
                    if isinstance(result, Ended) and result.reason == _LOST and not alone:
                        number = min(number, self.attempts.retries)
                    if self.attempts.more(result, number):
                        self.suspects.append(Suspect(job, number, result))
                    else:
                        self.done += 1
                        yield job, result, ()

    def _together(self, most: int, threads: int) -> int:
        """How many pictures to send in one task."""
        by_time = int(_TASK / self.seconds) if self.seconds else 1
        left = self.count - self.done - sum(len(sent) for _, sent in self.running.values())
        return max(min(by_time, most, left // (2 * threads)), 1)

    def _group(
        self, jobs: Iterator[Job], count: int
    ) -> tuple[list[Errand], list[_Sent], list[tuple[Job, Failure]]]:
        """The next pictures for a task, and those that fail here and now."""
        errands: list[Errand] = []
        sent: list[_Sent] = []
        failed: list[tuple[Job, Failure]] = []
        size = 0
        for job in jobs:
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
        fresh = self.settings.existing == "keep" and not self.settings.name
        fresh = fresh and not os.path.lexists(self.settings.out / job.folder)
        return replace(job, picture=job.picture.absolute(), fresh=fresh)

    def _send(self, errands: list[Errand], sent: list[_Sent]) -> None:
        self.numbered += 1
        future = self.client.submit(
            do_errands,
            self.name,
            own_versions(),
            errands,
            key=f"{self.name}-{self.numbered}",
            pure=False,
        )
        self.running[future.key] = future, sent
        future.add_done_callback(self.finished.put)

    def _next_finished(self) -> Any:
        """The next future that is done; None where it was not asked for any more. Raises Cancelled."""
        while True:
            with suppress(queue.Empty):
                future = self.finished.get(timeout=_PATIENCE)
                return future if future.key in self.running else None
            self._check_wanted()

    def _check_wanted(self) -> None:
        if self.cancel is not None and self.cancel():
            raise Cancelled("stopped", "batch")

    def _rest(self, seconds: float) -> None:
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._check_wanted()
            sleep(min(left, _PATIENCE))

    def _results_of(self, future: Any, sent: Sequence[_Sent]) -> Iterator[tuple[Job, Done | Failure]]:
        if future.status in ("cancelled", "lost"):
            raise FilterLabError(
                "the scheduler is gone", "--scheduler", "start it again; --resume does what is left"
            )
        if future.status == "error":
            error = future.exception()
            if type(error).__name__ != "KilledWorker":
                raise FilterLabError(
                    say("a worker of the cluster cannot do this: {}", f"{type(error).__name__}: {error}"),
                    "--scheduler",
                    "install the same filterlab on all machines",
                )
            for job, _ in sent:
                yield job, Ended(_LOST)
            return
        found: list[Homecoming] | Unfit = future.result()
        if isinstance(found, Unfit):
            raise _refused(found)
        for (job, source), homecoming in zip(sent, found, strict=True):
            yield job, self._arrived(homecoming, source)

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
                    self.client.cancel([future for future, _ in self.running.values()], force=True)
                self.client.unregister_worker_plugin(self.name)
        with suppress(Exception):
            self.client.close(timeout=1)


def _insist(ask: Callable[[], Any]) -> Any:
    """Ask all workers for something, again where one is lost while it is asked. Raises FilterLabError."""
    for pause in _PAUSES:
        try:
            return ask()
        except (
            OSError,
            RuntimeError,
            TimeoutError,
        ):  # a connection that was closed is an OSError of Dask's own
            sleep(pause)
    raise FilterLabError("its workers do not answer", "--scheduler", "look whether they are still there")


_LOST = say("the workers that did it were lost")


def _refused(unfit: Unfit) -> FilterLabError:
    hint = say("install the same versions on all machines, or share the folder or give --fetch")
    return FilterLabError(
        say("the worker {} cannot be used: {}", unfit.worker, unfit.reason), "--scheduler", hint
    )
