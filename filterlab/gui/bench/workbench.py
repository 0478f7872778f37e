"""The workbench, which panels are given: document, selection, results, messages and all else that they share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Signal

from filterlab.graph import IMAGE
from filterlab.gui.bench.attic import Attic
from filterlab.gui.bench.background import Background
from filterlab.gui.bench.collector import Collector
from filterlab.gui.bench.computations import Computations
from filterlab.gui.bench.document import Document
from filterlab.gui.bench.folds import Folds
from filterlab.gui.bench.messages import Messages
from filterlab.gui.bench.overlays import Overlays
from filterlab.gui.bench.results import Results
from filterlab.gui.bench.selection import Selection, Spot
from filterlab.gui.bench.tones import Held, Tones, tones_of
from filterlab.gui.bench.viewstate import Look, ViewState
from filterlab.gui.bench.work import Work
from filterlab.gui.commands import Commands
from filterlab.gui.look.theme import Theme
from filterlab.gui.words.language import install
from filterlab.pipeline import Pipeline

MAP_MEMORY = "maps/memory"  # the setting: MiB for maps, 0 for the usual


@dataclass(frozen=True)
class OpenWork:
    """Open work, and how it is looked at. saved: the pipeline as its file holds it."""

    work: Work
    saved: Pipeline
    look: Look
    node: str
    pin: Spot | None

    @property
    def modified(self) -> bool:
        """True if the pipeline holds something that its file does not."""
        return self.work.pipeline != self.saved


class Workbench(QObject):
    """The parts of one window that are not widgets.

    folder: where settings, session and recovery live; the user's own by default. own_work: the person's own work
    while a lesson shows something else in its place. held: what keeps the ranges of colours steady. closing: parts that
    have threads of their own end them now.
    """

    closing = Signal()
    # Parts with switches or results of their own put them aside and begin anew, and take them up again at the end.
    lesson_began = Signal()
    lesson_ended = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder or Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
        )
        self.settings = QSettings(str(self.folder / "settings.ini"), QSettings.Format.IniFormat, self)
        # Before all that follows: texts are translated once, when the objects that hold them are made.
        install(str(self.settings.value("language", "system")))
        self.own_work: OpenWork | None = None
        self._collector = Collector(self)
        self.messages = Messages(self)
        self.background = Background(self)
        self.document = Document(parent=self)
        self._attic = Attic(self.document, self.background, self.folder, self)
        # Qt calls slots in the order in which they were connected, and these connect to the document before any panel
        # does: when a panel hears of a change, selection, results and view have followed it already.
        self.selection = Selection(self.document, self)
        self.folds = Folds(self.document, self.selection, self)
        self.results = Results(self.document, self.messages, self.folder, self)
        self.results.budget = int(float(str(self.settings.value(MAP_MEMORY, 0)))) << 20
        self.view = ViewState(self.document, self)
        self.overlays = Overlays(self)
        self.commands = Commands(self)
        self.theme = Theme(str(self.settings.value("theme", "system")), self)
        self.held = Held()

    def tones(self) -> Tones:
        """The colours of all maps as they are at this moment."""
        return tones_of(self.document, self.results, self.view.look, self.held, dark=self.theme.dark)

    def open_work(self) -> OpenWork:
        """The work that is open now."""
        document, selection = self.document, self.selection
        return OpenWork(document.work, document.saved_pipeline, self.view.look, selection.node, selection.pin)

    def folder_kept(self, name: str) -> Path:
        """The folder in which a dialog begins: where it was used last, else where files were opened last.

        name: of the setting that remembers the former.
        """
        kept = (str(self.settings.value(key, "") or "") for key in (name, "folder/open"))
        return Path(next(filter(None, kept), Path.home()))

    def set_map_memory(self, mebibytes: int) -> None:
        """Let maps take so much memory, and remember it; 0 for the usual."""
        self.settings.setValue(MAP_MEMORY, mebibytes)
        self.results.budget = mebibytes << 20
        self.results.refresh()

    def look_at(self, open_work: OpenWork) -> None:
        """Look at the open work as it was looked at before."""
        self.view.set(**open_work.look.__dict__)
        # The pin first: it selects its own node, which need not be the one that was selected.
        pin = open_work.pin
        exists = pin is not None and (pin.node == IMAGE or pin.node in self.document.pipeline)
        self.selection.set_pin(pin if exists else None)
        self.selection.select(open_work.node)

    def close(self) -> None:
        """End the threads."""
        self.closing.emit()
        for computations in self.findChildren(Computations):
            computations.close()
        self.results.close()
        self.background.close()
        # Last: as long as another thread runs, Python must not begin to collect in it.
        self._collector.close()
