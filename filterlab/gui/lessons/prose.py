"""The words of lessons on the screen: Markdown with room between the lines, and figures that do not break."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLabel

LINE_HEIGHT = 1.3  # of the font's own
_KEPT_TOGETHER = re.compile(r"`[^`]*`|(?<=\d) × (?=\d)|(?<=\d) (?=\d{3}\b|%)")
_NO_BREAK_SPACE = "\u00a0"


class Prose(QLabel):
    """A label for running text; `say(markdown)` sets it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def say(self, markdown: str) -> None:
        """Show a text, in the font of the label."""
        self.setText(html(markdown, self.font()))
        self.setAccessibleName(plain(markdown))


def html(markdown: str, font: QFont) -> str:
    """A text as Qt's labels show it."""
    document = _document(markdown)
    document.setDefaultFont(font)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    airy = QTextBlockFormat()
    height = LINE_HEIGHT * QFontMetricsF(font).lineSpacing()
    airy.setLineHeight(height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    cursor.mergeBlockFormat(airy)
    return document.toHtml()


def plain(markdown: str) -> str:
    """A text without its marks, for those who hear it."""
    return _document(markdown).toPlainText()


def _document(markdown: str) -> QTextDocument:
    document = QTextDocument()
    document.setMarkdown(_KEPT_TOGETHER.sub(lambda found: found[0].replace(" ", _NO_BREAK_SPACE), markdown))
    return document
