"""The buttons that run learning, and the slider over its steps."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from filterlab.gui.commands import Commands
from filterlab.gui.i18n import tr
from filterlab.gui.inspector.editors.numbers import QuietSlider
from filterlab.gui.panels.strip import Caption

BUTTONS = ("learn.start", "learn.pause", "learn.step", "learn.stop", "learn.rewind")


class Transport(QWidget):
    """moved(index): the slider was moved to one of the kept steps."""

    moved = Signal(int)

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QuietSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Step that is shown"))
        self.slider.setToolTip(tr("Look back at any step; at the right end the view follows the new ones"))
        self.slider.setMinimumWidth(80)
        self.caption = Caption()
        self.caption.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for name in BUTTONS:
            row.addWidget(_button(commands, name))
        row.addWidget(self.slider, 2)
        row.addWidget(self.caption, 3)
        row.addWidget(_button(commands, "learn.keep"))
        self.slider.valueChanged.connect(self.moved)

    def show_place(self, index: int, kept: int, text: str) -> None:
        """The slider at the index-th of so many kept steps."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(kept - 1, 0))
            self.slider.setValue(index)
        self.slider.setEnabled(kept > 1)
        self.slider.setAccessibleDescription(text)
        self.caption.show_text(text)


def _button(commands: Commands, name: str) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(commands.action(name))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
