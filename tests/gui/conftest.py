"""Real widgets without a screen. A Qt warning fails the test, and so does a widget that outlives it."""

from __future__ import annotations

import gc
import os
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="en")  # the language of the system, whoever runs the tests

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import filterlab as fl
from filterlab.gui.bench import document
from filterlab.gui.bench.history import History
from filterlab.gui.bench.work import Picture, Work
from filterlab.gui.bench.workbench import Workbench

PATIENCE = 120_000  # milliseconds


class PatientBot(QtBot):
    """Waits until something is there, however slow the machine is that others use, too: five seconds are too few."""

    def waitUntil(self, callback, *, timeout=PATIENCE):  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=PATIENCE, **options):  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitActive(self, widget, *, timeout=PATIENCE):  # noqa: N802
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget, *, timeout=PATIENCE):  # noqa: N802
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp, request):
    """The one of pytest-qt, with more patience."""
    return PatientBot(request)


@pytest.fixture(scope="module", autouse=True)
def quick_collections(qapp):
    """What was there before the tests of a file is not looked at by each of the collections of `no_leaks`."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_hands():
    """Edits that follow each other in a test are a quick hand's, also where the machine pauses between them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "History", partial(History, clock=lambda: 0.0))
        yield


@pytest.fixture(autouse=True)
def mouse_away(qapp):
    """Keep the mouse out of a test's windows until the test moves it: Qt marks what lies below it."""
    QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())


@pytest.fixture(autouse=True)
def no_leaks(qapp):
    """Every top-level widget that a test makes is gone after it."""
    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    yield
    for _ in range(3):  # what is deleted may have held others
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before]
        # Qt keeps the list of the style's own tool tip label.
        left = [widget for widget in left if type(widget).__name__ != "QTipLabel"]
        if not left:
            return
    pytest.fail(f"widgets that outlive the test: {left}")


@pytest.fixture
def bench(qapp, tmp_path):
    """A workbench with its own settings folder and nothing opened."""
    workbench = Workbench(tmp_path / "home")
    yield workbench
    workbench.close()
    workbench.deleteLater()


@pytest.fixture
def picture():
    """A colour picture of 48 x 64 with gradients and an edge, different in each channel."""
    rows, cols = np.mgrid[0:48, 0:64].astype(np.float32)
    planes = np.stack([rows / 47, cols / 63, ((rows > 20) & (cols > 30)).astype(np.float32)])
    return Picture("test picture", planes)


@pytest.fixture
def pipeline():
    """A chain with a branch: sobel -> relu -> pool, and blur of the picture beside it."""
    return fl.Pipeline(
        [
            fl.Node("sobel", fl.Filter2d(fl.kernels.sobel(3)), ("image",)),
            fl.Node("relu", fl.ReLU(), ("sobel",)),
            fl.Node("pool", fl.MaxPool2d(2), ("relu",)),
            fl.Node("blur", fl.Filter2d(fl.kernels.box(3)), ("image",)),
        ]
    )


@pytest.fixture
def settle(qtbot):
    """Wait until a workbench has computed everything: `settle(bench)`."""

    def wait(workbench):
        QCoreApplication.processEvents()
        # Patiently: after a change of a hot loop the first picture waits for the compiler.
        qtbot.waitUntil(lambda: not workbench.results.busy)
        QCoreApplication.processEvents()

    return wait


@pytest.fixture
def opened(bench, picture, pipeline, settle):
    """A workbench with the picture and the pipeline, everything computed."""
    bench.document.open_pipeline("Open test", pipeline, None)
    bench.document.show_picture("Open test picture", picture)
    settle(bench)
    return bench


@pytest.fixture
def make_window(qtbot, tmp_path):
    """Make a window over a workbench with its own settings folder: `make_window()`; again for a second start.

    restored: the window is as the last one left it, as `filterlab` opens it.
    """
    # Most tests of this folder need no whole window, whose modules take a while to import.
    from filterlab.gui.window import MainWindow

    made = []

    def make(*, restored=False):
        window = MainWindow(Workbench(tmp_path / "home"))
        made.append(window)
        if restored:
            window.session.restore()
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield make
    for window in made:
        _close_discarding(window)
        window.bench.deleteLater()
        window.deleteLater()


def _close_discarding(window):
    if window.isVisible():
        window.bench.document.restore(Work(), saved=True)
        window.close()
