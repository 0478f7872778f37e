"""What a person should hear of once: the work goes on, but not quite as it was meant to."""

from __future__ import annotations

from collections.abc import Callable

_said: dict[str, object] = {}
_listener: Callable[[str], None] | None = None


def say_once(text: str) -> None:
    """One line for the person, unless this process has said it already."""
    mine = object()
    if _said.setdefault(text, mine) is mine:  # in one step: several threads may have the same to say
        (_listener or _log)(text)


def tell(listener: Callable[[str], None] | None) -> None:
    """From now on `listener` is told; None stands for a warning of the logger `filterlab`."""
    global _listener
    _listener = listener


def _log(text: str) -> None:
    import logging  # takes time to load, and is seldom needed

    logging.getLogger("filterlab").warning(text)
