"""The progress of a long computation, on the error stream."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from filterlab.cli.faults import one_line

_PAUSE = 0.1  # seconds between two redraws of a bar


class ProgressWatch:
    """Prints lines and shows no bar: nobody watches, or there is nothing to wait for."""

    def __call__(self, done: float, text: str, total: int | None = None) -> None:
        """Show that `done` steps are done, with a short `text` beside them. total: of how many, once that is known."""

    def line(self, text: str) -> None:
        """Print a line that stays: one line, of bounded length, without letters that a terminal would obey."""
        print(one_line(text), file=sys.stderr)


class _Bar(ProgressWatch):
    """Drawn by the thread that computes: rich's own thread for a bar may not start where threads are few."""

    def __init__(self, bar: Any, total: int | None) -> None:
        self._bar, self._task = bar, bar.add_task("", total=total, how="", rate="")
        self._drawn = 0.0

    def __call__(self, done: float, text: str, total: int | None = None) -> None:
        more = {} if total is None else {"total": total}
        rate = _rate(self._bar.tasks[0].speed)
        self._bar.update(self._task, completed=done, how=text, rate=rate, **more)
        # Ten times a second is enough for the eye; drawing at each of many short steps would take longer than the
        # steps.
        now = time.monotonic()
        if now - self._drawn > _PAUSE:
            self._bar.refresh()
            self._drawn = now

    def line(self, text: str) -> None:
        # By the bar's own console, which moves the bar out of the way. Names may hold brackets, which are no markup.
        self._bar.console.print(one_line(text), markup=False, highlight=False, soft_wrap=True)


def _rate(speed: float | None) -> str:
    """Steps a second, or seconds a step where that is the larger number; nothing where it is not known yet."""
    if not speed:
        return ""
    return f"{speed:.1f}/s" if speed >= 1 else f"{1 / speed:.1f} s each"


@contextmanager
def watched(what: str, total: int | None, *, in_parts: bool = False) -> Iterator[ProgressWatch]:
    """Yield a bar where a person watches a terminal and there are several steps; else only the lines are printed.

    The bar says the rate and the time left. total: how many steps there are; None where that is not known yet.
    in_parts: a single step, too, is worth a bar, since it is known how far it is.
    """
    if (total == 1 and not in_parts) or sys.stderr is None or not sys.stderr.isatty():
        yield ProgressWatch()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
        TextColumn("{task.fields[how]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        yield _Bar(bar, total)
