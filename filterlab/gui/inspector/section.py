"""A group of rows under a heading that folds it; the heading says in short what is set in it."""

from __future__ import annotations

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from filterlab.gui.look.icons import SIDE, icon
from filterlab.gui.look.strip import Caption
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr

_FOLDED = "inspector/folded"  # in the settings: names of groups
_AT_FIRST = "more torch"


class Section(QWidget):
    """A heading, and rows below it. Whether it is folded is remembered under `name` for all layers.

    rows: the layout that rows are added to. state: the words on the right of the heading.
    """

    def __init__(self, name: str, title: str, theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self._name, self._theme, self._settings = name, theme, settings
        self.heading = QToolButton(self)
        self.heading.setText(title)
        self.heading.setAccessibleName(title)
        self.heading.setProperty("role", "fold")
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setIconSize(QSize(SIDE, SIDE))
        self.state = Caption(self, Qt.AlignmentFlag.AlignRight)
        self.state.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.body = QWidget(self)
        self.rows = QVBoxLayout(self.body)
        self.rows.setContentsMargins(0, 0, 0, 4)
        self.rows.setSpacing(7)
        line = QHBoxLayout()
        line.addWidget(self.heading)
        line.addWidget(self.state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.body)
        self.heading.clicked.connect(self._turn)
        theme.changed.connect(self._show_fold)
        self.fold_as_kept()

    @property
    def folded(self) -> bool:
        """Whether the rows are out of sight."""
        return self.body.isHidden()

    def fold(self, on: bool) -> None:
        """Fold or unfold it, without remembering that."""
        self.body.setHidden(on)
        self._show_fold()

    def fold_as_kept(self) -> None:
        """Fold or unfold it as it was remembered."""
        self.fold(self._name in self._folded())

    def _folded(self) -> set[str]:
        return set(str(self._settings.value(_FOLDED, _AT_FIRST)).split())

    def _turn(self) -> None:
        self.fold(not self.folded)
        folded = self._folded()
        (folded.add if self.folded else folded.discard)(self._name)
        self._settings.setValue(_FOLDED, " ".join(sorted(folded)))

    def _show_fold(self) -> None:
        self.heading.setIcon(icon("chevron-right" if self.folded else "chevron-down", self._theme.colors))
        words = tr("Unfold this group") if self.folded else tr("Fold this group")
        self.heading.setToolTip(words)
        self.heading.setAccessibleDescription(words)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        painter.fillRect(0, 0, self.width(), 1, QColor(self._theme.colors.border))


def reveal(widget: QWidget) -> None:
    """Unfold the sections around a widget."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, Section):
            parent.fold(False)
        parent = parent.parentWidget()
