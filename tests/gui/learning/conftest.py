"""A learning panel on a workbench, and the experiment of the seed document."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning import LearningPanel
from filterlab.gui.learning.trainer import State

OVER = (State.ENDED, State.FAILED, State.STOPPED)


@pytest.fixture
def panel(bench, qtbot):
    """The panel, shown, with nothing opened."""
    widget = LearningPanel(bench)
    qtbot.addWidget(widget)
    widget.resize(1100, 260)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def stripes():
    """6 x 8 ones whose columns 2 to 5 are zero, and where they rise and fall."""
    x = np.ones((1, 6, 8), np.float32)
    x[:, :, 2:6] = 0
    return Picture("stripes", x), Picture("edges", x[:, :, :-1] - x[:, :, 1:])


@pytest.fixture
def d2l(panel, stripes):
    """The panel set up as chapter 6 of d2l.ai has it."""
    before, after = stripes
    document = panel._bench.document
    document.show_picture("Open", before)
    document.open_pipeline("Open", fl.Pipeline([("edge", fl.Conv2d(weight=np.zeros((1, 1, 1, 2))))]), None)
    panel.form.target.choose(kind="picture", picture=after)
    set_method(panel, loss="sse", optimizer="sgd", lr=3e-2, steps=10)
    return panel


def command(panel, name):
    """One of the panel's commands, as it is after the window has asked all for their state."""
    panel._bench.commands.refresh()
    return panel._bench.commands.action(f"learn.{name}")


def set_method(panel, **answers):
    """Give answers in the form as a person does."""
    method = panel.form.method
    for name, value in answers.items():
        widget = method.options[name] if name in method.options else getattr(method, name)
        if hasattr(widget, "show_data"):
            widget.setCurrentIndex(widget.findData(value))
            widget.activated.emit(widget.currentIndex())
        else:
            widget.lineEdit().setText(str(value))
            widget.lineEdit().textEdited.emit(str(value))


@pytest.fixture
def run(qtbot):
    """Start with the command and wait for the end: `run(panel)`."""

    def start(panel):
        command(panel, "start").trigger()
        # Loops that were never compiled on this machine are compiled now, which takes a while.
        qtbot.waitUntil(lambda: panel.session.state in OVER)

    return start
