"""Draws sheets with Qt."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from filterlab.gui.explain.sheets.items import Edge, Item, Sheet, Thumb, lettering
from filterlab.gui.look.ink import text_color
from filterlab.gui.look.theme import Colors
from filterlab.gui.wall.paint import faded, hatch, image_of, outline
from filterlab.images.views import MapView, ViewCrop

STRIPE = 3.0  # pixels of the stripe of hue at the bottom of a cell
KEPT = 600  # cached pictures for one map; they are dropped together with the map


class SheetDrawing:
    """Draws sheets. The pixels of small maps are cached, because every hover repaints them."""

    def __init__(self) -> None:
        self._images: WeakKeyDictionary[MapView, dict[tuple[object, ...], QImage]] = WeakKeyDictionary()

    def draw(
        self,
        painter: QPainter,
        sheet: Sheet,
        colors: Colors,
        lit: Item | None,
        focus: Item | None,
        exposed: QRectF,
    ) -> None:
        """Draw what is exposed. lit: the item under the cursor. focus: the one that the keyboard is on."""
        painter.fillRect(exposed, QColor(colors.window))
        _draw_edges(painter, [edge for edge in sheet.edges if not edge.over], colors)
        # Frames reach beyond their items, so that those beside the exposed part are drawn as well.
        shown = [item for item in sheet.items if item.rect.intersects(exposed.adjusted(-4, -4, 4, 4))]
        for item in shown:
            self._draw(painter, item, colors, lit)
        # A second round: frames reach over neighbours, which would cover them if they were drawn later.
        for item in shown:
            _draw_marks(painter, item, colors, lit)
        _draw_edges(painter, [edge for edge in sheet.edges if edge.over], colors)
        if focus is not None:
            outline(painter, focus.rect.adjusted(0.5, 0.5, -0.5, -0.5), QColor(colors.accent), width=2)

    def _draw(self, painter: QPainter, item: Item, colors: Colors, lit: Item | None) -> None:
        if item.kind == "cell":
            _draw_cell(painter, item, colors)
        elif item.thumb is not None:
            self._draw_map(painter, item, item.thumb, colors)
        else:
            _draw_words(painter, item, colors, lit)

    def _draw_map(self, painter: QPainter, item: Item, thumb: Thumb, colors: Colors) -> None:
        # Whole pixels, or Qt would resample the image once more and blur the edges of its cells.
        box = item.rect.toAlignedRect()
        ratio = painter.device().devicePixelRatio()
        # Coloured in device pixels, so that a high-DPI screen shows all that it can.
        image = self._image(thumb, round(box.height() * ratio), round(box.width() * ratio))
        painter.drawImage(box, image)
        if item.faint:
            painter.fillRect(box, faded(colors.window, 150))
        _draw_windows(painter, QRectF(box), thumb, colors)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.border), 1))
        # A pen of one pixel draws a QRect one pixel wider and higher than it is.
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        for mark in thumb.marks:
            place = _on_map(QRectF(box), thumb, mark)
            outline(painter, place, QColor(colors.pin), width=1.5)

    def _image(self, thumb: Thumb, height: int, width: int) -> QImage:
        images = self._images.setdefault(thumb.view, {})
        # All that the pixels depend on besides the map itself.
        key = thumb.channel, thumb.scale, thumb.colormap, height, width
        if key not in images:
            if len(images) >= KEPT:
                # All at once: a sheet needs far fewer, and to find the oldest each use would have to be recorded.
                images.clear()
            tall, wide = thumb.view.size
            crop = ViewCrop(0, 0, tall, wide)
            pixels = thumb.view.colored(thumb.channel, crop, height, width, thumb.scale, thumb.colormap)
            images[key] = image_of(pixels)
        return images[key]


def _on_map(box: QRectF, thumb: Thumb, mark: tuple[float, float, float, float]) -> QRectF:
    """The rectangle of a part of a map in pixels, large enough to be seen, and reaching little beyond the map."""
    tall, wide = thumb.view.size
    y, x = box.height() / tall, box.width() / wide
    top, left, low, right = mark
    place = QRectF(box.left() + left * x, box.top() + top * y, (right - left) * x, (low - top) * y)
    # At least five pixels, grown about the middle: one cell of a large map is less than a pixel.
    missing = QPointF(max(5 - place.width(), 0) / 2, max(5 - place.height(), 0) / 2)
    place.adjust(-missing.x(), -missing.y(), missing.x(), missing.y())
    around = box.adjusted(-3, -3, 3, 3)
    # All of it lies in the padding, so it is drawn at the nearest border.
    if not place.intersects(around):
        x = min(max(place.left(), around.left()), around.right() - place.width())
        y = min(max(place.top(), around.top()), around.bottom() - place.height())
        place.moveTo(x, y)
    return place & around


def _draw_windows(painter: QPainter, box: QRectF, thumb: Thumb, colors: Colors) -> None:
    tall, wide = thumb.view.size
    painter.setPen(QPen(faded(colors.pin, 200), 1))
    for row in thumb.rows:
        y = box.top() + box.height() * row / tall
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
    for col in thumb.cols:
        x = box.left() + box.width() * col / wide
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))


def _draw_edges(painter: QPainter, edges: list[Edge], colors: Colors) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(colors.accent)
    for edge in edges:
        if edge.over:
            # A wider line of the opposite brightness below, so that the line is seen on maps of any colour.
            painter.setPen(QPen(faded(text_color(ink), 110), 3.0))
            painter.drawLine(edge.line)
        painter.setPen(QPen(faded(ink, 255 if edge.strong else 160), 1.4))
        painter.drawLine(edge.line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _draw_cell(painter: QPainter, item: Item, colors: Colors) -> None:
    fill = item.fill or QColor(colors.field)
    if item.faint:
        fill = _mixed(fill, QColor(colors.window))
    painter.fillRect(item.rect, fill)
    if item.padding:
        painter.fillRect(item.rect, QColor(0, 0, 0, 70))
        hatch(painter, item.rect, faded(colors.text, 90))
    if item.hue is not None:
        foot = QRectF(item.rect.left(), item.rect.bottom() - STRIPE, item.rect.width(), STRIPE)
        painter.fillRect(foot, item.hue)
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(item.rect)
    painter.setFont(lettering(painter.font(), bold=item.wins))
    # A number that is cut off would be read as another one, so that none at all is better.
    if item.text and painter.fontMetrics().horizontalAdvance(item.text) <= item.rect.width():
        _draw_figures(painter, item, fill, colors)
    # The painter is handed on to the next item, which expects the plain font.
    painter.setFont(lettering(painter.font(), bold=False))


def _mixed(color: QColor, ground: QColor) -> QColor:
    """A faint colour: two fifths of it, mixed with the ground."""
    parts = (
        (color.red(), ground.red()),
        (color.green(), ground.green()),
        (color.blue(), ground.blue()),
    )
    return QColor(*(round(0.4 * a + 0.6 * b) for a, b in parts))


def _draw_figures(painter: QPainter, item: Item, fill: QColor, colors: Colors) -> None:
    area = item.rect.adjusted(1, 0, -1, -STRIPE if item.hue is not None else 0)
    ink = item.ink or text_color(fill)
    if item.padding:
        # The hatching must not run through the figures.
        width = painter.fontMetrics().horizontalAdvance(item.text) + 4
        ground = QRectF(area.center().x() - width / 2, area.top() + 2, width, area.height() - 4)
        painter.fillRect(ground & area, QColor(colors.window))
        ink = QColor(colors.text)
    painter.setPen(ink)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, item.text)


def _draw_words(painter: QPainter, item: Item, colors: Colors, lit: Item | None) -> None:
    font = painter.font()
    letters = lettering(font, bold=item.bold, large=item.large)
    letters.setUnderline(item.live and lit is not None and lit.key == item.key)
    painter.setFont(letters)
    ink = QColor(colors.dim if item.faint else colors.accent if item.live else colors.text)
    painter.setPen(item.ink or ink)
    painter.drawText(item.rect, item.align, item.text)
    painter.setFont(font)


def _draw_marks(painter: QPainter, item: Item, colors: Colors, lit: Item | None) -> None:
    """Draw frames over neighbouring items: around winners, and around all that belongs to the item under the cursor."""
    if item.kind not in ("cell", "map"):
        return
    inner = item.rect.adjusted(1, 1, -1, -1)
    if item.wins:
        outline(painter, inner, QColor(colors.pin), width=2.5)
    if lit is not None and item.tap is not None and item.tap == lit.tap:
        outline(painter, inner, QColor(colors.hover), width=2)
    elif lit is not None and item.key == lit.key and item.live:
        outline(painter, inner, QColor(colors.hover), width=1.5)
