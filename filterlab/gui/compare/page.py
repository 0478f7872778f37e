"""The page that takes the place of the wall while two maps are compared."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.compare.figures import FiguresTable, reading
from filterlab.gui.compare.legends import PairLegends
from filterlab.gui.compare.listing import NodeList
from filterlab.gui.compare.sides import Cell, MapSide, SidePair
from filterlab.gui.compare.tools import CompareTools
from filterlab.gui.compare.view import PairView
from filterlab.gui.look import layouts
from filterlab.gui.look.note import ObstacleNote
from filterlab.gui.look.strip import Strip, StripEntry
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words


class PairPage(QWidget):
    """Tools, legends, the maps, and below them what is under the cursor and the statistics.

    listing: the nodes of two pipelines, hidden while two nodes of one pipeline are compared. left: Esc was pressed.
    """

    left = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.setAccessibleName(tr("Comparison"))
        self.view = PairView(bench)
        self.tools = CompareTools(bench, self.view, self)
        self.legends = PairLegends(self.view, bench.theme)
        self.listing = NodeList(bench.theme)
        self.note = ObstacleNote()
        self.readout = Strip(bench.theme)
        self.readout.setContentsMargins(12, 0, 12, 0)
        self.figures = FiguresTable()
        self._connect()
        self.setFocusProxy(self.view)

    def lay_out(self) -> None:
        """Put the parts together, once all commands are declared."""
        self.tools.lay_out()
        # What is saved as a picture: the maps with the legend that says what their colours mean.
        self.picture = QWidget()
        layouts.column(self.picture, self.legends, (self.view, 1), margins=(0, 0, 0, 0), spacing=0)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.listing)
        self.split.addWidget(self.picture)
        self.split.setStretchFactor(1, 1)
        below = layouts.row(None, self.readout, margins=(12, 4, 12, 0))
        note = layouts.row(None, self.note, margins=(12, 0, 12, 0))
        parts = (self.tools, note, (self.split, 1), below, self.figures)
        layouts.column(self, *parts, margins=(0, 0, 0, 8), spacing=0)

    def _connect(self) -> None:
        self.view.pointed.connect(self._read)
        self.view.chosen.connect(self._read)
        self.view.sought.connect(self.go_to_largest)
        self.figures.sought.connect(self.go_to)
        self._bench.view.changed.connect(self.legends.refresh)
        self._bench.theme.changed.connect(self.legends.refresh)
        self.view.changed.connect(self._follow_view)
        # Before Qt looks for a shortcut: Esc unpins elsewhere, and here it goes back.
        for part in (self, self.view, self.listing.tree):
            part.installEventFilter(self)

    def show_pair(self, pair: SidePair | None) -> None:
        """Show a pair of maps, or that there is none yet."""
        self.view.show_pair(pair)
        self.tools.channels.show_pair(pair)
        self.figures.show_pair(pair)
        self._follow_view()
        self._read(self.view.cell)

    def _follow_view(self) -> None:
        self.legends.refresh()
        self._show_note()

    def _show_note(self) -> None:
        pair = self.view.pair
        if pair is None or pair.apart is not None:
            self.note.say("" if pair is None or pair.a.part is None else part_words(pair.a))
            return
        a, b = (shape_words(side.shape) for side in pair.sides)
        text = tr(
            "A has {a} values and B has {b}: there are no cells in common, and nothing is resized. "
            "Below are the statistics of each.",
            a=a,
            b=b,
        )
        if pair.a.part is not None:
            text = f"{text} {part_words(pair.a)}"
        fixes = [(tr("Swipe instead"), lambda: self.tools.show_mode("swipe"))]
        self.note.say(text, fixes if self.view.mode == "difference" else [])

    # -- values ---------------------------------------------------------------------------------------

    def _read(self, cell: Cell | None) -> None:
        """Say the values in a cell: under the cursor, else in the one that was chosen."""
        pair, cell = self.view.pair, cell or self.view.cell
        if pair is not None and cell is not None:
            entries = reading(pair, cell)
        else:
            hint = tr("point at the maps to read both values; Space shows the other side, Esc goes back")
            entries = [StripEntry("", hint, faint=True)]
        self.readout.show_entries(entries)
        self.readout.setAccessibleName(self.readout.text)
        self.view.setAccessibleDescription(self.readout.text)

    def go_to_largest(self) -> None:
        """Choose the cell in which the difference of the channels that are shown is largest."""
        if self.figures.rows and self.figures.rows[0].where is not None:
            self.go_to(*self.figures.rows[0].where)

    def go_to(self, channel: int, row: int, col: int) -> None:
        """Choose a cell of A in some channel."""
        pair = self.view.pair
        if pair is not None and pair.channels[0] not in (None, channel):
            self.tools.channels.boxes[0].setValue(channel)
        self.view.go_to((row, col))
        self.view.setFocus()

    def image(self) -> QImage:
        """The maps with their legend, as they are on the screen."""
        return self.picture.grab().toImage()

    # -- Qt -------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Esc mean this page while the focus is in it."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() not in kinds or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.left.emit()
        return True

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The tools may say that it blinks, which ended when the page was hidden."""
        super().showEvent(event)
        self.tools.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing blinks unseen."""
        super().hideEvent(event)
        self.tools.pause()


def part_words(side: MapSide) -> str:
    """That only a part of a map is compared, and which."""
    (top, left), (height, width) = side.corner, side.view.size
    return tr(
        "The picture is larger than memory: only what is seen is compared, rows {a} to {b} and columns {c} to {d}. "
        "Zoom or move to compare another part.",
        a=top,
        b=top + height - 1,
        c=left,
        d=left + width - 1,
    )
