from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.panels import DistributionPanel
from filterlab.gui.panels.distribution import EACH, PINNED, TOGETHER
from filterlab.text.numbers import exact


@pytest.fixture
def panel(opened, qtbot):
    widget = DistributionPanel(opened)
    qtbot.addWidget(widget)
    widget.resize(900, 220)
    widget.show()
    return widget


@pytest.fixture
def shown(panel, qtbot):
    """Wait until the panel shows what is chosen now: `shown()`."""

    def wait():
        panel.refresh()
        qtbot.waitUntil(lambda: panel.table.isEnabled() and panel.histogram.curves != [])

    return wait


def choose(panel, data):
    panel.channels.setCurrentIndex(panel.channels.findData(data))


def statistics_of(panel, column=0):
    lines = [line.split("\t") for line in panel.table.text().split("\n")]
    return {line[0]: line[column + 1] for line in lines[1:]}


def heights(panel, i=0):
    return panel.histogram.curves[i].getData()[1]


def test_statistics_and_histogram_are_numpys(opened, panel, pipeline, picture, shown):
    opened.selection.select("sobel")
    shown()
    values = pipeline.run(picture.pixels)["sobel"].astype(np.float64)
    found = statistics_of(panel)
    assert float(found["min"]) == values.min()
    assert float(found["max"]) == values.max()
    assert float(found["mean"]) == pytest.approx(values.mean(), rel=1e-12, abs=1e-15)
    assert float(found["std"]) == pytest.approx(values.std(), rel=1e-12)
    assert found["zeros"] == f"{np.count_nonzero(values == 0):,} of {values.size:,}"
    counts, _ = np.histogram(values, 256, (values.min(), values.max()))
    np.testing.assert_array_equal(heights(panel), counts)


def test_the_pinned_channel_and_value(opened, panel, pipeline, picture, shown):
    spot = Spot("relu", 2, 21, 31)
    opened.selection.set_pin(spot)
    shown()
    plane = pipeline.run(picture.pixels)["relu"][2]
    assert float(statistics_of(panel)["max"]) == plane.max()
    assert panel.histogram.cursor_mark.isVisible()
    assert panel.histogram.cursor_mark.value() == plane[21, 31]
    assert panel.histogram.zero.value() == 0
    assert "relu [2]" in panel._histogram_text.text


def test_channels_by_choice(opened, panel, pipeline, picture, shown):
    opened.selection.select("blur")
    array = pipeline.run(picture.pixels)["blur"].astype(np.float64)
    for data, expected in ((1, array[1]), (TOGETHER, array), (PINNED, array)):
        choose(panel, data)
        shown()
        assert float(statistics_of(panel)["mean"]) == pytest.approx(expected.mean(), rel=1e-12)
    choose(panel, EACH)
    shown()
    assert len(panel.histogram.curves) == 3
    edges = [curve.getData()[0] for curve in panel.histogram.curves]
    np.testing.assert_array_equal(edges[0], edges[2])
    assert float(statistics_of(panel, 2)["mean"]) == pytest.approx(array[2].mean(), rel=1e-12)


def test_the_choice_of_a_channel_that_goes_away_falls_back(opened, panel, shown, settle):
    opened.selection.select("blur")
    shown()
    choose(panel, 2)
    grey = fl.Conv2d(weight=np.ones((1, 3, 1, 1), np.float32))
    opened.document.edit("one", fl.Pipeline([("blur", grey)]))
    settle(opened)
    shown()
    assert panel.channels.currentData() == PINNED
    assert panel.channels.count() == 4


def test_a_bin_for_every_level_of_a_picture(opened, panel, shown, settle):
    levels = np.arange(256, dtype=np.float32).reshape(1, 16, 16) / np.float32(255)
    opened.document.show_picture("levels", Picture("levels", levels))
    opened.selection.select("image")
    settle(opened)
    shown()
    assert heights(panel).tolist() == [1] * 256


def test_log_heights(opened, panel, pipeline, picture, shown):
    opened.selection.select("relu")
    shown()
    plain = np.array(heights(panel))
    panel.log.setChecked(True)
    shown()
    np.testing.assert_allclose(heights(panel), np.log10(1 + plain))


def test_the_profile_is_the_row_and_the_column_of_the_pin(opened, panel, pipeline, picture, shown):
    array = pipeline.run(picture.pixels)["sobel"]
    opened.selection.set_pin(Spot("sobel", 1, 21, 31))
    shown()
    x, y = panel.profile.curves[0].getData()
    np.testing.assert_array_equal(y, array[1, 21])
    np.testing.assert_array_equal(x, np.arange(64))
    assert panel.profile.cursor_mark.value() == 31
    panel.direction.setCurrentIndex(1)
    shown()
    np.testing.assert_array_equal(panel.profile.curves[0].getData()[1], array[1, :, 31])
    assert panel.profile.cursor_mark.value() == 21
    assert "column 31" in panel._profile_text.text


def test_pointing_at_the_plots_reads_them(opened, panel, pipeline, picture, shown):
    array = pipeline.run(picture.pixels)["sobel"]
    opened.selection.set_pin(Spot("sobel", 1, 21, 31))
    shown()
    assert panel.profile.text_at(30.2) == f"column 30:  {exact(array[1, 21, 30])}"
    assert panel.profile.text_at(99) == ""
    box = panel.profile.box
    panel.profile._point(box.mapViewToScene(QPointF(30, 0)))
    assert panel._profile_text.text.startswith("column 30:")
    panel.profile._point(QPointF(-50, -50))
    assert panel._profile_text.text.startswith("Profile: sobel [1], row 21")
    counts = heights(panel)
    text = panel.histogram.text_at(float(array[1].max()))
    assert text.endswith(f" {int(counts[-1]):,}")


def test_a_click_on_the_profile_pins_there(opened, panel, shown):
    opened.selection.set_pin(Spot("sobel", 1, 21, 31))
    shown()
    panel.profile.picked.emit(40)
    assert opened.selection.pin == Spot("sobel", 1, 21, 40)
    panel.direction.setCurrentIndex(1)
    panel.profile.picked.emit(7)
    assert opened.selection.pin == Spot("sobel", 1, 7, 40)


def test_a_mouse_click_in_the_profile_picks_the_cell_under_it(opened, panel, shown, qtbot):
    opened.selection.set_pin(Spot("sobel", 1, 21, 31))
    shown()
    box = panel.profile.box
    point = panel.profile.mapFromScene(box.mapViewToScene(QPointF(12.1, 0)))
    with qtbot.waitSignal(panel.profile.picked) as caught:
        qtbot.mouseClick(panel.profile.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert caught.args == [12]


def test_it_follows_new_maps_by_itself(opened, panel, pipeline, picture, settle, shown, qtbot):
    opened.selection.select("blur")
    shown()
    before = float(statistics_of(panel)["max"])
    changed = pipeline.with_layers({"blur": fl.Filter2d(5 * fl.kernels.box(3))})
    opened.document.edit("blur", changed)
    settle(opened)
    top = changed.run(picture.pixels)["blur"].max()
    assert before < top
    qtbot.waitUntil(lambda: float(statistics_of(panel)["max"]) == top)
    assert "before the last change" not in panel._histogram_text.text


def test_outdated_numbers_say_so(opened, panel, pipeline, shown):
    opened.selection.select("blur")
    shown()
    opened.results._timer.timeout.disconnect()  # so that nothing is computed
    opened.document.edit("blur", pipeline.with_layers({"blur": fl.Filter2d(fl.kernels.box(5))}))
    shown()
    assert "before the last change" in panel._histogram_text.text


def test_nothing_is_computed_while_hidden(opened, panel, shown, qtbot):
    shown()
    panel.hide()
    before = panel.table.text()
    opened.selection.select("sobel")
    qtbot.wait(80)
    assert panel.table.text() == before
    panel.show()
    qtbot.waitUntil(lambda: panel.table.isEnabled() and panel.table.text() != before)


def test_an_unchanged_map_is_not_computed_again(opened, panel, shown, monkeypatch):
    opened.selection.select("blur")
    shown()
    monkeypatch.setattr(panel._computations, "ask", None)
    panel.log.setChecked(True)
    panel.refresh()
    assert panel.table.isEnabled()


def test_moving_the_cursor_does_not_start_a_long_computation_anew(opened, panel, shown, monkeypatch):
    asked = []
    monkeypatch.setattr(panel._computations, "ask", lambda tag, work: asked.append(tag))
    opened.selection.select("blur")
    choose(panel, TOGETHER)
    for col in range(5):
        opened.selection.set_hover(Spot("blur", 1, 2, col))
        panel.refresh()
    assert len(asked) == 1


def test_old_maps_are_not_kept_alive(opened, panel, pipeline, settle, shown):
    opened.selection.select("blur")
    shown()
    old = weakref.ref(opened.results.maps["blur"].view)
    opened.document.edit("blur", pipeline.with_layers({"blur": fl.Filter2d(fl.kernels.box(5))}))
    settle(opened)
    shown()
    gc.collect()
    assert old() is None


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 3e38])
def test_strange_maps_can_be_looked_at(opened, panel, settle, shown, value):
    pixels = np.full((1, 20, 30), value, np.float32)
    pixels[0, 3, 4] = 0.5
    opened.document.show_picture("odd", Picture("odd", pixels))
    settle(opened)
    for spot in (Spot("image", 0, 3, 4), Spot("image", 0, 5, 5)):
        opened.selection.set_pin(spot)
        shown()
        assert not panel.grab().isNull()
    found = statistics_of(panel)
    assert found["count"] == "600"
    assert (found["NaN"], found["infinite"]) == (
        "599" if np.isnan(value) else "0",
        "599" if np.isinf(value) else "0",
    )


def test_a_vector(opened, panel, settle, shown, picture):
    opened.document.edit("v", fl.Pipeline([("gap", fl.GlobalAvgPool2d()), ("flat", fl.Flatten())]))
    settle(opened)
    opened.selection.select("flat")
    shown()
    assert float(statistics_of(panel)["mean"]) == pytest.approx(picture.pixels.mean(), rel=1e-5)


def test_copying_the_table(opened, panel, shown, qtbot):
    shown()
    panel.table.copy()
    assert QGuiApplication.clipboard().text() == panel.table.text()


def test_themes(opened, panel, shown):
    shown()
    for name in ("dark", "light"):
        opened.theme.set(name)
        assert panel.histogram.backgroundBrush().color().name() == opened.theme.colors.panel
        assert not panel.grab().isNull()


def test_without_a_picture(opened, panel):
    opened.document.show_picture("Close", None)
    panel.refresh()
    assert "Open a picture" in panel.hint.text()
    assert panel.hint.isVisible()


def test_it_can_be_destroyed_while_something_is_computed(opened, qtbot):
    widget = DistributionPanel(opened)
    qtbot.addWidget(widget)
    widget.show()
    widget.refresh()
    widget.close()
    widget.deleteLater()
    qtbot.wait(50)
    assert opened.messages.all == []
