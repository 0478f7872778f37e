"""Editor of the names of classes, one on each line."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.editors.base import Editor, editor_for
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.layer import Layer
from filterlab.parameters import Parameter
from filterlab.resources import class_names

MOST_LINES = 10
_IMAGENET = 1000  # classes


class _Lines(QPlainTextEdit):
    def __init__(self, editor: LabelsEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setTabChangesFocus(True)
        self.setPlaceholderText(tr("one name per line"))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        self._editor.finished.emit()


@editor_for("labels")
class LabelsEditor(Editor):
    """A text with a name on each line; an empty text leaves the names out."""

    wide = True

    def __init__(self, parameter: Parameter, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parameter, bench, parent)
        self.lines = _Lines(self)
        self.count = QLabel(self)
        self.count.setProperty("role", "dim")
        self.preset = QPushButton(tr("Names of ImageNet"), self)
        self.preset.setToolTip(tr("Fill in the 1000 classes of ImageNet in their usual order"))
        self.preset.clicked.connect(self._take_preset)
        self._node = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.lines)
        layout.addWidget(self.count)
        layout.addWidget(self.preset)
        self.setFocusProxy(self.lines)
        self.lines.textChanged.connect(self._take)
        bench.results.surveyed.connect(self._offer)
        self._fit()
        self._offer()

    @property
    def names(self) -> tuple[str, ...] | None:
        """The lines without surrounding blanks, or None; empty lines at the end do not count."""
        text = self.lines.toPlainText().rstrip("\n")
        return tuple(line.strip() for line in text.split("\n")) if text.strip() else None

    def follow(self, node: str, layer: Layer) -> None:
        super().follow(node, layer)
        self._node = node
        self._offer()

    def _offer(self) -> None:
        """Offer the names where the layer has as many outputs, and none yet."""
        row = self.bench.results.row(self._node)
        self.preset.setVisible(row is not None and row.shape[0] == _IMAGENET and self.names is None)

    def _take_preset(self) -> None:
        self.lines.setPlainText(class_names()["imagenet"].read_text("utf-8"))
        self.finished.emit()

    def set_value(self, value: Any) -> None:
        # What is being typed keeps its blanks and its cursor while it spells the same names.
        if value != self.names:
            with QSignalBlocker(self.lines):
                self.lines.setPlainText("\n".join(value or ()))
        self._fit()

    def _take(self) -> None:
        self._fit()
        self.give(self.names)

    def _fit(self) -> None:
        """Make the text as high as its lines, from 2 to `MOST_LINES`, and count them."""
        lines = min(max(self.lines.blockCount(), 2), MOST_LINES)
        self.lines.setFixedHeight(self.lines.fontMetrics().lineSpacing() * (lines + 1) + 6)
        self.count.setText(_counted(self.names))


def _counted(names: tuple[str, ...] | None) -> str:
    if names is None:
        return tr("no names")
    return tr("1 name") if len(names) == 1 else tr("{n} names", n=len(names))
