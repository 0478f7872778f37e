"""Captions above small pictures."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

LINES = 2


def caption_height(metrics: QFontMetrics) -> int:
    """The height of two lines, a name and its values, which all pictures side by side reserve so as to stay aligned."""
    return LINES * metrics.height() + 3


def draw_caption(painter: QPainter, rect: QRect, name: str, values: str) -> None:
    """Draw both lines at the top of `rect` with the present pen, shortened where they do not fit."""
    metrics = painter.fontMetrics()
    for i, line in enumerate((name, values)):
        place = QRect(rect.left(), rect.top() + i * metrics.height(), rect.width(), metrics.height())
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, shown)
