"""How far a long computation has come, on the error stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Watch:
    """Nobody watches: lines are printed, the rest is not shown."""

    def __call__(self, done: int, text: str, total: int | None = None) -> None:
        """So many are done (of `total`, where that was not known before); `text` says how it goes."""

    def line(self, text: str) -> None:
        """A line that stays."""
        print(text, file=sys.stderr)


class _Bar(Watch):
    def __init__(self, bar: Any, total: int | None) -> None:
        self._bar, self._task = bar, bar.add_task("", total=total, how="")

    def __call__(self, done: int, text: str, total: int | None = None) -> None:
        more = {} if total is None else {"total": total}
        self._bar.update(self._task, completed=done, how=text, **more)

    def line(self, text: str) -> None:
        self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def watched(what: str, total: int | None) -> Iterator[Watch]:
    """A bar where a person watches a terminal; else only the lines."""
    if not sys.stderr.isatty():
        yield Watch()
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
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar, total)
