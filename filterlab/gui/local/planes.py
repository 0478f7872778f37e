"""Planes of numbers side by side, each cell as large as all others."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from filterlab.explain.drawing.sights import NumberPlane, Sight
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded, painting
from filterlab.gui.words.i18n import tr

_GAP = 10
_LARGEST = 24.0  # logical pixels of a cell; more would show nothing more
_LEAST = 24  # logical pixels of a plane's narrowest side, below which planes are no longer shrunk


class PlanesView(QScrollArea):
    """Shows the planes of a sight as large as the room allows; those that do not fit scroll.

    pointed(plane or None, row, col): the cell below the cursor. chosen(plane): a plane was clicked.
    """

    pointed = Signal(object, int, int)
    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.sheet = _Sheet(theme, self)
        self.setWidget(self.sheet)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName(tr("Kernel at the pinned value"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_sight(self, sight: Sight | None) -> None:
        """Show other planes."""
        self.sheet.sight = sight
        self.sheet.arrange(self.viewport().size())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the planes to the new room."""
        super().resizeEvent(event)
        self.sheet.arrange(self.viewport().size())


def _row_starts(planes: tuple[NumberPlane, ...]) -> set[int]:
    """The planes with which a row begins, where they belong to a grid of places."""
    rows, cols = ([plane.place[axis] if plane.place else 0 for plane in planes] for axis in (0, 1))
    if len(set(rows)) == 1 or len(set(cols)) == 1:
        return set()
    return {i for i in range(1, len(rows)) if rows[i] != rows[i - 1]}


class _Sheet(QWidget):
    """The planes themselves; by keyboard, the arrows go from one to the next and Enter chooses it."""

    def __init__(self, theme: Theme, view: PlanesView) -> None:
        super().__init__()
        self._theme, self._view = theme, view
        self.sight: Sight | None = None
        self.rects: list[QRect] = []
        self.scale, self.current = 1.0, 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        theme.changed.connect(self.update)

    def arrange(self, room: QSize) -> None:
        """Place the planes in rows, at the largest scale at which they fit."""
        planes = self.sight.planes if self.sight is not None else ()
        self.current = min(self.current, max(len(planes) - 1, 0))
        self.scale, rects = self._fitting(planes, room)
        self.rects = rects
        bottom = max((rect.bottom() for rect in rects), default=0)
        self.resize(room.width(), max(bottom + _GAP, room.height()))
        self.update()

    def _fitting(self, planes: tuple[NumberPlane, ...], room: QSize) -> tuple[float, list[QRect]]:
        if not planes:
            return 1.0, []
        longest = max(max(plane.size) for plane in planes)
        scale, least = (
            min(_LARGEST, 4096 / longest),
            min(_LEAST / max(min(plane.size) for plane in planes), 1),
        )
        rects = list(self._placed(planes, scale, room.width()))
        while scale > least and max(r.bottom() for r in rects) + _GAP > room.height():
            # Whole factors above 1, so that no cell is shown a pixel larger than its neighbour.
            scale = scale - 1 if scale >= 2 else scale * 0.9
            rects = list(self._placed(planes, scale, room.width()))
        while scale > 0.01 and max(r.right() for r in rects) >= room.width():
            scale *= 0.9
            rects = list(self._placed(planes, scale, room.width()))
        return scale, rects

    def _placed(self, planes: tuple[NumberPlane, ...], scale: float, width: int) -> Iterator[QRect]:
        title = self.fontMetrics().height() + 2 if any(plane.title for plane in planes) else 0
        x, y, tall = 0, 0, 0
        starts = _row_starts(planes)
        for number, plane in enumerate(planes):
            height, across = (max(round(n * scale), 1) for n in plane.size)
            if x and (number in starts or x + across > width):
                x, y, tall = 0, y + tall + _GAP, 0
            yield QRect(x, y + title, across, height)
            x, tall = x + max(across, self._title_width(plane)) + _GAP, max(tall, height + title)

    def _title_width(self, plane: NumberPlane) -> int:
        return self.fontMetrics().horizontalAdvance(tr(plane.title)) if plane.title else 0

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the planes that the event touches."""
        if self.sight is None:
            return
        colors = self._theme.colors
        ratio = self.devicePixelRatioF()
        with painting(self) as painter:
            for number, (plane, rect) in enumerate(zip(self.sight.planes, self.rects, strict=True)):
                if not rect.adjusted(0, -self.fontMetrics().height() - 2, 0, 0).intersects(event.rect()):
                    continue
                painter.drawImage(rect, image_of(self.sight.pixels(plane, self.scale * ratio)))
                focused = self.hasFocus() and number == self.current
                painter.setPen(QPen(QColor(colors.accent if focused else colors.border), 2 if focused else 1))
                painter.drawRect(rect.adjusted(-1, -1, 0, 0))
                painter.setPen(QColor(colors.dim))
                if plane.title:
                    painter.drawText(rect.x(), rect.y() - 4, tr(plane.title))

    def _at(self, place: QPoint) -> int | None:
        return next((i for i, rect in enumerate(self.rects) if rect.contains(place)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell which cell is below the cursor."""
        place = event.position().toPoint()
        number = self._at(place)
        if number is None or self.sight is None:
            self._view.pointed.emit(None, 0, 0)
            return
        plane, inside = self.sight.planes[number], place - self.rects[number].topLeft()
        row, col = (
            min(int(at / self.scale), n - 1)
            for at, n in zip((inside.y(), inside.x()), plane.size, strict=True)
        )
        self._view.pointed.emit(plane, row, col)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the plane below the cursor."""
        number = self._at(event.position().toPoint())
        if number is not None:
            self._choose(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the plane before or after, or choose the present one."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if self.sight is not None and key in steps:
            self.current = min(max(self.current + steps[key], 0), len(self.sight.planes) - 1)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rects:
            self._choose(self.current)
        else:
            super().keyPressEvent(event)

    def _choose(self, number: int) -> None:
        self.current = number
        self.update()
        if self.sight is not None:
            self._view.chosen.emit(self.sight.planes[number])
