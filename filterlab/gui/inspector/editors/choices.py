"""Editors of flags, and of a choice among a few words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import Editor, editor_for
from filterlab.gui.words.i18n import tr
from filterlab.parameters import Choice, Parameter, Switch


class QuietCombo(QComboBox):
    """A combo box that leaves the wheel to the panel, and needs little width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel
        # By default the longest entry would be the least width of the panel.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def widen(self) -> None:
        """Be wide enough for the longest entry, where the entries are few and short."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(0)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        # Scrolling the panel must not change the settings that pass under the mouse.
        event.ignore()

    def show_data(self, data: Any) -> None:
        """Choose the entry that holds `data`, without a signal."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(data))


@editor_for("flag")
class FlagEditor(Editor):
    """A box to tick."""

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        self.box = QCheckBox(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.toggled.connect(self._name_state)
        self.box.clicked.connect(self._take)
        self._name_state(False)

    def _name_state(self, on: bool) -> None:
        self.box.setText(tr("on") if on else tr("off"))

    def _take(self, on: bool) -> None:
        self.give(on)
        self.finished.emit()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(value)


@editor_for("choice")
class ChoiceEditor(Editor):
    """A combo box with the options of the kind."""

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        assert isinstance(parameter.kind, Choice), "a choice has options"
        self.combo = QuietCombo(self)
        for option in parameter.kind.options:
            self.combo.addItem(tr(option), option)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.combo)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._take)

    def _take(self) -> None:
        self.give(self.combo.currentData())
        self.finished.emit()

    def set_value(self, value: Any) -> None:
        self.combo.show_data(value)


@editor_for("switch")
class SwitchEditor(Editor):
    """Two buttons, one of them down, and a sentence that says what it does."""

    wide = True

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        assert isinstance(parameter.kind, Switch), "a switch has options and sentences"
        self._kind = parameter.kind
        self.buttons = [QPushButton(tr(option), self) for option in parameter.kind.options]
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setProperty("role", "dim")
        group = QButtonGroup(self)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(0)
        for i, button in enumerate(self.buttons):
            button.setCheckable(True)
            button.setToolTip(tr(parameter.kind.sentences[i]))
            group.addButton(button, i)
            layout.addWidget(button, 0, i)
        layout.addWidget(self.sentence, 1, 0, 1, len(self.buttons))
        self.setFocusProxy(self.buttons[0])
        group.idClicked.connect(self._take)

    def _take(self, number: int) -> None:
        self.sentence.setText(tr(self._kind.sentences[number]))
        self.give(self._kind.options[number])
        self.finished.emit()

    def set_value(self, value: Any) -> None:
        number = self._kind.options.index(value)
        self.buttons[number].setChecked(True)
        self.sentence.setText(tr(self._kind.sentences[number]))
        self.setFocusProxy(self.buttons[number])
