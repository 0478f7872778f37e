"""Garbage collection in the thread of the window only: a widget destroyed in another thread ends the process."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 500  # milliseconds between two looks at whether a collection is due

_users = 0  # windows that are there, open or not


class Collector(QObject):
    """Turns Python's own collections off while a window is open, and runs them itself in the window's thread.

    Python collects in whichever thread happens to allocate. Widgets refer to each other in cycles, so it is a
    collection that destroys them, and Qt objects must be destroyed in the thread that they live in.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        global _users
        _users += 1
        # Not at `close`: what a closed window leaves behind still holds widgets, and a thread that outlives it, as one
        # that ends its last step of learning, would destroy them while the next window makes its own.
        self.destroyed.connect(_release)
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, which includes the younger ones, as Python itself would."""
        due = [
            i for i, (n, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if n > most
        ]
        if due:
            gc.collect(due[-1])

    def close(self) -> None:
        """Collect no more. Once the last of these objects is destroyed, Python does it again."""
        self._timer.stop()


def _release() -> None:
    global _users
    _users -= 1
    if not _users:
        gc.enable()
