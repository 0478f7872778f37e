"""Plots in the colours of the window: histograms and lines through maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QMouseEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import painting
from filterlab.gui.words.i18n import tr
from filterlab.images.statistics import Histogram, ProfileLine
from filterlab.text.numbers import brief

_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
MOST_FILLED = 3


@dataclass(frozen=True)
class HistogramOf:
    """A histogram and the name of what it is of."""

    name: str
    histogram: Histogram


@dataclass(frozen=True)
class LineOf:
    """A line through a map and the name of that map."""

    name: str
    line: ProfileLine


def series_pens(theme: Theme, count: int) -> list[QPen]:
    """For so many lines: the accent for one, red, green and blue for three, the wheel for more; styles differ too."""
    lightness = 0.68 if theme.dark else 0.40
    colors = [QColor.fromHslF(i / count, 0.72, lightness) for i in range(count)]
    if count == 1:
        colors = [QColor(theme.colors.accent)]
    pens = [QPen(color, 1.5, _STYLES[i % len(_STYLES)]) for i, color in enumerate(colors)]
    for pen in pens:
        pen.setCosmetic(True)
    return pens


def sign_of(pen: QPen, height: int, ratio: float) -> QIcon:
    """A piece of a line, for legends. height: in logical pixels."""
    pixmap = QPixmap(round(1.6 * height * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        painter.setPen(pen)
        painter.drawLine(QPointF(0, height / 2), QPointF(1.6 * height, height / 2))
    return QIcon(pixmap)


class Plot(pg.GraphicsView):
    """Axes in the window's colours, a mark at zero and a mark at the cursor. told(text): what the mouse is over.

    The wheel zooms along the horizontal axis, dragging moves, a double click shows all again.
    """

    told = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves: list[pg.PlotCurveItem] = []
        # Not pyqtgraph's own plot: its menus outlive it.
        self.box = pg.ViewBox(enableMenu=False)
        self.box.setMouseEnabled(x=True, y=False)
        self.axes = {side: self._make_axis(side) for side in ("left", "bottom")}
        layout = pg.GraphicsLayout(border=None)
        layout.setContentsMargins(0, 2, 4, 0)
        layout.setSpacing(0)
        for side, place in (("left", (0, 0)), ("bottom", (1, 1))):
            self.axes[side].enableAutoSIPrefix(False)
            self.axes[side].linkToView(self.box)
            layout.addItem(self.axes[side], *place)
        layout.addItem(self.box, 0, 1)
        self.setCentralItem(layout)
        self._add_marks()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip(tr("The wheel zooms, dragging moves, a double click shows all again."))
        self.scene().sigMouseMoved.connect(self._tell)
        theme.changed.connect(self.paint)
        self.paint()

    def _make_axis(self, side: str) -> pg.AxisItem:
        return pg.AxisItem(side)

    def _add_marks(self) -> None:
        self.zero, self.cursor_mark = pg.InfiniteLine(0, angle=90), pg.InfiniteLine(0, angle=90)
        for mark in (self.zero, self.cursor_mark):
            self.box.addItem(mark, ignoreBounds=True)
        self.cursor_mark.hide()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as there is room."""
        return QSize(280, 140)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Enough for the axes and a little more."""
        return QSize(110, 60)

    @property
    def curves(self) -> list[pg.PlotCurveItem]:
        """What is drawn, in the order of the series."""
        return self._curves

    def paint(self) -> None:
        """Take on the colours of the theme."""
        colors = self._theme.colors
        self.setBackground(colors.panel)
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() * 0.85, 6))
        for axis in self.axes.values():
            axis.setPen(colors.border)
            axis.setTextPen(colors.dim)
            axis.setTickFont(font)
        self.zero.setPen(pg.mkPen(colors.dim, width=1, style=Qt.PenStyle.DashLine))
        self.cursor_mark.setPen(pg.mkPen(colors.pin, width=2))
        self._color_curves()

    def mark(self, place: float | None) -> None:
        """Put the cursor's mark at a place of the horizontal axis, or take it away."""
        self.cursor_mark.setVisible(place is not None)
        if place is not None:
            self.cursor_mark.setValue(place)

    def _set_curves(self, curves: Sequence[pg.PlotCurveItem]) -> None:
        for curve in self._curves:
            self.box.removeItem(curve)
        self._curves = list(curves)
        for curve in self._curves:
            self.box.addItem(curve)
        self._color_curves()

    def _color_curves(self) -> None:
        for curve, pen in zip(self._curves, series_pens(self._theme, len(self._curves)), strict=True):
            curve.setPen(pen)
            self._fill(curve, pen.color())

    def _fill(self, curve: pg.PlotCurveItem, color: QColor) -> None:
        """Lines are not filled."""

    def _tell(self, position: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        self.told.emit(self.text_at(self.box.mapSceneToView(position).x()) if inside else "")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show all again."""
        self.box.enableAutoRange()
        super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The mouse is over nothing."""
        self.told.emit("")
        super().leaveEvent(event)

    def text_at(self, place: float) -> str:
        """What there is at a place of the horizontal axis, in words."""
        raise NotImplementedError(type(self).__name__)


class HistogramPlot(Plot):
    """Histograms, one over the other."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._series: list[HistogramOf] = []
        super().__init__(theme, parent)
        self.setAccessibleName(tr("Histogram"))

    def show_histograms(self, series: list[HistogramOf], *, log: bool) -> None:
        """Draw these. log: heights are log10(1 + count)."""
        self._series = series
        self._set_curves([self._curve(of.histogram, log=log) for of in series])
        self.box.setLimits(yMin=0)
        ticks = _log_ticks(max((of.histogram.top for of in series), default=0)) if log else None
        self.axes["left"].setTicks(ticks)

    def _curve(self, histogram: Histogram, *, log: bool) -> pg.PlotCurveItem:
        return pg.PlotCurveItem(histogram.edges, histogram.heights(log=log), stepMode="center", fillLevel=0)

    def _fill(self, curve: pg.PlotCurveItem, color: QColor) -> None:
        faint = QColor(color)
        faint.setAlphaF(0.35 if len(self._curves) == 1 else 0.12)
        # Many areas over each other would hide the lines.
        curve.setBrush(faint if len(self._curves) <= MOST_FILLED else None)

    def text_at(self, place: float) -> str:
        """The bin under a value, and how many numbers it holds."""
        texts: list[str] = []
        for of in self._series:
            found = of.histogram.bin_at(place)
            if found is None:
                return ""
            low, high, count = found
            if not texts:
                texts.append(tr("{low} to {high}:", low=brief(low), high=brief(high)))
            texts.append(f"{of.name}: {count:,}" if len(self._series) > 1 else f"{count:,}")
        return "  ".join(texts)


class ProfilePlot(Plot):
    """Lines through maps; the horizontal axis counts cells. picked(position): a click on a cell."""

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._series: list[LineOf] = []
        self._along_row = True
        super().__init__(theme, parent)
        self.zero.setAngle(0)
        self.setAccessibleName(tr("Line profile"))
        self.scene().sigMouseClicked.connect(self._pick)

    def show_lines(self, series: list[LineOf], *, along_row: bool) -> None:
        """Draw these."""
        self._series, self._along_row = series, along_row
        self._set_curves(
            [pg.PlotCurveItem(of.line.positions, of.line.drawable, connect="finite") for of in series]
        )

    def text_at(self, place: float) -> str:
        """The cell under a place and its values."""
        if not self._series:
            return ""
        position = round(place)
        if not 0 <= position < len(self._series[0].line.values):
            return ""
        where = (
            tr("column {position}:", position=position)
            if self._along_row
            else tr("row {position}:", position=position)
        )
        texts = [
            f"{of.name}: {brief(of.line.values[position])}"
            if len(self._series) > 1
            else of.line.text(position)
            for of in self._series
        ]
        return "  ".join([where, *texts])

    def _pick(self, event: object) -> None:
        position = event.scenePos()  # type: ignore[attr-defined]
        if self._series and self.box.sceneBoundingRect().contains(position):
            place = round(self.box.mapSceneToView(position).x())
            if 0 <= place < len(self._series[0].line.values):
                self.picked.emit(place)


def _log_ticks(top: int) -> list[list[tuple[float, str]]]:
    """Ticks at 0, 1, 10, 100, ... where heights are log10(1 + count)."""
    ticks, count = [(0.0, "0")], 1
    while count <= max(top, 1):
        ticks.append(
            (Histogram.height_of(count), f"{count:,}" if count < 10_000 else f"1e{len(str(count)) - 1}")
        )
        count *= 10
    return [ticks, []]
