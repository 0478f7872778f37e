"""How far a long computation has come, on the error stream."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from filterlab.cli.faults import one_line

_PAUSE = 0.1  # seconds between two drawings of a bar


class ProgressWatch:
    """Nobody watches: lines are printed, the rest is not shown."""

    def __call__(self, done: int, text: str, total: int | None = None) -> None:
        """So many are done (of `total`, where that was not known before); `text` says how it goes."""

    def line(self, text: str) -> None:
        """A line that stays."""
        print(one_line(text), file=sys.stderr)


class _Bar(ProgressWatch):
    """Drawn by the computation's own thread as it goes on: where threads are few, none is left for a bar."""

    def __init__(self, bar: Any, total: int | None) -> None:
        self._bar, self._task = bar, bar.add_task("", total=total, how="")
        self._drawn = 0.0

    def __call__(self, done: int, text: str, total: int | None = None) -> None:
        more = {} if total is None else {"total": total}
        self._bar.update(self._task, completed=done, how=text, **more)
        now = time.monotonic()
        if now - self._drawn > _PAUSE:
            self._bar.refresh()
            self._drawn = now

    def line(self, text: str) -> None:
        self._bar.console.print(one_line(text), markup=False, highlight=False, soft_wrap=True)


@contextmanager
def watched(what: str, total: int | None) -> Iterator[ProgressWatch]:
    """A bar where a person watches a terminal; else only the lines."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield ProgressWatch()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[how]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        yield _Bar(bar, total)
