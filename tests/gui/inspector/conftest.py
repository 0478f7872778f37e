"""An inspector on a document with one node."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.work import Picture
from filterlab.gui.inspector import Inspector


@pytest.fixture
def inspect(qtbot, bench, settle):
    """`inspect(layer)`: an inspector that shows the node "node" of a pipeline, with a picture that suits it."""

    def show(layer, shape=None, inputs=("image",)):
        pipeline = fl.Pipeline([fl.Node("node", layer, inputs)])
        bench.document.open_pipeline("Open", pipeline, None)
        if shape is not None:
            pixels = np.random.default_rng(0).random(shape, dtype=np.float32)
            bench.document.show_picture("Picture", Picture("noise", pixels))
            settle(bench)
        bench.selection.select("node")
        bench.settings.setValue("inspector/folded", "")  # every row can be clicked
        inspector = Inspector(bench)
        qtbot.addWidget(inspector)
        inspector.resize(340, 900)
        with qtbot.waitActive(inspector):
            inspector.show()
            inspector.activateWindow()
        return inspector

    return show


@pytest.fixture
def layer(bench):
    """`layer()`: the node's layer in the document as it is now."""
    return lambda: bench.document.pipeline["node"]
