"""The colours of the widgets: what a check box shows can be seen in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem


def colors_of(widget):
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(20) for y in range(image.height())}


@pytest.fixture(params=["light", "dark"])
def colors(request, bench):
    bench.theme.set(request.param)
    yield bench.theme.colors
    bench.theme.set("system")


@pytest.mark.parametrize("kind", ["check box", "list"])
def test_a_box_has_an_outline_and_a_tick(colors, qtbot, kind):
    box = QCheckBox("Replace files") if kind == "check box" else QListWidget()
    qtbot.addWidget(box)
    item = box if kind == "check box" else QListWidgetItem("relu", box)
    item.setCheckState(Qt.CheckState.Unchecked)
    box.show()
    off = colors_of(box)
    assert {colors.dim, colors.field} <= off
    item.setCheckState(Qt.CheckState.Checked)
    on = colors_of(box)
    assert colors.accent in on
    assert QColor(colors.accent_text).name() in on, "the tick"
