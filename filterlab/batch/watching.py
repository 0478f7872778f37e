"""Doing what arrives: plans of the pictures that come into folders, once they are whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from itertools import chain, count
from time import monotonic, sleep
from typing import Any

from filterlab.batch.inputs import InputPicture, expand
from filterlab.batch.options.template import name_template
from filterlab.batch.planning import Job, Plan, plan
from filterlab.batch.settings import Settings
from filterlab.errors import ParameterError
from filterlab.text.messages import say

QUIET = 1.0  # seconds without a change after which a file counts as whole
_PATIENCE = 10  # times as long for an empty file, which its writer has only begun
_LOOK = 0.4  # seconds between two looks at files that are not quiet yet
_SCAN = 10.0  # seconds after which folders are listed again although the system has told of no change

_State = tuple[int, int, int]  # size, time of the last change, and which file it is
_Wait = Callable[
    [float], bool
]  # waits a moment; whether something may have changed. Given: what listing took


class Watched:
    """The pictures in folders, those that are there and those that arrive.

    A file is handed on when its size, its time and its identity have stayed the same for a moment: one that is being
    copied is not, one that was renamed into its place is. A picture that changes is handed on again. inputs: as for
    `expand`; those that are no folders are done once, at the beginning. choosing: as for `plan`. Raises ParameterError
    where none is a folder.
    """

    def __init__(self, settings: Settings, inputs: Sequence[str], base: str = "", **choosing: Any) -> None:
        self._settings, self._choosing, self._base = settings, choosing, base
        self._recursive = bool(choosing.get("recursive"))
        self.folders = [word for word in inputs if os.path.isdir(word)]
        self._once = [word for word in inputs if word not in self.folders]
        if not self.folders:
            raise ParameterError(
                "there is no folder to watch", "--watch", "name one as IMAGE", parameter="watch"
            )
        self._known: dict[str, _State] = {}  # what was handed on, as it was then
        self._pending: dict[str, tuple[InputPicture, _State, float]] = {}  # since when it is in this state
        self._told: set[str] = set()  # problems
        self._owners: dict[str, tuple[str, int | None]] = {}  # of folders and files, by their names
        self._scanned, self._took = float("-inf"), 0.0

    def plans(self) -> Generator[Plan]:
        """Plans without end, each of the pictures that have become whole since the one before."""
        if self._once:
            yield self._planned(self._once)
        with _waiting(self.folders, self._recursive) as wait:
            while True:
                if whole := self._look():
                    yield self._planned(whole)
                elif wait(self._took):
                    self._scanned = float("-inf")

    def _look(self) -> list[InputPicture]:
        """The pictures that have become whole."""
        now, whole = monotonic(), []
        if now - self._scanned >= _SCAN:
            whole = self._scan(now)
            self._scanned, self._took = now, monotonic() - now
        for path, (picture, state, since) in list(self._pending.items()):
            found = _state(path)
            if found is None:  # it was taken away
                del self._pending[path]
            elif found != state:
                self._pending[path] = picture, found, now
            elif now - since >= (QUIET if found[0] else _PATIENCE * QUIET):
                del self._pending[path]
                self._known[path] = found
                whole.append(picture)
        return whole

    def _scan(self, now: float) -> list[InputPicture]:
        """Note what has come or changed; gives what cannot be opened, once."""
        problems = []
        for picture in expand(self.folders, recursive=self._recursive, out=self._settings.out):
            path = str(picture.path)
            state = _state(path)
            if picture.again or (os.path.isdir(path) and os.access(path, os.R_OK | os.X_OK)):
                continue  # a folder without pictures, in which they are waited for
            if picture.problem or state is None:
                if path not in self._told:
                    problems.append(replace(picture, problem=picture.problem or "there is no such file"))
                self._told.add(path)
            elif path not in self._pending and self._known.get(path) != state:
                self._pending[path] = picture, state, now
        return problems

    def _planned(self, inputs: Sequence[str | InputPicture]) -> Plan:
        planned = plan(inputs, base=self._base, out=self._settings.out, **self._choosing)
        return replace(planned, jobs=tuple(self._apart(job) for job in planned.jobs))

    def _apart(self, job: Job) -> Job:
        """The job with names that no earlier picture has; with a problem where a template gives it none."""
        owner = os.path.abspath(job.picture), job.page
        if self._settings.name:
            for name in self._template_names(job):
                if self._owners.setdefault(name, owner) != owner:
                    what = say("another picture has written {}", name)
                    return replace(job, problem=job.problem or what)
            return job
        numbered = (f"{job.folder}-{number}" for number in count(2))
        names = chain((job.folder, f"{job.folder}{job.picture.suffix}"), numbered)
        free = next(n for n in names if self._owners.setdefault(n.casefold(), owner) == owner)
        return replace(job, folder=free)

    def _template_names(self, job: Job) -> Iterator[str]:
        template = name_template(self._settings.name)
        for node in self._settings.names:
            yield template.fill(job.pictured, node, 0).casefold()
            yield template.fill(job.pictured, node, None).casefold()


def _state(path: str) -> _State | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


@contextmanager
def _waiting(folders: Sequence[str], recursive: bool) -> Iterator[_Wait]:
    """Yield a function that waits for a change: the system tells of one where watchfiles is installed."""
    try:
        from watchfiles import watch
    except ImportError:
        yield _asleep
        return
    changes = watch(
        *folders,
        recursive=recursive,
        watch_filter=None,
        debounce=200,
        rust_timeout=int(1000 * _LOOK),
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )

    def wait(took: float) -> bool:
        # Of too many folders, or on a drive that is gone, the system tells nothing.
        with suppress(OSError, RuntimeError, StopIteration):
            return bool(next(changes))
        return _asleep(took)

    with closing(changes):
        yield wait


def _asleep(took: float) -> bool:
    """Wait so long that listing the folders does not take all the time there is."""
    sleep(max(_LOOK, 4 * took))
    return True
