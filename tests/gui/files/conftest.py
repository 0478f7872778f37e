"""Files, a start page and files on disk to open."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QWidget

import filterlab as fl
from filterlab.gui.files import Files


@pytest.fixture
def window(qtbot, bench):
    """An empty window, the parent of the dialogs."""
    widget = QWidget()
    widget.resize(900, 600)
    qtbot.addWidget(widget)
    return widget


@pytest.fixture(scope="session")
def kept_thumbnails(tmp_path_factory):
    """A folder in which thumbnails stay, because making all of them takes seconds."""
    return tmp_path_factory.mktemp("thumbnails")


@pytest.fixture
def files(bench, window, kept_thumbnails):
    """The `Files` of the window."""
    made = Files(bench, window)
    made.thumbnails._folder = kept_thumbnails
    return made


@pytest.fixture
def quiet(qtbot):
    """Wait until nothing is read, written or computed: `quiet(files)`."""

    def wait(files):
        bench = files._bench
        for _ in range(3):
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            qtbot.waitUntil(lambda: not (bench.background.busy or files.previews.busy or bench.results.busy))
        QCoreApplication.processEvents()

    return wait


@pytest.fixture
def child(window, qtbot):
    """The open dialog of a kind: `child(QFileDialog)`."""

    def find(kind):
        found = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
        assert len(found) == 1, found
        return found[0]

    return find


@pytest.fixture
def on_disk(tmp_path, pipeline):
    """A folder with a picture, a pipeline and a kernel."""
    folder = tmp_path / "work"
    folder.mkdir()
    rng = np.random.default_rng(3)
    Image.fromarray(rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)).save(folder / "cat.png")
    pipeline.save(folder / "edges.json")
    (folder / "laplace.csv").write_text("0,1,0\n1,-4,1\n0,1,0\n")
    return folder


@pytest.fixture
def drag():
    """A drag event of a kind with mime data: `drag(QDropEvent, mime)`."""

    def make(kind, mime):
        position = QPoint(5, 5) if kind is QDragEnterEvent else QPointF(5, 5)
        action = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction  # as file managers offer
        with warnings.catch_warnings():
            # The constructor of entering is deprecated, and there is no other.
            warnings.simplefilter("ignore", DeprecationWarning)
            return kind(position, action, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)

    return make


@pytest.fixture
def errors(bench):
    """The texts of all errors so far: `errors()`."""
    return lambda: [message for message in bench.messages.all if message.level == "error"]


@pytest.fixture
def box():
    """Another pipeline than the usual one."""
    return fl.Pipeline([("box", fl.Filter2d(fl.kernels.box(5)))])
