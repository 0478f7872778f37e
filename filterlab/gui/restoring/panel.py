"""The panel that undoes a blur: the form, the run, and what each of its iterations has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QSplitter, QWidget

from filterlab.errors import FilterLabError
from filterlab.graph import IMAGE
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.compare import Comparing
from filterlab.gui.compare.sides import MapSource
from filterlab.gui.inspector.editors.choices import QuietCombo
from filterlab.gui.inspector.editors.numbers import QuietSlider
from filterlab.gui.learning.plan import Assignment
from filterlab.gui.learning.record import log_of
from filterlab.gui.learning.session import LearningSession
from filterlab.gui.learning.transport import command_button
from filterlab.gui.learning.views.legend import CurveLegend
from filterlab.gui.learning.wording import file_error_words
from filterlab.gui.look import layouts
from filterlab.gui.look.note import ObstacleNote
from filterlab.gui.look.strip import Caption
from filterlab.gui.look.toolrow import IconButton, ToolRow
from filterlab.gui.restoring.actions import RestoreActions
from filterlab.gui.restoring.form import RestoreForm, offer
from filterlab.gui.restoring.plan import LearnedKernel, RestorePlan
from filterlab.gui.restoring.record import RestoreRecord
from filterlab.gui.restoring.session import RestoreSession
from filterlab.gui.restoring.wording import place_words, result_words
from filterlab.gui.words.i18n import tr
from filterlab.images.views import MapView
from filterlab.learning.fit.blurring import blurring_nodes
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from filterlab.functional.arrays import Array
    from filterlab.gui.learning.views.curve import LossCurve

PAUSE = 100  # milliseconds between two pictures that are shown of a run
SETTLED = 150  # milliseconds that the strength must stay as it is before the picture is restored with it
SHARES = (240, 260)  # widths of the curve and of the words in a new window
RESIDUAL, GAIN = "residual", "gain"  # what is plotted
BLURRED, TRUE, DOUBT = "blurred", "true", "uncertainty"  # what stands beside the restored picture


class RestorePanel(QWidget):
    """Sets up a run, shows its iterations on the comparing page, and lets one be kept.

    wanted: bring the panel to the front. left: show learning in its place.
    """

    wanted = Signal()
    left = Signal()
    curve: LossCurve

    def __init__(self, bench: Workbench, learning: LearningSession, comparing: Comparing) -> None:
        super().__init__()
        self._bench, self._learning, self._comparing = bench, learning, comparing
        self._built = False
        self._failure: FilterLabError | None = None
        self._sources: dict[int, MapSource] = {}  # by the identity of their arrays, which they keep alive
        self._watched = False  # whether the person wants to see the pictures of this run
        self.session = RestoreSession(closing=bench.closing, parent=bench)
        self.actions_ = RestoreActions(bench, self, self)
        self.form = RestoreForm(bench, self._learned)
        self.note = ObstacleNote()
        self.slider = QuietSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Iteration that is shown"))
        self.slider.setToolTip(tr("Look at any iteration: Home is the blurred picture, End the result"))
        self.slider.setMinimumWidth(80)
        self.caption = Caption()
        self.caption.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.beside = QuietCombo(self)
        self.beside.setAccessibleName(tr("Beside the restored picture"))
        self.beside.widen()
        self.beside.setToolTip(tr("What the restored picture is compared with in place of the maps"))
        self.measure = QuietCombo(self)
        self.measure.setAccessibleName(tr("Curves"))
        self.measure.setToolTip(tr("What is plotted over the iterations"))
        for words, data in ((tr("residual"), RESIDUAL), (tr("gain"), GAIN)):
            self.measure.addItem(words, data)
        self.measure.hide()
        self.words = layouts.label("", wrap=True)
        self.legend = CurveLegend(bench.theme)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._show_pair)
        self._settling = QTimer(self, singleShot=True, interval=SETTLED)
        self._settling.timeout.connect(self._weigh)
        self._lay_out()
        self._connect()
        self._offer_besides(None)
        self.refresh()

    # -- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        action, theme = self._bench.commands.action, self._bench.theme
        tools = ToolRow(theme, [action(f"restore.{name}") for name in ("copy_python", "copy_command")])
        tools.add(IconButton("arrow-left", theme, action("restore.back")))
        for name, rank in (("start", 0), ("cancel", 0), ("keep", 0), ("save", 3), ("layer", 4)):
            entries = [action(f"restore.{name}")]
            tools.add(command_button(self._bench.commands, f"restore.{name}"), rank, entries)
        tools.add_gap()
        tools.add(command_button(self._bench.commands, "restore.compare"), 2, [action("restore.compare")])
        tools.add(self.beside, 1)
        slide = layouts.row(None, (self.slider, 2), (self.caption, 3), spacing=8)
        self._curve_column = QWidget()
        head = layouts.row(None, (self.legend, 1), self.measure)
        layouts.column(self._curve_column, head, margins=(4, 0, 4, 0), spacing=2)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for part, share in ((self.form, 0), (self._curve_column, 3), (self._told(), 3)):
            split.addWidget(part)
            split.setStretchFactor(split.indexOf(part), share)
        split.setSizes([self.form.sizeHint().width(), *SHARES])
        layouts.column(self, tools, self.note, slide, (split, 1), margins=(8, 4, 8, 4), spacing=4)
        self.setFocusProxy(self.form.picture)

    def _told(self) -> QScrollArea:
        """What is said of the iteration in view, which scrolls where the panel is low."""
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setContentsMargins(8, 0, 0, 0)
        self.words.setAccessibleName(tr("About the restoration"))
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(200)
        area.setWidget(self.words)
        return area

    def _build(self) -> None:
        """Make the curve when the panel is first shown."""
        # Its library takes a quarter of a second to load, which the start of the program need not wait for.
        from filterlab.gui.learning.views.curve import LossCurve

        self._built = True
        self.curve = LossCurve(self._bench.theme)
        self.curve.setAccessibleName(tr("Residual over the iterations"))
        self.curve.setToolTip(
            tr("How far the blurred restoration is from the picture. A click shows that iteration.")
        )
        self.curve.pointed.connect(self.legend.show_values)
        self.curve.picked.connect(self.session.show)
        self._bench.theme.changed.connect(self._show_legend)  # after the curve, whose pens it shows
        layout = self._curve_column.layout()
        assert layout is not None, "it was laid out"
        layout.addWidget(self.curve)
        policy = self.curve.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # else the other columns would jump at the first iteration
        self.curve.setSizePolicy(policy)

    def _connect(self) -> None:
        bench, session = self._bench, self.session
        session.changed.connect(self.refresh)
        session.failed.connect(self._fail)
        self.form.changed.connect(self._forget)
        self.form.failed.connect(self._refuse)
        self.form.weighed.connect(self._settling.start)
        self.slider.valueChanged.connect(self._scrub)
        self.beside.activated.connect(self._show_pair)
        self.measure.activated.connect(self.refresh)
        bench.closing.connect(self._settling.stop)
        bench.lesson_began.connect(self._put_aside)
        bench.lesson_ended.connect(session.take_up)
        self._comparing.active_changed.connect(self._follow_page)

    def _learned(self) -> LearnedKernel:
        """What the session of learning has come to, at the step that it shows."""
        session = self._learning
        lesson, shown = session.lesson, session.shown
        if not isinstance(lesson, Assignment) or shown is None or not session.place:
            return LearnedKernel(Pipeline())
        plan, able = lesson.plan, blurring_nodes(shown)
        nodes = tuple(name for name in plan.nodes if name in able)
        paired = nodes == (plan.output,) and shown.step(plan.output).inputs == (IMAGE,)
        return LearnedKernel(shown, nodes, lesson, lesson.pair if paired else None, plan.picture)

    def take_over(self, old: RestorePanel) -> None:
        """Take over the answers and the iterations of a panel whose window is gone, over the same document."""
        self.form.take_over(old.form)
        self._failure = old._failure
        self.session.take_over(old.session)

    # -- wishes ---------------------------------------------------------------------------------------

    def bring_to_front(self) -> None:
        """Show the panel and give it the keyboard, with the answers that what was learned or selected suggests."""
        self.form.suggest()
        self.wanted.emit()
        self.form.picture.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Go back to learning."""
        self.left.emit()

    def plan(self) -> RestorePlan | None:
        """The answers of the form, None where they are not complete, which the note then says."""
        try:
            return self.form.plan()
        except FilterLabError as error:
            self._refuse(error)
            return None

    def begin(self) -> None:
        """Start a run with the answers of the form, or say what is missing."""
        # The command has a key, which may be pressed anywhere in the window.
        if not self.isVisible():
            self.form.suggest()
        self.wanted.emit()
        if self._run():
            # The button is disabled now, and its focus would go anywhere.
            self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def _run(self) -> bool:
        """Start a run with the answers of the form. Return whether they are complete."""
        self._settling.stop()  # the run has the newest strength
        self._failure = None
        plan = self.plan()
        if plan is not None:
            self._watched = True
            self.session.begin(plan)
        return plan is not None

    def stop(self) -> None:
        """End the run, and look at what it has come to."""
        self.session.cancel()
        # The focus of the button, which is disabled now, would go to the one that keeps the picture.
        if self.isVisible():
            self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def _weigh(self) -> None:
        """Restore anew with another strength, once there is a result that it changes."""
        # Whoever has gone elsewhere meanwhile is not called back.
        if self.session.record is not None and self.isVisible():
            self._run()

    def _scrub(self, index: int) -> None:
        record = self.session.record
        if record is not None:
            self.session.show(record.places[min(index, len(record.places) - 1)])

    def _put_aside(self) -> None:
        self._failure = None
        self.session.put_aside()
        self.leave()

    # -- both pictures --------------------------------------------------------------------------------

    def compare(self) -> None:
        """Show both pictures in place of the maps, or the maps again."""
        self._watched = not self.comparing()
        if self._watched:
            self._show_pair()
            self._comparing.page.view.setFocus()
        else:
            self._comparing.close()

    def show_maps(self) -> None:
        """Show the maps again, among which there is a new one."""
        if self.comparing():
            self.compare()

    def comparing(self) -> bool:
        """Return whether both pictures are shown."""
        return self._comparing.given

    def _follow_page(self) -> None:
        # Closed by the person, it is not opened again by the next iteration.
        self._watched = self._watched and self._comparing.active
        self._bench.commands.refresh()

    def _offer_besides(self, record: RestoreRecord | None) -> None:
        entries = [(tr("the blurred picture"), BLURRED)]
        if record is not None and record.pair.before is not None:
            entries.append((tr("the true picture"), TRUE))
        if record is not None and record.last is not None and record.last.doubt is not None:
            entries.append((tr("its uncertainty"), DOUBT))
        offer(self.beside, entries, BLURRED)

    def _show_pair(self) -> None:
        record, place = self.session.record, self.session.place
        # The page lies over the maps of a picture, and is closed with it.
        if record is None or not self._watched or self._bench.document.picture is None:
            return
        # While one picture is on its way, another one would only take its place; the run goes on meanwhile.
        if self._comparing.waiting:
            self._timer.start()
            return
        words = tr("restored, iteration {n}", n=place) if place else tr("not yet restored")
        restored = self._source(words, record.image(place))
        beside = self.beside.currentData()
        if beside == DOUBT and record.last is not None and record.last.found.uncertainty is not None:
            doubt = self._source(tr("uncertainty"), record.last.found.uncertainty, picture=False)
            self._comparing.compare_given(restored, doubt, same=False)
        elif beside == TRUE and record.pair.before is not None:
            self._comparing.compare_given(self._source(tr("true"), record.pair.before), restored, same=True)
        else:
            self._comparing.compare_given(self._source(tr("blurred"), record.pair.after), restored, same=True)

    def _source(self, title: str, array: Array, *, picture: bool = True) -> MapSource:
        """A side of the comparison; the same object for the same array, so that it is compared but once."""
        found = self._sources.get(id(array))
        if found is None or found.title != title:
            kept = list(self._sources.items())[-2:]  # those that are shown, which the next may be again
            made = MapSource(title, self._bench.document.pipeline, given=MapView(array), picture=picture)
            self._sources = dict([*kept, (id(array), made)])
            found = made
        return found

    # -- what stands in the way -----------------------------------------------------------------------

    def _refuse(self, error: FilterLabError) -> None:
        self._failure = error
        self._check()

    def _forget(self) -> None:
        self._failure = None
        self._check()

    def _fail(self, error: Exception, details: str) -> None:
        if isinstance(error, FilterLabError):
            self._refuse(error)
        else:
            self._bench.messages.error(error, tr("the restoration ended"), details)

    def _check(self) -> None:
        if self._failure is not None:
            self.note.say(file_error_words(self._failure), error=True)
        elif self.session.record is None and not self.session.running:
            words = tr(
                "Choose the blurred picture and the kernel that has blurred it, and press “Undo the blur”."
            )
            if not self.form.kernel.count():
                words = tr("Add a Filter with the kernel that has blurred the picture, or learn it.")
            self.note.say(words)
        else:
            self.note.say("")

    # -- showing --------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up with what changed while the panel was hidden."""
        if not self._built:
            self._build()
        super().showEvent(event)
        self.form.refresh()
        self.refresh()

    def refresh(self) -> None:
        """Show the run as it is now."""
        self._bench.commands.refresh()
        self._check()
        record, place, running = self.session.record, self.session.place, self.session.running
        text = place_words(record, place, running=running, beginning=self.session.beginning)
        self.caption.show_text(text)
        self.slider.setAccessibleDescription(text)
        self._offer_besides(record)
        with_steps = record is not None and record.count > 0
        self.slider.setEnabled(with_steps or running)
        if self._built:
            self.curve.setVisible(with_steps)
        if record is None:
            self.words.setText("")
            self.slider.setRange(0, 0)
            self._show_legend()
            return
        self._place_slider(record, place)
        self.words.setText(result_words(record, place))
        self._show_curve(record)
        if record.last is not None:
            self.form.show_strength(record.last.found.strength if record.plan.strength is None else None)
        if self._watched and not self._timer.isActive():
            self._timer.start(0 if not running else PAUSE)

    def _place_slider(self, record: RestoreRecord, place: int) -> None:
        self.slider.blockSignals(True)  # this follows the view; the signal is for the person
        self.slider.setRange(0, len(record.places) - 1)
        self.slider.setValue(record.places.index(place))
        self.slider.blockSignals(False)

    def _show_curve(self, record: RestoreRecord) -> None:
        if not self._built or record.last is None:
            return
        gains = [gain for gain in record.gains if gain is not None]
        self.measure.setVisible(bool(gains))
        if gains and self.measure.currentData() == GAIN:
            self.curve.show_losses([tr("gain in dB")], [gains], [gains], log=False, first=1)
            self.curve.name_axes(tr("iteration"), tr("gain in dB"))
        else:
            noise = record.last.found.noise
            levels = [record.residuals, [noise] * record.count]
            heights = [record.log_residuals, [log_of(noise)] * record.count]
            self.curve.show_losses([tr("residual"), tr("noise")], levels, heights, log=True, first=1)
            self.curve.name_axes(tr("iteration"), tr("residual"))
        self.curve.mark(float(self.session.place))
        self.curve.mark_best(0)  # of a residual, the least is not the best
        self._show_legend()

    def _show_legend(self) -> None:
        shown = self._built and not self.curve.isHidden()
        self.legend.show_entries(self.curve.legend() if shown else [])
