"""Restoring what was open, and what a crash left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.files import Files, Session
from filterlab.gui.files.reading import levels_of
from filterlab.gui.files.session.file import MOST_NUMBERS, from_text, read_state
from filterlab.images.parts.levels import PictureLevels


class Frame:
    """Stands in for the window, with the methods that a session needs."""

    def __init__(self):
        self.state = {}

    def layout_state(self):
        return self.state

    def restore_layout(self, state):
        self.state = state


@pytest.fixture
def start(tmp_path, qtbot):
    """Start the program again on the same folder: `bench, session, frame = start()`."""
    running = []

    def run():
        bench, frame = Workbench(tmp_path / "home"), Frame()
        session = Session(bench, frame)
        running.append((bench, session))
        return bench, session, frame

    yield run
    for bench, session in running:
        session.recovery.end()
        bench.close()
        session.deleteLater()
        bench.deleteLater()


@pytest.fixture
def idle(qtbot):
    def wait(bench):
        for _ in range(3):
            QCoreApplication.processEvents()
            qtbot.waitUntil(lambda: not (bench.background.busy or bench.results.busy))

    return wait


def restored(start, idle):
    """The bench of the program started again, with what was open."""
    bench, session, _ = start()
    session.restore()
    idle(bench)
    return bench


def worked(bench, on_disk, pipeline):
    """A picture and a pipeline from disk, viewed in an unusual way."""
    path = on_disk / "cat.png"
    bench.document.open_pipeline("Open", pipeline, on_disk / "edges.json")
    bench.document.show_picture("Open", Picture("cat.png", fl.read_image(path), path))
    bench.view.set(mode="single", scope="common", colormap="viridis", crop=(1.0, 2.0, 10.0, 12.0))
    bench.selection.set_pin(Spot("pool", 1, 3, 4))
    bench.selection.select("sobel")


def levels(bench):
    return [(message.level, message.text) for message in bench.messages.all]


def test_a_session_is_there_again(start, idle, on_disk, pipeline):
    bench, session, frame = start()
    worked(bench, on_disk, pipeline)
    frame.state = {"window": "c2l6ZQ=="}
    look = bench.view.look
    session.save()
    bench, session, frame = start()
    session.restore()
    assert bench.document.pipeline == pipeline  # at once; the picture is being read
    idle(bench)
    assert bench.document.path == on_disk / "edges.json"
    assert not bench.document.modified
    np.testing.assert_array_equal(bench.document.picture.pixels, fl.read_image(on_disk / "cat.png"))
    assert bench.document.picture.path == on_disk / "cat.png"
    assert bench.view.look == look
    assert bench.selection.pin == Spot("pool", 1, 3, 4)
    assert bench.selection.node == "sobel"
    assert frame.state == {"window": "c2l6ZQ=="}
    assert bench.document.history.labels == [""]
    assert levels(bench) == []
    assert "pool" in bench.results.maps


def test_a_picture_that_is_larger_than_memory_is_read_in_parts_again(start, idle, tmp_path, pipeline):
    path = tmp_path / "large.npy"
    np.save(path, np.random.default_rng(1).random((600, 800), np.float32))
    bench, session, _ = start()
    bench.set_map_memory(1)
    bench.document.open_pipeline("Open", pipeline, None)
    bench.document.show_picture("Open", Picture("large.npy", levels_of(path, 1 << 20), path))
    idle(bench)
    session.save()
    bench = restored(start, idle)
    picture = bench.document.picture
    assert isinstance(picture.pixels, PictureLevels)
    assert (picture.path, picture.shape) == (path, (1, 600, 800))
    assert "pool" in bench.results.maps
    assert levels(bench) == []


def test_the_title_of_an_example_is_there_again(start, pipeline):
    bench, session, _ = start()
    bench.document.open_pipeline("Open", pipeline, None, title="Edges")
    session.save()
    bench, session, _ = start()
    session.restore()
    assert bench.document.work.name == "Edges"
    assert bench.document.path is None


def test_the_first_start_is_empty(start, idle):
    bench = restored(start, idle)
    assert bench.document.picture is None
    assert levels(bench) == []


def test_a_picture_that_is_gone_is_named_and_the_rest_is_there(start, idle, on_disk, pipeline):
    bench, session, _ = start()
    worked(bench, on_disk, pipeline)
    session.save()
    (on_disk / "cat.png").unlink()
    bench = restored(start, idle)
    assert bench.document.pipeline == pipeline
    assert bench.document.picture is None
    ((level, text),) = levels(bench)
    assert level == "error"
    assert text.startswith("cat.png was not opened again; the rest of the session is restored")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": "other"}',
        b'{"format": "filterlab-session/1", "pipeline": 3}',
        b"\xff\0",
    ],
)
def test_a_broken_session_is_kept_under_another_name(start, idle, content):
    bench, session, _ = start()
    bench.folder.mkdir(parents=True, exist_ok=True)
    session.file.write_bytes(content)
    session.restore()
    idle(bench)
    ((level, text),) = levels(bench)
    assert level == "error"
    assert text.startswith("The last session was not restored")
    assert len(bench.document.pipeline) == 0
    assert (bench.folder / "session-broken.json").read_bytes() == content
    assert not session.file.exists()


def test_a_pipeline_file_that_changed_meanwhile_makes_the_work_unsaved(start, idle, on_disk, pipeline, box):
    bench, session, _ = start()
    worked(bench, on_disk, pipeline)
    session.save()
    box.save(on_disk / "edges.json")
    bench = restored(start, idle)
    assert bench.document.pipeline == pipeline
    assert bench.document.modified
    assert levels(bench) == [("warning", "edges.json was changed or removed meanwhile")]


def test_pasted_pictures_come_back_and_are_swept_when_not_needed(start, idle, pipeline):
    bench, session, _ = start()
    pixels = np.random.default_rng(0).standard_normal((3, 5, 6)).astype(np.float32)
    bench.document.show_picture("Paste", Picture("first", pixels + 1))
    bench.document.show_picture("Paste", Picture("pasted picture", pixels))
    session.save()
    idle(bench)
    assert len(list((bench.folder / "pictures").iterdir())) == 1
    for _ in range(2):  # and again from there
        bench, session, _ = start()
        session.restore()
        idle(bench)
        np.testing.assert_array_equal(bench.document.picture.pixels, pixels)
        assert (bench.document.picture.name, bench.document.picture.path) == ("pasted picture", None)
        session.save()
        idle(bench)
    bench.document.show_picture("Close", None)
    session.save()
    assert list((bench.folder / "pictures").iterdir()) == []


def test_what_is_opened_while_the_picture_is_read_stays(start, idle, on_disk, pipeline, picture):
    bench, session, _ = start()
    worked(bench, on_disk, pipeline)
    session.save()
    bench, session, _ = start()
    session.restore()
    bench.document.show_picture("Open", picture)
    idle(bench)
    assert bench.document.picture is picture


def test_closing_while_the_picture_is_read_keeps_it_in_the_session(start, idle, on_disk, pipeline):
    bench, session, _ = start()
    worked(bench, on_disk, pipeline)
    session.save()
    bench, session, _ = start()
    session.restore()
    session.save()
    assert read_state(session.file).picture == on_disk / "cat.png"
    idle(bench)


def test_of_two_windows_the_last_to_close_is_the_session(start, idle, pipeline, box):
    one, first, _ = start()
    two, second, _ = start()
    one.document.open_pipeline("Open", pipeline, None)
    two.document.open_pipeline("Open", box, None)
    second.save()
    first.save()
    bench, session, _ = start()
    session.restore()
    assert bench.document.pipeline == pipeline


def test_a_session_that_cannot_be_written_says_so(start, pipeline):
    bench, session, _ = start()
    bench.document.open_pipeline("Open", pipeline, None)
    session.file.mkdir(parents=True)
    session.save()
    assert levels(bench)[0][1].startswith("The session was not saved")


# -- the file ---------------------------------------------------------------------------------------------


def test_nonsense_in_a_session_is_at_its_default(tmp_path):
    text = json.dumps(
        {
            "format": "filterlab-session/1",
            "pipeline": {"format": "filterlab/1", "nodes": []},
            "pin": ["a", -1, 0, 0],
            "picture": 3,
            "window": {"a": 1, "b": "x"},
            "look": [],
            "saved": "yes",
        }
    )
    state = from_text(text, tmp_path)
    assert (state.pin, state.picture, state.window, state.look, state.saved) == (
        None,
        None,
        {"b": "x"},
        {},
        False,
    )


# -- recovery ---------------------------------------------------------------------------------------------


def recovery_files(bench):
    # Not those that are being written, whose names begin with a dot until they are whole.
    return sorted((bench.folder / "recovery").glob("[!.]*.json"))


def written(bench, qtbot, wanted):
    """Wait until the one recovery file holds what is wanted."""

    def there():
        files = recovery_files(bench)
        return len(files) == 1 and wanted(read_state(files[0]))

    qtbot.waitUntil(there)


def test_what_is_open_is_written_soon_and_removed_when_nothing_is(
    start, idle, qtbot, pipeline, box, tmp_path, picture
):
    bench, session, _ = start()
    session.recovery._quiet.setInterval(1)
    QCoreApplication.processEvents()
    assert recovery_files(bench) == []  # nothing to lose
    bench.document.open_pipeline("Open", pipeline, None)
    written(bench, qtbot, lambda state: state.saved and state.pipeline == pipeline)
    bench.document.edit("Change", box)
    written(bench, qtbot, lambda state: not state.saved and state.pipeline == box)
    idle(bench)
    box.save(tmp_path / "box.json")
    bench.document.mark_saved(tmp_path / "box.json")
    written(bench, qtbot, lambda state: state.saved and state.path == tmp_path / "box.json")
    idle(bench)
    bench.document.open_pipeline("Close", fl.Pipeline(), None)
    assert recovery_files(bench) == []
    bench.document.show_picture("Open", picture)
    written(bench, qtbot, lambda state: state.picture is not None)
    idle(bench)


def test_many_weights_of_a_saved_pipeline_are_read_from_its_file_again(start, idle, qtbot, tmp_path):
    weight = np.random.default_rng(0).standard_normal((MOST_NUMBERS // 25 + 1, 1, 5, 5)).astype(np.float32)
    big, file = fl.Pipeline([("big", fl.Conv2d(weight)), ("relu", fl.ReLU())]), tmp_path / "big.safetensors"
    big.save(file)
    bench, session, _ = start()
    session.recovery._quiet.setInterval(1)
    bench.document.open_pipeline("Open", big, file)
    bench.selection.select("relu")
    written(bench, qtbot, lambda state: state.elsewhere and len(state.pipeline) == 0)
    idle(bench)
    session.recovery._lock.unlock()  # as if its process had ended
    other, second, _ = start()
    second.restore()
    assert other.document.path is None  # until it is there: saving would write nothing over it
    assert (second.state().path, second.state().elsewhere) == (file, True)
    idle(other)
    assert other.document.pipeline == big
    assert (other.document.path, other.document.modified, other.selection.node) == (file, False, "relu")
    file.unlink()
    second.recovery._lock.unlock()
    third, session, _ = start()
    session.restore()
    idle(third)
    assert levels(third)[-1][0] == "error"
    assert levels(third)[-1][1].startswith("big.safetensors was not opened again")
    assert third.document.path is None


def test_edits_without_a_pause_are_written_too(start, idle, qtbot, box, pipeline):
    bench, session, _ = start()
    session.recovery._quiet.setInterval(60_000)
    session.recovery._longest.setInterval(1)
    bench.document.edit("Change", pipeline)
    bench.document.edit("Change again", box)
    assert recovery_files(bench) == []
    qtbot.waitUntil(lambda: len(recovery_files(bench)) == 1)
    assert read_state(recovery_files(bench)[0]).pipeline == box


def test_a_clean_end_leaves_nothing(start, idle, box):
    bench, session, _ = start()
    bench.document.edit("Change", box)
    session.recovery.write()
    session.save()
    idle(bench)
    assert list((bench.folder / "recovery").iterdir()) == []


CRASH = """
    import os, sys
    from pathlib import Path
    import filterlab as fl
    from PySide6.QtWidgets import QApplication
    from filterlab.gui.files import Session
    from filterlab.gui.bench.work import Picture
    from filterlab.gui.bench.workbench import Workbench

    application = QApplication([])
    bench = Workbench(Path(sys.argv[1]))
    session = Session(bench)
    path = Path(sys.argv[2])
    bench.document.show_picture("Open", Picture(path.name, fl.read_image(path), path))
    box = fl.Pipeline([("box", fl.Filter2d(fl.kernels.box(5)))])
    if "edited" in sys.argv:
        bench.document.edit("Change", box)
    else:
        bench.document.open_pipeline("Open", box, None)
    session.recovery.write()
    while bench.background.busy:
        application.processEvents()
    os._exit(1)
"""


def crash(tmp_path, on_disk, how="edited"):
    code = textwrap.dedent(CRASH)
    command = [sys.executable, "-c", code, str(tmp_path / "home"), str(on_disk / "cat.png"), how]
    result = subprocess.run(
        command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=300, check=False
    )
    assert result.returncode == 1


def test_work_comes_back_after_a_crash(start, idle, tmp_path, on_disk, box):
    crash(tmp_path, on_disk)
    bench, session, _ = start()
    (left,) = recovery_files(bench)
    session.restore()
    idle(bench)
    assert bench.document.pipeline == box
    assert bench.document.modified
    assert bench.document.picture.path == on_disk / "cat.png"
    assert levels(bench)[0][0] == "warning"
    assert "unexpectedly" in levels(bench)[0][1]
    # It is this window's now, and safe from the next crash.
    (own,) = recovery_files(bench)
    assert own != left
    state = read_state(own)
    assert (state.pipeline, state.picture) == (box, on_disk / "cat.png")


def test_what_was_only_opened_comes_back_after_a_crash_too(start, idle, tmp_path, on_disk, box):
    crash(tmp_path, on_disk, "opened")
    bench = restored(start, idle)
    assert bench.document.pipeline == box
    assert not bench.document.modified
    assert bench.document.picture.path == on_disk / "cat.png"
    assert levels(bench) == [("warning", "FilterLab ended unexpectedly; what was open is back")]
    assert len(recovery_files(bench)) == 1


def test_unsaved_work_comes_back_before_what_was_only_opened(start, idle, tmp_path, on_disk):
    crash(tmp_path, on_disk, "edited")
    crash(tmp_path, on_disk, "opened")
    modified = []
    for _ in range(2):
        bench, session, _ = start()
        session.restore()
        idle(bench)
        modified.append(bench.document.modified)
    assert modified == [True, False]


def test_windows_that_live_are_left_alone(start, idle, box, pipeline):
    bench, session, _ = start()
    bench.document.edit("Change", box)
    session.recovery.write()
    idle(bench)
    other, second, _ = start()
    second.restore()
    idle(other)
    assert len(other.document.pipeline) == 0
    assert levels(other) == []
    assert len(recovery_files(bench)) == 1


def test_two_crashes_come_back_in_two_windows(start, idle, tmp_path, on_disk, box):
    crash(tmp_path, on_disk)
    crash(tmp_path, on_disk)
    for _ in range(2):
        bench, session, _ = start()
        session.restore()
        idle(bench)
        assert bench.document.pipeline == box
    third, session, _ = start()
    session.restore()
    assert len(third.document.pipeline) == 0


def test_a_broken_recovery_file_is_renamed_and_the_session_restored(start, idle, pipeline):
    bench, session, _ = start()
    bench.document.open_pipeline("Open", pipeline, None)
    session.save()
    broken = bench.folder / "recovery" / "1-aa.json"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("{")
    bench, session, _ = start()
    session.restore()
    assert bench.document.pipeline == pipeline
    assert levels(bench)[0][1].startswith("A recovery file cannot be read")
    assert broken.with_suffix(".broken").read_text() == "{"


def test_discarding_leaves_the_saved_pipeline_in_the_session(start, idle, window, on_disk, pipeline, box):
    bench, session, _ = start()
    files = Files(bench, window)
    worked(bench, on_disk, pipeline)
    bench.document.edit("Change", box)
    session.recovery.write()
    files.saving.answer("discard", session.save)
    idle(bench)
    bench = restored(start, idle)
    assert bench.document.pipeline == pipeline
    assert bench.document.path == on_disk / "edges.json"
    assert not bench.document.modified
