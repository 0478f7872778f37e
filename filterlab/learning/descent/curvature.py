"""The largest useful learning rate, from the curvature of the loss."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, isfinite, log10
from typing import Any

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.functional.threads import Cancel
from filterlab.graph import Graph
from filterlab.learning.descent.objective import Objective, Pairs, Values

TURNS = 12  # steps of the power iteration, whose result is rounded to one digit


def curvature(objective: Objective, values: Values, cancel: Cancel | None = None) -> float:
    """The largest curvature of the loss in any direction: the eigenvalue of the Hessian that is largest in magnitude.

    Power iteration; the product of the Hessian with a vector is the difference of the gradients on both sides of
    `values`. 0 where the loss has no curvature, as an absolute error between its kinks.
    """
    # A fixed seed, because the same weights must give the same suggestion.
    rng = np.random.default_rng(0)
    direction = {key: rng.standard_normal(value.shape) for key, value in values.items()}
    # The distance of the two gradients: large against float32 round-off, small against the weights.
    reach = 1e-2 * max(_norm(values), 1.0)
    found = 0.0
    for _ in range(TURNS):
        length = _norm(direction)
        # 0: the loss is flat along everything that was tried. Infinite: the gradients overflowed, and tell nothing.
        if not 0 < length < np.inf:
            break
        step = {key: (reach / length * d).astype(values[key].dtype) for key, d in direction.items()}
        ahead = objective.loss_and_gradients({k: v + step[k] for k, v in values.items()}, cancel=cancel)[1]
        behind = objective.loss_and_gradients({k: v - step[k] for k, v in values.items()}, cancel=cancel)[1]
        direction = {k: (ahead[k].astype(np.float64) - behind[k]) / (2 * reach) for k in values}
        found = _norm(direction)
    return found if isfinite(found) else 0.0


def rate_for(curved: float) -> float | None:
    """1 / curvature rounded down to one digit, half of the rate at which gradient descent diverges. None for 0."""
    if not curved > 0:
        return None
    rate = 1 / curved
    power = 10.0 ** floor(log10(rate))
    # By way of text, since 3 * 0.1 would be shown to people as 0.30000000000000004.
    return float(f"{floor(rate / power) * power:.0e}")


def suggest_rate(
    pipeline: Graph,
    pairs: Pairs,
    *,
    nodes: Iterable[str] | None = None,
    loss: str = "mse",
    output: str | None = None,
    cancel: Cancel | None = None,
) -> float | None:
    """A learning rate for plain gradient descent ("sgd") from these weights; arguments as for `learn`.

    It is 1 / (largest curvature of the loss); on a quadratic loss, twice that diverges. None where the loss has no
    curvature. Raises as `learn`.
    """
    objective = Objective(pipeline, pairs, nodes, loss, output)
    with np.errstate(over="ignore", invalid="ignore"):
        return rate_for(curvature(objective, objective.start, cancel))


def _norm(values: dict[Any, Array]) -> float:
    return float(np.sqrt(sum(np.square(v, dtype=np.float64).sum() for v in values.values())))
