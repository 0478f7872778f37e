"""The tools below the grid: operations, symmetry and scale; and the buttons for the clipboard."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.fields import NumberField
from filterlab.gui.inspector.kernel.operations import copy_forms, operations
from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look.flow import FlowLayout
from filterlab.gui.look.icons import icon
from filterlab.gui.look.theme import Theme
from filterlab.gui.look.toolrow import IconButton
from filterlab.gui.words.i18n import tr
from filterlab.kernels.editing import SYMMETRIES

OTHER_ICONS = (
    "copy",
    "clipboard-paste",
    "scaling",
    "maximize-2",
    "paintbrush",
)  # beside those of the operations
AHEAD = 80  # milliseconds between two icons that are drawn ahead; the first comes after the window is painted
BUTTON = 28  # logical pixels of a side: ten of them fit into the narrowest panel


def tool_button(icon: str, tip: str, theme: Theme) -> IconButton:
    """A button with an icon, whose words are in its tool tip."""
    button = IconButton(icon, theme)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def draw_icons_ahead(theme: Theme, parent: QWidget) -> None:
    """Draw the icons of the tools one at a time, before somebody waits for all of them in the first kernel editor."""
    names = [*OTHER_ICONS, *(operation.icon for operation in operations())]
    timer = QTimer(parent, interval=AHEAD)

    def draw() -> None:
        icon(names.pop(), theme.colors)
        if not names:
            timer.stop()

    timer.timeout.connect(draw)
    timer.start()


class KernelTools(QWidget):
    """Operations as icons, symmetry and factor. copy, paste: buttons that stand elsewhere. finished: as in `Editor`."""

    finished = Signal()

    def __init__(self, session: KernelSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        buttons = QWidget(self)
        flow = FlowLayout(buttons, spacing=0)
        self.buttons: dict[str, QToolButton] = {}
        for operation in operations():
            button = tool_button(operation.icon, f"{operation.tip} ({operation.keys})", theme)
            button.clicked.connect(lambda checked=False, run=operation.run: self._run(run))
            button.setFixedSize(BUTTON, BUTTON)
            self.buttons[operation.name] = button
            flow.addWidget(button)
        self.copy = self._make_copy()
        self.paste = tool_button(
            "clipboard-paste", tr("Replace the kernel by the matrix in the clipboard"), theme
        )
        self.paste.clicked.connect(self.paste_clipboard)
        self._make_fields()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(buttons)
        layout.addLayout(self._fields_layout())
        session.changed.connect(self.refresh)

    def _make_copy(self) -> QToolButton:
        button = tool_button("copy", tr("Copy the kernel as text"), self._theme)
        menu = QMenu(button)
        for form, text in copy_forms():
            menu.addAction(text, partial(self.copy_as, form))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _make_fields(self) -> None:
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
        self.factor = NumberField(self, digits=4)
        self.factor.set_value(2)
        self.factor.setAccessibleName(tr("factor"))
        self.factor.setToolTip(tr("Factor, such as 2, 0.5 or 1/9"))
        self.scale = tool_button("scaling", tr("Multiply every cell by the factor beside"), self._theme)
        self.scale.clicked.connect(self._scale)

    def _fields_layout(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        label = QLabel(tr("Symmetry"), self)
        label.setBuddy(self.symmetry)
        line.addWidget(label)
        line.addWidget(self.symmetry, 1)
        line.addWidget(self.scale)
        line.addWidget(self.factor)
        self.factor.setFixedWidth(self.factor.sizeHint().width())
        return line

    def refresh(self) -> None:
        """Show the symmetry of the session."""
        self.symmetry.show_data(self._session.symmetry)

    def _run(self, run: Any) -> None:
        run(self._session)
        self.finished.emit()

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
