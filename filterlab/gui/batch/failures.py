"""The pictures of a batch that have failed, with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTableView

from filterlab.batch import Outcome
from filterlab.gui.batch.order import kept
from filterlab.gui.words.i18n import tr

Index = QModelIndex | QPersistentModelIndex


class FailureModel(QAbstractTableModel):
    """A row for each failure or remark: the picture, and the reason."""

    # A model and not items: thousands may fail at once, as where a folder is full.

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, str]] = []

    def clear(self) -> None:
        """Remove all rows."""
        self.beginResetModel()
        self.rows = []
        self.endResetModel()

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Add a row for each of these that has failed, and for each remark."""
        rows = [row for outcome in outcomes for row in _rows(outcome)]
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows += rows
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        return 0 if parent.isValid() else 2

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Picture"), tr("Reason"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        text = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            # The folder is mostly the same, and would leave no room for the name.
            return Path(text).name if index.column() == 0 else text
        return text if role == Qt.ItemDataRole.ToolTipRole else None

    def text(self, rows: Sequence[int] | None = None) -> str:
        """Some rows, or all, a line each, with a tab between picture and reason."""
        shown = self.rows if rows is None else [self.rows[row] for row in rows]
        return "".join(f"{picture}\t{reason}\n" for picture, reason in shown)


class FailureTable(QTableView):
    """The rows, each as tall as its wrapped reason needs. The copy key copies those that are selected."""

    def __init__(self, model: FailureModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setAccessibleName(tr("Pictures that failed"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(1.6 * self.fontMetrics().height()))
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)  # a row may be taller than the table
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._unsettled = QTimer(self, singleShot=True, interval=0)
        self._unsettled.timeout.connect(self._fit_rows)
        for signal in (
            model.rowsInserted,
            self.verticalScrollBar().valueChanged,
            self.verticalScrollBar().rangeChanged,
            self.horizontalHeader().sectionResized,
        ):
            signal.connect(self._wait)

    def _wait(self, *_: object) -> None:
        self._unsettled.start()

    def _fit_rows(self) -> None:
        # Only those in sight: measuring thousands of texts at each outcome would hold up the window.
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first >= 0:
            for row in range(first, (self._model.rowCount() - 1 if last < 0 else last) + 1):
                self.resizeRowToContents(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy whole rows; Qt itself would copy one cell."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        if event.matches(QKeySequence.StandardKey.Copy) and rows:
            QGuiApplication.clipboard().setText(self._model.text(rows))
        else:
            super().keyPressEvent(event)


def _rows(outcome: Outcome) -> list[tuple[str, str]]:
    page = "" if outcome.page is None else ", " + tr("page {n}", n=outcome.page)
    rows = [(outcome.picture + page, remark) for remark in outcome.remarks]
    if outcome.left_out:
        rows.append((outcome.picture, tr("only its first page was done")))
    if not outcome.error:
        return rows
    # The engine's own reason names options of the command line.
    reason = tr("its maps exist already and were kept") if kept(outcome) else outcome.error
    return [(outcome.picture + page, reason), *rows]
