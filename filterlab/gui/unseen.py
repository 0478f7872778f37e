"""The parts of the window that are not seen in its first moment, which is why they are built after it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMainWindow, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.chain import ChainPanel
from filterlab.gui.compare import Comparing
from filterlab.gui.explain import ExplainPanel
from filterlab.gui.inspector import Inspector
from filterlab.gui.learning import LearningPanel, LearningStage
from filterlab.gui.lessons import LessonsPanel, prepare
from filterlab.gui.local import LocalPanel
from filterlab.gui.merging import KernelCraft
from filterlab.gui.panels import AboutDialog, DistributionPanel, MessagesPanel, ShortcutsDialog
from filterlab.gui.restoring import LearningPages, RestorePanel
from filterlab.gui.spectrum import SpectrumPanel
from filterlab.gui.wall import Wall
from filterlab.gui.weights import AllKernels


class Unseen:
    """The panels below the maps, the page that compares, lessons and dialogs, each with its commands.

    pages: the panels by the names of their tabs, except the history, which the window has from the start.
    """

    def __init__(
        self, bench: Workbench, *, wall: Wall, chain: ChainPanel, inspector: Inspector, window: QMainWindow
    ) -> None:
        self.comparing = Comparing(bench, wall, window)
        self.kernels = AllKernels(bench, inspector, window)
        self.craft = KernelCraft(bench, chain.commands.targets, inspector.kernel_editor, window)
        self.shortcuts = ShortcutsDialog(bench.commands, window)
        self.about = AboutDialog(bench.commands, window)
        self.messages = MessagesPanel(messages=bench.messages, theme=bench.theme)
        self.learning = LearningPanel(bench)
        stage = LearningStage(self.learning, bench.commands)
        self.restoring = RestorePanel(bench, self.learning.session, self.comparing)
        self.learn = LearningPages(bench, stage, self.restoring)
        self.explain = ExplainPanel(bench)
        self.spectrum = SpectrumPanel(bench)
        self.lessons = LessonsPanel(bench)
        self.pages: dict[str, QWidget] = {
            "explain": self.explain,
            "local": LocalPanel(bench),
            "learn": self.learn,
            "distribution": DistributionPanel(bench),
            "spectrum": self.spectrum,
            "messages": self.messages,
        }
        self._connect(wall)

    def _connect(self, wall: Wall) -> None:
        player = self.lessons.player
        player.level_wanted.connect(self.explain.show_level)
        player.room_wanted.connect(wall.make_room)
        player.learning_wanted.connect(partial(prepare, self.learning.form))
        player.learning_wanted.connect(self.restoring.leave)
