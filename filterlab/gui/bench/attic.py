"""Keeping the history small: pictures that only undo may bring back wait on the disk.

Opening one document after the other must not fill the memory, but undo must bring each of them back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QObject
from shiboken6 import isValid

from filterlab.gui.bench.background import Background
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.work import Picture, Work
from filterlab.images.parts.levels import PictureLevels
from filterlab.images.scratch import moved_to_disk
from filterlab.machine import open_files
from filterlab.pipeline import Pipeline

SMALLEST = 32 << 10  # bytes; a smaller picture is not worth a file
# Each picture on the disk keeps a file open. A process may have some hundreds, on macOS 256, and needs others itself.
MOST_FILES = int(min(200, open_files() // 4))


class Attic(QObject):
    """Follows the document: moves replaced pictures to the disk, and drops the weights that replaced layers drew.

    Weights drawn from a recipe are not kept: the recipe draws the same numbers when undo brings the layer back.
    """

    def __init__(self, document: Document, background: Background, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._background, self._folder = document, background, folder
        # Weak: a picture whose steps were forgotten must not stay alive, with its open file, because it is listed here.
        self._away: WeakSet[Picture] = WeakSet()
        document.changed.connect(self._follow)

    def _follow(self, old: Work, new: Work) -> None:
        if old.pipeline is not new.pipeline:
            _forget_drawn(old.pipeline, new.pipeline)
        if old.picture is not None and old.picture is not new.picture:
            self._put_away(old.picture)

    def _put_away(self, picture: Picture) -> None:
        # The thread gets the array and not the picture, whose array is exchanged in the window's thread only.
        pixels = picture.pixels
        if picture in self._away or pixels.nbytes < SMALLEST or len(self._away) >= MOST_FILES:
            return
        if isinstance(pixels, PictureLevels):  # it is on the disk already
            return

        def done(moved: Any) -> None:
            # The file may be ready only after the window was closed, or undo has brought the picture back.
            if isValid(self) and picture is not self._document.picture:
                picture.move(moved)
                self._away.add(picture)

        # A picture that cannot be written, to a full disk say, stays in memory.
        self._background.submit(lambda: moved_to_disk(pixels, self._folder), done, lambda *_: None)


def _forget_drawn(old: Pipeline, new: Pipeline) -> None:
    """Release the weights that recipes drew for layers of `old` that `new` does not have."""
    present = {id(node.layer) for node in new}
    gone = [node.layer for node in old if id(node.layer) not in present]
    drawn = [weights for layer in gone for weights in layer.drawn()]
    if drawn:
        # A layer shares its weights with the edited copies of it; those that are still in use stay.
        kept = {id(weights) for node in new for weights in node.layer.drawn()}
        for layer in gone:
            layer.forget(weights for weights in layer.drawn() if id(weights) not in kept)
