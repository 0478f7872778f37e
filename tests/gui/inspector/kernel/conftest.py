"""A kernel editor on a picture, and what the hand does to it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

import filterlab as fl

NUMBERS = np.arange(1, 10, dtype=np.float32).reshape(3, 3)


class Hand:
    """Moves over the grid of a kernel editor."""

    def __init__(self, part, qtbot):
        self.part, self.grid, self.qtbot = part, part.grid, qtbot

    def point(self, cell):
        return self.grid.cell_rect(cell).center()

    def click(self, cell, modifiers=Qt.KeyboardModifier.NoModifier):
        self.qtbot.mouseClick(self.grid, Qt.MouseButton.LeftButton, modifiers, self.point(cell))

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(self.grid, key, modifiers)

    def type(self, cell, text, end=Qt.Key.Key_Return):
        self.click(cell)
        self.qtbot.keyClicks(self.grid, text[:1])
        self.qtbot.keyClicks(self.grid.field, text[1:])
        self.qtbot.keyClick(self.grid.field, end)

    def wheel(self, cell, turns=1, modifiers=Qt.KeyboardModifier.NoModifier):
        at = QPointF(self.point(cell))
        event = QWheelEvent(
            at,
            QPointF(self.grid.mapToGlobal(at.toPoint())),
            QPoint(),
            QPoint(0, 120 * turns),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.grid, event)

    def drag(self, cells, button=Qt.MouseButton.LeftButton):
        self.qtbot.mousePress(self.grid, button, pos=self.point(cells[0]))
        for cell in cells[1:]:
            move(self.grid, self.point(cell), button)
        self.qtbot.mouseRelease(self.grid, button, pos=self.point(cells[-1]))


def move(widget, point, button):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(widget.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


@pytest.fixture
def kernel_of(inspect):
    """`kernel_of(layer, shape)`: the kernel editor of a node with this layer."""
    return lambda layer, shape=None: inspect(layer, shape).kernel_editor()


@pytest.fixture
def part(kernel_of):
    """The kernel editor of a Filter2d with the numbers 1 to 9, on a picture."""
    return kernel_of(fl.Filter2d(NUMBERS.copy()), (1, 12, 12))


@pytest.fixture
def hand(part, qtbot):
    """A hand on that editor's grid, which has the focus."""
    part.grid.setFocus()
    return Hand(part, qtbot)


@pytest.fixture
def kernel(bench):
    """`kernel()`: the kernel in the document as nested lists."""
    return lambda: bench.document.pipeline["node"].kernel.tolist()


def changed(cells):
    """The numbers 1 to 9 with some cells changed."""
    result = NUMBERS.copy()
    for cell, value in cells.items():
        result[cell] = value
    return result.tolist()
