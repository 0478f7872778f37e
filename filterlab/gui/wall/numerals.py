"""The numbers in the cells of a map that is zoomed in far enough, and the lines between the cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from math import ceil, floor

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from filterlab.fields.maps import Placement
from filterlab.gui.look.ink import text_color
from filterlab.gui.painting import painting
from filterlab.gui.wall.lens import Lens
from filterlab.images.views import MapView, ViewCrop
from filterlab.text.numbers import MINUS, brief

SMALLEST_CELL = 24.0  # pixels
SMALLEST_TEXT = 7.0
LARGEST_TEXT = 15.0
MOST_DIGITS = 5
NEARLY_ZERO = "≈0"  # for a number that would need an exponent where there is no room for one
TYPICAL = "−0.000"  # the text size is chosen so that this fits, if the smallest size allows it


def numbers_fit(lens: Lens, place: Placement) -> bool:
    """Return whether the cells of a map are large enough for their numbers."""
    return min(place.height, place.width) * lens.scale >= SMALLEST_CELL


def draw_numbers(
    image: QImage,
    view: MapView,
    channel: int | None,
    crop: ViewCrop,
    ratio: float,
    font: QFont,
    *,
    mean: bool = False,
) -> None:
    """Draw the values of the cells under the crop onto the coloured image of that crop.

    channel: None for the composite tile, whose cells hold the values of all its channels below each other, or their
    mean. ratio: device pixels per logical pixel. They are drawn into the image, not over it, so that they are kept with
    it.
    """
    tall, wide = view.size
    # Whole cells: those that the edge of the tile cuts have a number as well, of which a part is seen.
    top, left = max(floor(crop.top), 0), max(floor(crop.left), 0)
    bottom, right = min(ceil(crop.bottom), tall), min(ceil(crop.right), wide)
    height = image.height() / (crop.bottom - crop.top)
    width = image.width() / (crop.right - crop.left)
    channels: list[int | None] = [channel]
    if channel is None and not mean:
        channels = list(range(3 if view.channels >= 3 else 1))
    # Letters are about 1.3 times as high, with their leading, as the size of their font.
    if len(channels) * SMALLEST_TEXT * 1.3 * ratio > height:
        channels = []  # three lines have no room; the lines between the cells are drawn all the same
    blocks = [view.values(c, top, left, bottom, right) for c in channels]
    room = width - 3 * ratio
    family = font.family()
    size = text_size(room, height / len(channels), family, ratio) if channels else 0.0
    font = QFont(font)
    # Pixels and not points: the image counts in device pixels and knows no resolution.
    font.setPixelSize(max(round(size), 1))

    def write(value: float) -> str:
        return fitted(value, size, room, family)

    with painting(image) as painter:
        _draw_grid(painter, image, crop, height, width)
        painter.setFont(font)
        cell = QRectF(-crop.left * width, -crop.top * height, width, height)
        for row in range(top, bottom) if blocks else ():
            values = [block[row - top] for block in blocks]
            _draw_row(painter, image, cell.translated(left * width, row * height), values, write)


def _draw_row(
    painter: QPainter,
    image: QImage,
    cell: QRectF,
    values: list[list[float]],
    write: Callable[[float], str],
) -> None:
    """Draw the values of a row of cells, those of each channel below each other. cell: the first of them."""
    # A thousand cells may be on the screen: what is the same for a row is asked for once.
    center = Qt.AlignmentFlag.AlignCenter
    left, top, width, line = cell.left(), cell.top(), cell.width(), cell.height() / len(values)
    # The middle of a cell that the edge of the tile cuts may lie outside the image.
    last, middle = image.width() - 1, min(max(int(cell.center().y()), 0), image.height() - 1)
    for col, numbers in enumerate(zip(*values, strict=True)):
        x = left + col * width
        # Read from the image, to which range, colour map and composite have been applied already.
        painter.setPen(_ink_on(image.pixel(min(max(int(x + width / 2), 0), last), middle)))
        for i, number in enumerate(numbers):
            painter.drawText(QRectF(x, top + i * line, width, line), center, write(number))


def _draw_grid(painter: QPainter, image: QImage, crop: ViewCrop, height: float, width: float) -> None:
    painter.setPen(QPen(QColor(128, 128, 128, 110), 1))
    rows = ((row - crop.top) * height for row in range(ceil(crop.top), ceil(crop.bottom)))
    cols = ((col - crop.left) * width for col in range(ceil(crop.left), ceil(crop.right)))
    painter.drawLines([QLineF(0, y, image.width(), y) for y in rows])
    painter.drawLines([QLineF(x, 0, x, image.height()) for x in cols])


def text_size(width: float, height: float, family: str, ratio: float = 1.0) -> float:
    """Pixel size of the numbers in lines of this width and height; all numbers of a map have the same size."""
    size = min(height * 0.7, 100 * width / _metrics(family).horizontalAdvance(TYPICAL), LARGEST_TEXT * ratio)
    return max(size, SMALLEST_TEXT * ratio)


@lru_cache(1 << 15)
def fitted(value: float, size: float, width: float, family: str) -> str:
    """The number with as many digits as fit into `width` in a font of `size` pixels; the shortest if none fits."""
    metrics, text = _metrics(family), ""
    for text in _candidates(value):
        if metrics.horizontalAdvance(text) * size / 100 <= width:
            break
    return text


def _candidates(value: float) -> Iterator[str]:
    """Texts of a number, the longest first. None of them says 0 for a number that is not 0."""
    if not 0 < abs(value) < 1:
        for digits in range(MOST_DIGITS, 0, -1):
            yield brief(value, digits)
        return
    # Where there is room for few digits, the zero before the point is dropped first.
    texts = [f"{value:.{places}f}" for places in (4, 3, 2)]
    texts += [f"{value:.{places}f}".replace("0.", ".", 1) for places in (2, 1)]
    fixed = [text for text in texts if float(text)]
    for text in fixed or [f"{value:.1e}", f"{value:.0e}"]:
        yield text.replace("-", MINUS, 1) if value < 0 else text
    if not fixed:
        yield NEARLY_ZERO


# A map has few colours, and is drawn again with the same numbers when it becomes stale, or is selected: finding the
# texts and their colours takes most of the time until a hundred small maps are painted.
@lru_cache(1 << 12)
def _ink_on(pixel: int) -> QColor:
    return text_color(QColor.fromRgb(pixel))


@cache
def _metrics(family: str) -> QFontMetricsF:
    """Metrics at 100 pixels, which are scaled: making a font for each size and cell would be slow."""
    font = QFont(family)
    font.setPixelSize(100)
    return QFontMetricsF(font)
