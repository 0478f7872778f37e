"""Learning to tell classes of pictures apart. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from filterlab.errors import FilterLabError, ParameterError
from filterlab.functional.arrays import shape_text
from filterlab.gui.learning.course import Cancel, Tell
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.classify.training import Epoch
from filterlab.learning.starts import started
from filterlab.pipeline import Pipeline, train_classifier
from filterlab.text.messages import say

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class PassPart:
    """One step of a pass: the `made`-th of `total` in it, and the loss of its pictures."""

    made: int
    total: int
    loss: float


@dataclass(frozen=True)
class Pass:
    """One pass over the pictures, in the form of a step of learning."""

    epoch: Epoch

    @property
    def loss(self) -> float:
        """The mean over the pass."""
        return self.epoch.loss

    @property
    def pipeline(self) -> Pipeline:
        """The network after it."""
        return self.epoch.pipeline

    @property
    def gradients(self) -> Mapping[tuple[str, str], NDArray[Any]]:
        """Those of its last step."""
        return self.epoch.step.gradients


@dataclass(frozen=True, eq=False)
class ClassPlan:
    """Everything that training depends on. steps: passes over the pictures. options: other arguments of `learn`."""

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
        """Raise FilterLabError saying what is missing or does not go together."""
        if self.classes is None:
            hint = say("choose a folder that holds a folder for each class, or a .npz file")
            raise ParameterError("there are no labelled pictures yet", "learn", hint, parameter="target")
        count = len(self.classes.labels)
        found = self._output_shape()
        if not found:
            what = say("there is no network yet that distinguishes {} classes", count)
            hint = say("add layers that end with a Linear layer of one output for each class")
            raise ParameterError(what, "learn", hint, parameter="classes")
        if found != (count,):
            what = say("the network gives {} numbers, and there are {} classes", shape_text(found), count)
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
        """Whether the network takes these pictures and has a score for each class."""
        try:
            return self.classes is not None and self._output_shape() == (len(self.classes.labels),)
        except FilterLabError:
            return False

    def lesson(self) -> ClassLesson:
        """The plan, to be carried out."""
        return ClassLesson(self)


class ClassLesson:
    """A plan that is carried out; `course` is called from a thread."""

    def __init__(self, plan: ClassPlan) -> None:
        self.plan = plan
        self.start = started(plan.pipeline, plan.nodes, plan.start, plan.seed)

    def course(self, cancel: Cancel, tell: Tell) -> Iterator[Pass]:
        """The passes over the pictures. Each step of them is told as a `Part`."""
        plan = self.plan

        def step(made: int, total: int, loss: float) -> None:
            each = total // plan.steps
            tell(PassPart((made - 1) % each + 1, each, loss))

        for epoch in train_classifier(
            plan.classes,
            self.start,
            nodes=plan.nodes,
            epochs=plan.steps,
            batch=plan.batch,
            optimizer=plan.optimizer,
            lr=plan.lr,
            seed=plan.seed,
            cancel=cancel,
            step=step,
            **plan.options,
        ):
            yield Pass(epoch)
