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
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.viewstate import ViewState
from filterlab.gui.bench.work import Work
from filterlab.gui.chain.cards import Card, node_card, picture_card
from filterlab.gui.chain.lanes import Lane, lanes

CARD = Qt.ItemDataRole.UserRole
TOGETHER = 50  # milliseconds; the cards whose maps come within them are painted at once
MIME = "application/x-filterlab-node"
Index = QModelIndex | QPersistentModelIndex


class ChainModel(QAbstractListModel):
    """Follows the document and the results.

    columns: the greatest number of wires that run beside each other. outdated: the document has changed, and the
    rows are about to follow.
    """

    outdated = Signal()

    def __init__(self, *, document: Document, results: Results, view: ViewState, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._results, self._view = document, results, view
        self._cards: list[Card] = []
        self.columns = 1
        self._note: tuple[str, str] = ("", "")
        self._restart()
        document.changed.connect(self._follow)
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
        steps = self._document.pipeline.steps
        return self.names() == [IMAGE, *(step.name for step in steps)]

    def card(self, row: int) -> Card:
        """The card in a row."""
        return self._cards[row]

    def names(self) -> list[str]:
        """The names of the rows from the top, "image" first."""
        return [card.name for card in self._cards]

    def row_of(self, name: str) -> int:
        """The row of a node; -1 where it has none."""
        return next((row for row, card in enumerate(self._cards) if card.name == name), -1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The card, and its words for tool tips and screen readers."""
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        if role == CARD:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return card.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return card.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return card.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Nodes can be renamed and dragged; the picture cannot."""
        flag = Qt.ItemFlag
        flags = flag.ItemIsEnabled | flag.ItemIsSelectable
        if index.isValid() and index.row() > 0:
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
        if len(old) != len(new):
            self._restart()
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
        for row, card in enumerate(self._cards):
            # A map may come for a node that an edit has just removed, before the rows have followed.
            if row > 0 and card.name in come and card.name in self._document.pipeline:
                self._cards[row] = self._node_card(card.name, card.lane)
                changed += [row] if self._cards[row] != card else []
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _restart(self) -> None:
        self.beginResetModel()
        self._cards = self._read()
        self.endResetModel()

    def _read(self) -> list[Card]:
        document = self._document
        drawn = lanes(document.pipeline)
        # Over all rows: cards begin at the same x, however many wires run beside each of them.
        self.columns = 1 + max(max((lane.column, *lane.passing, *lane.incoming)) for lane in drawn)
        picture = picture_card(document.picture, drawn[0], self._hidden(IMAGE))
        steps = zip(document.pipeline.steps, drawn[1:], strict=True)
        return [picture, *(self._node_card(step.name, lane) for step, lane in steps)]

    def _node_card(self, name: str, lane: Lane) -> Card:
        node = self._document.pipeline.node(name)
        card = node_card(node, lane, self._results, self._hidden(name))
        noted, error = self._note
        return replace(card, error=error) if error and name == noted else card

    def _hidden(self, name: str) -> bool:
        return name in self._view.look.hidden
