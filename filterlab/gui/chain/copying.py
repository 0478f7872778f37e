"""Copying the pipeline, or one layer of it, for use elsewhere: Python, PyTorch, an ONNX file, or a command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl
from PySide6.QtGui import QGuiApplication

from filterlab.batch.settings import Settings
from filterlab.errors import FilterLabError, NeedsSizeError
from filterlab.graph import IMAGE
from filterlab.gui.bench.messages import Remark
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.words.i18n import tr
from filterlab.pipeline import Pipeline, export_onnx, to_pytorch
from filterlab.run.source import to_command
from filterlab.text.messages import say

_LONGEST = 60  # letters of the name of a copied file


class Copying(QObject):
    """Declares `edit.copy_python`, `_pytorch`, `_onnx` and `_command`, and the same of `layer` for the selected one."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._document, self._messages = bench, bench.document, bench.messages
        self._declare_pipeline()
        self._declare_layer()

    def _declare_pipeline(self) -> None:
        def add(kind: str, text: str, run: Callable[[], None], tip: str, shortcut: str = "") -> None:
            name, menu = f"edit.copy_{kind}", tr("&Edit")
            self._bench.commands.add(name, text, run, menu=menu, shortcut=shortcut or None, tip=tip)

        tip = tr("Copy Python source that builds this pipeline")
        add("python", tr("Copy as Python"), self.copy_python, tip, "Ctrl+Alt+P")
        tip = tr("Copy PyTorch source of this pipeline, which reads its weights from a file")
        add("pytorch", tr("Copy as PyTorch"), self.copy_pytorch, tip)
        tip = tr("Copy an ONNX file of this pipeline, to paste into a folder")
        add("onnx", tr("Copy as ONNX file"), self.copy_onnx, tip)
        tip = tr("Copy the command that runs this pipeline over the picture")
        add("command", tr("Copy as command line"), self.copy_command, tip, "Ctrl+Alt+L")

    def _declare_layer(self) -> None:
        def add(kind: str, text: str, run: Callable[[str], None], tip: str) -> None:
            selection = self._bench.selection
            self._bench.commands.add(
                f"layer.copy_{kind}",
                text,
                lambda: run(selection.node),
                menu=tr("&Layer"),
                tip=tip,
                enabled=lambda: selection.node != IMAGE,
            )

        tip = tr("Copy Python source that builds a pipeline of this layer alone")
        add("python", tr("Copy layer as Python"), self._copy_layer_python, tip)
        tip = tr("Copy the line of PyTorch")
        add("pytorch", tr("Copy layer as PyTorch"), self._copy_layer_pytorch, tip)
        tip = tr("Copy an ONNX file of this layer alone, to paste into a folder")
        add("onnx", tr("Copy layer as ONNX file"), self._copy_layer_onnx, tip)
        tip = tr("Copy the command that writes the maps of this layer")
        add("command", tr("Copy layer as command line"), lambda node: self.copy_command(node), tip)

    # -- the pipeline ----------------------------------------------------------------------------------

    def copy_python(self) -> None:
        """Put the source on the clipboard."""
        self._say_lines(self._copied(self._document.pipeline.to_python))

    def copy_pytorch(self) -> None:
        """Put the source of a PyTorch module on the clipboard; its weights are a file, which it does not hold."""
        text = self._copied(lambda: to_pytorch(self._document.pipeline))
        if text:
            words = tr("Copied {n} lines of PyTorch", n=text.count("\n"))
            self._messages.add(
                Remark("note", words, tr("Export writes them with the weights that they read"))
            )

    def copy_onnx(self) -> None:
        """Put an ONNX file for pictures of the size of the present one on the clipboard."""
        picture, path = self._document.picture, self._document.path
        shape = None if picture is None else picture.shape
        self._copy_file(self._document.pipeline, path.stem if path is not None else "pipeline", shape)

    def copy_command(self, node: str = "") -> None:
        """Put the command on the clipboard; it names the files as they are saved, and the range that is shown.

        node: write the maps of this one alone.
        """
        document = self._document
        picture = document.picture.path if document.picture is not None else None
        file = str(document.path or "pipeline.json")
        shown, colormap = self._bench.tones().for_batch()
        try:
            settings = Settings(document.pipeline, Path("maps"), range=shown, colormap=colormap)
        except FilterLabError as error:
            self._refuse(error)
            return
        words = [*settings.words(), *(["--maps", node] if node else [])]
        command = to_command(file, [str(picture or "picture.png")], str(settings.out), words)
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

    # -- a layer ----------------------------------------------------------------------------------------

    def _copy_layer_python(self, node: str) -> None:
        self._say_lines(self._copied(self._alone(node).to_python))

    def _copy_layer_pytorch(self, node: str) -> None:
        # Loaded with the writers of all layers, which only few people need.
        from filterlab.interop.exporting.torch import torch_line

        line = torch_line(self._document.pipeline[node])
        if line:
            QGuiApplication.clipboard().setText(line)
            self._messages.note(tr("Copied {line}", line=line))
        else:
            self._messages.warn(tr("Nothing was copied"), tr("PyTorch has nothing that does the same"))

    def _copy_layer_onnx(self, node: str) -> None:
        (source, *_) = self._document.pipeline.step(node).inputs
        picture, row = self._document.picture, self._bench.results.row(source)
        given = picture.shape if source == IMAGE and picture is not None else None
        self._copy_file(self._alone(node), node, given if row is None else row.shape)

    def _alone(self, node: str) -> Pipeline:
        """A pipeline of one layer, which reads the picture as often as it reads maps here."""
        kept = self._document.pipeline.node(node)
        return Pipeline([replace(kept, inputs=(IMAGE,) * len(kept.inputs or (IMAGE,)), enabled=True)])

    # -- both -------------------------------------------------------------------------------------------

    def _copied(self, write: Callable[[], str]) -> str:
        """The text that was put on the clipboard; "" where it cannot be written, which is told."""
        try:
            text = write()
        except FilterLabError as error:
            self._refuse(error)
            return ""
        QGuiApplication.clipboard().setText(text)
        return text

    def _say_lines(self, text: str) -> None:
        if text:
            self._messages.note(tr("Copied {n} lines of Python", n=text.count("\n")))

    def _copy_file(self, pipeline: Pipeline, name: str, shape: tuple[int, ...] | None) -> None:
        """Write an ONNX file beside the settings of the program, and put it on the clipboard. shape: (C, H, W)."""
        if shape is None or len(shape) != 3:
            hint = (
                say("open a picture of that size") if shape is None else say("copy a layer that reads maps")
            )
            self._refuse(NeedsSizeError("an ONNX file is for pictures of one size", hint=hint))
            return
        folder = self._bench.folder / "copied"
        path = folder / f"{name.replace('/', '_')[-_LONGEST:]}.onnx"

        def write() -> None:
            folder.mkdir(parents=True, exist_ok=True)
            export_onnx(pipeline, path, shape)

        def done(_: None) -> None:
            QGuiApplication.clipboard().setMimeData(_file_data(path))
            self._messages.note(tr("Copied {name}", name=path.name))

        self._bench.background.submit(write, done, lambda error, details: self._refuse(error, details))

    def _refuse(self, error: Exception, details: str = "") -> None:
        self._messages.error(error, tr("Nothing was copied"), details)


def _file_data(path: Path) -> QMimeData:
    """A file as file managers copy it; its name where only text can be pasted."""
    url = QUrl.fromLocalFile(str(path))
    data = QMimeData()
    data.setUrls([url])
    data.setText(str(path))
    # Those of GNOME and its relatives take nothing else.
    data.setData("x-special/gnome-copied-files", b"copy\n" + bytes(url.toEncoded().data()))
    return data
