"""The command that runs the pipeline over many pictures, and its dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr

if TYPE_CHECKING:
    from filterlab.gui.batch.dialog import BatchDialog


class BatchRuns(QObject):
    """Declares `file.batch` and keeps its dialog, so that a batch goes on while that is closed."""

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._window = bench, window
        self.dialog: BatchDialog | None = None
        bench.commands.add(
            "file.batch",
            tr("Run over many pictures…"),
            self.show,
            menu=tr("&File"),
            shortcut="Ctrl+Shift+B",
            tip=tr("Run the pipeline over files and folders and write its maps"),
            enabled=lambda: len(bench.document.pipeline) > 0,
            search_words="batch folder directory process all 批处理 批量 文件夹",
        )

    def show(self) -> None:
        """Show the dialog, as it was left."""
        # Here, or the window would load all that runs batches before it is painted.
        from filterlab.gui.batch.dialog import BatchDialog

        if self.dialog is None:
            self.dialog = BatchDialog(self._bench, self._window)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
