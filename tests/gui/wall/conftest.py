from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QPointF, Qt

from filterlab.gui.wall import Wall


@pytest.fixture
def show(qtbot, settle):
    """A wall of 900 x 640 pixels over a workbench, settled: `show(bench, **look)`."""

    def make(bench, **look):
        bench.view.set(**look)
        wall = Wall(bench)
        qtbot.addWidget(wall)
        wall.resize(900, 640)
        wall.show()
        settle(bench)
        wall.refresh()
        return wall

    return make


@pytest.fixture
def wall(opened, show):
    """The wall of the opened test picture and pipeline."""
    return show(opened)


@pytest.fixture
def renew(settle):
    """Wait until the wall shows what the workbench has: `renew(wall)`."""

    def wait(wall):
        settle(wall.bench)
        QCoreApplication.processEvents()
        wall.refresh()

    return wait


@pytest.fixture
def mouse(qtbot):
    """Moves and clicks on the view: `mouse.move(wall, point)`, `mouse.click(wall, point)`."""

    class Mouse:
        def move(self, wall, at):
            qtbot.mouseMove(wall.view.viewport(), QPointF(at).toPoint())

        def click(self, wall, at):
            self.move(wall, at)
            qtbot.mouseClick(wall.view.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(at).toPoint())

    return Mouse()
