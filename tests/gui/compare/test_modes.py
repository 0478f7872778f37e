"""Swipe, blink and difference of two maps, by mouse and by keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.explain.player import REDUCED
from filterlab.images.views import NAN_PIXEL, pixels_of

LEFT = Qt.MouseButton.LeftButton


def pixel(view, at):
    """The colour of the view at a point, as 0xFFRRGGBB."""
    return view.viewport().grab().toImage().pixel(QPointF(at).toPoint())


def color(tone, value):
    return int(
        pixels_of(np.array([[value]], np.float32), tone.scale.low, tone.scale.high, tone.colormap)[0, 0]
    )


def values(pair, cell):
    return float(pair.a.view.planes[0][cell]), float(pair.b.view.planes[0][cell])


def test_the_swipe_shows_a_on_the_left_and_b_on_the_right(comparing, of_nodes):
    pair, view = of_nodes("sobel", "blur"), comparing.page.view
    assert view.mode == "swipe"
    for cell, side in (((30, 8), 0), ((30, 56), 1)):
        expected = color(view.tones()[side], values(pair, cell)[side])
        assert pixel(view, view.point_of(cell)) == expected


def test_the_handle_follows_the_mouse_and_the_arrow_keys(comparing, of_nodes):
    of_nodes("sobel", "blur")
    view = comparing.page.view
    width, middle = view.viewport().width(), view.viewport().height() // 2
    QTest.mousePress(view.viewport(), LEFT, pos=QPoint(width // 2, middle))
    QTest.mouseMove(view.viewport(), QPoint(width // 4, middle))
    QTest.mouseRelease(view.viewport(), LEFT, pos=QPoint(width // 4, middle))
    assert view.handle == pytest.approx(0.25, abs=0.01)
    assert view.cell is None, "dragging the handle chooses no cell"
    before = view.handle
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.handle == pytest.approx(before + 0.01)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.handle == pytest.approx(before - 0.09)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.handle == 1
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.handle == 1, "the handle stays in the view"


def test_blink_shows_one_side_after_the_other(comparing, of_nodes, opened):
    opened.settings.setValue(REDUCED, True)
    pair, view, tools = of_nodes("sobel", "blur"), comparing.page.view, comparing.page.tools
    tools.show_mode("blink")
    assert not tools.blinker.running, "nothing moves by itself for people who ask for that"
    cell = (30, 40)
    for side in (0, 1):
        assert pixel(view, view.point_of(cell)) == color(view.tones()[side], values(pair, cell)[side])
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert not view.second


def test_blink_goes_on_by_itself_until_it_is_paused_or_hidden(comparing, of_nodes, opened, qtbot):
    opened.settings.setValue(REDUCED, False)
    of_nodes("sobel", "blur")
    tools = comparing.page.tools
    tools.blinker.seconds.setValue(0.2)
    tools.show_mode("blink")
    assert tools.blinker.running
    qtbot.waitUntil(lambda: comparing.page.view.second)
    QTest.keyClick(comparing.page.view, Qt.Key.Key_Space)
    assert not tools.blinker.running, "a hand on the key takes over"
    opened.commands.action("compare.play").trigger()
    assert tools.blinker.running
    comparing.close()
    assert not tools.blinker.running


def test_the_interval_keeps_below_three_flashes_a_second_and_is_remembered(comparing, opened):
    seconds = comparing.page.tools.blinker.seconds
    seconds.setValue(0.01)
    assert seconds.value() == 0.2
    seconds.setValue(1.5)
    assert float(opened.settings.value("compare/seconds")) == 1.5


def test_the_difference_is_signed_about_zero(comparing, of_nodes):
    pair, view = of_nodes("sobel", "blur"), comparing.page.view
    comparing.page.tools.show_mode("difference")
    tone = view.tones()[2]
    assert tone.scale.low == -tone.scale.high
    a, b = values(pair, (30, 40))
    assert pixel(view, view.point_of((30, 40))) == color(tone, np.float32(a) - np.float32(b))
    (title, legend) = comparing.page.legends.legends[0]
    assert (title, legend.scale) == ("A − B", tone.scale)


def test_nan_is_drawn_as_on_the_wall_and_counted(comparing, of_nodes, opened, picture, settle):
    planes = picture.pixels.copy()
    planes[0, 30, 40] = np.nan
    opened.document.show_picture("Open", Picture("odd", planes))
    settle(opened)
    view = comparing.page.view
    of_nodes("image", "blur")
    comparing.page.tools.show_mode("difference")
    assert pixel(view, view.point_of((30, 40))) == int(NAN_PIXEL)
    row = comparing.page.figures.rows[0]
    assert row.values[-1] == "9, 8 differ", "the blur of 3 x 3 cells spreads it"


def test_both_sides_have_one_range_until_each_has_its_own(comparing, of_nodes, opened):
    of_nodes("sobel", "blur")
    view, legends = comparing.page.view, comparing.page.legends
    first, second = view.tones()[:2]
    assert first == second
    assert [title for title, _ in legends.legends] == ["A and B"]
    opened.commands.action("compare.same_range").trigger()
    first, second = view.tones()[:2]
    assert first.scale != second.scale
    assert [title for title, _ in legends.legends] == ["A", "B"]


def test_both_maps_are_seen_through_the_lens_of_the_wall(comparing, of_nodes, opened):
    pair, view = of_nodes("sobel", "blur"), comparing.page.view
    at = view.point_of((30, 40))
    view.zoom(at, 8.0)
    assert opened.view.look.crop is not None, "the wall zooms along"
    assert view.cell_at(at) == (30, 40), "zooming is about the cursor"
    assert pixel(view, at + QPointF(12, 12)) in {
        color(view.tones()[i], values(pair, (30, 40))[i]) for i in (0, 1)
    }
    before = view.lens()
    start = QPoint(40, 40)
    QTest.mousePress(view.viewport(), LEFT, pos=start)
    for by in (15, 30):
        QTest.mouseMove(view.viewport(), start + QPoint(by, 0))
    QTest.mouseRelease(view.viewport(), LEFT, pos=start + QPoint(30, 0))
    assert view.lens().left == pytest.approx(before.left - 30 / before.scale)
    assert view.cell is None, "a drag chooses no cell"


@pytest.mark.parametrize(("key", "mode"), [("1", "swipe"), ("2", "blink"), ("3", "difference")])
def test_modes_have_keys(comparing, of_nodes, opened, key, mode, qtbot):
    opened.settings.setValue(REDUCED, True)
    of_nodes("sobel", "blur")
    comparing.page.tools.show_mode("swipe" if mode != "swipe" else "blink")
    action = opened.commands.action(f"compare.{mode}")
    assert action.shortcut().toString() == key
    action.trigger()
    assert comparing.page.view.mode == mode
    assert action.isChecked()


def test_a_vector_stands_as_a_row_of_cells(comparing, of_nodes, opened, settle):
    opened.document.show_picture("Open", Picture("p", np.arange(4, dtype=np.float32).reshape(1, 2, 2) - 2))
    opened.document.open_pipeline("Open", fl.Pipeline([("flat", fl.Flatten()), ("relu", fl.ReLU())]), None)
    settle(opened)
    pair = of_nodes("flat", "relu")
    assert pair.a.view.size == (1, 4)
    assert pair.here.largest == 2
    assert comparing.page.figures.rows[0].values[1] == "entry 0"
