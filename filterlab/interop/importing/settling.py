"""Rearrangements of a map, and the layers that do them: what Reshape, Transpose, Squeeze and Unsqueeze come to.

A rearrangement is followed cell by cell, and compared with what the layers do: nothing is guessed from the shapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from math import isqrt, prod

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.interop.importing.book import Book
from filterlab.interop.importing.values import Carried, View, positions
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type

# The axes that a tensor of each rank may have. Channels last are an order of their own; every other order of three
# axes reads as one of these, or is settled by a layer.
_AXES = {
    4: tuple("N" + "".join(order) for order in permutations("CHW")),
    3: ("NCW", "NWC", "NHW", "NCH", "NHC"),
    2: ("NF", "NC"),
}


def same(view: View) -> Carried | None:
    """The map itself, where the rearrangement only names its axes in another order or leaves out those of size 1."""
    source = view.source
    for axes in _AXES.get(view.cells.ndim, ()):
        if (len(source.shape) == 1) != (axes == "NF") or axes == "NC":
            continue
        left_out = [axis for axis in "CHW" if axis not in axes and axes != "NF"]
        other = Carried(source.node, source.shape, axes)
        if all(source.size(axis) == 1 for axis in left_out) and _alike(positions(other), view.cells):
            return other
    return None


def settled(view: View, tensor: str, book: Book) -> Carried | None:
    """The map that a rearrangement is, if need be through a node that does it; None where no layer does."""
    found = same(view)
    if found is not None:
        return found
    for layers, axes in _candidates(view):
        made = _tried(layers, axes, view)
        if made is not None:
            return _added(made, axes, view, tensor, book)
    return None


def _tried(layers: tuple[Layer, ...], axes: str, view: View) -> tuple[Layer, ...] | None:
    size = prod(view.source.shape)
    x = np.arange(size, dtype=np.float32 if size < 1 << 24 else np.float64).reshape(1, *view.source.shape)
    for layer in layers:
        x = layer.forward(x)
    made = Carried("", x.shape[1:], axes)
    return layers if _alike(_placed(x[0], made), view.cells) else None


def _placed(y: Array, made: Carried) -> Array:
    """The values of a map as its tensor holds them."""
    return y.reshape(-1)[positions(made).reshape(-1)].reshape(made.onnx_shape)


def _added(layers: tuple[Layer, ...], axes: str, view: View, tensor: str, book: Book) -> Carried:
    made = view.source
    for number, layer in enumerate(layers):
        last = number == len(layers) - 1
        called = tensor if last else f"{tensor}_{layer.stem}"
        made = book.add(layer, (made,), called, axes if last else "NCHW")
    for name in view.tensors:
        if name != tensor:
            book.merged[name] = made.node
            book.left_out.pop(name, None)
    if made.listed:
        book.tensors.append((made.node, tensor))
    return made


def _alike(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool((a == b).all())


def _candidates(view: View) -> Iterator[tuple[tuple[Layer, ...], str]]:
    """Layers that might do it, with the axes of the result, by the shapes before and after."""
    shape, source = view.cells.shape, view.source.shape
    if len(shape) == 2 and len(source) == 3:
        for order in layer_type("flatten").declarations()[0].kind.options:  # type: ignore[attr-defined]
            yield (layer_type("flatten")(order=order),), "NF"
    if len(shape) in (3, 4) and len(source) == 1:
        size = shape[2:] if len(shape) == 4 else (1, shape[2])
        yield (layer_type("unflatten")(size=size),), "NCHW" if len(shape) == 4 else "NCW"
    if len(shape) == 4 and len(source) == 3:
        yield from _mixing(source, shape[1:])


def _mixing(source: tuple[int, ...], wanted: tuple[int, ...]) -> Iterator[tuple[tuple[Layer, ...], str]]:
    """Layers that exchange channels and cells."""
    shuffle, into_cells, into_channels = map(
        layer_type, ("channel_shuffle", "pixel_shuffle", "pixel_unshuffle")
    )
    if source == wanted:
        for groups in (g for g in range(2, source[0]) if source[0] % g == 0):
            yield (shuffle(groups=groups),), "NCHW"
    if source[0] == wanted[0] and source != wanted and min(wanted) > 0:
        # Cells that are repeated, as the nearest cell is taken in "nearest" and "nearest-exact" of PyTorch.
        for coordinates, rounding in (("asymmetric", "floor"), ("half_pixel", "round_prefer_ceil")):
            options = {"mode": "nearest", "coordinates": coordinates, "rounding": rounding}
            yield (layer_type("resize")(size=wanted[1:], **options),), "NCHW"
    r = wanted[1] // source[1]
    if r > 1 and wanted == (source[0] // (r * r), source[1] * r, source[2] * r):
        yield (into_cells(r=r),), "NCHW"
        # Blocks that stand in the channels as (r, r, C), not as (C, r, r): "DCR" in the operator DepthToSpace.
        yield (shuffle(groups=r * r), into_cells(r=r)), "NCHW"
    r = isqrt(wanted[0] // source[0]) if wanted[0] > source[0] else 0
    if r > 1 and wanted == (source[0] * r * r, source[1] // r, source[2] // r):
        yield (into_channels(r=r),), "NCHW"
        yield (into_channels(r=r), shuffle(groups=source[0])), "NCHW"
