"""Copying the history: as Python that repeats it step by step, and as the commands that repeat its results."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from filterlab.batch.settings import Settings
from filterlab.errors import FilterLabError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.run.recording import Place, Recorded, to_commands, to_script


class Recording(QObject):
    """Declares `edit.copy_history_python` and `edit.copy_history_command`: the steps up to the present one."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        bench.commands.add(
            "edit.copy_history_python",
            tr("Copy the history as Python"),
            self.copy_python,
            menu=tr("&Edit"),
            tip=tr("Copy Python source that repeats the steps of the history one after the other"),
            search_words="macro record script 宏 录制 脚本",
        )
        bench.commands.add(
            "edit.copy_history_command",
            tr("Copy the history as command line"),
            self.copy_command,
            menu=tr("&Edit"),
            tip=tr("Copy the commands that repeat learning, the maps and the pinned value"),
            search_words="macro record shell 宏 录制 命令",
        )

    def copy_python(self) -> None:
        """Put the source on the clipboard."""
        steps = self._steps()
        try:
            source = to_script(steps, self._pin())
        except FilterLabError as error:
            self._bench.messages.error(error, tr("Nothing was copied"), "")
            return
        QGuiApplication.clipboard().setText(source)
        self._bench.messages.note(tr("Copied {n} steps as Python", n=len(steps)))

    def copy_command(self) -> None:
        """Put the commands on the clipboard; they name the files as they are saved."""
        document = self._bench.document
        shown, colormap = self._bench.tones().for_batch()
        try:
            settings = Settings(document.pipeline, Path("maps"), range=shown, colormap=colormap)
        except FilterLabError as error:
            self._bench.messages.error(error, tr("Nothing was copied"), "")
            return
        commands = to_commands(self._steps(), self._pin(), folder=str(settings.out), options=settings.words())
        QGuiApplication.clipboard().setText(commands)
        words = tr("Copied {n} commands", n=commands.count("\n"))
        # They are copied all the same: the person may save the file afterwards, or edit the lines.
        if document.path is None:
            self._bench.messages.warn(words, tr("save the pipeline as pipeline.json first"))
        elif document.modified:
            self._bench.messages.warn(words, tr("save the pipeline: the commands run what the file holds"))
        else:
            self._bench.messages.note(words)

    def _steps(self) -> list[Recorded]:
        """The history up to the present step: what was undone is no part of it."""
        history = self._bench.document.history
        found = []
        for place, label in enumerate(history.labels[: history.place + 1]):
            work = history.at(place)
            pixels, path = (None, None) if work.picture is None else (work.picture.pixels, work.picture.path)
            found.append(Recorded(label, work.pipeline, pixels, path, work.path, work.command))
        return found

    def _pin(self) -> Place | None:
        pin = self._bench.selection.pin
        return None if pin is None else (pin.node, pin.channel, pin.row, pin.col)
