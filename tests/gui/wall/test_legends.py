"""The ends of legends: dragged, typed, and given back to the values; and what legends say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from filterlab.images.views import Scale


def legend(wall, node):
    """The legend in a header, as the mouse finds it."""
    column = wall.view.sheet.column(node)
    found = wall.legends._of_column(column)
    assert wall.legends.legend_at(found.area.center()) == found
    return found


def scale(wall, node, entry=0):
    return wall.view.content.strips[node].tone_at(entry).scale


def mouse(wall, kind, at, pressed=Qt.MouseButton.LeftButton):
    """An event of the mouse; QTest moves without a pressed button."""
    viewport = wall.view.viewport()
    cause = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, at, viewport.mapToGlobal(at), cause, pressed, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)


def drag(wall, start, by):
    mouse(wall, QEvent.Type.MouseButtonPress, start)
    for part in (0.5, 1.0):
        mouse(wall, QEvent.Type.MouseMove, start + QPointF(by * part, 0))
    mouse(wall, QEvent.Type.MouseButtonRelease, start + QPointF(by, 0), Qt.MouseButton.NoButton)


def typed(wall, node, end, text, key=Qt.Key.Key_Return):
    found = legend(wall, node)
    box = found.parts.low if end == "low" else found.parts.high
    QTest.mouseClick(wall.view.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    field = wall.legends.field
    QTest.keyClicks(field, text)
    QTest.keyClick(field, key)
    return field


def test_both_ends_of_signed_colours_are_dragged_at_once(wall, opened):
    before, found = scale(wall, "sobel"), legend(wall, "sobel")
    drag(wall, found.parts.high_handle.center(), -found.parts.bar.width() / 4)
    after = scale(wall, "sobel")
    assert after.high == pytest.approx(before.high / 2, rel=0.05)
    assert (after.low, after.least, after.greatest) == (-after.high, -after.high, after.high)
    assert opened.view.look.fixed == {("sobel", None): (after.low, after.high)}
    assert legend(wall, "sobel").legend.fixed
    assert opened.selection.node != "sobel", "a drag of a handle is no click on the header"
    assert scale(wall, "relu").high == before.high, "that of another layer stays"


def test_the_handle_stays_under_the_mouse_while_it_is_dragged(wall):
    found = legend(wall, "relu")
    start = found.parts.high_handle.center()
    mouse(wall, QEvent.Type.MouseButtonPress, start)
    for by in (-40, -20, -60):
        at = start + QPointF(by, 0)
        mouse(wall, QEvent.Type.MouseMove, at)
        assert legend(wall, "relu").parts.high_handle.center().x() == pytest.approx(at.x(), abs=1)
    mouse(wall, QEvent.Type.MouseButtonRelease, at, Qt.MouseButton.NoButton)
    parts = legend(wall, "relu").parts
    assert parts.high_handle.center().x() == pytest.approx(parts.bar.right())


def test_one_end_of_other_colours_is_dragged_alone_and_never_past_the_other(wall):
    found, before = legend(wall, "relu"), scale(wall, "relu")
    drag(wall, found.parts.low_handle.center(), found.parts.bar.width() / 2)
    after = scale(wall, "relu")
    assert after.low == pytest.approx(before.high / 2, rel=0.05)
    assert after.high == before.high
    drag(wall, legend(wall, "relu").parts.high_handle.center(), -2 * found.parts.bar.width())
    assert scale(wall, "relu").high > scale(wall, "relu").low


def test_the_word_auto_gives_a_range_back(wall, opened):
    before = scale(wall, "sobel")
    typed(wall, "sobel", "high", "0.5")
    assert scale(wall, "sobel") == Scale(-0.5, 0.5, -0.5, 0.5)
    auto = legend(wall, "sobel").parts.auto
    assert auto.width()
    QTest.mouseClick(wall.view.viewport(), Qt.MouseButton.LeftButton, pos=auto.center().toPoint())
    assert scale(wall, "sobel") == before
    assert not opened.view.look.fixed
    assert not legend(wall, "sobel").parts.auto.width()


def test_a_double_click_on_a_handle_and_an_empty_field_give_a_range_back(wall, opened):
    before = scale(wall, "relu")
    for text in ("", "auto"):
        typed(wall, "relu", "high", "0.5")
        assert scale(wall, "relu") == Scale(0, 0.5, 0, 0.5)
        field = typed(wall, "relu", "high", text or " ")
        assert scale(wall, "relu") == before
        assert field.isHidden()
    typed(wall, "relu", "high", "0.5")
    at = legend(wall, "relu").parts.high_handle.center().toPoint()
    QTest.mouseDClick(wall.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(wall.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert scale(wall, "relu") == before


@pytest.mark.parametrize("text", ["x", "nan", "inf", "-1"])
def test_what_is_no_end_is_not_taken(wall, opened, text):
    field = typed(wall, "relu", "high", text)
    assert field.property("wrong") == "true"
    assert not opened.view.look.fixed
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert wall.legends.field is None
    assert wall.view.hasFocus()


def test_a_range_is_typed_by_the_keyboard_alone(wall, opened):
    opened.selection.select("relu")
    opened.commands.refresh()
    opened.commands.action("view.ends_fixed").trigger()
    QTest.keyClicks(wall.legends.field, "2.5")
    QTest.keyClick(wall.legends.field, Qt.Key.Key_Return)
    assert scale(wall, "relu") == Scale(0, 2.5, 0, 2.5)
    opened.commands.action("view.ends_auto").trigger()
    assert not opened.view.look.fixed


def test_all_layers_share_what_is_typed_for_all(wall, opened):
    opened.view.set(scope="common")
    typed(wall, "sobel", "high", "0.5")
    assert scale(wall, "sobel") == Scale(-0.5, 0.5, -0.5, 0.5)
    assert scale(wall, "pool") == Scale(0, 0.5, 0, 0.5)
    assert scale(wall, "blur") == Scale(0, 1, 0, 1)


def test_each_map_has_a_legend_of_its_own_below_it(wall, opened):
    opened.view.set(scope="map")
    column = wall.view.sheet.column("sobel")
    found = wall.legends._of_entry(column, 2)
    assert wall.legends.legend_at(found.area.center()) == found
    drag(wall, found.parts.high_handle.center(), -found.parts.bar.width() / 4)
    assert list(opened.view.look.fixed) == [("sobel", 1)]
    assert wall.view.content.strips["sobel"].tone_at(2).fixed
    assert not wall.view.content.strips["sobel"].tone_at(1).fixed


def test_the_tool_tip_says_what_is_clipped(wall):
    typed(wall, "sobel", "high", "0.1")
    at = legend(wall, "sobel").area.center().toPoint()
    viewport = wall.view.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
    values = wall.view.content.strips["sobel"].view.array
    below, above = (100 * (values < -0.1).mean(), 100 * (values > 0.1).mean())
    assert QToolTip.text().startswith(f"clipped: {below:.1f} % below −0.10, {above:.0f} % above 0.10")
    QToolTip.hideText()


def test_the_cursor_says_what_can_be_dragged_and_clicked(wall):
    found, viewport = legend(wall, "sobel"), wall.view.viewport()
    for at, shape in (
        (found.parts.high_handle.center(), Qt.CursorShape.SizeHorCursor),
        (found.parts.low.center(), Qt.CursorShape.PointingHandCursor),
        (found.area.center() + QPointF(0, 60), Qt.CursorShape.ArrowCursor),
    ):
        mouse(wall, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)
        assert viewport.cursor().shape() == shape
