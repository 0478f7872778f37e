"""Lenses on a value: maps over the picture that answer, each in its own way, which pixels the value is due to.

Each lens says its formula and what it cannot tell. None of them is the truth about a network: `sanity` holds a lens to
what it gives for the same network with its weights shuffled (Adebayo et al.: Sanity checks for saliency maps, 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from filterlab.errors import Cancelled, FilterLabError
from filterlab.explain.way import Leg, Place, Way, look_back
from filterlab.fields.patches import Patch, Span
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import pair
from filterlab.functional.threads import Cancel
from filterlab.graph import IMAGE
from filterlab.graph.graph import G, Graph
from filterlab.graph.nodes import Node, Step
from filterlab.layers.base.layer import Shape
from filterlab.run import evaluate
from filterlab.text.messages import say

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LensView:
    """What a lens shows.

    values: (C, H, W) or (H, W), signed. over: the node whose map has these rows and columns, or the picture. exact: the
    values add up to the value that is explained, less a constant. note: what they add up to. top, left: where they
    begin, of a picture that is read in parts: they are all that is not 0.
    """

    values: Array
    over: str = IMAGE
    exact: bool = False
    note: str = ""
    top: int = 0
    left: int = 0


@dataclass(frozen=True)
class ValueLens:
    """A way of looking.

    look: called with the way back from the value; raises FilterLabError where the lens does not apply.
    """

    key: str
    title: str
    formula: str
    limits: str
    look: Callable[[Way], LensView]


def _gradient(way: Way) -> LensView:
    with np.errstate(all="ignore"):
        return _laid(way, _whole(way))


def _product(way: Way) -> LensView:
    with np.errstate(all="ignore"):
        gradient = _whole(way)
        # Where the gradient is 0 the pixel does not count, even if it is infinite.
        found = np.where(gradient == 0, 0, gradient * way.made[IMAGE].array[0])
    note = say("its sum is {:.6g} of the value {:.6g}", float(found.sum()), way.value)
    straight = all(step.layer.locally_linear for step in way.graph.steps if step.name in way.blocks)
    return _laid(way, found, exact=straight, note=note)


def _field(way: Way) -> LensView:
    with np.errstate(all="ignore"):
        return _laid(way, np.abs(_whole(way)).sum(axis=0))


def _whole(way: Way) -> Array:
    """The gradient with respect to the picture, or to what the value sees of one that is read in parts, (C, h, w)."""
    seen = way.made[IMAGE]
    whole = np.zeros_like(seen.array[0])
    found = way.gradient(double=True)
    if found is not None:
        box, top, left = found.region, seen.top, seen.left
        whole[:, box.top - top : box.bottom - top, box.left - left : box.right - left] = found.array[0]
    return whole


def _laid(way: Way, values: Array, *, exact: bool = False, note: str = "") -> LensView:
    """Values over the picture, or over what the value sees of one that is read in parts."""
    seen = way.made[IMAGE]
    return LensView(values, exact=exact, note=note, top=seen.top, left=seen.left)


def _class_activation(way: Way) -> LensView:
    node, map_, slopes = _before_head(way)
    weights = slopes.mean(axis=(1, 2), keepdims=True)
    scale = np.abs(slopes).max(initial=0.0)
    if np.abs(slopes - weights).max(initial=0.0) > 1e-6 * scale or not _is_linear(way, node, slopes):
        what = say("behind {!r} there is more than a mean of each map and a weighted sum", node)
        raise FilterLabError(what, "lens", "take Grad-CAM", node=way.name)
    found = (weights * map_).sum(axis=0)
    rest = way.value - float(found.sum())
    return LensView(
        found, node, True, say("its sum is the score {:.6g} less the constant {:.6g}", way.value, rest)
    )


def _gradient_activation(way: Way) -> LensView:
    node, map_, slopes = _before_head(way)
    weights = slopes.mean(axis=(1, 2), keepdims=True)
    return LensView(np.maximum((weights * map_).sum(axis=0), 0), node)


def _before_head(way: Way) -> tuple[str, Array, Array]:
    """The last map with more than one cell before the value, whole, and the gradient there.

    Raises FilterLabError where the value is a cell of such a map itself, or comes from no single one.
    """
    legs: list[Leg] = []
    with np.errstate(all="ignore"):
        way.gradient(legs.append, double=True)
    for leg in legs:
        maps = [name for name in leg.step.inputs if _is_wide(way.shapes[name])]
        if not maps:
            continue
        if len(maps) == 1 and way.shapes[leg.step.name][1:] in ((), (1, 1)):
            return _at(way, leg, maps[0])
        break
    what = say("{!r} is not a score behind a single map", way.name)
    raise FilterLabError(what, "lens", "pin a class score behind global pooling or a fully connected layer")


def _is_wide(shape: Shape) -> bool:
    return len(shape) == 3 and shape[1] * shape[2] > 1


def _at(way: Way, leg: Leg, name: str) -> tuple[str, Array, Array]:
    number = leg.step.inputs.index(name)
    _, height, width = way.shapes[name]
    whole = (0, height), (0, width)
    return name, leg.inputs[number].cut(*whole)[0], leg.gradients[number].cut(*whole)[0]


def _is_linear(way: Way, node: str, slopes: Array) -> bool:
    """Return whether the value follows other maps in place of `node`'s along the same slopes."""
    steps = [step for step in way.graph.steps if step.name in way.blocks]
    behind = {node}
    tail = []
    for step in steps:
        if behind.intersection(step.inputs):
            behind.add(step.name)
            tail.append(step)
    map_ = way.made[node].cut((0, slopes.shape[1]), (0, slopes.shape[2]))[0].astype(np.float64)
    # One other map may miss a kink by chance: several far apart, in which every channel moves by another amount.
    ramp = np.linspace(-1, 1, len(map_))[:, None, None]
    others = [scale * (map_[:, ::-1, ::-1] + ramp) for scale in (-100, -1, 1, 100)]
    here = _score(way, tail, node, map_)
    for other in others:
        expected = here + float((slopes * (other - map_)).sum())
        if not abs(_score(way, tail, node, other) - expected) <= 1e-6 * max(abs(expected), abs(here)):
            return False
    return True


def _score(way: Way, tail: list[Step], node: str, given: Array) -> float:
    """The value with another map in place of `node`'s; NaN where the steps behind it read other maps as well."""
    maps: dict[str, Array] = {node: given}
    for step in tail:
        if not set(step.inputs) <= maps.keys():
            return float("nan")
        inputs = tuple(maps[name] for name in step.inputs)
        maps[step.name] = evaluate.forward(step.name, step.layer, inputs, batched=False)
    found = maps[way.name]
    return float(found[way.start[: found.ndim]])


LENSES: tuple[ValueLens, ...] = (
    ValueLens(
        "gradient",
        "Gradient",
        "∂v / ∂x",
        "How the value answers to small changes of each pixel, not what the pixel adds to it. Behind a saturated "
        "activation it is small although the pixel matters.",
        _gradient,
    ),
    ValueLens(
        "product",
        "Gradient times input",
        "x · ∂v / ∂x",
        "Adds up to the value less the constants, for layers that are straight between kinks. A black pixel counts as "
        "nothing, whatever it means.",
        _product,
    ),
    ValueLens(
        "field",
        "Effective field",
        "Σ_c |∂v / ∂x_c|",
        "How strongly each pixel moves the value in either direction; the sign is lost.",
        _field,
    ),
    ValueLens(
        "cam",
        "Class activation map",
        "Σ_k (w_k / hw) · A_k",
        "Exact where the head is a mean of each map and a weighted sum: the map adds up to the score. Its cells are as "
        "coarse as the last map, and each of them sees far more than its own place.",
        _class_activation,
    ),
    ValueLens(
        "grad_cam",
        "Grad-CAM",
        "max(0, Σ_k mean(∂v / ∂A_k) · A_k)",
        "For any head, but an approximation: the gradient is averaged over the map, and what speaks against the class "
        "is cut off (Selvaraju et al. 2017).",
        _gradient_activation,
    ),
)


def lens(key: str) -> ValueLens:
    """The lens of this key. Raises FilterLabError naming the keys there are."""
    for one in LENSES:
        if one.key == key:
            return one
    what, hint = say("there is no lens {!r}", key), say("one of {}", ", ".join(one.key for one in LENSES))
    raise FilterLabError(what, "lens", hint)


def look(
    graph: Graph, image: Any, key: str, name: str, place: Place, maps: Mapping[str, Array] | None = None
) -> LensView:
    """A value seen through a lens. Raises as `Pipeline.explain`, and FilterLabError where the lens does not apply."""
    return lens(key).look(look_back(graph, image, name, place, maps))


# -- occlusion --------------------------------------------------------------------------------------------

FILLS = ("grey", "blur", "noise")


@dataclass(frozen=True)
class Occlusion:
    """A patch of `size` (h, w) pixels that is moved over the picture in steps of `stride` and hides what is below it.

    fill: "grey", the mean of each channel; "blur", the picture's own mean around each pixel, as wide as the patch;
    "noise", random values between the least and the greatest of each channel, the same ones for the same seed.
    """

    size: tuple[int, int] = (16, 16)
    stride: tuple[int, int] = (8, 8)
    fill: str = "grey"
    seed: int = 0


@np.errstate(all="ignore")  # infinities in a picture make slopes and sums of their kind
def occlusion(
    graph: Graph,
    image: Any,
    name: str,
    place: Place,
    patch: Occlusion,
    *,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> LensView:
    """How much the value loses where the picture is hidden: value - value with the patch there, averaged over patches.

    Zeiler and Fergus 2014. The map is (H, W); pixels that the value does not see are 0. What it gives depends on the
    fill: a grey patch is an edge of its own. Of a picture that is read in parts, a `PartSource`, it is filled with what
    the value sees of it, whose mean may be another. Raises Cancelled, ParameterError for a size or a stride below 1,
    FilterLabError for another fill, and as `Pipeline.explain`.
    """
    for option in ("size", "stride"):
        pair(getattr(patch, option), option, "occlusion", 1)
    way = look_back(graph, image, name, place)
    seen = way.made[IMAGE]
    hidden = _hidden(seen.array[0], patch)
    _, height, width = seen.array[0].shape
    total, count = np.zeros((height, width)), np.zeros((height, width))
    corners = list(_corners(way, patch))
    for number, (rows, cols) in enumerate(corners, 1):
        if cancel is not None and cancel():
            raise Cancelled("stopped before the patch was everywhere", "occlusion")
        picture = seen.array[0].copy()
        picture[:, rows, cols] = hidden[:, rows, cols]
        other = look_back(graph, _in_place(way, Patch(picture[None], seen.top, seen.left)), name, place)
        total[rows, cols] += way.value - other.value
        count[rows, cols] += 1
        if progress is not None:
            progress(number, len(corners))
    found: Array = (total / np.maximum(count, 1)).astype(seen.array.dtype)
    note = ""
    if _in_parts(way):
        note = say("The patch is filled from what the value sees, not from the whole picture.")
    return _laid(way, found, note=note)


def _in_parts(way: Way) -> bool:
    return hasattr(way.picture, "read")


class _Changed(NamedTuple):
    """A picture that is read in parts, of which the part that a value sees is another."""

    shape: tuple[int, ...]
    part: Patch

    def read(self, rows: Span, cols: Span) -> Array:
        return self.part.cut(rows, cols)[0]


def _in_place(way: Way, part: Patch) -> Any:
    """The picture with another part in place of the one at hand."""
    return _Changed(tuple(way.picture.shape), part) if _in_parts(way) else part.array[0]


def _corners(way: Way, patch: Occlusion) -> Iterator[tuple[slice, slice]]:
    """The places of the patch that hide something of what the value sees, in the part of the picture at hand."""
    seen, hull = way.made[IMAGE], way.blocks[IMAGE].hull()
    rows, cols = (
        [
            slice(max(start - first, 0), min(start + size, n) - first)
            for start in range(0, max(n - size, 0) + stride, stride)
            if start < end and min(start + size, n) > begin
        ]
        for n, size, stride, first, begin, end in zip(
            way.picture.shape[1:],
            patch.size,
            patch.stride,
            (seen.top, seen.left),
            hull[:2],
            hull[2:],
            strict=True,
        )
    )
    yield from product(rows, cols)


def _hidden(picture: Array, patch: Occlusion) -> Array:
    """The picture as it looks below the patch."""
    if patch.fill == "blur":
        import filterlab.functional as F

        # Odd windows, so that the mean is centred on its pixel.
        sizes = tuple(2 * (n // 2) + 1 for n in patch.size)
        pads = tuple(n // 2 for n in sizes)
        return F.avg_pool2d(picture, sizes, stride=1, padding=pads, count_include_pad=False)
    if patch.fill == "noise":
        low, high = (f(picture, axis=(1, 2), keepdims=True) for f in (np.min, np.max))
        drawn = np.random.default_rng(patch.seed).random(picture.shape).astype(picture.dtype)
        return low + (high - low) * drawn
    if patch.fill == "grey":
        return np.broadcast_to(picture.mean(axis=(1, 2), keepdims=True), picture.shape)
    what, hint = say("there is no fill {!r}", patch.fill), say("one of {}", ", ".join(FILLS))
    raise FilterLabError(what, "occlusion", hint)


# -- sanity -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sanity:
    """A view beside that of the same network with its weights shuffled.

    likeness: the correlation of the magnitudes of the two, -1 to 1. Near 1 the lens shows the picture rather than what
    the network has learned; NaN where one of the two is the same everywhere.
    """

    shuffled: LensView
    likeness: float


def sanity(
    graph: Graph, image: Any, key: str, name: str, place: Place, seen: LensView, seed: int = 0
) -> Sanity:
    """The lens once more, over a network with the same weights in another order; `seen` is the view to compare."""
    other = look(shuffled(graph, seed), image, key, name, place)
    one, two = np.abs(seen.values).ravel().astype(np.float64), np.abs(other.values).ravel().astype(np.float64)
    with np.errstate(all="ignore"):
        one, two = one - one.mean(), two - two.mean()
        likeness = float((one * two).sum() / np.sqrt((one**2).sum() * (two**2).sum()))
    return Sanity(other, likeness)


def shuffled(graph: G, seed: int = 0) -> G:
    """The graph with the numbers of each trainable array in random order."""
    rng = np.random.default_rng(seed)
    nodes = []
    for node in graph.nodes:
        arrays = {
            name: rng.permutation(array.ravel()).reshape(array.shape)
            for name, array in node.layer.trainable().items()
        }
        nodes.append(
            Node(node.name, node.layer.with_arrays(arrays), node.inputs, node.enabled) if arrays else node
        )
    return type(graph)(nodes)
