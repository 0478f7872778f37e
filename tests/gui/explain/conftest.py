from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.selection import Spot
from filterlab.gui.explain import ExplainPanel

RNG = np.random.default_rng(11)


def weights(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def number(text):
    """A number as the panel writes it."""
    return Decimal(text.replace("−", "-"))


@pytest.fixture(scope="session")
def network():
    """Every kind of arithmetic that the panel shows."""
    return fl.Pipeline(
        [
            fl.Node("conv", fl.Conv2d(weight=weights(4, 3, 3, 3), bias=weights(4), padding=1), ("image",)),
            fl.Node(
                "grouped",
                fl.Conv2d(weight=weights(4, 2, 3, 3), groups=2, padding=1, padding_mode="reflect", stride=2),
                ("conv",),
            ),
            fl.Node("relu", fl.ReLU(), ("conv",)),
            fl.Node("pool", fl.MaxPool2d(2), ("relu",)),
            fl.Node("mean", fl.AvgPool2d(3, padding=1, stride=2), ("relu",)),
            fl.Node("adaptive", fl.AdaptiveAvgPool2d((5, 7)), ("relu",)),
            fl.Node("norm", fl.BatchNorm2d(running_mean=weights(4), running_var=weights(4) ** 2), ("conv",)),
            fl.Node("sum", fl.Add(), ("conv", "relu")),
            fl.Node("gap", fl.GlobalAvgPool2d(), ("relu",)),
            fl.Node("flat", fl.Flatten(), ("gap",)),
            fl.Node("linear", fl.Linear(weight=weights(20, 4), bias=weights(20)), ("flat",)),
            fl.Node("soft", fl.Softmax(), ("linear",)),
        ]
    )


@pytest.fixture
def shown(opened, network, settle):
    """The workbench with that network, everything computed."""
    opened.document.edit("network", network)
    settle(opened)
    return opened


@pytest.fixture
def panel(shown, qtbot):
    widget = ExplainPanel(shown)
    qtbot.addWidget(widget)
    widget.resize(1100, 260)
    widget.show()
    return widget


@pytest.fixture
def pin(shown, panel, qtbot):
    """Pin a value and wait until it is explained: `pin("conv", 0, 3, 4)`."""

    def act(node, channel, row=0, col=0):
        shown.selection.set_pin(Spot(node, channel, row, col))
        wait()

    def wait():
        qtbot.waitUntil(lambda: panel.answer is not None and panel.answer.spot == panel.spot)

    act.wait = wait
    return act


@pytest.fixture
def items(panel):
    """The items of the sheet with a role: `items("patch")`."""

    def find(role):
        return [item for item in panel.canvas.sheet.items if item.key[:1] == (role,)]

    return find
