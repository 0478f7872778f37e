"""Why a graph stops at a node, and the single edits after which the node fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Generic

import numpy as np

from filterlab.errors import ChannelError, FilterLabError
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, G, Graph
from filterlab.graph.editing import ancestors, free_name, insert
from filterlab.graph.nodes import Node
from filterlab.graph.shapes import known_shapes, size_of
from filterlab.layers import Layer, layer_type
from filterlab.layers.base.layer import Shape
from filterlab.run.ledger import Problem, Row

GREY = (0.299, 0.587, 0.114)  # luma of ITU-R BT.601, as Pillow's mode "L" has it
SCALES = (2, 4, 8, 16)
SIDES = (
    28,
    32,
    48,
    64,
    96,
    112,
    128,
    160,
    192,
    224,
    227,
    256,
    299,
    320,
    384,
    448,
    512,
)  # of published networks


@dataclass(frozen=True)
class QuickFix(Generic[G]):
    """An edit after which a node fits.

    kind: "grey" or "rgb" (what the node reads is made grey, or repeated three times), "channels" (the node takes as
    many `channels` as it is given; weights that stay are kept), "resize" (a map or the picture, to `size`) or "crop"
    (the kernel, to `size`). size: (height, width). graph: the edited one.
    """

    kind: str
    size: tuple[int, int] | None
    graph: G
    channels: int = 0


def first_cause(rows: Iterable[Row | Problem]) -> Problem | None:
    """The first node that is at fault itself, and does not only wait for another; None where all fit."""
    return next((row for row in rows if isinstance(row, Problem) and row.error is not None), None)


def quick_fixes(graph: G, name: str, picture: Shape) -> list[QuickFix[G]]:
    """The edits that mend node `name` for a picture of shape (C, H, W), at most one of each kind.

    Where none does alone, as for a kernel of too many channels that is too large besides, those that mend one fault.
    """
    mending: dict[str, QuickFix[G]] = {}
    helping: dict[str, QuickFix[G]] = {}
    fault = _fault(graph, name, picture)
    if fault is None:
        return []
    # The nodes behind it may be at fault, too; they are mended next.
    for fix in _candidates(graph, name, picture, fault):
        left = None if fix.kind in mending else _fault(fix.graph, name, picture)
        if left is None:
            mending.setdefault(fix.kind, fix)
        elif type(left) is not type(fault):
            helping.setdefault(fix.kind, fix)
    return list((mending or helping).values())


def _fault(graph: Graph, name: str, picture: Shape) -> FilterLabError | None:
    """The first error on the way from the picture to a node; None where it fits."""
    shapes: dict[str, Shape] = {IMAGE: picture}
    behind = ancestors(graph, [name]) | {name}
    try:
        for step in graph.steps:
            if step.name in behind:
                shapes[step.name] = step.layer.possible_shape(*[shapes[source] for source in step.inputs])
    except FilterLabError as error:
        return error
    return None


def _candidates(graph: G, name: str, picture: Shape, fault: FilterLabError) -> Iterator[QuickFix[G]]:
    # The fault tells what can mend it at all: trying hundreds of kernels in vain would keep the window waiting.
    shapes = known_shapes(graph, picture)
    inputs = graph.step(name).inputs
    if isinstance(fault, ChannelError):
        for source in dict.fromkeys(inputs):
            yield from _converted(graph, source, shapes)
        if inputs:
            yield from _widened(graph, name, shapes.get(inputs[0], ()))
        return
    maps = [source for source in inputs if len(shapes.get(source, ())) == 3]
    for source in maps:
        size = max(size_of(shapes[other]) for other in maps)
        if size_of(shapes[source]) != size:
            yield QuickFix("resize", size, _before(graph, [name], source, _resize(size)))
    if fault.parameter == "kernel_size":
        yield from _cropped(graph, name, picture)
    for scale in SCALES:
        yield _resized(graph, (picture[1] * scale, picture[2] * scale))
    for side in SIDES:
        yield _resized(graph, (side, side))


def _converted(graph: G, source: str, shapes: dict[str, Shape]) -> Iterator[QuickFix[G]]:
    """The map of `source` as one channel or as three, for those of its readers that do not fit."""
    shape = shapes.get(source, ())
    readers = [step.name for step in graph.steps if source in step.inputs and step.name not in shapes]
    if len(shape) == 3 and shape[0] == 3:
        weight = np.array(GREY, np.float32).reshape(1, 3, 1, 1)
        layer = layer_type("conv2d")(weight=weight)
        yield QuickFix("grey", None, _before(graph, readers, source, layer, name="grey"))
    if len(shape) == 3 and shape[0] == 1:
        layer = layer_type("concat")()
        yield QuickFix("rgb", None, _before(graph, readers, source, layer, (source,) * 3, name="rgb"))


def _widened(graph: G, name: str, shape: Shape) -> Iterator[QuickFix[G]]:
    """The layer with as many input channels as its input has, where it has a size of them."""
    layer = graph[name]
    if len(shape) == 3 and any(size.name == "in_channels" for size in layer.sizes):
        with suppress(FilterLabError):  # its groups may not divide them
            changed = graph.with_layers({name: layer.resized(in_channels=shape[0])})
            yield QuickFix("channels", None, changed, shape[0])


def _resize(size: tuple[int, int]) -> Layer:
    return layer_type("resize")(size=size)


def _resized(graph: G, size: tuple[int, int]) -> QuickFix[G]:
    """The picture resized for all that read it: a network expects one size of its picture, not of its maps."""
    return QuickFix("resize", size, insert(graph, _resize(size), IMAGE)[0])


def _before(
    graph: G,
    readers: list[str],
    source: str,
    layer: Layer,
    inputs: tuple[str, ...] = (),
    name: str = "",
) -> G:
    """The graph with a new node that reads `source` (or `inputs`), and that `readers` read in place of `source`."""
    fresh = name if name and name not in graph else free_name(graph, layer)
    new = Node(fresh, layer, inputs or (source,))
    nodes: list[Node] = []
    sources = {step.name: step.inputs for step in graph.steps}
    for node in graph.nodes:
        if node.name not in readers:
            nodes.append(node)
            continue
        if new not in nodes:
            nodes.append(new)
        taken = tuple(fresh if each == source else each for each in sources[node.name])
        nodes.append(replace(node, inputs=taken))
    return type(graph)(nodes)


def _cropped(graph: G, name: str, picture: Shape) -> Iterator[QuickFix[G]]:
    """The kernel with equally many rows, and columns, less on both sides: as few as possible."""
    layer = graph[name]
    found = next((p.name for p in layer.declarations() if p.name in ("weight", "kernel", "kernel_size")), "")
    if not found:
        return
    value = getattr(layer, found)
    size = value if found == "kernel_size" else np.shape(value)[-2:]

    def cut(height: int, width: int) -> QuickFix[G]:
        smaller = (height, width) if found == "kernel_size" else _middle(value, (height, width))
        changed = graph.with_layers({name: layer.replace(**{found: smaller})})
        return QuickFix("crop", (height, width), changed)

    # Rows and columns do not depend on each other, so that each is tried with the fewest of the other.
    least = tuple(2 - n % 2 for n in size)
    heights = (n for n in range(size[0], 0, -2) if _taken(cut(n, least[1]), name, picture))
    widths = (n for n in range(size[1], 0, -2) if _taken(cut(least[0], n), name, picture))
    yield cut(next(heights, least[0]), next(widths, least[1]))


def _taken(fix: QuickFix[G], name: str, picture: Shape) -> bool:
    """Return whether the kernel of an edit is small enough, whatever else does not fit."""
    fault = _fault(fix.graph, name, picture)
    return fault is None or fault.parameter != "kernel_size"


def _middle(kernel: Array, size: tuple[int, int]) -> Array:
    """The middle (..., h, w) of a kernel."""
    top, left = ((n - keep) // 2 for n, keep in zip(kernel.shape[-2:], size, strict=True))
    return kernel[..., top : top + size[0], left : left + size[1]]
