"""Rows of tools: buttons with icons, choices in one frame, and a menu for what has no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from filterlab.gui.look.icons import SIDE, icon
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.i18n import tr

GAP = 4  # logical pixels between two tools


class IconButton(QToolButton):
    """A button of a command that shows an icon, and the command's words in its tool tip.

    Without an action it is a button whose icon, name and menu are set by whoever makes it.
    """

    def __init__(self, name: str, theme: Theme, action: QAction | None = None) -> None:
        super().__init__()
        self._icon, self._theme = name, theme
        self.setProperty("role", "icon")
        self.setIconSize(QSize(SIDE, SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action is not None:
            self.setDefaultAction(action)
            # Qt takes over the action's text and icon again whenever the command changes.
            action.changed.connect(self._keep)
        theme.changed.connect(self._keep)
        self._keep()

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        if name != self._icon:
            self._icon = name
            self._keep()

    def _keep(self) -> None:
        self.setIcon(icon(self._icon, self._theme.colors))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        if self.defaultAction() is not None:
            self.setAccessibleName(self.defaultAction().text())


def framed(buttons: Sequence[QToolButton]) -> QFrame:
    """Buttons of which one is chosen, in one frame."""
    frame = QFrame()
    frame.setProperty("role", "choices")
    row = QHBoxLayout(frame)
    row.setContentsMargins(2, 2, 2, 2)
    row.setSpacing(0)
    for button in buttons:
        button.setProperty("role", "choice")
        row.addWidget(button)
    return frame


@dataclass(frozen=True)
class Tool:
    """A widget of a row. rank: the highest leaves first, 0 never does. entries: they stand for it in the menu."""

    widget: QWidget
    rank: int
    entries: tuple[QAction | QMenu, ...]


class ToolRow(QWidget):
    """Tools side by side. Those that have no room are found in the menu of a button at the end.

    more: that button. always: entries that are in its menu at any time.
    """

    def __init__(self, theme: Theme, always: Sequence[QAction | QMenu] = ()) -> None:
        super().__init__()
        self._tools: list[Tool] = []
        self._always = tuple(always)
        self.more = IconButton("ellipsis", theme)
        self.more.setAccessibleName(tr("More"))
        self.more.setToolTip(tr("More"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self.menu)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        # Otherwise the least width would be that of all tools, and there would never be too little room for them.
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.addWidget(self.more)

    def add(
        self, widget: QWidget, rank: int = 0, entries: Sequence[QAction | QMenu] = (), stretch: int = 0
    ) -> None:
        """Add a tool before the button at the end."""
        self._tools.append(Tool(widget, rank, tuple(entries)))
        self._row.insertWidget(self._row.count() - 1, widget, stretch)

    def add_gap(self, stretch: int = 1) -> None:
        """Add room that takes what the tools leave."""
        self._row.insertStretch(self._row.count() - 1, stretch)

    def hidden_tools(self) -> list[Tool]:
        """The tools that have no room now."""
        return [tool for tool in self._tools if tool.widget.isHidden()]

    def _share(self) -> None:
        """Show as many tools as there is room for."""
        need = {tool: tool.widget.sizeHint().width() + GAP for tool in self._tools}
        room = self.contentsRect().width() - (self.more.sizeHint().width() if self._always else 0)
        kept = set(self._tools)
        # Tools of the same rank leave together.
        for rank in sorted({tool.rank for tool in self._tools} - {0}, reverse=True):
            if sum(need[tool] for tool in kept) <= room:
                break
            if len(kept) == len(self._tools) and not self._always:
                room -= self.more.sizeHint().width()
            kept = {tool for tool in kept if tool.rank != rank}
        for tool in self._tools:
            tool.widget.setVisible(tool in kept)
        self.more.setVisible(bool(self._always) or len(kept) < len(self._tools))

    def _fill(self) -> None:
        self.menu.clear()
        for entries in (*(tool.entries for tool in self.hidden_tools()), self._always):
            if self.menu.actions() and entries:
                self.menu.addSeparator()
            for entry in entries:
                self.menu.addAction(entry.menuAction() if isinstance(entry, QMenu) else entry)

    def event(self, event: QEvent) -> bool:
        """Share the room again when a tool wants more or less of it."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room again."""
        super().resizeEvent(event)
        self._share()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The width of all tools."""
        width = sum(tool.widget.sizeHint().width() + GAP for tool in self._tools)
        return QSize(width + self.more.sizeHint().width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The width of the tools that never leave."""
        width = sum(tool.widget.sizeHint().width() + GAP for tool in self._tools if not tool.rank)
        return QSize(width + self.more.sizeHint().width(), super().sizeHint().height())
