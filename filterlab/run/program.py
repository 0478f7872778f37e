"""Networks of small maps: between two layers of them, an ordinary run takes longer than a layer takes to compute.

So a graph that is run again gets a program for the size and the wanted maps: memory that all maps stay in, and the
calls that fill it, of which compiled loops that follow one another are a single one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import FilterLabError
from filterlab.functional.arrays import Array
from filterlab.functional.memory import Workspace
from filterlab.functional.prepared import Call, InPlace, Joining, together
from filterlab.functional.threads import check_wanted
from filterlab.graph.nodes import IMAGE
from filterlab.run.route import Hop

# Bytes of all maps: what the second level of the cache holds, and what may be kept for each size that is met.
LARGEST = 1 << 20


class Programs:
    """The programs for one size and the same wanted maps: as many as threads have run it at the same time."""

    def __init__(self, hops: Sequence[Hop], batch: Array, wanted: Iterable[str]) -> None:
        self._given = list(hops), batch.shape, batch.dtype, list(wanted)
        sizes = sum(prod(hop.shape) for hop in hops) * batch.itemsize
        self._small = 0 < sizes + batch.nbytes <= LARGEST
        self._idle: list[_Program] = []
        self._met = False

    def run(self, batch: Array) -> dict[str, Array] | None:
        """Return the wanted maps; None where they are to be made in the ordinary way, which also explains errors."""
        met, self._met = self._met, True
        # Not for a first run, which may be the only one of its size.
        if not self._small or not met:
            return None
        try:
            check_wanted()
            # Not asked whether there is one: another thread may take it meanwhile.
            try:
                program = self._idle.pop()
            except IndexError:
                with np.errstate(all="ignore"):
                    program = _Program(*self._given)
            found = program.run(batch)
        except (FilterLabError, MemoryError):
            return None
        self._idle.append(program)
        return found


class _Program:
    def __init__(self, hops: list[Hop], shape: tuple[int, ...], dtype: Any, wanted: list[str]) -> None:
        self._space = Workspace()
        self._picture = self._space.empty(shape, dtype)
        maps = {IMAGE: self._picture}
        calls: list[Call] = []
        for hop in hops:
            xs = [maps[name] for name in hop.inputs]
            y, more = self._placed(hop, xs)
            calls.extend(more)
            joined = iter(xs[len(hop.step.inputs) :])
            # A function that has no place of its own makes the changes as well: they must not be made twice.
            for change in hop.changes if hasattr(hop.function, "place") else ():
                before = y
                others = [next(joined)] if isinstance(change, Joining) else []
                y, more = self._changed(change, before, *others)
                calls.extend(more)
                self._release(before, (*maps.values(), y))
            maps[hop.name] = y
            for name in hop.read_last:
                self._release(maps.pop(name), maps.values())
        self._calls = together(calls)
        self._compiled = all(getattr(call, "compiled", False) for call in self._calls)
        self._wanted = [(name, maps[name]) for name in wanted]

    def run(self, batch: Array) -> dict[str, Array]:
        np.copyto(self._picture, batch)
        if self._compiled:
            self._make()
        else:
            # Infinities and NaN are numbers here. Telling NumPy takes as long as a small layer; compiled loops know.
            with np.errstate(all="ignore"):
                self._make()
        return {name: y.copy() for name, y in self._wanted}

    def _make(self) -> None:
        for call in self._calls:
            call()

    def _placed(self, hop: Hop, xs: list[Array]) -> tuple[Array, Sequence[Call]]:
        function, place = hop.function, getattr(hop.function, "place", None)
        assert function is not None, "only a route that is prepared is placed"
        if place is not None:
            placed: tuple[Array, Sequence[Call]] = place(self._space, *xs[: len(hop.step.inputs)])
            return placed
        y = self._space.empty(hop.shape, self._picture.dtype)
        return y, [lambda: np.copyto(y, function(*xs))]

    def _changed(self, change: InPlace, x: Array, *others: Array) -> tuple[Array, Sequence[Call]]:
        place = getattr(change, "place", None)
        if place is not None:
            placed: tuple[Array, Sequence[Call]] = place(self._space, x, *others)
            return placed
        y = self._space.empty(x.shape, x.dtype)

        def copy() -> None:
            np.copyto(y, x)
            change(y, slice(None))

        return y, [copy]

    def _release(self, array: Array, living: Iterable[Array]) -> None:
        # A flattened map, for one, lies where the map does.
        if not any(np.may_share_memory(array, other) for other in living):
            self._space.release(array)
