from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

import filterlab as fl
from filterlab.gui.inspector.fields import NumberField


@pytest.fixture
def field(qtbot):
    def make(**options):
        made = NumberField(**options)
        qtbot.addWidget(made)
        made.show()
        return made

    return make


@pytest.mark.parametrize("value", [0.1, 1e-7, 123456.789, -3.0, 1 / 3, np.float32(0.1), 2**40 + 0.5])
def test_every_digit_comes_back(field, value):
    shown = field()
    shown.set_value(value)
    assert type(value)(shown.value()) == value


def test_typed_text_stays_while_it_says_the_same(field, qtbot):
    shown = field()
    shown.set_value(5)
    shown.selectAll()
    qtbot.keyClicks(shown, "0.50")
    shown.set_value(0.5)
    assert shown.lineEdit().text() == "0.50"
    shown.set_value(0.25)
    assert shown.lineEdit().text() == "0.25"


def test_fractions_and_nonsense(field, qtbot):
    shown, heard = field(), []
    shown.typed.connect(heard.append)
    qtbot.keyClicks(shown, "1/8")
    assert heard == [1, "1/", 0.125]
    shown.clear()
    qtbot.keyClicks(shown, "x")
    assert heard[-1] == "x"


def test_empty_is_none_only_where_it_may_be(field):
    assert field(optional=True).value() is None
    assert field().value() == ""


def test_arrow_keys_step_within_the_limits(field, qtbot):
    shown = field(whole=True, limits=(1, 3))
    shown.set_value(1)
    for _ in range(5):
        qtbot.keyClick(shown, Qt.Key.Key_Up)
    assert shown.value() == 3
    for _ in range(5):
        qtbot.keyClick(shown, Qt.Key.Key_Down)
    assert shown.value() == 1


def test_undo_goes_to_the_window_once_nothing_that_was_typed_is_left(field, qtbot):
    def taken():
        """Whether the field takes the key for itself, so that it does not become the shortcut of a command."""
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        event.ignore()
        QApplication.sendEvent(shown, event)
        return event.isAccepted()

    shown = field()
    shown.set_value(1)
    qtbot.keyClick(shown, Qt.Key.Key_Up)
    assert not taken(), "a step of the field is a step of the work"
    qtbot.keyClicks(shown, "7")
    assert taken()
    qtbot.keyClick(shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown.value() == 1.1
    assert not taken()


def test_steps_stop_before_a_limit_that_is_not_legal(field, qtbot):
    shown = field(limits=(0, None), above=True)
    shown.set_value(0.1)
    for _ in range(3):
        qtbot.keyClick(shown, Qt.Key.Key_Down)
    assert shown.value() == 0.1


def test_numbers_beyond_any_slider(inspect):
    editor = inspect(fl.Dropout(0.5)).form.editor("p")
    editor.set_value(1e300)
    assert editor.slider.value() == editor.slider.maximum()


def test_whole_numbers_beyond_any_slider(qtbot, inspect, layer):
    form = inspect(fl.PixelShuffle(2)).form
    form.editor("r").field.selectAll()
    qtbot.keyClicks(form.editor("r").field, "2e9")
    qtbot.keyClick(form.editor("r").field, Qt.Key.Key_Return)
    assert layer().r == 2 * 10**9
    assert form.editor("r").slider.value() == form.editor("r").slider.maximum()


def test_whole_fields_leave_fractions_to_the_layer(field, qtbot):
    shown = field(whole=True)
    qtbot.keyClicks(shown, "2.5")
    assert shown.value() == 2.5
