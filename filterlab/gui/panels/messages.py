"""All messages so far: a list to read again, with details to copy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from filterlab.gui.bench.messages import MOST, Messages, Remark
from filterlab.gui.look.icons import level_icon
from filterlab.gui.look.theme import Theme
from filterlab.gui.panels.tables import ReadOnlyTable
from filterlab.gui.words.i18n import tr

TIME, TEXT, HINT = range(3)


def level_name(level: str) -> str:
    """The level of a message in words."""
    return {"error": tr("Error"), "warning": tr("Warning")}.get(level, tr("Note"))


def full_text(message: Remark) -> str:
    """A message with its hint and details, as copied."""
    stamp = f"{message.time:%Y-%m-%d %H:%M:%S}"
    lines = (f"{stamp} {level_name(message.level)}: {message.text}", message.hint, message.details)
    return "\n".join(line for line in lines if line)


class MessagesPanel(QWidget):
    """The messages, newest last. unread_changed(count): errors that came while the panel was hidden."""

    unread_changed = Signal(int)

    def __init__(self, *, messages: Messages, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages, self._theme = messages, theme
        self._unread = 0
        self._rows: list[Remark] = []
        self.table = self._make_table()
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setAccessibleName(tr("Details of the message"))
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.copy_button = QPushButton(tr("Copy details"))
        self.copy_button.setToolTip(tr("Copy the selected message with all its details as text"))
        self.clear_button = QPushButton(tr("Clear"))
        self.clear_button.setToolTip(tr("Clear all messages"))
        self._lay_out()
        self._connect()
        for message in messages.all:
            self._append(message)
        self._unread = sum(message.level == "error" for message in messages.all)
        self._follow_row()

    @property
    def unread(self) -> int:
        """Errors that came while the panel was hidden."""
        return self._unread

    def copy_details(self) -> None:
        """Copy the selected message, or the newest, as text."""
        message = self._current()
        if message is not None:
            QGuiApplication.clipboard().setText(full_text(message))

    # -- building -------------------------------------------------------------------------------------

    def _make_table(self) -> QTableWidget:
        table = ReadOnlyTable(tr("Messages"))
        table.setColumnCount(3)
        table.setHorizontalHeaderLabels([tr("Time"), tr("Message"), tr("What to do")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setIconSize(QSize(self.fontMetrics().height(), self.fontMetrics().height()))
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(TIME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(HINT, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        self._split = QSplitter(Qt.Orientation.Horizontal)
        # A column that was dragged away would be hard to find again.
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.table)
        self._split.addWidget(self.details)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        empty = QLabel(tr("Nothing to report."))
        empty.setProperty("role", "dim")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self._split)
        buttons = QVBoxLayout()
        for button in (self.copy_button, self.clear_button):
            buttons.addWidget(button)
        buttons.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.addWidget(self._stack, 1)
        row.addLayout(buttons)

    def _connect(self) -> None:
        self._messages.added.connect(self._add)
        self._messages.cleared.connect(self._clear)
        self._theme.changed.connect(self._paint_icons)
        self.copy_button.clicked.connect(self.copy_details)
        self.clear_button.clicked.connect(self._messages.clear)
        self.table.currentCellChanged.connect(self._follow_row)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table)
        # In the table only: in the details, Ctrl+C copies the letters that are selected.
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy_details)

    # -- following ------------------------------------------------------------------------------------

    def _add(self, message: Remark) -> None:
        self._append(message)
        self.table.scrollToBottom()
        if message.level == "error" and not self.isVisible():
            self._set_unread(self._unread + 1)

    def _append(self, message: Remark) -> None:
        # The messages have forgotten their oldest by now; rows and messages stay the same.
        if len(self._rows) == MOST:
            del self._rows[0]
            self.table.removeRow(0)
        row = len(self._rows)
        self._rows.append(message)
        # Rows are added and never filled anew: a list of hundreds would be measured for each message.
        self.table.insertRow(row)
        level, stamp = level_name(message.level), f"{message.time:%H:%M:%S}"
        texts = ((stamp, level), (message.text, message.text), (message.hint, message.hint))
        for column, (text, tip) in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(tip)
            if column == TIME:
                # The level is shown by the icon alone, of which a screen reader says nothing.
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{level}, {stamp}")
                item.setIcon(self._icon(message))
            self.table.setItem(row, column, item)
        self.table.resizeRowToContents(row)
        self._follow_row()

    def _clear(self) -> None:
        self._rows.clear()
        self.table.setRowCount(0)
        self._set_unread(0)
        self._follow_row()

    def _follow_row(self, *_: object) -> None:
        message = self._current()
        details = message.details if message is not None else ""
        self._stack.setCurrentIndex(1 if self._rows else 0)
        # Most messages have none, and an empty box would take the room of the texts.
        self.details.setVisible(bool(details))
        self.details.setPlainText(details)
        self.copy_button.setEnabled(message is not None)
        self.clear_button.setEnabled(bool(self._rows))

    def _current(self) -> Remark | None:
        row = self.table.currentRow()
        if 0 <= row < len(self._rows):
            return self._rows[row]
        return self._rows[-1] if self._rows else None

    def _set_unread(self, count: int) -> None:
        if count != self._unread:
            self._unread = count
            self.unread_changed.emit(count)

    def _paint_icons(self) -> None:
        for row, message in enumerate(self._rows):
            item = self.table.item(row, TIME)
            if item is not None:
                item.setIcon(self._icon(message))

    def _icon(self, message: Remark) -> QIcon:
        size = self.fontMetrics().height()
        return level_icon(message.level, self._theme.colors, size, self.devicePixelRatioF())

    # -- events ---------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count all messages as read."""
        super().showEvent(event)
        self._set_unread(0)
        # Rows that were added while the panel was hidden were measured with columns of another width.
        self.table.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The stretched columns change their width, and their texts wrap at other places."""
        super().resizeEvent(event)
        self.table.resizeRowsToContents()
