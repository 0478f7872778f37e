"""Copying the pipeline as text: Python or PyTorch source, or the command that runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from filterlab.batch.settings import Settings
from filterlab.errors import FilterLabError
from filterlab.gui.bench.messages import Remark
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.pipeline import to_pytorch
from filterlab.run.source import to_command


class Copying(QObject):
    """Declares `edit.copy_python`, `edit.copy_pytorch` and `edit.copy_command`."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._document, self._messages = bench, bench.document, bench.messages
        commands = bench.commands
        commands.add(
            "edit.copy_python",
            tr("Copy as Python"),
            self.copy_python,
            menu=tr("&Edit"),
            shortcut="Ctrl+Alt+P",
            tip=tr("Copy Python source that builds this pipeline"),
        )
        commands.add(
            "edit.copy_pytorch",
            tr("Copy as PyTorch"),
            self.copy_pytorch,
            menu=tr("&Edit"),
            tip=tr("Copy PyTorch source of this pipeline, which reads its weights from a file"),
        )
        commands.add(
            "edit.copy_command",
            tr("Copy as command line"),
            self.copy_command,
            menu=tr("&Edit"),
            shortcut="Ctrl+Alt+L",
            tip=tr("Copy the command that runs this pipeline over the picture"),
        )

    def copy_python(self) -> None:
        """Put the source on the clipboard."""
        text = self._copied(self._document.pipeline.to_python)
        if text:
            self._messages.note(tr("Copied {n} lines of Python", n=text.count("\n")))

    def copy_pytorch(self) -> None:
        """Put the source of a PyTorch module on the clipboard; its weights are a file, which it does not hold."""
        text = self._copied(lambda: to_pytorch(self._document.pipeline))
        if text:
            words = tr("Copied {n} lines of PyTorch", n=text.count("\n"))
            self._messages.add(
                Remark("note", words, tr("Export writes them with the weights that they read"))
            )

    def _copied(self, write: Callable[[], str]) -> str:
        """The text that was put on the clipboard; "" where it cannot be written, which is told."""
        try:
            text = write()
        except FilterLabError as error:
            self._messages.error(error, doing=tr("Nothing was copied"))
            return ""
        QGuiApplication.clipboard().setText(text)
        return text

    def copy_command(self) -> None:
        """Put the command on the clipboard; it names the files as they are saved, and the range that is shown."""
        document = self._document
        picture = document.picture.path if document.picture is not None else None
        file = str(document.path or "pipeline.json")
        shown, colormap = self._bench.tones().for_batch()
        try:
            settings = Settings(document.pipeline, Path("maps"), range=shown, colormap=colormap)
        except FilterLabError as error:
            self._messages.error(error, doing=tr("Nothing was copied"))
            return
        command = to_command(file, [str(picture or "picture.png")], str(settings.out), settings.words())
        QGuiApplication.clipboard().setText(command)
        # The command is copied all the same: the person may save the file afterwards, or edit the line.
        if document.path is None:
            self._messages.warn(
                tr("Copied the command for {file}", file=file), tr("save the pipeline under this name first")
            )
        elif document.modified:
            self._messages.warn(
                tr("Copied the command for {file}", file=file),
                tr("save the pipeline: the command runs what the file holds"),
            )
        else:
            self._messages.note(tr("Copied the command for {file}", file=file))
