"""What a network's file holds besides the layers: a row below the list, and a table of what was cut and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTableWidgetItem, QToolButton, QWidget

from filterlab.gui.bench.document import Document
from filterlab.gui.look import layouts
from filterlab.gui.panels.tables import ReadOnlyTable
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said

if TYPE_CHECKING:
    from filterlab.interop.importing import LeftOut


class LeftOutRow(QToolButton):
    """Says how many tensors were left out, and opens their table. Hidden where the pipeline is all of the file."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setProperty("role", "plain")
        self.setToolTip(tr("Show what no layer carries, and why"))
        self.clicked.connect(self.open_table)
        document.changed.connect(self._follow)
        self._follow()

    def open_table(self) -> LeftOutDialog:
        """Open the table."""
        dialog = LeftOutDialog(self._document.work.left_out, self.window())
        dialog.open()
        return dialog

    def _follow(self) -> None:
        count = len(self._document.work.left_out)
        self.setText(tr("Left out: 1 tensor…") if count == 1 else tr("Left out: {n} tensors…", n=count))
        self.setVisible(count > 0)


class LeftOutDialog(QDialog):
    """The tensors of a file that no layer carries, each with its operator and the reason."""

    def __init__(self, left_out: Sequence[LeftOut], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Left out of the network"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.table = ReadOnlyTable(self.windowTitle())
        self.table.setColumnCount(3)
        self.table.setHorizontalHeaderLabels([tr("Tensor"), tr("Operator"), tr("Reason")])
        self.table.setRowCount(len(left_out))
        for row, entry in enumerate(left_out):
            for column, text in enumerate((entry.tensor, entry.operator, said(entry.reason))):
                self.table.setItem(row, column, QTableWidgetItem(text))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        em = self.fontMetrics().averageCharWidth()
        self.table.setColumnWidth(0, 40 * em)
        layouts.column(self, (self.table, 1))
        self.resize(110 * em, 60 * em)
