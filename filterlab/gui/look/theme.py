"""The light and the dark theme: one set of colours, for the widgets and for what the views paint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from filterlab.images.palette import DARK, LIGHT, Colors
from filterlab.resources import resource

THEMES = ("system", "light", "dark")


# Measures in logical pixels: spacing 4, 8, 12, 16; rows 28 high; corners 4 to 8; lines 1. A border with the focus is a
# pixel wider, and the padding inside a pixel less, so that nothing moves. Where one part of a check box, menu, scroll
# bar or slider is styled, Qt draws none of its parts by itself: each has all its states here.
_STYLE = Template("""
QToolTip { background: $card; color: $text; border: 1px solid $border; padding: 4px 8px; }
QPushButton, QToolButton { background: $card; border: 1px solid $border; border-radius: 6px; padding: 5px 12px; }
QToolButton { padding: 5px 8px; }
QPushButton:hover, QToolButton:hover { border-color: $accent; }
QPushButton[role="primary"] { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {
  background: $selected; color: $accent; border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $dim; background: $panel; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QToolButton:focus { padding: 4px 7px; }
QToolButton::menu-indicator { image: none; }
QToolButton[role="icon"] { background: transparent; border: 1px solid transparent; padding: 5px; }
QToolButton[role="icon"]:hover, QToolButton[role="icon"]:checked { background: $selected; }
QToolButton[role="icon"]:focus { border: 2px solid $accent; padding: 4px; }
QFrame[role="choices"] { background: $card; border: 1px solid $border; border-radius: 7px; }
QToolButton[role="choice"] { background: transparent; border: 1px solid transparent; border-radius: 5px;
  padding: 2px 11px; }
QToolButton[role="choice"]:hover { background: $panel; }
QToolButton[role="choice"]:checked { background: $selected; color: $accent; }
QToolButton[role="choice"]:disabled { color: $dim; }
QToolButton[role="choice"]:focus { border: 1px solid $accent; padding: 2px 11px; }
QToolButton[role="search"] { background: $field; color: $dim; padding: 5px 10px; }
QLineEdit, QPlainTextEdit, QTextEdit {
  background: $field; border: 1px solid $border; border-radius: 5px; padding: 4px 8px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 3px 7px; }
QAbstractSpinBox > QLineEdit, QComboBox > QLineEdit { border: none; background: transparent; padding: 2px 0; }
NumberField { background: $field; border: 1px solid $border; border-radius: 5px; padding: 2px 7px; }
NumberField:focus { border: 2px solid $accent; padding: 1px 6px; }
QComboBox { background: $field; border: 1px solid $border; border-radius: 5px; padding: 4px 4px 4px 8px; }
QComboBox:hover { border-color: $accent; }
QComboBox:focus { border: 2px solid $accent; padding: 3px 3px 3px 7px; }
QComboBox:disabled { color: $dim; background: $panel; }
/* A list below the box: opened as a menu, Fusion hides the last entry behind an arrow. */
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $border; padding: 2px; outline: none; }
QComboBox QAbstractItemView::item { min-height: 22px; padding: 0 6px; }
QComboBox QAbstractItemView::item:selected { background: $selected; color: $accent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$chevron"); width: 14px; height: 14px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"],
QFrame[wrong="true"] { border: 2px solid $error; }
QToolButton[role="small"] { padding: 3px 6px; }
QToolButton[role="small"]:focus { padding: 2px 5px; }
QToolButton[role="link"], QToolButton[role="plain"] {
  background: transparent; border: 1px solid transparent; padding: 2px 4px; color: $dim; }
QToolButton[role="fold"] {
  background: transparent; border: 1px solid transparent; padding: 2px 4px 2px 0; color: $text; font-weight: 600; }
QToolButton[role="fold"]:focus { border: 1px solid $accent; padding: 2px 4px 2px 0; }
QToolButton[role="link"]:checked { color: $accent; font-weight: 700; }
QToolButton[role="link"]:focus, QToolButton[role="plain"]:focus { border: 1px solid $accent; padding: 2px 4px; }
QPushButton[role="place"] { background: transparent; border: none; padding: 0; color: $accent; text-align: left; }
QPushButton[role="place"]:hover, QPushButton[role="place"]:focus { border: none; padding: 0;
  text-decoration: underline; background: $selected; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="fine"] { font-size: ${small}px; color: $dim; }
QLabel[role="error"] { color: $error; }
QLabel[role="heading"] { font-size: ${small}px; font-weight: 600; letter-spacing: 1px; color: $dim; }
QLabel[role="name"] { font-size: ${large}px; font-weight: 700; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 700; }
QListView, QTreeView, QTableView, QListWidget, QTreeWidget { background: $panel; border: none; outline: 0;
  selection-background-color: $selected; selection-color: $text; }
QScrollArea { border: none; }
QScrollArea > #qt_scrollarea_viewport, QScrollArea > #qt_scrollarea_viewport > QWidget { background: $panel; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 0; }
QScrollBar:horizontal { height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; background: $accent; }
QSlider::handle:horizontal:disabled { background: $border; }
QSlider:focus { border: 1px solid $accent; border-radius: 5px; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTabWidget::pane { border: none; border-top: 1px solid $border; background: $panel; }
QTabWidget[folded="true"]::pane { border: none; }
QTabBar { font-size: ${base}px; }
QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid transparent; color: $dim;
  padding: 7px 2px 6px 2px; margin: 0 0 0 10px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }
QTabWidget[folded="true"] > QTabBar::tab:selected { color: $dim; border-bottom-color: transparent; }
QStatusBar { border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QMenuBar { background: $window; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $selected; color: $accent; }
QToolBar { background: $window; border: none; border-bottom: 1px solid $border; spacing: 4px; padding: 6px 8px; }
QDockWidget::title { background: $window; padding: 6px 12px; }
QFrame[role="card"] { background: $card; border: 1px solid $border; border-radius: 8px; }
QFrame[role="note"] { background: $selected; border: 1px solid $border; border-radius: 8px; }
QCheckBox::indicator, QAbstractItemView::indicator, QMenu::indicator:non-exclusive {
  width: 13px; height: 13px; border: 1px solid $dim; border-radius: 3px; background: $field; }
QMenu { background: $card; border: 1px solid $border; padding: 4px 0; }
QMenu::item { padding: 4px 24px 4px 28px; }
QMenu[role="swatches"] { icon-size: 24px; }
QMenu[role="swatches"]::item { padding-left: 44px; }
QMenu[role="swatches"]::icon { padding-left: 8px; }
QMenu[role="swatches"]::item:checked { color: $accent; font-weight: 700; }
QMenu::item:selected { background: $selected; color: $accent; }
QMenu::item:disabled { color: $dim; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: 3px 0; }
QMenu::indicator:non-exclusive { left: 7px; }
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox:focus { color: $accent; }
QCheckBox::indicator:focus { border: 2px solid $accent; width: 11px; height: 11px; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QMenu::indicator:non-exclusive:checked {
  background: $accent; border-color: $accent; image: url("$tick"); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
  background: $accent; border-color: $accent; image: url("$dash"); }
QCheckBox::indicator:disabled { border-color: $border; background: $panel; image: none; }
/* The dot of a chosen one is the ground inside a wide border. */
QRadioButton::indicator { width: 13px; height: 13px; border: 1px solid $dim; border-radius: 7px; background: $field; }
QRadioButton::indicator:hover { border-color: $accent; }
QRadioButton::indicator:focus { width: 11px; height: 11px; border: 2px solid $accent; }
QRadioButton::indicator:checked { width: 5px; height: 5px; border: 5px solid $accent; background: $accent_text; }
QRadioButton::indicator:checked:focus { width: 7px; height: 7px; border: 4px solid $accent; }
QCheckBox::indicator:checked:disabled { background: $border; image: url("$tick"); }
""")


class Theme(QObject):
    """The chosen theme. colors: those in force. changed: everything is to be painted anew."""

    changed = Signal()

    def __init__(self, name: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.colors = LIGHT
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        self.set(name)

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in force."""
        return self.colors is DARK

    def set(self, name: str) -> None:
        """Choose "system", "light" or "dark"."""
        self.name = name if name in THEMES else "system"
        scheme = QGuiApplication.styleHints().colorScheme()
        dark = self.name == "dark" or (self.name == "system" and scheme == Qt.ColorScheme.Dark)
        self.colors = DARK if dark else LIGHT
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a theme needs an application"
        # The native styles ignore parts of palettes and style sheets; Fusion follows them on every system.
        application.setStyle("Fusion")
        application.setPalette(_palette(self.colors))
        names = {**self.colors.__dict__, **_marks(dark=dark), **_sizes(application.font())}
        application.setStyleSheet(_STYLE.substitute(names))
        self.changed.emit()

    @contextmanager
    def unstyled(self) -> Iterator[None]:
        """Make many widgets before any of them gets its style, which they get at the end.

        A widget with a style is styled anew whenever it moves into another one: that took 0.1 s of the start.
        What is measured in between is measured without the style.
        """
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a theme needs an application"
        sheet = application.styleSheet()
        application.setStyleSheet("")
        try:
            yield
        finally:
            application.setStyleSheet(sheet)

    def _system_changed(self) -> None:
        if self.name == "system":
            self.set("system")


def _sizes(font: QFont) -> dict[str, int]:
    """The sizes of letters in pixels. They are 11, 12, 13 and 15 where the person's own font has 12."""
    base = QFontInfo(font).pixelSize()
    scale = {"small": 11, "base": 12, "large": 13, "title": 15}
    return {name: round(base * size / 12) for name, size in scale.items()}


def _marks(*, dark: bool) -> dict[str, str]:
    """Paths of the marks in check boxes and lists, with forward slashes, as style sheets want them on every system."""
    ending = "dark" if dark else "light"
    return {
        mark: resource("icons", f"{mark}-{ending}.svg").as_posix() for mark in ("tick", "dash", "chevron")
    }


def _palette(c: Colors) -> QPalette:
    """The palette for everything that the style sheet does not name."""
    palette = QPalette(QColor(c.card), QColor(c.window))
    role = QPalette.ColorRole
    for key, color in {
        role.Window: c.window,
        role.WindowText: c.text,
        role.Base: c.field,
        role.AlternateBase: c.panel,
        role.Text: c.text,
        role.Button: c.card,
        role.ButtonText: c.text,
        role.ToolTipBase: c.card,
        role.ToolTipText: c.text,
        role.PlaceholderText: c.dim,
        role.Highlight: c.accent,
        role.HighlightedText: c.accent_text,
        role.Link: c.accent,
        role.BrightText: c.error,
        role.Mid: c.border,
    }.items():
        palette.setColor(key, QColor(color))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(c.dim))
    return palette
