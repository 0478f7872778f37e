"""The results of a run of learning, kept within a bound of memory. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from math import log10, nan
from typing import TYPE_CHECKING, Any

from filterlab.gui.learning.classes import BatchStep
from filterlab.learning.classify.training import Epoch
from filterlab.learning.descent.learning import LearningStep
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGET = 256 << 20  # bytes of weights and gradients that are kept


class Record:
    """The losses of all steps, and the pipelines of as many as fit into `budget`: all, every second, every fourth ...

    The pipelines of the start, the newest step and the best step are always kept.
    Place n is the pipeline after n updates; place 0 is `start`. When a network is trained, an update is an epoch:
    `epochs` then has one entry for each place but 0, and `batch_losses` the losses of the steps within them,
    `steps_per_epoch` for each. limit: the number of updates at which the run ends if it has not converged. solved:
    whether its one update leads to the solution of least squares.
    """

    # All losses are kept, which are small, so that the curve is complete. A pipeline may take megabytes; because the
    # stride doubles, the places that remain are spread evenly, however long the run becomes.

    def __init__(self, start: Pipeline, budget: int = BUDGET) -> None:
        self.start = start
        self.limit = 0
        self.solved = False
        self.losses: list[float] = []
        self.epochs: list[Epoch] = []
        self.batch_losses: list[float] = []
        self.steps_per_epoch = 1
        self.log_losses: list[float] = []  # log10; NaN where the loss is not above 0
        self.last_loss: float | None = None  # at the newest place, once it was evaluated there
        self._budget = budget
        self._stride = 1
        self._kept: dict[int, LearningStep | Epoch] = {}
        self._places = [0]
        self._best = 0  # the place of the smallest loss that is known

    @property
    def count(self) -> int:
        """How many updates were made."""
        return len(self.losses)

    @property
    def places(self) -> list[int]:
        """The places whose pipelines are kept, in order; the first is 0, the last the newest."""
        return self._places

    def add(self, step: LearningStep | Epoch) -> None:
        """Add the next step, or epoch."""
        if isinstance(step, Epoch):
            self.epochs.append(step)
        self.last_loss = None
        self.losses.append(step.loss)
        self.log_losses.append(log_of(step.loss))
        before, newest = self._best, self.count
        self._best = self.best()
        self._kept[newest] = step
        self._places.append(newest)
        # Both were kept perhaps only because they were the best and the newest.
        for place in {before, newest - 1} - {self._best}:
            if place % self._stride:
                del self._kept[place]
                self._places.remove(place)
        self._thin_out(_bytes(step))

    def add_batch(self, step: BatchStep) -> None:
        """Add the next step of the epoch under way."""
        self.batch_losses.append(step.loss)
        self.steps_per_epoch = step.steps_per_epoch

    @property
    def steps_into_epoch(self) -> int:
        """The number of steps made in the epoch under way."""
        # Not below 0: an epoch may have been added whose steps are reported a moment later.
        return max(len(self.batch_losses) - self.steps_per_epoch * self.count, 0)

    def _thin_out(self, bytes_per_step: int) -> None:
        while len(self._kept) > 3 and len(self._kept) * bytes_per_step > self._budget:
            self._stride *= 2
            always = (self._best, self.count)
            self._places = [p for p in self._places if p % self._stride == 0 or p in always]
            self._kept = {p: self._kept[p] for p in self._places if p}

    def nearest(self, place: int) -> int:
        """The last kept place at or before this one."""
        return self._places[max(bisect_right(self._places, place) - 1, 0)]

    def pipeline(self, place: int) -> Pipeline:
        """The pipeline at a kept place."""
        return self._kept[place].pipeline if place else self.start

    def gradient(self, place: int, node: str, parameter: str) -> NDArray[Any] | None:
        """The gradient of the update that led to a place; None at place 0."""
        step = self._kept.get(place)
        return None if step is None else _gradients(step).get((node, parameter))

    def loss(self, place: int) -> float | None:
        """The loss at a place; None at the newest while it is not known."""
        # Each step reports the loss before its update, so the loss after the newest comes with the next step.
        return self.losses[place] if place < self.count else self.last_loss

    def grew(self) -> bool:
        """Return whether the loss is larger at the end than at the start."""
        last = self.losses[-1:] if self.last_loss is None else [self.last_loss]
        # A run that is stopped at once knows its last loss, but none to compare that with.
        return bool(last and self.losses) and last[0] > self.losses[0]

    def best(self) -> int:
        """The place of the smallest loss known; for a classifier, of the best validation accuracy."""
        # The loss of a place is known one step later, or once it was evaluated; all places before were compared then.
        newest = self.count
        if self.epochs:
            candidates = {self._best or newest, newest}
            return max(sorted(candidates), key=lambda place: self.epochs[place - 1].validation_accuracy)
        losses = {place: self.loss(place) for place in (self._best, newest - 1, newest) if place >= 0}
        known = {place: loss for place, loss in losses.items() if loss is not None}
        return min(known, key=known.__getitem__, default=0)


def _gradients(step: LearningStep | Epoch) -> Mapping[tuple[str, str], NDArray[Any]]:
    """The gradients of a step, or of the last step of an epoch."""
    return step.step.gradients if isinstance(step, Epoch) else step.gradients


def _bytes(step: LearningStep | Epoch) -> int:
    """The memory that keeping a step takes: its gradients, and weights of the same shapes."""
    return 2 * sum(gradient.nbytes for gradient in _gradients(step).values())


def log_of(loss: float) -> float:
    """The decimal logarithm, or NaN for a loss of 0 or below, which leaves a gap in the curve."""
    return log10(loss) if loss > 0 else nan
