"""A worker process: pictures come in through standard input, results go out through standard output.

It is started by `crew` with these two pipes and no arguments. The end of the input is the order to leave: the system
closes the pipe when the parent closes it, and also when the parent dies in whatever way.
"""

from __future__ import annotations

import os
import pickle
import queue
import threading
import warnings
from typing import IO, Any

from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.planning import Job
from filterlab.batch.settings import Settings
from filterlab.batch.worker import attempt
from filterlab.notices import tell

READY = "ready"  # the first reply: once it is sent, a death of this process counts against its picture


def serve(requests: IO[bytes]) -> None:
    """Work until there is no more input. requests: a copy of standard input, which nobody else may read.

    For each picture the replies are the path of every file just before it is written, then the pair of its result and
    the notices for the person; the parent shows a notice once, though many workers may send it.
    """
    replies = _take_output()
    notices: list[str] = []
    tell(notices.append)
    warnings.simplefilter("ignore")  # numbers that overflow are shown as they are
    settings: Settings = pickle.load(requests)
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    # A list, not a variable, because the thread that listens has to see the change.
    current: list[Job] = []
    threading.Thread(target=_listen, args=(requests, jobs, settings, current), daemon=True).start()
    _reply(replies, READY)
    while True:
        job = jobs.get()
        current[:] = [job]
        result = attempt(settings, job, begin=lambda path: _reply(replies, path))
        current.clear()
        _reply(replies, (result, tuple(notices)))
        notices.clear()


def _take_output() -> IO[bytes]:
    """Keep standard output for the replies, and point both standard streams nowhere: libraries print now and then."""
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return replies


def _listen(
    requests: IO[bytes], jobs: queue.SimpleQueue[Job], settings: Settings, current: list[Job]
) -> None:
    """Receive pictures while another one is computed, so that the end of the input is noticed at once."""
    try:
        while True:
            jobs.put(pickle.load(requests))
    except (EOFError, OSError, pickle.UnpicklingError):
        for job in tuple(current):
            remove_leftovers(settings, settings.out / job.folder)
        # An exception cannot interrupt a compiled loop in the main thread, and nothing here is worth waiting for.
        os._exit(0)


def _reply(replies: IO[bytes], result: Any) -> None:
    try:
        pickle.dump(result, replies)
        replies.flush()
    except OSError:  # the parent is gone
        os._exit(1)
