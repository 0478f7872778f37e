"""Asking which pipeline the present one is compared with: a file, or a step of the history."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from filterlab.gui.files.reading import PIPELINE_SUFFIXES
from filterlab.gui.words.i18n import tr


class PipelineDialog(QFileDialog):
    """Chooses the file of a pipeline."""

    def __init__(self, folder: str, parent: QWidget) -> None:
        super().__init__(parent, tr("Compare with another pipeline"), folder)
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        suffixes = " ".join(f"*{suffix}" for suffix in PIPELINE_SUFFIXES)
        self.setNameFilters([f"{tr('Pipelines')} ({suffixes})", f"{tr('All files')} (*)"])
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)


class StepDialog(QInputDialog):
    """Chooses one of the steps. chosen: the number of that which is offered."""

    def __init__(self, words: list[str], chosen: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Compare with a step of the history"))
        self.setLabelText(tr("The pipeline as it was"))
        self.setComboBoxItems(words)
        self.setTextValue(words[chosen])


def step_words(place: int, labels: list[str]) -> str:
    """A step of the history in words, which differ from those of all others."""
    number = place + 1
    if not labels[place]:
        return tr("step {n}, the first", n=number)
    return tr("step {n}, after “{label}”", n=number, label=labels[place])
