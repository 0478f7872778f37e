"""Pooling beside PyTorch and onnxruntime; milliseconds, median of interleaved turns."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

import filterlab.functional as F
from tests.bench.beside import compare
from tests.bench.peers import onnx_session

X = np.random.default_rng(0).standard_normal((1, 64, 224, 224), dtype=np.float32)


def main() -> None:
    """2x2 and 3x3 stride 2 of 64 maps, and the mean of each map."""
    import torch

    pool, tensor = torch.nn.functional, torch.from_numpy(X)
    for size, stride in ((2, 2), (3, 2), (9, 1)):
        sizes = {"kernel_shape": [size] * 2, "strides": [stride] * 2}
        compare(
            f"max {size}x{size} stride {stride}, 64x224x224",
            {
                "filterlab": lambda s=size, t=stride: F.max_pool2d(X, s, stride=t),
                "torch": lambda s=size, t=stride: pool.max_pool2d(tensor, s, t).numpy(),
                "onnxruntime": onnx_session("MaxPool", {}, X, **sizes),
            },
        )
        compare(
            f"mean {size}x{size} stride {stride}, 64x224x224",
            {
                "filterlab": lambda s=size, t=stride: F.avg_pool2d(X, s, stride=t),
                "torch": lambda s=size, t=stride: pool.avg_pool2d(tensor, s, t).numpy(),
                "onnxruntime": onnx_session("AveragePool", {}, X, **sizes),
            },
        )
    compare(
        "global mean, 64x224x224",
        {
            "filterlab": lambda: F.adaptive_avg_pool2d(X, 1),
            "torch": lambda: pool.adaptive_avg_pool2d(tensor, 1).numpy(),
            "onnxruntime": onnx_session("GlobalAveragePool", {}, X),
        },
    )


if __name__ == "__main__":
    main()
