"""Learning the weights of a pipeline's nodes by gradient descent.

The edge detector of *Dive into Deep Learning*, 7.2.4, from a picture and its edges::

    x = np.ones((1, 6, 8), np.float32)
    x[:, :, 2:6] = 0
    y = fl.functional.conv2d(x, np.array([[[[1, -1]]]], np.float32))
    start = fl.Pipeline([("edges", fl.Conv2d({"init": "normal", "shape": [1, 1, 1, 2], "std": 0.5}))])
    *_, last = fl.learn(start, [(x, y)], loss="sse", lr=3e-2, steps=10)
    last.pipeline["edges"].weight  # close to [1, -1]

Sobel's kernel, from a photograph and its filtered copy::

    image = fl.read_image(samples()["camera"])[:, ::4, ::4]  # filterlab.resources.samples
    target = fl.Pipeline([fl.Filter2d({"preset": "sobel"}, padding="valid")]).run(image)["filter1"]
    start = fl.Pipeline([("k", fl.Conv2d(np.zeros((1, 1, 3, 3), np.float32)))])
    *_, last = fl.learn(start, [(image, target)], optimizer="lbfgs", steps=50)

A network of three layers that removes noise, from random crops of a picture::

    noisy = image + np.random.default_rng(0).normal(0, 0.1, image.shape).astype(np.float32)
    weight = lambda o, c, s: {"init": "kaiming_normal", "shape": [o, c, 3, 3], "seed": s}
    start = fl.Pipeline([
        fl.Conv2d(weight(8, 1, 1), padding=1), fl.ReLU(),
        fl.Conv2d(weight(8, 8, 2), padding=1), fl.ReLU(),
        fl.Conv2d(weight(1, 8, 3), padding=1),
    ])
    *_, last = fl.learn(start, [(noisy, image)], optimizer="adam", lr=3e-3, crop=48, steps=300)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Generic

import numpy as np

from filterlab.errors import Cancelled, ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import G, Graph
from filterlab.learning.descent.constraints import (
    Projection,
    checked,
    make_direction,
    make_projection,
    project_planes,
)
from filterlab.learning.descent.convergence import Convergence
from filterlab.learning.descent.divergence import DivergenceError, Update, Watch
from filterlab.learning.descent.lbfgs import lbfgs
from filterlab.learning.descent.objective import LOSSES, Key, Objective, Pairs, Values
from filterlab.learning.descent.optimizers import LBFGS, Rule, optimizer_type
from filterlab.learning.descent.samples import Cropping, SampleBlock, draws
from filterlab.learning.descent.schedules import Schedule, make_schedule
from filterlab.learning.options import BATCH, SEED, STEPS
from filterlab.text.messages import count, say

__all__ = ["LOSSES", "Convergence", "DivergenceError", "Key", "LearningStep", "learn"]


@dataclass(frozen=True)
class LearningStep(Generic[G]):
    """One step: `loss` before the update, `pipeline` after it, `gradients` by node and parameter.

    made: the pipeline, or a function that makes it on demand. rate: the learning rate of the step (1 for "lbfgs",
    which searches its own).
    """

    index: int
    loss: float
    made: G | Callable[[], G] = field(repr=False)
    gradients: Mapping[Key, Array] = field(repr=False)
    rate: float = 1.0

    @cached_property
    def pipeline(self) -> G:
        """The pipeline after the step."""
        return self.made if isinstance(self.made, Graph) else self.made()


Until = Callable[[LearningStep[Any]], bool]


def learn(
    pipeline: G,
    pairs: Pairs,
    *,
    nodes: Iterable[str] | None = None,
    loss: str = "mse",
    optimizer: str = "sgd",
    lr: float = 1e-2,
    steps: int = 100,
    seed: int = 0,
    batch: int | None = None,
    crop: Any = None,
    schedule: str = "constant",
    constraints: str | Iterable[str] = (),
    output: str | None = None,
    until: str | Until | None = None,
    cancel: Cancel | None = None,
    **options: Any,
) -> Iterator[LearningStep[G]]:
    """Fit the weights of `nodes` so that the pipeline turns each picture into its target; yields every step.

    pairs: (picture (C, H, W) or batch (N, C, H, W), target in the shape of the output; class numbers for
    "cross_entropy"). Every step sees all pairs, or `batch` pictures, drawn with `seed` so that each comes once before
    any comes again. crop: of each picture a step sees a random part of this many cells (int or (height, width)), and
    only the outputs that see nothing beyond it are compared. The same seed gives the same steps; with another number
    of threads, or with `cancel`, the gradients of weights are summed in other parts and may differ in their last
    digit.

    nodes: the nodes to train; left out, all with weights that lead to the output. output: the node that is compared
    with the target; left out, the last. loss: "sse" (sum of squares), "mse" (their mean), "l1", "cross_entropy"; over
    several pairs the mean, for "sse" the sum. The arithmetic is in the precision of the trained weights.

    optimizer: "sgd", "adam", "adamw", "rmsprop" with the options of torch.optim, or "lbfgs" (all pictures, no rate).
    schedule: of the rate, with its options: "constant", "step" (step_size, gamma), "exponential" (gamma), "cosine"
    (eta_min); see `schedules`. constraints: "zero_sum", "unit_sum", "symmetric", "nonnegative", met by every trained
    kernel plane after each step; see `constraints`.

    until: what ends the run before `steps` have been made. Left out, exactly `steps` are yielded, fewer only by
    "lbfgs" where no step lowers the loss any more. "converged": the first step at which the gradient is level or the
    loss at rest; the rule and its sources are at `Convergence`. A function is called with each step before that is
    yielded, and ends the run after it by returning true: a `Convergence` of your own says afterwards whether it was
    `reached` and whether the loss was still `falling`.

    The given pipeline is not changed. Raises ParameterError, ShapeError, Cancelled, and DivergenceError where the
    loss diverges, with a rate at which it does not. Examples are above, in this module.
    """
    objective = Objective(pipeline, pairs, nodes, loss, output)
    # A program may ask for no steps at all; in a form or a command that would be a mistake.
    steps = replace(STEPS, kind=replace(STEPS.kind, minimum=0)).read(steps, "learn")
    rates, options = make_schedule(schedule, steps, options)
    limits = _Limits.of(objective, constraints, optimizer)
    ends = _end(until)
    made = optimizer_type(optimizer)
    if not issubclass(made, Rule):
        _whole_pictures_only(batch, crop)
        updates = _lbfgs_steps(objective, limits, cancel, LBFGS(**options))
        return _steps(objective, updates, steps, ends, None, cancel)
    batch = BATCH.read(batch, "learn")
    cropping = None if crop is None else Cropping.of(pipeline, objective.output, crop, objective.blocks)
    chosen = partial(draws, objective.blocks, batch, cropping, SEED.read(seed, "learn"))

    def descend(rate: float) -> Iterator[Update]:
        return _descent(objective, made(rate, **options), rates, chosen(), limits.nearest, cancel)

    # Only then is a loss that grows a sign: on other pictures at each step it goes up and down anyway.
    plain = optimizer == "sgd" and batch is None and crop is None
    watch = Watch(objective, lr, descend, plain=plain, cancel=cancel)
    return _steps(objective, descend(lr), steps, ends, watch.check, cancel)


def _end(until: str | Until | None) -> Until:
    if until is None:
        return lambda step: False
    if until == "converged":
        return Convergence()
    if not callable(until):
        what = say("until is {!r}", until)
        hint = say('"converged", or a function that is called with each step')
        raise ParameterError(what, "learn", hint, parameter="until")
    return until


def _whole_pictures_only(batch: Any, crop: Any) -> None:
    for name, value in (("batch", batch), ("crop", crop)):
        if value is not None:
            what = say("lbfgs sees all pictures at every step, and {} is {!r}", name, value)
            raise ParameterError(what, "learn", "leave it out, or use adam", parameter=name)


@dataclass(frozen=True)
class _Limits:
    """nearest: projects kernels onto the constraints; along: projects slopes; None where there are no constraints."""

    nearest: Projection | None
    along: Projection | None

    @classmethod
    def of(cls, objective: Objective, constraints: str | Iterable[str], optimizer: str) -> _Limits:
        names = checked([constraints] if isinstance(constraints, str) else constraints, optimizer)
        if not names:
            return cls(None, None)
        if not objective.planes:
            what = say("no learned weight is a kernel with height and width")
            raise ParameterError(what, "learn", "leave the constraints out", parameter="constraints")
        return cls(make_projection(names), make_direction(names))


def _steps(
    objective: Objective,
    updates: Iterator[Update],
    steps: int,
    ends: Until,
    check: Callable[[int, float, Values], None] | None,
    cancel: Cancel | None,
) -> Iterator[LearningStep]:
    for index in range(steps):
        try:
            if cancel is not None and cancel():
                raise Cancelled("stopped")
            with np.errstate(over="ignore", invalid="ignore"):
                update = next(updates, None)
                if update is None:
                    return  # the optimizer has converged: no step lowers the loss any more
                loss, slopes, values, rate = update
                if check is not None:
                    check(index, loss, values)
        except Cancelled:
            what = count(steps, "stopped after {1} of {0} step", "stopped after {1} of {0} steps", index)
            raise Cancelled(what, "learn") from None
        for slope in slopes.values():
            slope.flags.writeable = False  # the optimizer may continue from this array
        # The pipeline is made on demand: hardly anybody looks at it after each of thousands of steps.
        step = LearningStep(index, loss, partial(objective.with_values, values), slopes, rate)
        over = ends(step)
        yield step
        if over:
            return


def _descent(
    objective: Objective,
    rule: Rule,
    rates: Schedule,
    chosen: Iterator[list[SampleBlock]],
    projection: Projection | None,
    cancel: Cancel | None,
) -> Iterator[Update]:
    values, first = objective.start, rule.lr
    for index, blocks in enumerate(chosen):
        loss, slopes = objective.loss_and_gradients(values, blocks, cancel)
        rule.lr = first * rates(index)
        values = rule(values, slopes)
        if projection is not None:
            values = project_planes(values, objective.planes, projection)
        yield loss, slopes, values, rule.lr


def _lbfgs_steps(
    objective: Objective, limits: _Limits, cancel: Cancel | None, optimizer: LBFGS
) -> Iterator[Update]:
    """The steps of L-BFGS among the kernels that satisfy linear constraints.

    They start from the nearest such kernel and use the slopes along these kernels only.
    """
    start, nearest, along = objective.start, limits.nearest, limits.along

    def evaluate(values: Values) -> tuple[float, Values]:
        loss, slopes = objective.loss_and_gradients(values, None, cancel)
        return loss, project_planes(slopes, objective.planes, along) if along else slopes

    def kept(values: Values) -> Values:
        # Projected again at every step, because rounding drifts off the constraints over many steps.
        return project_planes(values, objective.planes, nearest) if nearest else values

    steps = lbfgs(kept(start), evaluate, history=optimizer.history)
    return ((loss, slopes, kept(values), 1.0) for loss, slopes, values in steps)
