"""A pipeline that somebody handed in, run within limits that are asked for before anything is computed."""

from __future__ import annotations

from math import prod
from time import monotonic

import numpy as np

from filterlab.errors import Cancelled, FilterLabError
from filterlab.functional.arrays import Array, shape_text
from filterlab.lessons.exercises.pictures import ExercisePart
from filterlab.pipeline import Pipeline
from filterlab.run.ledger import Row, bytes_text, count_text, ledger
from filterlab.text.messages import say

SECONDS = 20  # that all checks of one hand-in may take together


class Limits(ExercisePart):
    """What a hand-in may cost at most: nodes, parameters, multiply-adds for all pictures of a test, bytes of maps."""

    nodes: int = 100
    parameters: int = 1_000_000
    macs: int = 1_000_000_000
    bytes: int = 400_000_000


class Trial:
    """One pipeline under test; its last node gives the answer.

    Every method raises FilterLabError, in words for the person who handed it in, where the pipeline does not run on
    such a picture, or costs more than the limits.
    """

    def __init__(self, pipeline: Pipeline, limits: Limits) -> None:
        self.pipeline, self.limits = pipeline, limits
        # Multiply-adds do not count what medians and sorting cost, so that the clock has the last word.
        self._end = monotonic() + SECONDS
        self._second_try = True
        if not len(pipeline):
            raise FilterLabError(say("the pipeline has no layers"))
        if len(pipeline) > limits.nodes:
            raise FilterLabError(say("it has {} layers, and may have {}", len(pipeline), limits.nodes))
        parameters = sum(node.layer.parameter_count() for node in pipeline)
        if parameters > limits.parameters:
            words = say("it has {:,} parameters, and may have {:,}", parameters, limits.parameters)
            raise FilterLabError(words)

    @property
    def last(self) -> str:
        """The name of the node that gives the answer."""
        return self.pipeline.nodes[-1].name

    def shape(self, picture: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the answer for a picture of (C, H, W)."""
        return self.pipeline.output_shapes(picture)[self.last]

    def rows(self, picture: tuple[int, ...]) -> list[Row]:
        """The ledger for a picture of (C, H, W)."""
        return ledger(self.pipeline, picture)

    def run(self, picture: Array) -> Array:
        """The answer for a picture (C, H, W), or for a batch."""
        *batch, channels, height, width = picture.shape
        self._refuse_too_much((channels, height, width), prod(batch))
        try:
            found = self._answer(picture)
        except Cancelled:
            raise FilterLabError(say("it takes longer than {} s", SECONDS)) from None
        if not np.isfinite(found).all():
            words = say(
                "some values are infinite or not numbers on a picture of {}", shape_text(picture.shape)
            )
            raise FilterLabError(words)
        return found

    def _answer(self, picture: Array) -> Array:
        try:
            return self.pipeline.run(picture, [self.last], cancel=lambda: monotonic() > self._end)[self.last]
        except Cancelled:
            if not self._second_try:
                raise
        # After an installation the loops are compiled at their first call. That takes longer than a hand-in may, and is
        # not its fault. By now they are there.
        self._second_try = False
        self._end = monotonic() + SECONDS
        return self._answer(picture)

    def _refuse_too_much(self, shape: tuple[int, ...], pictures: int) -> None:
        rows = self.rows(shape)
        macs, held = (pictures * sum(getattr(row, figure) for row in rows) for figure in ("macs", "bytes"))
        if macs > self.limits.macs:
            words = say(
                "it takes {} multiply-adds, and may take {}", count_text(macs), count_text(self.limits.macs)
            )
            raise FilterLabError(words)
        if held > self.limits.bytes:
            words = say("its maps take {}, and may take {}", bytes_text(held), bytes_text(self.limits.bytes))
            raise FilterLabError(words)
