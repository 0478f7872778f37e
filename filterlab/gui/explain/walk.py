"""Where one has been: back and forth between pinned values, and the way down from the first of them."""

from __future__ import annotations

from collections.abc import Callable

from filterlab.explain.account import Crumb
from filterlab.gui.bench.selection import Spot

MOST = 200  # values that are remembered


def spot_of(crumb: Crumb) -> Spot:
    """The value that a step is about."""
    return Spot(*crumb.where[:4])


class Walk:
    """The pinned values in the order in which they were pinned. Steps within one map count as one."""

    def __init__(self) -> None:
        self._spots: list[Spot] = []
        self._place = -1

    def pin(self, spot: Spot) -> None:
        """A value was pinned. That it is pinned already, by `back` or `forward`, changes nothing."""
        here = self.here
        if spot == here:
            return
        if here is not None and here[:2] == spot[:2]:
            self._spots[self._place] = spot
            return
        del self._spots[self._place + 1 :]
        self._spots.append(spot)
        del self._spots[:-MOST]
        self._place = len(self._spots) - 1

    @property
    def here(self) -> Spot | None:
        """The value that was pinned last, or gone back to."""
        return self._spots[self._place] if 0 <= self._place < len(self._spots) else None

    def leave_out(self, exists: Callable[[Spot], bool]) -> None:
        """Forget values whose maps have gone."""
        here = self.here
        self._spots = [spot for spot in self._spots if exists(spot)]
        self._place = self._spots.index(here) if here in self._spots else len(self._spots) - 1

    def can_go(self, steps: int) -> bool:
        """Whether there is something so many steps on; back is negative."""
        return 0 <= self._place + steps < len(self._spots)

    def go(self, steps: int) -> Spot | None:
        """Go on or back; the value there is to be pinned."""
        if not self.can_go(steps):
            return None
        self._place += steps
        return self.here


class Chain:
    """The breadcrumbs: from the value where one started, by links, to where one is, and on by winners."""

    def __init__(self) -> None:
        self.crumbs: list[Crumb] = []
        self.place = 0
        self._linked = False

    def follow(self) -> None:
        """The next value is reached by a link from this one."""
        self._linked = True

    def show(self, path: list[Crumb]) -> None:
        """A value is explained; `path` begins with it."""
        spots = [spot_of(crumb) for crumb in self.crumbs]
        here = spot_of(path[0])
        if here in spots and self.crumbs[spots.index(here)] == path[0]:
            self.place = spots.index(here)
        else:
            before = self.crumbs[: self.place + 1] if self._linked else []
            self.crumbs, self.place = [*before, *path], len(before)
        self._linked = False

    def clear(self) -> None:
        """Nothing is explained."""
        self.crumbs, self.place, self._linked = [], 0, False
