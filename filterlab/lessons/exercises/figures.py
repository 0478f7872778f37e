"""Checks of what a pipeline is: shapes, receptive field, cost and layers. None of them runs it on a picture."""

from __future__ import annotations

from typing import ClassVar

from filterlab.fields import ReceptiveField
from filterlab.layers import layer_type
from filterlab.lessons.exercises.check import Bounds, Check, bounds_text, outside, size_text
from filterlab.lessons.exercises.pictures import ExercisePart, Extent
from filterlab.lessons.exercises.trial import Trial
from filterlab.text.messages import say


class ShapePair(ExercisePart):
    """The shape of a picture, and that of its answer with null for sizes that may be any."""

    picture: Extent
    answer: tuple[int | None, ...]


class ShapeCheck(Check):
    """The shape of the answer to pictures of several shapes."""

    kind: ClassVar[str] = "shape"
    pairs: list[ShapePair]

    def fault(self, trial: Trial) -> str:
        """The first picture whose answer has another shape."""
        for pair in self.pairs:
            found, want = trial.shape(pair.picture), pair.answer
            alike = len(found) == len(want) and all(w in (None, f) for f, w in zip(found, want, strict=True))
            if not alike:
                texts = size_text(pair.picture), size_text(found), size_text(want)
                return say("a picture of {} becomes {}, and should become {}", *texts)
        return ""


class ExtentCheck(Check):
    """Rows and columns of the answer to a picture of this shape."""

    kind: ClassVar[str] = "extent"
    picture: Extent
    rows: Bounds = (None, None)
    columns: Bounds = (None, None)

    def fault(self, trial: Trial) -> str:
        """The rows, or else the columns; a vector has neither."""
        found = trial.shape(self.picture)
        if len(found) != 3:
            return say("a picture of {} becomes a vector, and should become a map", size_text(self.picture))
        if outside(found[1], self.rows):
            return say("the map has {} row(s), and should have {}", found[1], bounds_text(self.rows))
        if outside(found[2], self.columns):
            return say("the map has {} column(s), and should have {}", found[2], bounds_text(self.columns))
        return ""


class FieldCheck(Check):
    """The receptive field of the answer in a picture of this shape: height and width, and the stride."""

    kind: ClassVar[str] = "field"
    picture: Extent
    size: Bounds
    stride: int | None = None

    def fault(self, trial: Trial) -> str:
        """The size, or else the stride."""
        row = next(row for row in trial.rows(self.picture) if row.name == trial.last)
        field = row.receptive_field
        return row.reason if field is None else self._fault(field)

    def _fault(self, field: ReceptiveField) -> str:
        height, width = field.size
        if outside(height, self.size) or outside(width, self.size):
            return say(
                "the receptive field is {} x {}, and should be {} in both directions",
                height,
                width,
                bounds_text(self.size),
            )
        if self.stride is not None and field.stride != (self.stride, self.stride):
            return say("the stride of the whole is {} x {}, and should be {}", *field.stride, self.stride)
        return ""


class CostCheck(Check):
    """The parameters and the multiply-adds of all layers together, for a picture of this shape."""

    kind: ClassVar[str] = "cost"
    picture: Extent
    parameters: Bounds = (None, None)
    macs: Bounds = (None, None)

    def fault(self, trial: Trial) -> str:
        """The first of both that is out of bounds."""
        rows = trial.rows(self.picture)
        parameters, macs = sum(row.parameters for row in rows), sum(row.macs for row in rows)
        if outside(parameters, self.parameters):
            return say(
                "there are {:,} parameter(s), and there should be {}",
                parameters,
                bounds_text(self.parameters),
            )
        if outside(macs, self.macs):
            return say(
                "a picture of {} takes {:,} multiply-adds, and should take {}",
                size_text(self.picture),
                macs,
                bounds_text(self.macs),
            )
        return ""


class LayersCheck(Check):
    """The layers that may be used, by their keys, and how many there may be."""

    kind: ClassVar[str] = "layers"
    only: tuple[str, ...] = ()
    most: int | None = None

    def fault(self, trial: Trial) -> str:
        """The first layer that is not allowed, or else the number of them."""
        for node in trial.pipeline:
            if self.only and node.layer.key not in self.only:
                titles = ", ".join(layer_type(key).__name__ for key in self.only)
                return say("{!r} is not one of the layers that are allowed here: {}", node.name, titles)
        if self.most is not None and len(trial.pipeline) > self.most:
            return say(
                "there are {} layer(s), and there should be at most {}", len(trial.pipeline), self.most
            )
        return ""
