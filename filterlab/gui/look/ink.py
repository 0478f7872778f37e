"""Colours in front of others, as Qt has them: mixtures, contrast, and black or white for text."""

from __future__ import annotations

from PySide6.QtGui import QColor

from filterlab.images import palette


def mixed(first: QColor, second: QColor, part: float) -> QColor:
    """The first colour for `part` 0, the second for 1, and mixtures between."""
    return QColor(palette.mixed(first.name(), second.name(), part))


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    return palette.luminance(color.name())


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def text_color(back: QColor) -> QColor:
    """Black or white, whichever has more contrast with the ground."""
    return QColor(palette.ink_on(back.name()))
