"""What every panel is given: the document, what is looked at, what came out, and where to say something."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Signal

from filterlab.gui.bench.aside import Aside
from filterlab.gui.bench.attic import Attic
from filterlab.gui.bench.background import Background
from filterlab.gui.bench.collector import Collector
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.overlays import Overlays
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.selection import Selection
from filterlab.gui.bench.viewstate import ViewState
from filterlab.gui.commands import Commands
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.language import install


class Workbench(QObject):
    """The parts of one window that are no widgets.

    folder: where settings, session and recovery live; the user's own by default. aside: the person's own work
    while something else is shown in its place. closing: parts with threads of their own end them now.
    """

    closing = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder or Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
        )
        self.settings = QSettings(str(self.folder / "settings.ini"), QSettings.Format.IniFormat, self)
        install(str(self.settings.value("language", "system")))
        self.aside: Aside | None = None
        self._collector = Collector(self)
        self.messages = Messages(self)
        self.background = Background(self)
        self.document = Document(parent=self)
        self._attic = Attic(self.document, self.background, self.folder, self)
        self.selection = Selection(self.document, self)
        self.results = Results(self.document, self.messages, self)
        self.view = ViewState(self.document, self)
        self.overlays = Overlays(self)
        self.commands = Commands(self)
        self.theme = Theme(str(self.settings.value("theme", "system")), self)

    def close(self) -> None:
        """End the threads."""
        self.closing.emit()
        for computations in self.findChildren(Computations):
            computations.close()
        self.results.close()
        self.background.close()
        self._collector.close()
