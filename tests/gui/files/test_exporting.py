"""The pipeline of the window is written for other programs, and copied as PyTorch source."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import filterlab as fl
from filterlab.gui.chain.copying import Copying
from filterlab.gui.files.network.exporting import ExportDialog


@pytest.fixture
def exported(files, bench, quiet, tmp_path, pipeline, picture):
    """Export a pipeline with a picture open: `exported("name.onnx")`."""

    def export(name, *, with_picture=True):
        bench.document.open_pipeline("Open", pipeline, None)
        if with_picture:
            bench.document.show_picture("Open", picture)
        files.exporting.write(tmp_path / name)
        quiet(files)
        return tmp_path / name

    return export


def test_the_onnx_file_computes_the_same(exported, bench, pipeline, picture):
    path = exported("model.onnx")
    assert [m.text for m in bench.messages.all] == ["Exported model.onnx"]
    again = fl.import_onnx(path)
    maps = again.pipeline.run(picture.pixels)
    for name in ("pool", "blur"):
        node = next(node for node, tensor in again.nodes if tensor == name)
        np.testing.assert_allclose(maps[node], pipeline.run(picture.pixels)[name], atol=1e-5)


def test_pytorch_source_has_its_weights_beside_it(exported, pipeline):
    path = exported("model.py")
    assert path.read_text("utf-8") == fl.to_pytorch(pipeline)
    assert path.with_suffix(".safetensors").exists()


def test_weights_of_something_else_are_not_replaced_by_those_of_a_new_source(exported, bench, tmp_path):
    (tmp_path / "model.safetensors").write_text("mine")
    path = exported("model.py")
    assert "exists" in bench.messages.all[-1].text
    assert not path.exists()
    assert (tmp_path / "model.safetensors").read_text() == "mine"
    path.write_text("of an export before, which the person agreed to replace")
    exported("model.py")
    assert (tmp_path / "model.safetensors").stat().st_size > len("mine")


def test_safetensors_hold_the_pipeline(exported, pipeline):
    assert fl.Pipeline.load(exported("model.safetensors")) == pipeline


def test_an_onnx_file_without_a_picture_is_refused_in_words(exported, bench):
    path = exported("model.onnx", with_picture=False)
    (message,) = bench.messages.all
    assert (message.level, message.text) == (
        "error",
        "model.onnx was not written: an ONNX file is for pictures of one size",
    )
    assert message.hint == "open a picture of that size"
    assert not path.exists()


def test_a_kind_that_is_not_written_is_answered_with_those_that_are(exported, bench):
    path = exported("model.pt")
    (message,) = bench.messages.all
    assert (message.level, message.hint) == ("error", "use .onnx, .py or .safetensors")
    assert not path.exists()


def test_the_dialog_appends_the_suffix_of_the_chosen_kind(files, bench, pipeline, child):
    bench.document.open_pipeline("Open", pipeline, None)
    bench.commands.refresh()
    bench.commands.action("file.export").trigger()
    dialog = child(ExportDialog)
    assert dialog.defaultSuffix() == "onnx"
    dialog.selectNameFilter(dialog.nameFilters()[1])
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    assert dialog.defaultSuffix() == "py"
    dialog.reject()


def test_copy_as_pytorch(bench, qtbot, pipeline):
    holder = QWidget()
    qtbot.addWidget(holder)
    Copying(bench, holder)
    bench.document.open_pipeline("Open", pipeline, None)
    bench.commands.action("edit.copy_pytorch").trigger()
    assert QGuiApplication.clipboard().text() == fl.to_pytorch(pipeline)
    assert "lines of PyTorch" in bench.messages.all[-1].text


def test_a_layer_without_an_equivalent_is_named_and_the_clipboard_stays(bench, qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    Copying(bench, holder)
    QGuiApplication.clipboard().setText("before")
    winner = fl.Reduce(operation="argmax", over="space")
    bench.document.open_pipeline("Open", fl.Pipeline([("winner", winner)]), None)
    bench.commands.action("edit.copy_pytorch").trigger()
    assert bench.messages.all[-1].level == "error"
    assert "winner" in bench.messages.all[-1].text
    assert QGuiApplication.clipboard().text() == "before"


@pytest.fixture
def copying(bench, qtbot, pipeline, picture, settle):
    """Copy something of the usual pipeline, with its picture open: `copying("edit.copy_onnx")` gives the clipboard."""
    holder = QWidget()
    qtbot.addWidget(holder)
    Copying(bench, holder)
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open", picture)
    settle(bench)

    def copied(command, node="blur"):
        bench.selection.select(node)
        bench.commands.refresh()
        bench.commands.action(command).trigger()
        qtbot.waitUntil(lambda: not bench.background.busy)
        return QGuiApplication.clipboard()

    return copied


def test_a_copied_onnx_file_computes_the_same(copying, pipeline, picture):
    data = copying("edit.copy_onnx").mimeData()
    (url,) = data.urls()
    found = fl.import_onnx(url.toLocalFile())
    node = next(node for node, tensor in found.nodes if tensor == "pool")
    wanted = pipeline.run(picture.pixels)["pool"]
    np.testing.assert_allclose(found.pipeline.run(picture.pixels)[node], wanted, atol=1e-5)
    assert bytes(data.data("x-special/gnome-copied-files")).endswith(b"/copied/pipeline.onnx")


def test_a_layer_is_copied_by_itself(copying, bench, pipeline, picture):
    scope = {}
    exec(copying("layer.copy_python").text(), scope)
    assert scope["pipeline"] == fl.Pipeline([("blur", pipeline["blur"])])
    assert copying("layer.copy_pytorch", "pool").text() == "nn.MaxPool2d(2)"
    assert copying("layer.copy_command", "pool").text().endswith(" --maps pool")
    (url,) = copying("layer.copy_onnx", "pool").mimeData().urls()
    (source,) = pipeline.step("pool").inputs
    maps = pipeline.run(picture.pixels)
    alone = fl.Pipeline.load(url.toLocalFile())
    np.testing.assert_allclose(alone.run(maps[source])["pool"], maps["pool"], atol=1e-6)


def test_a_layer_that_joins_maps_is_copied_as_one_that_reads_the_picture_twice(copying, bench):
    nodes = [fl.Node("twice", fl.Add(), ("image", "image"))]
    bench.document.edit("Add", fl.Pipeline(nodes))
    scope = {}
    exec(copying("layer.copy_python", "twice").text(), scope)
    assert scope["pipeline"].step("twice").inputs == ("image", "image")
    assert copying("layer.copy_pytorch", "twice").text() != ""


def test_nothing_of_a_layer_can_be_copied_while_the_picture_is_selected(copying, bench):
    copying("edit.copy_python", "image")
    kinds = ("python", "pytorch", "onnx", "command")
    assert not any(bench.commands.action(f"layer.copy_{kind}").isEnabled() for kind in kinds)


def test_a_layer_of_vectors_is_no_onnx_file(copying, bench, settle):
    vectors = fl.Pipeline([("flat", fl.Flatten()), ("scores", fl.Softmax())])
    bench.document.edit("Vectors", vectors)
    settle(bench)
    QGuiApplication.clipboard().setText("before")
    assert copying("layer.copy_onnx", "scores").text() == "before"
    assert "Nothing was copied" in bench.messages.all[-1].text
