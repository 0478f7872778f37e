"""A worker process: pictures in from standard input, what became of them out to standard output, until the input ends.

It is started by `crew` with no other arguments than these two pipes. The end of the input is the order to leave: the
system closes the pipe when the parent closes it, and when the parent dies in whatever way.
"""

from __future__ import annotations

import os
import pickle
import queue
import threading
import warnings
from typing import IO, Any

from filterlab.batch.leftovers import remove_leftovers
from filterlab.batch.plan import Job
from filterlab.batch.settings import Settings
from filterlab.batch.worker import attempt
from filterlab.notices import tell

READY = "ready"  # the first reply: from here on, an end of this process is the fault of its picture


def serve(requests: IO[bytes]) -> None:
    """Work until there is no more input. requests: a copy of standard input, of which nothing else may read.

    With what became of a picture goes what the person should hear of: many workers would each say the same.
    """
    replies = _take_output()
    notices: list[str] = []
    tell(notices.append)
    warnings.simplefilter("ignore")  # numbers that overflow are shown as they are
    settings: Settings = pickle.load(requests)
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    at_work: list[Job] = []
    threading.Thread(target=_listen, args=(requests, jobs, settings, at_work), daemon=True).start()
    _reply(replies, READY)
    while True:
        job = jobs.get()
        at_work[:] = [job]
        result = attempt(settings, job)
        at_work.clear()
        _reply(replies, (result, tuple(notices)))
        notices.clear()


def _take_output() -> IO[bytes]:
    """Standard output as a pipe of ours; both standard streams then lead nowhere, for libraries print now and then."""
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return replies


def _listen(
    requests: IO[bytes], jobs: queue.SimpleQueue[Job], settings: Settings, at_work: list[Job]
) -> None:
    """Take in pictures while others are computed, so that the end of the input is seen at once."""
    try:
        while True:
            jobs.put(pickle.load(requests))
    except (EOFError, OSError, pickle.UnpicklingError):
        for job in tuple(at_work):
            remove_leftovers(settings, settings.out / job.folder)
        # No exception could leave a compiled loop, and nothing here is worth waiting for.
        os._exit(0)


def _reply(replies: IO[bytes], result: Any) -> None:
    try:
        pickle.dump(result, replies)
        replies.flush()
    except OSError:  # nobody is there any more
        os._exit(1)
