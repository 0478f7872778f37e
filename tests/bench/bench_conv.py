"""conv2d beside OpenCV, PyTorch and onnxruntime; milliseconds, median of interleaved turns."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

import filterlab.functional as F
from filterlab import kernels
from tests.bench.beside import compare
from tests.bench.peers import onnx_conv, opencv_filter, torch_conv

RNG = np.random.default_rng(0)


def filters() -> None:
    """One kernel over a grey picture: what image filters do."""
    for side, (height, width) in [
        (3, (3000, 4000)),
        (5, (3000, 4000)),
        (7, (3000, 4000)),
        (31, (1080, 1920)),
    ]:
        x = RNG.random((1, 1, height, width), dtype=np.float32)
        kernel = kernels.random(side) / side**2
        name = f"{side}x{side} grey {height * width / 1e6:.0f} MP"
        calls = {
            "filterlab": lambda x=x, k=kernel, p=side // 2: F.conv2d(x, k[None, None], padding=p),
            "opencv": opencv_filter(x, kernel),
        }
        if side == 3:
            calls["torch"] = torch_conv(x, kernel[None, None], 1, 1, 1)
        compare(name, calls, turns=15)


LAYERS = {
    "64 to 64, 3x3, 224x224": ((1, 64, 224, 224), (64, 64, 3, 3), 1, 1, 1),
    "3 to 64, 7x7 stride 2, 2 MP": ((1, 3, 1080, 1920), (64, 3, 7, 7), 2, 3, 1),
    "3 to 64, 3x3, 224x224": ((1, 3, 224, 224), (64, 3, 3, 3), 1, 1, 1),
    "256 to 256, 3x3, 28x28": ((1, 256, 28, 28), (256, 256, 3, 3), 1, 1, 1),
    "64 to 128, 1x1, 112x112": ((1, 64, 112, 112), (128, 64, 1, 1), 1, 0, 1),
    "64 depthwise, 3x3, 112x112": ((1, 64, 112, 112), (64, 1, 3, 3), 1, 1, 64),
}


def layers() -> None:
    """What networks do."""
    for name, (shape, weight_shape, stride, pad, groups) in LAYERS.items():
        x = RNG.standard_normal(shape, dtype=np.float32)
        weight = RNG.standard_normal(weight_shape, dtype=np.float32) / np.sqrt(np.prod(weight_shape[1:]))
        weight = weight.astype(np.float32)
        options = {"stride": stride, "padding": pad, "groups": groups}
        compare(
            name,
            {
                "filterlab": lambda x=x, w=weight, o=options: F.conv2d(x, w, **o),
                "torch": torch_conv(x, weight, stride, pad, groups),
                "onnxruntime": onnx_conv(x, weight, stride, pad, groups),
            },
        )


if __name__ == "__main__":
    filters()
    layers()
