"""Maps between two matrices: how resizing with antialias, and means of uneven windows, are written in ONNX.

The operators for both differ in what they do at the borders, so that exact models multiply instead: rows @ map @ cols.
Which layer that is, is found by trying: of a map of random numbers it must make what the matrices make.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.interop.importing.folding import Allowance
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type

# Cells of the map that is tried, which a few numbers of a file could make as large as they like.
_MOST_TRIED = 1 << 24
_TOLERANCE = 1e-5


def layer_of_matrices(rows: Array, cols: Array, allowance: Allowance) -> Layer | None:
    """The layer that makes rows (out_h, h) @ x @ cols (w, out_w) of each channel x (h, w); None where there is none.

    allowance: what trying costs is taken from its work.
    """
    size, out = (rows.shape[1], cols.shape[0]), (rows.shape[0], cols.shape[1])
    tried = max(size[0], out[0]) * max(size[1], out[1])
    # All these layers take means, whose shares add up to 1: most other matrices need not be tried.
    if 0 in (*size, *out) or tried > _MOST_TRIED or not _adds_up(rows, 1) or not _adds_up(cols, 0):
        return None
    # Rows times columns: what the matrices make of such a map are two products with a vector.
    down, across = (np.random.default_rng(seed).random(n) for seed, n in enumerate(size))
    wanted = np.outer(rows @ down, across @ cols)
    for layer in _candidates(out):
        allowance.work -= tried
        if allowance.work < 0:
            return None
        try:
            found = layer.forward(np.outer(down, across)[None, None])[0, 0]
        except FilterLabError:  # a size that the layer does not have
            continue
        if np.allclose(found, wanted, rtol=_TOLERANCE, atol=_TOLERANCE):
            return layer
    return None


def _adds_up(shares: Array, axis: int) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.allclose(shares.sum(axis), 1, rtol=0, atol=_TOLERANCE))


def _candidates(out: tuple[int, int]) -> Iterator[Layer]:
    for mode in ("bilinear", "bicubic"):
        for antialias in (True, False):
            yield layer_type("resize")(size=out, mode=mode, antialias=antialias)
    yield layer_type("adaptive_avg_pool2d")(output_size=out)
    yield layer_type("resize")(size=out, mode="area")
