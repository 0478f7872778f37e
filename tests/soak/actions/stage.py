"""The window of a worker process in which a walker does what it likes, some steps at each request."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QtMsgType, qInstallMessageHandler

from filterlab.gui.bench import results
from filterlab.gui.bench.work import Work
from filterlab.gui.desk import Desk
from filterlab.gui.start import make_application, settle
from tests.soak.actions.checks import check_document, check_history, check_maps, check_messages, check_session
from tests.soak.actions.walker import Walker

_HOME = tempfile.TemporaryDirectory(prefix="filterlab-walk-")
TOLD = 30  # last actions of the report of a fault
_BUDGET = 256 << 20  # bytes of maps
_OFTEN, _SELDOM = 25, 250  # steps between checks that cost little, and between those that cost much
_WAIT = 60.0  # seconds for all work to end


class Ears:
    """Stands for standard error, and hears Qt: whatever is said is a fault."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        qInstallMessageHandler(self._hear_qt)
        sys.stderr = self  # type: ignore[assignment]

    def write(self, text: str) -> int:
        self.heard.append(text)
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def _hear_qt(self, kind: QtMsgType, context: Any, message: str) -> None:
        # What a platform without a screen cannot do is no fault.
        if not message.startswith("This plugin does not support"):
            self.heard.append(f"Qt: {message}\n")

    def check(self) -> None:
        """Raise AssertionError with what was heard."""
        text, self.heard = "".join(self.heard), []
        assert not text, text


def _at_home() -> Path:
    """A folder that the program takes for the person's."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = _HOME.name
    os.environ.update(QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8", LANGUAGE="en")
    return Path(_HOME.name)


class Stage:
    """The window of the program, in a home folder of its own."""

    def __init__(self, seed: int, trail: Path) -> None:
        folder = _at_home()
        make_application()
        results.map_budget = lambda: _BUDGET
        self._trail = trail.open("w", encoding="utf-8", buffering=1)
        os.chdir(folder)  # whatever is saved without a folder
        self.threads = {thread.ident for thread in threading.enumerate()}
        self.ears = Ears()
        self.desk = Desk()
        self.desk.window.show()
        self.desk.window.complete()
        self.walker = Walker(self.desk, seed, folder, lambda text: print(text, file=self._trail))
        self.steps = 0

    def walk(self, steps: int) -> None:
        """Do so many things. Raises AssertionError with the last of them where something went wrong."""
        try:
            for _ in range(steps):
                self._step()
        except BaseException as error:
            last = "\n".join(self.walker.log[-3 * TOLD :])
            raise AssertionError(
                f"after {self.steps} steps: {type(error).__name__}: {error}\n{last}"
            ) from error

    def _step(self) -> None:
        self.walker.act()
        self.steps += 1
        bench = self.desk.window.bench
        check_messages(bench)
        if self.steps % _OFTEN == 0:
            check_document(bench)
            check_session(self.desk.window)
        if self.steps % _SELDOM == 0:
            self._rest()
            check_maps(bench)
            check_history(bench)
            self._rest()
        self.ears.check()

    def _rest(self) -> None:
        """Until nothing is at work: learning ends first, which might go on for hours."""
        window = self.desk.window
        stop = window.bench.commands.action("learn.stop")
        if stop.isEnabled():
            stop.trigger()
        window.explain.player.pause()
        end = time.monotonic() + _WAIT
        settle(20)
        while window.bench.background.busy or window.bench.results.busy or window.files.previews.busy:
            assert time.monotonic() < end, f"still at work after {_WAIT} s"
            settle(20)

    def close(self) -> None:
        """Close the window; no thread of it stays."""
        self._rest()
        window = self.desk.window
        window.lessons.player.leave()
        window.bench.document.restore(Work(), saved=True)
        window.close()
        self.desk.close()
        end = time.monotonic() + _WAIT
        while left := [t.name for t in threading.enumerate() if t.ident not in self.threads and not t.daemon]:
            assert time.monotonic() < end, f"threads that stay: {left}"
            settle(20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.ears.check()


_STAGE: list[Stage] = []


def walked(path: Path) -> dict[str, Any]:
    """Go some steps on. path: SEED-STEPS; no steps close the window.

    shape: the most memory that the process has held since the last request, in MiB.
    """
    seed, steps = map(int, path.name.split("-"))
    if not _STAGE:
        _STAGE.append(Stage(seed, path.absolute().with_name(f"{seed}.txt")))
    if steps:
        _STAGE[0].walk(steps)
    else:
        _STAGE[0].close()
    return {"shape": [peak()], "digest": "", "remarks": [], "bytes": 0}


def peak() -> int:
    """The most memory that the process has held since it was last asked to forget it, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM:"))
