"""The legends above the maps of a comparison: one where both sides have the same range, else one for each."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from filterlab.gui.compare.view import PairView
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.wall.legend.drawing import Legend, draw_legend, legend_height, small
from filterlab.gui.words.i18n import tr

GAP = 24.0  # pixels between two legends
PAD = 12.0


class PairLegends(QWidget):
    """Paints the legends of what a view shows now."""

    def __init__(self, view: PairView, theme: Theme) -> None:
        super().__init__()
        self._view, self._theme = view, theme
        self.legends: list[tuple[str, Legend]] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def refresh(self) -> None:
        """Show the legends anew."""
        self.legends = self._found()
        self.setAccessibleName(tr("Legend"))
        words = "; ".join(
            f"{title}: {legend.scale.least:.6g} … {legend.scale.greatest:.6g}, {legend.words()}"
            for title, legend in self.legends
        )
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def _found(self) -> list[tuple[str, Legend]]:
        view, pair = self._view, self._view.pair
        if pair is None:
            return []
        tones = view.tones()
        if view.mode == "difference":
            if pair.apart is None:
                return []
            shares = pair.apart.distribution.shares(tones[2].scale.low, tones[2].scale.high)
            return [("A − B", Legend(tones[2].scale, tones[2].colormap, *shares))]
        found = []
        for title, side, channel, tone in zip("AB", pair.sides, pair.channels, tones[:2], strict=True):
            values = side.view.distribution if channel is None else side.view.channel_distribution(channel)
            found.append((title, tone, values.shares(tone.scale.low, tone.scale.high)))
        if view.same:
            # The larger share: what is said to be clipped is then true of both.
            below, above = (max(shares[end] for _, _, shares in found) for end in (0, 1))
            return [(tr("A and B"), Legend(tones[0].scale, tones[0].colormap, below, above))]
        return [(title, Legend(tone.scale, tone.colormap, *shares)) for title, tone, shares in found]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of a legend."""
        return QSize(200, round(legend_height(QFontMetricsF(small(self.font()))) + 10))

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        """Paint the legends side by side."""
        colors = self._theme.colors
        painter.setFont(small(self.font()))
        metrics = QFontMetricsF(painter.font())
        count = max(len(self.legends), 1)
        room = (self.width() - 2 * PAD - (count - 1) * GAP) / count
        height = legend_height(metrics)
        for number, (title, legend) in enumerate(self.legends):
            left, wide = PAD + number * (room + GAP), metrics.horizontalAdvance(title) + 8
            painter.setPen(QColor(colors.dim))
            line = QRectF(left, 5, wide, 14)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
            draw_legend(painter, QRectF(left + wide, 5, room - wide, height), legend, colors)
