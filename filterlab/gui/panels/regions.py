"""Where a value comes from: the cells of every earlier map that it sees, back to the picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from filterlab.explain.trail import Stop, trail
from filterlab.graph import IMAGE
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.strip import shortened
from filterlab.gui.panels.regiontable import RegionTable, cells_of, heads
from filterlab.gui.panels.values import value_text
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import shape_words

# Characters of a node's name that are shown: in a narrow title, and in a hint.
LEAST, LONGEST = 5, 32
PAUSE = 30  # milliseconds between two refreshes: the cursor passes over many values on its way


class RegionPanel(QWidget):
    """Shows the pinned value, else the one under the cursor, its receptive field and its way back to the picture."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._before: list[Spot] = []
        self._following = False
        self.stops: list[Stop] = []
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.title.setProperty("role", "title")
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A long name must not widen the panel, and with it the window; `_show_title` shortens it instead.
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.field = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.field.setProperty("role", "dim")
        self.table = RegionTable()
        self.unpin_button = QPushButton(tr("Unpin"))
        self.back_button = QPushButton(tr("‹ Back"))
        self.copy_button = QPushButton(tr("Copy"))
        self.hint = QLabel(wordWrap=True)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.refresh)
        self._declare()
        self._lay_out()
        self._connect()
        self.refresh()

    @property
    def spot(self) -> Spot | None:
        """The value that is shown."""
        # The pin first, unlike in the status bar: the rows here are links, which must not change under the cursor.
        return self._bench.selection.pin or self._bench.selection.hover

    def refresh(self) -> None:
        """Read everything again."""
        self._timer.stop()
        spot, fields = self.spot, self._bench.results.fields
        # Emptied first: where no fields are known, old stops would lead to maps of another pipeline.
        self.stops = []
        if spot is not None and fields is not None:
            self.stops = trail(
                self._bench.document.pipeline, fields, spot.node, spot.row, spot.col, spot.channel
            )
        self._show(spot)

    def follow(self, row: int) -> None:
        """Pin the middle of the region in a row of the table, remembering the present pin for `back`."""
        spot, stop = self.spot, self.stops[row]
        if spot is None or stop.node == spot.node:
            return
        shown = self._bench.results.maps.get(stop.node)
        # An earlier map may have fewer channels than the one that the value belongs to.
        channels = shown.view.channels if shown is not None else 1
        self._before.append(spot)
        self._pin(Spot(stop.node, min(spot.channel, channels - 1), *stop.middle))

    def back(self) -> None:
        """Pin what was pinned before a row was followed."""
        if self._before:
            self._pin(self._before.pop())

    def copy(self) -> None:
        """Copy what is shown as text, with tabs between columns."""
        QGuiApplication.clipboard().setText(self.text())

    def text(self) -> str:
        """The content of the panel as text, with tabs between columns."""
        lines = [heads(), *(cells_of(stop) for stop in self.stops)]
        title = "" if self.spot is None else self._title(self.spot, self.spot.node)
        return "\n".join([title, self.field.text(), *("\t".join(line) for line in lines)])

    # -- building -------------------------------------------------------------------------------------

    def _declare(self) -> None:
        self._bench.commands.add(
            "edit.unpin",
            tr("Unpin the value"),
            lambda: self._bench.selection.set_pin(None),
            menu=tr("&Edit"),
            shortcut="Esc",
            enabled=lambda: self._bench.selection.pin is not None,
        )

    def _lay_out(self) -> None:
        self.unpin_button.setToolTip(self._bench.commands.action("edit.unpin").toolTip())
        self.back_button.setToolTip(tr("Pin what was pinned before"))
        self.copy_button.setToolTip(tr("Copy the value and its regions as text"))
        self.hint.setProperty("role", "dim")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.addWidget(self.field, 1)
        for button in (self.back_button, self.unpin_button, self.copy_button):
            head.addWidget(button)
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.hint)
        self._stack.addWidget(self._content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 6, 12, 6)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        bench = self._bench
        bench.selection.pin_changed.connect(self._take_pin)
        bench.selection.hover_changed.connect(self._wait)
        results = bench.results
        for signal in (results.surveyed, results.map_ready, results.staleness_changed, results.parts_ready):
            signal.connect(self._wait)
        bench.document.changed.connect(self._wait)
        bench.theme.changed.connect(self._wait)
        self.table.chosen.connect(self.follow)
        self.unpin_button.clicked.connect(bench.commands.action("edit.unpin").trigger)
        self.back_button.clicked.connect(self.back)
        self.copy_button.clicked.connect(self.copy)

    # -- following ------------------------------------------------------------------------------------

    def _wait(self, *_: object) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _take_pin(self) -> None:
        if not self._following:
            self._before.clear()
        self._wait()

    def _pin(self, spot: Spot) -> None:
        # The pin changes while its signal runs, and one that was set elsewhere forgets the way back.
        self._following = True
        self._bench.selection.set_pin(spot)
        self._following = False
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while the panel was hidden."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the title to the new width."""
        super().resizeEvent(event)
        self._show_title()

    # -- showing --------------------------------------------------------------------------------------

    def _show(self, spot: Spot | None) -> None:
        self._stack.setCurrentIndex(1 if self.stops else 0)
        self.hint.setText(self._hint(spot))
        if spot is None or not self.stops:
            return
        self._show_title()
        self.field.setText(self._field(spot))
        link = QColor(self._bench.theme.colors.accent)
        self.table.show_stops(self.stops, link)
        self.unpin_button.setEnabled(self._bench.selection.pin is not None)
        self.back_button.setEnabled(bool(self._before))

    def _hint(self, spot: Spot | None) -> str:
        if self._bench.document.picture is None:
            return tr("Open a picture, then click a value in any map to see where it comes from.")
        if spot is None:
            return tr("Click a value in any map to see where it comes from.")
        return tr("{node} has no such value now; click another one.", node=shortened(spot.node, LONGEST))

    def _show_title(self) -> None:
        """Show the title, leaving out the middle of a long name so that the value fits."""
        spot = self.spot
        if spot is None or not self.stops:
            return
        full, metrics = self._title(spot, spot.node), self.title.fontMetrics()
        spare = self.title.width() - metrics.horizontalAdvance(full)
        # An estimate in letters of average width, rounded up: the label itself cuts off what is still too long.
        missing = 0 if spare >= 0 else -spare // metrics.averageCharWidth() + 1
        self.title.setText(self._title(spot, shortened(spot.node, max(len(spot.node) - missing, LEAST))))
        self.title.setToolTip(full)

    def _title(self, spot: Spot, name: str) -> str:
        value = value_text(self._bench.results, spot)
        shown = self._bench.results.maps.get(spot.node)
        place = f"{name} [{spot.channel}, {spot.row}, {spot.col}]"
        if shown is not None and shown.view.is_vector:
            place = f"{name} [{spot.channel}]"
        if value is None:
            return place
        if shown is not None and shown.stale_at(spot.row, spot.col):
            return tr("{place} = {value} (before the last change)", place=place, value=value)
        return f"{place} = {value}"

    def _field(self, spot: Spot) -> str:
        where = tr(
            "channel {channel}, row {row}, column {col}", channel=spot.channel, row=spot.row, col=spot.col
        )
        if spot.node == IMAGE:
            return where
        row = self._bench.results.row(spot.node)
        if row is None or row.receptive_field is None:
            none = tr("no single receptive field")
            return f"{where} · {none}" + (f": {tr(row.reason)}" if row else "")
        field = row.receptive_field
        if field.whole:
            return f"{where} · {tr('receptive field: the whole picture')}"
        return (
            where
            + " · "
            + tr(
                "receptive field {size}, stride {stride}, padding {padding} in the picture",
                size=shape_words(field.size),
                stride=f"{field.stride[0]:g} × {field.stride[1]:g}",
                padding=shape_words(field.padding),
            )
        )
