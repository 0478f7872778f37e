"""A map as a small picture with a caption and its range."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from filterlab.gui.learning.views.captions import caption_height, draw_caption
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints
from filterlab.images.views import MapView, Scale, ViewCrop
from filterlab.text.numbers import brief


class MapPlate(QWidget):
    """Shows one channel of a map, or the first three as colours, as large as the widget allows."""

    def __init__(self, theme: Theme, name: str, tip: str) -> None:
        super().__init__()
        self._theme, self._name = theme, name
        self.view: MapView | None = None
        self._channel: int | None = None
        self._scale = Scale(0, 1, 0, 1)
        self._colormap = "gray"
        self._range = self._short_range = ""
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_map(
        self, view: MapView | None, channel: int | None = None, scale: Scale | None = None, colormap: str = ""
    ) -> None:
        """Show a map, or nothing for None. channel: the channel to show; None draws three as colours, one as grey."""
        self.view, self._channel = view, channel
        self._scale, self._colormap = scale or self._scale, colormap or self._colormap
        self._range = self._short_range = ""
        if view is not None:
            low, high = view.extent if channel is None else view.channel_extent(channel)
            self._range, self._short_range = (f"{brief(low, n)} … {brief(high, n)}" for n in (3, 2))
        self.setAccessibleDescription(self._range)
        self.update()

    @property
    def text(self) -> str:
        """The caption: the name and the range."""
        return f"{self._name} {self._range}".strip()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        side = self.fontMetrics().height() * 10
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        line = self.fontMetrics().height()
        return QSize(5 * line, 4 * line)

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        colors = self._theme.colors
        painter.setPen(QColor(colors.dim))
        fits = self.fontMetrics().horizontalAdvance(self._range) <= self.width()
        draw_caption(painter, self.rect(), self._name, self._range if fits else self._short_range)
        room = self.rect().adjusted(1, caption_height(self.fontMetrics()) + 1, -1, -1)
        if self.view is None or room.height() < 4:
            return
        height, width = self.view.size
        size = QSize(width, height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = size.expandedTo(QSize(2, 2))  # a map of one long row would be less than a pixel high
        frame = QRect(room.topLeft(), size)
        frame.moveLeft(room.left() + (room.width() - size.width()) // 2)
        painter.drawImage(frame, self._drawn(frame.size()))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawRect(frame.adjusted(-1, -1, 0, 0))

    def _drawn(self, size: QSize) -> QImage:
        assert self.view is not None, "drawn where there is a map"
        # At the resolution of the screen: a scaled image would mix the colours of neighbouring values.
        ratio = self.devicePixelRatioF()
        height, width = max(round(size.height() * ratio), 1), max(round(size.width() * ratio), 1)
        crop = ViewCrop(0, 0, *self.view.size)
        pixels = self.view.colored(self._channel, crop, height, width, self._scale, self._colormap)
        image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32)
        return image.copy()  # a QImage does not keep the bytes that it is made of alive
