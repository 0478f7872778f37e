"""Playing a lesson: each step opens its pipeline and picture, and what was open before comes back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from filterlab.errors import FilterLabError
from filterlab.gui.files.showcase import spelled
from filterlab.gui.i18n import tr
from filterlab.gui.language import current
from filterlab.gui.selection import Spot
from filterlab.gui.viewstate import Look
from filterlab.gui.work import Picture, Work
from filterlab.gui.workbench import Workbench
from filterlab.lessons import Lesson, Scene, Step, picture_step, scene
from filterlab.pipeline import Pipeline


@dataclass(frozen=True)
class Own:
    """What the person had open before the lesson. saved: what the pipeline's file holds."""

    work: Work
    saved: Pipeline
    modified: bool
    look: Look
    node: str
    pin: Spot | None


class Player(QObject):
    """The lesson that is played, if any, and its step. changed: another lesson, step or none.

    tab_wanted(name): the step speaks of this tab of the window. learning_wanted(what, target picture): set the
    learning panel to this.
    """

    changed = Signal()
    tab_wanted = Signal(str)
    learning_wanted = Signal(object, object)

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.lesson: Lesson | None = None
        self.place = 0
        self._own: Own | None = None
        self._pictures: dict[int, Picture] = {}
        self._shown: Pipeline | None = None
        self._opened = -1
        self._number = 0

    @property
    def step(self) -> Step | None:
        """The present step."""
        return None if self.lesson is None else self.lesson.steps[self.place]

    @property
    def last(self) -> bool:
        """Whether no step follows."""
        return self.lesson is not None and self.place == len(self.lesson.steps) - 1

    # -- moving ---------------------------------------------------------------------------------------

    def start(self, lesson: Lesson, place: int = 0) -> None:
        """Begin a lesson, at one of its steps. The person's own work is remembered, if no lesson is played yet."""
        if not self._in_charge():
            self._own = self._present()
        self.lesson, self._pictures = lesson, {}
        self.go(place)

    def go(self, place: int) -> None:
        """Show a step of the lesson."""
        lesson = self.lesson
        if lesson is None or not 0 <= place < len(lesson.steps):
            return
        self.place = place
        self._number += 1
        number = self._number

        def done(shown: Scene) -> None:
            if number == self._number:
                self._show(lesson, place, shown)

        def fail(error: Exception, details: str) -> None:
            known = isinstance(error, FilterLabError)
            title = lesson.title.said(current())
            what = tr("The lesson “{title}” cannot go on", title=title)
            self._bench.messages.error(error, what, "" if known else details)

        self._bench.background.submit(lambda: scene(lesson, place), done, fail)
        self.changed.emit()

    def leave(self) -> None:
        """End the lesson; what was open before it is open again, unless the person has opened something else."""
        own, lesson = self._own, self.lesson
        if lesson is None:
            return
        if own is not None and self._in_charge():
            self._put_back(own)
        self.lesson, self._own, self._shown, self._pictures = None, None, None, {}
        self._number += 1
        self.changed.emit()

    def close(self) -> None:
        """The window closes: as `leave`, but an edited lesson stays where nothing else was unsaved."""
        own = self._own
        if own is not None and not own.modified and self._bench.document.pipeline != self._shown:
            self._own = None
        self.leave()

    # -- the person's own work ------------------------------------------------------------------------

    def _in_charge(self) -> bool:
        """Whether what is open was opened by the lesson."""
        return self._own is not None and self._bench.document.opened == self._opened

    def _present(self) -> Own:
        bench = self._bench
        document, selection = bench.document, bench.selection
        self._opened = document.opened
        return Own(
            document.work,
            document.saved_pipeline,
            document.modified,
            bench.view.look,
            selection.node,
            selection.pin,
        )

    def _put_back(self, own: Own) -> None:
        bench = self._bench
        if bench.document.work is not own.work:
            bench.document.open_work(tr("Leave the lesson"), own.work, own.saved)
        bench.view.set(**own.look.__dict__)
        bench.selection.set_pin(own.pin)
        bench.selection.select(own.node)

    # -- showing --------------------------------------------------------------------------------------

    def _show(self, lesson: Lesson, place: int, shown: Scene) -> None:
        bench, step = self._bench, lesson.steps[place]
        picture = self._picture(lesson, place, shown)
        work = Work(shown.pipeline, picture, None)
        if bench.document.picture is not picture or bench.document.pipeline != shown.pipeline:
            title = lesson.title.said(current())
            label = tr("Lesson “{title}”, step {number}", title=title, number=place + 1)
            bench.document.open_work(label, work)
        self._shown, self._opened = shown.pipeline, bench.document.opened
        look = bench.view.look
        bench.view.set(mode=step.mode or look.mode, crop=None, hidden=frozenset())
        bench.selection.set_pin(Spot(*step.pin) if step.pin else None)
        bench.selection.select(step.select or (step.pin[0] if step.pin else shown.pipeline.nodes[-1].name))
        if step.learn is not None and shown.target is not None:
            self.learning_wanted.emit(step.learn, Picture(tr("target of the lesson"), shown.target))
        if step.tab:
            self.tab_wanted.emit(step.tab)

    def _picture(self, lesson: Lesson, place: int, shown: Scene) -> Picture:
        """The same object while the picture stays the same, so that only what changed is computed."""
        source = picture_step(lesson, place)
        if source not in self._pictures:
            name = tr(spelled(shown.sample)) or tr("numbers of the lesson")
            self._pictures[source] = Picture(name, shown.pixels)
        return self._pictures[source]
