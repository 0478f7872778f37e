"""The list itself: clicks on the marks of a card, and dragging with a line where the node would go."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QListView,
    QStyleOptionViewItem,
    QWidget,
)

from filterlab.graph.blocks import GraphBlock
from filterlab.gui.chain.delegate import CardDelegate
from filterlab.gui.chain.model import MIME, ChainModel
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded, painting
from filterlab.gui.words.i18n import tr


class ChainView(QListView):
    """Cards, one below the other.

    switched(name), eyed(name): the check box or the eye of a card was clicked. dropped(name, row): a node was dropped
    above the card in this row; the number of rows stands for the end. folded(block, open): a block was folded or
    unfolded.
    """

    switched = Signal(str)
    eyed = Signal(str)
    dropped = Signal(str, int)
    folded = Signal(object, bool)

    def __init__(
        self, model: ChainModel, delegate: CardDelegate, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._target = theme, -1
        self._chain, self._cards = model, delegate
        # A view does not own its delegate; as its child the delegate lives exactly as long.
        delegate.setParent(self)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        # `paintEvent` draws a line between the cards instead.
        self.setDropIndicatorShown(False)
        # For the hand over the marks: otherwise Qt reports moves only while a button is pressed.
        self.setMouseTracking(True)
        # The row under the cursor shows its marks.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(tr("Layers"))
        self.setAccessibleDescription(tr("The picture and the layers it passes through, from top to bottom."))
        theme.changed.connect(self.viewport().update)
        model.outdated.connect(self._leave_field)
        self._measure()
        model.modelReset.connect(self._measure)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the current card in sight when the list becomes smaller."""
        # Before Qt lays the list out anew: the question is whether the card was in sight until now.
        seen = QRect(QPoint(), event.oldSize()).intersects(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        if seen:
            self.scrollTo(self.currentIndex())

    def _measure(self) -> None:
        # Where all rows are alike Qt measures one of them, instead of all at every change.
        rows = range(self._chain.rowCount())
        self.setUniformItemSizes(len({self._chain.card(row).lines for row in rows}) < 2)

    # -- marks ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The marks of a card act by themselves; a click anywhere else selects the card."""
        place = event.position().toPoint()
        mark, name = self.mark_at(place)
        if event.button() == Qt.MouseButton.LeftButton and mark == "fold":
            self._turn(self.indexAt(place).row())
            event.accept()
            return
        if event.button() == Qt.MouseButton.LeftButton and mark:
            (self.switched if mark == "switch" else self.eyed).emit(name)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A double click on a mark is two clicks, and does not rename the node."""
        place = event.position().toPoint()
        if self.mark_at(place)[0]:
            self.mousePressEvent(event)
        elif self._block(self.indexAt(place).row()) is not None:
            self._turn(self.indexAt(place).row())
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show a hand over the marks, which can be clicked."""
        mark, _ = self.mark_at(event.position().toPoint())
        shape = Qt.CursorShape.PointingHandCursor if mark else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mark_at(self, place: QPoint) -> tuple[str, str]:
        """("switch", "eye" or "fold", name of the node) at a place of the viewport; ("", "") where there is none."""
        index = self.indexAt(place)
        if not index.isValid():
            return "", ""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        # `initViewItemOption` fills in what all rows share, and so no rectangle.
        option.rect = self.visualRect(index)
        layout, card = self._cards.layout(option, index), self._chain.card(index.row())
        block = self._block(index.row())
        if block is not None:
            # All of the head of an open block, and before the name of a folded one.
            if card.lines == 1 or place.x() < layout.name.left():
                return ("fold", card.name) if place.x() >= layout.body.left() else ("", "")
        elif not card.name:
            return "", ""
        # Three pixels more than is painted: the marks are small, and a near miss would select the card.
        if layout.eye.adjusted(-3, -3, 3, 3).contains(QPointF(place)):
            return "eye", card.name
        if (
            block is None
            and not card.is_picture
            and layout.switch.adjusted(-3, -3, 3, 3).contains(QPointF(place))
        ):
            return "switch", card.name
        return "", ""

    # -- folding --------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Right and Enter unfold a block, Left folds it; Left goes from a node to the block that it lies in."""
        row, key = self.currentIndex().row(), event.key()
        block = self._block(row)
        open_ = row >= 0 and self._chain.entry(row).open
        turns = {Qt.Key.Key_Left: open_, Qt.Key.Key_Right: not open_}
        if block is not None and turns.get(Qt.Key(key), key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            self._turn(row)
        elif key == Qt.Key.Key_Left and row >= 0 and self._chain.entry(row).depth:
            self.setCurrentIndex(self._chain.index(self._chain.row_around(row)))
        else:
            super().keyPressEvent(event)

    def _block(self, row: int) -> GraphBlock | None:
        return self._chain.entry(row).block if row >= 0 else None

    def _turn(self, row: int) -> None:
        """Fold or unfold the block of a row, which stays where it is on the screen."""
        entry = self._chain.entry(row)
        assert entry.block is not None, "only blocks fold"
        top = self.visualRect(self._chain.index(row)).top()
        name, kept = str(entry.block.name), self.currentIndex().row() == row
        self.folded.emit(entry.block, not entry.open)
        index = self._chain.index(self._chain.row_of_block(name))
        if kept:
            self.setCurrentIndex(index)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(index).top() - top)

    # -- dragging -------------------------------------------------------------------------------------

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: N802 - Qt's name
        """Drag the node that was pressed, and only that one, however many are selected."""
        index = self.currentIndex()
        if index.row() > 0 and self._block(index.row()) is None:
            # Copy, although the node moves: after a move Qt would remove the dragged row from the model itself.
            self.setCurrentIndex(index)
            super().startDrag(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept nodes; files are left to the window."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the node would go."""
        if not event.mimeData().hasFormat(MIME):
            event.ignore()
            return
        # Qt scrolls the list near its edges here, but refuses the drop, because the model has no rows to drop on.
        super().dragMoveEvent(event)
        event.acceptProposedAction()
        self._point_at(self.row_between(event.position().toPoint()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Show no longer where the node would go."""
        super().dragLeaveEvent(event)
        self._point_at(-1)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Emit what was dropped where; the edit of the document moves the node, and the rows follow."""
        row = self.row_between(event.position().toPoint())
        self._point_at(-1)
        # What Qt does at the end of a drop. Its own handler is not called: it would have the model insert rows.
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        name = bytes(event.mimeData().data(MIME).data()).decode()
        event.acceptProposedAction()
        self.dropped.emit(name, row)

    def row_between(self, place: QPoint) -> int:
        """The row above which a node dropped at this place of the viewport would go; never above the picture."""
        index = self.indexAt(place)
        if not index.isValid():
            return self._chain.rowCount() if place.y() > 0 else 1
        below = place.y() > self.visualRect(index).center().y()
        # `below` counts as 0 or 1: the lower half of a card stands for the place after it.
        return max(1, index.row() + below)

    def _point_at(self, row: int) -> None:
        if row != self._target:
            self._target = row
            self.viewport().update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the cards, and the line where a dragged node would go."""
        super().paintEvent(event)
        if self._target < 1:
            return
        above = self.visualRect(self.model().index(self._target - 1, 0))
        y, color = above.bottom() + 0.5, QColor(self._theme.colors.accent)
        with painting(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(above.left() + 8, y), QPointF(above.right() - 6, y))
            painter.setBrush(color)
            painter.drawEllipse(QRectF(above.left() + 4, y - 4, 8, 8))

    # -- renaming -------------------------------------------------------------------------------------

    def start_renaming(self) -> None:
        """Open a field over the name of the current card, if none is open."""
        if self._cards.editor is None:
            self.edit(self.currentIndex())

    def _leave_field(self) -> None:
        # The document changed by other means (undo from a menu): the text in the field is about a node of before.
        field = self._cards.editor
        if field is not None and not self._cards.committing:
            self.closeEditor(field, QAbstractItemDelegate.EndEditHint.RevertModelCache)

    # -- selection ------------------------------------------------------------------------------------

    def selected_names(self) -> list[str]:
        """The selected nodes from the top, without the picture."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [name for row in rows if row > 0 for name in self._chain.nodes_of(row)]

    def names(self) -> list[str]:
        """The nodes that cards stand for, from the top; the picture is the first."""
        return self._chain.names()

    def show_selected(self, name: str) -> None:
        """Select this card alone and bring it into sight."""
        row = self._chain.row_of(name)
        if row < 0 or (self.currentIndex().row() == row and len(self.selectedIndexes()) == 1):
            return
        self.setCurrentIndex(self.model().index(row, 0))
