"""The dialog that saves maps: it writes exactly the files of its list, and they look as on the wall."""

from __future__ import annotations

import csv
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialogButtonBox

import filterlab as fl
from filterlab.batch.targets import Target
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.files.maps.appearance import looks_of
from filterlab.gui.files.maps.dialog import SaveMapsDialog
from filterlab.gui.wall import Wall
from filterlab.gui.wall.content import read_content

FORMATS = {"png": 0, "png16": 1, "tiff": 2, "npy": 3}


@pytest.fixture
def wide(bench, settle):
    """A colour picture through a colour filter, maps of two signs and a vector."""
    weight = np.float32([[[[1]], [[-1]], [[0]]], [[[0]], [[1]], [[1]]], [[[0]], [[0]], [[-2]]]])
    pipeline = fl.Pipeline(
        [
            ("blur", fl.Filter2d(fl.kernels.box(3))),
            ("mix/maps", fl.Conv2d(weight)),
            ("flat", fl.GlobalAvgPool2d()),
            ("sum", fl.Flatten()),
            ("scores", fl.Softmax(labels=("a", "b", "c"))),
        ]
    )
    rng = np.random.default_rng(5)
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open", Picture("cat", rng.random((3, 10, 14)).astype(np.float32)))
    settle(bench)
    return bench


@pytest.fixture
def ask(files, child, quiet, tmp_path, qtbot):
    """Open the dialog on a folder of the test and wait for its list: `ask(chosen)`."""

    def open_dialog(chosen=()):
        files._bench.settings.setValue("folder/maps", str(tmp_path / "out"))
        files.save_maps(chosen)
        dialog = child(SaveMapsDialog)
        ready(dialog)
        return dialog

    def ready(dialog):
        qtbot.waitUntil(lambda: not dialog._timer.isActive())
        quiet(files)

    open_dialog.ready = ready
    return open_dialog


def press_save(dialog, qtbot):
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Save)
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def names(dialog):
    return [row[0].name for row in dialog.model.rows]


@pytest.mark.parametrize("form", FORMATS)
def test_the_list_is_what_is_written(wide, files, ask, quiet, qtbot, tmp_path, form):
    dialog = ask([(node, None) for node in ("image", "blur", "mix/maps", "scores")])
    dialog.form.setCurrentIndex(FORMATS[form])
    ask.ready(dialog)
    listed = {row[0]: row for row in dialog.model.rows}
    assert dialog.save_button.text() == f"Save {len(listed)} files"
    press_save(dialog, qtbot)
    quiet(files)
    written = {path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert written == set(listed)
    assert all(row[3] == "new" for row in listed.values())
    assert f"Saved {len(listed)} files" in wide.messages.all[-1].text


@pytest.mark.parametrize("form", ["tiff", "npy"])
def test_numbers_are_exactly_those_of_the_results(wide, files, ask, quiet, qtbot, tmp_path, form):
    dialog = ask([(node.name, None) for node in wide.document.pipeline])
    dialog.form.setCurrentIndex(FORMATS[form])
    ask.ready(dialog)
    press_save(dialog, qtbot)
    quiet(files)
    for node in wide.document.pipeline:
        path = tmp_path / "out" / "cat" / f"{node.name}.{form}"
        values = np.load(path) if form == "npy" else fl.read_image(path)
        shown = wide.results.maps[node.name].view.array
        np.testing.assert_array_equal(values.reshape(shown.shape), shown)


@pytest.mark.parametrize("scope", ["map", "layer", "common"])
@pytest.mark.parametrize("colormap", ["RdBu_r", "viridis", "gray"])
def test_pictures_have_the_range_and_colours_of_the_wall(
    wide, files, ask, quiet, qtbot, tmp_path, scope, colormap
):
    wide.view.set(scope=scope, colormap=colormap)
    dialog = ask([("mix/maps", 0), ("mix/maps", 2)])
    press_save(dialog, qtbot)
    quiet(files)
    for channel in (0, 2):
        low, high = read_content(wide).strips["mix/maps"].tone_at(channel).scale[:2]
        values = wide.results.maps["mix/maps"].view.array[channel]
        fl.write_image(tmp_path / "expected.png", values, (low, high), colormap)
        with (
            Image.open(tmp_path / "expected.png") as expected,
            Image.open(tmp_path / "out" / "cat" / "mix" / f"maps-{channel}.png") as found,
        ):
            np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))
            assert found.text["range"] == f"{low!r},{high!r}"
            assert found.text["colormap"] == colormap


@pytest.mark.parametrize("channel", [None, 0])
def test_a_map_of_one_channel_is_saved_as_its_only_tile_shows_it(
    bench, settle, files, ask, quiet, qtbot, tmp_path, channel
):
    bench.document.open_pipeline("Open", fl.Pipeline([("sobel", fl.Filter2d(fl.kernels.sobel(3)))]), None)
    bench.document.show_picture(
        "Open", Picture("cat", np.random.default_rng(5).random((1, 9, 8), np.float32))
    )
    settle(bench)
    wall = Wall(bench)
    qtbot.addWidget(wall)
    dialog = ask([("sobel", channel)])
    press_save(dialog, qtbot)
    quiet(files)
    shown = wall.map_image("sobel", 0).convertToFormat(QImage.Format.Format_RGB888)
    saved = QImage(str(tmp_path / "out" / "cat" / "sobel.png")).convertToFormat(QImage.Format.Format_RGB888)
    assert saved == shown
    assert not saved.allGray()


def test_three_channels_in_one_file_look_as_the_first_tile_does(
    bench, settle, files, ask, quiet, qtbot, tmp_path
):
    edges = [("sobel", fl.Filter2d(fl.kernels.sobel(3))), ("blur", fl.Filter2d(fl.kernels.box(3)))]
    bench.document.open_pipeline("Open", fl.Pipeline([fl.Node(*edge, ("image",)) for edge in edges]), None)
    pixels = np.random.default_rng(5).random((3, 9, 8), np.float32)
    bench.document.show_picture("Open", Picture("cat", pixels))
    settle(bench)
    bench.view.fix(("sobel", None), (-0.5, 0.5))
    wall = Wall(bench)
    qtbot.addWidget(wall)
    dialog = ask([("sobel", None), ("blur", None)])
    press_save(dialog, qtbot)
    quiet(files)
    for name in ("sobel", "blur"):
        saved = QImage(str(tmp_path / "out" / "cat" / f"{name}.png"))
        shown = wall.map_image(name, None).convertToFormat(QImage.Format.Format_RGB888)
        assert saved.convertToFormat(QImage.Format.Format_RGB888) == shown
    with Image.open(tmp_path / "out" / "cat" / "sobel.png") as found:
        assert found.text["range"] == "-0.5,0.5"
        assert found.text["colormap"] == "signed-light"


def test_maps_that_the_wall_does_not_hold_are_computed(wide, files, ask, quiet, qtbot, tmp_path):
    wide.view.set(range="full", hidden=frozenset({"mix/maps", "scores"}))
    wide.results.want(["blur", "flat", "sum"])
    expected = wide.document.pipeline.run(wide.document.picture.pixels)
    dialog = ask([("mix/maps", None), ("scores", None)])
    press_save(dialog, qtbot)
    quiet(files)
    with Image.open(tmp_path / "out" / "cat" / "mix" / "maps-2.png") as picture:
        low, high = map(float, picture.text["range"].split(","))
    top = float(np.abs(expected["mix/maps"]).max())
    assert (low, high) == (-top, top)
    with (tmp_path / "out" / "cat" / "scores.csv").open(newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    np.testing.assert_array_equal([np.float32(row[2]) for row in rows], expected["scores"])
    assert [row[1] for row in rows] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("scope", "node"),
    [
        ("common", "image"),
        *((scope, node) for scope in ("map", "layer") for node in ("image", "blur", "mix/maps")),
    ],
)
def test_what_is_hidden_looks_as_it_would_on_the_wall(wide, scope, node):
    wide.view.set(scope=scope, colormap="viridis")
    maps = {name: shown.view.array for name, shown in wide.results.maps.items()}
    target = Target(Path("x.png"), node, 1, False)
    on_the_wall = looks_of(wide, maps)(target)
    wide.view.set(hidden=frozenset({node}))
    assert looks_of(wide, maps)(target) == on_the_wall


def test_maps_that_do_not_fit_into_memory_are_refused(
    wide, files, ask, quiet, qtbot, tmp_path, monkeypatch, errors
):
    wide.view.set(hidden=frozenset({"mix/maps"}))
    wide.results.want(["blur", "flat", "sum", "scores"])
    monkeypatch.setattr("filterlab.gui.files.maps.saving.map_budget", lambda: 1000)
    dialog = ask([("mix/maps", None)])
    press_save(dialog, qtbot)
    quiet(files)
    assert "need 1.68 kB, but only 1 kB is available" in errors()[0].text
    assert "Stopped" in dialog.summary.text()
    assert not (tmp_path / "out").exists()
    dialog.reject()


def test_colour_pictures_in_one_file_or_one_a_channel(wide, files, ask, quiet, qtbot, tmp_path):
    dialog = ask([("blur", channel) for channel in range(3)])
    assert dialog.scope.currentText() == "All maps of blur"
    assert dialog.tree.chosen() == {"blur": None}
    assert names(dialog) == ["blur.png"]
    dialog.split.setChecked(True)
    ask.ready(dialog)
    assert names(dialog) == ["blur-0.png", "blur-1.png", "blur-2.png"]
    dialog.split.setChecked(False)
    ask.ready(dialog)
    assert names(dialog) == ["blur.png"]
    press_save(dialog, qtbot)
    quiet(files)
    with Image.open(tmp_path / "out" / "cat" / "blur.png") as picture:
        expected = np.rint(wide.results.maps["blur"].view.array * np.float32(255)).transpose(1, 2, 0)
        np.testing.assert_array_equal(np.asarray(picture), expected)


def test_ready_made_choices(wide, files, ask, qtbot):
    wide.selection.set_pin(Spot("mix/maps", 1, 2, 3))
    wide.view.set(hidden=frozenset({"flat", "sum"}))
    dialog = ask()
    titles = [dialog.scope.itemText(i) for i in range(dialog.scope.count())]
    assert titles == [
        "This map: mix/maps, channel 1",
        "This layer: mix/maps",
        "All layers on the wall",
        "All layers",
        "Chosen maps",
    ]
    assert dialog.tree.chosen() == {"mix/maps": {1}}
    assert names(dialog) == ["maps-1.png"]
    dialog.scope.setCurrentIndex(2)
    dialog.scope.activated.emit(2)
    ask.ready(dialog)
    assert dialog.tree.chosen() == {"blur": None, "mix/maps": None, "scores": None}
    dialog.tree.topLevelItem(0).setCheckState(0, Qt.CheckState.Checked)
    ask.ready(dialog)
    assert dialog.scope.currentText() == "Chosen maps"
    assert "image" in dialog.tree.chosen()
    dialog.reject()


def test_existing_files_are_kept_unless_asked(wide, files, ask, quiet, qtbot, tmp_path):
    folder = tmp_path / "out" / "cat"
    folder.mkdir(parents=True)
    (folder / "blur.npy").write_text("mine")
    dialog = ask([("blur", None), ("scores", None)])
    dialog.form.setCurrentIndex(FORMATS["npy"])
    ask.ready(dialog)
    assert [row[3] for row in dialog.model.rows] == ["exists, will be kept", "new"]
    assert dialog.save_button.text() == "Save 1 file"
    press_save(dialog, qtbot)
    quiet(files)
    assert (folder / "blur.npy").read_text() == "mine"
    assert (folder / "scores.npy").exists()
    dialog = ask([("blur", None)])
    dialog.form.setCurrentIndex(FORMATS["npy"])
    ask.ready(dialog)
    assert not dialog.save_button.isEnabled()
    dialog.replace_existing.setChecked(True)
    assert dialog.model.rows[0][3] == "exists, will be replaced"
    press_save(dialog, qtbot)
    quiet(files)
    np.testing.assert_array_equal(np.load(folder / "blur.npy"), wide.results.maps["blur"].view.array)


def test_a_file_that_appears_meanwhile_is_kept_and_named(wide, files, ask, quiet, qtbot, tmp_path, errors):
    dialog = ask([("blur", None), ("scores", None)])
    (tmp_path / "out" / "cat").mkdir(parents=True)
    (tmp_path / "out" / "cat" / "blur.png").write_text("mine")
    press_save(dialog, qtbot)
    quiet(files)
    assert dialog.isVisible()
    assert dialog.model.rows[0][3] == "exists"
    assert "Files that were not saved: 1 of 2" in dialog.summary.text()
    assert dialog.save_button.text() == "Save 1 file"
    assert len(errors()) == 1
    assert (tmp_path / "out" / "cat" / "blur.png").read_text() == "mine"
    assert (tmp_path / "out" / "cat" / "scores.csv").exists()
    dialog.reject()


def test_one_file_may_have_a_name_of_its_own(wide, files, ask, quiet, qtbot, tmp_path):
    dialog = ask([("mix/maps", 1)])
    dialog.subfolder.setText("")
    dialog.name.setText("figure 3")
    ask.ready(dialog)
    assert dialog.model.rows[0][0] == tmp_path / "out" / "mix" / "figure 3.png"
    press_save(dialog, qtbot)
    quiet(files)
    assert (tmp_path / "out" / "mix" / "figure 3.png").exists()


def test_what_cannot_be_computed_cannot_be_chosen(bench, files, ask, picture, settle):
    bench.document.open_pipeline(
        "Open", fl.Pipeline([("pool", fl.MaxPool2d(100)), ("relu", fl.ReLU())]), None
    )
    bench.document.show_picture("Open", picture)
    settle(bench)
    dialog = ask()
    items = [dialog.tree.topLevelItem(i) for i in range(3)]
    assert [item.isDisabled() for item in items] == [False, True, True]
    assert "100" in items[1].toolTip(0)
    assert items[2].toolTip(0) == "waits for pool"
    assert dialog.model.rows == []
    assert not dialog.save_button.isEnabled()
    dialog.reject()


def test_the_wall_as_a_picture(wide, files, ask, quiet, qtbot, tmp_path):
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    files.wall_image = lambda: image
    dialog = ask()
    dialog.scope.setCurrentIndex(dialog.scope.count() - 1)
    dialog.scope.activated.emit(dialog.scope.count() - 1)
    ask.ready(dialog)
    assert names(dialog) == ["wall.png"]
    press_save(dialog, qtbot)
    quiet(files)
    path = tmp_path / "out" / "cat" / "wall.png"
    assert QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32) == image
    # The second time it is there, and kept.
    dialog = ask()
    dialog.scope.setCurrentIndex(dialog.scope.count() - 1)
    dialog.scope.activated.emit(dialog.scope.count() - 1)
    ask.ready(dialog)
    assert not dialog.save_button.isEnabled()
    dialog.reject()


def test_stopping_before_the_first_file(wide, files, ask, quiet, qtbot, tmp_path):
    dialog = ask([("image", None), ("mix/maps", None)])
    gate = threading.Event()
    wide.background.submit(gate.wait, lambda _: None, pytest.fail)
    dialog.start()
    assert not dialog.save_button.isEnabled()
    assert dialog.progress.isVisible()
    dialog.reject()  # while it writes, this means stop
    assert dialog.isVisible()
    gate.set()
    quiet(files)
    assert "0 of 4 files are written" in dialog.summary.text()
    assert not (tmp_path / "out").exists()
    assert wide.messages.all == []
    dialog.reject()
    assert not dialog.isVisible()


def test_closing_while_the_list_is_made(wide, files, ask, quiet):
    dialog = ask()
    dialog.form.setCurrentIndex(2)
    dialog._ask()
    dialog.reject()
    quiet(files)
    assert wide.messages.all == []


def test_without_a_picture_there_is_nothing_to_save(bench, files, window):
    bench.commands.refresh()
    assert not bench.commands.action("file.save_maps").isEnabled()
    files.save_maps()
    assert window.findChildren(SaveMapsDialog) == []
