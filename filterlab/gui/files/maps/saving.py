"""Saving maps: what can be saved, the plan of files, and writing them. The dialog only asks."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Collection, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from filterlab.batch.saving import Failures, Form, Planned, existing, plan, write_all
from filterlab.batch.targets import Target
from filterlab.errors import Cancelled, FilterLabError
from filterlab.files import atomic_write
from filterlab.graph import IMAGE
from filterlab.gui.bench.background import Background
from filterlab.gui.bench.results import map_budget
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files.maps.appearance import looks_of
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import problem_words
from filterlab.images.parts.levels import PictureLevels
from filterlab.layers.base.layer import Shape
from filterlab.run.ledger import Problem, bytes_text, survey
from filterlab.text.messages import say
from filterlab.text.system import refusal

Chosen = Mapping[str, Collection[int] | None]


class MapSaving(QObject):
    """Plans and writes the maps of the document as it is at the start.

    shapes: of the maps that can be computed; troubles: why the others cannot. `ask_plan` is answered by planned(files,
    paths that exist) or refused(error). `write` and `write_wall` report progressed(number done, total), and end with
    finished(failures) or stopped(error).
    """

    # Work in the background outlives this object if the dialog is closed meanwhile. Python then still has the wrapper,
    # but emitting a signal of the deleted object would raise: hence `isValid`.

    planned = Signal(list, set)
    refused = Signal(object)
    progressed = Signal(int, int)
    finished = Signal(list)
    stopped = Signal(object)

    def __init__(self, bench: Workbench, previews: Background) -> None:
        super().__init__()
        self._bench, self._previews = bench, previews
        self._asked = 0
        self._cancel = threading.Event()
        bench.closing.connect(self.cancel)
        picture = bench.document.picture
        assert picture is not None, "maps need a picture"
        self._picture, self._pipeline = picture, bench.document.pipeline
        self.shapes: dict[str, Shape] = {IMAGE: picture.shape}
        self.troubles: dict[str, str] = {}
        for row in survey(self._pipeline, picture.shape):
            if isinstance(row, Problem):
                self.troubles[row.name] = problem_words(row)
            else:
                self.shapes[row.name] = row.shape

    @property
    def names(self) -> list[str]:
        """The names of the picture and of all nodes, in order."""
        return [IMAGE, *(node.name for node in self._pipeline)]

    def ask_plan(self, chosen: Chosen, folder: Path, form: Form) -> None:
        """Ask which files these maps become, and which of them exist: in the background, because disks may be slow."""
        self._asked += 1
        asked = self._asked

        def work() -> tuple[list[Planned], set[Path]]:
            if asked != self._asked:
                return [], set()  # superseded while it waited; `_take_plan` drops it
            if isinstance(self._picture.pixels, PictureLevels):
                raise _too_large(self._picture.pixels)
            files = plan(self._pipeline, chosen, folder, form, self.shapes)
            return files, existing(file.target.path for file in files)

        self._previews.submit(
            work,
            lambda answer: self._take_plan(answer, asked),
            lambda error, details: self._refuse(error, details, asked),
        )

    def _take_plan(self, answer: tuple[list[Planned], set[Path]], asked: int) -> None:
        if isValid(self) and asked == self._asked:
            self.planned.emit(*answer)

    def write(self, files: Sequence[Target], form: Form, *, overwrite: bool) -> None:
        """Write these files in the background."""
        self._cancel.clear()
        # Read here, in the window's thread: the wall may show something else by the time that the maps are written.
        maps = self._maps_at_hand({target.node for target in files})
        looks = looks_of(self._bench, maps)

        def work() -> Failures:
            self._compute_missing({target.node for target in files}, maps)
            return write_all(
                files,
                form,
                maps,
                self._pipeline,
                looks,
                overwrite=overwrite,
                progress=self.progressed.emit,
                cancel=self._cancel.is_set,
            )

        self._bench.background.submit(work, self._finish, self._fail)

    def write_wall(self, image: QImage, path: Path, *, overwrite: bool) -> None:
        """Write a picture of the wall as PNG in the background."""
        self._bench.background.submit(lambda: _write_wall(image, path, overwrite), self._finish, self._fail)

    def cancel(self) -> None:
        """Stop after the file that is being written."""
        self._cancel.set()

    def _maps_at_hand(self, names: set[str]) -> dict[str, Any]:
        shown = self._bench.results.maps
        maps = {n: shown[n].view.array for n in names if n in shown and not shown[n].stale}
        if IMAGE in names:
            maps[IMAGE] = self._picture.pixels
        return maps

    def _compute_missing(self, names: set[str], maps: dict[str, Any]) -> None:
        """Compute the maps of layers that the wall does not show."""
        missing = [name for name in self.names if name in names and name not in maps]
        if missing:
            self._check_memory(missing)
            part = type(self._pipeline)(node for node in self._pipeline if node.name in self.shapes)
            maps.update(part.run(self._picture.pixels, missing, cancel=self._cancel.is_set))

    def _check_memory(self, names: list[str]) -> None:
        # Checked before computing: what runs out of memory here may end the program, and the unsaved work with it.
        needed = sum(4 * prod(self.shapes[name]) for name in names)  # float32
        if needed > map_budget():
            what = say(
                "maps that are not on the wall need {}, but only {} is available",
                bytes_text(needed),
                bytes_text(map_budget()),
            )
            raise FilterLabError(what, "saving", "choose fewer layers at a time, or use `filterlab run`")

    def _refuse(self, error: Exception, details: str, asked: int) -> None:
        if not isValid(self) or asked != self._asked:
            return
        if not isinstance(error, FilterLabError):
            self._bench.messages.error(error, details=details)
        self.refused.emit(error)

    def _finish(self, failures: Failures) -> None:
        if isValid(self):
            self.finished.emit(failures)

    def _fail(self, error: Exception, details: str) -> None:
        if not isinstance(error, Cancelled):
            self._bench.messages.error(error, tr("Maps were not saved"), details)
        if isValid(self):
            self.stopped.emit(error)


def _too_large(picture: PictureLevels) -> FilterLabError:
    """The error for a picture whose maps are not in memory, with the command that writes them in tiles."""
    command = (
        f"filterlab run PIPELINE.json {shlex.quote(str(picture.path))} --out maps --format tiff --memory 2G"
    )
    hint = say("this command writes them in tiles: {}", command)
    return FilterLabError("maps of a picture that is larger than memory are not saved here", "saving", hint)


def _write_wall(image: QImage, path: Path, overwrite: bool) -> Failures:
    """Write a picture; a failure is returned in a list, as `write_all` does."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path, overwrite=overwrite) as temporary:
            if not image.save(str(temporary)):
                raise FilterLabError("it cannot be written", str(path))
    except FilterLabError as error:
        return [(path, error)]
    except OSError as error:
        what, hint = refusal(error, writing=True)
        return [(path, FilterLabError(say("the folder cannot be created: {}", what), str(path.parent), hint))]
    return []
