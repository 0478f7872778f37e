"""Whole networks of the example pipelines, asked for their last map alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

import filterlab as fl
from filterlab.run.ledger import ledger
from tests.bench.peers import session_of
from tests.bench.row import NETWORKS, Row

EXAMPLES = Path(__file__).parents[3] / "resources/pipelines"


def _network(title: str, file: str, shape: tuple[int, int, int]) -> Row:
    def make():
        pipe = fl.Pipeline.load(EXAMPLES / file)
        last = pipe.nodes[-1].name
        x = np.random.default_rng(0).random(shape, dtype=np.float32)

        def ours():
            return lambda: pipe.run(x, outputs=[last])[last]

        def onnx():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "network.onnx"
                fl.export_onnx(pipe, path, size=shape)
                session = session_of(path)
            name, batch = session.get_inputs()[0].name, x[None]
            return lambda: session.run(None, {name: batch})[-1]

        return {"filterlab": ours, "onnxruntime": onnx}

    products = sum(layer.macs for layer in ledger(fl.Pipeline.load(EXAMPLES / file), shape))
    return Row(title, NETWORKS, make, int(np.prod(shape)), 1, products)


ROWS = [
    _network("LeNet, 28", "lenet-like.json", (1, 28, 28)),
    _network("Tiny VGG, 64", "tiny-vgg-like.json", (3, 64, 64)),
    _network("VGG-16, 224", "vgg16.json", (3, 224, 224)),
]
