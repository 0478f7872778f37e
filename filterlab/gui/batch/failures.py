"""The pictures of a batch that have failed, with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

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

    def text(self) -> str:
        """All rows, a line each, with a tab between picture and reason."""
        return "".join(f"{picture}\t{reason}\n" for picture, reason in self.rows)


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
