"""The iterations of a restoration, kept within a bound of memory. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from filterlab.gui.learning.record import log_of

if TYPE_CHECKING:
    from filterlab.functional.arrays import Array
    from filterlab.gui.restoring.plan import RestoreBegun, RestorePlan, RestoreStep

BUDGET = 256 << 20  # bytes of pictures that are kept


class RestoreRecord:
    """The residuals and gains of all iterations, and as many of the iterations themselves as fit into `budget`.

    These are all of them, every second, every fourth ... Place n is the picture after n iterations, and place 0 the
    blurred picture. The first and the newest place are always kept.
    """

    def __init__(self, plan: RestorePlan, begun: RestoreBegun, budget: int = BUDGET) -> None:
        self.plan, self.pair = plan, begun.pair
        self.residuals: list[float] = []
        self.log_residuals: list[float] = []
        self.gains: list[float | None] = []
        self.places = [0]
        self._budget, self._stride = budget, 1
        self._kept: dict[int, RestoreStep] = {}

    @property
    def count(self) -> int:
        """How many iterations were made."""
        return len(self.residuals)

    @property
    def last(self) -> RestoreStep | None:
        """The newest iteration."""
        return self._kept.get(self.count)

    @property
    def finished(self) -> bool:
        """Whether a rule has ended the iterations."""
        return self.last is not None and bool(self.last.found.stopped)

    def add(self, step: RestoreStep) -> None:
        """Add the next iteration."""
        newest = self.count
        self.residuals.append(step.found.residual)
        self.log_residuals.append(log_of(step.found.residual))
        self.gains.append(step.gain)
        # It was kept perhaps only because it was the newest.
        if newest % self._stride:
            del self._kept[self.places.pop()]
        self._kept[self.count] = step
        self.places.append(self.count)
        # As for steps of learning: because the stride doubles, the places that remain are spread evenly.
        while len(self._kept) > 2 and len(self._kept) * step.found.image.nbytes > self._budget:
            self._stride *= 2
            self.places = [p for p in self.places if p % self._stride == 0 or p == self.count]
            self._kept = {p: self._kept[p] for p in self.places if p}

    def nearest(self, place: int) -> int:
        """The last kept place at or before this one."""
        return self.places[max(bisect_right(self.places, place) - 1, 0)]

    def step(self, place: int) -> RestoreStep | None:
        """The iteration that led to a kept place; None at place 0."""
        return self._kept[place] if place else None

    def image(self, place: int) -> Array:
        """The picture (C, H, W) at a kept place."""
        step = self.step(place)
        return self.pair.after if step is None else step.found.image
