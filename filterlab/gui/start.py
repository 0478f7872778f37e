"""From files to a window that is up: the application, its session, and pictures of it."""

from __future__ import annotations

import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from filterlab.errors import FileError, FilterLabError
from filterlab.gui.bench.priority import answer_quickly, yield_to_window
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.desk import Desk
from filterlab.gui.window import MainWindow
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import install
from filterlab.images.display import colormap_table
from filterlab.resources import resource
from filterlab.text.messages import say

PATIENCE = 120  # seconds, for a picture of a window whose maps take long


def make_application() -> QApplication:
    """The one application of the process."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    answer_quickly()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("filterlab")
    application.setApplicationDisplayName("FilterLab")
    application.setDesktopFileName("filterlab")
    application.setWindowIcon(QIcon(str(resource("icons", "filterlab.svg"))))
    return application


def open_window(files: Sequence[Path], theme: str = "") -> int:
    """Show the window until it is closed; gives the exit status."""
    application = make_application()
    desk = Desk(theme)
    desk.window.session.restore()
    desk.window.show()
    if files:
        desk.window.files.open_paths(list(files))
    QTimer.singleShot(0, _warm_up)
    _listen_to_signals(desk)
    try:
        return application.exec()
    finally:
        desk.close()


def render(files: Sequence[Path], target: Path, theme: str = "") -> None:
    """Write a picture of the window with these files opened. Raises FilterLabError where that cannot be done."""
    with staged(files, theme) as window:
        save_picture(window, target)


@contextmanager
def staged(
    files: Sequence[Path], theme: str = "", size: tuple[int, int] = (1600, 1000), language: str = ""
) -> Iterator[MainWindow]:
    """A window with these files opened and all maps there; nothing of the person's session is read or changed.

    Raises FilterLabError for files that cannot be opened.
    """
    qInstallMessageHandler(_pass_on)
    make_application()
    with tempfile.TemporaryDirectory(prefix="filterlab-") as folder:
        bench = Workbench(Path(folder))
        bench.theme.set(theme or "light")
        if language:
            install(language)
        window = MainWindow(bench)
        window.resize(*size)
        window.show()
        if files:
            window.files.open_paths(list(files))
        try:
            settle_work(bench)
            wait_until(lambda: not window.files.previews.busy, PATIENCE)
            _refuse_errors(bench)
            yield window
        finally:
            bench.close()
            window.deleteLater()


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's messages go to the error stream, but for what a platform without a screen says it cannot do."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


def settle_work(bench: Workbench) -> None:
    """Wait until files are read and maps are there. Raises FilterLabError when that takes minutes."""
    settle(50)
    wait_until(lambda: not (bench.background.busy or bench.results.busy), PATIENCE)
    settle(50)


def _refuse_errors(bench: Workbench) -> None:
    for message in bench.messages.all:
        if message.level == "error":
            raise FilterLabError(message.text, hint=message.hint)


def save_picture(window: MainWindow, target: Path) -> None:
    """Write the window as it looks now. Raises FileError where that cannot be done."""
    from filterlab.files import atomic_write

    if target.suffix.lower() != ".png":
        raise FileError(say("the suffix {!r} is not .png", target.suffix), str(target), "name a .png file")
    settle(200)
    picture = window.grab()
    with atomic_write(target) as temporary:
        if not picture.save(str(temporary), "PNG"):
            raise FileError("it cannot be written", str(target))


def wait_until(reached: Callable[[], bool], seconds: float) -> None:
    """Let the window live until something is reached. Raises FilterLabError when that takes too long."""
    loop, patience = QEventLoop(), QTimer(singleShot=True)
    patience.timeout.connect(loop.quit)
    patience.start(int(1000 * seconds))
    ask = QTimer(interval=20)
    ask.timeout.connect(lambda: loop.quit() if reached() else None)
    ask.start()
    loop.exec()
    if not reached():
        raise FilterLabError(tr("it was not done after {n:g} seconds", n=seconds), "window")


def settle(milliseconds: int) -> None:
    """Let the window live for a moment: debounced views catch up."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _warm_up() -> None:
    """Load the compiled loops and the colour maps while the person looks at the window."""

    def load() -> None:
        yield_to_window()
        import_module("filterlab.functional.conv.blocks")
        colormap_table(Look().colormap)

    threading.Thread(target=load, name="filterlab-warm-up", daemon=True).start()


def _listen_to_signals(desk: Desk) -> None:
    """Ctrl-C in the terminal, and being asked to end, close the window as its button does."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has not all of them
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, lambda *_: desk.window.close())
    # Python sees signals only when it runs: give it a chance twice a second.
    timer = QTimer(desk, interval=500)
    timer.timeout.connect(lambda: None)
    timer.start()
