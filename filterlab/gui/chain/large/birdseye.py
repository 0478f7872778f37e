"""The bird's eye: all nodes of a graph as marks in their lanes, with the part that the list shows as a frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from filterlab.graph import IMAGE
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.chain.lanes import lanes
from filterlab.gui.chain.model import ChainModel
from filterlab.gui.chain.view import ChainView
from filterlab.gui.painting import guarded, painting
from filterlab.gui.words.i18n import tr
from filterlab.images.palette import Colors, mixed
from filterlab.run.ledger import Problem

WIDTH, EDGE = 44, 6  # logical pixels
MOST_MARK = 7.0  # the largest height of a mark
# The height of the frame at least, or it could not be taken hold of.
LEAST_FRAME = 14.0


class BirdsEye(QWidget):
    """A strip beside the list, from the first node to the last. Pressing and dragging in it scrolls the list.

    went(place): the list is to show the step at this place.
    """

    went = Signal(int)

    def __init__(self, bench: Workbench, model: ChainModel, view: ChainView) -> None:
        super().__init__()
        self._bench, self._model, self._view = bench, model, view
        self._found: Collection[str] = ()
        self._columns: list[int] = []
        self._marks: QPixmap | None = None
        self._held = 0.0  # from the middle of the frame to where it is held
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Map of the whole graph"))
        self.setToolTip(tr("The whole graph; drag the frame to go through it"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        view.verticalScrollBar().valueChanged.connect(self.update)
        view.verticalScrollBar().rangeChanged.connect(self.update)
        model.modelReset.connect(self.update)
        bench.document.changed.connect(self._read)
        bench.selection.node_changed.connect(self.update)
        for signal in (bench.results.surveyed, bench.results.failed, bench.theme.changed):
            signal.connect(self._renew)
        self._read()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow: the list needs the room."""
        return QSize(WIDTH, 120)

    def show_found(self, names: Collection[str]) -> None:
        """Mark the nodes that a search has found."""
        self._found = frozenset(names)
        self._renew()

    # -- what it shows --------------------------------------------------------------------------------

    def _read(self, *_: object) -> None:
        large = bool(self._bench.folds.blocks)
        # A small graph is seen in the list itself.
        self._columns = [lane.column for lane in lanes(self._bench.document.pipeline)[1:]] if large else []
        self.setVisible(large)
        self._renew()

    def _renew(self, *_: object) -> None:
        self._marks = None
        self.update()

    @property
    def _step(self) -> float:
        """The height of one step of the graph."""
        return min((self.height() - 2 * EDGE) / max(len(self._columns), 1), MOST_MARK + 2)

    def y_of(self, place: float) -> float:
        """The upper edge of the step at a place."""
        return EDGE + place * self._step

    def frame(self) -> QRectF:
        """The part that the list shows."""
        top, bottom = self._seen()
        y, height = self.y_of(top), max((bottom - top) * self._step, LEAST_FRAME)
        y = min(y, max(self.y_of(len(self._columns)) - height, EDGE))
        return QRectF(1.5, y - 1, self.width() - 3, height + 2)

    def _seen(self) -> tuple[float, float]:
        """The places at the upper and at the lower edge of the list: within a folded block, a part of its steps."""
        area = self._view.viewport().rect()
        return self._place_at(0, area.top()), self._place_at(1, area.bottom())

    def _place_at(self, end: int, y: int) -> float:
        index = self._view.indexAt(QPoint(1, y))
        if not index.isValid():
            return float(len(self._columns) if end else 0)
        entry, rect = self._model.entry(index.row()), self._view.visualRect(index)
        # The head of an open block has no steps of its own; they follow below it.
        steps = 0 if entry.open else entry.stop - entry.start
        return entry.start + steps * (y - rect.top()) / max(rect.height(), 1)

    # -- painting -------------------------------------------------------------------------------------

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The marks, which change seldom, and over them the selected node and the frame."""
        if self._marks is None or self._marks.size() != self.size() * self.devicePixelRatioF():
            self._marks = self._drawn()
        colors = self._bench.theme.colors
        with painting(self) as painter:
            painter.drawPixmap(0, 0, self._marks)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_selected(painter, colors)
            painter.setPen(QPen(QColor(colors.accent), 1))
            ground = QColor(colors.accent)
            ground.setAlphaF(0.12)
            painter.setBrush(ground)
            painter.drawRoundedRect(self.frame().adjusted(0, 0.5, 0, -0.5), 3, 3)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        colors, results = self._bench.theme.colors, self._bench.results
        with painting(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_blocks(painter, colors)
            painter.setPen(Qt.PenStyle.NoPen)
            for color, marks in self._colored_marks(colors, results).items():
                painter.setBrush(QColor(color))
                painter.drawRects(marks)
        return pixmap

    def _colored_marks(self, colors: Colors, results: Results) -> dict[str, list[QRectF]]:
        """The marks by their colours: a deep network has hundreds, and each change of a brush takes a while."""
        inks, plain = _inks(colors), mixed(colors.panel, colors.dim, 0.55)
        marked: dict[str, list[QRectF]] = defaultdict(list)
        across = self._across()
        steps = self._bench.document.pipeline.steps
        for place, (step, column) in enumerate(zip(steps, self._columns, strict=True)):
            problem = results.problem(step.name)
            wrong = problem is not None and not (isinstance(problem, Problem) and problem.error is None)
            special = colors.error if wrong else colors.pin if step.name in self._found else ""
            color = special or inks.get(step.layer.group, plain)
            marked[color].append(self._mark(place, column, across, wide=bool(special)))
        return marked

    def _draw_blocks(self, painter: QPainter, colors: Colors) -> None:
        """The outermost blocks as grounds."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(colors.panel, colors.dim, 0.12)))
        for block in self._bench.folds.blocks:
            top, bottom = self.y_of(block.start), self.y_of(block.stop)
            gap = min(0.75, (bottom - top) / 4)
            painter.drawRoundedRect(QRectF(4, top + gap, self.width() - 8, bottom - top - 2 * gap), 2, 2)

    def _draw_selected(self, painter: QPainter, colors: Colors) -> None:
        names = [step.name for step in self._bench.document.pipeline.steps]
        node = self._bench.selection.node
        if node == IMAGE or node not in names:
            return
        place = names.index(node)
        mark = self._mark(place, self._columns[place], self._across(), wide=True)
        painter.setPen(QPen(QColor(colors.panel), 1))
        painter.setBrush(QColor(colors.accent))
        middle = mark.center().y()
        painter.drawRoundedRect(QRectF(mark.left() - 2, middle - 3, mark.width() + 4, 6), 3, 3)

    def _across(self) -> tuple[float, float, float]:
        """The left edge of the first lane, the width of one, and the height of a step."""
        lanes_there, room = max(self._columns) + 1, self.width() - 16.0
        across = min(room / lanes_there, 14.0)
        return 8 + (room - across * lanes_there) / 2, across, self._step

    def _mark(
        self, place: int, column: int, lanes_at: tuple[float, float, float], *, wide: bool = False
    ) -> QRectF:
        start, across, step = lanes_at
        left = start + across * column
        # Errors and what is looked for must not be thinner than the eye can see.
        height = max(step - (1 if step > 3 else 0), 2.5 if wide else 0.7)
        return QRectF(left, EDGE + place * step, max(across - 2, 2.0), min(height, MOST_MARK))

    # -- dragging -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the frame, or go to the place that was pressed."""
        frame, y = self.frame(), event.position().y()
        self._held = y - frame.center().y() if frame.contains(event.position()) else 0.0
        if not frame.contains(event.position()):
            self._go(y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the frame."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().y() - self._held)

    def _go(self, y: float) -> None:
        place = round((y - EDGE) / self._step)
        self.went.emit(min(max(place, 0), len(self._columns) - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the marks anew."""
        super().resizeEvent(event)
        self._renew()


def _inks(colors: Colors) -> dict[str, str]:
    """The colours of marks by the groups of layers, so that the rhythm of a network is seen."""
    return {
        "convolution": mixed(colors.panel, colors.accent, 0.75),
        "vector": mixed(colors.panel, colors.accent, 0.75),
        "pooling": mixed(colors.panel, colors.text, 0.75),
        "merge": colors.positive,
        "normalization": mixed(colors.panel, colors.dim, 0.35),
        "activation": mixed(colors.panel, colors.dim, 0.55),
    }
