"""The tab of learning: the panel that learns, and the one that undoes what was learned."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.learning import LearningStage
from filterlab.gui.restoring.panel import RestorePanel


class LearningPages(QStackedWidget):
    """Shows one of both, and offers the other. wanted: bring the tab to the front."""

    wanted = Signal()

    def __init__(self, bench: Workbench, stage: LearningStage, panel: RestorePanel) -> None:
        super().__init__()
        self._stage, self._panel = stage, panel
        self.addWidget(stage)
        self.addWidget(panel)
        stage.panel.transport.add_button(bench.commands, "restore.show")
        stage.wanted.connect(lambda: self._bring(learning=True))
        panel.wanted.connect(lambda: self._bring(learning=False))
        panel.left.connect(self.show_learning)

    def show_learning(self) -> None:
        """Show the panel that learns."""
        self.setCurrentWidget(self._stage)

    def _bring(self, *, learning: bool) -> None:
        self.setCurrentWidget(self._stage if learning else self._panel)
        self.wanted.emit()
        if not learning and self._stage.window_ is not None:
            self.window().activateWindow()  # the button was pressed in the window of learning, which lies above
