"""Maps between two matrices: how resizing with antialias, and means of uneven windows, are written in ONNX.

The operators for both differ in what they do at the borders, so that exact models multiply instead: rows @ map @ cols.
Which layer that is, is found by trying: on a map of random numbers it must give what the matrices do.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type

_MOST_TRIED = (
    1 << 24
)  # numbers of the map that is tried, which a few numbers of a file could make as large as they like
_TOLERANCE = 1e-5


def layer_of_matrices(rows: Array, cols: Array) -> Layer | None:
    """The layer that makes rows (out_h, h) @ x @ cols (w, out_w) of each channel x (h, w); None where there is none."""
    size, out = (rows.shape[1], cols.shape[0]), (rows.shape[0], cols.shape[1])
    if max(size[0], out[0]) * max(size[1], out[1]) > _MOST_TRIED or 0 in (*size, *out):
        return None
    x = np.random.default_rng(0).random(size)
    with np.errstate(all="ignore"):
        wanted = rows.astype(np.float64) @ x @ cols.astype(np.float64)
    fitting = (layer for layer in _candidates(out) if _alike(layer.forward(x[None, None])[0, 0], wanted))
    return next(fitting, None)


def _candidates(out: tuple[int, int]) -> Iterator[Layer]:
    for mode in ("bilinear", "bicubic"):
        for antialias in (True, False):
            yield layer_type("resize")(size=out, mode=mode, antialias=antialias)
    yield layer_type("adaptive_avg_pool2d")(output_size=out)
    yield layer_type("resize")(size=out, mode="area")


def _alike(found: Array, wanted: Array) -> bool:
    return bool(np.allclose(found, wanted, rtol=_TOLERANCE, atol=_TOLERANCE))
