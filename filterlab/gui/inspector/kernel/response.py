"""The frequency response of a kernel: a picture with axes, and sections through its middle."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from filterlab.gui.inspector.kernel.session import KernelSession
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.images.views import pixels_of
from filterlab.kernels.analysis import frequency_response, response_section
from filterlab.text.numbers import brief

SIDE = 150  # logical pixels of the smallest picture
_FREQUENCIES = 128  # samples along an axis
_GAP = 12
_TICKS = ((0.0, "0"), (0.25, "¼"), (0.5, "½"))  # cycles a pixel


class ResponseView(QWidget):
    """Left the factor by which waves of each frequency are passed on, zero frequency in the middle; right the factor
    for waves along the rows (a line) and along the columns (dashes). opened: it was double-clicked.
    """

    opened = Signal()

    def __init__(self, session: KernelSession, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self.image = QImage()
        self.refresh()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(tr("frequency response"))
        self.setToolTip(
            tr(
                "Which frequencies pass, in cycles a pixel. Left: low ones are in the middle, waves along the rows "
                "left and right of it, along the columns above and below. Right: the factor for waves along the "
                "rows (line) and along the columns (dashes). Double-click to enlarge."
            )
        )
        session.changed.connect(self.refresh)
        theme.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the response of the session's kernel as it is now."""
        response = frequency_response(self._session.kernel, _FREQUENCIES)
        self.largest = float(response.max())
        tint = "sequential-dark" if self._theme.dark else "sequential-light"
        self.image = image_of(pixels_of(response, 0.0, self.largest or 1.0, tint))
        # By axis: 0 down the columns, 1 along the rows.
        self.sections: tuple[list[float], ...] = tuple(
            response_section(response, axis).tolist() for axis in (0, 1)
        )
        columns, rows = self.sections
        self.setAccessibleDescription(
            tr(
                "constant parts times {zero}; the finest waves along the rows times {rows}, "
                "along the columns times {columns}",
                zero=brief(rows[0]),
                rows=brief(rows[-1]),
                columns=brief(columns[-1]),
            )
        )
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(SIDE * 2, SIDE + self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(SIDE + 80, self.sizeHint().height())

    @property
    def plate(self) -> QRectF:
        """The square of the picture."""
        label = self.fontMetrics().height() + 2
        side = max(min(self.height() - label, (self.width() - _GAP) * 0.6), SIDE)
        return QRectF(0, 0, side, side)

    @property
    def plot(self) -> QRectF:
        """The frame of the sections."""
        left, line = self.plate.right() + _GAP, self.fontMetrics().height()
        return QRectF(left, 2 * line, max(self.width() - left - 6, 10), self.plate.height() - 2 * line)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        self._paint_plate(painter)
        self._paint_plot(painter)

    def _paint_plate(self, painter: QPainter) -> None:
        plate, colors = self.plate, self._theme.colors
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(plate, self.image)
        # Half seen, so that the axes do not hide what lies on them.
        painter.setPen(QPen(_faint(colors.dim), 1))
        middle = plate.center()
        painter.drawLine(QPointF(middle.x(), plate.top()), QPointF(middle.x(), plate.bottom()))
        painter.drawLine(QPointF(plate.left(), middle.y()), QPointF(plate.right(), middle.y()))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawRect(plate.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(colors.dim))
        align = Qt.AlignmentFlag
        line = QRectF(plate.left(), plate.bottom() + 1, plate.width(), self.fontMetrics().height())
        for text, side in (("−½", align.AlignLeft), ("0", align.AlignHCenter), ("½", align.AlignRight)):
            painter.drawText(line, side | align.AlignTop, text)

    def _paint_plot(self, painter: QPainter) -> None:
        plot, colors = self.plot, self._theme.colors
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.drawLine(plot.topLeft(), plot.bottomLeft())
        painter.setPen(QColor(colors.dim))
        align = Qt.AlignmentFlag
        line = self.fontMetrics().height()
        head = QRectF(plot.left(), 0, plot.width() + 6, line)
        painter.drawText(head, align.AlignLeft, tr("cycles a pixel"))
        painter.drawText(head.translated(4, line), align.AlignLeft, f"× {brief(self.largest, 3)}")
        for place, text in _TICKS:
            x = plot.left() + plot.width() * place * 2
            left = min(max(x - 20, plot.left()), plot.right() - 34)
            side = align.AlignLeft if place == 0 else align.AlignRight if place == 0.5 else align.AlignHCenter
            painter.drawText(QRectF(left, plot.bottom() + 1, 40, line), side, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.text), 1, Qt.PenStyle.DashLine))
        painter.drawPolyline(self._curve(0))
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.drawPolyline(self._curve(1))

    def _curve(self, axis: int) -> QPolygonF:
        plot, values = self.plot, self.sections[axis]
        across, up = plot.width() / (len(values) - 1), plot.height() / (self.largest or 1.0)
        return QPolygonF(
            [QPointF(plot.left() + i * across, plot.bottom() - v * up) for i, v in enumerate(values)]
        )

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.opened.emit()


def _faint(color: str) -> QColor:
    made = QColor(color)
    made.setAlphaF(0.5)
    return made
