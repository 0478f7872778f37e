"""Operations that are prepared for inputs of known shapes, and may be placed: bound to memory that stays the same.

A placed operation is a list of calls without arguments. In a network of small maps the interpreter takes longer between
two layers than a layer takes to compute, so compiled loops that follow one another are made one call, see `together`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from filterlab.functional.arrays import Array, own, read_only
from filterlab.functional.memory import Workspace, empty, scratch
from filterlab.functional.threads import run_bands, thread_count

Call = Callable[[], object]
# Given a part of the output, and the slice of channels that it is; a `Joining`, the same part of another map instead.
InPlace = Callable[[Array, Any], None]
Place = Callable[..., tuple[Array, Sequence[Call]]]


class Bound:
    """A compiled loop with its arguments."""

    def __init__(self, loop: Any, *args: Any) -> None:
        self.loop, self.args = loop, args

    def __call__(self) -> None:
        self.loop(*self.args)


@dataclass(frozen=True)
class Prepared:
    """An operation that checks nothing and works nothing out again.

    forward: from inputs to a new output. place: place(workspace, *inputs) gives the array that the output will be in,
    with the same digits, and the calls that make it of what the arrays of the inputs hold then.
    """

    forward: Callable[..., Array]
    place: Place

    def __call__(self, *xs: Array) -> Array:
        return self.forward(*xs)


def followed(function: Callable[..., Array], then: Sequence[InPlace]) -> Callable[..., Array]:
    """Return a function of which operations change the output, one after the other; where it is placed, they are not.

    The output must be a new array. The maps that operations join to it are given behind those of the function.
    """
    if not then:
        return function
    joined = sum(isinstance(change, Joining) for change in then)

    def forward(*xs: Array) -> Array:
        given = len(xs) - joined
        y = function(*xs[:given])
        change_all(then, y, slice(None), xs[given:])
        return y

    return Prepared(forward, function.place) if isinstance(function, Prepared) else forward


def viewed(view: Callable[[Array], Array], then: Sequence[InPlace]) -> Callable[..., Array]:
    """Return an operation whose output is its input, looked at in another way."""
    placed = Prepared(view, lambda space, x: (view(x), ()))
    return followed(Prepared(lambda x: own(view(x), x), placed.place), then) if then else placed


@dataclass(frozen=True)
class Change:
    """An operation in place, see `Layer.pointwise`, that may be placed as well: from its input to another array."""

    change: InPlace
    place: Place

    def __call__(self, values: Array, given: Any) -> None:
        self.change(values, given)

    def followed_by(self, other: InPlace) -> Change | None:
        """Return a change that makes both in one pass through memory; None where there is no loop for that."""
        return None


class Joining(Change):
    """A change in which another map takes part, of the shape of the output."""


def change_all(then: Iterable[InPlace], values: Array, channels: slice, others: Iterable[Array]) -> None:
    """Make changes one after the other; others: the same part of the map for each that joins one, in this order."""
    left = iter(others)
    for change in then:
        change(values, next(left) if isinstance(change, Joining) else channels)


def in_few_passes(changes: Iterable[InPlace]) -> list[InPlace]:
    """Return changes that do the same as these one after the other, neighbours in one pass where that is possible."""
    found: list[InPlace] = []
    for change in changes:
        both = found[-1].followed_by(change) if found and isinstance(found[-1], Change) else None
        if both is None:
            found.append(change)
        else:
            found[-1] = both
    return found


@dataclass
class Loop:
    """A compiled loop(x, *options, start, end, y) over range(count), bands of which may run side by side.

    shape, dtype: of the output. laid: the shape in which the loop takes x and y, seen: the dtype. options: called with
    `room` numbers of scratch. smallest: items that are worth handing to another thread.
    """

    loop: Any
    options: Callable[[Array], tuple[Any, ...]]
    shape: tuple[int, ...]
    dtype: Any
    count: int
    smallest: int
    laid: tuple[int, ...] = (-1,)
    seen: Any = None
    room: int = 0

    def prepared(self) -> Prepared:
        """Return it as a function of x."""
        return Prepared(self._forward, self._place)

    def _forward(self, x: Array) -> Array:
        y = empty(self.shape, self.dtype)
        self._run(x, y)
        return y

    def _place(self, space: Workspace, x: Array) -> tuple[Array, list[Call]]:
        y = space.empty(self.shape, self.dtype)
        if thread_count() > 1 and self.count >= 2 * self.smallest:
            return y, [lambda: self._run(x, y)]
        source, target = self._views(x, y)
        options = self.options(space.scratch(self.room, target.dtype))
        return y, [Bound(self.loop, source, *options, 0, self.count, target)]

    def _run(self, x: Array, y: Array) -> None:
        source, target = self._views(x, y)

        def band(start: int, end: int) -> None:
            options = self.options(scratch(self.room, target.dtype))
            self.loop(source, *options, start, end, target)

        run_bands(band, self.count, smallest=self.smallest)

    def _views(self, x: Array, y: Array) -> tuple[Array, Array]:
        seen = self.seen or self.dtype
        return read_only(x).reshape(self.laid).view(seen), y.reshape(self.laid).view(seen)


def together(calls: Iterable[Call]) -> list[Call]:
    """Return calls that do the same as these, and are fewer: neighbours that are loops are made in one go."""
    groups = [(kind, list(group)) for kind, group in groupby(calls, type)]
    return [call for kind, group in groups for call in (_joined(group) if kind is Bound else group)]


def _joined(loops: list[Any]) -> list[Call]:
    # Imported when it is needed, as it loads the compiler.
    from filterlab.compiling.joining import joined

    one = joined([(bound.loop, bound.args) for bound in loops])
    return loops if one is None else [one]
