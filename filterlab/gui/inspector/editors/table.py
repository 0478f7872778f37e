"""A table of the numbers of an array. Only the numbers on the screen are turned into text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.words.i18n import tr
from filterlab.kernels.text import number_text, parse_number
from filterlab.text.numbers import exact

if TYPE_CHECKING:
    from numpy.typing import NDArray

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class Numbers(QAbstractTableModel):
    """An array (n,) as one column, or (n, m) as rows and columns.

    entered(index of the array, number): a number was typed. refused(error): what was typed is no number.
    """

    entered = Signal(object, float)
    refused = Signal(object)

    def __init__(self, row_name: str, column_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = row_name, column_name
        self._array: NDArray[Any] | None = None

    def show_array(self, array: NDArray[Any] | None) -> None:
        """Show other numbers. Selection and scroll bars stay where the shape stays the same."""
        old = self._array
        if old is not None and array is not None and old.shape == array.shape:
            self._array = array
            if old is not array:
                self.dataChanged.emit(
                    self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1)
                )
            return
        # Swapped between the two: until the first has told them, views may ask by the old shape.
        self.beginResetModel()
        self._array = array
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        return 0 if self._array is None or parent.isValid() else self._array.shape[0]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        if self._array is None or parent.isValid():
            return 0
        return 1 if self._array.ndim == 1 else self._array.shape[1]

    def _place(self, index: Index) -> tuple[int, ...]:
        assert self._array is not None, "an index belongs to numbers"
        return (index.row(),) if self._array.ndim == 1 else (index.row(), index.column())

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if self._array is None or not index.isValid():
            return None
        if role == Role.DisplayRole:
            return exact(self._array[self._place(index)])
        if role == Role.EditRole:
            return number_text(self._array[self._place(index)])
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: N802 - Qt's name
        if role != Role.EditRole or not index.isValid():
            return False
        if str(value) == self.data(index, Role.EditRole):
            return True  # a cell that was opened and left is not an edit
        try:
            number = parse_number(str(value))
        except FilterLabError as error:
            self.refused.emit(error)
            return False
        self.entered.emit(self._place(index), number)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        if role == Role.DisplayRole:
            if orientation == Qt.Orientation.Horizontal and self._array is not None and self._array.ndim == 1:
                return tr("value")
            names = self._names[1].split(", ")
            if orientation == Qt.Orientation.Horizontal and len(names) == self.columnCount():
                return names[section] if len(names) > 1 else str(section)
            return str(section)
        if role == Role.ToolTipRole:
            name = self._names[0 if orientation == Qt.Orientation.Vertical else 1]
            return tr("{axis} {number}", axis=name, number=section)
        return None


class NumbersView(QTableView):
    """The table, as high as its rows, but no higher than `most_rows` of them."""

    def __init__(self, model: Numbers, most_rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._most_rows = most_rows
        self.setTabKeyNavigation(False)  # Tab leaves the table, as it leaves any other field of the panel
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.verticalHeader(), self.horizontalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        row = self.fontMetrics().height() + 6
        self.verticalHeader().setDefaultSectionSize(row)
        self.horizontalHeader().setDefaultSectionSize(
            self.fontMetrics().horizontalAdvance("−0.00000000") + 10
        )
        self.horizontalHeader().setFixedHeight(row)
        model.modelReset.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        rows = self.model().rowCount()
        if self.model().columnCount() == 1:
            self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            self.horizontalHeader().hide()
            frame = 2
        else:
            self.horizontalHeader().show()
            frame = self.horizontalHeader().height() + self.horizontalScrollBar().sizeHint().height() + 2
        height = self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(min(max(rows, 1), self._most_rows) * height + frame)
