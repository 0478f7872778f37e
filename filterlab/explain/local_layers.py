"""The kernel here as a layer of its own, beside the network that it was taken from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from filterlab.errors import FilterLabError, ParameterError
from filterlab.explain.local_kernel import LocalKernel
from filterlab.fields import regions
from filterlab.fields.regions import Region
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, Graph, Node
from filterlab.graph.editing import free_name
from filterlab.graph.graph import G
from filterlab.graph.shapes import size_of
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.registry import layer_type
from filterlab.text.messages import say


@dataclass(frozen=True)
class KernelPlacement:
    """How a kernel is laid on a picture so that output (row, col) lies on its region: along each axis, the stride, the
    padding before and after, and zeros that lengthen the kernel at its beginning and its end.
    """

    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    zeros: tuple[tuple[int, int], tuple[int, int]]


def placement(graph: Graph, found: LocalKernel, shape: Shape) -> KernelPlacement:
    """Where `found` lies for a picture of `shape` (C, H, W), so that its layer makes maps as large as the node's.

    Values whose region is cut off by the border see other pixels beside the picture than the network does, which may
    have a border of its own on every level.
    """
    counts = size_of(graph.output_shapes(shape)[found.where.node])
    strides = _strides(graph, found.where.node, shape)
    starts = (found.region.top, found.region.left)
    position = (found.where.row, found.where.col)
    paddings, zeros = [], []
    for axis in range(2):
        before = position[axis] * strides[axis] - starts[axis]
        cells = found.kernel.shape[1 + axis] + max(-before, 0)
        after = (counts[axis] - 1) * strides[axis] + cells - max(before, 0) - shape[1 + axis]
        # A layer cannot begin inside the picture or end before its end, but a kernel with zeros at its edge sees
        # nothing there.
        zeros.append((max(-before, 0), max(-after, 0)))
        paddings.append((max(before, 0), max(after, 0)))
    return KernelPlacement(strides, (paddings[0], paddings[1]), (zeros[0], zeros[1]))


def as_layer(graph: Graph, found: LocalKernel, shape: Shape) -> Layer:
    """A layer that gives the value of `found` at its place, and what the same kernel gives everywhere else.

    A Filter2d for a picture of one channel, else a Conv2d of one output, with the constant as offset or bias. shape: of
    the picture. Raises ParameterError where the kernel is not finite.
    """
    seen = _not_empty(found)
    return _layer(seen.kernel, seen.constant, placement(graph, seen, shape))


def beside(
    graph: G, found: LocalKernel, shape: Shape, best: tuple[Array, float] | None = None
) -> tuple[G, Mapping[str, str]]:
    """The pipeline with the kernel here beside it, and the names of the new nodes.

    "here": the layer of `as_layer`; "bent": its map less that of the node, which is 0 where one kernel is enough.
    best: kernel (C, h, w) and bias as fitted with `best_options`; they become the nodes "best" and "missed".
    """
    found = _not_empty(found)
    laid = placement(graph, found, shape)
    layers = {"here": _layer(found.kernel, found.constant, laid)}
    if best is not None:
        layers["best"] = _layer(*best, replace(laid, zeros=((0, 0), (0, 0))))
    names: dict[str, str] = {}
    source = found.where.node
    if graph.output_shapes(shape)[source][0] > 1:
        channel = layer_type("channel_slice")(start=found.where.channel, stop=found.where.channel + 1)
        graph = _with(graph, names, "channel", channel, source)
        source = names["channel"]
    for word, difference in (("here", "bent"), ("best", "missed")):
        if word in layers:
            graph = _with(graph, names, word, layers[word], IMAGE)
            graph = _with(graph, names, difference, layer_type("subtract")(), names[word], source)
    return graph, names


def best_options(graph: Graph, found: LocalKernel, shape: Shape) -> dict[str, Any]:
    """The options with which `fit_kernel` finds the best single kernel over the same region, everywhere in the picture.

    Raises ParameterError where the region moves by more than one pixel from one value to the next.
    """
    seen = _not_empty(found)
    laid = placement(graph, seen, shape)
    if laid.stride != (1, 1):
        what = say("the best single kernel is fitted only where the stride is 1, not {} x {}", *laid.stride)
        raise ParameterError(what, "local_kernel")
    size = tuple(n + sum(zeros) for n, zeros in zip(seen.kernel.shape[1:], laid.zeros, strict=True))
    return {"size": size, "padding": laid.padding, "bias": True}


def _not_empty(found: LocalKernel) -> LocalKernel:
    """A value that sees nothing, as between the copies of an enlarged kernel, with a kernel of one 0."""
    if found.kernel.size:
        return found
    row, col = found.where.row, found.where.col
    nothing = np.zeros((len(found.kernel), 1, 1), found.kernel.dtype)
    return replace(found, kernel=nothing, region=Region(row, col, row + 1, col + 1))


def _layer(kernel: Array, constant: float, laid: KernelPlacement) -> Layer:
    if not (np.isfinite(kernel).all() and np.isfinite(constant)):
        what, hint = (
            say("the kernel at this value is not finite"),
            say("choose a value without NaN and infinity"),
        )
        raise ParameterError(what, "local_kernel", hint)
    weight = np.pad(kernel, ((0, 0), *laid.zeros))
    options: dict[str, Any] = {"stride": laid.stride, "padding": laid.padding}
    if len(weight) == 1:
        return layer_type("filter2d")(kernel=weight[0], offset=constant, **options)
    return layer_type("conv2d")(weight=weight[None], bias=np.array([constant], weight.dtype), **options)


def _strides(graph: Graph, name: str, shape: Shape) -> tuple[int, int]:
    """The stride of the node's receptive field; 1 where it has none, as behind enlarged maps and global layers."""
    try:
        rows, cols = regions.receptive_field(graph, name, IMAGE, shape).stride
    except FilterLabError:
        return 1, 1
    return (int(rows) if rows == int(rows) > 0 else 1), (int(cols) if cols == int(cols) > 0 else 1)


def _with(graph: G, names: dict[str, str], word: str, layer: Layer, *inputs: str) -> G:
    """The graph with one more node; its name goes into `names`."""
    taken = {node.name.casefold() for node in graph.nodes}
    name = word if word not in taken else free_name(graph, layer)
    names[word] = name
    return type(graph)([*graph.nodes, Node(name, layer, inputs=inputs)])
