"""Limited-memory BFGS: a quasi-Newton descent for few parameters and full batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from filterlab.forking import no_fork
from filterlab.functional.arrays import Array
from filterlab.learning.descent.divergence import check_start

Values = dict[Any, Array]
Objective = Callable[[Values], tuple[float, Values]]


def lbfgs(
    start: Mapping[Any, Array], objective: Objective, *, history: int = 10
) -> Iterator[tuple[float, Values, Values]]:
    """Yield (loss before, gradients, values after) until no step lowers the loss any more.

    history: the number of steps from which the curvature is estimated. Raises ParameterError where the first loss is
    not finite. This is the two-loop recursion of Nocedal and Wright, Numerical Optimization, algorithm 7.4, with the
    strong Wolfe line search of scipy.optimize. Vectors are float64 whatever the dtype of the parameters.
    """
    keys = list(start)

    def split(vector: Array) -> Values:
        ends = np.cumsum([start[key].size for key in keys])[:-1]
        parts = np.split(vector, ends)
        return {k: p.reshape(start[k].shape).astype(start[k].dtype) for k, p in zip(keys, parts, strict=True)}

    def join(values: Mapping[Any, Array]) -> Array:
        return np.concatenate([values[key].reshape(-1) for key in keys]).astype(np.float64)

    seen: dict[bytes, tuple[float, Array]] = {}

    def evaluate(vector: Array) -> tuple[float, Array]:
        # The line search asks for the value and then for the slope at the same point, so the last one is kept.
        key = vector.tobytes()
        if key not in seen:
            seen.clear()
            loss, gradient = objective(split(vector))
            seen[key] = loss, join(gradient)
        return seen[key]

    return _iterate(join(start), evaluate, split, history)


def _iterate(
    x: Array, evaluate: Callable[[Array], tuple[float, Array]], split: Callable[[Array], Values], history: int
) -> Iterator[tuple[float, Values, Values]]:
    pairs: deque[tuple[Array, Array]] = deque(maxlen=history)
    loss, gradient = evaluate(x)
    check_start(loss)
    while np.abs(gradient).max() > 0:
        step = _search(evaluate, x, -_curve(gradient, pairs), loss, gradient)
        if step is None and pairs:
            pairs.clear()  # the estimate is out of date: try once more along the gradient itself
            step = _search(evaluate, x, -gradient, loss, gradient)
        if step is None:
            return
        after, slope = evaluate(x + step)
        # Positive curvature alone keeps the estimate positive definite, so that its direction leads downhill.
        if np.dot(slope - gradient, step) > 0:
            pairs.append((step, slope - gradient))
        x = x + step
        yield loss, split(gradient), split(x)
        loss, gradient = after, slope


def _search(
    evaluate: Callable[[Array], tuple[float, Array]], x: Array, direction: Array, loss: float, gradient: Array
) -> Array | None:
    import warnings

    from scipy.optimize import line_search

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where it returns None, which is handled below
        alpha = line_search(
            lambda v: evaluate(v)[0], lambda v: evaluate(v)[1], x, direction, gradient, loss, maxiter=20
        )[0]
    # The Wolfe conditions may hold by round-off alone; only a lower loss counts as a step.
    if alpha is None or evaluate(x + alpha * direction)[0] >= loss:
        return None
    return alpha * direction


@no_fork()
def _curve(gradient: Array, pairs: deque[tuple[Array, Array]]) -> Array:
    """The estimated inverse Hessian times the gradient."""
    if not pairs:
        # Without an estimate the first direction is at most 1 long; the line search does the rest.
        return gradient / max(1.0, float(np.linalg.norm(gradient)))
    q, weights = gradient.copy(), []
    for step, change in reversed(pairs):
        alpha = np.dot(step, q) / np.dot(change, step)
        q -= alpha * change
        weights.append(alpha)
    # The initial inverse Hessian of the recursion, scaled by the newest pair: equation 7.20.
    step, change = pairs[-1]
    q *= np.dot(step, change) / np.dot(change, change)
    for (step, change), alpha in zip(pairs, reversed(weights), strict=True):
        q += step * (alpha - np.dot(change, q) / np.dot(change, step))
    return q
