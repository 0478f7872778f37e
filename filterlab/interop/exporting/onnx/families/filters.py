"""Filters of pictures: morphology, grey, black and white."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.functional.geometry import Pads
from filterlab.functional.pool.morphology import reach
from filterlab.functional.tones.colours import luminance
from filterlab.interop.exporting.onnx.builder import Site, writes


def _passed(at: Site, x: str, layer: Any, step: str) -> str:
    """An erosion or a dilation."""
    kernel = layer.kernel_size
    (above, below), (left, right) = reach(kernel, step)
    if step == "erode":
        x = at.add("Neg", x)
    options = {"kernel_shape": list(kernel), "strides": [1, 1]}
    if max(above, below) >= kernel[0] or max(left, right) >= kernel[1]:
        # The operator takes no border that is as wide as its window.
        x = at.padded(x, Pads(above, below, left, right), "constant", float("-inf"))
        made = at.add("MaxPool", x, **options)
    else:
        made = at.add("MaxPool", x, **options, pads=[above, left, below, right])
    return at.add("Neg", made) if step == "erode" else made


@writes("erosion", "dilation", "opening", "closing")
def morphology(at: Site, layer: Any) -> str:
    x = at.x
    for step in layer.steps:
        x = _passed(at, x, layer, step)
    return x


@writes("top_hat")
def top_hat(at: Site, layer: Any) -> str:
    x = at.x
    for step in layer.steps[::-1] if layer.dark else layer.steps:
        x = _passed(at, x, layer, step)
    return at.add("Sub", x, at.x) if layer.dark else at.add("Sub", at.x, x)


@writes("grayscale")
def grayscale(at: Site, layer: Any) -> str:
    weight = np.array(luminance(layer.standard)).reshape(1, 3, 1, 1)
    return at.add("Conv", at.x, at.constant(weight, "weight"), kernel_shape=[1, 1])


@writes("binarize")
def binarize(at: Site, layer: Any) -> str:
    above = at.add("Greater", at.x, at.constant(layer.threshold, "threshold"))
    one = at.add("Where", above, at.constant(1.0, "one"), at.constant(0.0, "zero"))
    return at.add("Where", at.add("IsNaN", at.x), at.x, one)
