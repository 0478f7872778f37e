"""Learning the weights of a pipeline's nodes by gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from filterlab.errors import Cancelled, FilterLabError, ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.pipeline.constraints import Projection, make_direction, make_projection, project_planes
from filterlab.pipeline.curvature import curvature, rate_for
from filterlab.pipeline.graph import Pipeline
from filterlab.pipeline.lbfgs import lbfgs
from filterlab.pipeline.objective import LOSSES, Key, Objective, Pairs, Values
from filterlab.pipeline.optimizers import RULES, Rule, check_options, make_rule
from filterlab.pipeline.samples import Block, Cropping, check_batch, draws
from filterlab.pipeline.schedules import Schedule, make_schedule

__all__ = ["LOSSES", "DivergenceError", "Key", "LearningStep", "learn"]

GROWTH = (
    1e3  # times the first loss, and growing for so many steps: plain descent does not come back from there
)
GROWING = 3


class DivergenceError(FilterLabError):
    """The loss ran away. rate: a learning rate that would do."""

    rate = 0.0


@dataclass(frozen=True)
class LearningStep:
    """One step: `loss` before the update, `pipeline` after it, `gradients` by node and parameter.

    made: the pipeline, or a function that makes it when somebody asks. rate: the learning rate of the step (1 for
    "lbfgs", which searches its own).
    """

    index: int
    loss: float
    made: Pipeline | Callable[[], Pipeline] = field(repr=False)
    gradients: Mapping[Key, Array] = field(repr=False)
    rate: float = 1.0

    @cached_property
    def pipeline(self) -> Pipeline:
        """The pipeline after the step."""
        return self.made if isinstance(self.made, Pipeline) else self.made()


def learn(
    pipeline: Pipeline,
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
    cancel: Cancel | None = None,
    **options: Any,
) -> Iterator[LearningStep]:
    """Fit the weights of `nodes` so that the pipeline turns each picture into its target; yields every step.

    pairs: (picture (C, H, W) or batch (N, C, H, W), target in the shape of the output; class numbers for
    "cross_entropy"). Every step sees all pairs, or `batch` pictures, drawn by `seed` so that each comes once before
    any comes again, or of each picture a random part of `crop` cells (int or (height, width)), of which the outputs
    count that see nothing beyond it.
    nodes: the nodes to train, all that have weights if left out. output: the node compared with the target,
    the last if left out. The arithmetic is in the precision of the trained weights.
    loss: "sse" sum and "mse" mean of squares, "l1", "cross_entropy"; over several pairs the mean ("sse": sum).
    optimizer: "sgd", "adam", "adamw", "rmsprop" with the options of torch.optim, "lbfgs" (all pictures, no rate).
    schedule: of the rate, with its options: "constant", "step" (step_size, gamma), "exponential" (gamma), "cosine"
    (eta_min): see `schedules`. constraints: "zero_sum", "unit_sum", "symmetric", "nonnegative", on every
    trained kernel plane after each step: see `constraints`.

    The given pipeline stays as it is. Raises ParameterError, ShapeError, Cancelled, and DivergenceError where the loss
    runs away, with a rate that would do, from the curvature of the loss.

    The edge detector of *Dive into Deep Learning*, 7.2.4, from a picture and its edges::

        x = np.ones((1, 6, 8), np.float32)
        x[:, :, 2:6] = 0
        y = fl.functional.conv2d(x, np.array([[[[1, -1]]]], np.float32))
        start = fl.Pipeline([("edges", fl.Conv2d({"init": "normal", "shape": [1, 1, 1, 2], "std": 0.5}))])
        *_, last = fl.learn(start, [(x, y)], loss="sse", lr=3e-2, steps=10)
        last.pipeline["edges"].weight  # close to [1, -1]

    Sobel's kernel from what it makes of a photograph::

        image = fl.read_image(samples()["camera"])[:, ::4, ::4]  # filterlab.resources.samples
        target = fl.Pipeline([fl.Filter2d({"preset": "sobel"}, padding="valid")]).run(image)["filter1"]
        start = fl.Pipeline([("k", fl.Conv2d(np.zeros((1, 1, 3, 3), np.float32)))])
        *_, last = fl.learn(start, [(image, target)], optimizer="lbfgs", steps=50)

    A network of three layers that takes noise away, from random parts of a picture::

        noisy = image + np.random.default_rng(0).normal(0, 0.1, image.shape).astype(np.float32)
        weight = lambda o, c, s: {"init": "kaiming_normal", "shape": [o, c, 3, 3], "seed": s}
        start = fl.Pipeline([
            fl.Conv2d(weight(8, 1, 1), padding=1), fl.ReLU(),
            fl.Conv2d(weight(8, 8, 2), padding=1), fl.ReLU(),
            fl.Conv2d(weight(1, 8, 3), padding=1),
        ])
        *_, last = fl.learn(start, [(noisy, image)], optimizer="adam", lr=3e-3, crop=48, steps=300)
    """
    objective = Objective(pipeline, pairs, nodes, loss, output)
    if steps < 0:
        raise ParameterError(f"steps is {steps}", "learn", "give 0 or more", parameter="steps")
    if not isinstance(constraints, str):
        constraints = list(constraints)
    check_batch(batch)
    rates, options = make_schedule(schedule, steps, options)
    projection = make_projection(constraints, optimizer)
    if optimizer == "lbfgs":
        _whole_pictures_only(batch, crop)
        check_options("lbfgs", lbfgs, options, known=("start", "objective"))
        along = make_direction(constraints) if projection else None
        updates = _lbfgs_steps(objective, projection, along, cancel, options)
    elif optimizer in RULES:
        cropping = None if crop is None else Cropping.of(pipeline, objective.output, crop, objective.blocks)
        chosen = draws(objective.blocks, batch, cropping, seed)
        rule = make_rule(optimizer, lr, options)
        updates = _descent(objective, rule, rates, chosen, projection, cancel)
    else:
        legal = ", ".join([*RULES, "lbfgs"])
        what = f"there is no optimizer {optimizer!r}"
        raise ParameterError(what, "learn", f"one of {legal}", parameter="optimizer")
    watch = _Watch(objective, lr, plain=optimizer == "sgd" and batch is None and crop is None, cancel=cancel)
    return _steps(objective, updates, steps, watch, cancel)


def _whole_pictures_only(batch: Any, crop: Any) -> None:
    for name, value in (("batch", batch), ("crop", crop)):
        if value is not None:
            what = f"lbfgs sees all pictures at every step, and {name} is {value!r}"
            raise ParameterError(what, "learn", "leave it out, or use adam", parameter=name)


Update = tuple[float, Values, Values, float]  # loss before, gradients, values after, rate


def _steps(
    objective: Objective, updates: Iterator[Update], steps: int, watch: _Watch, cancel: Cancel | None
) -> Iterator[LearningStep]:
    for index in range(steps):
        try:
            if cancel is not None and cancel():
                raise Cancelled("stopped")
            with np.errstate(over="ignore", invalid="ignore"):
                update = next(updates, None)
                if update is None:
                    return  # the optimizer has arrived: no step lowers the loss any more
                loss, slopes, values, rate = update
                watch.check(index, loss, values)
        except Cancelled:
            raise Cancelled(f"stopped after {index} of {steps} steps", "learn") from None
        yield LearningStep(index, loss, partial(objective.with_values, values), slopes, rate)


def _descent(
    objective: Objective,
    rule: Rule,
    rates: Schedule,
    chosen: Iterator[list[Block]],
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
    objective: Objective,
    projection: Projection | None,
    along: Projection | None,
    cancel: Cancel | None,
    options: Mapping[str, Any],
) -> Iterator[Update]:
    """Among the kernels that obey linear constraints: from the nearest of them, along slopes that keep to them."""
    start = objective.start

    def evaluate(values: Values) -> tuple[float, Values]:
        loss, slopes = objective.loss_and_gradients(values, None, cancel)
        return loss, project_planes(slopes, objective.planes, along) if along else slopes

    if projection is not None:
        start = project_planes(start, objective.planes, projection)
    return ((loss, slopes, values, 1.0) for loss, slopes, values in lbfgs(start, evaluate, **options))


class _Watch:
    """Notices that a loss runs away.

    plain: every step sees the same and goes straight down, so that steady growth is enough of a sign.
    """

    def __init__(self, objective: Objective, lr: float, *, plain: bool, cancel: Cancel | None) -> None:
        self._objective, self._lr, self._plain, self._cancel = objective, lr, plain, cancel
        self._first = self._last = np.inf
        self._grown = 0

    def check(self, index: int, loss: float, values: Values) -> None:
        """Raise FilterLabError with a better rate where this step shows that the rate is too large."""
        if index == 0:
            self._first = loss
        self._grown = self._grown + 1 if loss > self._last else 0
        self._last = loss
        if not np.isfinite(loss) or not all(np.isfinite(v).all() for v in values.values()):
            raise self._error(f"the loss grew beyond all numbers at step {index}")
        if self._plain and self._grown >= GROWING and loss > GROWTH * self._first:
            raise self._error(f"the loss grew from {self._first:.3g} to {loss:.3g} in {index} steps")

    def _error(self, what: str) -> DivergenceError:
        rate = rate_for(curvature(self._objective, self._objective.start, self._cancel))
        if rate is None or rate >= self._lr:  # another optimizer, or a loss that bends elsewhere
            rate = float(f"{self._lr / 10:.0e}")
        hint = f"the rate {self._lr:g} is too large: try {rate:g}"
        error = DivergenceError(what, "learn", hint, parameter="lr")
        error.rate = rate
        return error
