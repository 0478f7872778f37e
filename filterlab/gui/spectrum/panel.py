"""The panel "Spectrum": the waves that a map is made of, and the mask that takes some of them out."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSizePolicy, QStackedWidget, QWidget

from filterlab.errors import FilterLabError
from filterlab.explain.drawing.spectra import MAGNITUDE, PHASE, MapSpectrum, Wave, find_peaks, map_spectrum
from filterlab.graph import IMAGE
from filterlab.graph.editing import insert
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.results import Shown
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look import layouts
from filterlab.gui.spectrum.marks import KEY, Notch, SpectrumMarks, tidy
from filterlab.gui.spectrum.side import MarkFields, MarkList
from filterlab.gui.spectrum.view import BANDS, NOTCHES, SpectrumView
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import error_words, problem_words
from filterlab.images.parts.levels import LargeArray
from filterlab.text.numbers import brief

if TYPE_CHECKING:
    from filterlab.images.views import MapView

PAUSE = 30  # milliseconds; maps that are replaced by the next edit need no spectrum
BEFORE, AFTER = "before", "after"


class _AskedSpectrum(NamedTuple):
    view: weakref.ref[MapView]
    channel: int
    soft: bool


class SpectrumPanel(QWidget):
    """Shows the spectrum of the selected node's map, or the picture's; follows the selection while it is visible.

    Where the selected node is a mask, its marks are edited in place, over the spectrum of what it reads. Elsewhere
    marks belong to the work, and each is a step of its history, until "Take them out" makes a layer of them.
    """

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._asked: _AskedSpectrum | None = None
        self._pin: object = None  # the pin whose channel was chosen
        self._computations, self._search = (Computations(bench.messages, bench) for _ in range(2))
        self._computations.answered.connect(self._take)
        self._search.answered.connect(self._take_peaks)
        # They belong to the workbench, which outlives the panel: no answer may come after it is gone.
        self.destroyed.connect(self._computations.drop)
        self.destroyed.connect(self._search.drop)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.refresh)
        self.view = SpectrumView(bench.theme)
        self.list, self.fields = MarkList(), MarkFields()
        self.kind = _choice(tr("What is shown"), {tr("Magnitude (log)"): MAGNITUDE, tr("Phase"): PHASE})
        self.tool = _choice(tr("What a click paints"), {tr("Notches"): NOTCHES, tr("Bands"): BANDS})
        self.reach = _choice(
            tr("Highest frequency shown"), {tr("to ½"): 0.5, tr("to ¼"): 0.25, tr("to ⅛"): 0.125}
        )
        self.side_of_mask = _choice(
            tr("Which side of the mask"), {tr("Before the mask"): BEFORE, tr("After the mask"): AFTER}
        )
        self.channel = _choice(tr("Channel"), {})
        self.soft = QCheckBox(tr("Soft border"))
        self.find_button, self.out_button = QPushButton(tr("Find peaks")), QPushButton(tr("Take them out"))
        self.clear_button = QPushButton(tr("Clear"))
        self.status, self.hint = layouts.label("dim"), layouts.label("dim", wrap=True)
        self._lay_out()
        self._connect()

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.soft.setChecked(True)
        self.out_button.setProperty("role", "primary")
        for widget, tip in (
            (self.reach, tr("Enlarges the low frequencies; in cycles a pixel")),
            (
                self.soft,
                tr("Fades the map out at its border, whose jump would lie as a cross over the peaks"),
            ),
            (self.find_button, tr("Puts notches on the waves that stand out, such as those of a grid")),
            (self.out_button, tr("Adds a layer with these notches and bands after the selected one")),
            (self.clear_button, tr("Removes all notches and bands")),
        ):
            widget.setToolTip(tip)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.status.setToolTip(self.view.toolTip())  # which the view does not show over its peaks
        content, side = QWidget(), QWidget()
        numbers = layouts.row(None, (self.list, 1), self.fields, spacing=12)
        self.fields.setFixedWidth(160)
        layouts.column(side, self.status, numbers, margins=(0, 0, 0, 0), spacing=4)
        layouts.row(content, self.view, (side, 1), margins=(0, 0, 0, 0), spacing=16)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.hint)
        self._stack.addWidget(content)
        shown = (self.kind, self.channel, self.side_of_mask, self.reach, self.soft, None, self.tool)
        tools = layouts.row(None, *shown, self.find_button, self.clear_button, self.out_button, spacing=8)
        layouts.column(self, tools, (self._stack, 1), margins=(12, 6, 12, 6), spacing=6)

    def _connect(self) -> None:
        bench = self._bench
        for signal in (
            bench.selection.node_changed,
            bench.selection.pin_changed,
            bench.results.map_ready,
            bench.results.failed,
            bench.results.staleness_changed,
            bench.results.surveyed,
            bench.results.busy_changed,
        ):
            signal.connect(self._wait)
        bench.selection.node_changed.connect(lambda _: self.view.choose(None))
        bench.document.changed.connect(self._follow)
        for box in (self.channel, self.side_of_mask):
            box.currentIndexChanged.connect(self._wait)
        self.soft.toggled.connect(self._wait)
        for box in (self.kind, self.tool, self.reach):
            box.currentIndexChanged.connect(self._set_look)
        self.view.edited.connect(self._edit)
        self.view.settled.connect(bench.document.seal)
        self.view.chosen_changed.connect(self._show_numbers)
        self.view.pointed.connect(self._point)
        self.view.left.connect(self._tell)
        self.list.currentRowChanged.connect(lambda row: self.view.choose(row if row >= 0 else None))
        self.list.removed.connect(self.view.remove_chosen)
        self.fields.edited.connect(self._edit)
        self.fields.settled.connect(bench.document.seal)
        self.find_button.clicked.connect(self.propose)
        self.clear_button.clicked.connect(self._clear)
        self.out_button.clicked.connect(self.take_out)

    # -- what it is about -----------------------------------------------------------------------------

    @property
    def node(self) -> str:
        """The selected node."""
        return self._bench.selection.node

    @property
    def mask(self) -> Any:
        """The layer of the selected node where it is a mask, else None."""
        pipeline = self._bench.document.pipeline
        if self.node not in pipeline or pipeline[self.node].key != KEY:
            return None
        return pipeline[self.node]

    @property
    def marks(self) -> SpectrumMarks:
        """What is painted: the layer's, or what is none yet."""
        if self.mask is not None:
            return SpectrumMarks.of(self.mask)
        painted = self._bench.document.work.painted.get(self.node)
        return painted if isinstance(painted, SpectrumMarks) else SpectrumMarks()

    @property
    def source(self) -> str:
        """The node whose map has the spectrum that is shown."""
        if self.mask is not None and self.side_of_mask.currentData() == BEFORE:
            inputs = self._bench.document.pipeline.node(self.node).inputs
            return inputs[0] if inputs else IMAGE
        return self.node

    def _shown(self) -> Shown | None:
        return self._bench.results.maps.get(self.source)

    # -- following ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while the panel was hidden."""
        super().showEvent(event)
        self._fit()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the picture square."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.view.setFixedWidth(min(self.view.width_for(self._stack.height()), round(self.width() * 0.6)))

    def _wait(self, *_: object) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _follow(self, *_: object) -> None:
        # At once: what is dragged in the layer must not lag behind the cursor.
        self._show_marks()
        self._wait()

    def refresh(self, *_: object) -> None:
        """Ask for the spectrum of what is selected now."""
        self._timer.stop()
        if not self.isVisible():
            return
        self.side_of_mask.setVisible(self.mask is not None)
        self.out_button.setVisible(self.mask is None)
        shown, why = self._shown(), self._hint()
        self._show_marks()
        if shown is None or why:
            self._asked = None
            self._computations.drop()
            self.view.show_spectrum(None)
            self._show_hint(why)
            return
        self._list_channels(shown)
        asked = _AskedSpectrum(
            weakref.ref(shown.view), max(self.channel.currentIndex(), 0), self.soft.isChecked()
        )
        # The map of before stays until the new one is there, and so does its spectrum.
        if not shown.stale and asked != self._asked:
            self._asked = asked
            plane = shown.view.planes[asked.channel]
            self._computations.ask(asked, lambda cancel: _answer(map_spectrum, plane, soft=asked.soft))

    def _hint(self) -> str:
        shown, problem = self._shown(), self._bench.results.problem(self.source)
        if self._bench.document.picture is None:
            return tr("Open a picture to see its spectrum.")
        if problem is not None:
            return f"{self.source}: {problem_words(problem)}"
        if shown is None:
            return tr("{node} has no map.", node=self.source)
        if shown.view.is_vector:
            return tr("{node} is a vector, which has no spectrum.", node=self.source)
        if isinstance(shown.view.array, LargeArray):
            return tr("A spectrum needs the whole map, which is larger than memory. Crop the picture before.")
        return ""

    def _show_hint(self, text: str) -> None:
        self.hint.setText(text)
        self._stack.setCurrentIndex(0)
        self.channel.hide()
        for button in (self.find_button, self.clear_button, self.out_button):
            button.setEnabled(False)

    def _list_channels(self, shown: Shown) -> None:
        box, count = self.channel, shown.view.channels
        pin = self._bench.selection.pin
        box.blockSignals(True)
        if box.count() != count:
            box.clear()
            box.addItems([tr("Channel {number}", number=i) for i in range(count)])
        # Another pin chooses its channel; then the person may choose another one.
        if pin is not None and pin.node == self.node and pin != self._pin and pin.channel < count:
            box.setCurrentIndex(pin.channel)
        self._pin = pin
        box.blockSignals(False)
        box.setVisible(count > 1)

    def _take(self, asked: _AskedSpectrum, found: MapSpectrum | FilterLabError) -> None:
        if asked != self._asked:
            return
        if isinstance(found, FilterLabError):
            self.view.show_spectrum(None)
            self._show_hint(error_words(found))
            return
        self.view.show_spectrum(found)
        self._stack.setCurrentIndex(1)
        self._fit()
        self._show_marks()

    # -- showing --------------------------------------------------------------------------------------

    def _set_look(self, *_: object) -> None:
        self.view.set_look(
            kind=self.kind.currentData(), tool=self.tool.currentData(), reach=self.reach.currentData()
        )

    def _show_marks(self) -> None:
        marks = self.marks
        self.view.show_marks(marks)
        self._show_numbers()
        there = self.view.spectrum is not None
        self.find_button.setEnabled(there)
        self.clear_button.setEnabled(there and bool(marks.all))
        self.out_button.setEnabled(there and bool(marks.all))
        self._tell()

    def _show_numbers(self) -> None:
        self.list.show_marks(self.view.marks, self.view.chosen)
        self.fields.show_marks(self.view.marks, self.view.chosen)

    def _tell(self, text: str = "") -> None:
        self.status.setText(text or self._usual_words())

    def _usual_words(self) -> str:
        """What is said while nothing is pointed at."""
        marks = self.marks
        if marks.takes_mean:
            return tr("A mark lies on frequency 0, and changes the mean of the map.")
        if self.mask is not None:
            return tr("The mask is on: what is painted changes its layer. Its border is circular.")
        if marks.all:
            return tr("“Take them out” adds a layer with these notches and bands.")
        return tr("Click a peak to put a notch on it and its mirror, or let “Find peaks” do it.")

    def _point(self, u: float, v: float) -> None:
        spectrum = self.view.spectrum
        if spectrum is None:
            return
        read = spectrum.read(u, v)
        where = tr("u {u}, v {v} cycles a pixel", u=brief(u), v=brief(v))
        wave = tr("wavelength {n} pixels at {angle}°", n=brief(read.length, 3), angle=round(read.angle))
        if self.kind.currentData() == PHASE:
            what = tr("phase {p} radians", p=brief(read.phase, 3))
        else:
            what = tr("amplitude {a}", a=f"{read.amplitude:.3g}")
        self._tell(f"{where}  ·  {wave}  ·  {what}")

    # -- doing ----------------------------------------------------------------------------------------

    def _edit(self, marks: SpectrumMarks, label: str = "") -> None:
        """Take marks into the layer, or keep them until they are one; a step of the history in either case."""
        mask, document = self.mask, self._bench.document
        label = label or tr("Paint on the spectrum of {node}", node=self.node)
        merge = self.view.gesture or (KEY, self.node)
        if mask is None:
            painted = {**document.work.painted, self.node: marks}
            document.edit(label, document.pipeline, painted=painted, merge=merge)
            return
        try:
            layer = mask.replace(**marks.parameters())
        except FilterLabError as error:
            self._bench.messages.error(error, doing=tr("The mask was not changed"))
            return
        document.edit(label, document.pipeline.with_layers({self.node: layer}), merge=merge)

    def _clear(self) -> None:
        self.view.choose(None)
        self._bench.document.seal()
        self._edit(SpectrumMarks(edge=self.marks.edge), tr("Clear the spectrum of {node}", node=self.node))
        self._bench.document.seal()

    def propose(self) -> None:
        """Propose notches for the waves that stand out."""
        shown, asked = self._shown(), self._asked
        if shown is not None and asked is not None:
            plane = shown.view.planes[asked.channel]
            self.status.setText(tr("Computing…"))
            self._search.ask((self.node, asked), lambda cancel: _answer(find_peaks, plane))

    def _take_peaks(self, tag: tuple[str, _AskedSpectrum], found: list[Wave] | FilterLabError) -> None:
        if tag != (self.node, self._asked) or self.view.spectrum is None:
            return
        if isinstance(found, FilterLabError):
            self._bench.messages.error(found)
            return
        marks, radius = self.marks, tidy(self.view.spectrum.radius)
        new = [Notch(tidy(u), tidy(v), radius) for u, v, _ in found if marks.notch_near(u, v, radius) is None]
        for notch in new:
            marks, _ = marks.added(notch)
        if new:
            self._bench.document.seal()
            self._edit(marks, tr("Put notches on peaks"))
            self._bench.document.seal()
            several = tr("{n} notches were put on peaks, each with its mirror.", n=len(new))
            self._tell(several if len(new) > 1 else tr("A notch was put on a peak and its mirror."))
        else:
            self._tell(tr("No other wave stands out of this spectrum."))

    def take_out(self) -> None:
        """Put a layer with what is painted after the selected node, as one step."""
        bench, node, marks = self._bench, self.node, self.marks
        if self.mask is not None or not marks.all:
            return
        try:
            pipeline, name = insert(bench.document.pipeline, marks.layer(), node)
        except FilterLabError as error:
            bench.messages.error(error, doing=tr("The layer was not added"))
            return
        left = {other: kept for other, kept in bench.document.work.painted.items() if other != node}
        bench.document.edit(tr("Take waves out by {node}", node=name), pipeline, painted=left)
        bench.selection.select(name)


def _answer(work: Any, *given: Any, **options: Any) -> Any:
    """What the engine says; a refusal is an answer, which the panel shows in its place."""
    try:
        return work(*given, **options)
    except FilterLabError as error:
        return error


def _choice(name: str, entries: dict[str, object]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    for text, data in entries.items():
        box.addItem(text, data)
    return box
