"""Anybody may do anything in any order: seeded random actions over all commands, editors, keys and the mouse.

After every action nothing was raised, Qt had nothing to complain about and the document is whole; now and then
every map must equal what the pipeline gives; at the end undo leads back to where it began.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QWidget,
)

import filterlab as fl
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.window import MainWindow
from filterlab.resources import examples
from filterlab.run import files
from filterlab.run.ledger import computable, survey

LEFT_OUT = {"file.quit"}
TEXTS = ["", "0", "1", "-1", "2.5", "1e-3", "3x3", "abc", "1/9", "nan", "1 2; 3 4", "99999", "same", "x" * 40]
KEYS = [
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Space,
    Qt.Key.Key_1,
    Qt.Key.Key_Minus,
    Qt.Key.Key_Plus,
]
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 4 + [
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
]
CELLS = 4_000_000  # numbers of all maps together; beyond it the last edit is undone


class Monkey:
    """Acts on a window. `log` holds what was done, for the report of a failure."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.bench = window, window.bench
        self.dice = random.Random(seed)
        # A menu that pops up runs an event loop of its own until it is closed.
        self.closer = QTimer(window, interval=50)
        self.closer.timeout.connect(self.close_popups)
        self.closer.start()
        self.log: list[str] = []
        self.actions = [
            (6, self.command),
            (3, self.select),
            (8, self.edit_setting),
            (4, self.press_key),
            (5, self.use_mouse),
            (2, self.turn_wheel),
            (1, self.open_example),
            (1, self.open_picture),
            (3, self.undo_or_redo),
            (1, self.resize),
        ]

    def act(self) -> None:
        weights, actions = zip(*self.actions, strict=True)
        action = self.dice.choices(actions, weights)[0]
        self.log.append(f"{action.__name__}")
        self.log[-1] += f" {action() or ''}"
        QApplication.processEvents()
        self.play_with_dialog()
        self.close_popups()
        QApplication.processEvents()
        self.keep_small()

    # -- what can be done -----------------------------------------------------------------------------

    def command(self):
        commands = [c for c in self.bench.commands if c.action.isEnabled() and c.name not in LEFT_OUT]
        command = self.dice.choice(commands)
        command.action.trigger()
        return command.name

    def select(self):
        node = self.dice.choice(["image", *(n.name for n in self.bench.document.pipeline.nodes)])
        self.bench.selection.select(node)
        return node

    def edit_setting(self):
        widgets = self.widgets(self.window.inspector, QWidget)
        editors = (QAbstractSpinBox, QComboBox, QSlider, QAbstractButton, QLineEdit, QPlainTextEdit)
        widgets = [w for w in widgets if isinstance(w, editors)]
        if not widgets:
            return "nothing to edit"
        widget = self.dice.choice(widgets)
        what = f"{type(widget).__name__} {widget.accessibleName()}"
        if isinstance(widget, QComboBox):
            widget.setFocus()
            index = self.dice.randrange(max(widget.count(), 1))
            widget.setCurrentIndex(index)
            widget.activated.emit(index)
            return f"{what} {index}"
        if isinstance(widget, QSlider):
            widget.setValue(self.dice.randint(widget.minimum(), widget.maximum()))
            return what
        if isinstance(widget, QAbstractButton):
            widget.click()
            return f"{what} {widget.text()}"
        return f"{what} {self.type_into(widget)!r}"

    def type_into(self, widget):
        text = self.dice.choice(TEXTS)
        widget.setFocus()
        QTest.keySequence(widget, "Ctrl+A")
        QTest.keyClicks(widget, text)
        if self.dice.random() < 0.7:
            QTest.keyClick(widget, Qt.Key.Key_Return)
        return text

    def press_key(self):
        target = QApplication.focusWidget() or self.window.wall
        if self.dice.random() < 0.5:
            target = self.dice.choice(self.widgets(self.window, QWidget))
        key, modifier = self.dice.choice(KEYS), self.dice.choice(MODIFIERS)
        QTest.keyClick(target, key, modifier)
        return f"{type(target).__name__} {key} {modifier}"

    def use_mouse(self):
        target = self.dice.choice(self.widgets(self.window, QWidget))
        at = self.point_in(target)
        button = self.dice.choice([Qt.MouseButton.LeftButton] * 4 + [Qt.MouseButton.MiddleButton])
        modifier = self.dice.choice(MODIFIERS)
        how = self.dice.choice(["move", "click", "double click", "drag"])
        name = type(target).__name__
        QTest.mouseMove(target, at)
        if how == "click":
            QTest.mouseClick(target, button, modifier, at)
        elif how == "double click":
            QTest.mouseDClick(target, button, modifier, at)
        elif how == "drag" and not self.drags_with_system(target):
            QTest.mousePress(target, button, modifier, at)
            QTest.mouseMove(target, self.point_in(target))
            QTest.mouseRelease(target, button, modifier, self.point_in(target))
        return f"{how} {button} {modifier} {name} {at}"

    def drags_with_system(self, target):
        """A drag of list items runs an event loop of its own until a real mouse is released."""
        return self.window.chain.isAncestorOf(target) or target is self.window.chain

    def turn_wheel(self):
        target = self.dice.choice(self.widgets(self.window, QWidget))
        at, delta = QPointF(self.point_in(target)), QPoint(0, self.dice.choice([-120, 120, 240]))
        modifier = self.dice.choice(MODIFIERS)
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(
            at, QPointF(target.mapToGlobal(at.toPoint())), QPoint(), delta, none, modifier, phase, False
        )
        QApplication.sendEvent(target, event)
        return f"{type(target).__name__} {delta} {modifier}"

    def open_example(self):
        name = self.dice.choice(
            ["edges", "blur-sharpen", "lenet-like", "tiny-vgg-like", "pooling-comparison"]
        )
        self.window.files.open_paths([examples()[name]])
        return name

    def open_picture(self):
        shape = (self.dice.choice([1, 3, 3, 3, 4]), self.dice.randint(1, 40), self.dice.randint(1, 40))
        values = np.random.default_rng(self.dice.randrange(1000)).standard_normal(shape, dtype=np.float32)
        self.bench.document.show_picture("Open noise", Picture("noise", values))
        return shape

    def undo_or_redo(self):
        name = self.dice.choice(["edit.undo", "edit.undo", "edit.redo"])
        self.bench.commands.action(name).trigger()
        return name

    def resize(self):
        self.window.resize(self.dice.randint(900, 1800), self.dice.randint(600, 1100))

    # -- afterwards -----------------------------------------------------------------------------------

    def widgets(self, root, kind):
        return [w for w in root.findChildren(kind) if w.isVisible() and w.isEnabled() and w.width() > 1]

    def point_in(self, widget):
        return QPoint(
            self.dice.randrange(max(widget.width(), 1)), self.dice.randrange(max(widget.height(), 1))
        )

    def play_with_dialog(self):
        """A key and a click for what was opened, before it is closed."""
        opened = [w for w in QApplication.topLevelWidgets() if w is not self.window and w.isVisible()]
        if opened and self.dice.random() < 0.5:
            dialog = self.dice.choice(opened)
            targets = self.widgets(dialog, QWidget) or [dialog]
            QTest.keyClick(self.dice.choice(targets), self.dice.choice(KEYS))
            targets = self.widgets(dialog, QAbstractButton)
            if targets and dialog.isVisible():
                self.dice.choice(targets).click()

    def close_popups(self):
        for _ in range(5):
            popup = QApplication.activePopupWidget()
            if popup is None:
                break
            popup.close()
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()

    def keep_small(self):
        """A pipeline that grows without end says nothing more: take the last step back."""
        document = self.bench.document
        if document.picture is None:
            return
        rows = survey(document.pipeline, document.picture.shape)
        if sum(getattr(row, "bytes", 0) for row in rows) > 4 * CELLS or len(document.pipeline) > 40:
            document.undo()
            document.seal()


def check_document(bench):
    """The pipeline is one: made anew from its nodes, and from its file, it is equal."""
    pipeline = bench.document.pipeline
    assert fl.Pipeline(pipeline.nodes) == pipeline
    assert files.from_text(files.to_text(pipeline)) == pipeline
    for message in bench.messages.all:
        assert "Traceback" not in message.details, message.details


def check_maps(bench):
    """What is shown is what the pipeline gives."""
    document = bench.document
    if document.picture is None:
        assert not bench.results.maps
        return
    rows = survey(document.pipeline, document.picture.shape)
    expected = computable(document.pipeline, rows).run(document.picture.pixels)
    for name, shown in bench.results.maps.items():
        if name in expected and not shown.stale:
            np.testing.assert_array_equal(shown.view.array, expected[name])


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # whatever is saved without a folder
    monkeypatch.setattr("filterlab.gui.bench.results.map_budget", lambda: 64 << 20)
    made = MainWindow(Workbench(tmp_path / "home"))
    qtbot.addWidget(made, before_close_func=forget_work)
    made.show()
    qtbot.waitExposed(made)
    return made


def forget_work(window):
    window.bench.document.restore(Work(), saved=True)


def play(window, settle, seed, steps):
    monkey = Monkey(window, seed)
    first = window.bench.document.work
    try:
        for step in range(steps):
            monkey.act()
            if step % 25 == 0:
                check_document(window.bench)
            if step % 100 == 99:
                settle(window.bench)
                check_maps(window.bench)
        settle(window.bench)
        check_document(window.bench)
        check_maps(window.bench)
        window.bench.document.jump(0)
        history = window.bench.document.history
        assert history.undo_label is None
        # Without a limit to memory the first step would always be there.
        assert window.bench.document.work is first or len(history.labels) >= 1000
    except BaseException:
        print("\n".join(monkey.log[-30:]))
        raise


@pytest.mark.parametrize("seed", range(3))
def test_random_actions_break_nothing(window, settle, seed):
    play(window, settle, seed, 250)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 108))
def test_many_random_actions_break_nothing(window, settle, seed):
    play(window, settle, seed, 2000)
