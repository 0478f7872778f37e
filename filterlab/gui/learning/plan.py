"""What is to be learned, and how: the answers of the form as one value. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from filterlab.errors import ParameterError
from filterlab.functional.arrays import shape_text
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.course import Cancel, Tell
from filterlab.images.views import MapView
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.descent.learning import LearningStep, learn
from filterlab.learning.fit.closest import Closest, closest
from filterlab.learning.starts import started, trainable_nodes
from filterlab.learning.targets import Judged, check_target, cropped, greyed, judge, preset_teacher, taught
from filterlab.pipeline import Pipeline
from filterlab.text.messages import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

Shape = tuple[int, ...]

PRESET, PIPELINE, PICTURE, CLASSES = "preset", "pipeline", "picture", "classes"


@dataclass(frozen=True, eq=False)
class LearningTarget:
    """What the output should become.

    kind: PRESET (what the pipeline would give with a named kernel), PIPELINE (what another one gives), PICTURE, or
    CLASSES (labelled pictures, which need no other picture). cropped, greyed: how a picture that does not fit is taken.
    """

    kind: str = PRESET
    preset: str = ""
    pipeline: Pipeline | None = None
    picture: Picture | None = None
    classes: Labelled | None = None
    cropped: bool = False
    greyed: bool = False

    def teacher(self, pipeline: Pipeline, nodes: tuple[str, ...]) -> Pipeline | None:
        """The pipeline that makes the target, None for a picture. Raises ParameterError where none was chosen."""
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
    """Everything that a run depends on. options: those of the optimizer; more: other arguments of `learn`."""

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
        """The plan, to be carried out."""
        return Assignment(self)

    def target_shape(self) -> Shape:
        """The shape of the target, worked out without its numbers. Raises FilterLabError."""
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
        """The shape of what is compared with the target."""
        return self.pipeline.output_shapes(self.picture.shape)[self.output]

    def check(self) -> None:
        """Raise FilterLabError saying what is missing or does not go together."""
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
        """A kernel that does not come in the size of the node's would make a target of another size."""
        teacher = self.target.teacher(self.pipeline, self.nodes) if self.target.kind == PRESET else None
        if teacher is None or self.target_shape() == self.output_shape():
            return
        for name, parameter in taught(self.pipeline, teacher):
            mine, theirs = (shape_text(p[name].shape_of(parameter)[-2:]) for p in (self.pipeline, teacher))
            what = say("the kernel to be learned is {}, the one of {} is {}", theirs, name, mine)
            hint = say("give the node that size, or choose another kernel")
            raise ParameterError(what, "learn", hint, parameter="nodes", node=name)


class Assignment:
    """A plan that is carried out: the pipeline where it starts, and the target once it is worked out.

    Its methods may take long and are called from threads.
    """

    def __init__(self, plan: LearningPlan) -> None:
        self.plan = plan
        self.start = started(plan.pipeline, plan.nodes, plan.start, plan.seed)
        self._lock = threading.Lock()
        self._target: MapView | None = None

    def target(self, cancel: Cancel) -> MapView:
        """What the output should become."""
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

    def course(self, cancel: Cancel, tell: Tell) -> Iterator[LearningStep]:
        """The steps of learning. They are short: nothing is told of their parts."""
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
            cancel=cancel,
            **plan.options,
        )

    def judge(self, pipeline: Pipeline, cancel: Cancel) -> Judged:
        """What `pipeline` gives beside the target."""
        plan = self.plan
        return judge(pipeline, plan.picture.pixels, self.target(cancel), plan.output, plan.loss, cancel)

    def closest(self, cancel: Cancel) -> Closest:
        """What least squares gives instead. Raises ParameterError where it has no answer."""
        plan = self.plan
        target = self.target(cancel).array
        return closest(self.start, plan.nodes, plan.output, plan.picture.pixels, target, cancel)
