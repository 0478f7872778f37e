"""What is to be learned from a picture, and how: the answers of the form as one value. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from filterlab.errors import FilterLabError, ParameterError, ShapeError
from filterlab.fields.patches import Span
from filterlab.functional.arrays import shape_text
from filterlab.gui.bench.work import Picture
from filterlab.gui.learning.course import Cancel, Report
from filterlab.images.views import MapView
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.descent.convergence import Convergence
from filterlab.learning.descent.learning import LearningStep, learn
from filterlab.learning.fit.closest import Closest, check_closest, closest, without_camera
from filterlab.learning.fit.fitted import FittedKernel
from filterlab.learning.fit.registering import LEAST, Registration, find_shift
from filterlab.learning.parts import LearnedPart, Seen, part_to_learn, read_part, taught_part
from filterlab.learning.starts import started, trainable_nodes, with_learned
from filterlab.learning.targets import (
    Judged,
    check_target,
    cropped,
    greyed,
    judge,
    preset_teacher,
    taught,
    with_padding,
)
from filterlab.learning.wishes import read_wish
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
    cropped to the size of the output, or converted to grey. registered: whether the place of a PICTURE over the open
    one is found first; levelled: whether the gain and the offset of its camera are taken out. The fields of the other
    kinds keep their values, so that a person who goes back to a kind finds what was chosen there.
    """

    kind: str = PRESET
    preset: str = ""
    pipeline: Pipeline | None = None
    picture: Picture | None = None
    classes: Labelled | None = None
    cropped: bool = False
    greyed: bool = False
    registered: bool = False
    levelled: bool = False

    @property
    def moved(self) -> bool:
        """Whether the target is a picture that is registered."""
        return self.registered and self.kind == PICTURE

    @property
    def exposed(self) -> bool:
        """Whether the target is a picture whose gain and offset are taken out."""
        return self.levelled and self.kind == PICTURE

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
    """Everything that a run depends on. options: further arguments of `learn`.

    seen: of pictures that are larger than memory, what is looked at: top, left, height and width; None for all.
    memory: bytes that a step may take then.
    """

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
    seen: Seen | None = None
    memory: int = 0

    @property
    def large(self) -> bool:
        """Whether the picture or the target is larger than memory."""
        target = self.target.picture if self.target.kind == PICTURE else None
        return self.picture.large or (target is not None and target.large)

    @cached_property
    def part(self) -> LearnedPart | None:
        """What is learned from of large pictures; None where all is. Raises FilterLabError where no part will do."""
        if not self.large:
            return None
        shape = self.picture.shape
        seen = self.seen or (0.0, 0.0, float(shape[1]), float(shape[2]))
        return part_to_learn(self.pipeline, self.output, shape, seen, self.memory)

    def lesson(self) -> Assignment:
        """The run that carries out this plan."""
        return Assignment(self)

    @property
    def solvable(self) -> bool:
        """Whether least squares gives the exact minimum of the loss that this plan, once checked, asks for."""
        # Weight decay asks for other weights than those of the smallest squared error.
        if self.loss not in ("mse", "sse") or "weight_decay" in self.options:
            return False
        try:
            check_closest(self.pipeline, self.nodes, self.output)
            read_wish(self.constraints)
        except FilterLabError:
            return False
        return True

    @property
    def constraints(self) -> tuple[str, ...]:
        """What the kernel must satisfy."""
        return tuple(self.options.get("constraints", ()))

    def target_shape(self) -> Shape:
        """The shape of the target, found without computing it. Raises FilterLabError."""
        # The form asks for it after each change of an answer, too often for running the teacher.
        teacher = self.target.teacher(self.pipeline, self.nodes)
        if teacher is None:
            assert self.target.picture is not None, "a target without teacher is a picture"
            return self._fitted_shape(self.target.picture.shape)
        output = self.output if self.target.kind == PRESET else teacher.steps[-1].name
        return self._fitted_shape(teacher.output_shapes(self.picture.shape)[output])

    def may_register(self) -> bool:
        """Whether the target is a picture of another size, with the output's channels: its place may be looked for."""
        if self.target.kind != PICTURE or self.target.picture is None or self.large:
            return False
        mine, theirs = self.picture.shape[1:], self.target.picture.shape[1:]
        return (
            mine != theirs
            and min(*mine, *theirs) >= LEAST
            and self.target_shape()[:1] == self.output_shape()[:1]
        )

    def _fitted_shape(self, shape: Shape) -> Shape:
        if self.target.greyed and len(shape) == 3:
            shape = (1, *shape[1:])
        # The overlap of a registered target is cut to what windows inside it give.
        if (self.target.cropped or self.target.moved) and len(shape) == 3:
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
        if self.target.exposed:
            check_closest(self.pipeline, self.nodes, self.output)
        shape = self.target_shape()
        self._check_preset(shape)
        check_target(self.pipeline, self.output, self.picture.shape, shape)
        self._check_part()

    def _check_part(self) -> None:
        picture, target = self.picture.shape, self.target.picture
        if self.part is None or not self.target.moved or target is None or target.shape[1:] == picture[1:]:
            return
        # Where a target of another size lies would have to be looked for in all of the picture.
        what = say("the target is {}, the picture {}", *(shape_text(s[1:]) for s in (target.shape, picture)))
        hint = say("crop them to the same place, or use smaller pictures")
        raise ShapeError(what, "learn", hint, parameter="picture")

    def _check_preset(self, shape: Shape) -> None:
        # Some named kernels come in one size only. Without padding, the target is then of another size than the output,
        # and what `check_target` says of pictures would not help.
        teacher = self.target.teacher(self.pipeline, self.nodes) if self.target.kind == PRESET else None
        if teacher is None or shape == self.output_shape():
            return
        for name, parameter in taught(self.pipeline, teacher):
            mine, theirs = (shape_text(p[name].shape_of(parameter)[-2:]) for p in (self.pipeline, teacher))
            what = say("the kernel to be learned is {}, but that of {} is {}", theirs, name, mine)
            hint = say("give the node that size, or choose another kernel")
            raise ParameterError(what, "learn", hint, parameter="nodes", node=name)


class Assignment:
    """A run of learning: the pipeline that it starts from, and the target once that was computed.

    start: may be set to a later step, from which another course then goes on. convergence: judges the steps of all
    courses. registration, camera: how the target was found to lie, and the fit that took gain and offset out of it;
    None where that was not asked for or is not known yet. found: the answer of least squares that `solution` led to.
    Its methods may take long and are called from threads.
    """

    # The trainer, the judge and least squares run in three threads and want the same target. The lock makes the first
    # of them compute it while the others wait, instead of each computing it.

    def __init__(self, plan: LearningPlan) -> None:
        self.plan = plan
        self.start = started(plan.pipeline, plan.nodes, plan.start, plan.seed)
        if plan.target.moved:
            # Nobody knows what lay beyond the overlap, so that only windows inside it are learned from.
            self.start = with_padding(self.start, plan.output, "valid")
        self.convergence = Convergence()
        self.registration: Registration | None = None
        self.camera: FittedKernel | None = None
        self.found: Closest | None = None
        self._lock = threading.Lock()
        self._pair: tuple[NDArray[Any], MapView] | None = None

    def target(self, cancel: Cancel) -> MapView:
        """What the output is to match. Raises Cancelled, FilterLabError."""
        return self.pair(cancel)[1]

    def pair(self, cancel: Cancel) -> tuple[NDArray[Any], MapView]:
        """The picture, or the part of it that is learned from, and what the output is to match."""
        with self._lock:
            if self._pair is None:
                picture, numbers = self._registered(*self._examples(cancel))
                self._pair = picture, MapView(self._levelled(picture, numbers))
            return self._pair

    def _examples(self, cancel: Cancel) -> tuple[NDArray[Any], NDArray[Any]]:
        plan, part = self.plan, self.plan.part
        if part is None:
            return plan.picture.pixels, self._numbers(cancel)
        picture = read_part(plan.picture.pixels, part.rows, part.cols)
        at = (part.rows, part.cols) if plan.target.moved else part.at
        numbers = self._part_of_numbers(at, cancel)
        return picture, greyed(numbers) if plan.target.greyed else numbers

    def _part_of_numbers(self, at: tuple[Span, Span], cancel: Cancel) -> NDArray[Any]:
        """The part of the target that lies at these rows and columns of the whole output."""
        plan = self.plan
        teacher = plan.target.teacher(plan.pipeline, plan.nodes)
        if teacher is not None:
            output = plan.output if plan.target.kind == PRESET else teacher.steps[-1].name
            at = self._in_target(at, teacher.output_shapes(plan.picture.shape)[output])
            return taught_part(teacher, output, plan.picture.pixels, at, plan.memory, cancel)
        assert plan.target.picture is not None, "a target without teacher is a picture"
        pixels = plan.target.picture.pixels
        return read_part(pixels, *self._in_target(at, pixels.shape))

    def _in_target(self, at: tuple[Span, Span], target: Shape) -> tuple[Span, Span]:
        """The rows and columns of the output in the whole target, of which `cropped` takes the middle."""
        plan = self.plan
        if not plan.target.cropped or plan.target.moved:
            return at
        sizes = zip(target[1:], plan.output_shape()[1:], at, strict=True)
        rows, cols = ((span[0] + (n - own) // 2, span[1] + (n - own) // 2) for n, own, span in sizes)
        return rows, cols

    def _compared(self, pipeline: Pipeline) -> tuple[Pipeline, str]:
        """The pipeline up to what is compared with the target, and the node for that."""
        plan, part = self.plan, self.plan.part
        # Laid over a target, it has no padding, so that its output sees nothing beyond the part anyway.
        if part is None or plan.target.moved:
            return pipeline, plan.output
        return part.with_cut(pipeline, plan.output)

    @property
    def _unpadded(self) -> Pipeline:
        """What least squares starts from: of a part, the windows inside it are those that are compared."""
        return self.start if self.plan.part is None else with_padding(self.start, self.plan.output, "valid")

    def _registered(self, picture: NDArray[Any], numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        plan = self.plan
        if not plan.target.moved:
            return picture, numbers
        lies = self.registration = find_shift(picture, numbers)
        if lies.found:
            picture, numbers = lies.overlap(picture, numbers)
        elif picture.shape[1:] != numbers.shape[1:]:
            raise ShapeError(lies.words, "learn", say("crop the target by hand"), parameter="target")
        height, width = self.start.output_shapes(picture.shape)[plan.output][1:]
        return picture, cropped(numbers, (height, width))

    def _levelled(self, picture: NDArray[Any], numbers: NDArray[Any]) -> NDArray[Any]:
        plan = self.plan
        if not plan.target.exposed:
            return numbers
        task = self._unpadded, plan.nodes, plan.output, picture, numbers, plan.constraints
        numbers, self.camera = without_camera(*task)
        return numbers

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
        if plan.target.cropped and not plan.target.moved:
            height, width = plan.output_shape()[1:]
            numbers = cropped(numbers, (height, width))
        return numbers

    def course(self, cancel: Cancel, report: Report) -> Iterator[LearningStep]:
        """The steps of learning until it has converged. They are short, so nothing is reported within one."""
        plan = self.plan
        picture, target = self.pair(cancel)
        start, output = self._compared(self.start)
        steps = learn(
            start,
            [(picture, target.array)],
            nodes=plan.nodes,
            loss=plan.loss,
            optimizer=plan.optimizer,
            lr=plan.lr,
            steps=plan.steps,
            seed=plan.seed,
            output=output,
            until=self.convergence,
            cancel=cancel,
            **plan.options,
        )
        return steps if start is self.start else map(self._of_start, steps)

    def _of_start(self, step: LearningStep) -> LearningStep:
        """A step with the nodes that the pipeline has itself."""
        return replace(step, made=lambda: with_learned(self.start, step.pipeline, self.plan.nodes))

    def solution(self, cancel: Cancel, report: Report) -> Iterator[LearningStep]:
        """A single step, which leads to the least-squares weights. Raises ParameterError where there are none."""
        self.found = self.closest(cancel)
        yield LearningStep(0, self.judge(self.start, cancel).loss, self.found.pipeline, {})

    def judge(self, pipeline: Pipeline, cancel: Cancel) -> Judged:
        """The output of `pipeline` compared with the target."""
        (picture, target), (compared, output) = self.pair(cancel), self._compared(pipeline)
        return judge(compared, picture, target, output, self.plan.loss, cancel)

    def closest(self, cancel: Cancel) -> Closest:
        """The least-squares solution of the same task. Raises ParameterError where there is none."""
        plan, (picture, target) = self.plan, self.pair(cancel)
        task = self._unpadded, plan.nodes, plan.output, picture, target.array
        found = closest(*task, cancel, plan.constraints)
        return replace(found, pipeline=with_learned(self.start, found.pipeline, plan.nodes))
