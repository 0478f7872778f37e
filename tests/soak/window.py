"""A window that lives in the worker's process and opens one hostile file after the other."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler

from filterlab.errors import FileError
from filterlab.gui.bench.messages import Remark
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.panels import install_hooks
from filterlab.gui.start import make_application, settle
from filterlab.gui.window import MainWindow
from filterlab.pipeline import Pipeline

_BUDGET = 256 << 20  # bytes of maps: as on a machine of half a gigabyte
_WAIT = 6.0  # seconds for maps; a file may rightly ask for more work, which is stopped then as a person would
_HISTORY = 100  # files that one document opens in turn
_VISITED = 3  # nodes that are looked at


class Pulse:
    """How long the window did not answer at the longest, in seconds of its own thread's work."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self.restart()

    def restart(self) -> None:
        """Measure anew."""
        self.longest, self._last = 0.0, time.thread_time()

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest, self._last = max(self.longest, now - self._last), now


class Stage:
    """The window, and what a person does in it."""

    def __init__(self) -> None:
        qInstallMessageHandler(_print_warnings)
        make_application()
        self._home = tempfile.TemporaryDirectory()
        self.bench = Workbench(Path(self._home.name))
        self._hooks = install_hooks(self.bench.messages)
        self.window = MainWindow(self.bench)
        self.window.resize(1280, 800)
        self.window.show()
        self.pulse = Pulse()
        self._opened = 0
        self._start_anew()

    def _start_anew(self) -> None:
        pixels = np.random.default_rng(0).random((3, 48, 64), dtype=np.float32)
        self.bench.document.restore(Work(Pipeline(), Picture("noise", pixels)), saved=True)

    def open(self, path: Path) -> list[Remark]:
        """Open a file, look at it, take it back and do it again; what the window had to say."""
        if self._opened % _HISTORY == 0:
            self._start_anew()
        self._opened += 1
        self.bench.messages.clear()
        self.pulse.restart()
        self.window.files.open_paths([path.absolute()])
        self._wait()
        self._look_around()
        self.bench.document.undo()
        self._wait()
        self.bench.document.redo()
        self._wait()
        return list(self.bench.messages.all)

    def _look_around(self) -> None:
        for number, tab in enumerate(self.window.pages):
            if number % 3 == self._opened % 3:
                self.window.show_tab(tab)
        for node in self.bench.document.pipeline.nodes[-_VISITED:]:
            self.bench.selection.select(node.name)
            self.bench.selection.set_pin(Spot(node.name, 0, 0, 0))
            settle(15)
            self.window.grab()
        self.bench.selection.set_pin(None)

    def _wait(self) -> None:
        """Until the file is read and the maps are there, or for so long that a person would stop it."""
        end = time.monotonic() + _WAIT
        settle(40)
        while self.bench.background.busy or self.bench.results.busy:
            if time.monotonic() > end and not self.bench.background.busy:
                self.bench.results.stop()
            settle(20)
        self.window.grab()


def _print_warnings(kind: QtMsgType, context: Any, message: str) -> None:
    """What Qt warns of is noise, and a fault; but for what it cannot do without a screen."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr, flush=True)


@cache
def _stage() -> Stage:
    from filterlab.gui.bench import results

    results.map_budget = lambda: _BUDGET  # type: ignore[assignment]
    return Stage()


def opened(path: Path) -> dict[str, Any]:
    """Open a file in the window. shape: how long the window did not answer at the longest, in milliseconds.

    Raises FileError with the window's own words where it was not opened.
    """
    stage = _stage()
    messages = stage.open(path) if path.name else []
    for message in messages:
        if "bug in FilterLab" in message.hint:
            raise AssertionError(f"{message.text}\n{message.details}")
    errors = [message for message in messages if message.level == "error"]
    for message in errors:
        # How long the path of the folder is says nothing about the words.
        raise FileError(message.text.replace(str(path), path.name), hint=message.hint)
    return {"shape": [round(1000 * stage.pulse.longest)], "digest": "", "remarks": [], "bytes": 0}
