"""The head of a column, which stays in place while the tiles scroll; and the note in a column without a map."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from filterlab.gui.look.theme import Colors
from filterlab.gui.painting import guarded
from filterlab.gui.wall.content import WallStrip
from filterlab.gui.wall.legend.drawing import Legend, draw_legend, legend_height, small
from filterlab.gui.wall.paint import faded
from filterlab.gui.words.i18n import tr
from filterlab.images.views import MapView

PAD = 6


def header_height(font: QFont, *, legend: bool) -> int:
    """Height in pixels for the name, the facts below it, and the legend where columns have one."""
    height = 2 * (QFontMetrics(font).height() + 1) + 2 * PAD
    return height + (round(legend_height(QFontMetricsF(small(font)))) + PAD if legend else 0)


def legend_area(width: float, font: QFont) -> QRectF:
    """Where the legend is in a header of this width."""
    top = 2 * (QFontMetrics(font).height() + 1) + 2 * PAD
    return QRectF(0, top, width, legend_height(QFontMetricsF(small(font))))


class HeaderItem(QGraphicsObject):
    """Name, facts, shape, trouble and legend of one column."""

    def __init__(self, parent: QGraphicsObject) -> None:
        super().__init__(parent)
        self._strip: WallStrip | None = None
        self._colors: Colors | None = None
        self._size = (0.0, 0.0)
        self._selected = False
        self._legend: Legend | None = None

    def show_strip(
        self,
        strip: WallStrip,
        size: tuple[float, float],
        colors: Colors,
        *,
        selected: bool,
        legend: Legend | None,
    ) -> None:
        """Show a column's node. size: (width, height) in pixels. legend: of the column, where it has one scale."""
        if size != self._size:
            self.prepareGeometryChange()
        shown = strip, size, colors, selected, legend
        # Strips are told apart by identity: that of a column which has not changed stays the same.
        if strip is self._strip and shown[1:] == (self._size, self._colors, self._selected, self._legend):
            return
        self._strip, self._size, self._colors, self._selected, self._legend = shown
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        # The frame of a selected header reaches 4 pixels beyond the column, and half of its pen further.
        return QRectF(-5, 0, self._size[0] + 10, self._size[1])

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        strip, colors = self._strip, self._colors
        if strip is None or colors is None:
            return
        if self._selected:
            self._draw_selection(painter, colors)
        line = painter.fontMetrics().height() + 1
        plain = painter.font()
        bold = QFont(plain)
        bold.setBold(True)
        painter.setFont(bold)
        # In the middle: names of a large network begin alike, and differ in their last letters.
        self._draw_line(painter, PAD, strip.node, QColor(colors.text), Qt.TextElideMode.ElideMiddle)
        painter.setFont(plain)
        alarm = colors.dim if strip.waits else colors.error
        facts, ink = (strip.trouble, alarm) if strip.trouble else self._facts(strip, colors)
        facts = cut_before(_shape(strip), facts, painter.fontMetrics(), int(self._size[0]))
        self._draw_line(painter, PAD + line, facts, QColor(ink))
        if self._legend is not None:
            area = legend_area(self._size[0], plain)
            painter.setFont(small(plain))
            draw_legend(painter, area, self._legend, colors)

    def _facts(self, strip: WallStrip, colors: Colors) -> tuple[str, str]:
        """The line below the name, and its colour: what the layer is, and the shape of its maps."""
        odd = _odd_words(strip.view) if strip.view is not None else []
        if not odd and strip.stale:
            odd = [tr("stale")]
        # What is odd comes first, where the line is never cut off.
        parts = (*odd, strip.title, _shape(strip))
        return " · ".join(part for part in parts if part), colors.warning if odd else colors.dim

    def _draw_selection(self, painter: QPainter, colors: Colors) -> None:
        box = QRectF(-4, 2, self._size[0] + 8, self._size[1] - 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.accent), 1.5))
        painter.setBrush(QColor(colors.selected))
        painter.drawRoundedRect(box, 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_line(
        self,
        painter: QPainter,
        top: float,
        text: str,
        ink: QColor,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(ink)
        # Cut with an ellipsis rather than clipped: a stride of 16 must not read as 1.
        shown = metrics.elidedText(text, mode, int(self._size[0]))
        area = QRectF(0, top, self._size[0], metrics.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def cut_before(end: str, text: str, metrics: QFontMetrics, width: int) -> str:
    """Cut a text that is wider than `width` pixels before its `end`, the shape, which is what one looks for."""
    room = width - metrics.horizontalAdvance(f" {end}")
    if not end or not text.endswith(end) or metrics.horizontalAdvance(text) <= width:
        return text
    short = metrics.elidedText(text.removesuffix(end).rstrip(" ·"), Qt.TextElideMode.ElideRight, room)
    return f"{short} {end}".lstrip("… ")


def _shape(strip: WallStrip) -> str:
    return strip.shape.replace(" ", "")


def _odd_words(view: MapView) -> list[str]:
    """The numbers of NaN and infinite values, for which no colour of the scale stands, in words."""
    words = [tr("{count} NaN", count=view.nans)] if view.nans else []
    return [*words, tr("{count} infinite", count=view.infinities)] if view.infinities else words


class NoteItem(QGraphicsObject):
    """Stands in a column that has no map: says why and what to do, or that it is being computed."""

    def __init__(self, parent: QGraphicsObject) -> None:
        super().__init__(parent)
        self._strip: WallStrip | None = None
        self._colors: Colors | None = None
        self._size = (0.0, 0.0)

    def show_strip(self, strip: WallStrip, size: tuple[float, float], colors: Colors) -> None:
        """Show the trouble of a column in a box of this size, (width, height) in pixels."""
        self.prepareGeometryChange()
        self._strip, self._size, self._colors = strip, size, colors
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        # The pen of the frame is half outside the box; without the margin it would leave traces when scrolled.
        return QRectF(-1, -1, self._size[0] + 2, self._size[1] + 2)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        strip, colors = self._strip, self._colors
        if strip is None or colors is None:
            return
        box = QRectF(0, 0, *self._size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        alarm = bool(strip.trouble) and not strip.waits
        painter.setPen(QPen(QColor(colors.error if alarm else colors.border), 1))
        painter.setBrush(QColor(colors.error_back) if alarm else faded(colors.panel, 160))
        painter.drawRoundedRect(box, 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        inner = box.adjusted(NOTE_PAD, NOTE_PAD, -NOTE_PAD, -NOTE_PAD)
        if not strip.trouble:
            painter.setPen(QColor(colors.dim))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, tr("computing…"))
            return
        painter.setPen(QColor(colors.error if alarm else colors.dim))
        painter.drawText(inner, WRAPPED, strip.trouble)
        # Measured, because the wrapped text may take any number of lines, and the hint follows below it.
        used = painter.fontMetrics().boundingRect(inner.toRect(), WRAPPED, strip.trouble).height()
        painter.setPen(QColor(colors.text))
        painter.drawText(inner.adjusted(0, used + NOTE_PAD / 2, 0, 0), WRAPPED, strip.hint)


NOTE_PAD = 10
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def note_height(strip: WallStrip, width: float, metrics: QFontMetrics) -> float:
    """Height in pixels of a note that holds its whole text in a column of this width."""
    height = 2 * NOTE_PAD + NOTE_PAD
    for text in (strip.trouble, strip.hint):
        if text:
            height += metrics.boundingRect(0, 0, int(width) - 2 * NOTE_PAD, 10_000, WRAPPED, text).height()
    return max(height, metrics.height() * 4)
