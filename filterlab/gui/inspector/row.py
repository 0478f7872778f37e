"""One row of the inspector: label, editor, unit, a way back to the default, and what is wrong."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors import editor_type
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words, label_of
from filterlab.layers.base.layer import Layer
from filterlab.parameters import Parameter


class ParameterRow(QWidget):
    """The row of one parameter. reset(): the person wants the default back."""

    reset = Signal()

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.label = QLabel(tr(label_of(parameter)), self)
        self.label.setWordWrap(True)
        self.editor = editor_type(parameter.kind)(parameter, bench, self)
        self.label.setBuddy(self.editor)
        self.unit = QLabel(tr(parameter.kind.unit), self)
        self.unit.setProperty("role", "dim")
        self.unit.setVisible(bool(parameter.kind.unit))
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "error")
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem.hide()
        self.back = self._make_back()
        self._explain()
        self._lay_out()

    def _make_back(self) -> QToolButton:
        button = QToolButton(self)
        button.setText("↺")
        button.setProperty("role", "plain")
        text = tr("Back to the default: {value}", value=self._default_text())
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.hide()
        button.clicked.connect(self.reset)
        action = QAction(text, self)
        action.triggered.connect(self.reset)
        action.setEnabled(not self.parameter.required)
        for widget in (self.label, self):
            widget.addAction(action)
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return button

    def _default_text(self) -> str:
        if self.parameter.required or self.parameter.default is None:
            return tr("left out")
        return str(self.parameter.kind.to_json(self.parameter.default))

    def _explain(self) -> None:
        name, kind = tr(label_of(self.parameter)), self.parameter.kind
        legal = tr(kind.legal()) + (tr(", or left out") if kind.optional else "")
        self.label.setToolTip(
            f"<p>{tr(self.parameter.doc)}</p><p>{tr('Allowed: {values}', values=legal)}</p>"
        )
        self.editor.setToolTip(self.label.toolTip())
        focus = self.editor.focusProxy()
        for widget in (self.editor, *([focus] if focus is not None else [])):
            widget.setAccessibleName(widget.accessibleName() or name)
            widget.setAccessibleDescription(f"{tr(self.parameter.doc)} {legal}")

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(6)
        layout.setVerticalSpacing(3)
        wide = self.editor.wide
        self.head = QWidget(self)
        line = QHBoxLayout(self.head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.label, 1)
        line.addWidget(self.back)
        layout.addWidget(self.head, 0, 0)
        if wide:
            layout.addWidget(self.editor, 1, 0, 1, 3)
        else:
            self.head.setFixedWidth(label_width(self))
            layout.addWidget(self.editor, 0, 1)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.unit, 0, 2)
        layout.addWidget(self.problem, 2, 0 if wide else 1, 1, 3 if wide else 2)

    def follow(self, node: str, layer: Layer) -> None:
        """Show the layer's value."""
        self.editor.follow(node, layer)
        stated = [parameter.name for parameter in layer.stated()]
        self._offer_default(self.parameter.required or self.parameter.name not in stated)

    def show_value(self, value: Any, is_default: bool) -> None:
        """Show a value that belongs to no layer."""
        self.editor.set_value(value)
        self._offer_default(is_default)

    def _offer_default(self, is_default: bool) -> None:
        self.back.setVisible(not is_default)

    def complain(self, error: FilterLabError | None) -> None:
        """Say what is wrong with the content of the editor, or stop saying so."""
        self.editor.mark(error is not None)
        self.problem.setText("" if error is None else error_words(error))
        self.problem.setVisible(error is not None)


def label_width(widget: QWidget) -> int:
    """The width of the label in every row, which aligns the editors."""
    return widget.fontMetrics().horizontalAdvance("m" * 6) + 12
