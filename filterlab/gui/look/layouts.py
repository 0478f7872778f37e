"""Columns, rows and labels, each made by one call."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

# What a column or row holds: a widget, with its share of the room where it takes more than it needs, another layout, or
# None for room that nothing takes.
Item = QWidget | tuple[QWidget, int] | QLayout | None
Margins = tuple[int, int, int, int]  # left, top, right and bottom, in logical pixels


def column(
    holder: QWidget | None, *items: Item, margins: Margins | None = None, spacing: int | None = None
) -> QVBoxLayout:
    """The items one below the other, as the layout of `holder`. Without margins or spacing: those of the style."""
    layout = QVBoxLayout() if holder is None else QVBoxLayout(holder)
    _fill(layout, items, margins, spacing)
    return layout


def row(
    holder: QWidget | None, *items: Item, margins: Margins | None = None, spacing: int | None = None
) -> QHBoxLayout:
    """The items side by side, otherwise as `column`."""
    layout = QHBoxLayout() if holder is None else QHBoxLayout(holder)
    _fill(layout, items, margins, spacing)
    return layout


def _fill(layout: QBoxLayout, items: tuple[Item, ...], margins: Margins | None, spacing: int | None) -> None:
    if margins is not None:
        layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            widget, share = item if isinstance(item, tuple) else (item, 0)
            layout.addWidget(widget, share)


def label(role: str, text: str = "", *, wrap: bool = False) -> QLabel:
    """A label in the look of a role, such as "dim" or "heading"."""
    made = QLabel(text, wordWrap=wrap)
    made.setProperty("role", role)
    return made


def show_words(shown: QLabel, text: str, role: str = "") -> None:
    """Show another text, in the look of another role."""
    shown.setText(text)
    shown.setProperty("role", role)
    # Style sheets do not notice by themselves that a property has changed.
    shown.style().polish(shown)
