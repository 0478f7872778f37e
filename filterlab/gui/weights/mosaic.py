"""The view of all kernels of a layer, of which only those that can be seen are drawn."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from filterlab.explain.weights import KernelPitch, WeightSurvey, mosaic, pictures
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Theme
from filterlab.gui.painting import guarded, painting
from filterlab.gui.words.i18n import tr
from filterlab.text.numbers import brief

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = 4  # logical pixels between two kernels
LARGEST, SMALLEST = 24, 2  # logical pixels of a weight
_LEAST, _LEGIBLE = 4, 12  # logical pixels of a weight, and of a kernel, that are chosen at least
_PICTURE = 72  # logical pixels of an RGB picture where there is room for all


class KernelAt(NamedTuple):
    """A kernel by its output and input channel."""

    output: int
    source: int


class MosaicView(QAbstractScrollArea):
    """Kernels as a mosaic, output channels down and input channels across, or as RGB pictures in rows.

    pointed(KernelAt or None): the mouse is over a kernel. picked(KernelAt), opened(KernelAt): one was clicked, or
    clicked twice. The wheel scrolls, and zooms with Ctrl.
    """

    pointed = Signal(object)
    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._survey: WeightSurvey | None = None
        self._outputs: list[int] = []
        self._inputs: list[int] = []
        self.as_pictures = self.each = False
        self._cell = 0  # logical pixels of a weight; 0 until the person zooms: as fits
        self.current: KernelAt | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(tr("Kernels of the layer"))
        theme.changed.connect(self.viewport().update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A start; the view takes the room that there is."""
        return QSize(560, 480)

    def show_survey(self, survey: WeightSurvey | None) -> None:
        """Show the kernels of another layer, or none; the zoom is chosen anew where their number or size differs."""
        old, self._survey = self._survey, survey
        if survey is None or old is None or old.kernels.shape != survey.kernels.shape:
            self._cell, self.current = 0, None
        self._lay_out()

    def arrange(self, *, as_pictures: bool, by_norm: bool, each: bool) -> None:
        """Show RGB pictures or a mosaic, in which order, and each kernel on its own scale or all on one."""
        if as_pictures != self.as_pictures:
            self._cell = 0
        self.as_pictures, self.each = as_pictures, each
        if self._survey is not None:
            self._outputs = self._survey.order(by_norm=by_norm)
            self._inputs = self._survey.input_order(by_norm=by_norm)
        self._lay_out()

    @property
    def outputs(self) -> list[int]:
        """The output channels in the order in which they are shown."""
        return self._outputs

    # -- places ---------------------------------------------------------------------------------------

    @property
    def pitch(self) -> KernelPitch:
        """The present size of the kernels, in logical pixels."""
        assert self._survey is not None, "asked for with kernels"
        height, width = self._survey.size
        cell = self._cell or self._fitting()
        across, down = width * cell + GAP, height * cell + GAP
        # The scale of a picture stands below it, where it fits.
        if self.as_pictures and self.each and across >= self._scale_width():
            down += self.fontMetrics().height()
        return KernelPitch(cell, across, down)

    def _scale_width(self) -> int:
        return self.fontMetrics().horizontalAdvance("±0.0000")

    def _fitting(self) -> int:
        """The largest cell with which all kernels can be seen, as far as that makes sense."""
        assert self._survey is not None, "asked for with kernels"
        height, width = self._survey.size
        room = self.viewport().size()
        if self.as_pictures:
            return max(SMALLEST, min(LARGEST, _PICTURE // max(height, width)))
        if self.flowing:
            return max(SMALLEST, min(LARGEST, _PICTURE // 2 // max(height, width)))
        across = (room.width() / max(len(self._inputs), 1) - GAP) / width
        down = (room.height() / max(len(self._outputs), 1) - GAP) / height
        # At least so large that the pattern of a kernel can be seen; the rest is scrolled to.
        return int(max(min(across, down, LARGEST), _LEAST, ceil(_LEGIBLE / max(height, width))))

    @property
    def flowing(self) -> bool:
        """Whether several output channels stand in a row: those that are one picture each, or one kernel."""
        return self.as_pictures or len(self._inputs) == 1

    @property
    def columns(self) -> int:
        """How many kernels, or pictures, stand in a row."""
        if not self.flowing:
            return len(self._inputs)
        return max(1, min(self.viewport().width() // self.pitch.across, len(self._outputs)))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return ceil(len(self._outputs) / self.columns) if self.flowing else len(self._outputs)

    def kernel_rect(self, kernel: KernelAt) -> QRect:
        """Where a kernel is drawn, in the viewport."""
        assert self._survey is not None, "asked for with kernels"
        place, pitch = self._outputs.index(kernel.output), self.pitch
        row, col = divmod(place, self.columns) if self.flowing else (place, self._inputs.index(kernel.source))
        height, width = self._survey.size
        corner = QPoint(col * pitch.across, row * pitch.down) - self._origin()
        return QRect(corner, QSize(width * pitch.cell, height * pitch.cell))

    def _origin(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def kernel_at(self, place: QPoint) -> KernelAt | None:
        """The kernel at a place of the viewport."""
        if self._survey is None or not self._outputs:
            return None
        pitch, where = self.pitch, place + self._origin()
        row, col = where.y() // pitch.down, where.x() // pitch.across
        if not (0 <= col < self.columns and 0 <= row < self.rows):
            return None
        if not self.flowing:
            return KernelAt(self._outputs[row], self._inputs[col])
        number = row * self.columns + col
        return KernelAt(self._outputs[number], 0) if number < len(self._outputs) else None

    def _lay_out(self) -> None:
        room = self.viewport().size()
        wide = tall = 0
        if self._survey is not None and self._outputs:
            pitch = self.pitch
            wide, tall = self.columns * pitch.across, self.rows * pitch.down
            self.horizontalScrollBar().setSingleStep(pitch.across)
            self.verticalScrollBar().setSingleStep(pitch.down)
        for bar, whole, page in (
            (self.horizontalScrollBar(), wide, room.width()),
            (self.verticalScrollBar(), tall, room.height()),
        ):
            bar.setRange(0, max(whole - page, 0))
            bar.setPageStep(page)
        self.viewport().update()

    # -- painting -------------------------------------------------------------------------------------

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        with painting(self.viewport()) as painter:
            painter.fillRect(event.rect(), QColor(self._theme.colors.wall))
            if self._survey is None or not self._outputs:
                return
            rows, cols = self._visible()
            corner = QPoint(cols.start * self.pitch.across, rows.start * self.pitch.down) - self._origin()
            painter.drawImage(corner, image_of(self._pixels(self._survey, rows, cols)))
            if self.as_pictures and self.each:
                self._paint_scales(painter, self._survey, rows)
            if self.current is not None:
                painter.setPen(QPen(QColor(self._theme.colors.pin), 2))
                painter.drawRect(self.kernel_rect(self.current).adjusted(-1, -1, 1, 1))

    def _visible(self) -> tuple[range, range]:
        """The rows and columns that can be seen, at least in part."""
        pitch, origin, room = self.pitch, self._origin(), self.viewport().size()
        rows = range(origin.y() // pitch.down, min((origin.y() + room.height()) // pitch.down + 1, self.rows))
        if self.flowing:
            return rows, range(self.columns)
        cols = range(
            origin.x() // pitch.across, min((origin.x() + room.width()) // pitch.across + 1, self.columns)
        )
        return rows, cols

    def _pixels(self, survey: WeightSurvey, rows: range, cols: range) -> NDArray[Any]:
        colors = self._theme.colors
        if self.flowing:
            shown = self._outputs[rows.start * self.columns : rows.stop * self.columns]
            if not self.as_pictures:
                columns = self.columns
                return mosaic(survey, shown, [0], self.pitch, colors, each=self.each, columns=columns)
            return pictures(survey, shown, self.columns, self.pitch, colors, each=self.each)
        outputs, inputs = self._outputs[rows.start : rows.stop], self._inputs[cols.start : cols.stop]
        return mosaic(survey, outputs, inputs, self.pitch, colors, each=self.each)

    def _paint_scales(self, painter: QPainter, survey: WeightSurvey, rows: range) -> None:
        """Write the largest magnitude of each picture below it."""
        pitch = self.pitch
        if pitch.across < self._scale_width():
            return
        painter.setPen(QColor(self._theme.colors.dim))
        for output in self._outputs[rows.start * self.columns : rows.stop * self.columns]:
            picture = self.kernel_rect(KernelAt(output, 0))
            place = QRect(picture.left(), picture.bottom() + 1, picture.width(), self.fontMetrics().height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"±{brief(survey.largest(output), 3)}")

    # -- events ---------------------------------------------------------------------------------------

    def zoom(self, steps: int) -> None:
        """Make the kernels larger or smaller, by a quarter at each step and at least by a pixel of a weight."""
        if self._survey is not None:
            cell = self.pitch.cell
            self._cell = max(SMALLEST, min(cell + steps * max(1, cell // 4), LARGEST * 2))
            self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the pictures out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what the mouse is over."""
        self.pointed.emit(self.kernel_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Pick the kernel."""
        found = self.kernel_at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.show_current(found)
            self.picked.emit(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the kernel."""
        found = self.kernel_at(event.position().toPoint())
        if found is not None:
            self.opened.emit(found)

    def show_current(self, kernel: KernelAt) -> None:
        """Frame a kernel, and scroll to it."""
        self.current = kernel
        place, room = self.kernel_rect(kernel), self.viewport().rect()
        for bar, low, high, page in (
            (self.horizontalScrollBar(), place.left(), place.right(), room.width()),
            (self.verticalScrollBar(), place.top(), place.bottom(), room.height()),
        ):
            bar.setValue(bar.value() + min(low, 0) + max(high - page, 0))
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show which kernel the mouse is over in a tool tip."""
        if isinstance(event, QHelpEvent):
            found = self.kernel_at(event.pos())
            QToolTip.showText(
                event.globalPos(), "" if found is None else kernel_name(found, self.as_pictures), self
            )
            return True
        return super().viewportEvent(event)


def kernel_name(kernel: KernelAt, whole: bool = False) -> str:
    """A kernel by its channels; whole: all kernels of its output channel."""
    if whole:
        return tr("output {o}", o=kernel.output)
    return tr("output {o}, input {i}", o=kernel.output, i=kernel.source)
