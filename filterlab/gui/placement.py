"""The size and the parts of the window, which are remembered for each screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from filterlab.gui.details import Details

_SIZE = QSize(1440, 900)  # of a new window, where the screen is large enough
_SHARE = 0.8  # of a larger screen that a new window takes
_TITLE_BAR = 40  # pixels, about what desktops use
_PARTS = ("window", "sides", "details")  # of the layout that is remembered


class WindowPlacement(QObject):
    """Gives a new window its size, and one that comes to another screen the sizes that it had there.

    sides: the splitter of the pipeline, the maps and the inspector. chain: the pipeline. tabs: the panels below.
    """

    def __init__(self, window: QMainWindow, *, sides: QSplitter, chain: QWidget, tabs: Details) -> None:
        super().__init__(window)
        self._window, self._sides, self._chain, self._tabs = window, sides, chain, tabs
        self._layouts: dict[str, str] = {}  # of all screens that the program was used on
        self._screen = self._screen_name()
        room = self._room()
        window.resize(_SIZE.expandedTo(room * _SHARE).boundedTo(room))
        window.installEventFilter(self)

    def _room(self) -> QSize:
        """The room on the screen."""
        # `availableSize` leaves out task bars, but knows nothing of a title bar, which does not exist before the window
        # is shown; so some room is left for one.
        return self._window.screen().availableSize() - QSize(0, _TITLE_BAR)

    def layout_state(self) -> dict[str, str]:
        """The size and the splitters of the window, as text for the session file, with those on other screens."""
        window = self._window
        place = window.normalGeometry() if window.isMaximized() else QRect(window.pos(), window.size())
        parts = {
            "window": (place.x(), place.y(), place.width(), place.height(), int(window.isMaximized())),
            # In a narrow window the lessons hide the pipeline, which then has no width to remember.
            **({} if self._chain.isHidden() else {"sides": self._sides.sizes()}),
            "details": (self._tabs.height_open if self._tabs.folded else self._tabs.height(),),
        }
        texts = {f"{self._screen}/{name}": " ".join(map(str, part)) for name, part in parts.items()}
        self._layouts = {**self._layouts, **texts}
        return self._layouts

    def restore_layout(self, state: dict[str, str]) -> None:
        """Restore what `layout_state` returned on this screen; whatever is missing or broken stays as it is."""
        self._layouts = dict(state)
        match self._known("window"):
            case [x, y, width, height, maximized]:
                self._put(QRect(x, y, width, height))
                self._window.setWindowState(
                    Qt.WindowState.WindowMaximized if maximized else Qt.WindowState.WindowNoState
                )
        self._restore_parts()

    def _known(self, part: str) -> list[int]:
        assert part in _PARTS, part
        return _numbers(self._layouts.get(f"{self._screen}/{part}", ""))

    def _restore_parts(self) -> None:
        sides, details = self._known("sides"), self._known("details")
        if len(sides) == self._sides.count() and all(sides):
            self._sides.setSizes(sides)
        if len(details) == 1:
            self._tabs.height_open = details[0]

    def _put(self, place: QRect) -> None:
        """Move to a place, or as near to it as the screen has room: a task bar may have come since it was left."""
        window = self._window
        room = QRect(window.screen().availableGeometry().topLeft(), self._room())
        window.resize(place.size().boundedTo(room.size()))
        corner = room.bottomRight() - QPoint(window.width() - 1, window.height() - 1)
        x = max(min(place.x(), corner.x()), room.x())
        window.move(x, max(min(place.y(), corner.y()), room.y()))

    def _screen_name(self) -> str:
        """The name of the screen with its size: the same name may stand for another one tomorrow."""
        screen = self._window.screen()
        size = screen.size()
        return f"{screen.name()} {size.width()}x{size.height()}"

    # -- another screen -------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the window to another screen."""
        # A move is what brings it there, and is told even where the system moves it by itself.
        if event.type() == QEvent.Type.Move and self._screen_name() != self._screen:
            self._change_screen()
        return super().eventFilter(watched, event)

    def _change_screen(self) -> None:
        self.layout_state()  # still by the name of the screen that it leaves
        self._screen = self._screen_name()
        known = self._known("window")
        size = QSize(*known[2:4]) if len(known) == 5 else self._window.size()
        # Not its place: it is being dragged to another one.
        if not self._window.isMaximized():
            self._window.resize(size.boundedTo(self._room()))
        self._restore_parts()


def _numbers(text: str) -> list[int]:
    """The whole numbers of a text; none if it holds anything else."""
    words = text.split()
    return [int(word) for word in words] if all(word.lstrip("-").isdecimal() for word in words) else []
