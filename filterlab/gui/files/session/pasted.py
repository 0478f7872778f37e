"""Pictures that have no file, kept beside the session so that it can be restored."""

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
    """Writes pictures of the open work and of the person's own that have no file to the folder of the window."""

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.folder = bench.folder / "pictures"
        self._kept: list[tuple[Picture, Path]] = []
        self._writing = threading.Lock()
        bench.document.changed.connect(self._follow)

    def file_of(self, picture: Picture | None) -> Path | None:
        """Where a picture can be read again."""
        if picture is None or picture.path is not None:
            return None if picture is None else picture.path
        known = next((file for kept, file in self._kept if kept is picture), None)
        if known is None:
            known = self.folder / f"{secrets.token_hex(8)}.npy"
            self.adopt(picture, known)
        return known

    def adopt(self, picture: Picture, file: Path) -> None:
        """This picture was read from a file of this folder."""
        self._kept = [*self._kept, (picture, file)]

    def finish(self) -> None:
        """Make sure that the pictures are written."""
        for picture, file in self._kept:
            self._write(picture, file)

    def sweep(self, needed: set[Path]) -> None:
        """Remove the files that nobody needs."""
        with self._writing:
            for file in self.folder.glob("*.npy"):
                if file not in needed:
                    with suppress(OSError):
                        file.unlink()

    def _write(self, picture: Picture, file: Path) -> None:
        """Write a picture, unless it is gone or written already. In any thread."""
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
        self._bench.messages.error(error, tr("The pasted picture was not kept for the next start"))
