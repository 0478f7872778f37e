"""Plots in the colours of the window: histograms, and profiles along lines through maps."""

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
MOST_FILLED = 3  # series whose areas are filled; more would hide each other's lines


@dataclass(frozen=True)
class HistogramOf:
    """A histogram and the name of the series it is drawn for."""

    name: str
    histogram: Histogram


@dataclass(frozen=True)
class LineOf:
    """The values along a line through a map, and the name of the series they are drawn for."""

    name: str
    line: ProfileLine


def series_pens(theme: Theme, count: int) -> list[QPen]:
    """Pens for `count` lines: the accent for one, else hues spread over the wheel: red, green and blue for three.

    Their styles differ as well, for those who cannot tell the colours apart.
    """
    lightness = 0.68 if theme.dark else 0.40
    colors = [QColor.fromHslF(i / count, 0.72, lightness) for i in range(count)]
    if count == 1:
        colors = [QColor(theme.colors.accent)]
    pens = [QPen(color, 1.5, _STYLES[i % len(_STYLES)]) for i, color in enumerate(colors)]
    for pen in pens:
        pen.setCosmetic(True)  # its width is in pixels, not in the units of the axes
    return pens


def sign_of(pen: QPen, height: int, ratio: float) -> QIcon:
    """A piece of a line as an icon for legends. height: in logical pixels. ratio: device pixels per logical pixel."""
    pixmap = QPixmap(round(1.6 * height * ratio), round(height * ratio))
    # Drawn in logical pixels from here on, and kept in device pixels, so that it is sharp on every screen.
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        painter.setPen(pen)
        painter.drawLine(QPointF(0, height / 2), QPointF(1.6 * height, height / 2))
    return QIcon(pixmap)


class Plot(pg.GraphicsView):
    """Axes in the window's colours, a mark at zero and a mark at the selected value.

    The wheel zooms along the horizontal axis, dragging moves, a double click shows everything again. pointed(text):
    what the mouse points at, in words; "" when it points at nothing.
    """

    pointed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves: list[pg.PlotCurveItem] = []
        # Not pyqtgraph's own PlotItem: its context menus outlive the plot.
        self.box = pg.ViewBox(enableMenu=False)
        self.box.setMouseEnabled(x=True, y=False)
        self.axes = {side: self._make_axis(side) for side in ("left", "bottom")}
        layout = pg.GraphicsLayout(border=None)
        layout.setContentsMargins(0, 2, 4, 0)
        layout.setSpacing(0)
        for side, place in (("left", (0, 0)), ("bottom", (1, 1))):
            # Else pyqtgraph writes 0.5 for 0.0005 and "(x0.001)" somewhere beside the axis.
            self.axes[side].enableAutoSIPrefix(False)
            self.axes[side].linkToView(self.box)
            layout.addItem(self.axes[side], *place)
        layout.addItem(self.box, 0, 1)
        self.setCentralItem(layout)
        self._add_marks()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip(tr("The wheel zooms, dragging moves, a double click shows everything again."))
        self.scene().sigMouseMoved.connect(self._point)
        theme.changed.connect(self.paint)
        self.paint()

    def _make_axis(self, side: str) -> pg.AxisItem:
        """The axis on one side, which a plot may replace by one that labels otherwise."""
        return pg.AxisItem(side)

    def _add_marks(self) -> None:
        self.zero, self.cursor_mark = pg.InfiniteLine(0, angle=90), pg.InfiniteLine(0, angle=90)
        for mark in (self.zero, self.cursor_mark):
            # Marks do not count for the range: a pinned value far outside would squeeze the curves.
            self.box.addItem(mark, ignoreBounds=True)
        self.cursor_mark.hide()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A start; the plot takes the room that there is."""
        return QSize(280, 140)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Enough for the axes and a little more."""
        return QSize(110, 60)

    @property
    def curves(self) -> list[pg.PlotCurveItem]:
        """The curves, in the order of the series."""
        return self._curves

    def paint(self) -> None:
        """Take on the colours of the theme."""
        colors = self._theme.colors
        self.setBackground(colors.panel)
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() * 0.85, 6))
        # pyqtgraph's items know nothing of the palette, and keep colours that they were given once.
        for axis in self.axes.values():
            axis.setPen(colors.border)
            axis.setTextPen(colors.dim)
            axis.setTickFont(font)
        self.zero.setPen(pg.mkPen(colors.dim, width=1, style=Qt.PenStyle.DashLine))
        self.cursor_mark.setPen(pg.mkPen(colors.pin, width=2))
        self._color_curves()

    def mark(self, place: float | None) -> None:
        """Put the mark of the selected value at a place of the horizontal axis, or hide it."""
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
        """Fill the area under a curve; lines have none."""

    def _point(self, position: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        self.pointed.emit(self.text_at(self.box.mapSceneToView(position).x()) if inside else "")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show everything again."""
        self.box.enableAutoRange()
        super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Note that the mouse points at nothing."""
        self.pointed.emit("")
        super().leaveEvent(event)

    def text_at(self, place: float) -> str:
        """The values at a place of the horizontal axis, in words; "" where there are none."""
        raise NotImplementedError(type(self).__name__)


class HistogramPlot(Plot):
    """Histograms, drawn over each other."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._series: list[HistogramOf] = []
        super().__init__(theme, parent)
        self.setAccessibleName(tr("Histogram"))

    def show_histograms(self, series: list[HistogramOf], *, log: bool) -> None:
        """Draw these histograms. log: heights are log10(1 + count)."""
        self._series = series
        self._set_curves([self._curve(of.histogram, log=log) for of in series])
        # Counts are never negative, and the view must not be dragged into the emptiness below.
        self.box.setLimits(yMin=0)
        ticks = _log_ticks(max((of.histogram.top for of in series), default=0)) if log else None
        self.axes["left"].setTicks(ticks)

    def _curve(self, histogram: Histogram, *, log: bool) -> pg.PlotCurveItem:
        # Steps between the edges, which are one more than the heights: "center" means that.
        return pg.PlotCurveItem(histogram.edges, histogram.heights(log=log), stepMode="center", fillLevel=0)

    def _fill(self, curve: pg.PlotCurveItem, color: QColor) -> None:
        faint = QColor(color)
        faint.setAlphaF(0.35 if len(self._curves) == 1 else 0.12)

        curve.setBrush(faint if len(self._curves) <= MOST_FILLED else None)

    def text_at(self, place: float) -> str:
        """The bin that a value falls into, and the counts of that bin."""
        texts: list[str] = []
        for of in self._series:
            found = of.histogram.bin_at(place)
            # Several series share their bins, so that what lies outside one lies outside all.
            if found is None:
                return ""
            low, high, count = found
            if not texts:
                texts.append(tr("{low} to {high}:", low=brief(low), high=brief(high)))
            texts.append(f"{of.name}: {count:,}" if len(self._series) > 1 else f"{count:,}")
        return "  ".join(texts)


class ProfilePlot(Plot):
    """Profiles along lines through maps, over the cells of the line. picked(position): a cell was clicked."""

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._series: list[LineOf] = []
        self._along_row = True
        super().__init__(theme, parent)
        # Values are on the vertical axis here, so that zero is a horizontal line.
        self.zero.setAngle(0)
        self.setAccessibleName(tr("Line profile"))
        self.scene().sigMouseClicked.connect(self._pick)

    def show_lines(self, series: list[LineOf], *, along_row: bool) -> None:
        """Draw these profiles. along_row: whether their lines run along a row, else along a column."""
        self._series, self._along_row = series, along_row
        self._set_curves(
            # The line is broken at NaN and infinities, where there is nothing to draw it to.
            [pg.PlotCurveItem(of.line.positions, of.line.drawable, connect="finite") for of in series]
        )

    def text_at(self, place: float) -> str:
        """The cell at a place, and its values."""
        if not self._series:
            return ""
        # Cells are drawn at whole numbers, so that the nearest one is meant.
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
