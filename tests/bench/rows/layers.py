"""Convolutions of networks."""

from __future__ import annotations

from functools import partial

import numpy as np

import filterlab as fl
import filterlab.functional as F
from tests.bench.peers import onnx_conv, onnx_session, torch_call, torch_conv, torch_functional
from tests.bench.row import NETWORKS, Row


def _conv(
    inputs: int, outputs: int, kernel: int, size: int | tuple[int, int], stride: int = 1, groups: int = 1
) -> Row:
    height, width = (size, size) if isinstance(size, int) else size
    shape, weight_shape = (1, inputs, height, width), (outputs, inputs // groups, kernel, kernel)
    pad = kernel // 2

    def make():
        x, weight = _numbers(shape, weight_shape)
        return {
            "filterlab": lambda: _layer(x, weight, stride=stride, padding=pad, groups=groups),
            "torch": lambda: torch_conv(x, weight, stride, pad, groups),
            "onnxruntime": lambda: onnx_conv(x, weight, stride, pad, groups),
        }

    cells = -(-height // stride) * -(-width // stride) * outputs
    name = f"{inputs} depthwise" if groups > 1 else f"{inputs} to {outputs}"
    step = f" stride {stride}" if stride > 1 else ""
    products = cells * int(np.prod(weight_shape[1:]))
    return Row(
        f"{name}, {kernel}x{kernel}{step}, {height}x{width}",
        NETWORKS,
        make,
        int(np.prod(shape)) + int(np.prod(weight_shape)),
        cells,
        products,
    )


def _layer(x, weight, **options):
    """A layer of a network, whose weights are laid out once, as a session of onnxruntime has them."""
    pipe = fl.Pipeline([("conv", fl.Conv2d(weight, **options))])
    return lambda: pipe.run(x)["conv"]


def _numbers(shape, weight_shape):
    rng = np.random.default_rng(0)
    weight = rng.standard_normal(weight_shape, dtype=np.float32) / np.sqrt(np.prod(weight_shape[1:]))
    return rng.standard_normal(shape, dtype=np.float32), weight.astype(np.float32)


def _transposed(inputs: int, outputs: int, kernel: int, stride: int, size: int) -> Row:
    shape, weight_shape = (1, inputs, size, size), (inputs, outputs, kernel, kernel)

    def make():
        x, weight = _numbers(shape, weight_shape)
        return {
            "filterlab": lambda: partial(F.conv_transpose2d, x, weight, stride=stride),
            "torch": lambda: torch_functional("conv_transpose2d", x, weight, stride=stride),
            "onnxruntime": lambda: onnx_session("ConvTranspose", {"w": weight}, x, strides=[stride] * 2),
        }

    cells = int(np.prod(shape))
    return Row(
        f"transposed {inputs} to {outputs}, {kernel}x{kernel}, {size}",
        NETWORKS,
        make,
        cells,
        outputs * (size * stride) ** 2,
        cells * outputs * kernel**2,
    )


def _weight_gradient(inputs: int, outputs: int, kernel: int, size: int) -> Row:
    shape, weight_shape = (1, inputs, size, size), (outputs, inputs, kernel, kernel)

    def make():
        x, weight = _numbers(shape, weight_shape)
        dy = np.random.default_rng(1).standard_normal((1, outputs, size, size), dtype=np.float32)

        def torch():
            import torch

            return torch_call(
                lambda x, dy: torch.nn.grad.conv2d_weight(x, weight_shape, dy, padding=kernel // 2), x, dy
            )

        return {
            "filterlab": lambda: lambda: F.conv2d_weight_backward(dy, x, weight, padding=kernel // 2)[0],
            "torch": torch,
        }

    cells = outputs * size**2
    return Row(
        f"weight gradient {inputs} to {outputs}, {kernel}x{kernel}, {size}",
        NETWORKS,
        make,
        cells + int(np.prod(shape)),
        int(np.prod(weight_shape)),
        cells * inputs * kernel**2,
    )


ROWS = [
    _conv(3, 64, 3, 224),
    _conv(3, 64, 7, (1080, 1920), stride=2),
    _conv(64, 64, 3, 224),
    _conv(256, 256, 3, 56),
    _conv(256, 256, 3, 28),
    _conv(512, 512, 3, 14),
    _conv(64, 128, 1, 112),
    _conv(256, 64, 1, 56),
    _conv(64, 256, 1, 56),
    _conv(32, 32, 3, 112, groups=32),
    _conv(144, 144, 3, 112, groups=144),
    _transposed(64, 32, 2, 2, 112),
    _weight_gradient(64, 64, 3, 112),
    _weight_gradient(64, 64, 1, 112),
]
