"""Dropping files: on any widget, and on the framed area of the start page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from filterlab.gui.files.gallery import fitted
from filterlab.gui.files.opening import Opener
from filterlab.gui.look import layouts
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints

_HEIGHT = 7  # of the picture in the frame, in lines of text


class DropArea(QObject):
    """Lets a widget accept what can be opened. hovering(bool): something that can be dropped is over it."""

    hovering = Signal(bool)

    # An event filter, so that any widget, the main window too, takes drops without a class of its own.

    def __init__(self, widget: QWidget, opening: Opener) -> None:
        super().__init__(widget)
        self._opening = opening
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Handle drags and drops, and leave all other events to the widget."""
        if event.type() == QEvent.Type.DragLeave:
            self.hovering.emit(False)
        elif isinstance(event, QDragMoveEvent):  # QDragEnterEvent is a kind of QDragMoveEvent
            return self._offer(event, event.mimeData())
        elif isinstance(event, QDropEvent):
            self.hovering.emit(False)
            if self._offer(event, event.mimeData(), hover=False):
                self._opening.take_mime(event.mimeData())
                return True
        return False

    def _offer(self, event: QDropEvent, mime: QMimeData, *, hover: bool = True) -> bool:
        if not self._opening.can_take(mime):
            return False
        # File managers propose to move a file within one disk, and would delete the original after a drop.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if hover:
            self.hovering.emit(True)
        return True


class DropZone(QFrame):
    """A dashed frame with a title, a line of text and, once there is one, the open picture."""

    def __init__(self, *, theme: Theme, opening: Opener) -> None:
        super().__init__()
        self._theme = theme
        self._over = False
        self._image = QLabel()
        self._title, self._words = (layouts.label(role, wrap=True) for role in ("title", "dim"))
        labels = (self._image, self._title, self._words)
        for label in labels:
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layouts.column(self, *labels, margins=(16, 14, 16, 14))
        self._image.hide()
        self.area = DropArea(self, opening)
        self.area.hovering.connect(self._hover)
        theme.changed.connect(self.update)

    def show_words(self, title: str, words: str) -> None:
        """Replace the text and hide the picture."""
        self._title.setText(title)
        self._words.setText(words)
        self.setAccessibleName(title)
        self._image.hide()

    def show_image(self, image: QImage) -> None:
        """Show a picture above the text."""
        side = _HEIGHT * self.fontMetrics().height()
        self._image.setPixmap(fitted(image, QSize(3 * side, side), self.devicePixelRatioF()))
        self._image.show()

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        """Draw the frame, highlighted while something is over it."""
        colors = self._theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = Qt.PenStyle.SolidLine if self._over else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(colors.accent if self._over else colors.dim), 2, style))
        painter.setBrush(QColor(colors.selected if self._over else colors.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def _hover(self, over: bool) -> None:
        self._over = over
        self.update()
