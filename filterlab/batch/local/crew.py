"""Worker processes for a batch, each run by one thread of the parent.

The alternatives that were weighed: in the executors of concurrent.futures and loky the death of one worker breaks the
whole pool and does not say which picture it was; Dask's local cluster restarts workers, but takes a second and some
100 MB before the first picture; Pebble knows the picture, but its workers share locks, and one that is killed while it
holds a lock stops the others for a minute. Here a worker shares nothing with the others: one pipe in, one pipe out,
both owned by one thread. Its death ends its pipe, at once and for its own pictures alone; and because it has a process
group of its own, signals sent to the batch never reach it.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from time import monotonic
from typing import IO, Any

from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.local.serving import READING, READY, Begun
from filterlab.batch.planning import Job
from filterlab.batch.settings import Settings
from filterlab.batch.tiled import threads_of_each
from filterlab.batch.worker import Done, Failure
from filterlab.notices import say_once

_STARTS = 3  # attempts to start a worker that is killed before it is ready
_GRACE = 0.4  # seconds for workers that were told to stop, so that they can remove half-written files
# The parent's search path is sent first, because the package may be importable through it alone.
# Nothing is collected while modules are loaded, an eighth of the time until the first picture: see `serve`.
_PROGRAM = """
import gc, os, pickle, sys
gc.disable()
requests = os.fdopen(os.dup(0), "rb")
sys.path[:] = pickle.load(requests)
from filterlab.batch.local.serving import serve
serve(requests)
"""

# For glibc; other systems do not know them. The maps of a picture are as large as those of the next: given back to the
# system, their memory is cleared anew for each, which took a quarter of the time of photographs of 12 MP. Of what is
# free, up to 512 MB stay; where memory is bounded, it is given back.
_KEPT_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(512 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(512 << 20),
}

_Task = tuple[Job, "Future[Done | Failure]"]
# Pictures in a worker: one that is read, one that is computed and one that is written.
AHEAD = 3


class WorkerDied(Exception):  # noqa: N818 - it reports what happened to a picture
    """A worker process ended while it worked on a picture, or was ended because the picture took too long.

    code: its exit code as `subprocess` gives it, negative for a signal. late: the picture took too long. alone: the
    worker had no other picture, which could have been the cause as well.
    """

    def __init__(self, code: int, *, late: bool = False, alone: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.late = late
        self.alone = alone


class NoWorker(Exception):  # noqa: N818 - no fault of the picture
    """A worker could not be started because the system has no room for it."""


class Crew:
    """Up to `size` worker processes, each replaced when it has died.

    timeout: seconds that a picture may take from the moment when its worker was done with the one before. ahead: how
    many pictures a worker may have at a time. threads: of each worker; a fair share where None. most: how many workers
    there can be. It is less than `size` once the system had no room for another thread or process.
    """

    def __init__(
        self,
        settings: Settings,
        size: int,
        *,
        timeout: float | None = None,
        ahead: int = AHEAD,
        threads: int | None = None,
    ) -> None:
        self._greeting = pickle.dumps(sys.path) + pickle.dumps(settings)
        # The threads are shared out, as workers know nothing of each other: each would take all processors.
        shared = threads or threads_of_each(size)
        kept = _KEPT_MEMORY if settings.memory is None else {}
        self._environment = {**kept, **os.environ, "FILTERLAB_THREADS": str(shared)}
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # guards `most`, `_workers` and `_stopped`
        self._workers: set[_Worker] = set()
        self._stopped = False
        self._keeps = settings.existing == "keep"
        self._timeout, self._ahead = timeout, ahead
        self.size = self.most = size
        # All threads start before the first picture: one that cannot start must not leave a picture in the queue
        # that is computed and also reported as failed.
        # Daemons, since a thread that waits for a worker which hangs must not keep the program from ending.
        started = 0
        with suppress(RuntimeError, MemoryError):
            for number in range(size):
                threading.Thread(target=self._attend, name=f"crew-{number}", daemon=True).start()
                started += 1
        with self._lock:
            self.most -= size - started

    @property
    def advance(self) -> float:
        """How much is done of the pictures under way, in pictures: those count that are done in tiles."""
        with self._lock:
            return sum(worker.advance for worker in self._workers)

    def submit(self, job: Job) -> Future[Done | Failure]:
        """Queue a picture; the future gives its result, or raises WorkerDied or NoWorker.

        Raises NoWorker where no worker is left to take it.
        """
        future: Future[Done | Failure] = Future()
        with self._lock:
            if not self.most:
                raise NoWorker
            self._tasks.put((job, future))
        return future

    def stop(self) -> None:
        """End all workers. Those at work remove half-written files, and are killed if that takes too long."""
        with self._lock:
            self._stopped = True
            workers = tuple(self._workers)
            self._refuse_queued()
            for _ in range(self.most):
                self._tasks.put(None)
        for worker in workers:
            worker.dismiss()
        deadline = monotonic() + _GRACE
        for worker in workers:
            worker.end(max(deadline - monotonic(), 0))

    def _attend(self) -> None:
        """Take pictures from the queue and have a worker do them, until the crew is stopped."""
        worker: _Worker | None = None
        given: deque[_Task] = deque()  # in the worker, the oldest first: it replies in this order
        while True:
            if not given:
                task = self._tasks.get()
                if task is None:
                    return
                worker = worker or self._start()
                if worker is None:
                    self._give_up(task)
                    return
                given.append(task)
                worker.take(task[0])
            assert worker is not None  # while it has pictures
            while len(given) < self._ahead and (task := self._spare()):
                given.append(task)
                worker.take(task[0])
            try:
                result, notices = worker.reply(self._timeout)
            except (EOFError, OSError, pickle.UnpicklingError):  # also a reply that was cut short
                self._bury(worker, given)
                worker = None
            except BaseException as error:
                self._end(worker)  # half a reply may be in its pipe
                for _, future in given:
                    future.set_exception(error)
                given.clear()
                worker = None
            else:
                # Before the result, because the program may end with the last one. A listener that fails (a closed
                # standard error, a window that is gone) must not end this thread: the batch would wait for ever.
                for text in notices:
                    with suppress(Exception):
                        say_once(text)
                given.popleft()[1].set_result(result)
                if worker.late:  # the result came at the very moment when its time was over
                    self._end(worker)
                    worker = None
                    self._put_back(given)

    def _spare(self) -> _Task | None:
        """A picture for a worker that has one already, where enough are left for workers that have none."""
        if self._tasks.qsize() < self.size:
            return None
        with suppress(queue.Empty):
            task = self._tasks.get_nowait()
            if task is None:
                self._tasks.put(None)  # for a thread that waits
            return task
        return None

    def _bury(self, worker: _Worker, given: deque[_Task]) -> None:
        """Tell what became of the pictures of a worker that has ended."""
        code = self._end(worker)
        if self._keeps and not self._stopped:  # what is stopped leaves its whole files, which --resume finds
            # None of these files existed when the worker began to write it, and the next attempt, or the next run,
            # would refuse the picture because of them.
            for file in worker.begun:
                with suppress(OSError):
                    if file.new:
                        file.path.unlink()
        # The picture that took too long is known to be the oldest. Else each that was begun may have ended the process.
        suspects = 1 if worker.late else max(worker.touched, 1)
        for _ in range(min(suspects, len(given))):
            _, future = given.popleft()
            future.set_exception(WorkerDied(code, late=worker.late, alone=suspects == 1))
        self._put_back(given)

    def _put_back(self, given: deque[_Task]) -> None:
        """Queue pictures again that their worker has not begun."""
        with self._lock:
            while given:
                task = given.popleft()
                if self._stopped:  # no thread would take it, and whoever waits for it would wait for ever
                    task[1].set_exception(NoWorker())
                else:
                    self._tasks.put(task)

    def _end(self, worker: _Worker) -> int:
        with self._lock:
            self._workers.discard(worker)
        return worker.end()

    def _give_up(self, task: _Task) -> None:
        """Leave the picture to the other threads, or refuse all pictures when this thread was the last."""
        with self._lock:
            self.most -= 1
            if self._stopped:
                task[1].set_exception(NoWorker())
                return
            self._tasks.put(task)
            if not self.most:
                self._refuse_queued()

    def _refuse_queued(self) -> None:
        """Fail every queued picture with NoWorker. The caller holds the lock."""
        with suppress(queue.Empty):
            while (task := self._tasks.get_nowait()) is not None:
                task[1].set_exception(NoWorker())

    def _start(self) -> _Worker | None:
        """A worker that is ready for pictures; None where the system has no room for it, or the crew was stopped."""
        for _ in range(_STARTS):
            try:
                worker = _Worker(self._environment)
            except (OSError, RuntimeError, MemoryError):
                return None
            ready = False
            with suppress(EOFError, OSError, pickle.UnpicklingError):
                worker.greet(self._greeting)
                ready = True
            with self._lock:
                if ready and not self._stopped:
                    self._workers.add(worker)
                    return worker
            # One that left by itself would do so again; one that was killed says nothing about the next.
            if worker.end() >= 0 or self._stopped:
                return None
        return None


class _Worker:
    """A process and its two pipes."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        # In a process group of its own, so that the parent decides what a Ctrl-C or the end of the terminal means.
        group: dict[str, Any] = {"process_group": 0} if os.name != "nt" else {"creationflags": 0x200}
        self._process = subprocess.Popen(
            # -P: without it Python puts the current folder first on its search path, and a picture folder that holds
            # a file named pickle.py would have it executed.
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A dying process speaks in the words of Python and the C library; the parent reports it in ours.
            stderr=None if environment.get("FILTERLAB_DEBUG") else subprocess.DEVNULL,
            env=dict(environment),
            **group,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests: IO[bytes] = self._process.stdin
        self._replies: IO[bytes] = self._process.stdout
        self.begun: tuple[Begun, ...] = ()  # files of the oldest picture
        self.touched = 0  # so many pictures it has begun to read, and not replied to
        self.late = False  # it was ended because it took too long
        self.advance = 0.0  # how much of its oldest picture is done, from 0 to 1

    def greet(self, greeting: bytes) -> None:
        """Send the search path and the settings, and wait until the worker is ready."""
        self._requests.write(greeting)
        self._requests.flush()
        if pickle.load(self._replies) != READY:
            raise EOFError

    def take(self, job: Job) -> None:
        """Give it another picture. One that has ended says so at the next reply."""
        with suppress(OSError, ValueError):  # the crew that is stopped closes the pipe
            pickle.dump(job, self._requests)
            self._requests.flush()

    def reply(self, timeout: float | None) -> tuple[Done | Failure, tuple[str, ...]]:
        """The result of its oldest picture, and the notices for the person. After `timeout` seconds it is killed.

        Raises EOFError, OSError or UnpicklingError where the process ends before it replies.
        """
        self.begun = ()
        timer = threading.Timer(timeout, self._expire) if timeout is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            while (reply := pickle.load(self._replies)) == READING or isinstance(reply, Begun | float):
                if isinstance(reply, Begun):
                    self.begun += (reply,)
                elif isinstance(reply, float):
                    self.advance = reply
                else:
                    self.touched += 1
        finally:
            self.advance = 0.0
            if timer is not None:
                timer.cancel()
        self.touched -= 1
        result, notices = reply
        return result, notices

    def _expire(self) -> None:
        self.late = True
        self._process.kill()

    def dismiss(self) -> None:
        """Tell the process to leave, by closing its input."""
        with suppress(OSError, ValueError):
            self._requests.close()

    def end(self, grace: float = _GRACE) -> int:
        """Wait up to `grace` seconds for the process to end, then kill it; returns its exit code."""
        self.dismiss()
        try:
            return self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            with suppress(OSError, ValueError):
                self._replies.close()
            remove_leftovers(file.path for file in self.begun)
