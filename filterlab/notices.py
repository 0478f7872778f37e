"""Notices for the person, each said once: the work goes on, but not quite as it was meant to."""

from __future__ import annotations

from collections.abc import Callable

_said: dict[str, object] = {}
_listener: Callable[[str], None] | None = None


def say_once(text: str) -> None:
    """Give the person one line, unless this process has given it already."""
    mine = object()
    if _said.setdefault(text, mine) is mine:  # in one step, because several threads may say the same
        (_listener or _log)(text)


def tell(listener: Callable[[str], None] | None) -> None:
    """Send notices to `listener` from now on; None sends them to the logger `filterlab` as warnings."""
    global _listener
    _listener = listener


def _log(text: str) -> None:
    import logging  # slow to import, and seldom needed

    logging.getLogger("filterlab").warning(text)
