"""A walker that does anything in any order with a real window: commands, editors, keys, the mouse, files, lessons."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QSlider,
    QWidget,
)
from shiboken6 import isValid

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.kernel.grid import KernelGrid
from filterlab.gui.start import settle
from filterlab.gui.window import MainWindow
from filterlab.resources import examples, samples
from filterlab.run.ledger import survey

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
SHEET_KEYS = [*KEYS[:4], *KEYS[7:], Qt.Key.Key_2, Qt.Key.Key_Period, Qt.Key.Key_Slash, Qt.Key.Key_F2]
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 4 + [
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
]
PIPELINES = ["edges", "blur-sharpen", "lenet-like", "tiny-vgg-like", "pooling-comparison", "kernel-to-learn"]
CELLS = 4_000_000  # numbers of all maps together; beyond it the last edit is undone


class Holder(Protocol):
    """Whoever holds the window, which is replaced when the language changes."""

    window: MainWindow


class Walker:
    """Acts on a window. `log` holds what was done, for the report of a failure.

    told: is given each action before it is carried out, so that it is known even if the process dies of it.
    """

    def __init__(
        self, desk: Holder, seed: int, folder: Path, told: Callable[[str], None] = lambda text: None
    ) -> None:
        self.desk, self.folder, self._told = desk, folder, told
        self.dice = random.Random(seed)
        # A menu that pops up runs an event loop of its own until it is closed.
        self.closer = QTimer(interval=50)
        self.closer.timeout.connect(self._close_popup)
        self.closer.start()
        self.log: list[str] = []
        self.actions: list[tuple[int, Callable[[], object]]] = [
            (12, self.command),
            (6, self.select),
            (12, self.edit_setting),
            (8, self.press_key),
            (4, self.type_in_sheet),
            (10, self.use_mouse),
            (4, self.turn_wheel),
            (2, self.open_example),
            (2, self.open_picture),
            (1, self.open_any_file),
            (6, self.undo_or_redo),
            (4, self.pin),
            (3, self.turn_to_tab),
            (2, self.learn),
            (2, self.take_lesson),
            (2, self.wait),
            (1, self.resize),
        ]

    @property
    def window(self) -> MainWindow:
        """The window of this moment."""
        return self.desk.window

    @property
    def bench(self) -> Workbench:
        """Its workbench."""
        return self.window.bench

    def act(self) -> None:
        """Do one thing, and play with what it opened."""
        weights, actions = zip(*self.actions, strict=True)
        action = self.dice.choices(actions, weights)[0]
        self._note(action.__name__)
        result = action()
        if result is not None:
            self._note(f"  {result}")
        QApplication.processEvents()
        for _ in range(self.dice.choice([0, 0, 1, 1, 3])):
            self.play_with_dialog()
        self.close_popups()
        QApplication.processEvents()
        self.keep_small()

    def _note(self, text: str) -> None:
        self.log.append(text)
        self._told(text)

    # -- what can be done -----------------------------------------------------------------------------

    def command(self, beginning: str = "") -> str:
        """Any command that is enabled."""
        names = [
            c.name
            for c in self.bench.commands
            if c.action.isEnabled() and c.name not in LEFT_OUT and c.name.startswith(beginning)
        ]
        if not names:
            return "no command"
        name = self.dice.choice(names)
        self._note(f"  {name}")
        self.bench.commands.action(name).trigger()
        return "triggered"

    def select(self) -> str:
        """Any node."""
        node = self._any_node()
        self.bench.selection.select(node)
        return node

    def _any_node(self) -> str:
        return self.dice.choice(["image", *(n.name for n in self.bench.document.pipeline.nodes)])

    def edit_setting(self) -> str:
        """Any field or button of a panel, mostly of the inspector."""
        window = self.window
        panels = [window.inspector] * 4 + [
            *window.pages.values(),
            window.toolbar,
            window.lessons,
            window.chain,
        ]
        return self._edit_in(self.dice.choice(panels))

    def _edit_in(self, panel: QWidget) -> str:
        editors = (QAbstractSpinBox, QComboBox, QSlider, QAbstractButton, QLineEdit, QPlainTextEdit)
        widgets = [w for w in self.widgets(panel, QWidget) if isinstance(w, editors)]
        if not widgets:
            return "nothing to edit"
        widget = self.dice.choice(widgets)
        self._note(f"  {type(widget).__name__} {widget.accessibleName()} {widget.objectName()}")
        if isinstance(widget, QComboBox):
            widget.setFocus()
            index = self.dice.randrange(max(widget.count(), 1))
            widget.setCurrentIndex(index)
            widget.activated.emit(index)
            return str(index)
        if isinstance(widget, QSlider):
            widget.setValue(self.dice.randint(widget.minimum(), widget.maximum()))
            return "moved"
        if isinstance(widget, QAbstractButton):
            text = widget.text()
            widget.click()
            return text
        return self.type_into(widget)

    def type_into(self, widget: QWidget) -> str:
        """A text, right or wrong."""
        text = self.dice.choice(TEXTS)
        finish = self.dice.random() < 0.7
        widget.setFocus()
        self._in_turn(
            widget,
            lambda: QTest.keySequence(widget, "Ctrl+A"),
            lambda: QTest.keyClicks(widget, text),
            *([lambda: QTest.keyClick(widget, Qt.Key.Key_Return)] if finish else []),
        )
        return repr(text)

    def _in_turn(self, widget: QWidget, *events: Callable[[], object]) -> None:
        """Send events to a widget as long as it is there: any of them may replace it, or what comes meanwhile."""
        for event in events:
            if isValid(widget) and widget.isVisible():
                event()

    def press_key(self) -> str:
        """A key, where the focus is or anywhere."""
        target = QApplication.focusWidget() or self.window.wall
        if self.dice.random() < 0.5:
            target = self.dice.choice(self.widgets(self.window, QWidget))
        key, modifier = self.dice.choice(KEYS), self.dice.choice(MODIFIERS)
        self._note(f"  {type(target).__name__} {key} {modifier}")
        QTest.keyClick(target, key, modifier)
        return "pressed"

    def type_in_sheet(self) -> str:
        """Some keys in a grid of kernel weights."""
        grids = [grid for top in QApplication.topLevelWidgets() for grid in self.widgets(top, KernelGrid)]
        if not grids:
            return "no kernel"
        grid, keys = self.dice.choice(grids), self.dice.choices(SHEET_KEYS, k=self.dice.randint(1, 8))
        self._note(f"  {[key.name for key in keys]}")
        grid.setFocus()
        for key in keys:
            # What is typed goes to the editor that the grid has opened, as it would for a person.
            target = QApplication.focusWidget() or grid
            QTest.keyClick(target, key, self.dice.choice(MODIFIERS[:5]))
        return "typed"

    def use_mouse(self) -> str:
        """A move, a click, two clicks or a drag anywhere."""
        target = self.dice.choice(self.widgets(self.window, QWidget))
        at, to, end = (self.point_in(target) for _ in range(3))
        button = self.dice.choice([Qt.MouseButton.LeftButton] * 4 + [Qt.MouseButton.MiddleButton])
        modifier = self.dice.choice(MODIFIERS)
        how = self.dice.choice(["move", "click", "double click", "drag"])
        self._note(f"  {how} {button} {modifier} {type(target).__name__} {at}")
        events: list[Callable[[], object]] = [lambda: QTest.mouseMove(target, at)]
        if how == "click":
            events += [lambda: QTest.mouseClick(target, button, modifier, at)]
        elif how == "double click":
            events += [lambda: QTest.mouseDClick(target, button, modifier, at)]
        elif how == "drag" and not self.drags_with_system(target):
            events += [
                lambda: QTest.mousePress(target, button, modifier, at),
                lambda: QTest.mouseMove(target, to),
                lambda: QTest.mouseRelease(target, button, modifier, end),
            ]
        self._in_turn(target, *events)
        return "done"

    def drags_with_system(self, target: QWidget) -> bool:
        """A drag of list items runs an event loop of its own until a real mouse is released."""
        return self.window.chain.isAncestorOf(target) or target is self.window.chain

    def turn_wheel(self) -> str:
        """The wheel, anywhere."""
        target = self.dice.choice(self.widgets(self.window, QWidget))
        at, delta = QPointF(self.point_in(target)), QPoint(0, self.dice.choice([-120, 120, 240]))
        modifier = self.dice.choice(MODIFIERS)
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(
            at, QPointF(target.mapToGlobal(at.toPoint())), QPoint(), delta, none, modifier, phase, False
        )
        self._note(f"  {type(target).__name__} {delta} {modifier}")
        QApplication.sendEvent(target, event)
        return "turned"

    def open_example(self) -> str:
        """An example pipeline."""
        name = self.dice.choice(PIPELINES)
        self.window.files.open_paths([examples()[name]])
        return name

    def open_picture(self) -> str:
        """Noise of any shape."""
        shape = (self.dice.choice([1, 3, 3, 3, 4]), self.dice.randint(1, 40), self.dice.randint(1, 40))
        values = np.random.default_rng(self.dice.randrange(1000)).standard_normal(shape, dtype=np.float32)
        self.bench.document.show_picture("Open noise", Picture("noise", values))
        return str(shape)

    def open_any_file(self) -> str:
        """A sample, a kernel, what was saved before, or a file of no sense."""
        kernel, broken = self.folder / "kernel.npy", self.folder / "broken.png"
        np.save(kernel, np.float32([[0, 1, 0], [1, -4, 1], [0, 1, 0]]))
        broken.write_bytes(b"\x89PNG\r\n\x1a\n of no sense")
        path = self.dice.choice([*samples().values(), kernel, broken, *self._saved()])
        self._note(f"  {path.name}")
        self.window.files.open_paths([path])
        return "opened"

    def _saved(self) -> list[Path]:
        return sorted(self.folder.glob("saved*"))

    def undo_or_redo(self) -> str:
        """Rather back than forward."""
        name = self.dice.choice(["edit.undo", "edit.undo", "edit.redo"])
        self.bench.commands.action(name).trigger()
        return name

    def pin(self) -> str:
        """Pin any value that is there, or nothing."""
        node, share = self._any_node(), [self.dice.random() for _ in range(3)]
        shown = self.bench.results.maps.get(node)
        if shown is None or self.dice.random() < 0.2:
            self.bench.selection.set_pin(None)
            return "nothing"
        shape = (shown.view.channels, *shown.view.size)
        spot = Spot(node, *(int(part * size) for part, size in zip(share, shape, strict=True)))
        self.bench.selection.set_pin(spot)
        return str(spot)

    def turn_to_tab(self) -> str:
        """A tab below the maps, and perhaps a level of the explanation."""
        name = self.dice.choice(list(self.window.pages))
        self.window.show_tab(name)
        if name == "explain":
            self.window.explain.show_level(self.dice.choice(["overview", "unit", "window"]))
        return name

    def learn(self) -> str:
        """Begin, end or set the learning, or the undoing of a blur."""
        self.window.show_tab("learn")
        if self.dice.random() < 0.5:
            return self.command(self.dice.choice(["learn.", "restore."]))
        return self._edit_in(self.window.pages["learn"])

    def take_lesson(self) -> str:
        """Open a lesson, go on in it, or leave it: the own work is back then."""
        lessons = self.window.lessons
        lesson = lessons.player.lesson
        if lesson is None or self.dice.random() < 0.1:
            lessons.load()
            lesson = self.dice.choice(lessons.lessons)
            lessons.play(lesson.name, self.dice.randrange(len(lesson.steps)))
            return lesson.name
        if self.dice.random() < 0.5:
            return self.command("help.lesson_")
        own = self.bench.own_work
        in_charge = lessons.player._in_charge()
        lessons.player.leave()
        if own is not None and in_charge:
            assert self.bench.document.pipeline == own.work.pipeline, (
                "a lesson has lost the person's own work"
            )
        return "left"

    def wait(self) -> str:
        """Let time go by, mostly little."""
        moment = self.dice.choice([10, 50, 50, 200, 600])
        settle(moment)
        return f"{moment} ms"

    def resize(self) -> str:
        """The window, any size."""
        size = self.dice.randint(900, 1800), self.dice.randint(600, 1100)
        self.window.resize(*size)
        return str(size)

    # -- afterwards -----------------------------------------------------------------------------------

    def widgets(self, root: QWidget, kind: type) -> list[Any]:
        """The widgets of a kind that can be reached now."""
        return [w for w in root.findChildren(kind) if w.isVisible() and w.isEnabled() and w.width() > 1]

    def point_in(self, widget: QWidget) -> QPoint:
        """Any point of a widget."""
        return QPoint(
            self.dice.randrange(max(widget.width(), 1)), self.dice.randrange(max(widget.height(), 1))
        )

    def play_with_dialog(self) -> None:
        """Answer what was opened: a file for a question for one, else a key, a text or a click."""
        opened = [w for w in QApplication.topLevelWidgets() if w is not self.window and w.isVisible()]
        if not opened:
            return
        dialog = self.dice.choice(opened)
        self._note(f"  in {type(dialog).__name__}")
        if isinstance(dialog, QFileDialog):
            self._answer(dialog)
        elif self.dice.random() < 0.4:
            QTest.keyClick(
                self.dice.choice(self.widgets(dialog, QWidget) or [dialog]), self.dice.choice(KEYS)
            )
        elif type(dialog).__name__ != "QMenu":
            self._note(f"  {self._edit_in(dialog)}")

    def _answer(self, dialog: QFileDialog) -> None:
        """Choose a file in our own folder, whatever the dialog asks for."""
        if dialog.fileMode() == QFileDialog.FileMode.Directory:
            path = self.folder
        elif dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave:
            name = f"saved{self.dice.randrange(4)}"
            path = self.folder / (
                name + self.dice.choice([".json", ".safetensors", ".png", ".svg", ".gif", ""])
            )
        else:
            path = self.dice.choice(
                [*samples().values(), *(examples()[name] for name in PIPELINES), *self._saved()]
            )
        self._note(f"  {path.name}")
        dialog.setDirectory(str(path.parent))
        dialog.selectFile(str(path))
        dialog.accept()

    def _close_popup(self) -> None:
        """Close what may run an event loop of its own: a menu, or Qt's question whether to replace a file."""
        modal = QApplication.activeModalWidget()
        asked = modal if isinstance(modal, QMessageBox) else QApplication.activePopupWidget()
        if asked is not None:
            asked.close()

    def close_popups(self) -> None:
        """Close all that is open beside the window."""
        for _ in range(5):
            self._close_popup()
        for widget in QApplication.topLevelWidgets():
            # Closing one may have deleted others of the list, and a window of another test is nobody's to close.
            if isValid(widget) and self._is_ours(widget) and widget.isVisible():
                widget.close()

    def _is_ours(self, widget: QWidget) -> bool:
        """Whether a window belongs to the main window, and is not that itself."""
        parent = widget.parentWidget()
        while parent is not None and parent is not self.window:
            parent = parent.parentWidget()
        return parent is not None

    def keep_small(self) -> None:
        """A pipeline that grows without end says nothing more: take the last step back."""
        document = self.bench.document
        if document.picture is None:
            return
        rows = survey(document.pipeline, document.picture.shape)
        if sum(getattr(row, "bytes", 0) for row in rows) > 4 * CELLS or len(document.pipeline) > 40:
            document.undo()
            document.seal()
