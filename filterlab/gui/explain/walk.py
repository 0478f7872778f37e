"""The history of pinned values, back and forward, and the path down from the first of them."""

from __future__ import annotations

from collections.abc import Callable

from filterlab.explain.account import Crumb
from filterlab.gui.bench.selection import Spot

MOST = 200  # values that are remembered


def spot_of(crumb: Crumb) -> Spot:
    """The value of a step of the path."""
    return Spot(*crumb.where[:4])


class Walk:
    """The pinned values in the order in which they were pinned. Steps within one map count as one."""

    def __init__(self) -> None:
        self._spots: list[Spot] = []
        self._place = -1

    def pin(self, spot: Spot) -> None:
        """Record a pinned value. The value that `go` has just returned changes nothing."""
        here = self.here
        if spot == here:
            return
        # The player moves within a map many times a second, which would fill the history.
        if here is not None and here[:2] == spot[:2]:
            self._spots[self._place] = spot
            return
        # As in a browser, a new value ends the way forward.
        del self._spots[self._place + 1 :]
        self._spots.append(spot)
        del self._spots[:-MOST]
        self._place = len(self._spots) - 1

    @property
    def here(self) -> Spot | None:
        """The value that was pinned last, or gone back to."""
        return self._spots[self._place] if 0 <= self._place < len(self._spots) else None

    def leave_out(self, exists: Callable[[Spot], bool]) -> None:
        """Forget the values whose maps are gone."""
        here = self.here
        self._spots = [spot for spot in self._spots if exists(spot)]
        # Found anew, because values before the present one may be among those that are gone.
        self._place = self._spots.index(here) if here in self._spots else len(self._spots) - 1

    def can_go(self, steps: int) -> bool:
        """Return whether there is a value that many steps forward, or back if negative."""
        return 0 <= self._place + steps < len(self._spots)

    def go(self, steps: int) -> Spot | None:
        """Go forward or back. Returns the value to pin."""
        if not self.can_go(steps):
            return None
        self._place += steps
        return self.here


class Chain:
    """The breadcrumbs: from the first value, along the links that were followed, to the present one and its winners."""

    def __init__(self) -> None:
        self.crumbs: list[Crumb] = []
        self.place = 0
        self._linked = False

    def follow(self) -> None:
        """The next value will be reached by a link from the present one."""
        self._linked = True

    def show(self, path: list[Crumb]) -> None:
        """A value is explained. `path` begins with it."""
        spots = [spot_of(crumb) for crumb in self.crumbs]
        here = spot_of(path[0])
        # A value on the path is only marked, so that a step up keeps the way down.
        if here in spots and self.crumbs[spots.index(here)] == path[0]:
            self.place = spots.index(here)
        else:
            before = self.crumbs[: self.place + 1] if self._linked else []
            self.crumbs, self.place = [*before, *path], len(before)
        self._linked = False

    def clear(self) -> None:
        """No value is explained."""
        self.crumbs, self.place, self._linked = [], 0, False
