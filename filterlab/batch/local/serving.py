"""A worker process: pictures come in through standard input, results go out through standard output.

It is started by `crew` with these two pipes and no arguments. The end of the input is the order to leave: the system
closes the pipe when the parent closes it, and also when the parent dies in whatever way.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn

from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.planning import Job
from filterlab.batch.settings import Settings
from filterlab.batch.worker import PictureWork
from filterlab.notices import tell

_LARGE = 256 << 20  # bytes of maps; what overlapping gains is little beside the time that these take
READING = "reading"
READY = "ready"  # the first reply: once it is sent, a death of this process counts against its picture


class Begun(NamedTuple):
    """The reply before a file is written. new: there was none of this name."""

    path: Path
    new: bool


def serve(requests: IO[bytes]) -> None:
    """Work until there is no more input. requests: a copy of standard input, which nobody else may read.

    For each picture the replies are READING, Begun for every file, now and then a float from 0 to 1 (how much of it is
    done, where it is done in tiles), then the pair of its result and the notices for the person; the parent shows a
    notice once, though many workers may send it. The pairs come in the order of the pictures, and the files are of the
    next pair; other pictures may be read in between.
    """
    reply = _Replies(_take_output())
    notices: list[str] = []
    tell(notices.append)
    warnings.simplefilter("ignore")  # numbers that overflow are shown as they are
    settings: Settings = pickle.load(requests)
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    # A list, not a variable, because the thread that listens has to see the change.
    current: list[Path] = []  # files that are being written
    threading.Thread(target=_listen, args=(requests, jobs, current), daemon=True).start()
    reply(READY)

    def read() -> PictureWork:
        work = PictureWork(settings, jobs.get())
        reply(READING)
        work.read()
        return work

    def write(work: PictureWork) -> None:
        with _or_leave():
            current[:] = work.files
            result = work.write(begin=lambda path, new: reply(Begun(path, new)), advance=reply)
            current.clear()
            said, notices[:] = tuple(notices), ()
            reply((result, said))
        if not gc.isenabled():  # since the process began: by now all is loaded that stays
            gc.freeze()
            gc.enable()

    with _or_leave():
        overlap(read, write)


@contextmanager
def _or_leave() -> Iterator[None]:
    """End the process over an error that no picture is told of: else the parent would wait for its reply for ever."""
    try:
        yield
    except BaseException as error:
        traceback.print_exception(error)  # into the void, unless somebody looks for faults
        os._exit(1)


def overlap(read: Callable[[], PictureWork], write: Callable[[PictureWork], None]) -> NoReturn:
    """Compute a picture while the next one is read and the one before is written; never more than these three.

    A picture whose maps are large has the memory for itself.
    """
    with ThreadPoolExecutor(1, "reader") as reader, ThreadPoolExecutor(1, "writer") as writer:
        ahead, behind = reader.submit(read), writer.submit(lambda: None)
        while True:
            work = ahead.result()
            if work.bytes > _LARGE:
                behind.result()
                work.compute()
                behind = writer.submit(write, work)
                del work  # the variable would keep its maps while the next picture is computed
                behind.result()
                ahead = reader.submit(read)
            else:
                ahead = reader.submit(read)
                work.compute()
                behind.result()
                behind = writer.submit(write, work)
                del work


def _take_output() -> IO[bytes]:
    """Keep standard output for the replies, and point both standard streams nowhere: libraries print now and then."""
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return replies


def _listen(requests: IO[bytes], jobs: queue.SimpleQueue[Job], current: list[Path]) -> None:
    """Receive pictures while another one is computed, so that the end of the input is noticed at once."""
    try:
        while True:
            jobs.put(pickle.load(requests))
    except (EOFError, OSError, pickle.UnpicklingError):
        remove_leftovers(tuple(current))
        # An exception cannot interrupt a compiled loop in the main thread, and nothing here is worth waiting for.
        os._exit(0)


class _Replies:
    """The pipe to the parent, into which several threads write."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def __call__(self, reply: Any) -> None:
        try:
            with self._lock:
                pickle.dump(reply, self._pipe)
                self._pipe.flush()
        except OSError:  # the parent is gone
            os._exit(1)
