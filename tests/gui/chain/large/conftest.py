"""A network that is large enough to be folded: a stem, three residual stages and a head."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.chain import ChainPanel

STAGES = 3


def residual_network():
    """76 nodes named by their places, over 3 channels."""
    identity = np.eye(3, dtype=np.float32)[:, :, None, None]
    conv = fl.Conv2d(identity, padding=0)
    bn = fl.BatchNorm2d(np.zeros(3, np.float32), np.ones(3, np.float32))
    nodes = []

    def add(layer, *inputs):
        nodes.append(fl.Node(f"n{len(nodes)}", layer, inputs or ((nodes[-1].name,) if nodes else ("image",))))
        return nodes[-1].name

    for layer in (conv, bn, fl.ReLU(), fl.MaxPool2d(2)):
        add(layer)
    for _stage in range(STAGES):
        for block in range(3):
            entry = nodes[-1].name
            for layer in (conv, bn, fl.ReLU(), conv):
                add(layer)
            body = add(bn)
            skip = add(bn, add(conv, entry)) if block == 0 else entry
            add(fl.ReLU(), add(fl.Add(), body, skip))
    add(fl.GlobalAvgPool2d())
    return fl.Pipeline(nodes)


@pytest.fixture
def network():
    return residual_network()


@pytest.fixture
def large(bench, picture, network, settle):
    """A workbench with the picture and the network open, all maps computed."""
    bench.document.show_picture("Open picture", picture)
    bench.document.open_pipeline("Open pipeline", network, None)
    settle(bench)
    return bench


@pytest.fixture
def panel(large, qtbot):
    """The panel over the network, shown."""
    panel = ChainPanel(large)
    qtbot.addWidget(panel)
    panel.resize(300, 640)
    panel.show()
    return panel


@pytest.fixture
def labels(panel):
    """The names on the cards from the top: `labels()`."""

    def read():
        return [panel.model.card(row).label for row in range(panel.model.rowCount())]

    return read


@pytest.fixture
def row(panel):
    """The row of a card by its name: `row("residual stage 1")`."""

    def find(label):
        rows = range(panel.model.rowCount())
        return next(row for row in rows if panel.model.card(row).label == label)

    return find
