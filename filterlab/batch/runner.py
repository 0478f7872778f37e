"""Many pictures, one after the other or in several processes, each with its outcome."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.queues import Queue
from pathlib import Path
from types import FrameType
from typing import Any

from filterlab.batch.journal import Journal
from filterlab.batch.plan import Job
from filterlab.batch.settings import Settings
from filterlab.batch.worker import process
from filterlab.errors import Cancelled, FileError, FilterLabError
from filterlab.files import remove_leftovers


@dataclass(frozen=True)
class Outcome:
    """What became of a picture: the files written, or the reason why there are none."""

    picture: str
    outputs: tuple[str, ...] = ()
    error: str = ""


def run(settings: Settings, jobs: Sequence[Job], processes: int = 1) -> Generator[Outcome]:
    """The outcome of each job, as they come. A picture that fails does not stop the others.

    Raises FileError where the output folder cannot be made, ParameterError where the pipeline fits no picture.
    """
    settings.pipeline.check()
    try:
        settings.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"the folder cannot be made: {error.strerror}", str(settings.out)) from None
    return _outcomes(settings, jobs, processes)


def _outcomes(settings: Settings, jobs: Sequence[Job], processes: int) -> Generator[Outcome]:
    journal = Journal(settings.out, settings.fingerprint())
    waiting = []
    for job in jobs:
        done = journal.outputs(job) if settings.existing == "resume" else None
        if job.problem:
            yield Outcome(str(job.picture), error=job.problem)
        elif done is not None:
            yield Outcome(str(job.picture), tuple(done))
        else:
            waiting.append(job)
    processes = min(processes, len(waiting))
    several = processes > 1
    for job, result in _in_processes(settings, waiting, processes) if several else _here(settings, waiting):
        if isinstance(result, str):
            yield Outcome(str(job.picture), error=result)
        else:
            journal.add(job, result)
            yield Outcome(str(job.picture), tuple(map(str, result)))


Result = list[Path] | str


def _here(settings: Settings, jobs: Sequence[Job]) -> Iterator[tuple[Job, Result]]:
    for job in jobs:
        yield job, _attempt(settings, job)


def _attempt(settings: Settings, job: Job) -> Result:
    """The files of one picture, or the reason of its failure."""
    try:
        return process(settings, job)
    except Cancelled:
        raise
    except FilterLabError as error:
        # The caller names the picture; its own errors need not say it again.
        return str(error).removeprefix(f"{job.picture}: ")
    except MemoryError:
        return "there is not enough memory for it"
    except OSError as error:
        return f"{error.strerror or error}"
    except Exception as error:  # a fault of ours must not cost the other pictures
        return f"unexpected {type(error).__name__}: {error}"


# -- processes --------------------------------------------------------------------------------------------

_GRACE = 0.4  # seconds in which processes that are told to stop may remove what they have half written
_settings: Settings | None = None
_folder: Path | None = None  # in a worker: where something may be half written
_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _start(shared: Queue[Settings], threads: int) -> None:
    global _settings
    os.environ["FILTERLAB_THREADS"] = str(threads)
    # Ctrl-C and the end of a terminal reach the whole group; the parent decides.
    for number in _ENDING:
        signal.signal(number, _leave if number == signal.SIGTERM else signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _settings = shared.get()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "only worker processes come here"
    parent.join()  # it was killed: nobody will send work or an end any more
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(number: int, frame: FrameType | None) -> None:
    # No exception: compilers swallow them in their callbacks, and the pool would send it to the parent.
    if _folder is not None:
        remove_leftovers(_folder)
    os._exit(1)


def _work(job: Job) -> Result:
    global _folder
    assert _settings is not None, "the process was started by _start"
    _folder = _settings.out / job.folder
    return _attempt(_settings, job)


def _in_processes(settings: Settings, jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, Result]]:
    threads = max((os.cpu_count() or 1) // processes, 1)
    context = multiprocessing.get_context("spawn")  # forked threads of BLAS would hang
    queue = iter(jobs)
    running: dict[Future[Result], Job] = {}
    with _signals_held_back():  # the first queue starts the process that keeps the locks, and lets signals in
        # A queue, because starting would wait for each process in turn to read a large pipeline.
        shared: Queue[Settings] = context.Queue()
        shared.cancel_join_thread()
    with _signals_held_back():  # the first job starts all processes, and they inherit this
        pool = ProcessPoolExecutor(processes, context, _start, (shared, threads))
        # Two jobs a process are on their way, so that a million pictures are not a million futures.
        for job in islice(queue, 2 * processes):
            running[pool.submit(_work, job)] = job
    try:
        for _ in range(processes):
            shared.put(settings)
        while running:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                job = running.pop(future)
                yield job, _result(future)
                for following in islice(queue, 1):
                    running[pool.submit(_work, following)] = following
    except BaseException:
        _stop(pool)
        for job in running.values():
            remove_leftovers(settings.out / job.folder)
        raise
    pool.shutdown()


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Signals that end the program wait for the end of the block; processes started inside are deaf to them."""
    held: list[int] = []
    handlers = {}
    if threading.current_thread() is threading.main_thread():
        for number in _ENDING:
            if callable(signal.getsignal(number)):
                handlers[number] = signal.signal(number, lambda n, _: held.append(n))
    try:
        with _masked():
            yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in held:
            signal.raise_signal(number)


@contextmanager
def _masked() -> Iterator[None]:
    """What processes inherit. Handlers need more: a signal goes to any thread that does not block it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _result(future: Future[Result]) -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        raise FileError(
            "a worker process died, perhaps for want of memory",
            "batch",
            "use fewer --jobs; --resume goes on from here",
        ) from None


def _stop(pool: ProcessPoolExecutor) -> None:
    children: list[Any] = multiprocessing.active_children()
    manager: threading.Thread | None = getattr(pool, "_executor_manager_thread", None)
    pool.shutdown(wait=False, cancel_futures=True)
    for child in children:
        child.terminate()
    deadline = time.monotonic() + _GRACE
    for child in children:
        child.join(max(deadline - time.monotonic(), 0))
        if child.is_alive():
            child.kill()
    if manager is not None:
        # It gives back the locks; cut off in the middle, Python would complain of them. Soon done, as a rule.
        manager.join(2 * _GRACE)
