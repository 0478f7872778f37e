"""The document of a window: the work, its history and its file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from filterlab.graph import IMAGE
from filterlab.graph.editing import renamed
from filterlab.gui.bench.history import History
from filterlab.gui.bench.work import Picture, Work
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from filterlab.interop.importing import LeftOut


def _held_bytes(works: list[Work]) -> int:
    """Bytes of the pictures that these values keep alive. Pipelines are not counted: edits share their arrays."""
    # By identity: most steps of the history share one picture, which must be counted once.
    pictures = {id(work.picture): work.picture for work in works if work.picture is not None}
    return sum(picture.seen.nbytes for picture in pictures.values())


def _following(painted: Mapping[str, object], old: Pipeline, new: Pipeline) -> Mapping[str, object]:
    """What is painted, by the names that nodes have now.

    What was on a node that is gone is left out, or another of its name would have it; undo brings both back.
    """
    now = {name: name if name == IMAGE else renamed(old, new, name) for name in painted}
    return {now[name]: marks for name, marks in painted.items() if now[name]}


class Document(QObject):
    """The work, which edits replace as a whole; every edit is one step of the history.

    changed(old, new): the work was replaced, by an edit, undo, redo or opening a file. history_changed: the labels,
    the place in the history or the saved state changed; it always comes after `changed`.
    """

    changed = Signal(object, object)
    history_changed = Signal()

    def __init__(self, work: Work | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = History(work or Work(), "", cost=_held_bytes)
        self._saved = self.pipeline
        self._opened = 0

    @property
    def work(self) -> Work:
        """The present value."""
        return self._history.value

    @property
    def pipeline(self) -> Pipeline:
        """The present pipeline."""
        return self.work.pipeline

    @property
    def picture(self) -> Picture | None:
        """The present picture."""
        return self.work.picture

    @property
    def path(self) -> Path | None:
        """The pipeline's file."""
        return self.work.path

    @property
    def history(self) -> History[Work]:
        """The history, for reading labels and place; edits go through the document."""
        return self._history

    @property
    def modified(self) -> bool:
        """True if the pipeline holds something that its file does not."""
        # By identity first: this is asked after every change, and comparing weights number by number takes a while.
        return self.pipeline is not self._saved and self.pipeline != self._saved

    @property
    def opened(self) -> int:
        """The number of pipelines opened so far. Another number means another file, not an edit of the same one."""
        return self._opened

    @property
    def saved_pipeline(self) -> Pipeline:
        """The pipeline as its file holds it; an empty one where there is no file."""
        return self._saved

    def edit(
        self,
        label: str,
        pipeline: Pipeline,
        *,
        merge: Hashable | None = None,
        command: tuple[str, ...] = (),
        painted: Mapping[str, object] | None = None,
    ) -> None:
        """Replace the pipeline. label: what was done, for the history. merge: see `History.push`.

        command: the words of a command that does the same. painted: what is painted on the spectra from now on.
        """
        if painted is None:
            painted = _following(self.work.painted, self.pipeline, pipeline)
        self._push(self.work.replace(pipeline=pipeline, command=command, painted=painted), label, merge)

    def show_picture(self, label: str, picture: Picture | None) -> None:
        """Replace the picture, as one step."""
        # Marks lie on the peaks of one picture, with which undo brings them back.
        self._push(self.work.replace(picture=picture, command=(), painted={}), label)

    def open_pipeline(
        self,
        label: str,
        pipeline: Pipeline,
        path: Path | None,
        left_out: Sequence[LeftOut] = (),
        title: str = "",
    ) -> None:
        """Replace the pipeline by a saved one, as one step. path: its file; None for an example or a new pipeline.

        title: of an example.
        left_out: what the file holds besides, which no layer carries.
        """
        self._saved = pipeline
        self._opened += 1
        # Last: whoever hears of the change may ask whether the pipeline is modified and whether it is another file.
        self._push(Work(pipeline, self.picture, path, title, left_out), label)

    def open_work(self, label: str, work: Work, saved: Pipeline | None = None) -> None:
        """Replace pipeline, picture and file as one step. saved: what the file holds, if it is not this pipeline."""
        self._saved = work.pipeline if saved is None else saved
        self._opened += 1
        self._push(work, label)

    def restore(self, work: Work, *, saved: bool) -> None:
        """Start anew from `work`, without a history. saved: whether its pipeline is what its file holds."""
        old = self.work
        self._history = History(work, "", cost=_held_bytes)
        self._saved = work.pipeline if saved else Pipeline()
        self._opened += work.pipeline is not old.pipeline
        self.changed.emit(old, work)
        self.history_changed.emit()

    def take_over(self, other: Document) -> None:
        """Go on with the work of another document, its whole history and what is saved of it."""
        old = self.work
        self._history, self._saved = other._history, other._saved
        self._opened += 1
        self.changed.emit(old, self.work)
        self.history_changed.emit()

    def mark_saved(self, path: Path, pipeline: Pipeline | None = None) -> None:
        """Note that the pipeline was written to `path`.

        pipeline: what was written, if it is not the present one: the person may edit while the file is being written.
        """
        self._saved = self.pipeline if pipeline is None else pipeline
        if path != self.path:
            # Saving under another name is not an edit that undo could take back; the present step gets the path.
            old = self.work
            self._history.amend(old.replace(path=path))
            self.changed.emit(old, self.work)
        self.history_changed.emit()

    def seal(self) -> None:
        """Make the next edit a step of its own: a drag or typing has ended."""
        self._history.seal()

    def undo(self) -> None:
        """Go one step back, if there is one."""
        self.jump(self._history.place - 1)

    def redo(self) -> None:
        """Go one step forward, if there is one."""
        self.jump(self._history.place + 1)

    def jump(self, place: int) -> None:
        """Go to any step of the history."""
        old = self.work
        new = self._history.jump(place)
        # A jump to the present step, at either end of the history, is not a change that views need to follow.
        if new is not old:
            self.changed.emit(old, new)
            self.history_changed.emit()

    def _push(self, work: Work, label: str, merge: Hashable | None = None) -> None:
        old = self.work
        self._history.push(work, label, merge)
        self.changed.emit(old, work)
        self.history_changed.emit()
