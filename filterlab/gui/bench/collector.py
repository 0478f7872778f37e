"""Collects garbage in the thread of the window only: widgets that other threads let go of would bring it down."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 500  # milliseconds

_users = 0  # windows that are open


class Collector(QObject):
    """While one is there, Python's own collections, which run in any thread, are off, and this one's are on.

    Widgets that hold each other are garbage only to a collection; Qt objects must be destroyed in their own thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        global _users
        _users += 1
        gc.disable()
        self._open = True
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect those generations that are due, as Python itself would."""
        due = [
            i for i, (n, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if n > most
        ]
        if due:
            gc.collect(due[-1])

    def close(self) -> None:
        """Leave it to Python again, when the last window is gone."""
        global _users
        if not self._open:
            return
        self._open = False
        self._timer.stop()
        _users -= 1
        if not _users:
            gc.enable()
