"""A bar for those who watch a batch from Python: in a notebook, or on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack
from typing import Any

from filterlab.batch.runner import Outcome

_PAUSE = 0.2  # seconds between two drawings

_Draw = Callable[[int, int], None]  # how many pictures have ended, and how many of them have failed


def progress_shown(outcomes: Iterable[Outcome], total: int, wanted: bool | None) -> Generator[Outcome]:
    """The outcomes as they are, while a bar is drawn; wanted: None for one where somebody watches."""
    with ExitStack() as stack:
        draw = _drawer(stack, total, wanted)
        ended = failed = 0
        drawn = float("-inf")
        for outcome in outcomes:
            ended, failed = ended + 1, failed + bool(outcome.error)
            if draw is not None and (ended == total or time.monotonic() - drawn >= _PAUSE):
                draw(ended, failed)
                drawn = time.monotonic()
            yield outcome


def _drawer(stack: ExitStack, total: int, wanted: bool | None) -> _Draw | None:
    if wanted is False or not total:
        return None
    if (display := _notebook()) is not None:
        handle = display(_Html(_bar(0, 0, total)), display_id=True)
        return lambda ended, failed: handle.update(_Html(_bar(ended, failed, total)))
    watched = sys.stderr is not None and sys.stderr.isatty()
    return _on_terminal(stack, total, wanted) if wanted or watched else None


def _notebook() -> Any:
    """The function `display` of the notebook that this runs in; None elsewhere."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is None:
        return None
    from IPython.display import display

    return display


class _Html:
    """HTML for a notebook, which asks for nothing else than this method."""

    def __init__(self, text: str) -> None:
        self._text = text

    def _repr_html_(self) -> str:
        return self._text


def _bar(ended: int, failed: int, total: int) -> str:
    words = f"{ended:,} of {total:,} pictures" + (f", {failed:,} failed" if failed else "")
    return f'<progress value="{ended}" max="{total}"></progress> {words}'


def _on_terminal(stack: ExitStack, total: int, wanted: bool | None) -> _Draw:
    from rich.console import Console
    from rich.progress import Progress

    # Drawn by this thread: see the bar of the command line.
    console = Console(stderr=True, force_terminal=wanted)
    bar = stack.enter_context(Progress(console=console, transient=True, auto_refresh=False))
    task = bar.add_task("pictures", total=total)

    def draw(ended: int, failed: int) -> None:
        words = f"pictures, {failed:,} failed" if failed else "pictures"
        bar.update(task, completed=ended, description=words, refresh=True)

    return draw
