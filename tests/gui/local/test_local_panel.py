"""The panel of the kernel here: it shows what the engine says of the pinned value, and puts it beside the network."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.local import LocalPanel

PIN = ("relu", 1, 20, 30)


@pytest.fixture
def panel(opened, qtbot):
    widget = LocalPanel(opened)
    qtbot.addWidget(widget)
    widget.resize(900, 260)
    widget.show()
    return widget


@pytest.fixture
def seen(panel, opened, qtbot):
    """Show a kind for a pin and wait for it."""

    def show(kind="kernel", pin=PIN):
        before = panel.sight
        panel.choose(kind)
        opened.selection.set_pin(Spot(*pin))
        qtbot.waitUntil(lambda: panel.sight is not None and panel.sight is not before)
        return panel.sight

    return show


def test_without_a_pin_it_says_what_to_do(panel):
    assert "Click a value" in panel.hint.text()
    assert not panel.use_button.isEnabled()


def test_it_shows_the_kernel_of_the_pinned_value_and_follows_the_pin(panel, opened, picture, seen):
    found = seen()
    expected = opened.document.pipeline.local_kernel(picture.pixels, *PIN)
    np.testing.assert_array_equal(found.kernel.kernel, expected.kernel)
    assert (found.top, found.left) == (expected.region.top, expected.region.left)
    assert "Exact" in panel.words.text()
    assert [plane.title for plane in found.planes] == ["all channels", "red", "green", "blue"]
    other = seen(pin=("relu", 1, 5, 6))
    assert other.kernel.where.row == 5


def test_it_computes_only_while_it_is_shown(panel, opened, qtbot):
    panel.hide()
    opened.selection.set_pin(Spot(*PIN))
    panel.refresh()
    assert panel.sight is None
    panel.show()
    qtbot.waitUntil(lambda: panel.sight is not None)


def test_it_follows_an_edit(panel, opened, seen, settle, qtbot):
    before = seen()
    pipeline = opened.document.pipeline
    opened.document.edit("double", pipeline.with_layers({"sobel": pipeline["sobel"].replace(divisor=0.5)}))
    settle(opened)
    qtbot.waitUntil(lambda: panel.sight is not None and panel.sight is not before)
    np.testing.assert_allclose(panel.sight.kernel.kernel, 2 * before.kernel.kernel, rtol=1e-6)


def test_the_cursor_reads_weights(panel, seen, qtbot):
    found = seen()
    rect = panel.view.sheet.rects[0]
    qtbot.mouseMove(panel.view.sheet, rect.topLeft() + QPoint(2, 2))
    qtbot.waitUntil(lambda: "row" in panel.status.text())
    assert f"{found.planes[0].value(0, 0):.6g} at row {found.top}, column {found.left}" in panel.status.text()


def test_a_click_in_the_mosaic_goes_to_its_place(panel, opened, seen, qtbot):
    found = seen("grid")
    assert len(found.planes) == 24
    number = 9
    qtbot.mouseClick(panel.view.sheet, Qt.MouseButton.LeftButton, pos=panel.view.sheet.rects[number].center())
    pin = opened.selection.pin
    assert (pin.row, pin.col) == found.planes[number].place
    # The same by keyboard.
    qtbot.keyClick(panel.view.sheet, Qt.Key.Key_Right)
    qtbot.keyClick(panel.view.sheet, Qt.Key.Key_Return)
    assert (opened.selection.pin.row, opened.selection.pin.col) == found.planes[number + 1].place


@pytest.mark.parametrize("kind", ["row", "column", "gradient", "product", "field", "occlusion"])
def test_every_kind_has_a_picture_and_words(panel, seen, kind):
    found = seen(kind)
    assert found.planes
    assert len(panel.words.text()) > 60
    assert all(rect.width() > 0 for rect in panel.view.sheet.rects)


def test_a_lens_that_does_not_apply_says_why(panel, opened, qtbot):
    panel.choose("cam")
    opened.selection.set_pin(Spot(*PIN))
    qtbot.waitUntil(lambda: "not a score" in panel.hint.text())
    assert panel.sight is None
    assert not panel.save_button.isEnabled()


def test_a_lens_is_checked_with_shuffled_weights(panel, seen, qtbot):
    seen("gradient")
    assert panel.check_button.isVisible()
    qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "correlate" in panel.words.text())


def test_the_lens_that_is_seen_is_checked_while_another_kind_is_computed(panel, seen, qtbot, monkeypatch):
    seen("gradient")
    monkeypatch.setattr(panel._computations, "ask", lambda tag, work: None)
    panel.choose("occlusion")
    qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "correlate" in panel.words.text())
    assert panel._name() == "gradient-relu-1-20-30"
    once = panel.words.text()
    panel.status.setText("again")
    qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.status.text())
    assert panel.words.text() == once


def test_using_the_kernel_puts_it_beside_the_network_in_one_step(panel, opened, picture, seen, settle, qtbot):
    before = opened.document.pipeline
    seen()
    qtbot.mouseClick(panel.use_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.document.pipeline is not before)
    pipeline = opened.document.pipeline
    assert {"here", "bent", "best", "missed"} <= {node.name for node in pipeline.nodes}
    assert opened.selection.node == "bent"
    maps = pipeline.run(picture.pixels)
    assert maps["here"][0, 20, 30] == pytest.approx(maps["relu"][1, 20, 30], abs=1e-6)
    assert np.abs(maps["missed"]).mean() <= np.abs(maps["bent"]).mean() + 1e-6
    opened.document.undo()
    assert opened.document.pipeline is before
    settle(opened)


def test_it_saves_the_picture_and_the_numbers(panel, seen, tmp_path, qtbot):
    found = seen()
    for name in ("k.png", "k.npy"):
        panel.save(tmp_path / name)
        qtbot.waitUntil(lambda name=name: (tmp_path / name).exists())
    np.testing.assert_array_equal(np.load(tmp_path / "k.npy"), found.kernel.kernel)
    with Image.open(tmp_path / "k.png") as image:
        assert image.width > 100


def test_a_vector_has_kernels_too(panel, opened, picture, settle, seen):
    opened.document.edit("scores", fl.Pipeline([fl.GlobalAvgPool2d(), fl.Flatten()]))
    settle(opened)
    name = opened.document.pipeline.nodes[-1].name
    found = seen(pin=(name, 1, 0, 0))
    assert found.kernel.kernel.shape == picture.pixels.shape


def test_the_kernel_lies_over_the_picture_while_the_panel_is_shown(panel, opened, seen):
    found = seen()
    laid = opened.overlays.field.heat
    assert (laid.top, laid.left) == (found.top, found.left)
    weights = found.kernel.kernel.sum(axis=0)
    np.testing.assert_allclose(laid.weights, weights / np.abs(weights).max(), rtol=1e-6)
    panel.hide()
    assert opened.overlays.field is None
    panel.show()
    assert opened.overlays.field is not None
