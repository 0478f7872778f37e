"""The numbers in the cells of a map that is zoomed in far enough, and the lines between the cells."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from filterlab.gui.wall.lens import Lens
from filterlab.gui.wall.paint import contrast
from filterlab.images.numbers import brief
from filterlab.images.views import Crop, MapView
from filterlab.pipeline.fields import Placement

SMALLEST_CELL = 24.0  # pixels
SMALLEST_TEXT = 7.0
MOST_DIGITS = 5


def numbers_fit(lens: Lens, place: Placement) -> bool:
    """Whether the cells of a map are large enough for their numbers."""
    return min(place.height, place.width) * lens.scale >= SMALLEST_CELL


def draw_numbers(
    image: QImage, view: MapView, channel: int | None, crop: Crop, ratio: float, font: QFont
) -> None:
    """Draw the values of the cells under the crop onto their picture. ratio: device pixels a pixel."""
    tall, wide = view.size
    top, left = max(floor(crop.top), 0), max(floor(crop.left), 0)
    bottom, right = min(ceil(crop.bottom), tall), min(ceil(crop.right), wide)
    height = image.height() / (crop.bottom - crop.top)
    width = image.width() / (crop.right - crop.left)
    channels = [0, 1, 2] if channel is None else [channel]
    if len(channels) * SMALLEST_TEXT * 1.3 * ratio > height:
        channels = []
    blocks = [view.values(c, top, left, bottom, right) for c in channels]
    painter = QPainter(image)
    _draw_grid(painter, image, crop, height, width)
    for row in range(top, bottom):
        for col in range(left, right):
            cell = QRectF((col - crop.left) * width, (row - crop.top) * height, width, height)
            _draw_cell(painter, image, cell, [block[row - top][col - left] for block in blocks], font, ratio)
    painter.end()


def _draw_grid(painter: QPainter, image: QImage, crop: Crop, height: float, width: float) -> None:
    painter.setPen(QPen(QColor(128, 128, 128, 110), 1))
    rows = ((row - crop.top) * height for row in range(ceil(crop.top), ceil(crop.bottom)))
    cols = ((col - crop.left) * width for col in range(ceil(crop.left), ceil(crop.right)))
    painter.drawLines([QLineF(0, y, image.width(), y) for y in rows])
    painter.drawLines([QLineF(x, 0, x, image.height()) for x in cols])


def _draw_cell(
    painter: QPainter, image: QImage, cell: QRectF, values: list[float], font: QFont, ratio: float
) -> None:
    if not values:
        return
    x = min(max(int(cell.center().x()), 0), image.width() - 1)
    y = min(max(int(cell.center().y()), 0), image.height() - 1)
    painter.setPen(contrast(image.pixelColor(x, y)))
    line = cell.height() / len(values)
    for i, value in enumerate(values):
        text, size = fitted(value, cell.width() - 3 * ratio, line * 0.8, font, ratio)
        font.setPixelSize(max(round(size), 1))
        painter.setFont(font)
        area = QRectF(cell.left(), cell.top() + i * line, cell.width(), line)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def fitted(value: float, width: float, height: float, font: QFont, ratio: float = 1.0) -> tuple[str, float]:
    """The number with as many digits as are legible in a cell, and the pixel size of its font."""
    probe = QFont(font)
    probe.setPixelSize(100)
    metrics = QFontMetricsF(probe)
    tallest, least = min(height, 15.0 * ratio), SMALLEST_TEXT * ratio
    for digits in range(MOST_DIGITS, 1, -1):
        text = brief(value, digits)
        size = min(tallest, 100 * width / max(metrics.horizontalAdvance(text), 1))
        if size >= min(9.5 * ratio, tallest):
            return text, size
    return text, max(size, least)
