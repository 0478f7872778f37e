"""Nodes that are dragged to another place of the list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from filterlab.gui.chain.model import MIME
from tests.gui.chain.reading import wires


def drag(panel, data, place):
    """A real drag over the viewport, let go at `place`."""
    viewport, action = panel.view.viewport(), Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, action, data, button, keys)
    panel.view.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    panel.view.dragMoveEvent(QDragMoveEvent(place, action, data, button, keys))
    viewport.grab()
    panel.view.dropEvent(QDropEvent(QPointF(place), action, data, button, keys))
    return True


def edge(panel, name, below=True):
    rect = panel.view.visualRect(panel.model.index(panel.model.row_of(name)))
    return QPoint(rect.center().x(), rect.bottom() - 3 if below else rect.top() + 3)


@pytest.mark.parametrize(
    ("name", "place", "below", "order"),
    [
        ("sobel", "relu", True, ["relu", "sobel", "pool"]),
        ("sobel", "pool", True, ["relu", "pool", "sobel"]),
        ("pool", "sobel", False, ["pool", "sobel", "relu"]),
        ("pool", "image", False, ["pool", "sobel", "relu"]),
        ("pool", "sobel", True, ["sobel", "pool", "relu"]),
        ("relu", "sobel", True, ["sobel", "relu", "pool"]),
    ],
)
def test_dropping_between_cards_makes_the_chain_of_that_order(panel, opened, name, place, below, order):
    data = panel.model.mimeData([panel.model.index(panel.model.row_of(name))])
    assert drag(panel, data, edge(panel, place, below))
    sources = ["image", *order]
    expected = {node: (sources[i],) for i, node in enumerate(order)}
    assert {n: wires(opened)[n] for n in order} == expected
    assert [n for n in wires(opened) if n != "blur"] == order


def test_a_drag_shows_where_it_would_go(panel):
    data = panel.model.mimeData([panel.model.index(1)])
    viewport = panel.view.viewport()
    # Qt marks the row below the mouse, and unmarks it when a drag leaves: without this one, `before` could be marked.
    panel.view.dragLeaveEvent(QDragLeaveEvent())
    before = viewport.grab().toImage()
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    panel.view.dragEnterEvent(QDragEnterEvent(edge(panel, "relu"), action, data, button, keys))
    panel.view.dragMoveEvent(QDragMoveEvent(edge(panel, "relu"), action, data, button, keys))
    assert viewport.grab().toImage() != before
    panel.view.dragLeaveEvent(QDragLeaveEvent())
    assert viewport.grab().toImage() == before


def test_files_are_left_to_the_window(panel, opened, pipeline):
    data = QMimeData()
    data.setText("file:///cat.jpg")
    assert not drag(panel, data, edge(panel, "relu"))
    assert opened.document.pipeline is pipeline


def test_a_name_from_elsewhere_moves_nothing(panel, opened, pipeline):
    data = QMimeData()
    data.setData(MIME, b"stranger")
    drag(panel, data, edge(panel, "relu"))
    assert opened.document.pipeline is pipeline
