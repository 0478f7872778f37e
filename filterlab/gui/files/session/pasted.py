"""Pasted pictures: they have no file of their own, and are kept beside the session so that it can be restored."""

from __future__ import annotations

import secrets
import threading
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject

from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.images import write_array


class Pasted(QObject):
    """Writes pictures without a file to the folder of the program, while the open or the person's own work has them."""

    # Written as soon as one is pasted, because recovery must find it after a crash; in the background, because a large
    # one takes a while.

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.folder = bench.folder / "pictures"
        self._kept: list[tuple[Picture, Path]] = []
        self._writing = threading.Lock()
        bench.document.changed.connect(self._follow)

    def file_of(self, picture: Picture | None) -> Path | None:
        """The file that a picture can be read from again; a new name in the folder for one that has none."""
        if picture is None or picture.path is not None:
            return None if picture is None else picture.path
        known = next((file for kept, file in self._kept if kept is picture), None)
        if known is None:
            known = self.folder / f"{secrets.token_hex(8)}.npy"
            self.adopt(picture, known)
        return known

    def adopt(self, picture: Picture, file: Path) -> None:
        """Note that a picture is kept in a file of this folder."""
        self._kept = [*self._kept, (picture, file)]

    def finish(self) -> None:
        """Write the pictures that are not written yet."""
        for picture, file in self._kept:
            self._write(picture, file)

    def sweep(self, needed: set[Path]) -> None:
        """Remove all files but those that are needed."""
        with self._writing:
            for file in self.folder.glob("*.npy"):
                if file not in needed:
                    with suppress(OSError):
                        file.unlink()

    def _write(self, picture: Picture, file: Path) -> None:
        """Write a picture, unless it was replaced meanwhile or is written already. May be called in any thread."""
        # The lock keeps `sweep` and `finish`, in the window's thread, from meeting a file that is being written here.
        with self._writing:
            if (picture, file) in self._kept and not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                write_array(file, picture.pixels)

    def _follow(self, old: Work, new: Work) -> None:
        picture, own = new.picture, self._bench.own_work
        needed = (picture, None if own is None else own.work.picture)
        self._kept = [(kept, file) for kept, file in self._kept if kept in needed]
        if picture is None or picture is old.picture or picture.path is not None:
            return
        file = self.file_of(picture)
        assert file is not None, "a picture without a file gets one here"
        self._bench.background.submit(lambda: self._write(picture, file), lambda _: None, self._fail)

    def _fail(self, error: Exception, details: str) -> None:
        self._bench.messages.error(error, tr("The pasted picture was not saved for the next start"))
