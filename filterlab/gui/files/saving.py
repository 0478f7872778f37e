"""Saving the pipeline, and asking before unsaved work is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files.reading import NETWORK_SUFFIX
from filterlab.gui.files.recent import Recent
from filterlab.gui.words.i18n import tr

Then = Callable[[], object]


class SaveDialog(QFileDialog):
    """Lets a name for the pipeline be chosen, and asks before replacing a file. picked(Path)."""

    picked = Signal(object)

    def __init__(self, start: Path, parent: QWidget) -> None:
        super().__init__(parent, tr("Save pipeline"), str(start.parent))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(
            [
                tr("Pipeline, weights as text") + " (*.json)",
                tr("Pipeline, weights as tensors") + " (*.safetensors)",
            ]
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Qt appends the default suffix to a bare name, and does not take it from the chosen filter by itself.
        self.filterSelected.connect(self._follow)
        self.selectNameFilter(self.nameFilters()[1 if start.suffix == ".safetensors" else 0])
        self._follow(self.selectedNameFilter())
        self.selectFile(start.name)
        self.fileSelected.connect(lambda file: self.picked.emit(Path(file)))

    def _follow(self, name_filter: str) -> None:
        self.setDefaultSuffix("safetensors" if "safetensors" in name_filter else "json")


class Saving(QObject):
    """Writes the pipeline in the background."""

    def __init__(self, bench: Workbench, recent: Recent, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._recent, self._window = bench, recent, window

    # -- saving ---------------------------------------------------------------------------------------

    def save(self, then: Then | None = None) -> None:
        """Save to the file of the pipeline, or ask for one. then: called once it is saved."""
        path = self._bench.document.path
        # A network of another program stays as it is; what was made of it gets a file of its own.
        if path is None or path.suffix.lower() == NETWORK_SUFFIX:
            self.ask(then)
        else:
            self.save_to(path, then)

    def ask(self, then: Then | None = None) -> None:
        """Ask for a name and save. then: called once it is saved."""
        document = self._bench.document
        folder = self._bench.folder_kept("folder/pipeline")
        start = document.path or folder / f"{file_name(document.work.title)}.json"
        if start.suffix.lower() == NETWORK_SUFFIX:
            start = start.with_suffix(".safetensors")
        dialog = SaveDialog(start, self._window)
        dialog.picked.connect(lambda path: self.save_to(path, then))
        dialog.open()

    def save_to(self, path: Path, then: Then | None = None) -> None:
        """Write the pipeline in the background, whole or not at all; an existing file is replaced."""
        # What is saved is the pipeline of this moment: edits that the person makes meanwhile count as unsaved.
        document = self._bench.document
        pipeline, opened = document.pipeline, document.opened
        document.seal()

        def done(_: None) -> None:
            # A pipeline that was opened meanwhile must not be given this file.
            if document.opened == opened:
                document.mark_saved(path, pipeline)
            self._bench.settings.setValue("folder/pipeline", str(path.parent))
            self._recent.add(path)
            self._bench.messages.note(tr("Saved {name}", name=path.name))
            if then is not None:
                then()

        self._bench.background.submit(lambda: pipeline.save(path), done, self._fail)

    def _fail(self, error: Exception, details: str) -> None:
        self._bench.messages.error(error, tr("The pipeline was not saved"), details)

    # -- closing --------------------------------------------------------------------------------------

    @property
    def unsaved(self) -> bool:
        """Whether closing would lose layers, or changes to a file."""
        document = self._bench.document
        something = len(document.pipeline) > 0 or document.path is not None
        return document.modified and something

    def may_close(self, proceed: Then) -> bool:
        """Return whether closing loses nothing. If it would, ask, and call `proceed` if the answer allows it."""
        # `open` and not `exec`: a nested event loop would go on with timers and threads inside a close event.
        if not self.unsaved:
            return True
        box = self._question()
        box.finished.connect(lambda _: self.answer(self._meaning(box), proceed))
        box.open()
        return False

    def answer(self, answer: str, proceed: Then) -> None:
        """Carry out an answer: "save", "discard" or "cancel"."""
        if answer == "save":
            self.save(proceed)
        elif answer == "discard":
            self._discard()
            proceed()

    def _discard(self) -> None:
        """Go back to the saved pipeline, so that the session does not bring the discarded one back."""
        document = self._bench.document
        kept, work = document.saved_pipeline, document.work
        path, left_out, title = (work.path, work.left_out, work.title) if len(kept) else (None, (), "")
        document.open_pipeline(tr("Discard changes"), kept, path, left_out, title)

    def _question(self) -> QMessageBox:
        name = self._bench.document.work.name or tr("The pipeline")
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(tr("Unsaved work"))
        box.setTextFormat(Qt.TextFormat.PlainText)  # the name of a file may look like markup
        box.setText(tr("{name} has changes that are not saved.", name=name))
        box.setInformativeText(tr("Without saving, they are lost when the window closes."))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kinds = QMessageBox.StandardButton
        for kind, words in (
            (kinds.Save, tr("Save")),
            (kinds.Discard, tr("Discard")),
            (kinds.Cancel, tr("Cancel")),
        ):
            button: QPushButton = box.addButton(kind)
            button.setText(words)
        box.setDefaultButton(kinds.Save)
        return box

    @staticmethod
    def _meaning(box: QMessageBox) -> str:
        kinds = QMessageBox.StandardButton
        clicked = box.standardButton(box.clickedButton()) if box.clickedButton() else kinds.Cancel
        return {kinds.Save: "save", kinds.Discard: "discard"}.get(clicked, "cancel")


def file_name(title: str) -> str:
    """The name, without a suffix, that is proposed for the file of a pipeline."""
    # Dialogs take a slash for a folder, and Windows refuses the others.
    return re.sub(r'[\\/:*?"<>|]+', "-", title).strip() or "pipeline"
