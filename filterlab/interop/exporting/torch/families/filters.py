"""Filters of pictures: morphology, grey, black and white, and windows as channels."""

from __future__ import annotations

from typing import Any

from filterlab.functional.geometry import span
from filterlab.functional.pool.morphology import reach
from filterlab.functional.tones.colours import luminance
from filterlab.interop.exporting.torch.writers import Torch, writes


def _passed(x: str, layer: Any, step: str) -> str:
    """An erosion or a dilation of an expression."""
    kernel, (rows, cols) = tuple(layer.kernel_size), reach(layer.kernel_size, step)
    sign = "-" if step == "erode" else ""
    return f"{sign}max_pool({sign}{x}, {kernel}, (1, 1), (1, 1), {[*rows, *cols]}, False)"


@writes("erosion", "dilation", "opening", "closing")
def morphology(layer: Any) -> Torch:
    call = "{0}"
    for step in layer.steps:
        call = _passed(call, layer, step)
    return Torch(call, helpers=("max_pool",))


@writes("top_hat")
def top_hat(layer: Any) -> Torch:
    call = "{0}"
    for step in layer.steps[::-1] if layer.dark else layer.steps:
        call = _passed(call, layer, step)
    return Torch(f"({call}) - {{0}}" if layer.dark else f"{{0}} - ({call})", helpers=("max_pool",))


@writes("grayscale")
def grayscale(layer: Any) -> Torch:
    red, green, blue = luminance(layer.standard)
    return Torch(f"{{0}}[:, :1] * {red} + {{0}}[:, 1:2] * {green} + {{0}}[:, 2:] * {blue}")


@writes("binarize")
def binarize(layer: Any) -> Torch:
    return Torch(f"torch.where({{0}}.isnan(), {{0}}, ({{0}} > {layer.threshold!r}).to({{0}}.dtype))")


@writes("unfold")
def unfold(layer: Any) -> Torch | None:
    kernel, stride, dilation = layer.kernel_size, layer.stride, layer.dilation
    if isinstance(layer.padding, str) or any(before != after for before, after in layer.padding):
        return None
    pads = tuple(before for before, _ in layer.padding)
    rows, cols = (
        f"({{0}}.shape[{axis}] + {2 * p - span(k, d)}) // {s} + 1"
        for axis, p, k, d, s in zip((2, 3), pads, kernel, dilation, stride, strict=True)
    )
    options = f"{tuple(kernel)}, dilation={tuple(dilation)}, padding={pads}, stride={tuple(stride)}"
    return Torch(f"F.unfold({{0}}, {options}).unflatten(2, ({rows}, {cols}))")
