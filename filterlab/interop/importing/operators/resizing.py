"""Resize and Upsample."""

from __future__ import annotations

from typing import Any

import numpy as np

from filterlab.errors import shown
from filterlab.interop.importing.book import NotCarriedError
from filterlab.interop.importing.operator import Operator
from filterlab.interop.importing.readers import reads
from filterlab.interop.importing.values import Carried
from filterlab.layers import layer_type
from filterlab.text.messages import say

_MODES = {"nearest": "nearest", "linear": "bilinear", "cubic": "bicubic", "bilinear": "bilinear"}


@reads("Upsample")
def upsample(op: Operator) -> Carried:
    scales = op.option("scales", 1)
    # Version 7 and 9 place outputs as the first versions of Resize did.
    return _resized(op, scales, None, "asymmetric", "floor")


@reads("Resize")
def resize(op: Operator) -> Carried:
    if op.opset < 11:
        return _resized(op, op.option("scales", 1), None, "asymmetric", "floor")
    if op.attribute("antialias", 0):
        raise NotCarriedError("it averages over the cells that it drops (antialias)")
    if op.attribute("exclude_outside", 0) and op.attribute("mode", "nearest") == "cubic":
        raise NotCarriedError("it leaves out the cells beyond the border (exclude_outside)")
    scales = op.constant(2, "its scales").reshape(-1).tolist() if op.given(2) else None
    sizes = op.constant(3, "its sizes").reshape(-1).tolist() if op.given(3) else None
    coordinates = op.attribute("coordinate_transformation_mode", "half_pixel")
    rounding = op.attribute("nearest_mode", "round_prefer_floor")
    return _resized(op, scales or None, sizes or None, coordinates, rounding)


def _resized(op: Operator, scales: Any, sizes: Any, coordinates: str, rounding: str) -> Carried:
    x = op.map(0)
    mode = op.attribute("mode", "nearest")
    if mode not in _MODES:
        raise NotCarriedError(say("its mode is {}", shown(mode)))
    given = _by_axis(op, x, scales if sizes is None else sizes)
    if any(
        value != (1 if sizes is None else x.size(axis)) for axis, value in given.items() if axis not in "HW"
    ):
        raise NotCarriedError("it changes the number of channels")
    if op.attribute("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise NotCarriedError("it keeps the ratio of height to width by a rule of its own")
    whole = {"H": x.shape[1], "W": x.shape[2]} if len(x.shape) == 3 else {}
    if sizes is None:
        # In single precision, as the scales are stored: 10 * 2.3 are 23 cells, not 22.
        size = [int(np.float32(whole[axis]) * np.float32(given.get(axis, 1.0))) for axis in "HW"]
        factors = tuple(float(given.get(axis, 1.0)) for axis in "HW")
    else:
        size, factors = [int(given.get(axis, whole[axis])) for axis in "HW"], None
    layer = layer_type("resize")(
        size=size,
        mode=_MODES[mode],
        coordinates=coordinates,
        rounding=rounding,
        scale=factors,
        cubic=float(op.attribute("cubic_coeff_a", -0.75)),
    )
    return op.node(layer, x)


def _by_axis(op: Operator, x: Carried, values: Any) -> dict[str, float]:
    if values is None:
        raise NotCarriedError("it says neither a size nor a scale")
    rank = len(x.axes)
    numbers = [int(n) % rank for n in op.attribute("axes", range(rank))]
    if len(values) != len(numbers) or "F" in x.axes:
        raise NotCarriedError(say("it gives {} sizes for {} axes", len(values), rank))
    return {x.axes[n]: value for n, value in zip(numbers, values, strict=True)}
