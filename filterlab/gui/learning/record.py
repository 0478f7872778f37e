"""All that a run of learning has given, within a bound of memory. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from math import log10, nan
from typing import TYPE_CHECKING, Any

from filterlab.gui.learning.classes import Pass, PassPart
from filterlab.learning.classify.training import Epoch
from filterlab.learning.descent.learning import LearningStep
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGET = 256 << 20  # bytes of weights and gradients that are kept


class Record:
    """Losses of all steps, and the pipelines of as many as fit into `budget`: each, every second, every fourth ...

    Place n is the pipeline after n updates; place 0 is `start`. passes: of a training, one for each place but 0;
    parts: the losses of all steps in them, `each` to a pass.
    """

    def __init__(self, start: Pipeline, budget: int = BUDGET) -> None:
        self.start = start
        self.losses: list[float] = []
        self.passes: list[Epoch] = []
        self.parts: list[float] = []
        self.each = 1
        self.log_losses: list[float] = []  # log10; NaN where the loss is not above 0
        self.last_loss: float | None = None  # at the newest place, where somebody has worked it out
        self._budget = budget
        self._stride = 1
        self._kept: dict[int, LearningStep | Pass] = {}
        self._places = [0]

    @property
    def count(self) -> int:
        """How many updates were made."""
        return len(self.losses)

    @property
    def places(self) -> list[int]:
        """The places whose pipelines are kept, in order; the first is 0, the last the newest."""
        return self._places

    def add(self, step: LearningStep | Pass) -> None:
        """Take the next step, or pass."""
        if isinstance(step, Pass):
            self.passes.append(step.epoch)
        self.last_loss = None
        self.losses.append(step.loss)
        self.log_losses.append(log_of(step.loss))
        last = self._places[-1]
        if last % self._stride:  # it was there only as the newest
            del self._kept[last]
            self._places.pop()
        self._kept[self.count] = step
        self._places.append(self.count)
        self._thin_out(_bytes(step))

    def add_part(self, part: PassPart) -> None:
        """Take the next step of the pass under way."""
        self.parts.append(part.loss)
        self.each = part.total

    @property
    def made(self) -> int:
        """How many steps of the pass under way were made."""
        return max(len(self.parts) - self.each * self.count, 0)

    def _thin_out(self, each: int) -> None:
        while len(self._kept) > 2 and len(self._kept) * each > self._budget:
            self._stride *= 2
            self._places = [p for p in self._places if p % self._stride == 0 or p == self.count]
            self._kept = {p: self._kept[p] for p in self._places if p}

    def nearest(self, place: int) -> int:
        """The kept place at or before this one."""
        return self._places[max(bisect_right(self._places, place) - 1, 0)]

    def pipeline(self, place: int) -> Pipeline:
        """The pipeline at a kept place."""
        return self._kept[place].pipeline if place else self.start

    def gradient(self, place: int, node: str, parameter: str) -> NDArray[Any] | None:
        """The gradient that led to a place; None at the beginning."""
        step = self._kept.get(place)
        return None if step is None else step.gradients.get((node, parameter))

    def loss(self, place: int) -> float | None:
        """The loss at a place; None at the newest where it is not known yet."""
        return self.losses[place] if place < self.count else self.last_loss

    def grew(self) -> bool:
        """Whether the loss is larger in the end than it was at first."""
        last = self.losses[-1:] if self.last_loss is None else [self.last_loss]
        return bool(last) and last[0] > self.losses[0]

    def best(self) -> int:
        """The kept place of the least loss known; of a training, where most pictures held back are right."""
        if self.passes:
            return max(self._places[1:], key=lambda place: self.passes[place - 1].validation_accuracy)
        known = {place: loss for place in self._places if (loss := self.loss(place)) is not None}
        return min(known, key=known.__getitem__, default=0)


def _bytes(step: LearningStep | Pass) -> int:
    """Of a step's gradients, and as many again of its weights."""
    return 2 * sum(gradient.nbytes for gradient in step.gradients.values())


def log_of(loss: float) -> float:
    """The decimal logarithm; NaN where there is none."""
    return log10(loss) if loss > 0 else nan
