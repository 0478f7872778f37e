"""The numbers of the selected map: histogram, statistics and the profile along a line."""

from __future__ import annotations

import weakref
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from filterlab.graph import IMAGE
from filterlab.gui.bench.computations import Cancel, Computations
from filterlab.gui.bench.results import Shown
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.strip import Caption
from filterlab.gui.panels.statstable import StatisticsColumn, StatisticsTable
from filterlab.gui.words.i18n import tr
from filterlab.images.statistics import Summary, common_span, line, picture_span, summarize
from filterlab.images.views import MapView

if TYPE_CHECKING:
    from filterlab.gui.panels.plots import HistogramPlot, ProfilePlot

PAUSE = 30  # milliseconds between two refreshes while the cursor moves on
MOST_LINES = 12
PINNED, TOGETHER, EACH = "pinned", "together", "each"
ALL = -1  # stands for all channels together where a channel is expected


class Series(NamedTuple):
    """A series of one colour, of a channel or ALL. span: (low, high) of its bins; None for that of its values."""

    channel: int
    span: tuple[float, float] | None


class DistributionPanel(QWidget):
    """Follows the selected node and the pinned value, else the one under the cursor, while the panel is visible.

    Histograms and statistics are computed in a thread, and kept as long as the map does not change.
    """

    histogram: HistogramPlot
    profile: ProfilePlot

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._built = False
        self._histogram_title = self._profile_title = ""
        self._summaries: dict[Series, Summary] = {}
        # The map that the summaries are of. A weak reference: a hidden panel must not keep an old map in memory.
        self._view: weakref.ref[MapView] | None = None
        self._wanted: tuple[Series, ...] = ()
        # Under way: to ask for the same once more would start it anew at every move of the cursor.
        self._asked: tuple[Series, ...] = ()
        self._computations = Computations(bench.messages, bench)
        self._computations.answered.connect(self._take)
        # The computations belong to the workbench, which outlives the panel: no answer may come after it is gone.
        self.destroyed.connect(self._computations.drop)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.refresh)
        self.channels = self._make_choice(
            tr("Channels"),
            tr("Which channels of the selected layer are shown"),
            {
                tr("Pinned channel"): PINNED,
                tr("All channels together"): TOGETHER,
                tr("Each channel"): EACH,
            },
        )
        self.log = QToolButton(self)
        self.log.setText(tr("log"))
        self.log.setCheckable(True)
        self.log.setAccessibleName(tr("Logarithmic counts"))
        self.log.setToolTip(tr("Plots log10(1 + count), so that rare values can be seen"))
        self.direction = self._make_choice(
            tr("Direction of the profile"),
            tr("The direction of the line through the pinned value along which values are drawn"),
            {tr("row"): True, tr("column"): False},
        )
        self.table = StatisticsTable(bench.theme, self)
        self.hint = QLabel(self, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.hint.setProperty("role", "dim")
        self._connect()

    @property
    def node(self) -> str:
        """The node whose numbers are shown."""
        return self._bench.selection.node

    @property
    def spot(self) -> Spot | None:
        """The pinned value, else the one under the cursor, where it is one of the node's map."""
        selection, shown = self._bench.selection, self._shown()
        for spot in (selection.pin, selection.hover):
            if spot is not None and spot.node == self.node and shown is not None and shown.has(spot):
                return spot
        return None

    def chosen(self) -> tuple[int, ...]:
        """The channels that are shown, each as a line of its own; (ALL,) for all together."""
        shown, choice = self._shown(), self.channels.currentData()
        count = shown.view.channels if shown is not None else 0
        if choice == EACH:
            return tuple(range(min(count, MOST_LINES)))
        if isinstance(choice, int) and choice < count:
            return (choice,)
        if choice == PINNED and self.spot is not None:
            return (self.spot.channel,)
        return (ALL,) if count > 1 else (0,)

    def refresh(self) -> None:
        """Show what is known now and ask for what is not."""
        self._timer.stop()
        # A panel that nobody sees costs nothing; `showEvent` catches up.
        if not self.isVisible():
            return
        shown = self._shown()
        self._stack.setCurrentIndex(0 if shown is None else 1)
        self.hint.setText(self._hint())
        if shown is None:
            return
        self._list_channels(shown.view.channels)
        self._forget_old(shown.view)
        self._wanted = _series(shown.view, self.chosen(), self.node == IMAGE)
        # A profile is one line of the map and is read at once; statistics look at every cell, and come from the thread.
        self._show_profile(shown)
        self._ask(shown.view)
        self._show_summaries()

    # -- building -------------------------------------------------------------------------------------

    def _make_choice(self, name: str, tip: str, entries: dict[str, object]) -> QComboBox:
        box = QComboBox(self, maxVisibleItems=20)
        box.setAccessibleName(name)
        box.setToolTip(tip)
        for text, data in entries.items():
            box.addItem(text, data)
        return box

    def _build(self) -> None:
        """Make the plots when the panel is first shown, so that the window need not wait for them when it opens."""
        from filterlab.gui.panels.plots import HistogramPlot, ProfilePlot

        self._built = True
        self.histogram, self.profile = HistogramPlot(self._bench.theme), ProfilePlot(self._bench.theme)
        self._histogram_text, self._profile_text = Caption(), Caption()
        self.histogram.pointed.connect(
            lambda text: self._histogram_text.show_text(text or self._histogram_title)
        )
        self.profile.pointed.connect(lambda text: self._profile_text.show_text(text or self._profile_title))
        self.profile.picked.connect(self._pick)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(_under(_row(self._histogram_text, self.log), self.histogram))
        split.addWidget(_under(_row(self._profile_text, self.direction), self.profile))
        split.addWidget(_under(_row(self.channels), self.table))
        split.setChildrenCollapsible(False)
        for i, share in enumerate((4, 4, 2)):
            split.setStretchFactor(i, share)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.hint)
        self._stack.addWidget(split)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 4, 8, 4)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        bench = self._bench
        bench.selection.pin_changed.connect(self._wait)
        bench.selection.hover_changed.connect(self._wait)
        bench.selection.node_changed.connect(self._wait)
        bench.results.staleness_changed.connect(self._wait)
        bench.results.map_ready.connect(self._take_map)
        bench.results.failed.connect(self._take_map)
        bench.results.surveyed.connect(self._wait)
        self.channels.currentIndexChanged.connect(self._wait)
        self.direction.currentIndexChanged.connect(self._wait)
        self.log.toggled.connect(self._wait)

    # -- following ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while the panel was hidden."""
        if not self._built:
            self._build()
        super().showEvent(event)
        # In the next turn of the event loop, when the layout has given the plots their size.
        self._timer.start(0)

    def _wait(self, *_: object) -> None:
        # A timer that runs is not started anew: while the cursor moves on, the panel follows in steps of the pause.
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(PAUSE)

    def _take_map(self, name: str) -> None:
        if name == self.node:
            self._wait()

    def _pick(self, position: int) -> None:
        """Pin the cell of the profile that was clicked."""
        shown, spot = self._shown(), self.spot
        if shown is None:
            return
        row, col = self._line_at(shown)
        row, col = (row, position) if self.direction.currentData() else (position, col)
        # ALL is -1, but a pin belongs to one channel.
        channel = spot.channel if spot is not None else max(self.chosen()[0], 0)
        self._bench.selection.set_pin(Spot(self.node, channel, row, col))

    def _shown(self) -> Shown | None:
        return self._bench.results.maps.get(self.node)

    def _hint(self) -> str:
        if self._bench.document.picture is None:
            return tr("Open a picture to see how its values are distributed.")
        return tr("{node} has no map.", node=self.node)

    def _list_channels(self, count: int) -> None:
        """Put an entry for each channel after the three that are always there."""
        box, kept = self.channels, self.channels.currentData()
        # Nearly always: filling the list anew at every move of the cursor would close it under the person's hand.
        if box.count() - 3 == count:
            return
        # The list is filled within a refresh, which a change of its index would ask for once more.
        box.blockSignals(True)
        while box.count() > 3:
            box.removeItem(box.count() - 1)
        for channel in range(count):
            box.addItem(tr("Channel {number}", number=channel), channel)
        box.setCurrentIndex(max(box.findData(kept), 0))
        box.blockSignals(False)

    # -- computing ------------------------------------------------------------------------------------

    def _forget_old(self, view: MapView) -> None:
        if self._view is None or self._view() is not view:
            self._view = weakref.ref(view)
            self._summaries.clear()
            self._asked = ()

    def _ask(self, view: MapView) -> None:
        missing = tuple(series for series in self._wanted if series not in self._summaries)
        if missing and missing != self._asked:
            self._asked = missing
            # The tag may lie in the queue after the map was replaced, and must not keep it in memory.
            self._computations.ask((weakref.ref(view), missing), partial(_summaries, view, missing))

    def _take(self, tag: tuple[weakref.ref[MapView], tuple[Series, ...]], found: list[Summary]) -> None:
        view, series = tag
        # An answer about a map that was replaced meanwhile is not about what is shown.
        if view is self._view or (self._view is not None and view() is self._view()):
            self._asked = ()
            self._summaries.update(zip(series, found, strict=True))
            self._show_summaries()

    # -- showing --------------------------------------------------------------------------------------

    def _show_summaries(self) -> None:
        """Draw histograms and statistics once those of all wanted channels are there."""
        shown = self._shown()
        if shown is None:
            return
        # All or none: the histograms are drawn over each other, and half of them would be compared with nothing.
        ready = all(series in self._summaries for series in self._wanted)
        # The numbers of before stay, dimmed, so that the table does not flicker while the next are computed.
        self.table.setEnabled(ready)
        title = tr("Histogram: {what}") if ready else tr("Histogram: {what}, computing…")
        self._histogram_title = title.format(what=self._what(shown))
        self._histogram_text.show_text(self._histogram_title)
        if ready:
            self._show_histograms()
            value = None if self.spot is None else self._bench.results.value(self.spot)
            self.histogram.mark(None if value is None else float(value))

    def _show_histograms(self) -> None:
        from filterlab.gui.panels.plots import HistogramOf, series_pens, sign_of

        named = [(_channel_name(series.channel), self._summaries[series]) for series in self._wanted]
        series = [HistogramOf(name, found.histogram) for name, found in named]
        self.histogram.show_histograms(series, log=self.log.isChecked())
        height, ratio = self.fontMetrics().height(), self.devicePixelRatioF()
        signs = [sign_of(pen, height, ratio) for pen in series_pens(self._bench.theme, len(named))]
        self.table.show_statistics(
            [
                StatisticsColumn(name, found.statistics, sign)
                for (name, found), sign in zip(named, signs, strict=True)
            ]
        )

    def _show_profile(self, shown: Shown) -> None:
        from filterlab.gui.panels.plots import LineOf

        along_row, spot = bool(self.direction.currentData()), self.spot
        row, col = self._line_at(shown)
        channels = self._line_channels(shown)
        position = row if along_row else col
        # Of a map that is larger than memory, its preview: a line of it would have to be read from all over the file.
        counted, size = shown.view.counted, shown.view.size
        position = position * counted.shape[1 if along_row else 2] // size[0 if along_row else 1]
        lines = [LineOf(_channel_name(c), line(counted[c], position, along_row=along_row)) for c in channels]
        self.profile.show_lines(lines, along_row=along_row)
        place, length = (col, counted.shape[2] / size[1]) if along_row else (row, counted.shape[1] / size[0])
        self.profile.mark(None if spot is None else float(place * length))
        words = tr("row {row}", row=row) if along_row else tr("column {col}", col=col)
        self._profile_title = tr("Profile: {what}, {place}", what=self._what(shown), place=words)
        self._profile_text.show_text(self._profile_title)

    def _line_channels(self, shown: Shown) -> list[int]:
        # Values of several channels along one line cannot be drawn as one, unlike their counts.
        channels = [series.channel for series in self._wanted]
        return list(range(min(shown.view.channels, MOST_LINES))) if channels == [ALL] else channels

    def _line_at(self, shown: Shown) -> tuple[int, int]:
        """The row and column that a profile runs along: those of the spot, else of the middle of the map."""
        if self.spot is not None:
            return self.spot.row, self.spot.col
        height, width = shown.view.size
        return height // 2, width // 2

    def _what(self, shown: Shown) -> str:
        name = tr("picture") if self.node == IMAGE else self.node
        if len(self._wanted) == 1 and self._wanted[0].channel != ALL:
            name = f"{name} [{self._wanted[0].channel}]"
        if shown.view.counted.shape[1:] != shown.view.size:
            name = tr("{name} (preview)", name=name)
        return tr("{name} (before the last change)", name=name) if shown.stale else name


def _series(view: MapView, channels: tuple[int, ...], picture: bool) -> tuple[Series, ...]:
    """The series of these channels: several share their bins, and pictures have a bin for each of 256 levels."""
    span = picture_span(view.extents) if picture else None
    if span is None and len(channels) > 1:
        span = common_span(view.extents, channels)
    return tuple(Series(channel, span) for channel in channels)


def _summaries(view: MapView, wanted: tuple[Series, ...], cancel: Cancel) -> list[Summary]:
    """The work of the thread: a summary for each series."""
    return [
        summarize(view.counted if s.channel == ALL else view.counted[s.channel], span=s.span, cancel=cancel)
        for s in wanted
    ]


def _channel_name(channel: int) -> str:
    return tr("all") if channel == ALL else tr("channel {number}", number=channel)


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widgets[0], 1)
    for widget in widgets[1:]:
        row.addWidget(widget)
    return holder


def _under(head: QWidget, body: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(4, 0, 4, 0)
    column.setSpacing(2)
    column.addWidget(head)
    column.addWidget(body, 1)
    return holder
