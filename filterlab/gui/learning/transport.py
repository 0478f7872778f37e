"""The buttons that run learning, and the slider over its steps."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from filterlab.gui.commands import Commands
from filterlab.gui.inspector.editors.numbers import QuietSlider
from filterlab.gui.look.strip import Caption
from filterlab.gui.words.i18n import tr

BUTTONS = (
    "learn.solve",
    "learn.start",
    "learn.pause",
    "learn.step",
    "learn.stop",
    "learn.keep",
    "learn.keep_best",
)
NARROW = 150  # characters


class Transport(QWidget):
    """A row of buttons, and a slider over the kept steps. moved(index): the slider was moved to one of them."""

    moved = Signal(int)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.slider = QuietSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Step that is shown"))
        self.slider.setToolTip(
            tr("Look back at any step: Home is the start; at End the view follows new steps")
        )
        self.slider.setMinimumWidth(80)
        self.caption = Caption()
        self.caption.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons = {name: command_button(commands, name) for name in BUTTONS}
        self.offer_solving(False)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.setFocusProxy(self._buttons["learn.start"])  # the command that shows the panel leads there
        self._row, slide = QHBoxLayout(), QHBoxLayout()
        for button in self._buttons.values():
            self._row.addWidget(button)
        self._row.addStretch(1)
        slide.addWidget(self.slider, 2)
        slide.addWidget(self.caption, 3)
        for part in (self._row, slide):
            part.setSpacing(4)
            self._layout.addLayout(part)
        self._layout.setStretchFactor(slide, 1)
        self.slider.valueChanged.connect(self.moved)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the slider beside the buttons, or below them in a narrow panel."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW * self.fontMetrics().averageCharWidth()
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the buttons in a row."""
        shown = [button for button in self._buttons.values() if not button.isHidden()]
        buttons = [button.minimumSizeHint() for button in shown]
        width = sum(size.width() for size in buttons) + 4 * (len(buttons) - 1)
        return QSize(width, super().minimumSizeHint().height())

    def add_button(self, commands: Commands, name: str) -> None:
        """Add a button for another command at the end of the row."""
        self._buttons[name] = command_button(commands, name)
        self._row.addWidget(self._buttons[name])

    def offer_solving(self, on: bool) -> None:
        """Offer least squares before all else, or not at all."""
        self._buttons["learn.solve"].setVisible(on)

    def show_place(self, index: int, kept: int, text: str) -> None:
        """Move the slider to position `index` of `kept` steps, and show a text beside it."""
        with QSignalBlocker(self.slider):  # this follows the view; `moved` is for the person
            self.slider.setRange(0, max(kept - 1, 0))
            self.slider.setValue(index)
        self.slider.setEnabled(kept > 1)
        self.slider.setAccessibleDescription(text)
        self.caption.show_text(text)


def command_button(commands: Commands, name: str) -> QToolButton:
    """A button for a command, which Tab reaches: by default, a tool button cannot be focused with the keyboard."""
    button = QToolButton()
    button.setDefaultAction(commands.action(name))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
