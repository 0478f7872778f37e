"""Colours in front of others: mixtures, contrast, and black or white for text."""

from __future__ import annotations

from PySide6.QtGui import QColor

# The luminance L on which black and white have the same contrast: (L + 0.05) / 0.05 = 1.05 / (L + 0.05).
EVEN = (1.05 * 0.05) ** 0.5 - 0.05


def mixed(first: QColor, second: QColor, part: float) -> QColor:
    """The first colour for `part` 0, the second for 1, and mixtures between."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return QColor.fromRgbF(*(a + (b - a) * part for a, b in pairs))


def _rgb(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def text_color(back: QColor) -> QColor:
    """Black or white, whichever has more contrast with the ground."""
    return QColor("#000000" if luminance(back) >= EVEN else "#ffffff")
