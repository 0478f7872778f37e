"""Thumbnails of samples, examples and files, made in the background and kept on disk."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from filterlab.errors import Cancelled, FilterLabError
from filterlab.files import atomic_write
from filterlab.graph.pictures import picture_nodes
from filterlab.gui.bench.background import Background
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.tones import usual_tones
from filterlab.gui.bench.work import Picture
from filterlab.gui.files.describing import describe, describe_unclear
from filterlab.gui.files.reading import levels_of, read
from filterlab.gui.look.pixels import image_of
from filterlab.gui.look.theme import Theme
from filterlab.images import read_picture
from filterlab.images.parts.levels import PictureLevels
from filterlab.images.screen import kernel_pixels, mosaic, thumbnail
from filterlab.images.views import MapView
from filterlab.kernels import AmbiguousKernelError
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import Row, computable, survey

SIZE = 512  # pixels of the longer side: enough for screens with two pixels to the point
ROOM = 1 << 28  # bytes of a picture of which a thumbnail is made; a larger one is looked at in part
_CLEAR = 24, 8  # cells of the shorter side of a map that shows what is in a picture, and in a small one
_MOST_WORK = 500_000_000  # multiply-adds that computing the thumbnail of an example may take


class _Wish(NamedTuple):
    path: Path
    sample: Path | None
    dark: bool


class Thumbnails(QObject):
    """Makes thumbnails, each once, one at a time, while somebody looks. Files that cannot be read have none.

    ready(path): the thumbnail that `get` did not have yet is there. outdated: those of examples are to be got again.
    picture_ready(Picture, QImage): the answer to `get_picture`.
    """

    ready = Signal(object)
    outdated = Signal()
    picture_ready = Signal(object, object)

    def __init__(
        self, *, folder: Path, messages: Messages, previews: Background, theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._folder, self._messages, self._previews, self._theme = folder, messages, previews, theme
        self._images: dict[tuple[Path, bool], QImage | None] = {}
        # Not all handed to the thread at once: those of examples take many seconds together on a new machine, in which
        # the preview of a file would wait behind them, and opening one would share the processor with them.
        self._waiting: list[_Wish] = []
        self._cancelled: threading.Event | None = None  # of the one that is being made
        self._viewers: set[int] = set()
        self._held = self._ended = False
        # Maps have other colours in dark.
        theme.changed.connect(self.outdated)
        self._last: tuple[Picture, QImage] | None = None

    def get(self, path: Path, sample: Path | None = None) -> QImage | None:
        """The thumbnail of a picture, or of an example pipeline run on the picture `sample`; None until it is made."""
        dark = sample is not None and self._theme.dark
        key = path, dark
        if key not in self._images:
            self._images[key] = None  # so that it is asked for only once
            self._waiting.append(_Wish(path, sample, dark))
            self._go_on()
        return self._images[key]

    def show_to(self, viewer: QObject, *, seen: bool) -> None:
        """Note that a gallery has come into sight or has gone. Without any of them nothing is made."""
        (self._viewers.add if seen else self._viewers.discard)(id(viewer))
        self._follow()

    def hold(self, on: bool) -> None:
        """Make none while the person waits for something else, or go on."""
        self._held = on
        self._follow()

    def end(self) -> None:
        """Make no more of them, because the window closes."""
        self._ended = True
        self._follow()

    @property
    def _may_work(self) -> bool:
        return bool(self._viewers) and not (self._held or self._ended)

    def _follow(self) -> None:
        if self._may_work:
            self._go_on()
        elif self._cancelled is not None:
            self._cancelled.set()

    def _go_on(self) -> None:
        if not self._may_work or self._cancelled is not None or not self._waiting:
            return
        wish = self._waiting.pop(0)
        self._cancelled = cancelled = threading.Event()

        def fail(error: Exception, details: str) -> None:
            self._cancelled = None
            if isinstance(error, Cancelled):
                self._waiting.insert(0, wish)
            else:
                self._fail(error, details)
            self._go_on()

        self._previews.submit(
            lambda: make(*wish, self._folder, cancelled.is_set), lambda image: self._take(wish, image), fail
        )

    def get_picture(self, picture: Picture) -> None:
        """Make the thumbnail of the open picture. The newest one is remembered."""
        if self._last is not None and self._last[0] is picture:
            self.picture_ready.emit(*self._last)
            return
        self._previews.submit(
            lambda: (picture, image_of(thumbnail(picture.seen, SIZE))), self._take_picture, self._fail
        )

    def _take_picture(self, answer: tuple[Picture, QImage]) -> None:
        self._last = answer
        self.picture_ready.emit(*answer)

    def _take(self, wish: _Wish, image: QImage | None) -> None:
        self._cancelled = None
        self._images[wish.path, wish.dark] = image
        if image is not None:
            self.ready.emit(wish.path)
        self._go_on()

    def _fail(self, error: Exception, details: str) -> None:
        self._messages.error(error, details=details)


def make(
    path: Path, sample: Path | None, dark: bool, folder: Path, cancel: Callable[[], bool]
) -> QImage | None:
    """Read a thumbnail from `folder`, or make it and keep it there. None if the file cannot be shown.

    Raises Cancelled.
    """
    try:
        stored = folder / f"{_key(path, sample, dark=dark)}.png"
        known = QImage(str(stored)) if stored.is_file() else QImage()
        if not known.isNull():
            return known
        image = image_of(
            thumbnail(_seen(path), SIZE)
            if sample is None
            else example_pixels(path, sample, dark=dark, cancel=cancel)
        )
    except Cancelled:
        raise
    except (FilterLabError, OSError):
        return None  # opening the file will say what is wrong with it
    with suppress(FilterLabError, OSError):  # where it cannot be kept, it is made anew next time
        folder.mkdir(parents=True, exist_ok=True)
        # Two windows may make the same thumbnail at once, and a half-written one would be taken for it for ever.
        with atomic_write(stored) as temporary:
            image.save(str(temporary))
    return image


def _seen(path: Path) -> Any:
    """The picture in a file, or what is seen of it at first where it would take much memory."""
    large = levels_of(path, ROOM)
    if large is None:
        return read_picture(path).values
    large.close()
    return large.base


_DRAWN = 4  # the version of how thumbnails are drawn; increased, it makes all those on disk out of date


def _key(path: Path, sample: Path | None, *, dark: bool) -> str:
    """A file name that changes with the content of the file."""
    status = path.stat()
    text = f"{path}|{status.st_mtime_ns}|{status.st_size}|{sample}|{dark}|{SIZE}|{_DRAWN}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def example_pixels(path: Path, sample: Path, *, dark: bool, cancel: Callable[[], bool]) -> Any:
    """The last large map of an example pipeline for a sample picture, as the wall shows it. Raises Cancelled."""
    pipeline = Pipeline.load(path)
    picture = read_picture(sample).values
    rows = survey(pipeline, picture.shape)
    names = next(filter(None, (_affordable(rows, side) for side in _CLEAR)), None)
    if names is None:
        return thumbnail(picture, SIZE)
    name, coloured = names[-1], picture_nodes(pipeline, len(picture))
    # Whether it is still a picture depends on those that it is made of.
    wanted = [name, *(coloured.intersection(names) - {name})]
    maps = computable(pipeline, rows).run(picture, wanted, cancel=cancel)
    views = {node: MapView(values) for node, values in maps.items()}
    tones, values = usual_tones(pipeline, len(picture), views, dark=dark), maps[name]
    tone = tones.tone(name, views[name])
    if name in tones.pictures:
        return thumbnail(values, SIZE, tone.scale[:2])
    if name in coloured:
        values = values.mean(axis=0, keepdims=True)
    return mosaic(values, SIZE, tone.scale[:2], tone.colormap)


def _affordable(rows: list[Any], side: int) -> list[str]:
    """The nodes up to the last whose map has `side` rows and columns, before their work together exceeds the limit."""
    # A rough sum: it also counts nodes that the one shown does not depend on.
    work, names, count = 0, [], 0
    for row in rows:
        if not isinstance(row, Row):
            continue
        work += row.macs
        if work > _MOST_WORK:
            break
        names.append(row.name)
        if len(row.shape) == 3 and min(row.shape[1:]) >= side:
            count = len(names)
    return names[:count]


def preview(path: Path, kind: str) -> tuple[QImage | None, list[str]]:
    """A thumbnail of a file, if it has one, and lines of text. Raises FilterLabError if it cannot be opened."""
    try:
        opened = read(path, kind, room=ROOM)
    except AmbiguousKernelError as error:  # opening it asks which kernel is meant
        return None, describe_unclear(path, error.readings)
    image = None if opened.kind == "pipeline" else image_of(_look_of(opened.kind, opened.value))
    return image, describe(opened)


def _look_of(kind: str, value: Any) -> Any:
    value = value.base if isinstance(value, PictureLevels) else value
    return thumbnail(value, SIZE) if kind == "picture" else kernel_pixels(value, SIZE // 2)
