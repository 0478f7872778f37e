"""The colours of the widgets: what a check box shows can be seen in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyleOptionComboBox,
)

from filterlab.gui.look.icons import icon
from filterlab.images.palette import DARK, LIGHT, luminance


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


def test_icons_are_drawn_for_the_screens_that_there_are(bench, qapp):
    made = icon("undo-2", bench.theme.colors)
    ratios = {screen.devicePixelRatio() for screen in qapp.screens()} | {2.0}
    assert {size.width() for size in made.availableSizes()} == {round(16 * ratio) for ratio in ratios}
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
        image = made.pixmap(QSize(16, 16), mode).toImage()
        seen = [image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())]
        assert max(seen) > 100


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_can_be_read_on_every_ground_that_it_stands_on(theme):
    plain = ("window", "panel", "card", "field", "wall", "selected")
    grounds = {
        "text": (*plain, "error_back", "warning_back"),
        "dim": plain,
        "accent": plain,
        "accent_text": ("accent",),
        "error": ("window", "panel", "card", "wall", "error_back"),
        "warning": ("panel", "card", "wall", "warning_back"),
    }
    for ink, backs in grounds.items():
        for back in backs:
            light, dark = sorted((luminance(getattr(theme, name)) for name in (ink, back)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{ink} on {back}"


def test_letters_have_one_scale_that_follows_the_size_of_the_person(bench, qtbot):
    application = QApplication.instance()
    usual = application.font()
    label = QLabel("words")
    label.setProperty("role", "title")
    qtbot.addWidget(label)
    try:
        large = QFont(usual)
        large.setPixelSize(24)
        application.setFont(large)
        bench.theme.set("light")
        label.ensurePolished()
        assert label.font().pixelSize() == 30, "15 where the person's own letters have 12"
    finally:
        application.setFont(usual)
        bench.theme.set("system")


def test_a_list_of_choices_opens_below_its_box_and_shows_them_all(colors, qtbot):
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["keep them", "go on: leave out pictures that are done", "replace them"])
    box.show()
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    as_menu = box.style().styleHint(QStyle.StyleHint.SH_ComboBox_Popup, option, box)
    assert not as_menu, "Fusion's menu is too low for its entries, and hides the last behind an arrow"
    box.showPopup()
    view = box.view()
    last = view.visualRect(box.model().index(2, 0))
    assert view.viewport().rect().contains(last)
    assert last.height() >= 22
    box.hidePopup()
