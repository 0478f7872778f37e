"""The map of the whole graph beside the list."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import filterlab as fl
from filterlab.images.palette import LIGHT, rgb


@pytest.fixture
def eye(panel, large):
    large.theme.set("light")
    large.folds.set_all(True)
    return panel.large.birds_eye


def shows(eye, place, color):
    """Whether a colour is in the row of pixels through the middle of the mark of a step, up to rounding."""
    image = eye.grab().toImage()
    y = round(eye.y_of(place + 0.4) * image.height() / eye.height())
    pixels = [image.pixelColor(x, y) for x in range(image.width())]
    return any(
        max(abs(a - b) for a, b in zip((c.red(), c.green(), c.blue()), rgb(color), strict=True)) < 3
        for c in pixels
    )


def test_the_frame_is_what_the_list_shows(eye, panel):
    seen = panel.view.viewport().height() / panel.view.visualRect(panel.model.index(2)).height()
    first = eye.frame()
    assert first.top() <= eye.y_of(0)
    assert first.height() < eye.y_of(seen + 8), "no more than the rows that have room"
    panel.view.scrollToBottom()
    assert eye.frame().bottom() == pytest.approx(eye.y_of(74), abs=3)


def test_dragging_the_frame_scrolls_the_list(eye, panel):
    bar, middle = panel.view.verticalScrollBar(), eye.frame().center().toPoint()
    bar.setValue(0)
    QTest.mousePress(eye, Qt.MouseButton.LeftButton, pos=middle)
    assert bar.value() == 0, "taking hold of it moves nothing"
    place = QPoint(middle.x(), round(eye.y_of(40)))
    event_target = eye.frame()
    QTest.mouseRelease(eye, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseClick(eye, Qt.MouseButton.LeftButton, pos=place)
    assert bar.value() > 0
    assert eye.frame().contains(place.toPointF())
    assert eye.frame() != event_target


def test_errors_and_the_selection_have_their_colours(eye, large, network, settle):
    assert not shows(eye, 30, LIGHT.error)
    large.document.edit("wrong", network.with_layers({"n30": fl.Conv2d(np.ones((3, 5, 1, 1), np.float32))}))
    settle(large)
    assert shows(eye, 30, LIGHT.error)
    large.selection.select("n60")
    assert shows(eye, 60, LIGHT.accent)


def test_what_a_search_finds_is_marked(eye, panel):
    assert not shows(eye, 70, LIGHT.pin)
    eye.show_found(["n70"])
    assert shows(eye, 70, LIGHT.pin)
