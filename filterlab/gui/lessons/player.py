"""Playing a lesson: each step opens its pipeline and picture, and at the end the person's work comes back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from filterlab.graph.nodes import IMAGE
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import OpenWork, Workbench
from filterlab.gui.files.showcase import spelled
from filterlab.gui.lessons.progress import Progress
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import current
from filterlab.lessons import Lesson, LessonStep, Scene, covered, picture_step, scene
from filterlab.pipeline import Pipeline


class LessonPlayer(QObject):
    """Holds the lesson that is played, if any, and its step. changed: another lesson, another step, or no lesson.

    The person's own work is kept as `own_work` of the workbench, as long as what is open was opened by the lesson.
    tab_wanted(name), level_wanted(name): show this tab of the window, this level of the explanation.
    room_wanted: let the maps take the room there is. learning_wanted(learning, scene): fill in the learning panel.
    opened: the document shows the step.
    """

    # A lesson opens its steps in the document like files, so that everything in the window works on them. Hence the
    # person may at any time open something else or undo the way back to their own work. `document.opened` counts the
    # pipelines that were opened: while it is `_opened`, nothing but the lesson has opened one.

    changed = Signal()
    tab_wanted = Signal(str)
    level_wanted = Signal(str)
    room_wanted = Signal()
    learning_wanted = Signal(object, object)
    opened = Signal()

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.progress = Progress(bench.settings)
        self.lesson: Lesson | None = None
        self.place = 0
        self._origin = object()  # of all steps of a lesson, whose nodes of one name are the same nodes
        self._pictures: dict[int, Picture] = {}
        self._shown: Pipeline | None = None
        self._opened = -1
        self._number = 0  # of the newest step asked for; scenes computed for older ones are dropped
        self._loading = False  # whether a step is being computed
        self._colormap = ""  # the colour map that the step has chosen
        bench.document.changed.connect(self._notice)

    @property
    def step(self) -> LessonStep | None:
        """The present step, or None."""
        return None if self.lesson is None else self.lesson.steps[self.place]

    @property
    def last(self) -> bool:
        """Whether this is the last step of the lesson."""
        return self.lesson is not None and self.place == len(self.lesson.steps) - 1

    @property
    def settled(self) -> bool:
        """Whether the prediction of this step, if it has one, was answered or given up."""
        return self.lesson is None or self.progress.settled(self.lesson, self.place)

    @property
    def touched(self) -> bool:
        """Whether the person has changed the pipeline of the step."""
        return self._in_charge() and self._bench.document.pipeline != self._shown

    # -- moving ---------------------------------------------------------------------------------------

    def start(self, lesson: Lesson, place: int = 0) -> None:
        """Start a lesson at one of its steps."""
        if self.lesson is None:
            self._bench.lesson_began.emit()
        self.lesson, self._pictures, self._origin = lesson, {}, object()
        self.go(place)

    def go(self, place: int) -> None:
        """Show a step of the lesson, once its scene is computed."""
        lesson = self.lesson
        if lesson is None or not 0 <= place < len(lesson.steps):
            return
        self.place, self._loading = place, True
        self._number += 1
        number = self._number

        def done(shown: Scene) -> None:
            if number == self._number:
                self._loading = False
                self._show(lesson, place, shown)

        def fail(error: Exception, details: str) -> None:
            self._loading = self._loading and number != self._number
            title = lesson.title.said(current())
            what = tr("The lesson “{title}” cannot continue", title=title)
            self._bench.messages.error(error, what, details)

        self._bench.background.submit(lambda: scene(lesson, place), done, fail)
        self.changed.emit()  # at once: the text can be read while the scene is being computed

    def settle(self, right: bool) -> None:
        """Show what the prediction of this step was about. right: whether it was answered right."""
        if self.lesson is not None:
            self.progress.settle(self.lesson, self.place, right)
            self.go(self.place)

    def predict_again(self) -> None:
        """Cover again what the prediction of this step is about."""
        if self.lesson is not None:
            self.progress.forget(self.lesson, self.place)
            self.go(self.place)

    def leave(self) -> None:
        """End the lesson and open the person's own work again, unless they have opened something else."""
        if self.lesson is None:
            return
        own = self._bench.own_work if self._in_charge() else self._undone()
        self.lesson, self._shown, self._pictures = None, None, {}
        self._number += 1
        self._loading = False
        self._bench.own_work = None
        if own is not None:
            self._put_back(own)
        self._bench.lesson_ended.emit()
        self.changed.emit()

    def close(self) -> None:
        """End the lesson because the window closes."""
        # `leave` would lose what the person has edited in the lesson. It stays open, to be asked about and kept in the
        # session, if their own work, which then is not opened again, has nothing unsaved.
        own = self._bench.own_work
        if own is not None and not own.modified and self.touched:
            self._bench.own_work = None
        self.leave()

    def take_over(self, other: LessonPlayer) -> None:
        """Continue the lesson of another window, whose document was taken over; what was edited stays."""
        self.lesson, self.place, self._shown = other.lesson, other.place, other._shown
        self._origin = other._origin
        self._opened = self._bench.document.opened
        if other._loading or (other._in_charge() and not other.touched):
            self.go(other.place)  # again, so that labels and names are in the language of this window
        else:
            self._pictures = other._pictures
            self.changed.emit()

    # -- the person's own work ------------------------------------------------------------------------

    def _held(self) -> OpenWork | None:
        """The person's own work, if only the lesson has opened anything since."""
        return self._bench.own_work if self._bench.document.opened == self._opened else None

    def _in_charge(self) -> bool:
        """Return whether the lesson has opened what is open now."""
        held = self._held()
        return held is not None and self._bench.document.picture is not held.work.picture

    def _undone(self) -> OpenWork | None:
        """The person's own work with its edits, if undoing has led back to it during the lesson."""
        held = self._held()
        if held is None or self._bench.document.picture is not held.work.picture:
            return None
        return replace(held, work=self._bench.document.work)

    def _notice(self, *_: object) -> None:
        """Forget the own work once the person opens something else: they go on with that, and Undo leads back."""
        own = self._bench.own_work
        if self.lesson is None or own is None or self._bench.document.opened == self._opened:
            return
        self._bench.own_work = None
        # How they looked at their work before the lesson; what is hidden or in view belongs to what is open.
        view = self._bench.view
        view.set(**{**vars(own.look), "hidden": view.look.hidden, "crop": view.look.crop})
        if own.modified:
            path = own.work.path
            name = path.name if path else tr("the previous pipeline")
            self._bench.messages.note(tr("The unsaved changes of {name} come back with Undo", name=name))

    def _put_back(self, own: OpenWork) -> None:
        document = self._bench.document
        # Where undoing has led back to the work, it is open already, and only the view is set.
        if document.work is not own.work or document.saved_pipeline is not own.saved:
            document.open_work(tr("Leave the lesson"), own.work, own.saved)
        self._bench.look_at(own)

    # -- showing --------------------------------------------------------------------------------------

    def _show(self, lesson: Lesson, place: int, shown: Scene) -> None:
        bench, step = self._bench, lesson.steps[place]
        if step.predict is not None and not self.settled:
            # The nodes are not only hidden: their cards would tell the shape, and the explanation the value.
            self._show_covered(lesson, place, covered(shown, step.predict))
            return
        self._open(lesson, place, shown)
        self._set_look(step)
        bench.selection.set_pin(Spot(*step.pin) if step.pin else None)
        bench.selection.select(step.select or (step.pin[0] if step.pin else shown.pipeline.nodes[-1].name))
        self.room_wanted.emit()
        if step.learn is not None:
            self.learning_wanted.emit(step.learn, shown)
        if step.tab:
            self.tab_wanted.emit(step.tab)
        if step.level or step.tab == "explain":
            self.level_wanted.emit(step.level or "window")
        self.opened.emit()

    def _show_covered(self, lesson: Lesson, place: int, shown: Scene) -> None:
        """Show what there is before the prediction: nothing is pinned, and nothing is learned yet."""
        self._open(lesson, place, shown)
        nodes = shown.pipeline.nodes
        self._set_look(lesson.steps[place] if nodes else lesson.steps[place].model_copy(update={"hide": []}))
        self._bench.selection.set_pin(None)
        self._bench.selection.select(nodes[-1].name if nodes else IMAGE)
        self.room_wanted.emit()
        if not nodes:  # The panel for learning, if open, would complain that there is nothing to learn.
            self.tab_wanted.emit("explain")

    def _set_look(self, step: LessonStep) -> None:
        """Set the look of a step. A colour map that a step chose ends with it, unless the person chose another one."""
        view, own = self._bench.view, self._bench.own_work
        # If the colour map in view is the one that the step before chose, the person's own comes back.
        colormap = step.colormap or view.look.colormap
        if own is not None and not step.colormap and colormap == self._colormap:
            colormap = own.look.colormap
        self._colormap = step.colormap
        mode = step.mode or view.look.mode
        view.set(mode=mode, colormap=colormap, crop=step.part, hidden=frozenset(step.hide))

    def _open(self, lesson: Lesson, place: int, shown: Scene) -> None:
        """Open the pipeline and the picture of a step as one step of the history, unless they are open already."""
        document, picture = self._bench.document, self._picture(lesson, place, shown)
        fresh = not self._in_charge()
        if fresh:
            self._bench.own_work = own = self._undone() or self._bench.open_work()
            self._bench.view.set(**vars(Look(mode=own.look.mode, colormap=own.look.colormap)))
        if fresh or document.picture is not picture or document.pipeline != shown.pipeline:
            label = tr(
                "Lesson “{title}”, step {number}", title=lesson.title.said(current()), number=place + 1
            )
            self._opened = document.opened + 1  # before opening, whose signal reaches `_notice`
            # Steps change what they share, so that old maps may stand until the new ones are there.
            bare = not shown.pipeline.nodes
            document.open_work(label, Work(shown.pipeline, picture, None, origin=self._origin, bare=bare))
        self._shown = shown.pipeline

    def _picture(self, lesson: Lesson, place: int, shown: Scene) -> Picture:
        """The picture of a step, one object for all steps that share it, so that its maps are not computed anew."""
        source = picture_step(lesson, place)
        if source not in self._pictures:
            name = tr(spelled(shown.sample)) or tr("numbers of the lesson")
            self._pictures[source] = Picture(name, shown.pixels)
        return self._pictures[source]
