"""The receptive fields of many maps along one axis, in one pass from the earlier map onwards.

The interval that output i of a map sees, start(i) to stop(i), is a pair of functions of i. Where all windows on the way
move by whole cells these are straight lines, and three numbers describe them. Elsewhere (upsampling, adaptive
pooling) they are tables over the positions that are needed. A table is dropped as soon as its last reader has been
made, so that deep networks need the memory of a few tables only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

import numpy as np

from filterlab.errors import ShapeError
from filterlab.functional.arrays import Array
from filterlab.layers.base.window import AxisWindow
from filterlab.text.messages import say

Number = int | float

# The start of an empty interval, and with the sign changed its stop: min and max then join intervals without asking
# which of them is empty. Beyond every map, and small enough that sums of two stay within int64.
NOTHING = 1 << 40
# The number of cells whose fields are averaged: a multiple of 2, 3 and 4, the usual factors of upsampling.
PHASES = 12
MOST_POSITIONS = 1 << 22  # of a table; at 16 bytes each, 64 MB


class AxisStep(NamedTuple):
    """A step along one axis: the inputs that lie on the way, each with its window.

    outputs: how many outputs the map has along the axis, None where that is not known.
    """

    name: str
    inputs: tuple[tuple[str, AxisWindow], ...]
    outputs: int | None


@dataclass(frozen=True)
class AxisField:
    """The size, stride and padding of a receptive field along one axis, in cells of the earlier map.

    origin: where cell 0 of the map begins on the earlier map if each cell is centred on the middle of its field. whole:
    each output sees all cells of the earlier map, as behind a global layer.
    """

    size: int
    stride: Number
    padding: int
    origin: float
    whole: bool = False


class _Table(NamedTuple):
    """The intervals that outputs `first`, `first` + 1, ... see.

    ordered: starts and stops never decrease, and every output sees something.
    """

    first: int
    start: Array
    stop: Array
    ordered: bool


@dataclass
class _Track:
    """The fields of one map, as far as they are known.

    stride: cells of the earlier map from one output to the next. line: (start, stop) of output 0, where the others
    follow by whole strides; else None. period: the number of outputs after which the windows repeat, `period * stride`
    cells further on; 0 where they never do.
    """

    stride: int | Fraction
    period: int
    line: tuple[int, int] | None
    count: int | None
    table: _Table | None = None

    def seen(self, positions: Array) -> tuple[Array, Array]:
        """(starts, stops) at output positions, which a table without a period must hold."""
        if self.line is not None:
            return positions * self.stride + self.line[0], positions * self.stride + self.line[1]
        assert self.table is not None, "tables are made before their readers"
        if not self.period:
            index = positions - self.table.first
            return self.table.start[index], self.table.stop[index]
        turns, index = np.divmod(positions, self.period)
        shift = turns * int(self.period * self.stride)
        return self.table.start[index] + shift, self.table.stop[index] + shift

    @property
    def ordered(self) -> bool:
        """True if among several outputs the first sees the first cell that any of them sees, and the last the last."""
        return self.line is not None or (self.table is not None and self.table.ordered)


def axis_fields(
    of: str, steps: Sequence[AxisStep], wanted: Collection[str], cells: int | None = None
) -> dict[str, AxisField | ShapeError]:
    """The fields in map `of` of the maps `wanted`. Maps behind branches of unequal stride have a ShapeError instead.

    cells: how many map `of` has along the axis, where that is known; without it no field is called whole.
    """
    # Three passes: strides and periods forwards, the positions that tables must hold backwards, tables forwards.
    found: dict[str, AxisField | ShapeError] = {}
    # Where the walk begins, output i sees cell i: stride 1, and output 0 sees the cells from 0 up to 1.
    tracks: dict[str, _Track | ShapeError] = {of: _Track(1, 1, (0, 1), None)}
    for step in steps:
        tracks[step.name] = _begin(step, tracks)
    ranges = _ranges(steps, tracks, wanted)
    readers = Counter(name for step in steps for name, _ in step.inputs)
    # The first map goes through the loop like the others, since a caller may want its field, too.
    for step in [AxisStep(of, (), None), *steps]:
        track = tracks[step.name]
        if isinstance(track, _Track) and step.name in ranges:
            _fill(track, step, tracks, *ranges[step.name])
        if step.name in wanted:
            found[step.name] = _field(track, step.name, cells)
        for name in _read_for_the_last_time(step, readers):
            tracks.pop(name, None)
    return found


def _read_for_the_last_time(step: AxisStep, readers: Counter[str]) -> Iterator[str]:
    for name, _ in step.inputs:
        readers[name] -= 1
        if not readers[name]:
            yield name


def _begin(step: AxisStep, tracks: Mapping[str, _Track | ShapeError]) -> _Track | ShapeError:
    """Start the track of a map: stride, period and line. Behind an error it is the error of the first ancestor."""
    before: list[tuple[_Track, AxisWindow]] = []
    for name, window in step.inputs:
        track = tracks[name]
        if isinstance(track, ShapeError):
            return _earliest(step, tracks)
        before.append((track, window))
    strides = [_stride(track, window) for track, window in before]
    if any(stride != strides[0] for stride in strides):
        return _unequal(step, strides)
    line = _line(before)
    # The lcm of 0 and anything is 0: one input that never repeats makes the whole field irregular.
    period = 1 if line else lcm(*(_period(track, window) for track, window in before))
    return _Track(strides[0], period, line, step.outputs)


def _stride(track: _Track, window: AxisWindow) -> int | Fraction:
    step, _, _, common = window.line
    # Whole strides stay plain ints: an int array times a Fraction becomes an array of objects, which is slow.
    return track.stride * (step if common == 1 else window.step)


def _earliest(step: AxisStep, tracks: Mapping[str, _Track | ShapeError]) -> ShapeError:
    """The error that comes first in the order of the pipeline: `tracks` is in that order."""
    # By identity: one error may arrive over several branches, and is still one error.
    errors = {id(t): t for t in (tracks[name] for name, _ in step.inputs) if isinstance(t, ShapeError)}
    if len(errors) == 1:
        return next(iter(errors.values()))
    return next(t for t in tracks.values() if isinstance(t, ShapeError) and id(t) in errors)


def _unequal(step: AxisStep, strides: Sequence[int | Fraction]) -> ShapeError:
    meeting = {name: stride for (name, _), stride in zip(step.inputs, strides, strict=True)}
    branches = ", ".join(f"{name!r} with {_plain(stride)}" for name, stride in meeting.items())
    return ShapeError(
        say("branches of unequal stride meet: {}", branches),
        f"node '{step.name}'",
        "such a node has no single receptive field; ask for input_region of a position",
        node=step.name,
    )


def _plain(stride: int | Fraction) -> Number:
    return int(stride) if stride == int(stride) else float(stride)


def _line(before: Sequence[tuple[_Track, AxisWindow]]) -> tuple[int, int] | None:
    """(start, stop) of output 0, if all windows move by whole cells and every output sees something; else None."""
    start, stop = NOTHING, -NOTHING
    for track, window in before:
        _, low, high, common = window.line
        if track.line is None or common > 1 or not window.periodic or low > high:
            return None
        stride = int(track.stride)
        start, stop = min(start, low * stride + track.line[0]), max(stop, high * stride + track.line[1])
    return start, stop


def _period(track: _Track, window: AxisWindow) -> int:
    """The outputs after which both the windows and the fields of their cells repeat; 0 where they never do."""
    if not track.period or not window.periodic:
        return 0
    cells, outputs = window.step.numerator, window.step.denominator
    # The fewest turns of the window whose cells add up to a whole number of periods of the map below.
    return outputs * (track.period // gcd(cells, track.period))


def _ranges(
    steps: Sequence[AxisStep], tracks: Mapping[str, _Track | ShapeError], wanted: Collection[str]
) -> dict[str, tuple[int, int]]:
    """The first and the last position that the table of each map must hold."""
    ranges: dict[str, tuple[int, int]] = {}
    for step in reversed(steps):
        track = tracks[step.name]
        if isinstance(track, ShapeError) or track.line is not None:
            continue
        if track.period or step.name in wanted:
            _ask(ranges, step.name, 0, _last_position(track))
        if track.period or step.name not in ranges:
            # A periodic map reads periodic ones, which hold their whole period already.
            continue
        for name, window in step.inputs:
            source = tracks[name]
            if isinstance(source, _Track) and source.line is None and not source.period:
                first, stop = window.reach(*ranges[step.name])
                _ask(ranges, name, first, stop - 1)
    return ranges


def _last_position(track: _Track) -> int:
    assert track.period or track.count is not None, "windows without a period need the size"
    return (track.period or track.count or 1) - 1


def _ask(ranges: dict[str, tuple[int, int]], name: str, first: int, last: int) -> None:
    known = ranges.get(name, (first, last))
    ranges[name] = min(known[0], first), max(known[1], last)


def _fill(
    track: _Track, step: AxisStep, tracks: Mapping[str, _Track | ShapeError], first: int, last: int
) -> None:
    """Make the table of a map from those of the maps before it."""
    # No error here: `_field` reports it for the maps that were asked for, and for no other.
    if last - first >= MOST_POSITIONS:
        return
    positions = np.arange(first, last + 1)
    start, stop = np.full(len(positions), NOTHING), np.full(len(positions), -NOTHING)
    for name, window in step.inputs:
        source = tracks[name]
        assert isinstance(source, _Track), "a map behind an error has an error, not a track"
        low, high = window.first(positions), window.stop(positions) - 1
        if source.line is None and source.table is None:
            return  # the table of the source would have been too long
        seen_start, seen_stop = _seen_together(source, low, high)
        some = (low <= high) & (seen_start < seen_stop)
        # Outputs that see nothing in any input keep (NOTHING, -NOTHING), which later joins leave as it is.
        np.minimum(start, seen_start, out=start, where=some)
        np.maximum(stop, seen_stop, out=stop, where=some)
    track.table = _Table(first, start, stop, _is_ordered(track, start, stop))


def _seen_together(source: _Track, first: Array, last: Array) -> tuple[Array, Array]:
    """(starts, stops) of the cells that outputs first[k] to last[k] of a map see together, for each k.

    Arbitrary where last[k] < first[k]; callers leave these out.
    """
    last = np.maximum(first, last)
    # The usual case, and far faster: only the two ends of each window need to be looked up.
    if source.ordered:
        return source.seen(first)[0], source.seen(last)[1]
    lowest = int(first.min())
    start, stop = source.seen(np.arange(lowest, int(last.max()) + 1))
    # reduceat reduces from each bound to the next; every second result lies between two ranges and is left out.
    bounds = np.stack([first, last + 1], axis=-1).reshape(-1) - lowest
    # `last + 1` may be the length of the array, which reduceat refuses; one neutral element more makes it legal.
    starts = np.minimum.reduceat(np.append(start, NOTHING), bounds)[::2]
    return starts, np.maximum.reduceat(np.append(stop, -NOTHING), bounds)[::2]


def _is_ordered(track: _Track, start: Array, stop: Array) -> bool:
    if track.period:  # the order must hold across the seam between two periods, too
        shift = int(track.period * track.stride)
        start, stop = np.append(start, start[0] + shift), np.append(stop, stop[0] + shift)
    rising = bool((start[1:] >= start[:-1]).all() and (stop[1:] >= stop[:-1]).all())
    return rising and bool((start < stop).all())


def _field(track: _Track | ShapeError, name: str, cells: int | None) -> AxisField | ShapeError:
    """The field of a map, or the error that says why it has none."""
    if isinstance(track, ShapeError):
        return track
    stride = _plain(track.stride)
    if track.line is not None:
        begin, end = track.line
        # Centred on the middle of the field of output 0, a cell as wide as the stride begins half a stride before it.
        whole = track.count == 1 and _covers(begin, end, cells)
        return AxisField(end - begin, stride, -begin, (begin + end - stride) / 2, whole)
    if track.table is None:
        what = say(
            ("its receptive field repeats only after more than {} outputs, which are too many to examine"),
            MOST_POSITIONS,
        )
        return ShapeError(what, f"node '{name}'", "ask for input_region of a position", node=name)
    positions = np.arange(_last_position(track) + 1)
    start, stop = track.seen(positions)
    seen = np.flatnonzero(start < stop)
    if not len(seen):
        return AxisField(0, stride, 0, 0.0)
    # Output 0 may see nothing at all; the padding is then worked out from the first output that sees something.
    first = seen[0]
    # In integers: a float stride such as 1 / 3 would round to the wrong cell.
    padding = int(positions[first] * track.stride.numerator // track.stride.denominator - start[first])
    # Several windows that repeat, and are large for a small picture, have a size that does not come from the picture.
    alike = track.count == 1 or not track.period
    whole = alike and _covers(int(start.max()), int(stop.min()), cells)
    return AxisField(int((stop - start)[seen].max()), stride, padding, _origin(track), whole)


def _covers(start: int, stop: int, cells: int | None) -> bool:
    return cells is not None and start <= 0 and stop >= cells


def _origin(track: _Track) -> float:
    """The place where cell 0 begins, averaged over cells in the middle: resampling cuts fields short at the edges."""
    count = PHASES if track.count is None else track.count
    first = max((count - PHASES) // 2, 0)
    positions = np.arange(first, min(first + PHASES, count))
    start, stop = track.seen(positions)
    good = start < stop
    if not good.any():
        return 0.0
    middles = (start[good] + stop[good]) / 2 - (positions[good] + 0.5) * float(track.stride)
    return float(middles.mean())
