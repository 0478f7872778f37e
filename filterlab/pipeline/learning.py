"""Learning the weights of a pipeline's nodes by gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filterlab.errors import Cancelled, FilterLabError, ParameterError, ShapeError
from filterlab.functional import losses
from filterlab.functional.arrays import Array, as_float, shape_text
from filterlab.pipeline.evaluate import Cancel
from filterlab.pipeline.gradient import gradients
from filterlab.pipeline.graph import Pipeline
from filterlab.pipeline.lbfgs import lbfgs
from filterlab.pipeline.optimizers import RULES, make_rule

Key = tuple[str, str]  # node, parameter
Values = dict[Key, Array]

# Name -> (function of functional.losses, its reduction).
LOSSES = {
    "sse": ("mse_loss", "sum"),
    "mse": ("mse_loss", "mean"),
    "l1": ("l1_loss", "mean"),
    "cross_entropy": ("cross_entropy", "mean"),
}


@dataclass(frozen=True)
class LearningStep:
    """One step: `loss` before the update, `pipeline` after it, `gradients` by node and parameter."""

    index: int
    loss: float
    pipeline: Pipeline
    gradients: Mapping[Key, Array]


def learn(
    pipeline: Pipeline,
    pairs: Sequence[tuple[Any, Any]],
    *,
    nodes: Iterable[str] | None = None,
    loss: str = "mse",
    optimizer: str = "sgd",
    lr: float = 1e-2,
    steps: int = 100,
    seed: int = 0,
    batch: int | None = None,
    output: str | None = None,
    cancel: Cancel | None = None,
    **options: Any,
) -> Iterator[LearningStep]:
    """Fit the weights of `nodes` so that the pipeline turns each picture into its target; yields every step.

    pairs: (picture (C, H, W) or batch (N, C, H, W), target in the shape of the output; class numbers for
    "cross_entropy"). Every step sees all pairs, or `batch` of them drawn with `seed`.
    nodes: the nodes to train, all that have weights if left out. output: the node compared with the target,
    the last if left out. The arithmetic is in the precision of the trained weights.
    loss: "sse" sum and "mse" mean of squares, "l1", "cross_entropy"; over several pairs the mean ("sse": sum).
    optimizer: "sgd", "adam", "adamw", "rmsprop" with the options of torch.optim, "lbfgs".
    The given pipeline stays as it is. Raises ParameterError, ShapeError, Cancelled, and FilterLabError where
    the loss stops being a number.
    """
    task = _Task(pipeline, pairs, nodes, loss, output or pipeline.steps[-1].name)
    if steps < 0:
        raise ParameterError(f"steps is {steps}", "learn", "give 0 or more", parameter="steps")
    if optimizer == "lbfgs":
        updates = _lbfgs_steps(task, lr, options)
    elif optimizer in RULES:
        updates = _descent(task, make_rule(optimizer, lr, options), seed, batch)
    else:
        legal = ", ".join([*RULES, "lbfgs"])
        raise ParameterError(
            f"there is no optimizer {optimizer!r}", "learn", f"one of {legal}", parameter="optimizer"
        )
    return _steps(task, updates, steps, lr, cancel)


Update = tuple[float, Values, Values]  # loss before, gradients, values after


def _steps(
    task: _Task, updates: Iterator[Update], steps: int, lr: float, cancel: Cancel | None
) -> Iterator[LearningStep]:
    for index in range(steps):
        if cancel is not None and cancel():
            raise Cancelled(f"stopped after {index} of {steps} steps", "learn")
        with np.errstate(over="ignore", invalid="ignore"):
            update = next(updates, None)
        if update is None:
            return  # the optimizer has arrived: no step lowers the loss any more
        value, slopes, values = update
        if not np.isfinite(value) or not all(np.isfinite(v).all() for v in values.values()):
            hint = f"the rate {lr:g} is too large: try {lr / 10:g}"
            raise FilterLabError(
                f"the loss grew beyond all numbers at step {index}", "learn", hint, parameter="lr"
            )
        yield LearningStep(index, value, task.with_values(values), slopes)


def _descent(task: _Task, rule: Callable[[Any, Any], Any], seed: int, batch: int | None) -> Iterator[Update]:
    rng = np.random.default_rng(seed)
    values = task.start
    while True:
        chosen = task.choose(rng, batch)
        loss, slopes = task.loss_and_gradients(values, chosen)
        values = rule(values, slopes)
        yield loss, slopes, values


def _lbfgs_steps(task: _Task, lr: float, options: Mapping[str, Any]) -> Iterator[Update]:
    everything = range(len(task.pairs))
    return lbfgs(task.start, lambda values: task.loss_and_gradients(values, everything), **options)


class _Task:
    """What is being learned: checked pairs, trained parameters, and the loss with its gradients."""

    def __init__(
        self,
        pipeline: Pipeline,
        pairs: Sequence[tuple[Any, Any]],
        nodes: Iterable[str] | None,
        loss: str,
        output: str,
    ) -> None:
        if loss not in LOSSES:
            what = f"there is no loss {loss!r}"
            raise ParameterError(what, "learn", f"one of {', '.join(LOSSES)}", parameter="loss")
        self.pipeline, self.loss, self.output = pipeline, loss, output
        pipeline.node(output)
        self.start = _trained(pipeline, nodes)
        dtype = np.result_type(*self.start.values())
        self.pairs = [self._pair(x, y, dtype) for x, y in pairs]
        if not self.pairs:
            raise ParameterError(
                "there is nothing to learn from", "learn", "give [(picture, target)]", parameter="pairs"
            )

    def _pair(self, picture: Any, target: Any, dtype: Any) -> tuple[Array, Array]:
        x = as_float(picture, "learn", "the picture").astype(dtype, copy=False)
        batched = x.ndim == 4
        x = x if batched else x[None]
        shape = (len(x), *self.pipeline.output_shapes(x.shape[1:])[self.output])
        if self.loss == "cross_entropy":
            return x, np.atleast_1d(np.asarray(target))
        y = as_float(target, "learn", "the target").astype(dtype, copy=False)
        y = y if batched else y[None]
        if y.shape != shape:
            raise ShapeError(
                f"the target has shape {shape_text(y.shape[1:])}, the output {shape_text(shape[1:])}",
                "learn",
                'let them agree: crop the target, or pad the layers ("same")',
                parameter="target",
            )
        return x, y

    def with_values(self, values: Values) -> Pipeline:
        """The pipeline with these parameters."""
        changes: dict[str, dict[str, Array]] = {}
        for (node, parameter), value in values.items():
            changes.setdefault(node, {})[parameter] = value
        return self.pipeline.with_layers({n: self.pipeline[n].replace(**c) for n, c in changes.items()})

    def choose(self, rng: np.random.Generator, batch: int | None) -> Sequence[int]:
        """The pairs of one step."""
        if batch is None or batch >= len(self.pairs):
            return range(len(self.pairs))
        return rng.choice(len(self.pairs), batch, replace=False).tolist()

    def loss_and_gradients(self, values: Values, chosen: Sequence[int]) -> tuple[float, Values]:
        """The loss over the chosen pairs, and its gradient for every trained parameter."""
        pipeline = self.with_values(values)
        share = 1.0 if self.loss == "sse" else 1.0 / len(chosen)
        total, slopes = 0.0, {key: np.zeros_like(value) for key, value in values.items()}
        for i in chosen:
            value, found = self._one(pipeline, *self.pairs[i])
            total += share * value
            for node, parameter in slopes:
                if parameter in found.get(node, {}):
                    slopes[node, parameter] += share * found[node][parameter]
        return total, slopes

    def _one(
        self, pipeline: Pipeline, x: Array, target: Array
    ) -> tuple[float, Mapping[str, Mapping[str, Array]]]:
        function, reduction = LOSSES[self.loss]
        maps = pipeline.run(x)
        y = maps[self.output]
        value = getattr(losses, function)(y, target, reduction)
        seed = getattr(losses, f"{function}_backward")(y, target, reduction)
        return float(value), gradients(pipeline, x, maps, {self.output: seed})[1]


def _trained(pipeline: Pipeline, nodes: Iterable[str] | None) -> Values:
    names = [node.name for node in pipeline.nodes] if nodes is None else list(nodes)
    values = {(name, key): value for name in names for key, value in pipeline[name].trainable().items()}
    for name in names if nodes is not None else ():
        if not any(node == name for node, _ in values):
            what = f"{type(pipeline[name]).__name__} has no weights to learn"
            raise ParameterError(
                what, f"node '{name}'", "name nodes that have some", parameter="nodes", node=name
            )
    if not values:
        raise ParameterError("no node has weights to learn", "learn", "add a Conv2d", parameter="nodes")
    return values
