"""A large picture at a fraction of its size, in place of the maps while the whole of it is being read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from filterlab.graph import IMAGE
from filterlab.gui.bench.background import Background
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.look.pixels import image_of
from filterlab.gui.painting import paints
from filterlab.gui.words.i18n import tr
from filterlab.images import read_reduced
from filterlab.images.screen import thumbnail

SIDE = 2000  # pixels of the longer side of a preview, at least
LEAST = 1 << 24  # pixels of a picture; smaller ones are there in half a second
MARGIN = 14  # logical pixels


class PicturePreview(QWidget):
    """Shows it until its first map is there, or until the reading is given up. changed: `active` has changed.

    previews: the thread in which it is decoded, beside that in which the file is read.
    """

    changed = Signal()

    def __init__(self, bench: Workbench, previews: Background) -> None:
        super().__init__()
        self._bench, self._previews = bench, previews
        self.path: Path | None = None
        self.image: QImage | None = None
        self.words = ""
        # Later: a file is no longer being read a moment before its picture is that of the document.
        self._check = QTimer(self, singleShot=True, interval=0)
        self._check.timeout.connect(self._look)
        for signal in (
            bench.background.loading_changed,
            bench.document.changed,
            bench.results.map_ready,
            bench.results.busy_changed,
        ):
            signal.connect(self._follow)

    @property
    def active(self) -> bool:
        """True while there is something to show."""
        return self.image is not None

    def fetch(self, path: Path) -> None:
        """Decode a preview of a file that is being read, where its format allows that."""
        self._previews.submit(partial(_reduced, path), partial(self._take, path), _ignore)

    def _take(self, path: Path, found: tuple[QImage, int] | None) -> None:
        # Mostly the file is a small one, or has been read meanwhile.
        if found is None or path.name not in self._bench.background.loading:
            return
        self.path, (self.image, divisor) = path, found
        self.words = tr(
            "Preview of {name} at 1/{n} of its size; the whole picture is being read",
            name=path.name,
            n=divisor,
        )
        self.setAccessibleName(self.words)
        self.update()
        self.changed.emit()

    def _follow(self, *_: object) -> None:
        if self.active:
            self._check.start()

    def _look(self) -> None:
        """End it where the picture has come, or comes no more."""
        bench, path = self._bench, self.path
        if path is None or path.name in bench.background.loading:
            return
        picture, shown = bench.document.picture, bench.results.maps.get(IMAGE)
        mine = picture is not None and picture.path == path.absolute()
        if mine and bench.results.busy and (shown is None or shown.stale):
            return
        self.path = self.image = None
        self.changed.emit()

    @paints
    def paintEvent(self, event: QPaintEvent, painter: QPainter) -> None:  # noqa: N802 - Qt's name
        """Draw the picture as large as there is room for, and below it what it is."""
        colors = self._bench.theme.colors
        painter.fillRect(self.rect(), QColor(colors.wall))
        if self.image is None:
            return
        line = self.fontMetrics().height() + MARGIN
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN - line)
        size = QSizeF(self.image.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRectF(room.topLeft(), size)
        area.moveCenter(room.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self.image)
        painter.setPen(QColor(colors.text))
        below = QRectF(room.left(), room.bottom(), room.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.words)


def _reduced(path: Path) -> tuple[QImage, int] | None:
    found = read_reduced(path, SIDE, LEAST)
    if found is None:
        return None
    values, divisor = found
    return image_of(thumbnail(values, max(values.shape))), divisor


# What is wrong with a file is said by the reading of the whole of it.
_ignore: Callable[[Exception, str], None] = lambda *_: None  # noqa: E731
