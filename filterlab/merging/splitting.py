"""A layer split into cheaper ones: columns and rows of a low rank, or a cascade of small kernels.

Both give the same numbers up to the error of the kernel that is told, at the borders too: a cascade is padded once,
before its first kernel, and columns and rows are padded along their own axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads
from filterlab.graph import IMAGE, G, Node
from filterlab.graph.editing import free_name
from filterlab.graph.shapes import known_shapes
from filterlab.kernels.factors import Numbers, cascade, dropped, rank_parts
from filterlab.layers.base.layer import Layer, Shape
from filterlab.layers.base.registry import layer_type
from filterlab.merging.costs import macs_of
from filterlab.merging.layers import need_enabled
from filterlab.merging.stencil import is_sized
from filterlab.text.messages import Message, say

SPLIT = ("filter2d", "conv2d")
_LITTLE = 0.01  # an error of weights that most pictures do not show


@dataclass(frozen=True)
class Split(Generic[G]):
    """A layer as several.

    pipeline: with them in its place. names: of the new nodes, the last of which has the name of the layer. wanted,
    made: the kernels as they were and as the new layers have them together, float64 (outputs, inputs / groups, h, w).
    macs: multiply-adds before and after for one picture, of 512 x 512 where its size is not known; None where the
    pipeline does not fit it. sized: the padding is that of pictures of this size.
    """

    pipeline: G
    names: tuple[str, ...]
    wanted: Array
    made: Array
    macs: tuple[int, int] | None
    sized: bool = False

    @property
    def error(self) -> float:
        """The root of the squared error of all weights over that of the squared weights."""
        whole = float(np.linalg.norm(self.wanted))
        return float(np.linalg.norm(self.made - self.wanted)) / whole if whole else 0.0

    def words(self) -> Message:
        """What it became, how far that is from the layer, and what it costs."""
        name, count = self.names[-1], len(self.names)
        text = say("{!r} split into {} layer(s), relative error {:.2g}", name, count, self.error)
        if self.macs is not None:
            text += say("; {:,} multiply-adds instead of {:,}", self.macs[1], self.macs[0])
        return say("{}; in pictures of other sizes, other cells may differ", text) if self.sized else text

    def to_dict(self) -> dict[str, Any]:
        """Names, error and costs, for JSON."""
        macs = None if self.macs is None else {"before": self.macs[0], "after": self.macs[1]}
        return {"nodes": list(self.names), "error": self.error, "sized": self.sized, "macs": macs}


def check_splits(graph: G, name: str) -> Layer:
    """The layer of node `name`, if it has kernels that can be split. Raises ParameterError."""
    layer = need_enabled(graph, name).layer
    if layer.key not in SPLIT:
        what = say("{} has no kernel that could be split", layer.title)
        raise ParameterError(what, _where(name), say("choose a Filter or a Convolution"), node=name)
    return layer


def rank_errors(layer: Layer) -> list[float]:
    """The relative error of the kernels of a layer at rank 1, 2, ..., up to the rank that is exact."""
    values = np.sqrt(sum(matrix_values**2 for matrix_values in _spectra(layer)))
    errors = [dropped(values, rank) for rank in range(1, len(values) + 1)]
    exact = next((i for i, error in enumerate(errors) if error < 1e-7), len(errors) - 1)
    return errors[: exact + 1]


def first_rank(layer: Layer) -> tuple[int, int]:
    """The lowest rank with an error below one in a hundred, and the lowest that is exact."""
    errors = rank_errors(layer)
    return next(i for i, error in enumerate(errors, 1) if error < _LITTLE or i == len(errors)), len(errors)


def split_ranks(graph: G, name: str, rank: int, picture: Shape | None = None) -> Split[G]:
    """Split the kernels of node `name` into columns and rows, `rank` of each.

    The singular value decomposition of a kernel gives them; for a convolution that of all kernels of a group at once,
    whose columns make `rank` maps for each group, from which the rows make the outputs (Jaderberg, Vedaldi, Zisserman:
    Speeding up convolutional neural networks with low rank expansions, 2014). Of all such layers these are the closest
    in least squares. Raises ParameterError for a rank that is out of range, and for other layers.
    """
    layer: Any = check_splits(graph, name)
    most = min(len(values) for values in _spectra(layer))
    if not 1 <= rank <= most:
        what = say("the rank is {}", rank)
        raise ParameterError(what, _where(name), say("it must be a whole number, 1 to {}", most), node=name)
    pads = _pads(graph, name, picture)
    if layer.key == "filter2d":
        return _filter_ranks(graph, name, rank, pads, picture)
    return _conv_ranks(graph, name, rank, pads, picture)


def split_cascade(graph: G, name: str, piece: int = 3, picture: Shape | None = None) -> Split[G]:
    """Split each kernel of node `name` into a cascade of kernels of up to `piece` cells a side; see `kernels.cascade`.

    Raises ParameterError as that, and for a convolution that sums over channels.
    """
    layer: Any = check_splits(graph, name)
    kernels = _kernels(layer)
    if layer.key == "conv2d" and (kernels.shape[1] > 1 or len(kernels) != layer.groups):
        what = say("it sums over channels, and a cascade stands for one kernel a channel")
        raise ParameterError(what, _where(name), say("split it into columns and rows"), node=name)
    found = [cascade(kernel, piece) for kernel in kernels[:, 0]]
    steps = [np.stack(step)[:, None] for step in zip(*(one.kernels for one in found), strict=True)]
    pads, last = _pads(graph, name, picture), len(steps) - 1
    made = []
    for place, weights in enumerate(steps):
        padding = pads if place == 0 else Pads(0, 0, 0, 0)
        stride = layer.stride if place == last else (1, 1)
        made.append(
            _with(
                layer, weights, padding, stride, layer.groups if layer.key == "conv2d" else 1, place == last
            )
        )
    return _chained(graph, name, made, np.stack([one.made for one in found])[:, None], picture)


# -- kernels ----------------------------------------------------------------------------------------------------


def _where(name: str) -> str:
    return f"node '{name}'"


def _kernels(layer: Any) -> Numbers:
    """The kernels as they are written, (outputs, inputs / groups, h, w)."""
    if layer.key == "filter2d":
        return np.asarray(layer.kernel, np.float64)[None, None]
    return np.asarray(layer.weight, np.float64)


def _matrices(layer: Any) -> list[Numbers]:
    """For each group, its kernels as a matrix: (input, row of the kernel) by (output, column of the kernel)."""
    weight = _kernels(layer)
    groups = layer.groups if layer.key == "conv2d" else 1
    return [
        part.transpose(1, 2, 0, 3).reshape(part.shape[1] * part.shape[2], -1)
        for part in np.split(weight, groups)
    ]


def _spectra(layer: Layer) -> list[Numbers]:
    return [np.linalg.svd(matrix, compute_uv=False) for matrix in _matrices(layer)]


def _pads(graph: G, name: str, picture: Shape | None) -> Pads:
    """The padding of a node in cells. Raises NeedsSizeError where that depends on the size of the picture."""
    (source,) = graph.node(name).inputs or (IMAGE,)
    shape = known_shapes(graph, picture).get(source)
    pads: Pads = graph[name].geometry(None if shape is None else (shape[1], shape[2]))[3]
    return pads


# -- layers -----------------------------------------------------------------------------------------------------


def _with(
    layer: Any,
    weights: Numbers,
    pads: Pads,
    stride: tuple[int, int],
    groups: int,
    last: bool,
    fill: float | None = None,
) -> Layer:
    """The layer with other kernels (outputs, inputs / groups, h, w). last: whether it adds the constants."""
    changes: dict[str, Any] = {"padding": pads.sides, "stride": stride}
    if max(pads) == 0:
        changes |= {"padding_mode": "zeros", "value": 0.0}
    elif fill is not None:
        changes["value"] = fill
    if layer.key == "filter2d":
        changes["kernel"] = weights[0, 0].astype(layer.kernel.dtype)
        return layer.replace(**changes) if last else layer.replace(**changes, divisor=1.0, offset=0.0)
    bias = layer.raw()["bias"] if last else None
    return layer.replace(**changes, weight=weights.astype(layer.weight.dtype), bias=bias, groups=groups)


def _filter_ranks(graph: G, name: str, rank: int, pads: Pads, picture: Shape | None) -> Split[G]:
    """A filter as branches that are summed, each a column and a row: it takes any number of channels."""
    layer: Any = graph[name]
    parts = rank_parts(layer.kernel)
    branches = []
    for place in range(rank):
        column, row = parts.columns[place][None, None, :, None], parts.rows[place][None, None, None, :]
        # The column makes of the fill around the map its own sum times the fill, which the row has to see there.
        fill = layer.value * float(column.sum()) if layer.padding_mode == "constant" else None
        down = _with(layer, column, _vertical(pads), (layer.stride[0], 1), 1, False)
        across = _with(layer, row, _horizontal(pads), (1, layer.stride[1]), 1, True, fill)
        # The offset is added once.
        branches.append((down, across if place == 0 else across.replace(offset=0.0)))
    made = parts.kernel(rank)[None, None]
    if rank == 1:
        return _chained(graph, name, branches[0], made, picture)
    return _summed(graph, name, branches, made, picture)


def _conv_ranks(graph: G, name: str, rank: int, pads: Pads, picture: Shape | None) -> Split[G]:
    layer: Any = graph[name]
    outputs, inputs, height, width = layer.shape_of("weight")
    each = outputs // layer.groups
    downs, acrosses, mades = [], [], []
    for matrix in _matrices(layer):
        parts = rank_parts(matrix)
        columns, rows = parts.columns[:rank], parts.rows[:rank]
        downs.append(columns.reshape(rank, inputs, height, 1))
        acrosses.append(rows.reshape(rank, each, 1, width).transpose(1, 0, 2, 3))
        made = parts.kernel(rank).reshape(inputs, height, each, width)
        mades.append(made.transpose(2, 0, 1, 3))
    layers: list[Layer] = []
    if layer.padding_mode == "constant" and layer.value and max(pads):
        # Each of the maps between would need a fill of its own.
        layers.append(layer_type("pad")(padding=pads.sides, mode="constant", value=layer.value))
        pads = Pads(0, 0, 0, 0)
    down = _with(layer, np.concatenate(downs), _vertical(pads), (layer.stride[0], 1), layer.groups, False)
    across = _with(
        layer, np.concatenate(acrosses), _horizontal(pads), (1, layer.stride[1]), layer.groups, True
    )
    return _chained(graph, name, [*layers, down, across], np.concatenate(mades), picture)


def _vertical(pads: Pads) -> Pads:
    return Pads(pads.top, pads.bottom, 0, 0)


def _horizontal(pads: Pads) -> Pads:
    return Pads(0, 0, pads.left, pads.right)


# -- graphs -----------------------------------------------------------------------------------------------------


def _chained(graph: G, name: str, layers: Sequence[Layer], made: Numbers, picture: Shape | None) -> Split[G]:
    """The graph with a chain of layers in the place of a node, the last under its name."""
    nodes = _named(graph, layers[:-1], graph.node(name).inputs or (IMAGE,))
    inputs = (nodes[-1].name,) if nodes else graph.node(name).inputs
    return _put(graph, name, [*nodes, Node(name, layers[-1], inputs)], made, picture)


def _summed(
    graph: G, name: str, branches: Sequence[Sequence[Layer]], made: Numbers, picture: Shape | None
) -> Split[G]:
    """The graph with branches in the place of a node, which becomes their sum."""
    nodes: list[Node] = []
    ends = []
    grown = graph
    for branch in branches:
        nodes += _named(grown, branch, graph.node(name).inputs or (IMAGE,))
        ends.append(nodes[-1].name)
        grown = type(graph)([*graph.nodes, *nodes])
    return _put(graph, name, [*nodes, Node(name, layer_type("add")(), tuple(ends))], made, picture)


def _named(graph: G, layers: Sequence[Layer], inputs: tuple[str, ...]) -> list[Node]:
    """Nodes in a row, with names that are free."""
    nodes: list[Node] = []
    for layer in layers:
        grown = type(graph)([*graph.nodes, *nodes])
        nodes.append(Node(free_name(grown, layer), layer, (nodes[-1].name,) if nodes else inputs))
    return nodes


def _put(graph: G, name: str, nodes: Sequence[Node], made: Numbers, picture: Shape | None) -> Split[G]:
    wanted = _kernels(graph[name])
    split = type(graph)(new for n in graph.nodes for new in (nodes if n.name == name else [n]))
    names = tuple(node.name for node in nodes)
    before, after = macs_of(graph, [name], picture), macs_of(split, names, picture)
    macs = None if before is None or after is None else (before, after)
    return Split(split, names, wanted, made, macs, is_sized(graph[name]))
