"""Writing the pipeline for other programs: as an ONNX file, as PyTorch source, or as safetensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from filterlab.errors import FileError, NeedsSizeError
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.pipeline import Pipeline, export_onnx
from filterlab.text.messages import say

Size = Sequence[int] | None


class ExportDialog(QFileDialog):
    """Lets a kind of file and its name be chosen, and asks before replacing a file. picked(Path)."""

    picked = Signal(object)

    def __init__(self, start: Path, parent: QWidget) -> None:
        super().__init__(parent, tr("Export pipeline"), str(start.parent))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        words = (tr("ONNX"), tr("PyTorch source, weights beside it"), tr("Weights as tensors"))
        self.setNameFilters([f"{word} (*{suffix})" for word, suffix in zip(words, WRITERS, strict=True)])
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Qt appends the default suffix to a bare name, and does not take it from the chosen filter by itself.
        self.filterSelected.connect(self._follow)
        self._follow(self.selectedNameFilter())
        self.selectFile(start.stem)
        self.fileSelected.connect(lambda file: self.picked.emit(Path(file)))

    def _follow(self, name_filter: str) -> None:
        self.setDefaultSuffix(next(s for s in WRITERS if f"*{s})" in name_filter).lstrip("."))


class PipelineExport(QObject):
    """Declares `file.export`, and writes in the background."""

    def __init__(self, bench: Workbench, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._window = bench, window
        bench.commands.add(
            "file.export",
            tr("Export for other programs…"),
            self.ask,
            menu=tr("&File"),
            tip=tr("Write the pipeline as ONNX, PyTorch source or safetensors"),
            enabled=lambda: len(bench.document.pipeline) > 0,
            search_words="onnx pytorch torch safetensors convert 导出 转换",
        )

    def ask(self) -> ExportDialog:
        """Ask for a name, and write."""
        path, folder = self._bench.document.path, self._bench.folder_kept("folder/export")
        dialog = ExportDialog(folder / (path.stem if path is not None else "pipeline"), self._window)
        dialog.picked.connect(self.write)
        dialog.open()
        return dialog

    def write(self, path: Path) -> None:
        """Write the present pipeline in the background, by the suffix of the file."""
        bench, pipeline = self._bench, self._bench.document.pipeline
        size = bench.document.picture.shape if bench.document.picture is not None else None
        writer = WRITERS.get(path.suffix.lower(), _refuse)

        def done(_: object) -> None:
            bench.settings.setValue("folder/export", str(path.parent))
            bench.messages.note(tr("Exported {name}", name=path.name))

        def fail(error: Exception, details: str) -> None:
            bench.messages.error(error, tr("{name} was not written", name=path.name), details)

        bench.background.submit(lambda: writer(pipeline, path, size), done, fail)


def _write_onnx(pipeline: Pipeline, path: Path, size: Size) -> None:
    if size is None:
        raise NeedsSizeError("an ONNX file is for pictures of one size", hint="open a picture of that size")
    export_onnx(pipeline, path, tuple(size))


def _write_pytorch(pipeline: Pipeline, path: Path, _size: Size) -> None:
    from filterlab.interop.exporting.torch import torch_module

    # The person was asked about the source alone. Weights of that name without it are of something else.
    torch_module(pipeline).save(path, overwrite=path.exists())


def _write_safetensors(pipeline: Pipeline, path: Path, _size: Size) -> None:
    pipeline.save(path)


def _refuse(_pipeline: Pipeline, path: Path, _size: Size) -> None:
    raise FileError(
        say("the suffix {!r} is not known", path.suffix), str(path), "use .onnx, .py or .safetensors"
    )


WRITERS: dict[str, Callable[[Pipeline, Path, Size], None]] = {
    ".onnx": _write_onnx,
    ".py": _write_pytorch,
    ".safetensors": _write_safetensors,
}
