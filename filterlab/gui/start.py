"""Opening the window: the application, the session of the last time, files to open, and pictures of the window."""

from __future__ import annotations

import gc
import os
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
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.desk import Desk
from filterlab.gui.inspector.editors import editor_type
from filterlab.gui.window import MainWindow
from filterlab.gui.words.i18n import tr
from filterlab.gui.words.language import install
from filterlab.images.display import colormap_table
from filterlab.layers import layer_types
from filterlab.parameters import Switch
from filterlab.resources import resource
from filterlab.text.messages import say

GRACE = 1.4  # seconds after a signal until the process ends, whatever it is doing
LONGEST_WRITE = 10.0  # seconds that it may take longer while it writes the work that nobody has saved
# Modules that the window opens without, because what they bring along takes long to load: a click would wait for it.
WARMED = (
    "filterlab.functional.conv.blocks",
    "filterlab.images.passes",
    "filterlab.gui.batch.dialog",
)
PATIENCE = 120  # seconds to wait for the maps before a picture of the window is given up


def make_application() -> QApplication:
    """The application object of the process, of which there may be only one."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Scale factors such as 1.25 as they are: rounded ones would make everything too large or too small, and maps are
    # coloured at the true resolution of the screen anyway.
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    answer_quickly()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("filterlab")
    application.setApplicationDisplayName("FilterLab")
    application.setDesktopFileName("filterlab")
    application.setWindowIcon(QIcon(str(resource("icons", "filterlab.svg"))))
    return application


def open_window(files: Sequence[Path], theme: str = "") -> int:
    """Show the window until it is closed, and return the exit status."""
    application = make_application()
    desk = Desk(theme)
    desk.window.session.restore()
    desk.window.show()
    if files:
        desk.window.files.open_paths(list(files))
    desk.ready.connect(warm_up)  # not before: it would take turns with what the person waits for
    _listen_to_signals(desk)
    try:
        return application.exec()
    finally:
        desk.close()


def render(files: Sequence[Path], target: Path, theme: str = "") -> None:
    """Write a picture of the window with these files opened. Raises FilterLabError if that is not possible."""
    with staged(files, theme) as window:
        save_picture(window, target)


@contextmanager
def staged(
    files: Sequence[Path], theme: str = "", size: tuple[int, int] = (1600, 1000), language: str = ""
) -> Iterator[MainWindow]:
    """A window with these files opened and all maps computed. The person's settings and session are not touched.

    size: of the window in logical pixels. Raises FilterLabError for files that cannot be opened.
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
            window.session.recovery.end()  # before its folder goes
            bench.close()
            window.deleteLater()
            bench.deleteLater()


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Print Qt's messages on stderr, except those in which the platform without a screen says what it cannot do."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


def settle_work(bench: Workbench) -> None:
    """Wait until files are read and maps are computed. Raises FilterLabError if that takes minutes."""
    settle(50)
    wait_until(lambda: not (bench.background.busy or bench.results.busy), PATIENCE)
    settle(50)


def _refuse_errors(bench: Workbench) -> None:
    for message in bench.messages.all:
        if message.level == "error":
            raise FilterLabError(message.text, hint=message.hint)


def save_picture(window: MainWindow, target: Path) -> None:
    """Write a picture of the window as it looks now. Raises FileError if that is not possible."""
    from filterlab.files import atomic_write

    if target.suffix.lower() != ".png":
        raise FileError(say("the suffix {!r} is not .png", target.suffix), str(target), "name a .png file")
    settle(200)
    picture = window.grab()
    with atomic_write(target) as temporary:
        if not picture.save(str(temporary), "PNG"):
            raise FileError("it cannot be written", str(target))


def wait_until(reached: Callable[[], bool], seconds: float, *, every: int = 20) -> None:
    """Run the event loop until a condition holds, which is asked for every few milliseconds.

    Raises FilterLabError if that takes too many seconds.
    """
    loop, patience = QEventLoop(), QTimer(singleShot=True)
    patience.timeout.connect(loop.quit)
    patience.start(int(1000 * seconds))
    held = False

    def look() -> None:
        # Remembered: by the time that the loop has ended, what was reached may have set something else going.
        nonlocal held
        if reached():
            held = True
            loop.quit()

    ask = QTimer(interval=every)
    ask.timeout.connect(look)
    ask.start()
    loop.exec()
    if not (held or reached()):
        raise FilterLabError(tr("it was not finished after {n:g} seconds", n=seconds), "window")


def settle(milliseconds: int) -> None:
    """Run the event loop for a moment, so that views which wait for a pause catch up."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def warm_up() -> None:
    """Load the compiled loops, the layers and the colour maps in a thread while the person looks at the new window."""

    def load() -> None:
        yield_to_window()
        # First, because the window itself asks for it: messages want the titles of all layers.
        layer_types()
        colormap_table("viridis")
        editor_type(Switch())  # the first form in the inspector looks for all editors
        for name in WARMED:
            import_module(name)
        # All this lives to the end, as do the widgets.
        gc.freeze()

    threading.Thread(target=load, name="filterlab-warm-up", daemon=True).start()


def _listen_to_signals(desk: Desk) -> None:
    """End at Ctrl-C in the terminal, or when the process is to terminate, without a question."""

    def listen(number: int, _frame: object) -> None:
        watchdog = threading.Timer(GRACE, _end_process, (desk, number))
        watchdog.daemon = True
        watchdog.start()
        # In the event loop: the handler runs between any two instructions, of a function that holds a lock, too.
        QTimer.singleShot(0, desk, lambda: _end(desk))

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows does not have all of them
        # A signal that is ignored stays ignored: `nohup` starts programs with SIGHUP like that.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, listen)
    # Python's handlers run only between two of its instructions, and Qt may wait for events for hours without any.
    timer = QTimer(desk, interval=500)
    timer.timeout.connect(lambda: None)
    timer.start()


def _end(desk: Desk) -> None:
    desk.window.end()
    QApplication.exit(0)  # closing the last window ends the program, too, but a dialog may be open


def _end_process(desk: Desk, number: int) -> None:
    """End the process from another thread, where the window's own does not come to it."""
    desk.window.session.recovery.await_written(LONGEST_WRITE)
    os._exit(128 + number)
