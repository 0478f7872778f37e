"""Captions above small pictures: one line where there is room, else two."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter


def caption_lines(metrics: QFontMetrics, width: int, name: str, values: str) -> list[str]:
    """Name and values in one line, or in two, each cut off where it does not fit."""
    one = f"{name} {values}" if values else name
    lines = [one] if not values or metrics.horizontalAdvance(one) <= width else [name, values]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]


def draw_caption(painter: QPainter, rect: QRect, lines: list[str]) -> None:
    """Draw the lines at the top of `rect`, in the pen that is set."""
    height = painter.fontMetrics().height()
    for i, line in enumerate(lines):
        place = QRect(rect.left(), rect.top() + i * height, rect.width(), height)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, line)
