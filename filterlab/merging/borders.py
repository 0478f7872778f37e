"""Which cells at the border differ between layers and the one that they are merged into, found by trying both.

Inside, a merged layer gives the same numbers by its construction. At the border it depends on paddings, their modes and
the symmetry of kernels, in ways that no short rule covers. Both sides are linear, so that a cell that agrees on random
pictures agrees on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from filterlab.errors import FilterLabError, ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pads, Pair, span
from filterlab.layers.base.layer import Layer, Shape
from filterlab.merging.stencil import Stencil, layer_of
from filterlab.text.messages import say

Apply = Callable[[Array], Array]

EXACT = Pads(0, 0, 0, 0)
_TOLERANCE = 1e-9  # of the largest value: far above round-off in float64, far below what a wrong cell shows
_BESIDE = 3  # lines at either side of the middle, over which a stride in common use repeats itself
# Sizes that are tried where none is known: as many as the stride, since the last windows of each lie differently.
_MOST_TRIED = 64


def best_layer(
    joined: Stencil, fills: list[tuple[str, float]], unmerged: Apply, dtype: type, shape: Shape | None
) -> tuple[Layer, Pads, bool]:
    """The layer of a stencil with that filling of its padding which leaves the fewest cells different, and these cells.

    The last value is whether others differ in maps of other sizes.
    fills: padding modes with their values that come into question. unmerged: what the layers give for a map
    (1, C, H, W). shape: of the input, where it is known. Raises ParameterError where no layer can be made.
    """
    refused: FilterLabError | None = None
    found: tuple[int, Stencil, Pads] | None = None
    # Zeros fill a border of any width; reflections and turns reach no further than the map.
    fixed = not joined.padded or max(joined.up) > 1
    for mode, fill in dict.fromkeys([*([] if fixed else fills), ("zeros", 0.0)]):
        tried = replace(joined, mode=mode, fill=fill)
        try:
            cells = _differing(unmerged, layer_of(tried), joined, shape)
        except FilterLabError as error:
            refused = refused or error
            continue
        if found is None or sum(cells) < found[0]:
            found = sum(cells), tried, cells
        if not sum(cells):
            break
    if found is None:
        assert refused is not None, "at least one filling was tried"
        raise refused
    _, tried, cells = found
    return layer_of(tried, dtype), cells, _is_sized(unmerged, tried, cells, shape)


def _is_sized(unmerged: Apply, tried: Stencil, cells: Pads, shape: Shape | None) -> bool:
    """Whether cells that differ in a map of a known size say nothing of other sizes."""
    if shape is None or tried.vector:
        return False
    if tried.sized or max(tried.stride) == 1:
        return tried.sized
    try:
        return _differing(unmerged, layer_of(tried), tried, None) != cells
    except FilterLabError:
        return True  # some layers take only multiples of their stride


def _differing(unmerged: Apply, merged: Layer, joined: Stencil, shape: Shape | None) -> Pads:
    """Rows and columns at each side in which two ways of computing a map differ, over all sizes that are tried."""
    if joined.vector:
        return EXACT
    worst = EXACT
    rng = np.random.default_rng(0)
    for size in _sizes(joined, shape):
        channels = joined.inputs or 1
        picture = rng.uniform(0.5, 1.5, (1, channels, *size)) * rng.choice([-1, 1], (1, channels, *size))
        worst = Pads(*map(max, worst, _frame(unmerged(picture), merged.forward(picture))))
    return worst


def _sizes(joined: Stencil, shape: Shape | None) -> Iterator[Pair]:
    """Sizes of maps to try: large enough for an inside, no larger than need be, and like the input's if it is known."""
    pads, wide = joined.pads.sides, []
    for axis in (0, 1):
        # What is cut off counts as well: the map must not vanish.
        reach = span(joined.kernel[axis], joined.dilation[axis]) + sum(map(abs, pads[axis]))
        wide.append(2 * reach + 4 * joined.stride[axis])
    if shape is not None and len(shape) == 3:
        # The same remainder as the picture has: it decides where the last window lies.
        steps = joined.stride
        yield tuple(min(n, w + (n - w) % s) for n, w, s in zip(shape[1:], wide, steps, strict=True))  # type: ignore[misc]
        return
    for more in range(min(max(joined.stride), _MOST_TRIED)):
        yield wide[0] + more, wide[1] + more


def _frame(one: Array, other: Array) -> Pads:
    """The rows and columns at each side of two maps (1, C, H, W) that hold all cells in which they differ.

    Raises ParameterError where they differ inside, too: then they are not merely padded differently.
    """
    if one.shape != other.shape:
        raise ParameterError(say("the merged layer would give a map of another size"))
    largest = max(float(np.abs(one).max()), 1e-300)
    apart = (np.abs(one - other) > _TOLERANCE * largest).any(axis=(0, 1))
    if not apart.any():
        return EXACT
    # The middle lines meet the frame alone; where the map has no inside, all of it is frame. Several of them: a
    # transposed convolution may leave every other line to its constant.
    height, width = apart.shape
    top, bottom = _ends(apart[:, _middle(width)].any(axis=1))
    left, right = _ends(apart[_middle(height)].any(axis=0))
    inside = apart[top : height - bottom, left : width - right]
    if inside.any():
        raise ParameterError(say("the merged layer would give other numbers"))
    return Pads(top, bottom, left, right)


def _middle(count: int) -> slice:
    return slice(max(count // 2 - _BESIDE, 0), count // 2 + _BESIDE)


def _ends(apart: Array) -> Pair:
    """How many cells at either end of a line hold all that differ."""
    half = len(apart) // 2
    first, last = np.flatnonzero(apart[:half]), np.flatnonzero(apart[half:][::-1])
    return int(first[-1]) + 1 if len(first) else 0, int(last[-1]) + 1 if len(last) else 0
