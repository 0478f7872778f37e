"""The line below the wall: the hidden columns, the legend that all layers share, and the horizontal scroll bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QToolButton, QWidget

from filterlab.gui.bench.viewstate import ViewState
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.gui.wall.paint import draw_legend, legend_texts
from filterlab.gui.words.i18n import tr
from filterlab.images.views import Scale


class CommonLegend(QWidget):
    """The colour scale of the maps of all layers, while they share one."""

    def __init__(self, *, view: ViewState, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._theme = view, theme
        self.scale: Scale | None = None
        self.setAccessibleName(tr("Colours of all layers"))
        self.hide()

    def show_scale(self, scale: Scale | None) -> None:
        """Show this scale; hide if there is none."""
        self.scale = scale
        self.setVisible(scale is not None)
        if scale is not None:
            low, high = legend_texts(scale)
            text = tr("All layers: from {low} to {high}", low=low, high=high)
            self.setToolTip(text)
            self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 40, metrics.height() + 6)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802
        if self.scale is not None:
            area = QRectF(self.rect()).adjusted(4, 0, -4, 0)
            draw_legend(painter, area, self.scale, self._view.look.colormap, self._theme.colors)


class Footer(QWidget):
    """The line itself; each of its parts is hidden while there is nothing to show in it."""

    def __init__(self, bar: QScrollBar, *, view: ViewState, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.hidden = QToolButton(self)
        # Not by a click, which would take the wall's keys away from it.
        self.hidden.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hidden.setAutoRaise(True)
        self.hidden.hide()
        self.legend = CommonLegend(view=view, theme=theme, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self.hidden)
        row.addWidget(self.legend)
        # The scroll bar takes what the other parts leave, or all where they are hidden.
        row.addWidget(bar, 1)

    def show_state(self, hidden: tuple[str, ...], scale: Scale | None) -> None:
        """Show how many columns are hidden, and the scale that all layers share."""
        self.hidden.setVisible(bool(hidden))
        text = tr("{count} hidden: show", count=len(hidden))
        self.hidden.setText(text)
        self.hidden.setToolTip(tr("Show all columns; hidden: {names}", names=", ".join(hidden)))
        self.hidden.setAccessibleName(text)
        self.legend.show_scale(scale)
