from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import filterlab as fl
from filterlab.gui.inspector.editors.kernel import KernelEditor
from filterlab.gui.inspector.kernel import tools
from filterlab.gui.inspector.kernel.operations import operations
from filterlab.gui.look import icons
from filterlab.gui.panels.readings import ReadingsDialog
from filterlab.kernels import editing
from filterlab.kernels.text import FORMATS, parse
from tests.gui.inspector.kernel.conftest import NUMBERS, changed
from tests.gui.inspector.test_form import type_into

DONE = {
    "flip_horizontal": editing.flipped_horizontal,
    "flip_vertical": editing.flipped_vertical,
    "rotate": editing.rotated,
    "transpose": editing.transposed,
    "negate": editing.negated,
    "normalize": editing.normalized,
    "zero_sum": editing.zero_sum,
    "identity": editing.identity,
    "clear": editing.cleared,
    "random": lambda kernel: editing.randomized(kernel, 1),
}


def names():
    return [operation.name for operation in operations()]


@pytest.mark.parametrize("name", names())
def test_every_button(part, qtbot, kernel, bench, name):
    qtbot.mouseClick(part.tools.buttons[name], Qt.MouseButton.LeftButton)
    assert kernel() == DONE[name](NUMBERS).tolist()
    bench.document.undo()
    assert kernel() == NUMBERS.tolist()


@pytest.mark.parametrize("name", names())
def test_every_command(part, kernel, bench, name):
    bench.commands.refresh()
    action = bench.commands.action(f"kernel.{name}")
    assert action.isEnabled()
    action.trigger()
    assert kernel() == DONE[name](NUMBERS).tolist()


def test_commands_rest_where_there_is_no_kernel(part, bench):
    bench.selection.select("image")
    bench.commands.refresh()
    own = [c for c in bench.commands if c.name.startswith("kernel.")]
    assert len(own) == len(names()) + len(FORMATS) + 3
    assert not any(command.action.isEnabled() for command in own)
    assert {command.menu for command in own} == {"&Kernel"}


def test_what_cannot_be_done_says_so(part, qtbot, kernel, bench):
    part.session.apply(editing.cleared, "Clear")
    place = bench.document.history.place
    qtbot.mouseClick(part.tools.buttons["normalize"], Qt.MouseButton.LeftButton)
    assert "add up to 0" in part.problem.text()
    assert bench.document.history.place == place
    qtbot.mouseClick(part.tools.buttons["identity"], Qt.MouseButton.LeftButton)
    assert part.problem.isHidden()


def test_another_press_gives_other_random_numbers(part, kernel):
    part.session.randomize()
    first = kernel()
    part.session.randomize()
    assert kernel() != first


def test_resizing_keeps_the_middle(part, qtbot, kernel, bench):
    row = part.window().form.rows["kernel_size"]
    fields, link = row.editor.pair.fields, row.editor.pair.link
    type_into(qtbot, fields[0], "5")
    assert kernel() == editing.resized(NUMBERS, 5, 5).tolist()
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    type_into(qtbot, fields[1], "2")
    assert np.shape(kernel()) == (5, 2)
    assert (part.grid.rows, part.grid.columns) == (5, 2)
    type_into(qtbot, fields[1], "999")
    assert "1 to 255" in row.problem.text()
    assert np.shape(kernel())[0] == 5


def test_typing_a_size_of_two_digits_costs_no_cell(part, qtbot, kernel, bench):
    place = bench.document.history.place
    field = part.window().form.rows["kernel_size"].editor.pair.fields[0]
    type_into(qtbot, field, "11")  # by way of 1, which cuts
    assert kernel() == editing.resized(NUMBERS, 11, 11).tolist()
    assert bench.document.history.place == place + 1


def test_scaling(part, qtbot, kernel):
    type_into(qtbot, part.tools.factor, "1/2")
    qtbot.mouseClick(part.tools.scale, Qt.MouseButton.LeftButton)
    assert kernel() == (NUMBERS / 2).tolist()


@pytest.mark.parametrize(
    ("symmetry", "cells"),
    [
        ("none", [(0, 0)]),
        ("horizontal", [(0, 0), (0, 2)]),
        ("vertical", [(0, 0), (2, 0)]),
        ("point", [(0, 0), (2, 2)]),
        ("both", [(0, 0), (0, 2), (2, 0), (2, 2)]),
        ("radial", [(0, 0), (0, 2), (2, 0), (2, 2)]),
    ],
)
def test_a_symmetry_edits_the_mirror_cells(part, hand, kernel, symmetry, cells):
    combo = part.tools.symmetry
    combo.setCurrentIndex(combo.findData(symmetry))
    combo.activated.emit(combo.currentIndex())
    hand.type((0, 0), "40")
    assert kernel() == changed(dict.fromkeys(cells, 40))


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_copied_can_be_pasted(part, kernel, bench, form):
    bench.commands.action(f"kernel.copy_{form}").trigger()
    copied = QGuiApplication.clipboard().text()
    np.testing.assert_array_equal(parse(copied), NUMBERS)
    part.session.apply(editing.cleared, "Clear")
    bench.commands.action("kernel.paste").trigger()
    assert kernel() == NUMBERS.tolist()


def test_a_pasted_matrix_may_have_another_size(part, kernel):
    QGuiApplication.clipboard().setText("1/4 * [1 2; 3 4]")
    part.tools.paste_clipboard()
    assert kernel() == [[0.25, 0.5], [0.75, 1]]


@pytest.fixture
def asked(part):
    """`asked()`: the open question which kernel is meant; None where there is none."""

    def find():
        found = [dialog for dialog in part.findChildren(ReadingsDialog) if dialog.isVisible()]
        assert len(found) < 2
        return found[0] if found else None

    return find


def test_a_text_of_two_readings_is_asked_about(part, hand, qtbot, kernel, bench, asked):
    QGuiApplication.clipboard().setText("0,25\n0,5\n0,25\n")
    hand.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    dialog = asked()
    assert kernel() == NUMBERS.tolist()
    assert part.problem.isHidden()
    assert [button.text().split("\n")[:2] for button in dialog.buttons] == [
        ["3 × 2", "commas between cells"],
        ["3 × 1", "decimal commas"],
    ]
    # By keys alone: the first button has the focus, Right goes to the next, Space presses it.
    assert dialog.focusWidget() is dialog.buttons[0]
    qtbot.keyClick(dialog.buttons[0], Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.buttons[1]
    qtbot.keyClick(dialog.buttons[1], Qt.Key.Key_Return)
    assert kernel() == changed({(0, 0): 0.25, (1, 0): 0.5, (2, 0): 0.25})
    assert asked() is None
    assert bench.document.history.undo_label == "Paste into kernel of node"
    bench.document.undo()
    assert kernel() == NUMBERS.tolist()


def test_the_question_can_be_left_without_an_answer(part, qtbot, kernel, bench, asked):
    place = bench.document.history.place
    QGuiApplication.clipboard().setText("1,5 2,5")
    bench.commands.action("kernel.paste").trigger()
    qtbot.keyClick(asked(), Qt.Key.Key_Escape)
    assert asked() is None
    assert kernel() == NUMBERS.tolist()
    assert bench.document.history.place == place


def test_an_answer_that_comes_too_late_changes_no_other_kernel(part, kernel, bench, asked):
    QGuiApplication.clipboard().setText("1,5 2,5")
    part.tools.paste_clipboard()
    part.session.node = "another"
    asked().buttons[1].click()
    assert kernel() == NUMBERS.tolist()


@pytest.mark.parametrize("text", ["", "hello", "1 2\n3", "__import__('os')", "1 2\n3 1e99"])
def test_text_that_is_no_matrix_says_why(part, kernel, bench, text):
    place = bench.document.history.place
    QGuiApplication.clipboard().setText(text)
    part.tools.paste_clipboard()
    assert part.problem.isVisible()
    assert kernel() == NUMBERS.tolist()
    assert bench.document.history.place == place


def test_copy_and_paste_by_the_usual_keys(part, hand, kernel):
    control = Qt.KeyboardModifier.ControlModifier
    hand.key(Qt.Key.Key_A, control)
    hand.key(Qt.Key.Key_C, control)
    np.testing.assert_array_equal(parse(QGuiApplication.clipboard().text()), NUMBERS)
    QGuiApplication.clipboard().setText("[7]")
    hand.key(Qt.Key.Key_V, control)
    assert kernel() == np.full((3, 3), 7).tolist()


def test_double_precision_stays(kernel_of, bench, qtbot):
    part = kernel_of(fl.Filter2d(np.full((2, 2), 1 / 3)))
    part.grid.put({(0, 0): 0.1})
    assert bench.document.pipeline["node"].kernel.dtype == np.float64
    assert bench.document.pipeline["node"].kernel[0, 0] == 0.1


def test_readouts(part):
    assert part.readouts.facts.text() == "sum 45 · sum of |k| 45 · rank 2"
    part.session.apply(lambda kernel: fl.kernels.sobel(3), "Sobel")
    assert part.readouts.facts.text() == "sum 0 · sum of |k| 8 · rank 1: separable"


def test_the_response_has_axes_a_section_and_room(part):
    part.session.apply(lambda kernel: fl.kernels.sobel(3), "Sobel")
    view = part.readouts.response
    assert min(view.plate.width(), view.plate.height()) >= 150
    for part_of_it in (view.plate, view.plot):
        assert view.rect().contains(part_of_it.toRect())
    # Sobel x lets nothing pass in the middle, and most at a quarter cycle a pixel left and right of it.
    middle, side = (view.image.pixelColor(x, 64).name() for x in (64, 96))
    assert (middle, side) == (view.image.pixelColor(64, 0).name(), view.image.pixelColor(32, 64).name())
    assert middle != side
    columns, rows = view.sections
    assert max(rows) == rows[32] == pytest.approx(8)
    assert max(columns) == pytest.approx(0, abs=1e-5)
    assert "times 0" in view.accessibleDescription()


def test_the_response_is_enlarged(part, qtbot):
    qtbot.mouseDClick(part.readouts.response, Qt.MouseButton.LeftButton)
    large = part.readouts.large
    assert large.isVisible()
    view = large.findChild(type(part.readouts.response))
    assert view.plate.width() > part.readouts.response.plate.width()
    part.session.apply(lambda kernel: fl.kernels.sobel(3), "Sobel")
    assert view.largest == pytest.approx(8)
    qtbot.keyClick(large, Qt.Key.Key_Escape)
    assert not large.isVisible()


def test_the_icons_are_there_before_the_first_editor_is(bench, qtbot, monkeypatch):
    monkeypatch.setattr(tools, "AHEAD", 0)
    waiting = QWidget()
    qtbot.addWidget(waiting)
    icons._icon.cache_clear()
    tools.draw_icons_ahead(bench.theme, waiting)
    (timer,) = waiting.findChildren(QTimer)
    qtbot.waitUntil(lambda: not timer.isActive())
    drawn = icons._icon.cache_info().misses
    editor = KernelEditor(next(p for p in fl.Filter2d.declarations() if p.name == "kernel"), bench, waiting)
    assert len(editor.tools.buttons) > 5
    assert icons._icon.cache_info().misses == drawn
