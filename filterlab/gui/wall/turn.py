"""Colouring many tiles at once in portions, between which the window answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QWidget
from shiboken6 import getCppPointer, isValid

PORTION = 0.012  # seconds of colouring in one turn of the event loop


class Turn(QObject):
    """What the tiles of a view have coloured in this turn of the event loop; those that wait are painted in the next.

    portion: seconds of colouring after which tiles wait; by default none does. In each turn one is coloured at least.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.portion = inf
        self._spent = 0.0
        self._waiting: list[QGraphicsItem] = []
        self._end = QTimer(self, singleShot=True, interval=0)
        self._end.timeout.connect(self._begin_next)

    @contextmanager
    def coloring(self) -> Iterator[None]:
        """Count the time in between."""
        start = time.perf_counter()
        yield
        self._spent += time.perf_counter() - start
        self._end.start()

    def makes_wait(self, item: QGraphicsItem, painter: QPainter) -> bool:
        """Return whether a tile is to be painted in the next turn. What is painted into a picture never waits."""
        if self._spent <= self.portion or not self._is_screen(painter):
            return False
        self._waiting.append(item)
        return True

    def _is_screen(self, painter: QPainter) -> bool:
        # For both, the device of the painter is the widget, but only what is seen is painted into the window's store.
        store = self._view.window().backingStore()
        return bool(getCppPointer(painter.paintEngine().paintDevice()) == getCppPointer(store.paintDevice()))

    def _begin_next(self) -> None:
        self._spent = 0.0
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            if isValid(item):
                item.update()
