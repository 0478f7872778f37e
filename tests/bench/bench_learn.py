"""One training step beside PyTorch, kernels by least squares, and the digits; milliseconds, median of turns."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

import filterlab as fl
import filterlab.functional as F
from tests.bench.beside import compare

RNG = np.random.default_rng(0)
FOREVER = 10**9  # steps


def filterlab_steps(pipeline: fl.Pipeline, pairs: Any, **options: Any) -> Callable[[], float]:
    """A call that makes the next step of one run and gives the loss before it."""
    steps = fl.learn(pipeline, pairs, steps=FOREVER, **options)
    return lambda: next(steps).loss


def torch_steps(module: Any, x: Any, y: Any, loss: Any, optimizer: Any) -> Callable[[], float]:
    """The same in PyTorch, with the customary four lines."""
    import torch

    x, y = torch.from_numpy(x), torch.from_numpy(y)

    def call() -> float:
        optimizer.zero_grad()
        value = loss(module(x), y)
        value.backward()
        optimizer.step()
        return value.item()

    return call


def kernel() -> None:
    """A 3x3 kernel from a picture of 512x512: forward, gradient, update."""
    import torch

    x = RNG.random((1, 1, 512, 512), dtype=np.float32)
    y = F.conv2d(x, RNG.standard_normal((1, 1, 3, 3)).astype(np.float32))
    start = np.zeros((1, 1, 3, 3), np.float32)
    module = torch.nn.Conv2d(1, 1, 3, bias=False)
    module.weight.data[:] = torch.from_numpy(start)
    sgd = torch.optim.SGD(module.parameters(), lr=1e-2)
    pipeline = fl.Pipeline([("k", fl.Conv2d(start))])
    compare(
        "a step: 3x3 kernel, 512x512",
        {
            "filterlab": filterlab_steps(pipeline, [(x[0], y[0])], lr=1e-2),
            "torch": torch_steps(module, x, y, torch.nn.functional.mse_loss, sgd),
        },
        turns=101,
    )


def network() -> None:
    """The small digits network, 64 pictures of 8x8 a step, Adam."""
    import torch
    from torch import nn

    x, y = RNG.random((64, 1, 8, 8), dtype=np.float32), RNG.integers(0, 10, 64)
    pipeline = fl.classifier((1, 8, 8), 10, mean=0.5, std=0.5)
    module = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(512, 10),
    )  # fmt: skip
    layers = [node.layer for node in pipeline if node.layer.trainable()]
    ours = [array for layer in layers for array in (layer.weight, layer.bias)]
    for parameter, array in zip(module.parameters(), ours, strict=True):
        parameter.data[:] = torch.from_numpy(array.copy())
    adam = torch.optim.Adam(module.parameters(), lr=1e-3)
    options = {"loss": "cross_entropy", "output": "scores", "optimizer": "adam", "lr": 1e-3}
    compare(
        "a step: digits network, batch 64",
        {
            "filterlab": filterlab_steps(pipeline, [(x, y)], **options),
            "torch": torch_steps(module, (x - 0.5) / 0.5, y, nn.functional.cross_entropy, adam),
        },
        turns=201,
    )


def least_squares() -> None:
    """Kernels found in 12 megapixels."""
    for channels, side in ((1, 3), (1, 15), (3, 3), (3, 7)):
        x = RNG.random((channels, 3000, 4000), dtype=np.float32)
        weight = RNG.standard_normal((channels, channels, side, side)).astype(np.float32)
        y = F.conv2d(x, weight)
        name = f"least squares: {side}x{side}, {channels} to {channels} channels, 12 MP"
        compare(name, {"filterlab": lambda x=x, y=y, k=side: fl.fit_kernel(x, y, k)}, turns=3)


def digits() -> None:
    """scikit-learn's digits to 97 % of those held back."""
    from sklearn.datasets import load_digits

    found = load_digits()
    start, epochs = time.perf_counter(), count(1)
    for epoch in fl.train_classifier((found.images, found.target), epochs=30):
        number = next(epochs)
        if epoch.validation_accuracy >= 0.97:
            seconds = time.perf_counter() - start
            print(
                f"digits: {epoch.validation_accuracy:.1%} after {number} epochs, {seconds:.1f} s", flush=True
            )
            return
    raise AssertionError("30 epochs did not lead to 97 %")


if __name__ == "__main__":
    kernel()
    network()
    least_squares()
    digits()
