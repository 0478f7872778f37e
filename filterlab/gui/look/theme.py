"""The light and the dark theme: one set of colours, for the widgets and for what the views paint."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from filterlab.images.palette import DARK, LIGHT, Colors
from filterlab.resources import resource

THEMES = ("system", "light", "dark")


# A border with the focus is a pixel wider, and the padding inside a pixel less, so that nothing moves. Where one part
# of a check box or menu is styled, Qt draws none of its parts by itself: indicators have all their states here.
_STYLE = Template("""
QToolTip { background: $card; color: $text; border: 1px solid $border; padding: 3px; }
QPushButton, QToolButton { background: $card; border: 1px solid $border; border-radius: 4px; padding: 4px 10px; }
QToolButton { padding: 4px 8px; }
QPushButton:hover, QToolButton:hover { border-color: $accent; }
QPushButton[role="primary"] { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {
  background: $accent; color: $accent_text; border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $dim; background: $panel; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 3px 9px; }
QToolButton:focus { padding: 3px 7px; }
QLineEdit, QPlainTextEdit, QTextEdit {
  background: $field; border: 1px solid $border; border-radius: 4px; padding: 2px 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 1px 5px; }
QAbstractSpinBox > QLineEdit, QComboBox > QLineEdit { border: none; background: transparent; padding: 2px 0; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"],
QFrame[wrong="true"] { border: 2px solid $error; }
QToolButton[role="small"] { padding: 2px 6px; }
QToolButton[role="small"]:focus { padding: 1px 5px; }
QToolButton[role="link"], QToolButton[role="plain"] {
  background: transparent; border: 1px solid transparent; padding: 2px 4px; color: $dim; }
QToolButton[role="link"]:checked { color: $accent; font-weight: 700; }
QToolButton[role="link"]:focus, QToolButton[role="plain"]:focus { border: 1px solid $accent; padding: 2px 4px; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="error"] { color: $error; }
QLabel[role="heading"] { font-weight: 600; letter-spacing: 1px; color: $dim; }
QLabel[role="title"] { font-size: 15pt; font-weight: 600; }
QListView, QTreeView, QTableView, QListWidget, QTreeWidget { background: $panel; border: none; }
QScrollArea { border: none; }
QScrollArea > #qt_scrollarea_viewport, QScrollArea > #qt_scrollarea_viewport > QWidget { background: $panel; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTabWidget::pane { border: none; border-top: 1px solid $border; background: $panel; }
QTabBar::tab { background: transparent; border: none; padding: 6px 12px; color: $text; }
QTabBar::tab:selected { border-bottom: 3px solid $accent; font-weight: 600; }
QTabBar::tab:focus { color: $accent; }
QStatusBar { border-top: 1px solid $border; }
QToolBar { background: $window; border: none; border-bottom: 1px solid $border; spacing: 6px; padding: 6px; }
QFrame[role="card"] { background: $card; border: 1px solid $border; border-radius: 6px; }
QFrame[role="note"] { background: $selected; border: 1px solid $border; border-radius: 6px; }
QCheckBox::indicator, QAbstractItemView::indicator, QMenu::indicator:non-exclusive {
  width: 13px; height: 13px; border: 1px solid $dim; border-radius: 3px; background: $field; }
QMenu { background: $card; border: 1px solid $border; padding: 3px 0; }
QMenu::item { padding: 4px 24px 4px 28px; }
QMenu::item:selected { background: $accent; color: $accent_text; }
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
        application.setStyleSheet(_STYLE.substitute(self.colors.__dict__, **_marks(dark=dark)))
        self.changed.emit()

    def _system_changed(self) -> None:
        if self.name == "system":
            self.set("system")


def _marks(*, dark: bool) -> dict[str, str]:
    """Paths of the marks in check boxes, with forward slashes, as style sheets want them on every system."""
    ending = "dark" if dark else "light"
    return {mark: resource("icons", f"{mark}-{ending}.svg").as_posix() for mark in ("tick", "dash")}


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
