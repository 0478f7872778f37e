"""The document of a window: the work, its history and its file."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from filterlab.gui.bench.history import History
from filterlab.gui.bench.work import Picture, Work
from filterlab.pipeline import Pipeline


def _held_bytes(works: list[Work]) -> int:
    """Bytes of the pictures that these values keep alive; pipelines share their arrays and weigh little."""
    pictures = {id(work.picture): work.picture for work in works if work.picture is not None}
    return sum(picture.pixels.nbytes for picture in pictures.values())


class Document(QObject):
    """Edits replace the whole work; every edit is one step of the history.

    changed(old, new): the work was replaced, by an edit, undo, redo or opening. history_changed: labels, place
    or the saved state moved.
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
        """For reading: labels and place. Edits go through the document."""
        return self._history

    @property
    def modified(self) -> bool:
        """Whether the pipeline holds something that its file does not."""
        return self.pipeline is not self._saved and self.pipeline != self._saved

    @property
    def opened(self) -> int:
        """Counts the pipelines that were opened: another number, another file to be saved to."""
        return self._opened

    @property
    def saved_pipeline(self) -> Pipeline:
        """What the pipeline's file holds; an empty pipeline where there is none."""
        return self._saved

    def edit(self, label: str, pipeline: Pipeline, *, merge: Hashable | None = None) -> None:
        """Replace the pipeline. label: what was done, for the history. merge: see `History.push`."""
        self._push(self.work.replace(pipeline=pipeline), label, merge)

    def show_picture(self, label: str, picture: Picture | None) -> None:
        """Replace the picture, as one step."""
        self._push(self.work.replace(picture=picture), label)

    def open_pipeline(self, label: str, pipeline: Pipeline, path: Path | None) -> None:
        """Replace the pipeline by a saved one (path None: by an example or a new one, which has no file yet)."""
        self._saved = pipeline
        self._opened += 1
        self._push(self.work.replace(pipeline=pipeline, path=path), label)

    def open_work(self, label: str, work: Work, saved: Pipeline | None = None) -> None:
        """Replace pipeline, picture and file as one step. saved: what the file holds, if not this pipeline."""
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
        """The present pipeline, or the one that it was when writing began, was written to `path`."""
        self._saved = self.pipeline if pipeline is None else pipeline
        if path != self.path:
            # Where it is saved is no edit: the present step itself gets the path.
            old = self.work
            self._history.amend(old.replace(path=path))
            self.changed.emit(old, self.work)
        self.history_changed.emit()

    def seal(self) -> None:
        """End of a drag or of typing: the next edit is a step of its own."""
        self._history.seal()

    def undo(self) -> None:
        """One step back, if there is one."""
        self.jump(self._history.place - 1)

    def redo(self) -> None:
        """One step forward, if there is one."""
        self.jump(self._history.place + 1)

    def jump(self, place: int) -> None:
        """To any step of the history."""
        old = self.work
        new = self._history.jump(place)
        if new is not old:
            self.changed.emit(old, new)
            self.history_changed.emit()

    def _push(self, work: Work, label: str, merge: Hashable | None = None) -> None:
        old = self.work
        self._history.push(work, label, merge)
        self.changed.emit(old, work)
        self.history_changed.emit()
