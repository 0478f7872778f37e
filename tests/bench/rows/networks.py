"""Whole networks, asked for their last map alone: those of the example pipelines, and two with residual connections."""

from __future__ import annotations

import runpy
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import filterlab as fl
from filterlab.interop.exporting.torch import torch_module
from filterlab.run.ledger import ledger
from tests.bench.peers import session_of, torch_call
from tests.bench.residual import mobilenet_v2, resnet50
from tests.bench.row import NETWORKS, Row

EXAMPLES = Path(__file__).parents[3] / "resources/pipelines"


def _network(title: str, build: Callable[[], fl.Pipeline], shape: tuple[int, int, int]) -> Row:
    def make():
        pipe, x = build(), np.random.default_rng(0).random(shape, dtype=np.float32)
        last = pipe.nodes[-1].name

        def onnx():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "network.onnx"
                fl.export_onnx(pipe, path, size=shape)
                session = session_of(path)
            name, batch = session.get_inputs()[0].name, x[None]
            return lambda: session.run(None, {name: batch})[-1]

        return {
            "filterlab": lambda: lambda: pipe.run(x, outputs=[last])[last],
            "torch": lambda: torch_call(_module(pipe), x[None]),
            "onnxruntime": onnx,
        }

    rows = ledger(build(), shape)
    read = int(np.prod(shape)) + sum(layer.parameters for layer in rows)
    return Row(title, NETWORKS, make, read, 1, sum(layer.macs for layer in rows))


def _module(pipe: fl.Pipeline) -> Any:
    """The module of PyTorch that the program writes for a pipeline."""
    import torch  # noqa: F401 - so that a missing PyTorch is met before anything is written

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.py"
        torch_module(pipe).save(path)
        return runpy.run_path(str(path))["load"]()


def _example(file: str) -> Callable[[], fl.Pipeline]:
    return lambda: fl.Pipeline.load(EXAMPLES / file)


ROWS = [
    _network("LeNet, 28", _example("lenet-like.json"), (1, 28, 28)),
    _network("Tiny VGG, 64", _example("tiny-vgg-like.json"), (3, 64, 64)),
    _network("VGG-16, 224", _example("vgg16.json"), (3, 224, 224)),
    _network("ResNet-50, 224", resnet50, (3, 224, 224)),
    _network("MobileNetV2, 224", mobilenet_v2, (3, 224, 224)),
]
