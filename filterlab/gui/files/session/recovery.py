"""Recovery: a copy of what is open on disk, in case the program ends unexpectedly."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer

from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files.session.file import SessionState, read_state, remove_state, slim, write_state
from filterlab.gui.files.session.weights import WeightFiles
from filterlab.gui.words.i18n import tr

QUIET = 2_000  # milliseconds after the last edit until it is written
LONGEST = 20_000  # milliseconds after which edits are written even if no pause comes


class Recovery(QObject):
    """Writes what is open in one window to a file of its own. state: returns what is to be kept.

    A lock beside the file is held for as long as the window lives. A file whose lock nobody holds was therefore left
    behind by a program that ended unexpectedly.
    """

    # A file for each window, because several may run at once, also in several processes, and none may take the work of
    # another for that of a crash. A lock whose process has ended, however it ended, is stale.

    def __init__(self, bench: Workbench, state: Callable[[], SessionState], parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._state = bench, state
        self.folder = bench.folder / "recovery"
        self.file = self.folder / f"{os.getpid()}-{secrets.token_hex(4)}.json"
        self._weights = WeightFiles(self.file)
        self._lock: QLockFile | None = None
        self._writing = threading.Lock()
        self._wanted = False
        self._left: list[tuple[Path, QLockFile]] = []  # taken over, and not yet in this window's file
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST)
        for timer in (self._quiet, self._longest):
            timer.timeout.connect(self.write)
        bench.document.changed.connect(self._follow)
        bench.document.history_changed.connect(self._follow)

    # -- writing --------------------------------------------------------------------------------------

    def _follow(self, *_: object) -> None:
        if not self._something():
            if self._wanted:
                self.remove()
            return
        self._wanted = True
        self._quiet.start()
        if not self._longest.isActive():
            self._longest.start()

    def _something(self) -> bool:
        """Return whether anything is open that a crash would lose; without an edit, too, it takes a while to find."""
        document, own = self._bench.document, self._bench.own_work
        work = document.work if own is None else own.work
        unsaved = document.modified or (own is not None and own.modified)
        known = work.picture is not None or len(work.pipeline) > 0 or work.path is not None
        return unsaved or known or self._state().elsewhere  # a pipeline that is being read again

    def write(self) -> None:
        """Write the present work in the background."""
        self._stop_timers()
        if not self._hold_lock():
            return
        state = slim(self._state())
        self._bench.background.submit(lambda: self._put(state), lambda _: self._forget_left(), self._fail)

    def _put(self, state: SessionState) -> None:
        with self._writing:
            # Not if `remove` came first: the file would outlive the window and look like a crash.
            if self._wanted:
                write_state(state, self._weights)

    def _hold_lock(self) -> bool:
        if self._lock is None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                self._fail(error, "")
                return False
            self._lock = _lock_of(self.file)
            self._lock.tryLock(0)
        return True

    def keep(self) -> None:
        """Write the present work at once and leave the file to the next start, because the program has to end."""
        self._stop_timers()
        if not self._hold_lock():
            return
        self._wanted = True
        try:
            self._put(slim(self._state()))
        except (FilterLabError, OSError) as error:
            self._fail(error, "")
        else:
            self._forget_left()
        self._let_lock_go()

    def await_written(self, seconds: float) -> None:
        """Wait until no file is being written, but not longer than this. May be called in any thread."""
        if self._writing.acquire(timeout=seconds):
            self._writing.release()

    def remove(self) -> None:
        """Remove the file, because nothing is open."""
        self._stop_timers()
        with self._writing:
            self._wanted = False
            remove_state(self._weights)
        self._forget_left()

    def end(self) -> None:
        """Remove the file and give up its lock, because the window closes normally."""
        self.remove()
        self._let_lock_go()

    def _let_lock_go(self) -> None:
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _stop_timers(self) -> None:
        self._quiet.stop()
        self._longest.stop()

    def _fail(self, error: Exception, details: str) -> None:
        known = isinstance(error, (FilterLabError, OSError))
        self._bench.messages.error(error, tr("The recovery file was not written"), "" if known else details)

    # -- after a crash --------------------------------------------------------------------------------

    def take(self) -> SessionState | None:
        """The newest work that a crash has left behind, unsaved work first. From now on it belongs to this window."""
        found: list[tuple[SessionState, Path, QLockFile]] = []
        for file in self._others():
            lock = _lock_of(file)
            if not lock.tryLock(0):
                continue  # its window is still open
            state = self._read(file)
            if state is None:
                lock.unlock()
            else:
                found.append((state, file, lock))
        found.sort(key=lambda left: left[0].saved)
        for _, _, lock in found[1:]:
            lock.unlock()  # for the next window
        if not found:
            return None
        state, file, lock = found[0]
        # The old file goes only once this window has written its own: another crash until then loses nothing.
        self._left.append((file, lock))
        return state

    def _others(self) -> list[Path]:
        """The files of other windows, the newest first."""
        found: list[tuple[float, Path]] = []
        for file in self.folder.glob("*.json"):
            with suppress(FileNotFoundError):  # its window has closed just now
                found.append((file.stat().st_mtime, file))
        return [file for _, file in sorted(found, reverse=True) if file != self.file]

    def _read(self, file: Path) -> SessionState | None:
        try:
            return read_state(file)
        except FileNotFoundError:
            return None
        except (FilterLabError, OSError) as error:
            self._keep_broken(file, error)
            return None

    def _keep_broken(self, file: Path, error: Exception) -> None:
        broken = file.with_suffix(".broken")
        with suppress(OSError):
            file.replace(broken)
        self._bench.messages.error(
            error, tr("A recovery file cannot be read; it is kept as {path}", path=broken)
        )

    def _forget_left(self) -> None:
        """Remove the files that were taken over: their work is in this window's file now, or saved."""
        for file, lock in self._left:
            remove_state(WeightFiles(file))
            lock.unlock()
        self._left.clear()


def _lock_of(file: Path) -> QLockFile:
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # a lock is stale only once its process has ended, however long that runs
    return lock
