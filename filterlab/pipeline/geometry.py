"""Receptive fields and input regions, through chains and branches.

Both walk the graph from a node back to an earlier one and carry, for many output positions at once, the
interval of rows (or columns) that they see in each map on the way. Where branches meet again, the union.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from filterlab.errors import FilterLabError, ParameterError, ShapeError
from filterlab.functional.arrays import Array
from filterlab.layers.window import AxisWindow, Size, Window

if TYPE_CHECKING:
    from filterlab.pipeline.graph import Pipeline, Step

Number = int | float
ROWS, COLS = 0, 1


@dataclass(frozen=True)
class ReceptiveField:
    """Cells of the earlier map: size (h, w), stride (h, w), padding (top, left).

    Strides below one (upsampling) are fractions; size is then the largest and padding that of output 0.
    """

    size: tuple[int, int]
    stride: tuple[Number, Number]
    padding: tuple[int, int]


@dataclass(frozen=True)
class Region:
    """Half-open rows and columns: top <= row < bottom, left <= column < right."""

    top: int
    left: int
    bottom: int
    right: int

    def clipped(self, size: tuple[int, int]) -> Region:
        """The part inside a map of `size` (h, w); empty (0 cells) where there is none."""
        top, bottom = (min(max(v, 0), size[0]) for v in (self.top, self.bottom))
        left, right = (min(max(v, 0), size[1]) for v in (self.left, self.right))
        return Region(top, left, max(top, bottom), max(left, right))


class Interval(NamedTuple):
    """What outputs see of one axis of a map: starts and stops, one for each output position."""

    start: Array
    stop: Array


_NOTHING = 1 << 40  # start of an empty interval, beyond every map; its stop is the negative


@contextmanager
def at_node(name: str) -> Iterator[None]:
    """Errors raised inside are said to have happened at node `name`."""
    try:
        yield
    except FilterLabError as error:
        if error.node:
            raise
        raise error.at_node(name) from None


@dataclass(frozen=True)
class _Route:
    """The steps that lead from map `of` to node `name`, with the windows of each."""

    of: str
    name: str
    steps: tuple[Step, ...]
    windows: dict[str, tuple[Window, ...]]
    count: Size  # of node `name`, where known

    def inputs(self, step: Step, axis: int) -> Iterator[tuple[str, AxisWindow]]:
        """The inputs of `step` that lie on the route, each with its window along `axis`."""
        on_route = {self.of, *self.windows}
        for name, window in zip(step.inputs, self.windows[step.name], strict=True):
            if name in on_route:
                yield name, window[axis]


def receptive_field(pipeline: Pipeline, name: str, of: str, size: tuple[int, ...] | None) -> ReceptiveField:
    """See `Pipeline.receptive_field`."""
    route = _route(pipeline, name, of, _picture_size(size))
    rows, cols = (_axis_field(route, axis) for axis in (ROWS, COLS))
    return ReceptiveField(*zip(rows, cols, strict=True))  # type: ignore[arg-type]


def input_region(
    pipeline: Pipeline, name: str, row: int, col: int, of: str, size: tuple[int, ...] | None
) -> Region:
    """See `Pipeline.input_region`."""
    route = _route(pipeline, name, of, _picture_size(size))
    for position, count, axis in zip((row, col), route.count or (None, None), ("row", "column"), strict=True):
        if position < 0 or (count is not None and position >= count):
            legal = "0 and above" if count is None else f"0 to {count - 1}"
            what = f"there is no {axis} {position}"
            raise ParameterError(what, f"node '{name}'", f"legal: {legal}", parameter=axis, node=name)
    (top, bottom), (left, right) = (
        ends(_seen(route, axis, np.array([position]))) for axis, position in ((ROWS, row), (COLS, col))
    )
    return Region(top, left, bottom, right)


def ends(interval: Interval) -> tuple[int, int]:
    """(start, stop) of the first position; (0, 0) where it sees nothing."""
    start, stop = int(interval.start[0]), int(interval.stop[0])
    return (start, stop) if start < stop else (0, 0)


def _picture_size(size: tuple[int, ...] | None) -> Size:
    if size is None:
        return None
    if len(size) not in (2, 3) or min(size) < 1:
        raise ParameterError(f"size is {size!r}", "pipeline", "give (height, width)", parameter="size")
    return int(size[-2]), int(size[-1])


def _route(pipeline: Pipeline, name: str, of: str, size: Size) -> _Route:
    pipeline.node(name)
    if of != "image":
        pipeline.node(of)
    steps = _steps_between(pipeline, of, name)
    if name != of and not steps:
        what = f"{of!r} does not lead to {name!r}"
        raise ParameterError(what, "pipeline", "name an earlier node on its way", parameter="of", node=name)
    windows, sizes = _windows(pipeline, size, name, {step.name for step in steps})
    return _Route(of, name, steps, windows, sizes[name])


def _steps_between(pipeline: Pipeline, of: str, name: str) -> tuple[Step, ...]:
    reached, wanted = {of}, {name}
    for step in pipeline.steps:
        if reached.intersection(step.inputs):
            reached.add(step.name)
    for step in reversed(pipeline.steps):
        if step.name in wanted and step.name != of:
            wanted.update(step.inputs)
    both = (reached & wanted) - {of}
    return tuple(step for step in pipeline.steps if step.name in both)


def _windows(
    pipeline: Pipeline, size: Size, name: str, route: set[str]
) -> tuple[dict[str, tuple[Window, ...]], dict[str, Size]]:
    """Windows of the steps on the route, and the size of every map up to node `name` where it is known."""
    windows: dict[str, tuple[Window, ...]] = {}
    sizes: dict[str, Size] = {"image": size}
    for step in pipeline.steps:
        found = step_windows(step, sizes, needed=step.name in route)
        sizes[step.name] = _counts(found)
        if found and step.name in route:
            windows[step.name] = found
        if step.name == name:
            break
    return windows, sizes


def step_windows(step: Step, sizes: dict[str, Size], *, needed: bool) -> tuple[Window, ...] | None:
    """Windows of a step; None where they cannot be told and are not `needed`."""
    try:
        with at_node(step.name):
            return step.layer.windows(*[sizes[name] for name in step.inputs])
    except FilterLabError:
        if needed:
            raise
        return None  # another branch, whose trouble is not asked about


def _counts(windows: tuple[Window, ...] | None) -> Size:
    if not windows:
        return None
    rows, cols = windows[0]
    return None if rows.count is None or cols.count is None else (rows.count, cols.count)


def _axis_field(route: _Route, axis: int) -> tuple[int, Number, int]:
    """(size, stride, padding) along one axis."""
    strides = _strides(route, axis)
    stride = strides[route.name]
    positions = _positions(route, axis, strides)
    start, stop = _seen(route, axis, positions)
    seen = np.flatnonzero(start < stop)
    if not len(seen):
        return 0, _plain(stride), 0
    first = seen[0]
    padding = int(positions[first] * stride.numerator // stride.denominator - start[first])
    return int((stop - start)[seen].max()), _plain(stride), padding


def _plain(stride: Fraction) -> Number:
    return int(stride) if stride.denominator == 1 else float(stride)


def _strides(route: _Route, axis: int) -> dict[str, Fraction]:
    """Stride of each map on the route with respect to `of`. Raises ShapeError where unequal ones meet."""
    strides = {route.of: Fraction(1)}
    for step in route.steps:
        meeting = {name: strides[name] * window.step for name, window in route.inputs(step, axis)}
        if len(set(meeting.values())) > 1:
            branches = ", ".join(f"{name!r} with {_plain(stride)}" for name, stride in meeting.items())
            raise ShapeError(
                f"branches of unequal stride meet: {branches}",
                f"node '{step.name}'",
                "such a node has no one receptive field; ask for input_region of a position",
                node=step.name,
            )
        strides[step.name] = next(iter(meeting.values()))
    return strides


def _positions(route: _Route, axis: int, strides: dict[str, Fraction]) -> Array:
    """Output positions that show every phase of the windows: one period, or all where there is none."""
    lines = [w for step in route.steps for _, w in route.inputs(step, axis)]
    if all(window.periodic for window in lines):
        # After so many outputs every map on the way has moved by whole cells.
        stride = strides[route.name]
        return np.arange(lcm(*((stride / s).denominator for s in strides.values())))
    assert route.count is not None, "windows without a period need the size"
    return np.arange(route.count[axis])


def _seen(route: _Route, axis: int, positions: Array) -> Interval:
    """What each output position of the route's end sees of the map at its start."""
    seen: dict[str, Interval] = {route.name: Interval(positions, positions + 1)}
    for step in reversed(route.steps):
        for name, window in route.inputs(step, axis):
            back = through(window, seen[step.name])
            known = seen.get(name)
            seen[name] = back if known is None else union(known, back)
    return seen[route.of]


def through(window: AxisWindow, outputs: Interval) -> Interval:
    """What an interval of outputs sees through a window, position by position."""
    start, stop = window.reach(outputs.start, outputs.stop - 1)
    empty = (outputs.start >= outputs.stop) | (start >= stop)
    return Interval(np.where(empty, _NOTHING, start), np.where(empty, -_NOTHING, stop))


def union(a: Interval, b: Interval) -> Interval:
    """The smallest interval around both."""
    return Interval(np.minimum(a.start, b.start), np.maximum(a.stop, b.stop))
