"""The loss over the steps."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent

from filterlab.gui.learning.views.legend import LegendEntry
from filterlab.gui.learning.views.lossaxis import LossAxis, StepAxis
from filterlab.gui.look.theme import Theme
from filterlab.gui.panels.plots import Plot
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import brief

ROOM_FOR_TITLES = 170  # pixels of height below which the titles of the axes would leave no room for the curve
MOST_POINTS = 4000  # of a curve: more are thinned out, since they would only slow down painting


class LossCurve(Plot):
    """One or more curves over the steps. picked(step): a step was clicked."""

    picked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        self._losses: Sequence[Sequence[float]] = ()
        self._names: Sequence[str] = ()
        self._first = 0
        # "finite" leaves gaps at NaN, the logarithm of a loss that has none. Made before `super()`, which paints.
        self._batches = pg.PlotCurveItem(connect="finite")
        self.best_mark = pg.InfiniteLine(0, angle=90)
        self._titles: dict[str, str] = {}
        super().__init__(theme)
        self.box.addItem(self.best_mark, ignoreBounds=True)
        self.box.addItem(self._batches)
        self.zero.hide()
        self.setAccessibleName(tr("Loss over the steps"))
        self.setToolTip(
            tr(
                "The loss before each step. A click shows that step; the wheel zooms, a double click shows all."
            )
        )
        self.scene().sigMouseClicked.connect(self._pick)

    def _make_axis(self, side: str) -> pg.AxisItem:
        return LossAxis(side) if side == "left" else StepAxis(side)

    def show_losses(
        self,
        names: Sequence[str],
        losses: Sequence[Sequence[float]],
        heights: Sequence[Sequence[float]],
        *,
        log: bool,
        first: int = 0,
    ) -> None:
        """Draw curves from step `first` on. heights: what is drawn, the losses or their decimal logarithms."""
        self._names, self._losses, self._first = names, losses, first
        self.axes["left"].setLogMode(y=log)  # for the labels only: the heights are logarithms already
        self._batches.setData([], [])
        if len(self.curves) != len(losses):
            self._set_curves([pg.PlotCurveItem(connect="finite") for _ in losses])
        drawn = [_thinned(values, first) for values in heights]
        for curve, (places, values) in zip(self.curves, drawn, strict=True):
            curve.setData(places, values)
        self.axes["left"].setStyle(maxTextLevel=0 if log else 2)

    def name_axes(self, steps: str, values: str) -> None:
        """Write what is counted below, and what is measured beside."""
        wanted = {"left": values, "bottom": steps}
        if wanted != self._titles:
            self._titles = wanted
            self.paint()

    def mark_best(self, place: int) -> None:
        """Put the mark of the best step at a place; at 0, hide it."""
        self.best_mark.setVisible(place > 0)
        self.best_mark.setValue(place)

    def legend(self) -> list[LegendEntry]:
        """The pens of all that is drawn, each with its words."""
        curves = zip(self.curves, self._names, strict=True)
        entries = [(curve.opts["pen"], name) for curve, name in curves]
        if self._batches.getData()[0] is not None and len(self._batches.getData()[0]):
            entries.append((self._batches.opts["pen"], tr("single steps")))
        entries.append((self.cursor_mark.pen, tr("shown")))
        if self.best_mark.isVisible():
            entries.append((self.best_mark.pen, tr("best")))
        return entries

    def show_batches(self, heights: Sequence[float], steps_per_epoch: int) -> None:
        """Draw the losses of single steps behind the curves of the epochs that they belong to."""
        stride = len(heights) // MOST_POINTS + 1
        places = [(index + 0.5) / steps_per_epoch for index in range(0, len(heights), stride)]
        self._batches.setData(places, list(heights[::stride]))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Small enough that all columns of the panel fit side by side in a window of 1366 pixels."""
        return QSize(96, 60)

    def paint(self) -> None:
        """Take on the colours; single steps are faint, so that the means of the epochs stand out."""
        super().paint()
        colors = self._theme.colors
        self._batches.setPen(pg.mkPen(colors.border, width=1))
        self.best_mark.setPen(pg.mkPen(colors.dim, width=1, style=Qt.PenStyle.DotLine))
        for side, text in self._titles.items():
            size = f"{self.axes[side].style['tickFont'].pointSizeF():.1f}pt"
            self.axes[side].setLabel(text, **{"color": colors.dim, "font-size": size})
        self._show_titles()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the titles of the axes where there is room for them."""
        super().resizeEvent(event)
        self._show_titles()

    def _show_titles(self) -> None:
        for side, text in self._titles.items():
            self.axes[side].showLabel(bool(text) and self.height() >= ROOM_FOR_TITLES)

    def text_at(self, place: float) -> str:
        """The values of all curves at a step, as text; "" outside of them."""
        index = round(place) - self._first
        if not self._losses or not 0 <= index < len(self._losses[0]):
            return ""
        texts = [
            f"{name} {brief(losses[index], 6)}"
            for name, losses in zip(self._names, self._losses, strict=True)
            if index < len(losses)
        ]
        return tr("step {step}:", step=round(place)) + " " + "  ".join(texts)

    def _pick(self, event: object) -> None:
        position = event.scenePos()  # type: ignore[attr-defined]
        if self._losses and self.box.sceneBoundingRect().contains(position):
            self.picked.emit(round(self.box.mapSceneToView(position).x()))


def _thinned(values: Sequence[float], first: int) -> tuple[list[int], list[float]]:
    """The steps and heights of at most `MOST_POINTS` points."""
    stride = len(values) // MOST_POINTS + 1
    return list(range(first, first + len(values), stride)), list(values[::stride])
