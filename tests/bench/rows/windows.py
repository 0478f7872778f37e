"""Extremes, means and medians of windows, over a picture and over the maps of a network."""

from __future__ import annotations

from functools import partial

import numpy as np

import filterlab.functional as F
from tests.bench.peers import inside, onnx_pool, onnx_session, opencv_planes, scipy_filter, torch_functional
from tests.bench.row import FILTERS, NETWORKS, Row

PICTURE, MAPS, SMALL = (1, 1, 3000, 4000), (1, 64, 224, 224), (1, 1, 512, 512)
# The name in the table, our function, OpenCV's for stride 1 with its border, PyTorch's and ONNX's.
POOLINGS = {
    "max": (F.max_pool2d, "dilate", "max_pool2d", "MaxPool"),
    "min": (F.min_pool2d, "erode", None, None),
    "avg": (F.avg_pool2d, "blur", "avg_pool2d", "AveragePool"),
}


def _values(shape):
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def _label(shape):
    return "12 MP" if shape == PICTURE else "512x512" if shape == SMALL else "64x224x224"


def _pooling(name: str, size: int, stride: int, shape: tuple[int, ...]) -> Row:
    """Windows with padding where they move by one, so that the map keeps its size, and none otherwise."""
    ours, opencv, torch, onnx = POOLINGS[name]
    pad = size // 2 if stride == 1 or size % 2 else 0

    def make():
        x = _values(shape)
        calls = {"filterlab": lambda: partial(ours, x, size, stride=stride, padding=pad)}
        if stride == 1 and name == "avg":
            calls["opencv"] = lambda: opencv_planes(x, "blur", (size, size), border="CONSTANT")
        elif stride == 1:
            calls["opencv"] = lambda: opencv_planes(x, opencv, np.ones((size, size), np.uint8))
        elif name == "avg" and size == stride:
            area = {"interpolation": 3}  # cv2.INTER_AREA
            small = (shape[3] // size, shape[2] // size)
            calls["opencv"] = lambda: opencv_planes(x, "resize", small, **area)
        if torch and size <= 9:
            calls["torch"] = lambda: torch_functional(torch, x, kernel_size=size, stride=stride, padding=pad)
        if onnx and size <= 9:
            calls["onnxruntime"] = lambda: onnx_pool(onnx, x, size, stride, pad)
        return calls

    cells = int(np.prod(shape))
    kind = FILTERS if shape == PICTURE else NETWORKS
    return Row(f"{name} {size} stride {stride}, {_label(shape)}", kind, make, cells, cells // stride**2)


def _median(size: int, shape: tuple[int, ...]) -> Row:
    def make():
        x = _values(shape)
        calls = {"filterlab": lambda: partial(F.median_pool2d, x, size, stride=1)}
        if size <= 5:
            calls["opencv"] = lambda: inside(opencv_planes(x, "medianBlur", size), size // 2)
        if shape == SMALL:
            calls["scipy"] = lambda: inside(scipy_filter("median_filter", x, size), size // 2)
        return calls

    cells = int(np.prod(shape))
    return Row(f"median {size}, {_label(shape)}", FILTERS, make, cells, cells)


def _global(name: str) -> Row:
    ours, torch, onnx = {
        "max": (F.adaptive_max_pool2d, "adaptive_max_pool2d", "GlobalMaxPool"),
        "avg": (F.adaptive_avg_pool2d, "adaptive_avg_pool2d", "GlobalAveragePool"),
    }[name]

    def make():
        x = _values(MAPS)
        return {
            "filterlab": lambda: partial(ours, x, 1),
            "torch": lambda: torch_functional(torch, x, output_size=1),
            "onnxruntime": lambda: onnx_session(onnx, {}, x),
            "numpy": lambda: lambda: (np.max if name == "max" else np.mean)(x, axis=(2, 3)),
        }

    return Row(f"adaptive {name} 1, {_label(MAPS)}", NETWORKS, make, int(np.prod(MAPS)), 64)


ROWS = [
    *(_median(size, PICTURE) for size in (3, 5)),
    *(_median(size, SMALL) for size in (7, 9, 15, 31)),
    *(_pooling(name, size, 1, PICTURE) for name in ("max", "min") for size in (3, 15, 31)),
    *(_pooling("max", size, size, PICTURE) for size in (2, 15)),
    _pooling("avg", 2, 2, PICTURE),
    *(_pooling("avg", size, 1, PICTURE) for size in (3, 15, 31)),
    *(_pooling(name, 2, 2, MAPS) for name in ("max", "avg")),
    *(_pooling(name, 3, stride, MAPS) for name in ("max", "avg") for stride in (1, 2)),
    *(_pooling(name, size, 1, MAPS) for name in ("max", "avg") for size in (15, 31)),
    _global("max"),
    _global("avg"),
]
