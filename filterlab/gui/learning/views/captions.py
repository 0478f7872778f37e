"""Captions above small pictures."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

LINES = 2


def caption_height(metrics: QFontMetrics) -> int:
    """Of a name and, below it, what its values are: pictures beside each other stay in line."""
    return LINES * metrics.height() + 3


def draw_caption(painter: QPainter, rect: QRect, name: str, values: str) -> None:
    """Draw both at the top of `rect`, in the pen that is set, cut off where they do not fit."""
    metrics = painter.fontMetrics()
    for i, line in enumerate((name, values)):
        place = QRect(rect.left(), rect.top() + i * metrics.height(), rect.width(), metrics.height())
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, shown)
