"""Everything that can be done, by name: menus, tool bar, palette, shortcut list and tests all read this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

_ACCESS_KEY = re.compile(r"\(&[^&]\)")  # as languages without Latin letters have it behind the words
Shortcut = str | QKeySequence.StandardKey | None


def plain(text: str) -> str:
    """The text of an action or menu without the marks of its access key."""
    return _ACCESS_KEY.sub("", text).replace("&&", "\0").replace("&", "").replace("\0", "&")


@dataclass(frozen=True)
class Command:
    """name: stable and unique, as "file.open". menu: the title of its menu, "" where it stands in none.

    enabled: whether it makes sense now; asked whenever something changed. everywhere: whether its shortcut works
    wherever the focus is; else it works in one part of the window only, which has the action already.
    """

    name: str
    menu: str
    action: QAction
    enabled: Callable[[], bool] | None
    everywhere: bool = True


class Commands(QObject):
    """The commands in the order in which they were added. The actions belong to this object."""

    added = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._checks: dict[str, Callable[[], bool]] = {}

    def add(
        self,
        name: str,
        text: str,
        run: Callable[[], object],
        *,
        menu: str = "",
        shortcut: Shortcut = None,
        tip: str = "",
        enabled: Callable[[], bool] | None = None,
        checked: Callable[[], bool] | None = None,
        within: QWidget | None = None,
    ) -> QAction:
        """Declare a command and give its action. text, menu and tip are already translated.

        checked: makes it a switch or a choice, and tells its state whenever commands are refreshed. within: the
        shortcut works only where the focus is in this widget (for keys such as Delete, which others need too).
        """
        assert name not in self._commands, f"the command {name} is declared twice"
        action = QAction(text, self)
        action.setObjectName(name)
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
        action.setIconText(plain(text).rstrip("…"))
        tip = tip or action.iconText()
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        action.setStatusTip(tip)
        action.triggered.connect(lambda: run())
        if checked is not None:
            action.setCheckable(True)
            self._checks[name] = checked
        if within is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            within.addAction(action)
        self._commands[name] = Command(name, menu, action, enabled, everywhere=within is None)
        self.added.emit(name)
        return action

    def action(self, name: str) -> QAction:
        """The action of a command."""
        return self._commands[name].action

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __contains__(self, name: object) -> bool:
        return name in self._commands

    def refresh(self) -> None:
        """Ask every command whether it makes sense now, and every switch for its state."""
        for command in self._commands.values():
            if command.enabled is not None:
                command.action.setEnabled(command.enabled())
            if command.name in self._checks:
                command.action.setChecked(self._checks[command.name]())
