"""The status bar: the values under the cursor at the left; state of the maps, zoom and file at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from filterlab.gui.bench.document import Document
from filterlab.gui.bench.fullview import full_view
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.selection import Selection
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.commands import Commands
from filterlab.gui.look.strip import Strip, StripEntry
from filterlab.gui.look.theme import Theme
from filterlab.gui.panels.values import map_entries, position_entries, tip_text
from filterlab.gui.words.i18n import tr

# Milliseconds before "computing" is shown, so that the bar does not flicker for short work.
PATIENCE = 200
# Milliseconds; the values of all maps that come within them are read at once, or those of a deep network, which come by
# the hundred, would be read as many times.
TOGETHER = 30


class ValueStrip(Strip):
    """The values of every map under the cursor, or else under the pin."""

    def __init__(self, *, document: Document, selection: Selection, results: Results, theme: Theme) -> None:
        super().__init__(theme)
        self._document, self._selection, self._results = document, selection, results
        self.setAccessibleName(tr("Position and values under the cursor"))
        selection.hover_changed.connect(self.refresh)
        selection.pin_changed.connect(self.refresh)
        self._timer = QTimer(self, singleShot=True, interval=TOGETHER)
        self._timer.timeout.connect(self.refresh)
        results.map_ready.connect(self._follow_map)
        results.tiles.refined.connect(self._follow_map)
        results.staleness_changed.connect(self.refresh)
        results.parts_ready.connect(self.refresh)
        self.refresh()

    def _follow_map(self, _names: object) -> None:
        # Not started anew: it must come to its end, however many maps come.
        if self._selection.spot is not None and not self._timer.isActive():
            self._timer.start()

    def refresh(self, *_: object) -> None:
        """Read the values again."""
        spot, results, pipeline = self._selection.spot, self._results, self._document.pipeline
        entries = (
            [] if spot is None else [*position_entries(results, spot), *map_entries(results, pipeline, spot)]
        )
        if not entries and self._document.picture is not None:
            entries = [
                StripEntry(
                    "", tr("point at a map to read its values; zoom with Ctrl and the wheel"), faint=True
                )
            ]
        self.show_entries(entries)
        self.setAccessibleDescription(self.text)

    def tip(self) -> str:
        """The values of many more channels."""
        spot = self._selection.spot
        return self.text if spot is None else tip_text(self._results, self._document.pipeline, spot)


class ComputeState(QWidget):
    """A text that says whether the maps are up to date, and the button that stops or starts computing."""

    def __init__(self, *, document: Document, results: Results, commands: Commands) -> None:
        super().__init__()
        self._document, self._results, self._commands = document, results, commands
        self._seconds: float | None = None
        self._done: tuple[int, int] | None = None
        self.label = QLabel()
        self.button = QPushButton()
        self.button.setStyleSheet("QPushButton { padding: 0px 8px; }")  # the bar stays low
        self.button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addWidget(self.button)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self.refresh)
        self._declare()
        self._connect()
        self.refresh()

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self.label.text()

    def refresh(self, *_: object) -> None:
        """Show the present state."""
        results = self._results
        if results.busy and self._patience.isActive():
            # What was there stays until it is worth saying that something is being computed.
            return
        self.label.setText(self._words())
        action = "results.stop" if results.busy else "results.refresh"
        self.button.setVisible(results.busy or self._unfinished())
        self.button.setText(tr("Stop") if results.busy else tr("Compute"))
        self.button.setToolTip(self._commands.action(action).toolTip())
        # At once: other commands are enabled when somebody looks at them, but this key is for an emergency.
        self._commands.action("results.stop").setEnabled(results.busy)

    def _declare(self) -> None:
        results, add = self._results, self._commands.add
        add(
            "results.refresh",
            tr("Compute again"),
            results.refresh,
            menu=tr("&View"),
            shortcut="F5",
            tip=tr("Compute the maps that are not up to date"),
            enabled=lambda: self._document.picture is not None and not results.busy,
        )
        add(
            "results.stop",
            tr("Stop computing"),
            self._stop,
            menu=tr("&View"),
            shortcut="Ctrl+.",
            tip=tr("Stop computing; maps that are not ready stay as they were"),
            enabled=lambda: results.busy,
        )

    def _connect(self) -> None:
        results = self._results
        results.busy_changed.connect(self._take_busy)
        results.progressed.connect(self._take_progress)
        results.finished.connect(self._take_end)
        results.failed.connect(self.refresh)
        results.surveyed.connect(self.refresh)
        self._document.changed.connect(self.refresh)
        self.button.clicked.connect(self._press)

    def _press(self) -> None:
        name = "results.stop" if self._results.busy else "results.refresh"
        self._commands.action(name).trigger()

    def _stop(self) -> None:
        self._results.stop()
        self.refresh()

    def _take_busy(self, busy: bool) -> None:
        if busy:
            # The figures of the last run would be read as those of this one.
            self._seconds, self._done = None, None
            self._patience.start()
        else:
            self._patience.stop()
            self.refresh()

    def _take_progress(self, done: int, total: int) -> None:
        self._done = done, total
        self.refresh()

    def _take_end(self, seconds: float) -> None:
        self._seconds = seconds
        self.refresh()

    def _unfinished(self) -> bool:
        """Return whether maps are missing that could be computed and are not being computed."""
        results = self._results
        if self._document.picture is None or results.busy:
            return False
        # Stale maps whose node has a problem will not get better by computing again.
        old = (name for name, shown in results.maps.items() if shown.stale and results.problem(name) is None)
        return results.stopped or any(old)

    def _words(self) -> str:
        results = self._results
        if self._document.picture is None:
            return tr("no picture")
        if results.busy:
            if self._done is None:
                return tr("computing")
            return tr("computing {done} of {total}", done=self._done[0], total=self._done[1])
        if self._unfinished():
            return tr("stopped") if results.stopped else tr("not finished")
        return self._ended()

    def _ended(self) -> str:
        nodes = self._document.pipeline.nodes
        failed = sum(self._results.problem(node.name) is not None for node in nodes)
        if failed == 1:
            return tr("1 layer cannot be computed")
        if failed:
            return tr("{count} layers cannot be computed", count=failed)
        if self._seconds is None:
            return tr("up to date")
        return tr("up to date in {time}", time=duration(self._seconds))


class Readout(QWidget):
    """The whole content of the status bar."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        document, results = bench.document, bench.results
        self.values = ValueStrip(
            document=document, selection=bench.selection, results=results, theme=bench.theme
        )
        self.state = ComputeState(document=document, results=results, commands=bench.commands)
        self.zoom = QLabel()
        self.zoom.setToolTip(tr("How much the picture and all maps are enlarged, relative to the whole view"))
        self.file = QLabel()
        # The name of a file may look like markup.
        self.file.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 8, 1)
        row.setSpacing(14)
        row.addWidget(self.values, 1)
        for widget in (self.state, self.zoom, self.file):
            # Never wider than their texts: all other room belongs to the values.
            widget.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            row.addWidget(widget)
        # Room for the button while it is hidden, so that the window does not jump whenever something is computed.
        self.setMinimumHeight(self.state.button.sizeHint().height() + 2)
        bench.view.changed.connect(self._show_zoom)
        bench.results.surveyed.connect(self._show_zoom)
        bench.document.history_changed.connect(self._show_file)
        self._show_zoom()
        self._show_file()

    def _show_zoom(self, *_: object) -> None:
        crop, full = self._bench.view.look.crop, full_view(self._bench)
        self.zoom.setVisible(crop is not None and full is not None)
        if crop is not None and full is not None:
            factor = min(full[2] / crop[2], full[3] / crop[3])
            self.zoom.setText(tr("zoom {factor}×", factor=f"{factor:.3g}"))

    def _show_file(self) -> None:
        document = self._bench.document
        name = document.path.name if document.path else tr("not saved yet")
        self.file.setText(tr("{name} • modified", name=name) if document.modified else name)
        self.file.setToolTip(str(document.path) if document.path else tr("The pipeline has no file yet"))
        self.file.setVisible(document.path is not None or document.modified)


def duration(seconds: float) -> str:
    """A duration as people write it: 9 ms, 1.2 s, 2 min 5 s."""
    if seconds < 1:
        # Never 0 ms, which would say that nothing was done.
        return tr("{count} ms", count=max(round(seconds * 1000), 1))
    if seconds < 60:
        return tr("{count} s", count=f"{seconds:.1f}")
    return tr("{minutes} min {seconds} s", minutes=int(seconds // 60), seconds=int(seconds % 60))
