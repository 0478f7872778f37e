"""The buttons that run learning, and the slider over its steps."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from filterlab.gui.commands import Commands
from filterlab.gui.i18n import tr
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.editors.numbers import QuietSlider
from filterlab.gui.panels.strip import Caption

BUTTONS = ("learn.start", "learn.pause", "learn.step", "learn.stop", "learn.rewind")
PACES = (0.0, 0.1, 0.5, 2.0)  # seconds that a step takes at least


class Transport(QWidget):
    """moved(index): the slider was moved to one of the kept steps. paced(seconds): another pace was chosen."""

    moved = Signal(int)
    paced = Signal(float)

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QuietSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Step that is shown"))
        self.slider.setToolTip(tr("Look back at any step; at the right end the view follows the new ones"))
        self.slider.setMinimumWidth(80)
        self.pace = self._make_pace()
        self.caption = Caption()
        self.caption.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for name in BUTTONS:
            row.addWidget(_button(commands, name))
        row.addWidget(self.pace)
        row.addWidget(self.slider, 2)
        row.addWidget(self.caption, 3)
        row.addWidget(_button(commands, "learn.keep"))
        self.slider.valueChanged.connect(self.moved)
        self.pace.activated.connect(lambda: self.paced.emit(self.pace.currentData()))

    def _make_pace(self) -> QuietCombo:
        combo = QuietCombo()
        combo.setAccessibleName(tr("Pace"))
        combo.setToolTip(tr("How fast the steps follow each other"))
        combo.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for seconds in PACES:
            combo.addItem(tr("{n:g} a second", n=1 / seconds) if seconds else tr("full speed"), seconds)
        return combo

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
