"""Floating windows that show a part of the kernel editor large."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget


class Floating(QDialog):
    """A window above the main one that lets it be used meanwhile; Esc closes it.

    It is made when it is first opened, and shown again with its size and place.
    """

    def __init__(self, title: str, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(content)
        self._content = content

    def show_large(self, size: QSize) -> None:
        """Show it at least in this size, as far as the screen has it, and give its content the focus."""
        self.resize(self.size().expandedTo(size).boundedTo(self.screen().availableSize() * 0.9))
        self.show()
        self.raise_()
        self.activateWindow()
        self._content.setFocus()
