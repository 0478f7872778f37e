"""What a legend shows, and where: the colours between two handles, and below them numbers, zero and what is clipped."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Colors
from filterlab.gui.words.i18n import tr
from filterlab.images.views import Scale, ramp
from filterlab.text.numbers import brief

BAR, HANDLE, GAP = (
    8,
    14,
    3,
)  # heights of the colours and of the handles, and the room above the numbers, in pixels
WIDEST = 360
APART = 2  # pixels; texts are drawn a pixel beyond their places, and the blank between two is not much wider


@dataclass(frozen=True)
class Legend:
    """A scale, with the shares of values below and above it. fixed: whether the person has set it.

    axis: the values at the ends of the bar while a handle is dragged along it; None where the handles are its ends.
    """

    scale: Scale
    colormap: str
    below: float = 0.0
    above: float = 0.0
    fixed: bool = False
    axis: tuple[float, float] | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The values at both ends of the bar."""
        return self.axis or (self.scale.least, self.scale.greatest)

    def words(self) -> str:
        """What is clipped, in words."""
        parts = (
            (
                self.below,
                tr("{share} below {end}", share=share_text(self.below), end=brief(self.scale.low, 3)),
            ),
            (
                self.above,
                tr("{share} above {end}", share=share_text(self.above), end=brief(self.scale.high, 3)),
            ),
        )
        found = [text for share, text in parts if share > 0]
        return tr("clipped: {shares}", shares=", ".join(found)) if found else tr("nothing is clipped")


@dataclass(frozen=True)
class Places:
    """Where the parts of a legend are: bar, handles, the texts at its ends, and "auto", which gives the range back.

    Rectangles without a size are of parts that there is no room for.
    """

    bar: QRectF
    low_handle: QRectF
    high_handle: QRectF
    low: QRectF
    high: QRectF
    zero: QRectF
    clipped: QRectF
    auto: QRectF


def legend_height(metrics: QFontMetricsF) -> float:
    """The height of a legend in pixels, in a font of these metrics."""
    return HANDLE + GAP + metrics.height()


def small(font: QFont) -> QFont:
    """The font of a legend's numbers, beside that of the text above it."""
    font = QFont(font)
    font.setPointSizeF(max(font.pointSizeF() * 0.85, 6.5))
    return font


def share_text(share: float) -> str:
    """A share in percent: 0.4 %, 12 %."""
    percent = 100 * share
    if percent < 0.1:
        return tr("less than 0.1 %")
    return tr(
        "{percent} %", percent=f"{percent:.0f}" if percent >= 10 else f"{percent:.1f}".removesuffix(".0")
    )


def end_texts(legend: Legend) -> tuple[str, str]:
    """The numbers at the ends."""
    return brief(legend.scale.least, 3), brief(legend.scale.greatest, 3)


def places(legend: Legend, area: QRectF, metrics: QFontMetricsF) -> Places:
    """Where the parts are in an area that has the height of a legend. metrics: of the small font."""
    width = min(area.width(), WIDEST)
    bar = QRectF(area.left(), area.top() + (HANDLE - BAR) / 2, width, BAR)
    low_x, high_x = (_x(bar, legend, value) for value in (legend.scale.least, legend.scale.greatest))
    low_handle, high_handle = (QRectF(x - 2, area.top(), 4, HANDLE) for x in (low_x, high_x))
    line = QRectF(area.left(), area.top() + HANDLE + GAP, width, metrics.height())
    low_text, high_text = end_texts(legend)
    low = _part(line, line.left(), metrics.horizontalAdvance(low_text))
    wide = metrics.horizontalAdvance(high_text)
    beyond = metrics.horizontalAdvance(clipped_text(legend)) + APART
    # The upper number says most: scales mostly begin at 0, or are symmetric about it.
    if low.width() + wide + 8 > width:
        low = QRectF()
    left = low.right() + 8 if low.width() else line.left()
    back = metrics.horizontalAdvance(auto_text()) + 8 if legend.fixed else 0.0
    # The way back must be seen; what is clipped stands in the tool tip, too.
    if not clipped_text(legend) or left + back + wide + beyond > line.right():
        beyond = 0.0
    high = _part(line, line.right() - wide - beyond, wide)
    clipped = _part(line, high.right() + APART, beyond - APART) if beyond else QRectF()
    zero, auto = QRectF(), QRectF()
    if legend.scale.least < 0 < legend.scale.greatest:
        zero = _between(line, left, high.left() - 8, _x(bar, legend, 0.0), metrics.horizontalAdvance("0"))
    if legend.fixed:
        # In place of the 0, which is marked on the bar as well.
        middle = (left + high.left() - 8) / 2
        auto, zero = _between(line, left, high.left() - 8, middle, back - 8), QRectF()
    return Places(bar, low_handle, high_handle, low, high, zero, clipped, auto)


def clipped_text(legend: Legend) -> str:
    """What stands behind the upper number: how much lies beyond the ends."""
    share = legend.below + legend.above
    return " · " + tr("{share} clipped", share=share_text(share)) if share > 0 else ""


def auto_text() -> str:
    """The word that gives a range back to the values."""
    return tr("auto")


def draw_legend(painter: QPainter, area: QRectF, legend: Legend, colors: Colors) -> None:
    """Draw a legend into an area that has the height of one. The painter has the small font."""
    parts = places(legend, area, QFontMetricsF(painter.font()))
    _draw_bar(painter, parts, legend, colors)
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    low, high = end_texts(legend)
    for box, text, color, side in (
        (parts.low, low, colors.text, left),
        (parts.high, high, colors.text, right),
        (parts.zero, "0", colors.dim, Qt.AlignmentFlag.AlignHCenter),
        (parts.clipped, clipped_text(legend), colors.dim, left),
        (parts.auto, auto_text(), colors.accent, Qt.AlignmentFlag.AlignHCenter),
    ):
        if box.width():
            painter.setPen(QColor(color))
            # A pixel more on each side: rounded widths must not cut a figure off.
            painter.drawText(box.adjusted(-1, 0, 1, 0), side | Qt.AlignmentFlag.AlignVCenter, text)


def _draw_bar(painter: QPainter, parts: Places, legend: Legend, colors: Colors) -> None:
    bar = parts.bar
    inner = QRectF(bar)
    inner.setLeft(max(parts.low_handle.center().x(), bar.left()))
    inner.setRight(min(parts.high_handle.center().x(), bar.right()))
    colours = ramp(legend.scale, legend.colormap, max(int(inner.width()), 2))
    # Beyond a handle that is dragged inward, all values have the colour of the end.
    for end, color in (
        (QRectF(bar.topLeft(), inner.bottomLeft()), colours[0, 0]),
        (QRectF(inner.topRight(), bar.bottomRight()), colours[0, -1]),
    ):
        painter.fillRect(end, QColor.fromRgb(int(color)))
    painter.drawImage(inner, image_of(colours))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.drawRect(bar)
    if legend.scale.least < 0 < legend.scale.greatest:
        x = _x(bar, legend, 0.0)
        painter.setPen(QPen(QColor(colors.dim), 1))
        painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 3))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.text))
    for handle in (parts.low_handle, parts.high_handle):
        painter.drawRoundedRect(handle, 1.5, 1.5)


def value_at(legend: Legend, bar: QRectF, x: float) -> float:
    """The value at a place along the bar, or beyond its ends."""
    low, high = legend.ends
    return low + (high - low) * (x - bar.left()) / max(bar.width(), 1.0)


def _x(bar: QRectF, legend: Legend, value: float) -> float:
    low, high = legend.ends
    return bar.left() + bar.width() * min(max((value - low) / (high - low), -0.02), 1.02)


def _part(line: QRectF, left: float, width: float) -> QRectF:
    return QRectF(left, line.top(), width, line.height())


def _between(line: QRectF, left: float, right: float, middle: float, width: float) -> QRectF:
    """A text about a place on the line; nothing where it would run into the texts to the left and to the right."""
    box = _part(line, middle - width / 2, width)
    return box if box.left() >= left and box.right() <= right else QRectF()
