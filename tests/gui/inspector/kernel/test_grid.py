from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

import filterlab as fl
from tests.gui.inspector.kernel.conftest import NUMBERS, Hand, changed

Key, Mod = Qt.Key, Qt.KeyboardModifier


def test_a_typed_cell_changes_the_document_exactly_there_and_the_map(hand, bench, kernel, settle):
    before = bench.results.maps["node"].view.array.copy()
    hand.type((0, 2), "12.5")
    assert kernel() == changed({(0, 2): 12.5})
    settle(bench)
    after = bench.results.maps["node"].view.array
    expected = bench.document.pipeline.run(bench.document.picture.pixels)["node"]
    np.testing.assert_array_equal(after, expected)
    assert (after != before).any()


def test_enter_goes_down_and_tab_goes_right(hand, kernel):
    hand.type((0, 0), "5")
    assert hand.grid.current == (1, 0)
    hand.type((1, 0), "6", Key.Key_Tab)
    assert hand.grid.current == (1, 1)
    hand.type((2, 2), "7", Key.Key_Tab)
    assert hand.grid.current == (2, 2)
    assert hand.grid.hasFocus()
    assert kernel() == changed({(0, 0): 5, (1, 0): 6, (2, 2): 7})


def test_enter_after_tabs_goes_to_where_the_row_began(hand, qtbot):
    grid = hand.grid
    hand.type((0, 1), "1", Key.Key_Tab)
    for key in (Key.Key_Tab, Key.Key_Return):
        qtbot.keyClicks(grid, "2")
        qtbot.keyClick(grid.field, key)
    assert grid.current == (1, 1)
    qtbot.keyClicks(grid, "3")
    qtbot.keyClick(grid.field, Key.Key_Return)
    assert grid.current == (2, 1), "each row begins anew"
    hand.type((0, 0), "4", Key.Key_Tab)
    hand.type((0, 2), "5")
    assert grid.current == (1, 2), "a click has ended the row"


def test_every_typed_cell_is_a_step_however_fast_the_hand_is(hand, part, kernel, bench):
    place = bench.document.history.place
    hand.type((0, 0), "5")
    hand.type((0, 1), "6")
    part.tools.buttons["negate"].click()
    assert bench.document.history.place == place + 3
    bench.document.undo()
    bench.document.undo()
    assert kernel() == changed({(0, 0): 5})


def test_escape_leaves_the_cell_as_it_was(hand, kernel):
    hand.type((0, 0), "55", Key.Key_Escape)
    assert kernel() == NUMBERS.tolist()
    assert hand.grid.field.isHidden()


def test_words_are_refused_in_place(hand, part, kernel):
    hand.type((0, 0), "5x")
    assert hand.grid.field.isVisible()
    assert hand.grid.field.property("wrong") == "true"
    assert part.problem.isVisible()
    assert kernel() == NUMBERS.tolist()
    hand.qtbot.keyClick(hand.grid.field, Key.Key_Escape)


def test_f2_opens_the_number_that_is_there_and_arrows_move_within_it(hand, qtbot, kernel):
    hand.click((1, 1))
    hand.key(Key.Key_F2)
    field = hand.grid.field
    assert (field.text(), field.selectedText()) == ("5", "5")
    for key in (Key.Key_End, Key.Key_Left, Key.Key_1, Key.Key_Return):
        qtbot.keyClick(field, key)
    assert kernel() == changed({(1, 1): 15})
    assert hand.grid.current == (2, 1)


def test_typing_and_arrows_enter_numbers_as_in_a_spreadsheet(hand, qtbot, kernel, bench):
    place = bench.document.history.place
    hand.click((0, 0))
    for text, key in (("−2", Key.Key_Right), ("0.5", Key.Key_Right), ("1/3", Key.Key_Return)):
        for letter in text:
            # Not by qtbot, whose keys have no sign of subtraction.
            event = QKeyEvent(QEvent.Type.KeyPress, 0, Mod.NoModifier, letter)
            QApplication.sendEvent(QApplication.focusWidget(), event)
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert kernel() == changed({(0, 0): -2, (0, 1): 0.5, (0, 2): np.float32(1 / 3)})
    assert bench.document.history.place == place + 3
    assert hand.grid.current == (1, 2)


def test_each_arrow_takes_the_number_and_goes_its_way(hand, kernel):
    for key, cell in (
        (Key.Key_Left, (1, 0)),
        (Key.Key_Right, (1, 2)),
        (Key.Key_Up, (0, 1)),
        (Key.Key_Down, (2, 1)),
        (Key.Key_Backtab, (1, 0)),
    ):
        hand.type((1, 1), "7", key)
        assert hand.grid.current == cell
        assert kernel() == changed({(1, 1): 7})


def test_leaving_the_field_takes_the_number(hand, part, kernel):
    hand.click((0, 0))
    hand.qtbot.keyClicks(hand.grid, "8")
    part.presets.combo.setFocus()
    assert kernel() == changed({(0, 0): 8})
    assert part.presets.combo.hasFocus()


def test_arrows_move_and_shift_selects(hand):
    hand.click((0, 0))
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Down)
    assert (hand.grid.current, hand.grid.selected) == ((1, 1), {(1, 1)})
    hand.key(Key.Key_Right, Mod.ShiftModifier)
    hand.key(Key.Key_Right, Mod.ShiftModifier)
    assert hand.grid.selected == {(1, 1), (1, 2)}
    hand.key(Key.Key_Up)
    assert hand.grid.selected == {(0, 2)}
    hand.key(Key.Key_Home)
    hand.key(Key.Key_PageDown, Mod.ShiftModifier)
    assert hand.grid.selected == {(0, 0), (1, 0), (2, 0)}
    hand.key(Key.Key_End, Mod.ControlModifier)
    assert hand.grid.selected == {(2, 2)}


def test_the_cell_line_tells_where_one_is(hand, part):
    hand.click((2, 1))
    assert part.sheet.cell.text == "row 2, column 1: 8"
    assert hand.grid.accessibleDescription() == "row 2, column 1: 8"
    hand.key(Key.Key_Right, Mod.ShiftModifier)
    assert "2 cells selected" in part.sheet.cell.text


def test_a_typed_number_fills_the_selection(hand, kernel, bench):
    place = bench.document.history.place
    hand.click((0, 0))
    hand.key(Key.Key_Right, Mod.ShiftModifier)
    hand.qtbot.keyClicks(hand.grid, "4")
    hand.qtbot.keyClick(hand.grid.field, Key.Key_Return)
    assert kernel() == changed({(0, 0): 4, (0, 1): 4})
    assert bench.document.history.place == place + 1


def test_delete_zeroes(hand, kernel):
    hand.click((1, 1))
    hand.key(Key.Key_Delete)
    assert kernel() == changed({(1, 1): 0})
    hand.key(Key.Key_A, Mod.ControlModifier)
    hand.key(Key.Key_Backspace)
    assert kernel() == np.zeros((3, 3)).tolist()


def test_a_sign_begins_a_number(hand, kernel, bench):
    place = bench.document.history.place
    hand.type((1, 1), "-2.5")
    hand.type((1, 2), "+4")
    hand.type((2, 2), ".25")
    assert kernel() == changed({(1, 1): -2.5, (1, 2): 4, (2, 2): 0.25})
    assert bench.document.history.place == place + 3


def test_alt_and_arrows_step(hand, kernel):
    hand.click((1, 1))
    hand.key(Key.Key_Up, Mod.AltModifier)
    hand.key(Key.Key_Up, Mod.AltModifier)
    hand.key(Key.Key_Down, Mod.AltModifier)
    assert kernel() == changed({(1, 1): 6})
    hand.key(Key.Key_Down, Mod.AltModifier | Mod.ShiftModifier)
    assert kernel() == changed({(1, 1): np.float32(5.9)})


def test_the_wheel_steps_fine_and_coarse(hand, kernel):
    hand.wheel((0, 0))
    assert kernel() == changed({(0, 0): 2})
    hand.wheel((0, 0), -1, Mod.ControlModifier)
    assert kernel() == changed({(0, 0): -8})
    hand.wheel((0, 0), 0)  # fingers lifted from a touch pad
    hand.wheel((0, 1), 1, Mod.ShiftModifier)
    assert kernel() == changed({(0, 0): -8, (0, 1): np.float32(2.1)})


def test_turning_the_wheel_on_one_cell_is_one_step(hand, bench, kernel):
    place = bench.document.history.place
    for _ in range(5):
        hand.wheel((2, 2))
    assert kernel() == changed({(2, 2): 14})
    assert bench.document.history.place == place + 1


def test_the_wheel_works_on_the_cell_under_the_mouse_alone(hand, part, kernel):
    hand.drag([(0, 0), (2, 2)])
    part.presets.combo.setFocus()
    hand.wheel((0, 1))
    assert kernel() == changed({(0, 1): 3})
    assert hand.grid.selected == {(0, 1)}


def test_a_wheel_that_began_elsewhere_goes_on_scrolling(hand, part, kernel):
    part.presets.combo.setFocus()
    QApplication.sendEvent(hand.grid, QEvent(QEvent.Type.Leave))
    hand.wheel((0, 0))
    assert kernel() == NUMBERS.tolist()


def test_painting_is_one_step(hand, part, bench, kernel, qtbot):
    hand.type((1, 1), "3")
    place = bench.document.history.place
    assert part.sheet.brush.value() == 3
    qtbot.mouseClick(part.sheet.paint, Qt.MouseButton.LeftButton)
    hand.drag([(0, 0), (0, 2), (2, 2)])
    assert kernel() == changed({(0, 0): 3, (0, 1): 3, (0, 2): 3, (1, 2): 3, (2, 2): 3, (1, 1): 3})
    assert bench.document.history.place == place + 1
    bench.document.undo()
    assert kernel() == changed({(1, 1): 3})


def test_the_right_button_paints_too(hand, kernel):
    hand.drag([(2, 0), (2, 1)], Qt.MouseButton.RightButton)
    assert kernel() == changed({(2, 0): 1, (2, 1): 1})


def test_the_number_to_paint_with_can_be_typed(hand, part, kernel, qtbot):
    part.sheet.brush.setFocus()
    qtbot.keyClicks(part.sheet.brush, "-0.5")
    hand.drag([(0, 0), (0, 1)], Qt.MouseButton.RightButton)
    assert kernel() == changed({(0, 0): -0.5, (0, 1): -0.5})


def test_a_left_drag_selects(hand, kernel):
    hand.drag([(0, 0), (1, 2)])
    assert len(hand.grid.selected) == 6
    assert kernel() == NUMBERS.tolist()


def test_undo_and_other_edits_refresh_the_grid(hand, bench, kernel):
    hand.type((0, 0), "44")
    assert hand.grid.value((0, 0)) == 44
    bench.document.undo()
    assert hand.grid.value((0, 0)) == 1
    other = bench.document.pipeline.with_layers({"node": fl.Filter2d(np.zeros((5, 1), np.float32))})
    bench.document.edit("other", other)
    assert (hand.grid.rows, hand.grid.columns) == (5, 1)
    assert hand.grid.current[1] == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (31, 31), (31, 1), (1, 31), (64, 64), (255, 3)])
def test_cells_of_any_kernel_can_be_reached(kernel_of, qtbot, bench, size):
    part = kernel_of(fl.Filter2d(np.ones(size, np.float32)))
    hand, last = Hand(part, qtbot), (size[0] - 1, size[1] - 1)
    part.grid.setFocus()
    assert part.grid.cell_at(hand.point(last)) == last
    part.grid.move_to(last)
    qtbot.keyClicks(part.grid, "9")
    qtbot.keyClick(part.grid.field, Key.Key_Return)
    assert bench.document.pipeline["node"].kernel[last] == 9
    part.grid.grab()


def test_the_field_is_wide_enough_over_a_single_cell(kernel_of, qtbot):
    part = kernel_of(fl.Filter2d(np.ones((1, 1), np.float32)))
    part.grid.edit("0.125")
    field = part.grid.field
    assert field.width() > field.fontMetrics().horizontalAdvance("0.12500")
    assert part.sheet.rect().contains(field.geometry())
    qtbot.keyClick(field, Key.Key_Escape)


def test_the_field_shows_every_digit_that_is_in_the_cell(kernel_of, qtbot):
    part = kernel_of(fl.Filter2d(np.full((5, 5), 0.01330621, np.float32)))
    field = part.grid.field
    part.grid.edit()
    assert field.width() > field.fontMetrics().horizontalAdvance("0.01330621")
    qtbot.keyClick(field, Key.Key_Escape)


def test_a_kernel_that_scrolls_shows_the_current_cell(kernel_of):
    part = kernel_of(fl.Filter2d(np.ones((64, 64), np.float32)))
    part.grid.move_to((63, 63))
    viewport = part.sheet.area.viewport()
    assert viewport.rect().contains(part.grid.mapTo(viewport, part.grid.cell_rect((63, 63)).center()))


def test_a_range_is_copied_and_pasted(hand, kernel, bench):
    place = bench.document.history.place
    hand.drag([(0, 0), (0, 1)])
    hand.key(Key.Key_C, Mod.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\t2\n"
    hand.click((2, 1))
    hand.key(Key.Key_V, Mod.ControlModifier)
    assert kernel() == changed({(2, 1): 1, (2, 2): 2})
    assert bench.document.history.place == place + 1


def test_a_number_is_pasted_into_every_selected_cell(hand, kernel):
    QGuiApplication.clipboard().setText("1/2")
    hand.drag([(0, 0), (1, 1)])
    hand.key(Key.Key_V, Mod.ControlModifier)
    assert kernel() == changed(dict.fromkeys([(0, 0), (0, 1), (1, 0), (1, 1)], 0.5))


def test_a_block_that_does_not_fit_says_why(hand, part, kernel):
    QGuiApplication.clipboard().setText("1 2\n3 4")
    hand.click((2, 2))
    hand.key(Key.Key_V, Mod.ControlModifier)
    assert "2 by 2 cells do not fit here" in part.problem.text()
    assert kernel() == NUMBERS.tolist()


def test_a_larger_kernel_at_the_first_cell_replaces_the_whole(hand, kernel):
    QGuiApplication.clipboard().setText("1 2 3 4\n5 6 7 8")
    hand.click((0, 0))
    hand.key(Key.Key_V, Mod.ControlModifier)
    assert kernel() == [[1, 2, 3, 4], [5, 6, 7, 8]]


def test_cells_are_cut_and_filled(hand, kernel):
    hand.drag([(0, 0), (2, 1)])
    hand.key(Key.Key_D, Mod.ControlModifier)
    assert kernel() == changed({(1, 0): 1, (2, 0): 1, (1, 1): 2, (2, 1): 2})
    hand.drag([(0, 1), (0, 2)])
    hand.key(Key.Key_R, Mod.ControlModifier)
    assert kernel()[0] == [1, 2, 2]
    hand.key(Key.Key_X, Mod.ControlModifier)
    assert kernel()[0] == [1, 0, 0]
    assert QGuiApplication.clipboard().text() == "2\t2\n"
