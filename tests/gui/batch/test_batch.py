"""Running the pipeline over many pictures from the window."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import tifffile
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

import filterlab as fl
from filterlab.batch import Outcome, Plan, plan
from filterlab.batch.local import crew
from filterlab.batch.tiled import check_tiled, shared, threads_of_each
from filterlab.cli.parser import make_parser
from filterlab.cli.run import settings_of
from filterlab.cli.run.flags import recipe_of
from filterlab.gui.batch import BatchRuns
from filterlab.gui.batch.dialog import BatchDialog
from filterlab.gui.batch.order import BatchProgress
from filterlab.gui.batch.wording import duration_words, progress_words
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.trainer import State
from filterlab.gui.window import MainWindow
from filterlab.images.parts.levels import PictureLevels

OVER = (State.ENDED, State.FAILED, State.STOPPED)
LONG = 120_000  # milliseconds: workers start anew, on a machine that is busy


@pytest.fixture
def pictures(tmp_path, rng):
    """A folder of three pictures and a file that is none."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        fl.write_image(folder / name, rng.random((3, 12, 16)).astype(np.float32), range=(0, 1))
    (folder / "broken.png").write_bytes(b"no picture")
    return folder


@pytest.fixture
def parent(qtbot):
    """The window of a dialog."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def dialog(bench, qtbot, pipeline, pictures, tmp_path, parent, patient_disk):
    """The dialog over a pipeline, with the folder of pictures chosen."""
    bench.document.open_pipeline("Open", pipeline, None)
    made = BatchDialog(bench, parent)
    made.form.inputs.add([pictures])
    made.form.out.setText(str(tmp_path / "out"))
    made.form.processes.setValue(1)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def finished(qtbot):
    """Click Start and wait for the end: `finished(dialog)`."""

    def run(dialog):
        qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
        assert dialog.trainer.state is State.RUNNING, dialog.note.text
        qtbot.waitUntil(lambda: dialog.trainer.state in OVER, timeout=LONG)
        qtbot.waitUntil(lambda: not dialog.trainer.working, timeout=LONG)
        dialog.refresh()

    return run


def test_a_batch_writes_the_maps_and_lists_what_failed_with_its_reason(dialog, finished, pictures, tmp_path):
    finished(dialog)
    assert (dialog.progress.total, dialog.progress.done, dialog.progress.failed) == (4, 3, 1)
    assert dialog.bar.value() == dialog.bar.maximum() == 4
    ((picture, reason),) = dialog.failures.rows
    assert picture == str(pictures / "broken.png")
    assert reason
    assert dialog.failures.data(dialog.failures.index(0, 0)) == "broken.png"
    assert "4 of 4 pictures · failed: 1 · files: " in dialog.words.text()
    for name in "abc":
        assert (tmp_path / "out" / name / "blur.png").exists()
    assert dialog.start_button.isEnabled()


def test_numbers_in_its_files_are_those_of_the_pipeline(dialog, finished, pictures, tmp_path, pipeline):
    dialog.form.format.setCurrentIndex(dialog.form.format.findData("npy"))
    for name in ("sobel", "relu", "blur"):
        dialog.form.maps.tick(name, False)
    finished(dialog)
    out = tmp_path / "out" / "b"
    assert [p.name for p in out.iterdir()] == ["pool.npy"], "only what is ticked"
    expected = pipeline.run(fl.read_image(pictures / "b.png"))["pool"]
    np.testing.assert_array_equal(np.load(out / "pool.npy"), expected)


def test_a_range_that_was_typed_and_the_colours_are_those_of_the_window(bench, qtbot, parent, settle):
    edges = fl.Pipeline([("sobel", fl.Filter2d(fl.kernels.sobel(3)))])
    bench.document.open_pipeline("Open", edges, None)
    bench.document.show_picture("Open", Picture("p", np.random.default_rng(1).random((1, 9, 8), np.float32)))
    settle(bench)
    bench.view.fix(("sobel", None), (-0.5, 0.5))
    form = BatchDialog(bench, parent).form
    assert (form.range.currentData(), form.ends.text()) == ("", "-0.5,0.5")
    assert form.colormap.currentData() == "signed-light"


def test_pictures_show_the_range_that_the_window_shows(dialog, finished, tmp_path, bench):
    assert dialog.form.range.currentData() == "percentile:0.5,99.5", "as the wall"
    finished(dialog)
    with Image.open(tmp_path / "out" / "a" / "sobel.png") as shown:
        low, high = map(float, shown.text["range"].split(","))
    maps = bench.document.pipeline.run(fl.read_image(tmp_path / "in" / "a.png"))
    assert high < np.abs(maps["sobel"]).max()
    assert low == -high


def test_files_that_exist_are_kept_and_two_ways_on_are_offered(dialog, finished, tmp_path, qtbot):
    finished(dialog)
    kept = tmp_path / "out" / "a" / "blur.png"
    kept.write_bytes(b"mine")
    finished(dialog)
    assert kept.read_bytes() == b"mine"
    assert "its maps exist already and were kept" in [reason for _, reason in dialog.failures.rows]
    assert (dialog.progress.done, dialog.progress.kept) == (0, 3)
    assert "Files of 3 pictures exist already" in dialog.note.text
    assert [b.text() for b in dialog.note.buttons] == ["Do what is missing", "Replace them"]
    qtbot.mouseClick(dialog.note.buttons[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.trainer.state in OVER, timeout=LONG)
    assert dialog.form.existing.currentData() == "overwrite", "the form says what was done"
    assert dialog.progress.done == 3
    assert kept.read_bytes() != b"mine"


def test_going_on_leaves_out_what_is_done(dialog, finished, tmp_path):
    finished(dialog)
    dates = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*.png")}
    dialog.form.existing.setCurrentIndex(dialog.form.existing.findData("resume"))
    finished(dialog)
    assert dialog.progress.done == 3
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*.png")} == dates


def test_a_batch_is_stopped_during_a_picture_and_can_go_on(dialog, finished, qtbot, monkeypatch, tmp_path):
    patient = "import time, filterlab.batch.worker as w\nw.read_picture = lambda *a, **o: time.sleep(600)\n"
    with monkeypatch.context() as slow:
        slow.setattr(crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", f"{patient}serve(requests)"))
        qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.progress.total == 4, timeout=LONG)
        assert not dialog.form.isEnabled()
        qtbot.mouseClick(dialog.stop_button, Qt.MouseButton.LeftButton)
        assert dialog.trainer.state is State.STOPPED
        assert "stopped after" in dialog.words.text()
        qtbot.waitUntil(dialog.start_button.isEnabled, timeout=LONG)
    assert not list((tmp_path / "out").rglob("*.png")), "no half-written file"
    (button,) = dialog.note.buttons
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.trainer.state is State.ENDED, timeout=LONG)
    assert dialog.progress.done == 3


def test_what_is_missing_is_said(dialog, qtbot):
    dialog.form.inputs.list.selectAll()
    dialog.form.inputs.remove_chosen()
    qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    assert dialog.trainer.state is State.IDLE
    assert "there are no pictures yet" in dialog.note.text
    dialog.form.inputs.add(["/nowhere"])
    dialog.form.range.setCurrentIndex(dialog.form.range.findData(""))
    assert dialog.form.ends.isVisible()
    dialog.form.ends.setText("1,0")
    qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    assert dialog.trainer.state is State.IDLE
    assert "range" in dialog.note.text


def test_a_folder_that_cannot_be_made_is_said(dialog, tmp_path, qtbot):
    (tmp_path / "file").write_text("")
    dialog.form.out.setText(str(tmp_path / "file" / "maps"))
    qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.trainer.state is State.FAILED, timeout=LONG)
    assert "the folder cannot be made" in dialog.note.text
    assert dialog.note.label.property("role") == "error"


def test_long_reasons_are_wrapped_whole_and_their_rows_can_be_copied(dialog, qtbot):
    reasons = ["too short", " ".join(["the map has more rows than a picture may have"] * 12), "another"]
    dialog.failures.add([Outcome(f"/in/{i}.png", error=reason) for i, reason in enumerate(reasons)])
    dialog.refresh()
    table = dialog.table
    assert dialog.head.text().endswith(": 3")

    def whole():
        width = table.columnWidth(1) - 8  # the margins of a cell
        words = table.fontMetrics().boundingRect(0, 0, width, 9999, Qt.TextFlag.TextWordWrap, reasons[1])
        return table.rowHeight(1) >= words.height() > 2 * table.rowHeight(0)

    qtbot.waitUntil(whole)
    before = table.rowHeight(1)
    dialog.resize(dialog.width() - 150, dialog.height())
    qtbot.waitUntil(lambda: table.rowHeight(1) > before and whole())
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"/in/1.png\t{reasons[1]}\n"


def test_thousands_of_failures_are_measured_only_where_they_are_seen(dialog, qtbot):
    dialog.failures.add([Outcome(f"{i}.png", error="far too long a reason " * 20) for i in range(5000)])
    usual = dialog.table.verticalHeader().defaultSectionSize()
    qtbot.waitUntil(lambda: dialog.table.rowHeight(0) > usual)
    assert dialog.table.rowHeight(2500) == usual
    dialog.table.verticalScrollBar().setValue(dialog.table.verticalScrollBar().maximum() // 2)
    qtbot.waitUntil(lambda: dialog.table.rowHeight(dialog.table.rowAt(0)) > usual)


def test_the_folder_of_the_results_opens_once_there_are_some(dialog, finished, qtbot, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("filterlab.gui.batch.dialog.QDesktopServices.openUrl", opened.append)
    assert not dialog.folder_button.isEnabled()
    finished(dialog)
    qtbot.mouseClick(dialog.folder_button, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "out")]


def test_the_command_asks_for_the_same_settings(dialog, qtbot, tmp_path, bench):
    bench.document.pipeline.save(tmp_path / "p.json")
    bench.document.mark_saved(tmp_path / "p.json", bench.document.pipeline)
    dialog.form.maps.tick("relu", False)
    dialog.form.montage.setChecked(True)
    qtbot.mouseClick(dialog.command_button, Qt.MouseButton.LeftButton)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:3] == ["filterlab", "run", str(tmp_path / "p.json")]
    arguments = make_parser().parse_args(words[1:])
    order = dialog.form.order(bench.document.pipeline)
    assert settings_of(recipe_of(arguments)) == order.settings
    assert arguments.images == [str(tmp_path / "in")]
    assert "jobs" not in arguments  # one is the default
    assert dialog.note.text.startswith("Copied the command for")


@pytest.fixture
def broad(dialog, pictures, rng):
    """A dialog over a picture alone that is larger than a tile of 32 rows and columns."""
    path = pictures / "broad.tif"
    tifffile.imwrite(path, rng.integers(0, 255, (70, 90), np.uint8), rowsperstrip=16)
    dialog.form.inputs.list.clear()
    dialog.form.inputs.add([path])
    for name in ("sobel", "relu", "blur"):
        dialog.form.maps.tick(name, False)
    dialog.form.tile.setText("32")
    return dialog


@pytest.fixture
def in_tiles(monkeypatch):
    """Workers that cannot read a picture as a whole."""
    seen = "import filterlab.batch.worker as w\nw.read_picture = None\n"
    monkeypatch.setattr(crew, "_PROGRAM", crew._PROGRAM.replace("serve(requests)", f"{seen}serve(requests)"))


def test_what_tiles_cannot_do_is_said_before_anything_runs_and_a_button_leads_on(
    broad, qtbot, bench, pictures, tmp_path, in_tiles
):
    qtbot.mouseClick(broad.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: broad.trainer.state is State.FAILED, timeout=LONG)
    assert broad.note.text == "percentiles cannot be found in tiles"
    assert not (tmp_path / "out").exists()
    assert [b.text() for b in broad.note.buttons] == ["Colours by the extremes", "Write TIFF"]
    qtbot.mouseClick(broad.note.buttons[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: broad.trainer.state is State.ENDED, timeout=LONG)
    assert (broad.progress.done, broad.failures.rows) == (1, [])
    expected = bench.document.pipeline.run(fl.read_image(pictures / "broad.tif"))["pool"]
    found = tifffile.imread(tmp_path / "out" / "broad" / "pool.tiff")
    np.testing.assert_array_equal(found.reshape(expected.shape), expected)


def test_a_contact_sheet_can_be_left_out_where_tiles_are_needed(broad, qtbot, monkeypatch):
    broad.form.show_format("npy")
    broad.form.montage.setChecked(True)
    assert broad.form.montage.isHidden(), "asked for, tiles exclude it"
    assert not broad.form.order(fl.Pipeline([("pool", fl.MaxPool2d(2))])).settings.montage
    broad.form.tile.clear()
    broad.form.memory.setText("9G")  # each thread takes some of it, and machines have many
    assert not broad.form.montage.isHidden()
    monkeypatch.setattr("filterlab.batch.tiled.fits_whole", lambda *_: False)
    qtbot.mouseClick(broad.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: broad.trainer.state is State.FAILED, timeout=LONG)
    assert broad.note.text == "a contact sheet cannot be made in tiles"
    begun = []
    monkeypatch.setattr(broad.trainer, "start", lambda *_: begun.append(broad.order.settings.montage))
    qtbot.mouseClick(broad.note.buttons[0], Qt.MouseButton.LeftButton)
    assert begun == [False]


@pytest.mark.parametrize(
    ("memory", "tile", "words"),
    [("much", "", "memory is 'much'"), ("", "9", "tile is 9"), ("1M", "", "it needs")],
)
def test_bounds_that_cannot_be_kept_are_said(memory, tile, words, broad, qtbot, tmp_path):
    broad.form.memory.setText(memory)
    broad.form.tile.setText(tile)
    qtbot.mouseClick(broad.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: words in broad.note.text, timeout=LONG)
    assert not (tmp_path / "out").exists()


def test_the_command_bounds_memory_and_tiles_as_the_dialog_does(broad, qtbot, bench, tmp_path):
    bench.document.mark_saved(tmp_path / "p.json", bench.document.pipeline)
    assert broad.form.compress.isHidden(), "of tiff alone"
    broad.form.show_format("tiff")
    broad.form.memory.setText("3G")
    broad.form.pyramid.setChecked(True)
    qtbot.mouseClick(broad.command_button, Qt.MouseButton.LeftButton)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[words.index("--memory") :][:2] == ["--memory", "3G"]
    bench.document.pipeline.save(words[2])
    arguments = make_parser().parse_args(words[1:])
    order = broad.form.order(bench.document.pipeline)
    assert settings_of(recipe_of(arguments)) == order.settings
    assert (order.settings.memory, order.settings.tile, order.settings.pyramid) == (3 << 30, 32, True)


def test_without_an_answer_there_is_no_bound_as_on_the_command_line(dialog, bench):
    settings = dialog.form.order(bench.document.pipeline).settings
    assert (settings.memory, settings.tile) == (None, None)


@pytest.mark.parametrize("threads", [1, 64])
def test_the_memory_that_is_proposed_for_a_picture_larger_than_memory_is_judged_to_suffice(
    threads, bench, pictures, parent, pipeline, monkeypatch
):
    for module in ("filterlab.run.tiling.fitting", "filterlab.batch.tiled"):
        monkeypatch.setattr(f"{module}.thread_count", lambda: threads)
    path = pictures / "broad.tif"
    tifffile.imwrite(path, np.zeros((70, 90), np.uint8), rowsperstrip=16)
    levels = PictureLevels(path)
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open", Picture("broad", levels, path))
    bench.results.budget = 40 << 20
    form = BatchDialog(bench, parent).form
    form.inputs.add([path])
    form.show_format("tiff")
    order = form.order(pipeline)
    count, each = order.processes, threads_of_each(order.processes)
    assert order.settings.memory < count * ((1 << 30) + each * (8 << 20))
    # Both raise where it is too little for them, each of which has threads that take some of it, too.
    own = shared(order.settings, count, apart=True, threads=each)
    check_tiled(own, plan(order.inputs).jobs, threads=each)


def test_files_are_dropped_on_the_list(dialog, pictures):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pictures / "a.png"))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.setDropAction(Qt.DropAction.MoveAction)
    dialog.form.inputs.list.dropEvent(event)
    assert event.dropAction() is Qt.DropAction.CopyAction
    assert dialog.form.inputs.paths == (str(pictures), str(pictures / "a.png"))


def test_rows_of_colours_belong_to_png_alone(dialog):
    form = dialog.form
    for format_, shown in (("tiff", False), ("png", True)):
        form.format.setCurrentIndex(form.format.findData(format_))
        assert form.range.isVisible() is form.colormap.isVisible() is form.split.isVisible() is shown


def test_the_maps_follow_the_pipeline(dialog, bench):
    dialog.form.maps.tick("relu", False)
    longer = fl.Pipeline([*bench.document.pipeline.nodes, ("more", fl.Abs())])
    bench.document.edit("Add", longer)
    assert dialog.form.maps.all == ["sobel", "relu", "pool", "blur", "more"]
    assert "relu" not in dialog.form.maps.ticked
    assert "more" in dialog.form.maps.ticked


def test_the_command_of_the_menu_shows_one_dialog_that_goes_on_when_it_is_closed(
    bench, pipeline, pictures, tmp_path, qtbot, parent
):
    runs = BatchRuns(bench, parent)
    bench.commands.refresh()
    action = bench.commands.action("file.batch")
    assert not action.isEnabled(), "an empty pipeline writes nothing"
    bench.document.open_pipeline("Open", pipeline, None)
    bench.commands.refresh()
    action.trigger()
    dialog = runs.dialog
    assert dialog.isVisible()
    dialog.form.inputs.add([pictures])
    dialog.form.out.setText(str(tmp_path / "out"))
    dialog.begin()
    dialog.close()
    qtbot.waitUntil(lambda: dialog.trainer.state is State.ENDED, timeout=LONG)
    assert "4 of 4 pictures" in bench.messages.all[-1].text
    action.trigger()
    assert runs.dialog is dialog
    assert dialog.isVisible()


def test_rate_and_time_left_are_those_of_the_last_seconds():
    now = [100.0]
    progress = BatchProgress(lambda: now[0])
    assert (progress.rate(), progress.left()) == (None, None)
    progress.total = 100
    for _ in range(10):  # ten pictures of which an earlier run has done all
        progress.add(Outcome("x", ("a", "b")))
    for _ in range(30):
        now[0] += 2
        progress.add(Outcome("x", ("a", "b")))
    assert progress.rate() == pytest.approx(0.5, rel=0.1)
    assert progress.left() == pytest.approx(120, rel=0.1)
    assert "40 of 100 pictures · files: 80 · 0.5" in progress_words(progress, State.RUNNING)
    progress.end()
    now[0] += 1000
    assert progress_words(progress, State.ENDED).endswith("done in 1 min 0 s")


def test_tiles_count_as_parts_of_a_picture(dialog):
    now = [100.0]
    progress = dialog.progress = BatchProgress(lambda: now[0])
    dialog._take_reports([Plan((Mock(), Mock()))])
    now[0] += 10
    dialog._take_reports([0.125, 0.5])
    assert dialog.bar.value() / dialog.bar.maximum() == 0.25
    assert progress.rate() == pytest.approx(0.05)
    assert progress.left() == pytest.approx(30)
    dialog._take([Outcome("x", ("a",))])
    dialog._take_reports([0.99])  # of the picture that has ended meanwhile
    assert dialog.bar.value() / dialog.bar.maximum() == 0.5
    dialog._take_reports([1.5])
    assert dialog.bar.value() / dialog.bar.maximum() == 0.75
    assert progress_words(progress, State.RUNNING).startswith("1 of 2 pictures")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.6, "1 min 0 s"), (61, "1 min 1 s"), (3599.7, "1 h 0 min"), (7500, "2 h 5 min")],
)
def test_times_are_said_in_two_units(seconds, words):
    assert duration_words(seconds) == words


def test_a_new_dialog_offers_the_folder_of_the_picture(bench, pipeline, picture, pictures, parent):
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open", replace(picture, path=pictures / "a.png"))
    dialog = BatchDialog(bench, parent)
    assert Path(dialog.form.out.text()) == pictures / "maps"


def test_the_file_menu_offers_it_after_saving(bench, qtbot):
    window = MainWindow(bench)
    qtbot.addWidget(window)
    # The action is held: with the wrapper of the last reference to it, PySide would delete its menu.
    (title,) = (action for action in window.menuBar().actions() if action.text() == "&File")
    names = [action.objectName() for action in title.menu().actions()]
    assert names.index("file.save") < names.index("file.batch") < names.index("file.quit")
