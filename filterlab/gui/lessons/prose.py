"""The text of lessons: Markdown, with room between the lines and numbers that are not broken."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLabel

LINE_HEIGHT = 1.3  # times the line spacing of the font
_KEPT_TOGETHER = re.compile(r"`[^`]*`|(?<=\d) × (?=\d)|(?<=\d) (?=\d{3}\b|%)")
_NO_BREAK_SPACE = "\u00a0"
_LINE = 30  # characters of code that fit into a line; longer code breaks, or else the text would be cut off


class Prose(QLabel):
    """A label for running text; `say(markdown)` sets it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def say(self, markdown: str) -> None:
        """Show a Markdown text in the font of the label."""
        self.setText(html(markdown, self.font()))
        self.setAccessibleName(plain(markdown))


def html(markdown: str, font: QFont) -> str:
    """A Markdown text as HTML for a label."""
    # A label that is given Markdown sets its lines tightly. In HTML, each block states its own line height.
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
    """A Markdown text without its marks, for screen readers."""
    return _document(markdown).toPlainText()


def _together(found: re.Match[str]) -> str:
    return found[0].replace(" ", _NO_BREAK_SPACE) if len(found[0]) <= _LINE else found[0]


def _document(markdown: str) -> QTextDocument:
    document = QTextDocument()
    document.setMarkdown(_KEPT_TOGETHER.sub(_together, markdown))
    return document
