"""How the cells of a kernel look: colours by sign, and numbers as long as there is room."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFontMetricsF

from filterlab.gui.theme import Colors
from filterlab.images.numbers import brief, exact


def cell_color(value: float, largest: float, colors: Colors) -> QColor:
    """From the colour of a field at 0 to the full colour of its sign at the largest magnitude."""
    part = min(abs(value) / largest, 1.0) if largest else 0.0
    full = QColor(colors.positive if value > 0 else colors.negative)
    return mixed(QColor(colors.field), full, part)


def mixed(first: QColor, second: QColor, part: float) -> QColor:
    """`part` of the second colour in the first."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return QColor.fromRgbF(*(a + (b - a) * part for a, b in pairs))


def _rgb(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()


def _luminance(color: QColor) -> float:
    """Relative luminance of WCAG 2."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: QColor, second: QColor) -> float:
    """Contrast of WCAG 2, 1 to 21."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def text_color(back: QColor) -> QColor:
    """Black or white, whichever reads better."""
    black, white = QColor("#000000"), QColor("#ffffff")
    return black if contrast(black, back) >= contrast(white, back) else white


def cell_text(value: float, width: float, metrics: QFontMetricsF) -> str:
    """The number in as many digits as fit into `width`, at last as .003; "" where not even one does."""
    texts = [exact(value), *(brief(value, digits) for digits in (4, 3, 2))]
    if abs(value) < 1:
        texts.append(texts[1].replace("0.", ".", 1))
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), "")
