"""Worker processes for a batch, each tended by a thread of its own.

What was weighed: in the executors of concurrent.futures and loky the death of one worker breaks the whole pool and
does not say which picture it was; Dask's local cluster restarts workers, but takes a second and some 100 MB before the
first picture; Pebble knows the picture, but its workers share locks, and one that is killed with a lock in its hands
stops the others for a minute. Here a worker shares nothing with anybody: a pipe in, a pipe out, tended by one thread of
a ThreadPoolExecutor. Its death is the end of its pipe, at once and of that picture alone; and since it stands in a
process group of its own, signals for the batch never reach it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import IO, Any

from filterlab.batch.plan import Job
from filterlab.batch.serving import READY
from filterlab.batch.settings import Settings
from filterlab.batch.worker import Done
from filterlab.notices import say_once

_GRACE = 0.4  # seconds in which workers that are told to leave may remove what they have half written
# The parent's path is sent first: the package may have been found by it alone.
_PROGRAM = """
import os, pickle, sys
requests = os.fdopen(os.dup(0), "rb")
sys.path[:] = pickle.load(requests)
from filterlab.batch.serving import serve
serve(requests)
"""


class WorkerDied(Exception):  # noqa: N818 - it reports what happened to a picture
    """A worker ended its process over a picture. code: as of `subprocess`, negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class NoWorker(Exception):  # noqa: N818 - no fault of the picture
    """A worker could not be started: the system has no room for it."""


class Crew:
    """Up to `size` worker processes. Each takes a picture at a time; one that dies is replaced for the next.

    most: how many there can be, less than `size` once the system had no room for another.
    """

    def __init__(self, settings: Settings, size: int) -> None:
        self.most = size
        self._greeting = pickle.dumps(sys.path) + pickle.dumps(settings)
        self._environment = {**os.environ, "FILTERLAB_THREADS": str(max((os.cpu_count() or 1) // size, 1))}
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="crew")
        self._change = threading.Condition()  # guards what follows, and tells of workers that come free or go
        self._idle: list[_Worker] = []
        self._workers: set[_Worker] = set()
        self._starting = 0
        self._stopped = False

    def submit(self, job: Job) -> Future[Done | str]:
        """What becomes of the picture; its exceptions are WorkerDied and NoWorker. Raises NoWorker, too."""
        try:
            return self._threads.submit(self._attend, job)
        except RuntimeError:  # no thread could be started
            self.most = 0
            raise NoWorker from None

    def stop(self) -> None:
        """End all workers: those at work remove what they have half written, and are killed if that takes longer."""
        with self._change:
            self._stopped = True
            workers = tuple(self._workers)
            self._change.notify_all()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.dismiss()
        deadline = monotonic() + _GRACE
        for worker in workers:
            worker.end(max(deadline - monotonic(), 0))

    def _attend(self, job: Job) -> Done | str:
        worker = self._take()
        try:
            result, notices = worker.ask(job)
        except (EOFError, OSError, pickle.UnpicklingError):  # also a reply that is cut short
            code = worker.end()
            with self._change:
                self._workers.discard(worker)
                self._change.notify()
            raise WorkerDied(code) from None
        with self._change:
            self._idle.append(worker)
            self._change.notify()
        for text in notices:
            say_once(text)
        return result

    def _take(self) -> _Worker:
        """A worker that has nothing to do; a new one where there may be more. Raises NoWorker where there is none."""
        while True:
            with self._change:
                while not (self._stopped or self._idle or self._room() or not self.most):
                    self._change.wait()
                if self._stopped or not (self._idle or self._room()):
                    raise NoWorker
                if self._idle:
                    return self._idle.pop()
                self._starting += 1
            self._add(self._start())

    def _add(self, worker: _Worker | None) -> None:
        """Count in a worker that was started, or that there can be no more than there are."""
        with self._change:
            self._starting -= 1
            if worker is None:
                self.most = len(self._workers) + self._starting
                self._change.notify_all()
            elif not self._stopped:
                self._workers.add(worker)
                self._idle.append(worker)
                return
        if worker is not None:  # the batch was stopped while it started
            worker.end()

    def _room(self) -> bool:
        return len(self._workers) + self._starting < self.most

    def _start(self) -> _Worker | None:
        """A worker that is ready for pictures; None where the system has no room for it."""
        try:
            worker = _Worker(self._environment)
        except (OSError, RuntimeError, MemoryError):
            return None
        try:
            worker.greet(self._greeting)
        except (EOFError, OSError, pickle.UnpicklingError):
            worker.end()
            return None
        return worker


class _Worker:
    """A process and its two pipes."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        # A process group of its own: what the terminal sends the batch (Ctrl-C, its end) is the parent's to decide.
        group: dict[str, Any] = {"process_group": 0} if os.name != "nt" else {"creationflags": 0x200}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What a dying process says is Python's and the C library's words; the parent says it in ours.
            stderr=None if environment.get("FILTERLAB_DEBUG") else subprocess.DEVNULL,
            env=dict(environment),
            **group,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests: IO[bytes] = self._process.stdin
        self._replies: IO[bytes] = self._process.stdout

    def greet(self, greeting: bytes) -> None:
        """Tell it where the program is and what is done with each picture; returns when it is ready."""
        self._requests.write(greeting)
        self._requests.flush()
        if pickle.load(self._replies) != READY:
            raise EOFError

    def ask(self, job: Job) -> tuple[Done | str, tuple[str, ...]]:
        """What became of a picture, and what there is to say.

        Raises EOFError, OSError and UnpicklingError where the process ends over it.
        """
        pickle.dump(job, self._requests)
        self._requests.flush()
        result, notices = pickle.load(self._replies)
        return result, notices

    def dismiss(self) -> None:
        """Tell it to leave."""
        with suppress(OSError, ValueError):
            self._requests.close()

    def end(self, grace: float = _GRACE) -> int:
        """Wait for its end, kill it if that takes longer than `grace` seconds; its exit code."""
        self.dismiss()
        try:
            return self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            with suppress(OSError, ValueError):
                self._replies.close()
