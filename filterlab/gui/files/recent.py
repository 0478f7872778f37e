"""The recently opened files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QMenu

from filterlab.gui.bench.background import Background
from filterlab.gui.bench.messages import Messages
from filterlab.gui.words.i18n import tr

MOST = 12
_KEY = "recent"


class Recent(QObject):
    """A list of files in the settings, the newest first. chosen(Path): one was picked from the menu."""

    changed = Signal()
    chosen = Signal(object)

    def __init__(
        self, *, settings: QSettings, messages: Messages, previews: Background, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._settings, self._messages, self._previews = settings, messages, previews
        self.missing: set[Path] = set()

    @property
    def paths(self) -> list[Path]:
        """The files, the newest first."""
        # QSettings gives a list of one as its only entry, and whatever somebody has written into the file.
        stored = self._settings.value(_KEY) or []
        texts = [stored] if isinstance(stored, str) else stored
        return [Path(text) for text in texts if isinstance(text, str)] if isinstance(texts, list) else []

    def add(self, *paths: Path) -> None:
        """Add files, the newest first."""
        new = [path.absolute() for path in paths]
        kept = [path for path in self.paths if path not in new]
        self._store([*new, *kept][:MOST])
        self.missing -= set(new)
        self.changed.emit()

    def clear(self) -> None:
        """Empty the list."""
        self._store([])
        self.changed.emit()

    def look(self) -> None:
        """Find out which files are missing: in the background, because a network drive may be slow."""
        paths = self.paths
        self._previews.submit(lambda: {p for p in paths if not p.exists()}, self._take, self._fail)

    def menu(self, parent: QMenu) -> QMenu:
        """A submenu that follows the list. Missing files are greyed."""
        menu = QMenu(tr("Open &recent"), parent)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.look)
        self.changed.connect(lambda: self._fill(menu))
        self._fill(menu)
        return menu

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for path in self.paths:
            gone = path in self.missing
            text = tr("{name} (missing)", name=path.name) if gone else path.name
            action = menu.addAction(text.replace("&", "&&"))  # a single & would underline the letter after it
            action.setToolTip(str(path))
            action.setEnabled(not gone)
            # `path` is bound as a default, because the loop goes on; `triggered` passes the state of the check mark.
            action.triggered.connect(lambda _=False, path=path: self.chosen.emit(path))
        if self.paths:
            menu.addSeparator()
        clear = menu.addAction(tr("Clear this list"))
        clear.setEnabled(bool(self.paths))
        clear.triggered.connect(self.clear)

    def _store(self, paths: list[Path]) -> None:
        self._settings.setValue(_KEY, [str(path) for path in paths])

    def _take(self, missing: set[Path]) -> None:
        if missing != self.missing:
            self.missing = missing
            self.changed.emit()

    def _fail(self, error: Exception, details: str) -> None:
        self._messages.error(error, details=details)
