"""Colours that are read on others: mixtures, contrast, and black or white for text."""

from __future__ import annotations

from PySide6.QtGui import QColor

EVEN = (1.05 * 0.05) ** 0.5 - 0.05  # the luminance on which black and white read equally well


def mixed(first: QColor, second: QColor, part: float) -> QColor:
    """`part` of the second colour in the first."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return QColor.fromRgbF(*(a + (b - a) * part for a, b in pairs))


def _rgb(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()


def luminance(color: QColor) -> float:
    """Relative luminance of WCAG 2, 0 to 1."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: QColor, second: QColor) -> float:
    """Contrast of WCAG 2, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def text_color(back: QColor) -> QColor:
    """Black or white, whichever has more contrast."""
    return QColor("#000000" if luminance(back) >= EVEN else "#ffffff")
