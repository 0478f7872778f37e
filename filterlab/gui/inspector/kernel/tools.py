"""The buttons below the grid: operations, size, scale, symmetry, painting, copy and paste."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.editors.pairs import PairFields
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.inspector.flow import FlowLayout
from filterlab.gui.inspector.kernel.operations import copy_forms, operations
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.inspector.row import label_width
from filterlab.gui.words.i18n import tr
from filterlab.kernels.editing import MOST_CELLS, SYMMETRIES


def small_button(text: str, tip: str, parent: QWidget) -> QToolButton:
    """A small button, many of which fit into one line."""
    button = QToolButton(parent)
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setProperty("role", "small")
    return button


class KernelTools(QWidget):
    """The buttons and fields. paint: while it is down, a left drag paints. finished: as in `Editor`."""

    finished = Signal()

    def __init__(self, session: KernelSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        buttons = QWidget(self)
        flow = FlowLayout(buttons)
        self.buttons: dict[str, QToolButton] = {}
        for operation in operations():
            button = small_button(operation.button, f"{operation.tip} ({operation.keys})", buttons)
            button.clicked.connect(lambda checked=False, run=operation.run: self._run(run))
            self.buttons[operation.name] = button
            flow.addWidget(button)
        self.paint = small_button(tr("paint"), tr("Drag to set cells to the number typed last"), buttons)
        self.paint.setCheckable(True)
        self.copy = self._make_copy(buttons)
        self.paste = small_button(
            tr("paste"), tr("Take the matrix from the clipboard (Ctrl+V in the grid)"), buttons
        )
        self.paste.clicked.connect(self.paste_clipboard)
        for button in (self.paint, self.copy, self.paste):
            flow.addWidget(button)
        self._make_fields()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(buttons)
        layout.addLayout(self._fields_layout())
        session.changed.connect(self.refresh)

    def _make_copy(self, parent: QWidget) -> QToolButton:
        button = small_button(tr("copy"), tr("Copy the kernel as text"), parent)
        menu = QMenu(button)
        for form, text in copy_forms():
            menu.addAction(text, partial(self.copy_as, form))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _make_fields(self) -> None:
        self.sides = PairFields(tr("kernel size"), self, whole=True, limits=(1, MOST_CELLS))
        self.sides.typed.connect(self._resize)
        self.sides.finished.connect(self.finished)
        self.symmetry = QuietCombo(self)
        self.symmetry.setAccessibleName(tr("symmetry"))
        self.symmetry.setToolTip(tr("Editing a cell edits its mirror images too"))
        names = {
            "none": tr("none"),
            "horizontal": tr("left = right"),
            "vertical": tr("top = bottom"),
            "point": tr("about the middle"),
            "both": tr("left = right, top = bottom"),
            "radial": tr("all eight directions"),
        }
        for name in SYMMETRIES:
            self.symmetry.addItem(names[name], name)
        self.symmetry.activated.connect(self._set_symmetry)
        self.factor = NumberField(self, digits=5)
        self.factor.set_value(2)
        self.factor.setAccessibleName(tr("factor"))
        self.factor.setToolTip(tr("Factor, such as 2, 0.5 or 1/9"))
        self.scale = small_button(tr("× scale"), tr("Multiply every cell by the factor"), self)
        self.scale.clicked.connect(self._scale)

    def _fields_layout(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(5)
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("Size"), self.sides),
            (tr("Symmetry"), self.symmetry),
            (tr("Factor"), self.factor),
        )
        for i, (text, widget) in enumerate(rows):
            label = QLabel(text, self)
            label.setBuddy(widget)
            label.setFixedWidth(label_width(self))
            grid.addWidget(label, i, 0)
            grid.addWidget(widget, i, 1, 1, 1 if widget is self.factor else 2)
        grid.addWidget(self.scale, 2, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def refresh(self) -> None:
        """Show the size and the symmetry of the session."""
        self.sides.set_values(self._session.size)
        self.symmetry.show_data(self._session.symmetry)

    def _run(self, run: Any) -> None:
        run(self._session)
        self.finished.emit()

    def _resize(self, values: tuple[Any, Any]) -> None:
        if all(isinstance(v, int) for v in values):
            self._session.resize(*values, merge=("kernel size", self._session.node))

    def _set_symmetry(self) -> None:
        self._session.symmetry = self.symmetry.currentData()

    def _scale(self) -> None:
        factor = self.factor.value()
        if isinstance(factor, (int, float)):
            self._session.scale(factor)
            self.finished.emit()

    def copy_as(self, form: str) -> None:
        """Put the kernel onto the clipboard as text."""
        QGuiApplication.clipboard().setText(self._session.written(form))

    def paste_clipboard(self) -> None:
        """Take the kernel from the clipboard's text."""
        self._session.paste(QGuiApplication.clipboard().text())
        self.finished.emit()
