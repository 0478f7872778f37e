"""Many tiles that are coloured in portions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication

from filterlab.gui.wall import Wall


@pytest.fixture
def view(opened, qtbot):
    wall = Wall(opened)
    qtbot.addWidget(wall)
    wall.resize(900, 600)
    with qtbot.waitExposed(wall):
        wall.show()
    QCoreApplication.processEvents()
    return wall.view


def test_by_default_no_tile_waits(view, opened):
    opened.view.set(mode="overview")
    before = {key: tile.colored for key, tile in view.tiles.items()}
    QCoreApplication.processEvents()
    assert all(view.tiles[key].colored == count + 1 for key, count in before.items())


def test_tiles_are_coloured_in_the_turns_that_follow(view, opened, qtbot):
    opened.view.set(mode="overview")
    QCoreApplication.processEvents()
    whole = view.grab().toImage()
    opened.view.set(mode="side")
    QCoreApplication.processEvents()
    view.turn.portion = 0
    opened.view.set(mode="overview")
    before = sum(tile.colored for tile in view.tiles.values())
    view.viewport().repaint()
    assert sum(tile.colored for tile in view.tiles.values()) == before + 1
    qtbot.waitUntil(lambda: sum(tile.colored for tile in view.tiles.values()) == before + len(view.tiles))
    assert view.grab().toImage() == whole


def test_a_picture_of_the_wall_does_not_wait(view, opened):
    opened.view.set(mode="overview")
    whole = view.grab().toImage()
    opened.view.set(mode="side")
    view.grab()
    view.turn.portion = 0
    opened.view.set(mode="overview")
    assert view.grab().toImage() == whole
