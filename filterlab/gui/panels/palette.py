"""The command palette: all commands in one list, narrowed down by typing a few letters."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QSettings, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.commands import Command, Commands, plain
from filterlab.gui.panels.fieldkeys import FieldKeys
from filterlab.gui.panels.matching import START, mentioned, score
from filterlab.gui.words.i18n import original, tr

NAME = "view.palette"
RECENT = "palette/recent"
MOST_RECENT = 12
_ROLE = Qt.ItemDataRole.UserRole


class Palette(QFrame):
    """A popup with a field and the list. Enter runs the chosen command, Esc closes.

    Commands that were used recently come first, those that are disabled now last.
    """

    def __init__(self, *, commands: Commands, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._commands, self._settings = commands, settings
        self.setProperty("role", "card")
        self.setAccessibleName(tr("Command palette"))
        self.field = QLineEdit(placeholderText=tr("Do anything…"), clearButtonEnabled=True)
        self.field.setAccessibleName(tr("Search for a command"))
        self.list = self._make_list()
        self._none = QLabel(tr("No command matches."))
        self._none.setProperty("role", "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        for widget in (self.field, self._none, self.list):
            column.addWidget(widget)
        keys = FieldKeys(self.field, self.list)
        keys.entered.connect(lambda: self._run(self.list.currentItem()))
        keys.left.connect(self.close)
        self.field.textChanged.connect(self._fill)
        self.list.itemClicked.connect(self._run)
        commands.add(
            NAME,
            tr("Command palette…"),
            self.popup,
            menu=tr("&View"),
            shortcut="Ctrl+Shift+P",
            tip=tr("Find and run any command by name"),
        )

    def popup(self, text: str = "") -> None:
        """Open over the window and search for `text`."""
        # Whether a command is enabled depends on work that may have changed without anybody opening a menu.
        self._commands.refresh()
        self.field.setText(text)
        self._fill()
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def shown_commands(self) -> list[str]:
        """Names of the commands in the list, from the top."""
        items = (self.list.topLevelItem(i) for i in range(self.list.topLevelItemCount()))
        return [item.data(0, _ROLE) for item in items if item is not None]

    def _make_list(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setRootIsDecorated(False)
        tree.setHeaderHidden(True)
        tree.setUniformRowHeights(True)
        tree.setColumnCount(3)
        tree.setAccessibleName(tr("Commands"))
        # The field keeps the keyboard, and passes on the keys for the list.
        tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return tree

    def _place(self) -> None:
        """Move to the top of the window, as high as the list needs."""
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.screen().availableSize()
        lines, letter = self.list.topLevelItemCount() + 1, self.fontMetrics().height()
        height = min(lines * (letter + 10) + 3 * letter + 24, room.height() - 100, 34 * letter)
        self.resize(max(min(44 * letter, room.width() - 40), 240), max(height, 8 * letter))
        if parent is not None:
            corner = QPoint((room.width() - self.width()) // 2, 48)
            self.move(parent.window().mapToGlobal(corner))

    # -- finding --------------------------------------------------------------------------------------

    def _fill(self) -> None:
        self.list.clear()
        for command in self._found(self.field.text()):
            self.list.addTopLevelItem(self._item(command))
        first = self.list.topLevelItem(0)
        self._none.setVisible(first is None)
        if first is not None:
            self.list.setCurrentItem(first)
        # The height follows the number of commands that are left.
        self._place()

    def _found(self, query: str) -> list[Command]:
        recent = self._recent()
        ranked = []
        for place, command in enumerate(self._commands):
            words = f"{plain(command.action.text())} {plain(command.menu)}"
            # People know many commands by their English words, whatever the language of their window.
            english = f"{original(command.action.text())} {re.sub(r'[._]', ' ', command.name)}"
            points = score(query, words) or score(query, plain(english))
            if mentioned(query, command.other_words):
                points = max(points, START)
            if points and command.name != NAME:
                recency = recent.index(command.name) if command.name in recent else MOST_RECENT
                # False sorts before True, so that commands that can run come first; the place breaks ties.
                ranked.append((not command.action.isEnabled(), -points, recency, place, command))
        return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])]

    def _item(self, command: Command) -> QTreeWidgetItem:
        action = command.action
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        mark = "✓ " if action.isCheckable() and action.isChecked() else ""
        item = QTreeWidgetItem([mark + plain(action.text()), plain(command.menu), keys])
        item.setData(0, _ROLE, command.name)
        item.setToolTip(0, action.statusTip())
        item.setSizeHint(0, QSize(0, self.fontMetrics().height() + 10))
        item.setDisabled(not action.isEnabled())
        for column in (1, 2):
            item.setForeground(column, self.palette().placeholderText())
        return item

    # -- running --------------------------------------------------------------------------------------

    def _run(self, item: QTreeWidgetItem | None) -> None:
        if item is None or item.isDisabled():
            return
        name = item.data(0, _ROLE)
        recent = [name, *(n for n in self._recent() if n != name)]
        self._settings.setValue(RECENT, recent[:MOST_RECENT])
        # Closed first: the command may open a dialog or popup of its own, which must get the keyboard.
        self.close()
        self._commands.action(name).trigger()

    def _recent(self) -> list[str]:
        value = self._settings.value(RECENT)
        # QSettings reads a list of one entry from the file as a plain string.
        names = [value] if isinstance(value, str) else value
        # The settings may name commands that another version has had.
        return [name for name in names or [] if name in self._commands]
