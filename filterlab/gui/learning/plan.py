"""What is to be learned from a picture, and how: the answers of the form as one value. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from filterlab.errors import FilterLabError, ParameterError
from filterlab.functional.arrays import shape_text
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.course import Cancel, Report
from filterlab.images.views import MapView
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.descent.convergence import Convergence
from filterlab.learning.descent.learning import LearningStep, learn
from filterlab.learning.fit.closest import Closest, check_closest, closest
from filterlab.learning.starts import started, trainable_nodes
from filterlab.learning.targets import Judged, check_target, cropped, greyed, judge, preset_teacher, taught
from filterlab.pipeline import Pipeline
from filterlab.text.messages import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

Shape = tuple[int, ...]

PRESET, PIPELINE, PICTURE, CLASSES = "preset", "pipeline", "picture", "classes"


# Both are compared by identity: equality would compare all pixels and weights.
@dataclass(frozen=True, eq=False)
class LearningTarget:
    """What the output is to match.

    kind: PRESET (the output of this pipeline with a named kernel), PIPELINE (the output of another one), PICTURE, or
    CLASSES (labelled pictures, which take the place of the open picture). cropped, greyed: whether the target is
    cropped to the size of the output, or converted to grey. The fields of the other kinds keep their values,
    so that a person who goes back to a kind finds what was chosen there.
    """

    kind: str = PRESET
    preset: str = ""
    pipeline: Pipeline | None = None
    picture: Picture | None = None
    classes: Labelled | None = None
    cropped: bool = False
    greyed: bool = False

    def teacher(self, pipeline: Pipeline, nodes: tuple[str, ...]) -> Pipeline | None:
        """The pipeline that computes the target, None for a picture. Raises ParameterError where none was chosen."""
        if self.kind == PRESET:
            return preset_teacher(pipeline, nodes, self.preset)
        if self.kind == PIPELINE:
            if not self.pipeline:
                hint = say("choose a pipeline whose output is to be imitated")
                raise ParameterError("there is no teacher yet", "learn", hint, parameter="target")
            return self.pipeline
        if self.picture is None:
            hint = say("choose the picture that the output is to match")
            raise ParameterError("there is no target yet", "learn", hint, parameter="target")
        return None


@dataclass(frozen=True, eq=False)
class LearningPlan:
    """Everything that a run depends on. options: further arguments of `learn`."""

    pipeline: Pipeline
    picture: Picture
    target: LearningTarget
    output: str
    nodes: tuple[str, ...]
    loss: str = "mse"
    optimizer: str = "sgd"
    lr: float = 1e-2
    steps: int = 100
    seed: int = 0
    start: str = "random"
    options: Mapping[str, Any] = field(default_factory=dict)

    def lesson(self) -> Assignment:
        """The run that carries out this plan."""
        return Assignment(self)

    @property
    def solvable(self) -> bool:
        """Whether least squares gives the exact minimum of the loss that this plan, once checked, asks for."""
        # A constraint or weight decay asks for other weights than those of the smallest squared error.
        if self.loss not in ("mse", "sse") or {"constraints", "weight_decay"} & self.options.keys():
            return False
        try:
            check_closest(self.pipeline, self.nodes, self.output)
        except FilterLabError:
            return False
        return True

    def target_shape(self) -> Shape:
        """The shape of the target, found without computing it. Raises FilterLabError."""
        # The form asks for it after each change of an answer, too often for running the teacher.
        teacher = self.target.teacher(self.pipeline, self.nodes)
        if teacher is None:
            assert self.target.picture is not None, "a target without teacher is a picture"
            return self._fitted_shape(self.target.picture.shape)
        output = self.output if self.target.kind == PRESET else teacher.steps[-1].name
        return self._fitted_shape(teacher.output_shapes(self.picture.shape)[output])

    def _fitted_shape(self, shape: Shape) -> Shape:
        if self.target.greyed and len(shape) == 3:
            shape = (1, *shape[1:])
        if self.target.cropped and len(shape) == 3:
            shape = (shape[0], *self.output_shape()[1:])
        return shape

    def output_shape(self) -> Shape:
        """The shape of the output that is compared with the target."""
        return self.pipeline.output_shapes(self.picture.shape)[self.output]

    def check(self) -> None:
        """Raise FilterLabError where something is missing or does not fit."""
        able = trainable_nodes(self.pipeline, self.output)
        if not self.nodes:
            hint = (
                say("tick one")
                if able
                else say("add a Filter2d or Conv2d before it, or compare another node")
            )
            raise ParameterError("no node is chosen to learn", "learn", hint, parameter="nodes")
        for name in self.nodes:
            if name not in able:
                what = say("{} does not lead to {}", name, self.output)
                hint = say("compare another node, or leave this one out")
                raise ParameterError(what, "learn", hint, parameter="nodes", node=name)
        self._check_preset()
        check_target(self.pipeline, self.output, self.picture.shape, self.target_shape())

    def _check_preset(self) -> None:
        # Some named kernels come in one size only. Without padding, the target is then of another size than the output,
        # and what `check_target` says of pictures would not help.
        teacher = self.target.teacher(self.pipeline, self.nodes) if self.target.kind == PRESET else None
        if teacher is None or self.target_shape() == self.output_shape():
            return
        for name, parameter in taught(self.pipeline, teacher):
            mine, theirs = (shape_text(p[name].shape_of(parameter)[-2:]) for p in (self.pipeline, teacher))
            what = say("the kernel to be learned is {}, but that of {} is {}", theirs, name, mine)
            hint = say("give the node that size, or choose another kernel")
            raise ParameterError(what, "learn", hint, parameter="nodes", node=name)


class Assignment:
    """A run of learning: the pipeline that it starts from, and the target once that was computed.

    start: may be set to a later step, from which another course then goes on. convergence: judges the steps of all
    courses. Its methods may take long and are called from threads.
    """

    # The trainer, the judge and least squares run in three threads and want the same target. The lock makes the first
    # of them compute it while the others wait, instead of each computing it.

    def __init__(self, plan: LearningPlan) -> None:
        self.plan = plan
        self.start = started(plan.pipeline, plan.nodes, plan.start, plan.seed)
        self.convergence = Convergence()
        self._lock = threading.Lock()
        self._target: MapView | None = None

    def target(self, cancel: Cancel) -> MapView:
        """What the output is to match. Raises Cancelled, FilterLabError."""
        with self._lock:
            if self._target is None:
                self._target = MapView(self._numbers(cancel))
            return self._target

    def _numbers(self, cancel: Cancel) -> NDArray[Any]:
        plan = self.plan
        teacher = plan.target.teacher(plan.pipeline, plan.nodes)
        if teacher is None:
            assert plan.target.picture is not None, "a target without teacher is a picture"
            numbers = plan.target.picture.pixels
        else:
            output = plan.output if plan.target.kind == PRESET else teacher.steps[-1].name
            numbers = teacher.run(plan.picture.pixels, [output], cancel=cancel)[output]
        if plan.target.greyed:
            numbers = greyed(numbers)
        if plan.target.cropped:
            height, width = plan.output_shape()[1:]
            numbers = cropped(numbers, (height, width))
        return numbers

    def course(self, cancel: Cancel, report: Report) -> Iterator[LearningStep]:
        """The steps of learning until it has converged. They are short, so nothing is reported within one."""
        plan = self.plan
        return learn(
            self.start,
            [(plan.picture.pixels, self.target(cancel).array)],
            nodes=plan.nodes,
            loss=plan.loss,
            optimizer=plan.optimizer,
            lr=plan.lr,
            steps=plan.steps,
            seed=plan.seed,
            output=plan.output,
            until=self.convergence,
            cancel=cancel,
            **plan.options,
        )

    def solution(self, cancel: Cancel, report: Report) -> Iterator[LearningStep]:
        """A single step, which leads to the least-squares weights. Raises ParameterError where there are none."""
        found = self.closest(cancel)
        yield LearningStep(0, self.judge(self.start, cancel).loss, found.pipeline, {})

    def judge(self, pipeline: Pipeline, cancel: Cancel) -> Judged:
        """The output of `pipeline` compared with the target."""
        plan = self.plan
        return judge(pipeline, plan.picture.pixels, self.target(cancel), plan.output, plan.loss, cancel)

    def closest(self, cancel: Cancel) -> Closest:
        """The least-squares solution of the same task. Raises ParameterError where there is none."""
        plan = self.plan
        target = self.target(cancel).array
        return closest(self.start, plan.nodes, plan.output, plan.picture.pixels, target, cancel)
