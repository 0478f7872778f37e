"""The nodes of two pipelines, and how far the maps of each are apart."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from filterlab.errors import FilterLabError
from filterlab.gui.compare.parts import PartDifferences
from filterlab.gui.look import layouts
from filterlab.gui.look.icons import icon
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import said
from filterlab.run.comparing import TOLERANCE, Difference, Differences
from filterlab.text.numbers import brief

ROW = 26  # height of a row in pixels
NAMED = 3  # nodes that are left out and are called by their names


class NodeList(QWidget):
    """A row for each node that both pipelines have. wanted(node): the person wants to see it. cancelled."""

    wanted = Signal(str)
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self.found = theme, Differences((), None)
        self.verdict = layouts.label("dim", wrap=True)
        self.tree = QTreeWidget()
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderLabels([tr("node"), tr("largest"), tr("relative")])
        self.tree.headerItem().setToolTip(1, tr("The largest absolute difference of the maps of this node"))
        tip = tr("The largest difference as a share of the larger range of both maps")
        self.tree.headerItem().setToolTip(2, tip)
        self.tree.setAccessibleName(tr("Nodes of both pipelines"))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            self.tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setToolTip(tr("Stop comparing the pipelines, and go back to the maps"))
        self.cancel.clicked.connect(self.cancelled)
        layouts.column(self, self.verdict, self.cancel, (self.tree, 1), margins=(12, 8, 8, 8), spacing=6)
        self.tree.currentItemChanged.connect(self._choose)
        theme.changed.connect(lambda: self._fill(self.current))
        self.setMinimumWidth(180)

    @property
    def current(self) -> str:
        """The chosen node; "" for none."""
        item = self.tree.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""

    def wait(self, titles: tuple[str, str]) -> None:
        """Say that two pipelines are being compared."""
        self.verdict.setText(tr("Comparing {a} with {b}…", a=titles[0], b=titles[1]))
        self.cancel.show()

    def clear(self) -> None:
        """Forget the nodes."""
        self.show_found(PartDifferences(Differences((), None), {}), "")
        self.verdict.setText("")

    def show_found(self, compared: PartDifferences, current: str, *, of_part: bool = False) -> None:
        """Show how far the nodes are apart, and choose one of them, without asking for its maps.

        of_part: whether only what is seen of the maps is compared.
        """
        self.found = compared.found
        self.cancel.hide()
        self._fill(current)
        verdict = _verdict(self.found.first, of_part=of_part, complete=compared.complete)
        self.verdict.setText(_left_out_words(verdict, compared.left_out))

    def _fill(self, current: str) -> None:
        found = self.found
        with QSignalBlocker(self.tree):
            self.tree.clear()
            for node in found.nodes:
                item = self._item(node)
                self.tree.addTopLevelItem(item)
                if node.name == current:
                    self.tree.setCurrentItem(item)

    def _item(self, node: Difference) -> QTreeWidgetItem:
        numbers = ["∞" if value == inf else brief(value, 3) for value in (node.largest, node.relative)]
        item = QTreeWidgetItem([node.name, *numbers])
        item.setSizeHint(0, QSize(0, ROW))
        item.setData(0, Qt.ItemDataRole.UserRole, node.name)
        first, differs = node.name == self.found.first, not node.relative <= TOLERANCE
        words = tr("the first that differs") if first else tr("differs") if differs else tr("does not differ")
        spoken = tr(
            "{node}, {state}: largest difference {largest}, relative {relative}",
            node=node.name,
            state=words,
            largest=numbers[0],
            relative=numbers[1],
        )
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        colors, font = self._theme.colors, QFont(self.tree.font())
        font.setBold(first)
        for column in range(3):
            item.setToolTip(column, spoken)
            item.setFont(column, font)
            item.setForeground(column, QColor(colors.text if differs else colors.dim))
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignVCenter | side)
        if first:
            item.setIcon(0, icon("git-compare", colors))
            item.setForeground(0, QColor(colors.accent))
        return item

    def _choose(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is not None:
            self.wanted.emit(self.current)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for a name and two numbers."""
        return QSize(260, 300)


def _verdict(first: str | None, *, of_part: bool, complete: bool) -> str:
    if not complete and first is None:
        return tr(
            "In the middle of what is seen, no node differs by more than round-off. Zoom in to compare all."
        )
    if not complete:
        return tr("In the middle of what is seen, the first that differs: {node}", node=first)
    if of_part and first is None:
        return tr("In the part that is seen, no node differs by more than round-off.")
    if of_part:
        return tr("In the part that is seen, the first that differs: {node}", node=first)
    if first is None:
        return tr("No node differs by more than round-off.")
    return tr("The first that differs: {node}", node=first)


def _left_out_words(verdict: str, left_out: Mapping[str, FilterLabError]) -> str:
    if not left_out:
        return verdict
    nodes = ", ".join([*left_out][:NAMED]) + (", …" if len(left_out) > NAMED else "")
    reason = said(next(iter(left_out.values())).what)
    words = tr("Left out: {nodes} ({reason})", nodes=nodes, reason=reason)
    return f"{verdict}\n{words}"
