"""Activations, batch norm and softmax over the maps of a network: little arithmetic, much moving."""

from __future__ import annotations

from functools import partial

import numpy as np

import filterlab.functional as F
from tests.bench.peers import onnx_session, torch_call, torch_functional
from tests.bench.row import NETWORKS, Row

SHAPE = (1, 64, 224, 224)
CELLS = int(np.prod(SHAPE))


def _values():
    return np.random.default_rng(0).standard_normal(SHAPE, dtype=np.float32)


def _activation(name: str, onnx: str, **options) -> Row:
    def make():
        x = _values()
        return {
            "filterlab": lambda: partial(getattr(F, name), x),
            "torch": lambda: torch_functional(name, x),
            "onnxruntime": lambda: onnx_session(onnx, {}, x, **options),
        }

    return Row(f"{name}, 64x224x224", NETWORKS, make, CELLS, CELLS)


def _batch_norm():
    x, rng = _values(), np.random.default_rng(1)
    mean, weight, bias = (rng.standard_normal(64, dtype=np.float32) for _ in range(3))
    var = rng.random(64, dtype=np.float32) + 0.5

    def torch():
        import torch

        return torch_call(
            lambda x, m, v, w, b: torch.nn.functional.batch_norm(x, m, v, w, b), x, mean, var, weight, bias
        )

    def onnx():
        inputs = {"w": weight, "b": bias, "m": mean, "v": var}
        return onnx_session("BatchNormalization", inputs, x, epsilon=1e-5)

    return {
        "filterlab": lambda: partial(F.batch_norm, x, mean, var, weight, bias),
        "torch": torch,
        "onnxruntime": onnx,
    }


def _softmax():
    x = _values()
    return {
        "filterlab": lambda: partial(F.softmax, x, 1),
        "torch": lambda: torch_functional("softmax", x, dim=1),
        "onnxruntime": lambda: onnx_session("Softmax", {}, x, axis=1),
    }


ROWS = [
    _activation("relu", "Relu"),
    _activation("sigmoid", "Sigmoid"),
    _activation("tanh", "Tanh"),
    Row("batch norm, 64x224x224", NETWORKS, _batch_norm, CELLS, CELLS),
    Row("softmax over 64, 64x224x224", NETWORKS, _softmax, CELLS, CELLS),
]
