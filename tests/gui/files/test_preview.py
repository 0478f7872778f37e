"""A large JPEG is seen at a fraction of its size while the whole of it is being read."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PIL import Image

from filterlab.errors import FileError
from filterlab.gui.bench.work import Work
from filterlab.gui.files import preview
from filterlab.gui.files.reading import Opened
from filterlab.gui.window import MainWindow


@pytest.fixture
def go(monkeypatch):
    """Reading a file as a whole waits until `go` is set, and any JPEG of 64 pixels counts as large."""
    found = threading.Event()
    monkeypatch.setattr(preview, "SIDE", 32)
    monkeypatch.setattr(preview, "LEAST", 64)

    def read(path, *_, **__):
        assert found.wait(120)
        if path.name == "broken.jpg":
            raise FileError("it is broken", path.name)
        return Opened("picture", np.full((3, 64, 96), 0.5, np.float32), path)

    monkeypatch.setattr("filterlab.gui.files.opening.read", read)
    yield found
    found.set()


@pytest.fixture
def window(qtbot, bench, go):
    made = MainWindow(bench)
    made.show()
    yield made
    go.set()
    qtbot.waitUntil(lambda: not bench.background.busy)
    bench.document.restore(Work(), saved=True)
    made.close()
    made.deleteLater()


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    Image.fromarray(np.full((64, 96, 3), (200, 30, 30), np.uint8)).save(path)
    return path


def test_it_stands_in_for_the_picture_and_says_what_it_is(window, bench, go, photo, qtbot):
    window.files.open_paths([photo])
    qtbot.waitUntil(lambda: window.preview.active)
    assert window.centre.currentWidget() is window.preview
    assert window.preview.words == (
        "Preview of photo.jpg at 1/2 of its size; the whole picture is being read"
    )
    assert window.preview.accessibleName() == window.preview.words
    seen = window.preview.grab().toImage()
    assert seen.pixelColor(seen.width() // 2, seen.height() // 2).red() > 150
    assert bench.document.picture is None, "nothing is computed from a preview"
    go.set()
    qtbot.waitUntil(lambda: not window.preview.active)
    assert bench.document.picture.shape == (3, 64, 96)
    assert window.centre.currentWidget() is not window.preview


def test_cancelling_takes_it_away(window, bench, photo, qtbot):
    window.files.open_paths([photo])
    qtbot.waitUntil(lambda: window.preview.active)
    bench.background.cancel()
    qtbot.waitUntil(lambda: not window.preview.active)
    assert window.centre.currentWidget() is window.start_page


def test_what_has_no_preview_says_nothing_of_it(window, bench, go, tmp_path, qtbot):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    window.files.open_paths([broken])
    qtbot.waitUntil(lambda: not window.files.previews.busy)
    assert not window.preview.active
    go.set()
    qtbot.waitUntil(lambda: bool(bench.messages.all))
    assert len(bench.messages.all) == 1
