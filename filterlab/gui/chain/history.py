"""Undo, redo, and the list of all steps, in which one can go back and forth."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QWidget

from filterlab.gui.bench.document import Document
from filterlab.gui.commands import Commands
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.i18n import tr

_NATIVE = QKeySequence.SequenceFormat.NativeText


class HistoryPanel(QWidget):
    """The steps, the newest at the bottom; a click goes to one. Declares `edit.undo` and `edit.redo`."""

    def __init__(
        self, *, document: Document, commands: Commands, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._commands = document, commands
        self._declare_commands(commands)
        self.list = QListWidget()
        self.list.setSpacing(1)
        self.list.setAccessibleName(tr("Steps"))
        self.list.setAccessibleDescription(tr("Choose a step to go back to it."))
        # The current row and not a click, so that arrow keys walk through the history as well.
        self.list.currentRowChanged.connect(self._go)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(
            lambda place: self.menu().popup(self.list.mapToGlobal(place))
        )
        layouts.column(self, self.list, margins=(0, 0, 0, 0))
        document.history_changed.connect(self._follow)
        theme.changed.connect(self._follow)
        self._follow()

    def _declare_commands(self, commands: Commands) -> None:
        document = self._document
        self._undo = commands.add(
            "edit.undo",
            tr("Undo"),
            document.undo,
            menu=tr("&Edit"),
            shortcut="Ctrl+Z",
            enabled=lambda: document.history.undo_label is not None,
        )
        self._redo = commands.add(
            "edit.redo",
            tr("Redo"),
            document.redo,
            menu=tr("&Edit"),
            shortcut="Ctrl+Shift+Z",
            enabled=lambda: document.history.redo_label is not None,
        )
        # `Commands` takes one shortcut; Windows has another one for redo than the other systems.
        self._redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])

    def menu(self) -> QMenu:
        """The menu of the list: the history as text."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # The pipeline panel, which knows pins and files, declares them, perhaps after this panel.
        for name in ("edit.copy_history_python", "edit.copy_history_command"):
            menu.addAction(self._commands.action(name))
        return menu

    def _follow(self) -> None:
        history = self._document.history
        undo, redo = history.undo_label, history.redo_label
        self._undo.setText(tr("Undo") if undo is None else tr("Undo {what}", what=undo))
        self._redo.setText(tr("Redo") if redo is None else tr("Redo {what}", what=redo))
        # The button shows no words.
        for action in (self._undo, self._redo):
            action.setToolTip(f"{action.text()} ({action.shortcut().toString(_NATIVE)})")
        # Directly, without waiting for a menu to be opened: the shortcut must work from now on.
        self._undo.setEnabled(undo is not None)
        self._redo.setEnabled(redo is not None)
        self._fill(history.labels, history.place)

    def _fill(self, labels: list[str], place: int) -> None:
        """One line for each step; the undone ones are in italics and dim.

        Items are kept and changed in place: this runs at every edit, as often as a slider is dragged.
        """
        listed = self.list
        # The current row follows the document here; with signals it would be taken for a click on another step.
        listed.blockSignals(True)
        while listed.count() > len(labels):
            listed.takeItem(listed.count() - 1)
        while listed.count() < len(labels):
            listed.addItem(QListWidgetItem())
        for row, label in enumerate(labels):
            item, undone = listed.item(row), row > place
            item.setText(label or tr("Start"))
            # Set for every item, since an item is used again and may have been italic before.
            font = QFont(listed.font())
            font.setItalic(undone)
            item.setFont(font)
            brush = listed.palette().placeholderText() if undone else listed.palette().text()
            item.setForeground(brush)
        listed.setCurrentRow(place)
        listed.scrollToItem(listed.item(place))
        listed.blockSignals(False)

    def _go(self, row: int) -> None:
        if row >= 0 and row != self._document.history.place:
            self._document.jump(row)
