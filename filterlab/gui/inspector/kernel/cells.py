"""The look of a kernel's cells: a colour for each sign, and as many digits as there is room for."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFontMetricsF

from filterlab.gui.look.theme import Colors
from filterlab.images.palette import weight_color
from filterlab.text.numbers import brief, exact


def cell_color(value: float, largest: float, colors: Colors) -> QColor:
    """From the colour of a field at 0 to the full colour of its sign at the largest magnitude."""
    return QColor(weight_color(value, largest, colors))


def cell_text(value: float, width: float, metrics: QFontMetricsF) -> str:
    """The number in as many digits as fit into `width`, in the shortest form as .003; "" where nothing fits."""
    texts = [exact(value), *(brief(value, digits) for digits in (4, 3, 2))]
    if abs(value) < 1:
        texts.append(texts[1].replace("0.", ".", 1))
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), "")
