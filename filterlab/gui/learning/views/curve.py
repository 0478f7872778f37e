"""The loss over the steps."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from filterlab.gui.learning.views.lossaxis import LossAxis
from filterlab.gui.look.theme import Theme
from filterlab.gui.panels.plots import Plot
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import brief

MOST_POINTS = 4000  # of a curve that is drawn at once; more are thinned out


class LossCurve(Plot):
    """A curve, or several, over the steps. picked(step): a click."""

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._losses: Sequence[Sequence[float]] = ()
        self._names: Sequence[str] = ()
        self._first = 0
        self._parts = pg.PlotCurveItem(connect="finite")
        super().__init__(theme, parent)
        self.box.addItem(self._parts)
        self.zero.hide()
        self.setAccessibleName(tr("Loss over the steps"))
        self.setToolTip(
            tr(
                "The loss before each step. A click shows that step; the wheel zooms, a double click shows all."
            )
        )
        self.scene().sigMouseClicked.connect(self._pick)

    def _make_axis(self, side: str) -> pg.AxisItem:
        return LossAxis(side) if side == "left" else super()._make_axis(side)

    def show_losses(
        self,
        names: Sequence[str],
        losses: Sequence[Sequence[float]],
        heights: Sequence[Sequence[float]],
        *,
        log: bool,
        first: int = 0,
    ) -> None:
        """Draw these, from step `first` on. heights: what is drawn, the losses or their decimal logarithms."""
        self._names, self._losses, self._first = names, losses, first
        self.axes["left"].setLogMode(y=log)
        self._parts.setData([], [])
        if len(self.curves) != len(losses):
            self._set_curves([pg.PlotCurveItem(connect="finite") for _ in losses])
        drawn = [_thinned(values, first) for values in heights]
        for curve, (places, values) in zip(self.curves, drawn, strict=True):
            curve.setData(places, values)
        self.axes["left"].setStyle(maxTextLevel=0 if log else 2)

    def show_parts(self, heights: Sequence[float], each: int) -> None:
        """Draw single steps behind, `each` of them to a place of the others."""
        stride = len(heights) // MOST_POINTS + 1
        places = [(index + 0.5) / each for index in range(0, len(heights), stride)]
        self._parts.setData(places, list(heights[::stride]))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All columns of the panel fit beside each other in a window of 1366 pixels."""
        return QSize(96, 60)

    def paint(self) -> None:
        """Single steps are faint, so that the means stand out."""
        super().paint()
        self._parts.setPen(pg.mkPen(self._theme.colors.border, width=1))

    def text_at(self, place: float) -> str:
        """The losses at a step."""
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
    """Places and heights, no more than can be drawn at once."""
    stride = len(values) // MOST_POINTS + 1
    return list(range(first, first + len(values), stride)), list(values[::stride])
