"""All commands by name: menus, tool bar, palette, the list of shortcuts and tests read this one list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

_ACCESS_KEY = re.compile(r"\(&[^&]\)")  # languages without Latin letters put the access key behind the text
Shortcut = str | QKeySequence.StandardKey | None


def plain(text: str) -> str:
    """The text of an action or menu without the mark of its access key."""
    # In Qt "&x" marks the key x and "&&" stands for the character; "\0" keeps the latter while marks are removed.
    return _ACCESS_KEY.sub("", text).replace("&&", "\0").replace("&", "").replace("\0", "&")


@dataclass(frozen=True)
class Command:
    """One command.

    name: stable and unique, as "file.open". menu: the title of its menu, "" for none. enabled: whether it makes sense
    now, asked after every change; None where it always does. everywhere: whether its shortcut works wherever the focus
    is; else it works in one part of the window only, to which the action was added. search_words: others, in English
    and Chinese, by which people look for it.
    """

    name: str
    menu: str
    action: QAction
    enabled: Callable[[], bool] | None
    everywhere: bool = True
    search_words: str | Callable[[], str] = ""

    @property
    def other_words(self) -> str:
        """The words by which it is found besides its text."""
        return self.search_words if isinstance(self.search_words, str) else self.search_words()


class Commands(QObject):
    """The commands in the order in which they were added. The actions are children of this object."""

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
        search_words: str | Callable[[], str] = "",
    ) -> QAction:
        """Declare a command and return its action. text, menu and tip are translated already.

        checked: makes it a switch or a choice, and says its state whenever commands are refreshed. within: the
        shortcut works only while the focus is in this widget (for keys such as Delete, which others need too).
        search_words: as of `Command`.
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
        action.triggered.connect(
            lambda: run()
        )  # a lambda, or `run` would be passed the state of the check mark
        if checked is not None:
            action.setCheckable(True)
            self._checks[name] = checked
        if within is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            within.addAction(action)
        self._commands[name] = Command(
            name, menu, action, enabled, everywhere=within is None, search_words=search_words
        )
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
        """Ask every command whether it is enabled now, and every switch for its state."""
        for command in self._commands.values():
            if command.enabled is not None:
                command.action.setEnabled(command.enabled())
            if command.name in self._checks:
                command.action.setChecked(self._checks[command.name]())
