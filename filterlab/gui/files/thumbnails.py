"""Thumbnails of samples, examples and files, made in the background and kept on disk."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from filterlab.errors import FilterLabError
from filterlab.files import atomic_write
from filterlab.graph.pictures import picture_nodes
from filterlab.gui.bench.background import Background
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.work import Picture
from filterlab.gui.files.describing import describe, describe_unclear
from filterlab.gui.files.reading import read
from filterlab.gui.look.pixels import image_of
from filterlab.images import read_picture
from filterlab.images.screen import bright_range, kernel_pixels, mosaic, thumbnail
from filterlab.kernels import AmbiguousKernelError
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import Row, computable, survey

SIZE = 256  # pixels of the longer side: enough for screens with two pixels to the point
_MOST_WORK = 500_000_000  # multiply-adds that computing the thumbnail of an example may take


class Thumbnails(QObject):
    """Makes thumbnails, each once. Files that cannot be read have none.

    ready(path): the thumbnail that `get` did not have yet is there. picture_ready(Picture, QImage): the answer to
    `get_picture`.
    """

    ready = Signal(object)
    picture_ready = Signal(object, object)

    def __init__(self, *, folder: Path, messages: Messages, previews: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._folder, self._messages, self._previews = folder, messages, previews
        self._images: dict[Path, QImage | None] = {}
        self._last: tuple[Picture, QImage] | None = None

    def get(self, path: Path, sample: Path | None = None) -> QImage | None:
        """The thumbnail of a picture, or of an example pipeline run on the picture `sample`; None until it is made."""
        if path not in self._images:
            self._images[path] = None  # so that it is asked for only once
            self._previews.submit(
                lambda: make(path, sample, self._folder), lambda image: self._take(path, image), self._fail
            )
        return self._images[path]

    def get_picture(self, picture: Picture) -> None:
        """Make the thumbnail of the open picture. The newest one is remembered."""
        if self._last is not None and self._last[0] is picture:
            self.picture_ready.emit(*self._last)
            return
        self._previews.submit(
            lambda: (picture, image_of(thumbnail(picture.pixels, SIZE))), self._take_picture, self._fail
        )

    def _take_picture(self, answer: tuple[Picture, QImage]) -> None:
        self._last = answer
        self.picture_ready.emit(*answer)

    def _take(self, path: Path, image: QImage | None) -> None:
        self._images[path] = image
        if image is not None:
            self.ready.emit(path)

    def _fail(self, error: Exception, details: str) -> None:
        self._messages.error(error, details=details)


def make(path: Path, sample: Path | None, folder: Path) -> QImage | None:
    """Read a thumbnail from `folder`, or make it and keep it there. None if the file cannot be shown."""
    try:
        stored = folder / f"{_key(path, sample)}.png"
        known = QImage(str(stored)) if stored.is_file() else QImage()
        if not known.isNull():
            return known
        image = image_of(
            thumbnail(read_picture(path).values, SIZE) if sample is None else example_pixels(path, sample)
        )
    except (FilterLabError, OSError):
        return None  # opening the file will say what is wrong with it
    with suppress(FilterLabError, OSError):  # where it cannot be kept, it is made anew next time
        folder.mkdir(parents=True, exist_ok=True)
        # Two windows may make the same thumbnail at once, and a half-written one would be taken for it for ever.
        with atomic_write(stored) as temporary:
            image.save(str(temporary))
    return image


_DRAWN = 3  # the version of how thumbnails are drawn; increased, it makes all those on disk out of date


def _key(path: Path, sample: Path | None) -> str:
    """A file name that changes with the content of the file."""
    status = path.stat()
    text = f"{path}|{status.st_mtime_ns}|{status.st_size}|{sample}|{SIZE}|{_DRAWN}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def example_pixels(path: Path, sample: Path) -> Any:
    """The last large map of an example pipeline for a sample picture that takes little work to compute."""
    pipeline = Pipeline.load(path)
    picture = read_picture(sample).values
    rows = survey(pipeline, picture.shape)
    name = _worth_showing(rows)
    if name is None:
        return thumbnail(picture, SIZE)
    values = computable(pipeline, rows).run(picture, [name])[name]
    coloured = name in picture_nodes(pipeline, len(picture))
    return thumbnail(values, SIZE, bright_range(values)) if coloured else mosaic(values, SIZE)


def _worth_showing(rows: list[Any]) -> str | None:
    """The last node with a map of at least 8 x 8 cells before the work, summed up to there, exceeds the limit."""
    # A rough sum: it also counts nodes that the one shown does not depend on.
    work, found = 0, None
    for row in rows:
        if not isinstance(row, Row):
            continue
        work += row.macs
        if work > _MOST_WORK:
            break
        if len(row.shape) == 3 and min(row.shape[1:]) >= 8:
            found = row.name
    return found


def preview(path: Path, kind: str) -> tuple[QImage | None, list[str]]:
    """A thumbnail of a file, if it has one, and lines of text. Raises FilterLabError if it cannot be opened."""
    try:
        opened = read(path, kind)
    except AmbiguousKernelError as error:  # opening it asks which kernel is meant
        return None, describe_unclear(path, error.readings)
    image = None if opened.kind == "pipeline" else image_of(_look_of(opened.kind, opened.value))
    return image, describe(opened)


def _look_of(kind: str, value: Any) -> Any:
    return thumbnail(value, SIZE) if kind == "picture" else kernel_pixels(value, SIZE // 2)
