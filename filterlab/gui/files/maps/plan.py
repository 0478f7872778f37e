"""The files that will be written, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from filterlab.gui.words.i18n import tr

Index = QModelIndex | QPersistentModelIndex


class PlanModel(QAbstractTableModel):
    """Rows of (path, content, size, what will happen to the file or has happened)."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[Path, str, str, str]] = []
        self._root = Path()

    @property
    def rows(self) -> list[tuple[Path, str, str, str]]:
        """The rows as they are shown."""
        return self._rows

    def show(self, rows: list[tuple[Path, str, str, str]], root: Path) -> None:
        """Replace the rows. Paths are shown relative to the folder `root`."""
        self.beginResetModel()
        self._rows, self._root = rows, root
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """The number of files."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """The number of columns: file, content, size and state."""
        return 0 if parent.isValid() else 4

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The titles of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("File"), tr("Content"), tr("Size"), tr("State"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell; as its tool tip the full path, or the full state, which may be a long reason."""
        path, *texts = self._rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return texts[2] if index.column() == 3 else str(path)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return str(path.relative_to(self._root)) if path.is_relative_to(self._root) else str(path)
        return texts[index.column() - 1]
