"""The ledger as a table that sorts by any of its columns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.chain.cards import field_words
from filterlab.gui.chain.model import Index
from filterlab.gui.inspector.kernel.floating import Floating
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words
from filterlab.run.ledger import Row, bytes_text, count_text

_HEIGHT = 560  # logical pixels
_EDGES = 28  # the margins of the window, and the frame of the table
_LEAST = 14  # letters that a column has room for
_NAMES = 34  # letters of a name that are seen at once
_NAME, _KIND, _SHAPE, _PARAMETERS, _MACS, _MEMORY, _FIELD = range(7)


class FiguresModel(QAbstractTableModel):
    """The rows of the ledger in the order of the steps; what has no figures has the smallest ones."""

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._names: list[str] = []
        self.read()

    def read(self) -> None:
        """Read all rows again."""
        self.beginResetModel()
        self._names = [step.name for step in self._bench.document.pipeline.steps]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """The nodes."""
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Name, kind, and five figures."""
        return 0 if parent is not None and parent.isValid() else 7

    def name(self, row: int) -> str:
        """The node of a row."""
        return self._names[row]

    def row_of(self, name: str) -> int:
        """The row of a node; -1 where it has none."""
        return self._names.index(name) if name in self._names else -1

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The names of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            tr("Name"),
            tr("Layer"),
            tr("Shape"),
            tr("Parameters"),
            tr("Multiply-adds"),
            tr("Memory"),
            tr("Receptive field"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts to read, and numbers to sort by."""
        if not index.isValid():
            return None
        name, column = self._names[index.row()], index.column()
        row = self._bench.results.row(name)
        if role == Qt.ItemDataRole.UserRole:
            return self._sorted_by(index.row(), column, row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column >= _SHAPE else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole and column == _NAME:
            return name  # the column may be too narrow for it
        if (
            role == Qt.ItemDataRole.ToolTipRole
            and column in (_PARAMETERS, _MACS, _MEMORY)
            and row is not None
        ):
            return f"{self._sorted_by(index.row(), column, row):,}"
        return self._text(name, column, row) if role == Qt.ItemDataRole.DisplayRole else None

    def _sorted_by(self, place: int, column: int, row: Row | None) -> Any:
        if column == _NAME:
            return place  # by their order in the graph, which names of numbers would not keep
        if column == _KIND:
            return self._text(self._names[place], column, row)
        if row is None:
            return -1
        field = row.receptive_field
        elements = row.bytes // 4
        reach = field.size[0] * field.size[1] if field is not None else -1
        return {_SHAPE: elements, _PARAMETERS: row.parameters, _MACS: row.macs, _MEMORY: row.bytes}.get(
            column, reach
        )

    def _text(self, name: str, column: int, row: Row | None) -> str:
        if column == _NAME:
            return name
        if column == _KIND:
            return tr(self._bench.document.pipeline[name].title)
        if row is None:
            return "–"
        if column == _SHAPE:
            return shape_words(row.shape)
        if column == _MEMORY:
            return bytes_text(row.bytes)
        return (
            field_words(row)
            if column == _FIELD
            else count_text(row.parameters if column == _PARAMETERS else row.macs)
        )


class LedgerWindow(Floating):
    """The table in a window of its own. A row that is chosen selects its node, and the other way round."""

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        self.table = QTableView()
        super().__init__(tr("Ledger"), self.table, parent)
        self._bench = bench
        self.model = FiguresModel(bench, self)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(Qt.ItemDataRole.UserRole)
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        bench.selection.node_changed.connect(self._follow)
        bench.results.surveyed.connect(self._read)
        bench.document.changed.connect(self._read)
        self._follow(bench.selection.node)

    def open(self) -> None:
        """Show the table."""
        self._fit()
        bar = self.table.verticalScrollBar().sizeHint().width()
        letter = self.fontMetrics().averageCharWidth()
        wide = sum(map(self.table.columnWidth, range(_NAME + 1, self.model.columnCount())))
        self.show_large(QSize(wide + _NAMES * letter + bar + _EDGES, _HEIGHT))

    def _lay_out(self) -> None:
        table = self.table
        table.setModel(self.sorted)
        table.setAccessibleName(tr("Ledger"))
        table.setShowGrid(False)
        table.setSortingEnabled(True)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.sortByColumn(_NAME, Qt.SortOrder.AscendingOrder)
        table.verticalHeader().hide()
        # Not by their contents: Qt would ask for the texts of all rows.
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names begin alike
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        # On a narrow screen the table scrolls, before the names are squeezed to nothing.
        table.horizontalHeader().setMinimumSectionSize(_LEAST * self.fontMetrics().averageCharWidth())

    def _fit(self) -> None:
        """Make the columns as wide as what stands in them."""
        metrics, header = self.table.fontMetrics(), self.table.horizontalHeader()
        for column in range(_NAME + 1, self.model.columnCount()):
            # Measured by the longest text alone: asking Qt to fit a column makes and measures all of them twice.
            texts = (str(self.model.index(row, column).data()) for row in range(self.model.rowCount()))
            wide = metrics.horizontalAdvance(max(texts, key=len, default="")) + 16
            self.table.setColumnWidth(column, max(wide, header.sectionSizeHint(column)))

    def _read(self, *_: object) -> None:
        self.model.read()
        if self.isVisible():
            self._fit()
        self._follow(self._bench.selection.node)

    def _follow(self, node: str) -> None:
        row = self.model.row_of(node)
        if row < 0:
            self.table.clearSelection()
            return
        index = self.sorted.mapFromSource(self.model.index(row, 0))
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self._bench.selection.select(self.model.name(self.sorted.mapToSource(current).row()))
