"""The list itself: clicks on the marks of a card, and dragging with a line where the node would go."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
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

from filterlab.gui.chain.delegate import CardDelegate
from filterlab.gui.chain.model import MIME, ChainModel
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded, painting
from filterlab.gui.words.i18n import tr


class ChainView(QListView):
    """Cards, one below the other.

    switched(name), eyed(name): the check box or the eye of a card was clicked. dropped(name, row): a node was dropped
    above the card in this row; the number of rows stands for the end.
    """

    switched = Signal(str)
    eyed = Signal(str)
    dropped = Signal(str, int)

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
        # Qt measures one row then, instead of all of them at every change.
        self.setUniformItemSizes(True)
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

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the current card in sight when the list becomes smaller."""
        # Before Qt lays the list out anew: the question is whether the card was in sight until now.
        seen = QRect(QPoint(), event.oldSize()).intersects(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        if seen:
            self.scrollTo(self.currentIndex())

    # -- marks ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The box and the eye of a card act by themselves; a click anywhere else selects the card."""
        mark, name = self.mark_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and mark:
            (self.switched if mark == "switch" else self.eyed).emit(name)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A double click on a mark is two clicks, and does not rename the node."""
        if self.mark_at(event.position().toPoint())[0]:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show a hand over the marks, which can be clicked."""
        mark, _ = self.mark_at(event.position().toPoint())
        shape = Qt.CursorShape.PointingHandCursor if mark else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mark_at(self, place: QPoint) -> tuple[str, str]:
        """("switch" or "eye", name of the node) at a place of the viewport; ("", "") where there is none."""
        index = self.indexAt(place)
        if not index.isValid():
            return "", ""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        # `initViewItemOption` fills in what all rows share, and so no rectangle.
        option.rect = self.visualRect(index)
        layout, card = self._cards.layout(option, index), self._chain.card(index.row())
        # Three pixels more than is painted: the marks are small, and a near miss would select the card.
        if layout.eye.adjusted(-3, -3, 3, 3).contains(QPointF(place)):
            return "eye", card.name
        if not card.is_picture and layout.switch.adjusted(-3, -3, 3, 3).contains(QPointF(place)):
            return "switch", card.name
        return "", ""

    # -- dragging -------------------------------------------------------------------------------------

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: N802 - Qt's name
        """Drag the node that was pressed, and only that one, however many are selected."""
        index = self.currentIndex()
        if index.row() > 0:
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
        return [self._chain.card(row).name for row in rows if row > 0]

    def show_selected(self, name: str) -> None:
        """Select this card alone and bring it into sight."""
        row = self._chain.row_of(name)
        if row < 0 or (self.currentIndex().row() == row and len(self.selectedIndexes()) == 1):
            return
        self.setCurrentIndex(self.model().index(row, 0))
