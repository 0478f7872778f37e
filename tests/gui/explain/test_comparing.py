"""Two variants of a layer beside each other."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from tests.gui.explain.conftest import number


@pytest.fixture
def dialog(panel, shown, qtbot):
    shown.selection.select("conv")
    shown.commands.refresh()
    shown.commands.action("layer.compare").trigger()
    found = panel.comparing
    qtbot.waitUntil(lambda: found.answer is not None)
    yield found
    found.close()


def choose(dialog, text, qtbot):
    dialog.choice.setCurrentIndex(dialog.choice.findText(text))
    qtbot.waitUntil(lambda: dialog.answer.variant is dialog._variants[dialog.choice.currentIndex()])


@pytest.mark.parametrize(
    ("text", "change"),
    [("convolution", {"operation": "convolution"}), ("padding mode: circular", {"padding_mode": "circular"})],
)
def test_it_is_the_difference_of_two_runs(dialog, network, picture, qtbot, text, change):
    choose(dialog, text, qtbot)
    own = network.run(picture.pixels)["conv"]
    other = network.with_layers({"conv": network["conv"].replace(**change)}).run(picture.pixels)["conv"]
    for pane, expected in zip(dialog.panes, (own, other, own - other), strict=True):
        np.testing.assert_array_equal(pane.thumb.view.array, expected)
    assert f"{np.abs(own - other).max():.4f}"[:5] in dialog.verdict.text()


def test_the_channel_can_be_chosen_and_ranges_are_shown(dialog, qtbot):
    dialog.channel.setValue(2)
    assert all(pane.thumb.channel == 2 for pane in dialog.panes)
    assert all("from " in caption.text() for caption in dialog.captions)
    assert dialog.captions[0].text().startswith("conv: cross-correlation")
    assert dialog.panes[0].thumb.scale == dialog.panes[1].thumb.scale


def test_a_click_pins_the_cell(dialog, shown, qtbot):
    dialog.channel.setValue(1)
    pane = dialog.panes[2]
    at = QPoint(*map(round, pane._box().middle))
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=at)
    assert shown.selection.pin.node == "conv"
    assert shown.selection.pin.channel == 1
    assert abs(shown.selection.pin.row - 24) <= 1


def test_the_figures_of_the_book(panel, opened, settle, qtbot):
    layer = fl.Conv2d(weight=np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2))
    opened.document.edit("net", fl.Pipeline([("a", layer)]))
    pixels = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    opened.document.show_picture("Open", Picture("nine", pixels))
    settle(opened)
    panel.comparing.show_node("a")
    qtbot.waitUntil(lambda: panel.comparing.answer is not None)
    found = panel.comparing.answer.found
    assert found.first.tolist() == [[[19, 25], [37, 43]]]
    assert found.second.tolist() == [[[5, 11], [23, 29]]]
    assert "14" in panel.comparing.verdict.text()


def test_it_follows_the_document(dialog, shown, settle, qtbot):
    old = dialog.answer
    pipeline = shown.document.pipeline
    shown.document.edit(
        "conv", pipeline.with_layers({"conv": pipeline["conv"].replace(padding_mode="reflect")})
    )
    settle(shown)
    qtbot.waitUntil(lambda: dialog.answer is not old)
    assert dialog.choice.findText("padding mode: zeros") >= 0
    shown.document.edit("Clear", fl.Pipeline([]))
    settle(shown)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_layers_without_variants_are_not_compared(panel, shown):
    for node, possible in (("relu", False), ("image", False), ("grouped", True)):
        shown.selection.select(node)
        shown.commands.refresh()
        assert shown.commands.action("layer.compare").isEnabled() == possible


def test_the_absence_of_differences_is_stated(panel, opened, settle, qtbot):
    opened.document.edit("net", fl.Pipeline([("a", fl.Filter2d(fl.kernels.box(3)))]))
    settle(opened)
    panel.comparing.show_node("a")
    qtbot.waitUntil(lambda: panel.comparing.answer is not None)
    assert "no difference" in panel.comparing.verdict.text()
    assert Spot("a", 0, 0, 0) != opened.selection.pin


def test_a_layer_that_does_not_fit_says_why(panel, opened, settle, qtbot):
    kernel = fl.Conv2d(np.ones((1, 3, 99, 99), np.float32))
    opened.document.edit("net", fl.Pipeline([("a", kernel)]))
    settle(opened)
    panel.comparing.show_node("a")
    qtbot.waitUntil(lambda: "99" in panel.comparing.verdict.text())
    assert panel.comparing.answer is None
    assert not [m for m in opened.messages.all if m.details]


def test_the_look_may_change_after_its_node_has_gone(dialog, shown, settle):
    dialog.close()
    shown.document.edit("Clear", fl.Pipeline([]))
    settle(shown)
    shown.view.set(colormap="viridis")
    assert dialog.captions[0].text().startswith("conv: cross-correlation")


def test_arrows_pin_the_greatest_difference_and_then_move(dialog, shown, qtbot):
    pane = dialog.panes[0]
    qtbot.keyClick(pane, Qt.Key.Key_Right)
    channel, row, col = dialog.answer.found.where
    assert shown.selection.pin == Spot("conv", channel, row, col)
    assert dialog.channel.value() == channel
    assert all(pane.thumb.marks == ((row, col, row + 1, col + 1),) for pane in dialog.panes)
    dialog._pin(10, 10)
    for key, cell in ((Qt.Key.Key_Left, (10, 9)), (Qt.Key.Key_Up, (9, 9)), (Qt.Key.Key_Down, (10, 9))):
        qtbot.keyClick(pane, key)
        assert shown.selection.pin[2:] == cell
    dialog._pin(0, 0)
    qtbot.keyClick(pane, Qt.Key.Key_Up)
    assert shown.selection.pin[2:] == (0, 0)


def test_the_pinned_value_is_shown_for_both(dialog, shown):
    shown.selection.set_pin(Spot("conv", 1, 10, 11))
    dialog.channel.setValue(1)
    words = dialog.verdict.text().splitlines()[1].rstrip(".").split()
    first, second, difference = number(words[5]), number(words[7]), number(words[9])
    assert first - second == difference
    views = dialog.answer.views
    for shown_value, view in zip((first, second, difference), views, strict=True):
        assert float(shown_value) == pytest.approx(view.value(1, 10, 11), abs=1e-5)
    shown.selection.set_pin(Spot("relu", 1, 10, 11))
    assert len(dialog.verdict.text().splitlines()) == 1


def test_escape_closes(dialog, qtbot):
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_both_maps_have_the_colours_of_the_wall(panel, opened, settle, qtbot):
    sharpening = np.full((3, 3), -0.05, np.float32)
    sharpening[1, 1] = 1.4
    opened.document.edit("net", fl.Pipeline([("sharp", fl.Filter2d(sharpening, padding="same"))]))
    pixels = np.tile(np.linspace(0, 1, 64, dtype=np.float32) > 0.5, (1, 16, 1)).astype(np.float32)
    opened.document.show_picture("Open", Picture("step", pixels))
    settle(opened)
    panel.comparing.show_node("sharp")
    qtbot.waitUntil(lambda: panel.comparing.answer is not None)
    view = opened.results.maps["sharp"].view
    assert view.extent[0] < 0, "negative values alone make no derivative"
    tone = opened.tones().tone("sharp", view, 0)
    assert tone.colormap == "gray"
    for pane in panel.comparing.panes[:2]:
        assert (pane.thumb.colormap, pane.thumb.scale) == (tone.colormap, tone.scale)
