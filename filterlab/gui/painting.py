"""Painting that cannot fail: an exception while something is drawn becomes a message, and the window goes on.

An exception that leaves a paint handler keeps its painter open for as long as its traceback exists, and the next
painting on that widget ends the process. So every paint handler of the window is `guarded`, and painters are opened by
`painting` alone; a test looks through all classes for handlers and painters that are not.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from types import FrameType
from typing import Any, TypeVar

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPaintDevice, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import ownedByPython

from filterlab.gui.words.i18n import tr

_Widget = TypeVar("_Widget", bound=QWidget)
_Handler = TypeVar("_Handler", bound=Callable[..., None])

_reported: set[tuple[str, str, str, int]] = set()  # faults that need no other message at the next repaint


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter on a widget or a picture, which is ended whatever happens."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


@contextmanager
def saved(painter: QPainter) -> Iterator[None]:
    """Restore pen, clip and transform of a painter afterwards, whatever happens."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()


def guarded(handler: _Handler) -> _Handler:
    """Make a paint handler never raise: it reports a fault once, and paints that there was one in its place.

    For handlers of widgets (`paintEvent`), of items and delegates (`paint`), and of views (`drawForeground`).
    """
    return _guarded(handler, _cover)


def guarded_over(handler: _Handler) -> _Handler:
    """As `guarded`, for what is painted over other things: these are left visible in its place."""
    return _guarded(handler, lambda *_: None)


def _guarded(handler: _Handler, cover: Callable[..., None]) -> _Handler:
    @wraps(handler)
    def paint(self: Any, first: Any, *others: Any) -> None:
        try:
            if isinstance(first, QPainter):
                with saved(first):
                    handler(self, first, *others)
            else:
                handler(self, first, *others)
        except Exception as error:
            _report(error, handler)
            with suppress(Exception):  # nothing is better than a fault about a fault
                cover(self, first, *others)

    paint.guarded = True  # type: ignore[attr-defined]
    return paint  # type: ignore[return-value]


def paints(
    draw: Callable[[_Widget, QPaintEvent, QPainter], None],
) -> Callable[[_Widget, QPaintEvent], None]:
    """Make a guarded `paintEvent` from a function that is also given its painter."""

    @wraps(draw)
    def paint(self: _Widget, event: QPaintEvent) -> None:
        with painting(self) as painter:
            draw(self, event, painter)

    return guarded(paint)


def _report(error: Exception, handler: Callable[..., None]) -> None:
    """Treat the fault as one that was caught nowhere, but only later: a message must not come up while Qt paints."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    key = (handler.__qualname__, type(error).__name__, place.filename, place.lineno or 0)
    if key not in _reported:
        _reported.add(key)
        QTimer.singleShot(0, lambda: sys.excepthook(type(error), error, error.__traceback__))
    let_go(error)


def let_go(error: BaseException | None) -> None:
    """End the painters in the tracebacks of an error, and clear the frames, which would keep their objects alive."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for frame, _ in traceback.walk_tb(error.__traceback__):
            _end_painters(frame)
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _end_painters(frame: FrameType) -> None:
    """End the painters that a function opened itself.

    They must end before the device that they paint on is destroyed, or Qt ends the process. Painters that were passed
    in as arguments belong to the caller.
    """
    code = frame.f_code
    given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for name, value in frame.f_locals.items():
        opened = name not in given and isinstance(value, QPainter) and ownedByPython(value)
        if opened and value.isActive():
            value.end()


def _cover(self: Any, first: QPaintEvent | QPainter, option: Any = None, *_: Any) -> None:
    """Paint "could not be drawn" where something else should have been."""
    if not isinstance(first, QPainter):
        device = self.viewport() if isinstance(self, QAbstractScrollArea) else self
        with painting(device) as painter:
            _fill(painter, QRectF(device.rect()))
    elif hasattr(self, "boundingRect"):
        _fill(first, self.boundingRect())
    else:
        _fill(first, QRectF(getattr(option, "rect", option)))


def _fill(painter: QPainter, area: QRectF) -> None:
    palette = QGuiApplication.palette()
    painter.fillRect(area, palette.window())
    painter.setPen(palette.windowText().color())
    text = tr("could not be drawn")
    room = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, room)
