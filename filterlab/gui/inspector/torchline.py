"""How the selected layer is written in PyTorch, folded at the end of its settings, with what differs by default."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.inspector.section import Section
from filterlab.gui.words.i18n import tr
from filterlab.layers.base.layer import Layer

_ADDS_A_BIAS = ("conv2d", "conv_transpose2d", "linear")


class TorchSection(Section):
    """The line of PyTorch, and a button that copies it. The line is written once the group is unfolded."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__("torch", "PyTorch", bench.theme, bench.settings)
        self._layer: Layer | None = None
        self.line, self.note = QLabel(self), QLabel(self)
        for label in (self.line, self.note):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.setProperty("role", "dim")
        self.copy_button = QPushButton(tr("Copy"), self)
        self.copy_button.setToolTip(tr("Copy the line of PyTorch"))
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.line.text()))
        for widget in (self.line, self.note, self.copy_button):
            self.rows.addWidget(widget)
        self.heading.clicked.connect(self._show)

    def follow(self, layer: Layer) -> None:
        """Show a layer."""
        self._layer = layer
        self._show()

    def _show(self) -> None:
        # A kernel may be an array of millions of weights, which the line describes: nobody waits for it unseen.
        if self.folded or self._layer is None:
            return
        # The exporters take a while to load, and the group is folded at first.
        from filterlab.interop.exporting.torch import torch_line

        line = torch_line(self._layer)
        self.line.setText(line or tr("PyTorch has nothing that does the same"))
        note = _note(self._layer)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.copy_button.setEnabled(bool(line))


def _note(layer: Layer) -> str:
    if layer.key in _ADDS_A_BIAS and not layer.shape_of("bias"):
        return tr("PyTorch adds a bias by default")
    if getattr(layer, "operation", "") == "convolution":
        return tr("PyTorch does not turn the kernel around: its weights are those of this layer, rotated")
    return ""
