"""Tab through the inspector."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

import filterlab as fl
from filterlab.gui.inspector import Inspector
from filterlab.gui.inspector.focus import Body, fields_in_order


@pytest.fixture
def around(opened, qtbot):
    """An inspector between two buttons in a window, on a layer with a preset."""
    sobel = fl.Filter2d({"preset": "sobel"})
    opened.document.edit("Preset", opened.document.pipeline.with_layers({"sobel": sobel}))
    opened.selection.select("sobel")
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    row.addWidget(QPushButton("before"))
    row.addWidget(Inspector(opened))
    row.addWidget(QPushButton("after"))
    window.resize(700, 1400)
    with qtbot.waitActive(window):
        window.show()
    # Fields that are made late do not come last.
    opened.selection.select("relu")
    opened.selection.select("sobel")
    qtbot.wait(20)
    return window


def button(window, text):
    return next(b for b in window.findChildren(QPushButton) if b.text() == text)


def walk(start, qtbot, key):
    """Names of what has the focus on the way from a widget out of the inspector."""
    start.setFocus()
    names = []
    while len(names) < 100:
        qtbot.keyClick(QApplication.focusWidget(), key)
        widget = QApplication.focusWidget()
        if isinstance(widget, QPushButton) and widget.text() in ("before", "after"):
            return [*names, widget.text()]
        names.append(widget.accessibleName())
    raise AssertionError("it goes round and round within")


def test_tab_goes_from_top_to_bottom_and_out(around, qtbot):
    names = walk(button(around, "before"), qtbot, Qt.Key.Key_Tab)
    wanted = [
        "name of the node",
        "preset",
        "kernel cells",
        "symmetry",
        "Axis",
        "Normalized",
        "Kernel size, height",
        "Padding mode",
    ]
    assert [name for name in names if name in wanted] == wanted
    assert names.index("Stride, height") + 2 == names.index("Stride, width")
    assert names[-1] == "after"
    assert len(set(names)) > len(wanted)


def test_backtab_goes_upwards_and_out(around, qtbot):
    last = fields_in_order(around.findChild(Body))[-1]
    assert last.accessibleName() == "PyTorch", "the heading of a folded group"
    names = walk(last, qtbot, Qt.Key.Key_Backtab)
    assert names[-4:] == ["preset", "Kernel", "name of the node", "before"]
    assert names.index("Axis") < names.index("kernel cells")
