"""The list of cards as Qt sees it: the picture, then the nodes in the order in which they run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from filterlab.graph import IMAGE
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.folds import Folds
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.viewstate import ViewState
from filterlab.gui.bench.work import Work
from filterlab.gui.chain.blockcards import BlockCard, CutCard, block_card, cut_card
from filterlab.gui.chain.cards import Card, node_card, picture_card
from filterlab.gui.chain.lanes import Lane, lanes_of
from filterlab.gui.chain.rows import ListEntry, entries, sources

CARD = Qt.ItemDataRole.UserRole
TOGETHER = 50  # milliseconds; the cards whose maps come within them are painted at once
MIME = "application/x-filterlab-node"
Index = QModelIndex | QPersistentModelIndex


class ChainModel(QAbstractListModel):
    """Follows the document, the results, and which blocks are folded.

    columns: the greatest number of wires that run beside each other. outdated: the document has changed, and the
    rows are about to follow.
    """

    outdated = Signal()

    def __init__(
        self, *, document: Document, results: Results, view: ViewState, folds: Folds, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._results, self._view, self._folds = document, results, view, folds
        self._cards: list[Card] = []
        self._entries: list[ListEntry] = []
        self._pipeline = document.pipeline
        self.columns = 1
        self._note: tuple[str, str] = ("", "")
        self._restart()
        document.changed.connect(self._follow)
        folds.changed.connect(self.refresh)
        for signal in (results.surveyed, results.staleness_changed, results.busy_changed, view.changed):
            signal.connect(self.refresh)
        # Their cards alone, and several at once: the maps of a deep network come one after the other, and reading all
        # cards or painting the list for each of them would take seconds.
        self._come: dict[str, None] = {}
        self._timer = QTimer(self, singleShot=True, interval=TOGETHER)
        self._timer.timeout.connect(self._refresh_come)
        results.map_ready.connect(self._note_come)
        results.failed.connect(self._show_failure)

    # -- reading --------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """The picture and the nodes."""
        # Qt also asks for the rows below a row, of which a list has none.
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    @property
    def current(self) -> bool:
        """True if the rows are those of the document.

        Qt calls the slots of `document.changed` in the order in which they were connected: those that came before
        this model, and what they emit in turn, run while the rows are still those of the document before.
        """
        return self._pipeline is self._document.pipeline

    def card(self, row: int) -> Card:
        """The card in a row."""
        return self._cards[row]

    def names(self) -> list[str]:
        """The nodes that rows stand for, from the top; "image" first."""
        return [card.name for card in self._cards if card.name]

    def row_of(self, name: str) -> int:
        """The row of a node; -1 where it has none."""
        return next((row for row, card in enumerate(self._cards) if card.name == name), -1)

    def entry(self, row: int) -> ListEntry:
        """What a row stands for."""
        return self._entries[row]

    def nodes_of(self, row: int) -> list[str]:
        """The nodes that a row stands for: those of a folded block, and none for the head of an open one."""
        entry = self._entries[row]
        return self._nodes(entry) if entry.name else []

    def _nodes(self, entry: ListEntry) -> list[str]:
        return [step.name for step in self._pipeline.steps[entry.start : entry.stop]]

    def row_of_block(self, name: str) -> int:
        """The row of a block, whether it is folded or not; -1 where it has none."""
        return next(
            (r for r, e in enumerate(self._entries) if e.block is not None and e.block.name == name), -1
        )

    def row_around(self, row: int) -> int:
        """The row of the open block that a row lies in."""
        depth = self._entries[row].depth
        return next(
            r for r in range(row - 1, -1, -1) if self._entries[r].open and self._entries[r].depth < depth
        )

    def row_at(self, place: int) -> int:
        """The row in which the step at a place is seen."""
        return next((r for r, e in enumerate(self._entries) if e.name and e.start <= place < e.stop), 0)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The card, and its words for tool tips and screen readers."""
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        if role == CARD:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return card.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return card.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return card.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Nodes can be renamed and dragged; the picture and blocks cannot, and what was left out is only seen."""
        flag = Qt.ItemFlag
        card = self._cards[index.row()] if index.isValid() else None
        if isinstance(card, CutCard):
            return flag.NoItemFlags
        flags = flag.ItemIsEnabled | flag.ItemIsSelectable
        if card is not None and index.row() > 0 and not isinstance(card, BlockCard):
            flags |= flag.ItemIsEditable | flag.ItemIsDragEnabled
        return flags

    # -- dragging -------------------------------------------------------------------------------------

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """Only this list's own nodes."""
        return [MIME]

    def mimeData(self, indexes: Any) -> QMimeData:  # noqa: N802 - Qt's name
        """The name of the node that is dragged."""
        data = QMimeData()
        # The name and not the row, which another edit may change while the mouse button is held down.
        data.setData(MIME, self._cards[indexes[0].row()].name.encode())
        return data

    # -- following ------------------------------------------------------------------------------------

    def set_note(self, name: str, error: str) -> None:
        """Show an error in a card while it is being renamed; "" takes it away."""
        self._note = (name, error) if error else ("", "")
        self.refresh()

    def _follow(self, _old: Work, _new: Work) -> None:
        self.outdated.emit()
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Read everything again."""
        old, new = self._cards, self._read()
        if [card.lines for card in old] != [card.lines for card in new]:
            self.beginResetModel()
            self._cards = new
            self.endResetModel()
            return
        # A reset would drop the selection and close the field of a node that is being renamed.
        self._cards = new
        changed = [row for row, card in enumerate(new) if card != old[row]]
        # One signal for the whole range: the view repaints the rows in between at hardly any cost.
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _note_come(self, name: str) -> None:
        self._come[name] = None
        if not self._timer.isActive():
            self._timer.start()

    def _show_failure(self, name: str) -> None:
        self._come[name] = None
        self._refresh_come()

    def _refresh_come(self) -> None:
        come, self._come = self._come, {}
        changed = []
        # A map may come for a node that an edit has just removed, before the rows have followed.
        for row, card in enumerate(self._cards if self.current else ()):
            entry = self._entries[row]
            if not come.keys().isdisjoint(self._nodes(entry)):
                self._cards[row] = self._card(entry, card.lane)
                changed += [row] if self._cards[row] != card else []
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _restart(self) -> None:
        self.beginResetModel()
        self._cards = self._read()
        self.endResetModel()

    def _read(self) -> list[Card]:
        work, folds = self._document.work, self._folds
        self._pipeline = work.pipeline
        self._entries = entries(work.pipeline, folds.blocks, folds.is_open, work.left_out)
        drawn = lanes_of(sources(work.pipeline, self._entries))
        # Over all rows: cards begin at the same x, however many wires run beside each of them.
        self.columns = 1 + max(max((lane.column, *lane.passing, *lane.incoming)) for lane in drawn)
        return [self._card(entry, lane) for entry, lane in zip(self._entries, drawn, strict=True)]

    def _card(self, entry: ListEntry, lane: Lane) -> Card:
        if entry.cut is not None:
            return cut_card(entry, lane)
        if entry.block is not None:
            names, source = self._nodes(entry), self._pipeline.steps[entry.start].inputs[0]
            return block_card(entry, names, self._shape(source), lane, self._results, self._hidden(names[-1]))
        if entry.name == IMAGE:
            return picture_card(self._document.picture, lane, self._hidden(IMAGE))
        node = self._pipeline.node(entry.name)
        card = node_card(node, lane, self._results, self._hidden(entry.name), entry.depth)
        noted, error = self._note
        return replace(card, error=error) if error and entry.name == noted else card

    def _shape(self, name: str) -> tuple[int, ...] | None:
        row, picture = self._results.row(name), self._document.picture
        if name == IMAGE:
            return None if picture is None else picture.shape
        return None if row is None else row.shape

    def _hidden(self, name: str) -> bool:
        return name in self._view.look.hidden
