"""The picture of a spectrum, on which notches and bands are painted by mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from filterlab.explain.drawing.spectra import FINEST, MAGNITUDE, MapSpectrum
from filterlab.gui.bench.history import Gesture
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import paints, saved
from filterlab.gui.spectrum.marks import FrequencyBand, Notch, SpectrumMarks, tidy, widened
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import exact

NOTCHES, BANDS = "notches", "bands"
_GAP = 2  # logical pixels between the picture and the numbers at its axes
_REACH = 7  # logical pixels within which the mouse meets a notch, and a new one snaps to a peak
_DRAG = 4  # logical pixels after which a press is a drag
_STEP = 1.25  # of a radius, with each step of the wheel
_LEAST = 90  # logical pixels of the picture's side
_ENDS = {0.5: "½", 0.25: "¼", 0.125: "⅛"}  # cycles a pixel at the edges of the picture


class SpectrumView(QWidget):
    """Zero frequency in the middle, u to the right and v down, in cycles a pixel; marks lie over it.

    edited(marks): something was painted, and `marks` are not changed before the owner shows the new ones. settled: an
    edit begins or has ended; what comes next is a step of its own. chosen_changed: another mark is chosen.
    pointed(u, v), left: the frequency under the cursor.
    """

    edited = Signal(object)
    settled = Signal()
    chosen_changed = Signal()
    pointed = Signal(float, float)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.spectrum: MapSpectrum | None = None
        self.marks = SpectrumMarks()
        self.chosen: int | None = None  # place in `marks.all`
        self.kind, self.tool, self.reach = MAGNITUDE, NOTCHES, 0.5
        self.caret = (0.0, 0.0)  # the frequency that keys act at
        self._image: tuple[object, QImage] | None = None
        # Where a drag began: the frequency, and for a notch how far the cursor is from its middle.
        self._pressed: tuple[float, float] | None = None
        self._grip: tuple[float, float, float] | None = None
        self._drawing = False
        self.gesture: Gesture | None = None  # stands for the drag that is under way
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Spectrum"))
        self.setToolTip(
            tr(
                "Low frequencies are in the middle, waves along the rows left and right of it, along the columns "
                "above and below. Click a peak to put a notch on it and its mirror, drag it, turn the wheel for its "
                "radius, press Delete to remove it. Keys: arrows, Enter, plus and minus, Page Up and Page Down."
            )
        )
        theme.changed.connect(self.update)

    # -- what is shown --------------------------------------------------------------------------------

    def show_spectrum(self, spectrum: MapSpectrum | None) -> None:
        """Show another spectrum, or none."""
        self.spectrum, self._image = spectrum, None
        self.update()

    def show_marks(self, marks: SpectrumMarks) -> None:
        """Show other marks; the chosen one stays where there is still one in its place."""
        self.marks = marks
        if self.chosen is not None and self.chosen >= len(marks.all):
            self.choose(None)
        self._describe()
        self.update()

    def choose(self, place: int | None) -> None:
        """Choose a mark, or none."""
        if place != self.chosen:
            self.chosen = place
            self._describe()
            self.chosen_changed.emit()
            self.update()

    def set_look(
        self, *, kind: str | None = None, tool: str | None = None, reach: float | None = None
    ) -> None:
        """Show amplitudes or phases, take another tool, or show frequencies up to another one."""
        self.kind, self.tool, self.reach = kind or self.kind, tool or self.tool, reach or self.reach
        self.update()

    def _describe(self) -> None:
        marks = self.marks
        text = tr("{n} notches, {m} bands", n=len(marks.notches), m=len(marks.bands))
        if self.chosen is not None:
            text = f"{mark_words(marks.all[self.chosen])}; {text}"
        self.setAccessibleDescription(text)

    # -- places ---------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A square, with room for the numbers of the axes."""
        return QSize(self._margin() + _LEAST, _LEAST + self.fontMetrics().height() + _GAP)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The smallest picture in which a notch can be met."""
        return self.sizeHint()

    def width_for(self, height: int) -> int:
        """The width that a square needs in this height."""
        return max(height - self.fontMetrics().height() - _GAP, _LEAST) + self._margin()

    def _margin(self) -> int:
        return self.fontMetrics().horizontalAdvance("−½") + self.fontMetrics().height() + 2 * _GAP

    @property
    def plate(self) -> QRectF:
        """The square of the picture."""
        line = self.fontMetrics().height() + _GAP
        side = min(self.width() - self._margin(), self.height() - line)
        return QRectF(self._margin(), 0, side, side)

    @property
    def scale(self) -> float:
        """Logical pixels of a cycle a pixel."""
        return self.plate.width() / (2 * self.reach)

    def place_of(self, u: float, v: float) -> QPointF:
        """Where a frequency lies."""
        return self.plate.center() + QPointF(u, v) * self.scale

    def frequency_at(self, place: QPointF) -> tuple[float, float]:
        """The frequency (u, v) at a place, at most 1/2 along either axis."""
        away = (place - self.plate.center()) / self.scale
        return min(max(away.x(), -0.5), 0.5), min(max(away.y(), -0.5), 0.5)

    # -- painting -------------------------------------------------------------------------------------

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        plate = self.plate
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        with saved(painter):
            painter.setClipRect(plate)
            if self.spectrum is not None:
                self._paint_spectrum(painter, self.spectrum)
            self._paint_over(painter)
        focused = self.hasFocus()
        colors = self._theme.colors
        painter.setPen(QPen(QColor(colors.accent if focused else colors.border), 2 if focused else 1))
        painter.drawRect(plate.adjusted(0, 0, -1, -1))
        self._paint_axes(painter)

    def _paint_over(self, painter: QPainter) -> None:
        """The axes, the marks and the cursor of the keys."""
        self._paint_cross(painter)
        for place, mark in enumerate(self.marks.all):
            chosen = place == self.chosen
            if isinstance(mark, Notch):
                self._paint_notch(painter, mark, chosen=chosen)
            else:
                self._paint_band(painter, mark, chosen=chosen)
        if self.hasFocus() and self.chosen is None:
            self._paint_cursor(painter)

    def _paint_spectrum(self, painter: QPainter, spectrum: MapSpectrum) -> None:
        # As many cells as there are pixels, or fewer: shrinking the image would dim single peaks.
        wanted, most = self.scale * self.devicePixelRatioF(), 64
        while most * 2 <= min(wanted, FINEST):
            most *= 2
        key = (self.kind, self._theme.dark, most)
        if self._image is None or self._image[0] != key:
            self._image = key, image_of(spectrum.pixels(self.kind, dark=self._theme.dark, most=most))
        left, top = spectrum.corner
        size = QRectF(0, 0, self.scale, self.scale).size()
        smooth = self.kind == MAGNITUDE  # between a phase of −π and of π there is none in the middle
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        # The cell of −1/2 is that of 1/2 as well, of which half lies at the other edge.
        for u, v in ((left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)):
            painter.drawImage(QRectF(self.place_of(u, v), size), self._image[1])

    def _paint_cross(self, painter: QPainter) -> None:
        # Half seen, so that the axes do not hide what lies on them.
        painter.setPen(QPen(_faint(self._theme.colors.dim, 0.4), 1))
        plate, middle = self.plate, self.plate.center()
        painter.drawLine(QPointF(middle.x(), plate.top()), QPointF(middle.x(), plate.bottom()))
        painter.drawLine(QPointF(plate.left(), middle.y()), QPointF(plate.right(), middle.y()))

    def _paint_notch(self, painter: QPainter, notch: Notch, *, chosen: bool) -> None:
        for sign in (1, -1):
            for u, v in self._copies(sign * notch.u, sign * notch.v):
                middle = self.place_of(u, v)
                inner = max(notch.radius * self.scale, 3.0)
                self._ring(painter, middle, inner, chosen=chosen, dashed=sign < 0)
                outer = (notch.radius + self.marks.edge) * self.scale
                if chosen and outer > inner + 2:
                    painter.setPen(QPen(self._color(chosen=True), 1, Qt.PenStyle.DotLine))
                    painter.drawEllipse(middle, outer, outer)

    def _copies(self, u: float, v: float) -> Iterator[tuple[float, float]]:
        """A frequency, and those at which it repeats that may reach into the picture."""
        yield from (
            (u + i, v + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if max(abs(u + i), abs(v + j)) <= 0.6
        )

    def _paint_band(self, painter: QPainter, band: FrequencyBand, *, chosen: bool) -> None:
        middle = self.plate.center()
        low, high = band.low * self.scale, band.high * self.scale
        pen = QPen(_faint(self._theme.colors.accent, 0.25), max(high - low, 1.0))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, (low + high) / 2, (low + high) / 2)
        for radius in (low, high):
            if radius > 0:
                self._ring(painter, middle, radius, chosen=chosen, dashed=False)

    def _ring(self, painter: QPainter, middle: QPointF, radius: float, *, chosen: bool, dashed: bool) -> None:
        # Seen on any ground: a line between two of the other lightness.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.colors.panel), 4 if chosen else 3))
        painter.drawEllipse(middle, radius, radius)
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(self._color(chosen=chosen), 2 if chosen else 1.25, style))
        painter.drawEllipse(middle, radius, radius)

    def _color(self, *, chosen: bool) -> QColor:
        return QColor(self._theme.colors.accent if chosen else self._theme.colors.text)

    def _paint_cursor(self, painter: QPainter) -> None:
        at = self.place_of(*self.caret)
        for color, width in ((self._theme.colors.panel, 3), (self._theme.colors.accent, 1)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawLine(at - QPointF(6, 0), at + QPointF(6, 0))
            painter.drawLine(at - QPointF(0, 6), at + QPointF(0, 6))

    def _paint_axes(self, painter: QPainter) -> None:
        plate, align, end = self.plate, Qt.AlignmentFlag, _ENDS[self.reach]
        height = self.fontMetrics().height()
        painter.setPen(QColor(self._theme.colors.dim))
        below = QRectF(plate.left(), plate.bottom() + _GAP, plate.width(), height)
        beside = QRectF(0, plate.top(), plate.left() - _GAP, plate.height())
        for text, across, down in (
            (f"−{end}", align.AlignLeft, align.AlignTop),
            ("0", align.AlignHCenter, align.AlignVCenter),
            (end, align.AlignRight, align.AlignBottom),
        ):
            painter.drawText(below, across | align.AlignTop, text)
            painter.drawText(beside, align.AlignRight | down, text)
        painter.rotate(-90)
        unit = QRectF(-plate.bottom(), 0, plate.height(), height)
        painter.drawText(unit, align.AlignCenter, tr("cycles a pixel"))

    # -- mouse ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the mark under the cursor, or paint a new one."""
        inside = self.plate.contains(event.position())
        if event.button() != Qt.MouseButton.LeftButton or self.spectrum is None or not inside:
            super().mousePressEvent(event)
            return
        u, v = self._pressed = self.frequency_at(event.position())
        self.caret, self.gesture = (u, v), Gesture()
        self.settled.emit()
        if self.tool == BANDS:
            self.choose(self.marks.band_at(hypot(u, v)))
            return
        near = self.marks.notch_near(u, v, _REACH / self.scale)
        if near is None:
            self._add_notch(u, v, _REACH / self.scale)
        else:
            self.choose(near)
        if self.chosen is not None:
            self._grip = self._grip_of(self.marks.notches[self.chosen], u, v)

    def _grip_of(self, notch: Notch, u: float, v: float) -> tuple[float, float, float]:
        """Which of both disks is held, by its sign, and how far (u, v) is from its middle."""
        copies = [
            (hypot(a - u, b - v), sign, a - u, b - v)
            for sign in (1.0, -1.0)
            for a, b in self._copies(sign * notch.u, sign * notch.v)
        ]
        _, sign, across, down = min(copies)
        return sign, across, down

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the frequency under the cursor; drag what was pressed."""
        u, v = self.frequency_at(event.position())
        if self.plate.contains(event.position()):
            self.pointed.emit(u, v)
        else:
            self.left.emit()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        moved = self.place_of(*self._pressed) - event.position()
        if self.tool == BANDS:
            if self._drawing or hypot(moved.x(), moved.y()) >= _DRAG:
                self._draw_band(hypot(*self._pressed), hypot(u, v))
        elif self._grip is not None and self.chosen is not None:
            sign, across, down = self._grip
            self._move_notch(self.chosen, sign * (u + across), sign * (v + down))

    def _draw_band(self, start: float, end: float) -> None:
        band = FrequencyBand(tidy(min(start, end)), tidy(max(start, end)))
        if self._drawing and self.chosen is not None:
            self.edited.emit(self.marks.with_mark(self.chosen, band))
        else:
            self._drawing = True
            self._add(band)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End a drag; a click with the tool for bands adds a narrow one where there is none."""
        if self._pressed is not None and self.tool == BANDS and not self._drawing and self.chosen is None:
            self._add(self._narrow_band(hypot(*self._pressed)))
        self._pressed = self._grip = self.gesture = None
        self._drawing = False
        self.settled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Widen or narrow the chosen mark."""
        if self.chosen is None or not event.angleDelta().y():
            event.ignore()
            return
        self._widen(_STEP ** (event.angleDelta().y() / 120))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Say how to paint beside the picture alone: over it, the words would lie on the peaks that one aims at."""
        if isinstance(event, QHelpEvent) and self.plate.contains(QPointF(event.pos())):
            QToolTip.hideText()
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Point at nothing any more."""
        super().leaveEvent(event)
        self.left.emit()

    # -- keys -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the cursor or the chosen mark; add, widen, remove and choose marks."""
        key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if self.spectrum is None:
            super().keyPressEvent(event)
        elif key in steps:
            across, down = steps[key]
            step = (10 if shift else 1) / self.scale
            self._move(across * step, down * step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._add_at_cursor()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal) and self.chosen is not None:
            self._widen(_STEP)
        elif key == Qt.Key.Key_Minus and self.chosen is not None:
            self._widen(1 / _STEP)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen is not None:
            self.remove_chosen()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and self.marks.all:
            self._choose_next(1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_Escape and self.chosen is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def _move(self, across: float, down: float) -> None:
        mark = None if self.chosen is None else self.marks.all[self.chosen]
        if isinstance(mark, Notch) and self.chosen is not None:
            self._move_notch(self.chosen, mark.u + across, mark.v + down)
            return
        self.caret = (
            min(max(self.caret[0] + across, -self.reach), self.reach),
            min(max(self.caret[1] + down, -self.reach), self.reach),
        )
        self.pointed.emit(*self.caret)
        self.update()

    def _choose_next(self, step: int) -> None:
        count = len(self.marks.all)
        before = self.chosen if self.chosen is not None else (-1 if step > 0 else count)
        self.choose((before + step) % count)

    # -- edits ----------------------------------------------------------------------------------------

    def _add(self, mark: Notch | FrequencyBand) -> None:
        marks, place = self.marks.added(mark)
        self.edited.emit(marks)
        # An edit that the layer refuses leaves the marks as they were.
        self.choose(place if self.marks == marks else None)

    def _add_notch(self, u: float, v: float, reach: float) -> None:
        """Put a notch on the peak near a frequency, or there where it was asked for."""
        if self.spectrum is not None:
            at_u, at_v = self.spectrum.peak_near(u, v, reach)
            self._add(Notch(tidy(at_u), tidy(at_v), tidy(self.spectrum.radius)))

    def _add_at_cursor(self) -> None:
        self.settled.emit()
        u, v = self.caret
        if self.tool == BANDS:
            self._add(self._narrow_band(hypot(u, v)))
        else:
            self._add_notch(u, v, 1 / self.scale)

    def _narrow_band(self, frequency: float) -> FrequencyBand:
        half = self.spectrum.radius if self.spectrum is not None else 0.0
        return FrequencyBand(tidy(max(frequency - half, 0.0)), tidy(frequency + half))

    def _move_notch(self, place: int, u: float, v: float) -> None:
        u, v = (tidy(min(max(value, -0.5), 0.5)) for value in (u, v))
        notch = self.marks.notches[place]._replace(u=u, v=v)
        self.edited.emit(self.marks.with_mark(place, notch))

    def _widen(self, factor: float) -> None:
        if self.chosen is not None:
            mark = widened(self.marks.all[self.chosen], factor)
            self.edited.emit(self.marks.with_mark(self.chosen, mark))

    def remove_chosen(self) -> None:
        """Remove the chosen mark."""
        if self.chosen is not None:
            place = self.chosen
            self.choose(None)
            self.settled.emit()
            self.edited.emit(self.marks.with_mark(place, None))


def mark_words(mark: Notch | FrequencyBand) -> str:
    """A mark in a line."""
    gain = exact(mark.gain)
    if isinstance(mark, Notch):
        u, v, radius = map(exact, mark[:3])
        return tr("Notch at {u}, {v}, radius {r}, × {gain}", u=u, v=v, r=radius, gain=gain)
    return tr("Band from {low} to {high}, × {gain}", low=exact(mark.low), high=exact(mark.high), gain=gain)


def _faint(color: str, alpha: float) -> QColor:
    made = QColor(color)
    made.setAlphaF(alpha)
    return made
