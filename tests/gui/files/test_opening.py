"""Files become the picture, the pipeline or a kernel, however they are opened; bad files change nothing."""

from __future__ import annotations

import os
from importlib import import_module

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

import filterlab as fl
from filterlab.gui.files.reading import read
from filterlab.gui.files.thumbnails import preview
from filterlab.gui.panels.readings import ReadingsDialog
from filterlab.images import IMAGE_SUFFIXES
from filterlab.resources import examples, samples

PILLOW = {
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".jpg": "JPEG",
    ".dib": "BMP",
    ".pgm": "PPM",
    ".ppm": "PPM",
    ".pnm": "PPM",
}


def write_picture(path):
    """A picture of 12 x 16 in the format of the suffix."""
    values = np.random.default_rng(1).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    if path.suffix == ".npy":
        np.save(path, values.transpose(2, 0, 1).astype(np.float32) / 255)
    elif path.suffix in (".tif", ".tiff"):
        tifffile.imwrite(path, values, photometric="rgb")
    elif path.suffix == ".jxl":
        path.write_bytes(imagecodecs.jpegxl_encode(values))
    elif path.suffix == ".pam":
        path.write_bytes(b"P7\nWIDTH 16\nHEIGHT 12\nDEPTH 3\nMAXVAL 255\nENDHDR\n" + values.tobytes())
    elif path.suffix in (".heic", ".heif"):
        import_module("pillow_heif").from_pillow(Image.fromarray(values)).save(path)
    else:
        grey = path.suffix == ".pgm"
        image = Image.fromarray(values[..., 0] if grey else values)
        image.save(path, PILLOW.get(path.suffix))


@pytest.mark.parametrize("suffix", IMAGE_SUFFIXES)
def test_every_format_opens_as_the_engine_reads_it(files, bench, quiet, tmp_path, suffix):
    path = tmp_path / f"picture{suffix}"
    write_picture(path)
    files.open_paths([path])
    quiet(files)
    assert bench.messages.all == []
    np.testing.assert_array_equal(bench.document.picture.pixels, fl.read_image(path))
    assert bench.document.picture.path == path
    assert bench.document.history.undo_label == f"Open picture{suffix}"
    assert files.recent.paths == [path]


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_pipelines_open_and_are_saved_work(files, bench, quiet, tmp_path, pipeline, suffix):
    path = tmp_path / f"edges{suffix}"
    pipeline.save(path)
    files.open_paths([path])
    quiet(files)
    assert bench.document.pipeline == pipeline
    assert bench.document.path == path
    assert not bench.document.modified
    assert bench.selection.node == "blur"


def test_a_picture_a_pipeline_and_a_kernel_together(files, bench, quiet, on_disk):
    files.open_paths([on_disk / "laplace.csv", on_disk / "cat.png", on_disk / "edges.json"])
    quiet(files)
    assert bench.document.picture.name == "cat.png"
    # The kernel came last: into the selected node of the pipeline that was opened with it.
    np.testing.assert_array_equal(bench.document.pipeline["blur"].kernel, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    assert bench.document.modified


def test_of_several_pictures_the_first_and_the_others_are_recent(files, bench, quiet, tmp_path):
    paths = [tmp_path / f"{name}.png" for name in "abc"]
    for path in paths:
        write_picture(path)
    files.open_paths(paths)
    quiet(files)
    assert bench.document.picture.path == paths[0]
    assert set(files.recent.paths) == set(paths)
    assert "b.png, c.png" in bench.messages.all[0].text


def test_kernels_go_into_the_selected_kernel_or_a_new_node(files, bench, quiet, on_disk, pipeline):
    bench.document.open_pipeline("Open", pipeline, None)
    bench.selection.select("sobel")
    files.open_paths([on_disk / "laplace.csv"])
    quiet(files)
    assert bench.document.pipeline["sobel"].kernel[1, 1] == -4
    bench.selection.select("pool")
    files.open_paths([on_disk / "laplace.csv"])
    quiet(files)
    node = bench.document.pipeline.nodes[-1]
    assert (node.name, node.inputs) == ("laplace", ("pool",))
    assert bench.selection.node == "laplace"
    bench.document.undo()
    bench.document.undo()
    assert bench.document.pipeline == pipeline


def test_small_arrays_are_kernels_only_beside_a_picture(files, bench, quiet, tmp_path, picture):
    path = tmp_path / "x.npy"
    np.save(path, np.eye(3))
    files.open_paths([path])
    quiet(files)
    assert bench.document.picture.shape == (1, 3, 3)
    bench.document.show_picture("Open", picture)
    files.open_paths([path])
    quiet(files)
    assert bench.document.picture is picture
    np.testing.assert_array_equal(bench.document.pipeline["x"].kernel, np.eye(3))
    # Whoever says what it is, is right.
    files.open_paths([path], "picture")
    quiet(files)
    assert bench.document.picture.shape == (1, 3, 3)


def test_files_without_a_known_suffix_are_looked_into(files, bench, quiet, tmp_path, pipeline, on_disk):
    (tmp_path / "a.dat").write_bytes((on_disk / "cat.png").read_bytes())
    (tmp_path / "b.dat").write_bytes((on_disk / "edges.json").read_bytes())
    (tmp_path / "c.dat").write_bytes((on_disk / "laplace.csv").read_bytes())
    files.open_paths([tmp_path / f"{name}.dat" for name in "abc"])
    quiet(files)
    assert bench.messages.all[-1].level == "note"
    assert bench.document.picture.shape == (3, 24, 32)
    assert bench.document.pipeline["blur"].kernel[1, 1] == -4


@pytest.fixture
def asked(window):
    """The open dialogs that ask which kernel is meant: `asked()`."""
    return lambda: [dialog for dialog in window.findChildren(ReadingsDialog) if dialog.isVisible()]


def test_a_kernel_file_of_two_readings_is_asked_about(files, bench, quiet, tmp_path, pipeline, errors, asked):
    bench.document.open_pipeline("Open", pipeline, None)
    bench.selection.select("sobel")
    path = tmp_path / "column.txt"
    path.write_text("0,25\n0,5\n0,25\n")
    files.open_paths([path])
    quiet(files)
    assert bench.document.pipeline == pipeline
    (dialog,) = asked()
    dialog.buttons[1].click()
    quiet(files)
    assert bench.document.pipeline["sobel"].kernel.tolist() == [[0.25], [0.5], [0.25]]
    assert bench.document.history.undo_label == "Put kernel column.txt into sobel"
    assert files.recent.paths == [path]
    assert not errors()
    assert not asked()


def test_a_pasted_kernel_of_two_readings_is_asked_about(files, bench, quiet, errors, asked, qtbot):
    QGuiApplication.clipboard().setText("1,5 2,5")
    for key, nodes in ((Qt.Key.Key_Escape, 0), (Qt.Key.Key_Return, 1)):
        bench.commands.action("edit.paste").trigger()
        quiet(files)
        (dialog,) = asked()
        qtbot.keyClick(dialog.buttons[1], key)
        quiet(files)
        assert len(bench.document.pipeline) == nodes
        assert not errors()
    assert bench.document.pipeline["pasted"].kernel.tolist() == [[1.5, 2.5]]


def test_the_preview_of_a_kernel_of_two_readings_says_so(tmp_path):
    path = tmp_path / "column.csv"
    path.write_text("0,25\n0,5\n")
    assert preview(path, "") == (None, ["Kernel that can be read in 2 ways: 2 × 2, 2 × 1", "CSV · 9 B"])


@pytest.mark.parametrize("name", ["k.csv", "k.dat", "k"])
def test_a_pipe_is_refused_and_nothing_waits_for_it(files, opened, quiet, tmp_path, errors, name):
    os.mkfifo(tmp_path / name)
    work = opened.document.work
    files.open_paths([tmp_path / name])
    quiet(files)
    assert opened.document.work is work
    assert len(errors()) == 1
    assert "not a regular file" in errors()[0].text + errors()[0].details


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_kernel_without_a_known_suffix_is_recognised_in_every_encoding(tmp_path, encoding):
    path = tmp_path / "k.dat"
    path.write_bytes("1;0,5\xa0\n0;-1\n".encode(encoding))
    opened = read(path)
    assert opened.kind == "kernel"
    assert opened.value.tolist() == [[1, 0.5], [0, -1]]


BAD = {
    "empty.png": b"",
    "cut.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "text.jpg": b"hello",
    "cut.tif": b"II*\0\xff\xff\xff\xff",
    "cut.npy": b"\x93NUMPY\x01\0",
    "words.csv": b"a,b\n",
    "ragged.csv": b"1,2\n3\n",
    "broken.json": b'{"format": "filterlab/1", "nodes": [',
    "other.json": b'{"a": 1}',
    "unknown.json": b'{"format": "filterlab/1", "nodes": [{"name": "a", "layer": "conv3d"}]}',
    "cycle.json": b'{"format": "filterlab/1", "nodes": [{"name": "a", "layer": "relu", "inputs": ["a"]}]}',
    "cut.safetensors": b"\x10\0\0\0\0\0\0\0{}",
    "what.dat": b"\0\1\2",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_say_why_and_change_nothing(files, opened, quiet, tmp_path, errors, name):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    work, labels, node = opened.document.work, opened.document.history.labels, opened.selection.node
    files.open_paths([path])
    quiet(files)
    (message,) = errors()
    assert message.text.startswith(f"{name} was not opened: ")
    # The name stands at the beginning; the path, which can be long, would say it again.
    assert str(tmp_path) not in message.text
    assert message.hint
    assert opened.document.work is work
    assert opened.document.history.labels == labels
    assert opened.selection.node == node
    assert files.recent.paths == []


def test_missing_files_and_folders_say_so(files, bench, quiet, tmp_path, errors):
    files.open_paths(
        [tmp_path / "none.png", tmp_path / "none.json", tmp_path / "none.csv", tmp_path / "none.dat"]
    )
    files.open_paths([tmp_path])
    quiet(files)
    assert len(errors()) == 5
    assert bench.document.picture is None


def test_what_comes_late_does_not_replace_what_is_newer(files, bench, quiet, on_disk, picture):
    bench.document.show_picture("Open", picture)
    files.open_paths([on_disk / "cat.png", on_disk / "edges.json"])
    files.close_picture()
    files.new()
    quiet(files)
    assert bench.document.picture is None
    assert len(bench.document.pipeline) == 0
    files.open_paths([on_disk / "cat.png"])
    quiet(files)
    assert bench.document.picture is not None


def test_new_and_close_are_steps_of_the_history(files, opened, quiet, pipeline, picture):
    opened.commands.action("file.new").trigger()
    assert len(opened.document.pipeline) == 0
    assert opened.document.path is None
    opened.commands.action("file.close_picture").trigger()
    assert opened.document.picture is None
    opened.commands.refresh()
    assert not opened.commands.action("file.close_picture").isEnabled()
    opened.document.undo()
    opened.document.undo()
    assert (opened.document.pipeline, opened.document.picture) == (pipeline, picture)


def test_unsaved_work_that_is_replaced_comes_back_with_undo(files, opened, quiet, on_disk, box):
    opened.document.edit("Change", box)
    files.open_paths([on_disk / "edges.json"])
    quiet(files)
    (message,) = opened.messages.all
    assert message.text == "The unsaved changes of the previous pipeline come back with Undo"
    opened.document.undo()
    assert opened.document.pipeline == box


def test_recent_files_in_a_menu_with_missing_ones_greyed(files, bench, quiet, on_disk, qtbot):
    menu = QMenu()
    qtbot.addWidget(menu)
    submenu = files.recent.menu(menu)
    files.open_paths([on_disk / "cat.png"])
    files.open_paths([on_disk / "edges.json"])
    quiet(files)
    (on_disk / "edges.json").unlink()
    submenu.aboutToShow.emit()
    quiet(files)
    first, second = submenu.actions()[:2]
    assert first.text() == "edges.json (missing)"
    assert not first.isEnabled()
    bench.document.show_picture("Close", None)
    second.trigger()
    quiet(files)
    assert bench.document.picture.name == "cat.png"
    assert bench.settings.value("recent")[0] == str(on_disk / "cat.png")
    submenu.actions()[-1].trigger()
    assert files.recent.paths == []


def test_recent_files_are_few_and_the_newest_first(files, tmp_path):
    for i in range(20):
        files.recent.add(tmp_path / f"{i}.png")
    files.recent.add(tmp_path / "15.png")
    assert [path.name for path in files.recent.paths][:3] == ["15.png", "19.png", "18.png"]
    assert len(files.recent.paths) == 12


def test_every_sample_and_example_opens(files, bench, quiet):
    for path in samples().values():
        files.opening.open_resource(path, path.stem)
    for name, path in examples().items():
        if name != "vgg16":
            files.opening.open_resource(path, path.stem)
    quiet(files)
    assert [message.text for message in bench.messages.all] == []
    assert files.recent.paths == []
    assert bench.document.path is None


def test_damage_and_further_pages_of_a_picture_are_reported(files, bench, quiet, tmp_path):
    path = tmp_path / "pages.tif"
    tifffile.imwrite(path, np.zeros((3, 8, 9), np.uint8), photometric="minisblack")
    files.open_paths([path])
    quiet(files)
    assert [m.text for m in bench.messages.all] == ["pages.tif has 3 pages or frames; the first is shown"]
    bench.messages.clear()
    longer = tmp_path / "longer.npy"
    np.save(longer, np.zeros((40, 50), np.float32))
    with longer.open("ab") as stream:
        stream.write(bytes(8))
    files.open_paths([longer])
    quiet(files)
    (message,) = bench.messages.all
    assert message.level == "warning"
    assert message.text == "longer.npy: what follows its last number is not read"


@pytest.mark.parametrize("name", ["net.pt", "net.pth", "net.onnx", "net.json"])
def test_a_checkpoint_of_pytorch_is_refused_with_the_way_to_export_it(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(fl.FilterLabError, match=r"never read.*torch\.onnx\.export"):
        read(path)


def test_an_example_that_is_opened_as_a_file_has_its_name_as_title(files, bench, quiet):
    files.open_paths([examples()["edges"]])
    quiet(files)
    assert bench.document.path is None
    assert bench.document.work.title == "edges"
