"""Receptive fields and input regions, through chains and branches.

A region is found by walking from a node back to an earlier one, with the interval of rows (or columns) that is
seen in each map on the way; where branches meet, it is the smallest interval around both. Receptive fields are found
in the other direction, from the earlier map onwards: see `spans`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral

from filterlab.errors import FilterLabError, ParameterError, ShapeError
from filterlab.fields.spans import NOTHING, AxisField, AxisStep, Number, axis_fields
from filterlab.graph import Graph
from filterlab.graph.nodes import IMAGE, Step, at_node
from filterlab.layers.base.window import AxisWindow, Size, Window
from filterlab.text.messages import say

ROWS, COLS = 0, 1

Cells = tuple[int, int]  # half-open, along one axis
_EMPTY: Cells = (NOTHING, -NOTHING)


@dataclass(frozen=True)
class ReceptiveField:
    """A receptive field in cells of the earlier map: size (h, w), stride (h, w), padding (top, left).

    Strides below 1 (upsampling) are fractions. The size is then that of the largest field, and the padding that of
    output 0. whole: every value sees the whole map, as behind a global layer; the size then includes its padding. Known
    where the size of the picture is given.
    """

    size: tuple[int, int]
    stride: tuple[Number, Number]
    padding: tuple[int, int]
    # The numbers say what a field is; this is what they come to on one picture.
    whole: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Region:
    """Half-open rows and columns: top <= row < bottom, left <= column < right."""

    top: int
    left: int
    bottom: int
    right: int

    def clipped(self, size: tuple[int, int]) -> Region:
        """The part inside a map of `size` (h, w); a region of 0 cells where there is none."""
        top, bottom = (min(max(v, 0), size[0]) for v in (self.top, self.bottom))
        left, right = (min(max(v, 0), size[1]) for v in (self.left, self.right))
        return Region(top, left, max(top, bottom), max(left, right))


@dataclass(frozen=True)
class _Route:
    """The steps that lead from map `of` to node `name`, with the windows of each."""

    of: str
    name: str
    steps: tuple[Step, ...]
    windows: dict[str, tuple[Window, ...]]
    count: Size  # (rows, columns) of node `name`, where known
    cells: Size  # of map `of`, where known

    def readings(self, axis: int) -> list[AxisStep]:
        """The steps along one axis, with those of their inputs that lie on the route."""
        on_route = {self.of, *self.windows}
        return [reading(step, self.windows[step.name], axis, on_route) for step in self.steps]


def reading(step: Step, windows: tuple[Window, ...], axis: int, known: Container[str]) -> AxisStep:
    """A step along one axis, with those of its inputs that are in `known`."""
    pairs = zip(step.inputs, windows, strict=True)
    inputs = tuple((name, window[axis]) for name, window in pairs if name in known)
    return AxisStep(step.name, inputs, windows[0][axis].count)


def receptive_field(graph: Graph, name: str, of: str, size: tuple[int, ...] | None) -> ReceptiveField:
    """See `Pipeline.receptive_field`."""
    route = _route(graph, name, of, _picture_size(size))
    cells = route.cells or (None, None)
    return joined(
        *(axis_fields(of, route.readings(axis), {name}, cells[axis])[name] for axis in (ROWS, COLS))
    )


def joined(rows: AxisField | ShapeError, cols: AxisField | ShapeError) -> ReceptiveField:
    """The field of both axes. Raises the ShapeError of the first axis that has one."""
    for axis in (rows, cols):
        if isinstance(axis, ShapeError):
            raise axis
    assert isinstance(rows, AxisField), "errors are raised above"
    assert isinstance(cols, AxisField), "errors are raised above"
    whole = rows.whole and cols.whole
    return ReceptiveField(
        (rows.size, cols.size), (rows.stride, cols.stride), (rows.padding, cols.padding), whole
    )


def input_region(
    graph: Graph, name: str, row: int, col: int, of: str, size: tuple[int, ...] | None
) -> Region:
    """See `Pipeline.input_region`."""
    route = _route(graph, name, of, _picture_size(size))
    for position, count, axis in zip((row, col), route.count or (None, None), ("row", "column"), strict=True):
        # Integral rather than int: positions found by NumPy are of its own integer types.
        if not isinstance(position, Integral) or position < 0 or (count is not None and position >= count):
            legal = "0 and above" if count is None else f"0 to {count - 1}"
            what = say("there is no {} {}", axis, position)
            raise ParameterError(what, f"node '{name}'", say("allowed: {}", legal), parameter=axis, node=name)
    rows, cols = (seen(route.readings(axis), name, at) for axis, at in ((ROWS, row), (COLS, col)))
    return region(rows[of], cols[of])


def seen(readings: Sequence[AxisStep], name: str, position: int) -> dict[str, Cells]:
    """The cells of map `name` and of every map before it that one output position sees, along one axis."""
    # In reverse order, all readers of a map come before the step that makes it, so its interval is complete by then.
    found: dict[str, Cells] = {name: (position, position + 1)}
    for step in reversed(readings):
        outputs = found.get(step.name)
        if outputs is None:
            continue
        for source, window in step.inputs:
            cells = through(window, outputs)
            found[source] = together(found[source], cells) if source in found else cells
    return found


def together(one: Cells, other: Cells) -> Cells:
    """The smallest interval around two others, as where branches meet."""
    return min(one[0], other[0]), max(one[1], other[1])


def through(window: AxisWindow, outputs: Cells) -> Cells:
    """The cells of an input that an interval of outputs sees; an empty interval where there are none."""
    if outputs[0] >= outputs[1]:
        return _EMPTY
    cells = window.reach(outputs[0], outputs[1] - 1)
    return cells if cells[0] < cells[1] else _EMPTY


def region(rows: Cells, cols: Cells) -> Region:
    """The region of an interval of rows and one of columns. An empty interval becomes 0 to 0."""
    (top, bottom), (left, right) = (cells if cells[0] < cells[1] else (0, 0) for cells in (rows, cols))
    return Region(top, left, bottom, right)


def _picture_size(size: tuple[int, ...] | None) -> Size:
    if size is None:
        return None
    # A shape (C, H, W) is taken as well, because callers have `array.shape` at hand.
    if len(size) not in (2, 3) or min(size) < 1:
        raise ParameterError(say("size is {!r}", size), "pipeline", "give (height, width)", parameter="size")
    return int(size[-2]), int(size[-1])


def _route(graph: Graph, name: str, of: str, size: Size) -> _Route:
    graph.node(name)
    graph.check_names(of)
    steps = steps_between(graph, of, name)
    if name != of and not steps:
        raise leads_nowhere(of, name)
    windows, sizes = _windows(graph, size, name, {step.name for step in steps})
    return _Route(of, name, steps, windows, sizes[name], sizes.get(of))


def leads_nowhere(of: str, name: str) -> ParameterError:
    """The error for a node `of` that does not come before `name`."""
    what, hint = say("{!r} does not lead to {!r}", of, name), say("name an earlier node on its path")
    return ParameterError(what, "pipeline", hint, parameter="of", node=name)


def steps_between(graph: Graph, of: str, name: str) -> tuple[Step, ...]:
    """The steps that lead from map `of` to node `name`; none where no path does."""
    # Forwards from `of`, then backwards from `name`: a step that both walks reach lies on a path between them.
    reached, wanted = {of}, {name}
    for step in graph.steps:
        if reached.intersection(step.inputs):
            reached.add(step.name)
    for step in reversed(graph.steps):
        if step.name in wanted and step.name != of:
            wanted.update(step.inputs)
    both = (reached & wanted) - {of}
    return tuple(step for step in graph.steps if step.name in both)


def _windows(
    graph: Graph, size: Size, name: str, route: set[str]
) -> tuple[dict[str, tuple[Window, ...]], dict[str, Size]]:
    """The windows of the steps on the route, and the size of every map up to node `name`, None where unknown."""
    windows: dict[str, tuple[Window, ...]] = {}
    sizes: dict[str, Size] = {IMAGE: size}
    for step in graph.steps:
        found = step_windows(step, sizes, needed=step.name in route)
        sizes[step.name] = _counts(found)
        if found and step.name in route:
            windows[step.name] = found
        if step.name == name:
            break
    return windows, sizes


def step_windows(step: Step, sizes: Mapping[str, Size], *, needed: bool) -> tuple[Window, ...] | None:
    """The windows of a step; None where they cannot be determined and are not `needed`."""
    try:
        with at_node(step.name):
            return step.layer.windows(*[sizes[name] for name in step.inputs])
    except FilterLabError:
        if needed:
            raise
        return None  # a node off the route, whose errors do not matter to the answer


def _counts(windows: tuple[Window, ...] | None) -> Size:
    if not windows:
        return None
    rows, cols = windows[0]
    return None if rows.count is None or cols.count is None else (rows.count, cols.count)
