"""Training a network to classify pictures: the answers of the form as one value. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from filterlab.errors import FilterLabError, ParameterError
from filterlab.functional.arrays import shape_text
from filterlab.gui.learning.course import Cancel, Report
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.classify.training import Epoch
from filterlab.learning.starts import started
from filterlab.pipeline import Pipeline, train_classifier
from filterlab.text.messages import count, say


@dataclass(frozen=True)
class BatchStep:
    """One step within an epoch of `steps_per_epoch` steps. loss: of its mini-batch, before the step."""

    steps_per_epoch: int
    loss: float


# Compared by identity: equality would compare all pictures and weights.
@dataclass(frozen=True, eq=False)
class ClassPlan:
    """Everything that training depends on.

    steps: the number of epochs; the name is that of `LearningPlan`, whose place this plan takes. options: other
    arguments of `learn`.
    """

    pipeline: Pipeline
    classes: Labelled | None
    nodes: tuple[str, ...]
    optimizer: str = "adam"
    lr: float = 2e-3
    steps: int = 10
    batch: int = 32
    seed: int = 0
    start: str = "keep"
    options: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raise FilterLabError where something is missing or does not fit."""
        if self.classes is None:
            hint = say("choose a folder that holds a folder for each class, or a .npz file")
            raise ParameterError("there are no labelled pictures yet", "learn", hint, parameter="target")
        classes = len(self.classes.labels)
        found = self._output_shape()
        # An empty pipeline has no output. The window offers a network where the error names the parameter `classes`.
        if not found:
            what = say("there is no network yet that distinguishes {} class(es)", classes)
            hint = say("add layers that end with a Linear layer of one output for each class")
            raise ParameterError(what, "learn", hint, parameter="classes")
        if found != (classes,):
            what = count(
                classes,
                "the output of the network is {1}, but there is {0} class",
                "the output of the network is {1}, but there are {0} classes",
                shape_text(found),
            )
            hint = say("end it with a Linear layer that has one output for each class")
            raise ParameterError(what, "learn", hint, parameter="classes")
        if not self.nodes:
            raise ParameterError("no node is chosen to learn", "learn", "tick one", parameter="nodes")

    def _output_shape(self) -> tuple[int, ...]:
        if not len(self.pipeline) or self.classes is None:
            return ()
        shapes = self.pipeline.output_shapes(self.classes.x.shape[1:])
        return shapes[self.pipeline.steps[-1].name]

    def fits(self) -> bool:
        """Return whether the network takes these pictures and has a score for each class."""
        try:
            return self.classes is not None and self._output_shape() == (len(self.classes.labels),)
        except FilterLabError:
            return False

    def lesson(self) -> ClassLesson:
        """The run that carries out this plan."""
        return ClassLesson(self)


class ClassLesson:
    """A run of training; `course` is iterated in the thread of the trainer."""

    def __init__(self, plan: ClassPlan) -> None:
        self.plan = plan
        # Already here, in the window's thread: what is refused is then said before the run in view is replaced.
        self.start = started(plan.pipeline, plan.nodes, plan.start, plan.seed)

    def course(self, cancel: Cancel, report: Report) -> Iterator[Epoch]:
        """The epochs. Each step within one is reported as a `BatchStep`."""
        plan = self.plan
        return train_classifier(
            plan.classes,
            self.start,
            nodes=plan.nodes,
            epochs=plan.steps,
            batch=plan.batch,
            optimizer=plan.optimizer,
            lr=plan.lr,
            seed=plan.seed,
            cancel=cancel,
            step=lambda made, total, loss: report(BatchStep(total // plan.steps, loss)),
            **plan.options,
        )
