"""While a large file is read, the window says so, and Esc gives it up."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Work
from filterlab.gui.files import LoadingStrip, Session
from filterlab.gui.files.reading import Opened
from filterlab.gui.window import MainWindow


@pytest.fixture
def window(qtbot, bench):
    made = MainWindow(bench)
    qtbot.addWidget(made)
    made.show()
    yield made
    bench.document.restore(Work(), saved=True)


@pytest.fixture
def strip(window):
    (found,) = window.findChildren(LoadingStrip)
    return found


@pytest.fixture
def slow(monkeypatch):
    """Reading a file waits until `go` is set; `go` is set at the end, or the thread would stay."""
    go = threading.Event()
    real = Opened("picture", np.ones((1, 4, 4), np.float32), None)

    def read(path, *_, **__):
        if "large" in path.name:
            assert go.wait(120)
        return real

    monkeypatch.setattr("filterlab.gui.files.opening.read", read)
    yield go
    go.set()


def test_a_file_that_takes_long_is_named_until_it_is_there(window, bench, strip, slow, qtbot, tmp_path):
    window.files.open_paths([tmp_path / "large.tif"])
    assert strip.isHidden()  # most files are there before it would be seen
    qtbot.waitUntil(strip.isVisible)
    assert strip.label.text() == "Opening large.tif…"
    assert (strip.bar.minimum(), strip.bar.maximum()) == (0, 0)
    slow.set()
    qtbot.waitUntil(strip.isHidden)
    qtbot.waitUntil(lambda: bench.document.picture is not None)


def test_it_says_so_within_200_milliseconds(strip):
    assert strip._timer.interval() < 200


@pytest.mark.parametrize("how", ["esc", "button"])
def test_reading_is_given_up(window, opened, strip, slow, qtbot, tmp_path, how):
    """Esc means the strip and not the pin, which stays; and the next file is not kept waiting."""
    picture = opened.document.picture
    opened.selection.set_pin(Spot("pool", 0, 3, 3))
    window.files.open_paths([tmp_path / "large.tif"])
    qtbot.waitUntil(strip.isVisible)
    if how == "esc":
        qtbot.keyClick(window.wall.view, Qt.Key.Key_Escape)
    else:
        qtbot.mouseClick(strip.button, Qt.MouseButton.LeftButton)
    assert strip.isHidden()
    assert opened.background.loading == []
    # The recovery file may have been waiting behind the reader, which is still at work.
    qtbot.waitUntil(lambda: not opened.background.busy)
    assert opened.selection.pin is not None
    assert opened.messages.all[-1].text == "large.tif was not opened: cancelled"
    window.files.open_paths([tmp_path / "small.tif"])
    qtbot.waitUntil(lambda: opened.document.picture is not picture)
    assert opened.document.picture.name == "small.tif"
    slow.set()
    qtbot.wait(50)
    assert opened.document.picture.name == "small.tif"
    qtbot.keyClick(window.wall.view, Qt.Key.Key_Escape)
    assert opened.selection.pin is None


def large_session(bench, monkeypatch, pipeline):
    """A session file that is too large to be read before the window appears."""
    monkeypatch.setattr("filterlab.gui.files.session.session.AT_ONCE", 10)
    session = Session(bench)
    bench.document.open_pipeline("Open", pipeline, None)
    session.save()
    bench.document.restore(Work(), saved=True)
    return session.file


def test_a_large_session_comes_back_in_the_background(bench, pipeline, qtbot, monkeypatch):
    large_session(bench, monkeypatch, pipeline)
    session = Session(bench)
    session.restore()
    assert len(bench.document.pipeline) == 0
    assert bench.background.loading == ["the last session"]
    qtbot.waitUntil(lambda: bench.document.pipeline == pipeline)
    session.recovery.end()


@pytest.mark.parametrize("cancelled", [True, False])
def test_closing_before_a_large_session_is_back_loses_nothing(bench, pipeline, qtbot, monkeypatch, cancelled):
    file = large_session(bench, monkeypatch, pipeline)
    before = file.read_bytes()
    session = Session(bench)
    session.restore()
    if cancelled:
        bench.background.cancel()
    session.save()
    kept = file.with_name("session-before.json") if cancelled else file
    assert kept.read_bytes() == before
