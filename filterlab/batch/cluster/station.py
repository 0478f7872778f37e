"""What a worker of Dask does with the pictures that it is sent."""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from filterlab.batch.cluster.versions import Versions, difference, own_versions
from filterlab.batch.local.attempts import Ended
from filterlab.batch.local.crew import Crew, NoWorker, WorkerDied
from filterlab.batch.planning import Job
from filterlab.batch.remote.pictures import is_remote
from filterlab.batch.settings import Settings
from filterlab.batch.tiled import shared
from filterlab.batch.worker import Done, Failure
from filterlab.errors import FilterLabError
from filterlab.functional.threads import thread_count
from filterlab.text.messages import say

_IDLE = 30.0  # seconds without a picture after which the processes end: the batch may have been killed
_HEAD = 4096  # bytes


@dataclass(frozen=True)
class Sign:
    """By what a worker knows the output folder: the beginning of its journal, which no two folders share."""

    journal: Path
    length: int
    digest: str

    @classmethod
    def of(cls, journal: Path, length: int = _HEAD) -> Sign:
        """That of a journal, or of its first bytes. Raises OSError."""
        with journal.open("rb") as file:
            head = file.read(length)
        return cls(journal, len(head), hashlib.sha256(head).hexdigest())

    def is_seen(self) -> bool:
        """Whether this machine sees the same journal."""
        with suppress(OSError):
            return Sign.of(self.journal, self.length) == self
        return False


@dataclass(frozen=True)
class Orders:
    """What a worker must know of a batch. sign: None where pictures and files travel with the tasks."""

    settings: Settings
    timeout: float | None
    versions: Versions
    sign: Sign | None


@dataclass(frozen=True)
class Errand:
    """A picture to be done. content: of its file, where the worker sees no folder of the batch."""

    job: Job
    content: bytes | None = None


@dataclass(frozen=True)
class Homecoming:
    """What became of an errand. contents: of the files, in the order of the outputs, where they travel."""

    result: Done | Failure
    contents: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Unfit:
    """Why a worker cannot do any picture of the batch."""

    worker: str
    reason: str


def make_carrier(payload: bytes) -> Any:
    """The plugin that brings pickled Orders to every worker, also to those that join later.

    Its class is made here, so that it travels by value: a worker without filterlab can take it, and say later what it
    lacks, where otherwise it could not even join.
    """
    from distributed import WorkerPlugin

    class Carrier(WorkerPlugin):
        station: Station | None = None

        def __init__(self, payload: bytes) -> None:
            self.payload = payload

        def teardown(self, worker: Any) -> None:
            if self.station is not None:
                self.station.stop()

    return Carrier(payload)


def do_errands(name: str, wanted: Versions, errands: Sequence[Errand]) -> list[Homecoming] | Unfit:
    """Do them, as a task of Dask. name: of the plugin that has brought the Orders."""
    from distributed import get_worker

    worker = get_worker()
    address = worker.contact_address or worker.address  # as the scheduler knows it
    reason = difference(wanted, own_versions())
    if reason:
        return Unfit(address, reason)
    carrier: Any = worker.plugins[name]
    with _making:
        if carrier.station is None:
            orders: Orders = pickle.loads(carrier.payload)
            carrier.station = Station(orders, worker.state.nthreads, worker.local_directory)
    station: Station = carrier.station
    return Unfit(address, station.unfit) if station.unfit else station.work(errands)


_making = threading.Lock()  # a worker has several threads


@dataclass
class Station:
    """The processes of one worker of Dask for one batch, one for each of its threads, which share its memory."""

    orders: Orders
    size: int
    folder: str
    unfit: str = field(default="", init=False)  # why it can do no picture
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _crew: Crew | None = field(default=None, init=False)
    _busy: int = field(default=0, init=False)
    _stopped: bool = field(default=False, init=False)
    _timer: threading.Timer | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        # A thread of Dask stands for a processor; who wants more says so in the environment of the worker.
        self._threads = thread_count() if os.environ.get("FILTERLAB_THREADS") else 1
        if self.orders.sign is not None and not self.orders.sign.is_seen():
            self.unfit = say("it does not see the output folder {}", str(self.orders.settings.out))
        if self.orders.sign is None:
            os.makedirs(self.folder, exist_ok=True)
            self._own = Path(mkdtemp(prefix="filterlab-", dir=self.folder))
            self._settings = replace(self.orders.settings, out=self._own / "out", existing="overwrite")
        else:
            self._settings = self.orders.settings
        try:
            self._settings = shared(self._settings, self.size, apart=True, threads=self._threads)
        except FilterLabError as error:
            self.unfit = error.what

    def work(self, errands: Sequence[Errand]) -> list[Homecoming]:
        """Do the pictures, side by side with those of other threads."""
        crew = self._enter()
        try:
            jobs = [self._unpacked(errand, number) for number, errand in enumerate(errands)]
            futures = [self._submitted(crew, job) for job in jobs]
            return [
                self._packed(job, self._result(future)) for job, future in zip(jobs, futures, strict=True)
            ]
        finally:
            self._leave()

    def stop(self) -> None:
        """End the processes, and leave only whole files."""
        with self._lock:
            self._stopped = True
            crew, self._crew = self._crew, None
            if self._timer is not None:
                self._timer.cancel()
        if crew is not None:
            crew.stop()
        if self.orders.sign is None:
            shutil.rmtree(self._own, ignore_errors=True)

    def _enter(self) -> Crew:
        with self._lock:
            if self._stopped:
                raise RuntimeError("the batch was stopped")
            if self._timer is not None:
                self._timer.cancel()
            if self._crew is None:
                self._crew = Crew(
                    self._settings, self.size, timeout=self.orders.timeout, threads=self._threads
                )
            # Last: where the crew cannot be made, nobody leaves who would count down again.
            self._busy += 1
            return self._crew

    def _leave(self) -> None:
        with self._lock:
            self._busy -= 1
            if not self._busy and not self._stopped:
                self._timer = threading.Timer(_IDLE, self._rest)
                self._timer.daemon = True
                self._timer.start()

    def _rest(self) -> None:
        with self._lock:
            crew = None if self._busy else self._crew
            if crew is not None:
                self._crew = None
        if crew is not None:
            crew.stop()

    def _submitted(self, crew: Crew, job: Job) -> Future[Done | Failure] | None:
        try:
            return crew.submit(job)
        except NoWorker:
            return None

    def _result(self, future: Future[Done | Failure] | None) -> Done | Failure:
        try:
            if future is not None:
                return future.result()
        except WorkerDied as death:
            late = self.orders.timeout if death.late else None
            return Ended.by(death.code) if late is None else Ended.late(late)
        except NoWorker:
            pass
        return Failure(say("no process could be started on {}", platform.node()), passing=True)

    def _unpacked(self, errand: Errand, number: int) -> Job:
        """The job, with its picture in a file of this machine where it has travelled."""
        if errand.content is None:
            return errand.job
        place = self._own / f"{threading.get_ident()}-{number}"
        place.mkdir(exist_ok=True)
        picture = place / errand.job.picture.name
        picture.write_bytes(errand.content)
        return replace(errand.job, picture=picture)

    def _packed(self, job: Job, result: Done | Failure) -> Homecoming:
        if self.orders.sign is not None:
            return Homecoming(result)
        if not is_remote(job.name):
            job.picture.unlink()
        if isinstance(result, Failure):
            return Homecoming(result)
        contents = []
        for output in result.outputs:
            contents.append(output.path.read_bytes())
            output.path.unlink()
        outputs = tuple(replace(o, path=o.path.relative_to(self._settings.out)) for o in result.outputs)
        return Homecoming(replace(result, outputs=outputs), tuple(contents))
