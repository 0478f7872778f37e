"""Constraints on learned kernels: each step ends at the nearest kernel that satisfies them.

The words are those of `filterlab.learning.wishes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.learning.wishes import CONSTRAINTS, SOLVED, SYMMETRIES, equalised
from filterlab.text.messages import say

Projection = Callable[[Array], Array]  # (..., height, width) to the nearest that obeys


def checked(names: Iterable[str], optimizer: str) -> list[str]:
    """The names as a list. Raises ParameterError for unknown names and for constraints that cannot be met together."""
    if not isinstance(names, Iterable):
        hint = say("give a list of {}", ", ".join(CONSTRAINTS))
        raise ParameterError(say("constraints is {!r}", names), "learn", hint, parameter="constraints")
    chosen = list(names)
    for name in chosen:
        if name in SOLVED or str(name).startswith(("sum=", "sparse=")):
            what = say("gradient descent cannot keep the constraint {!r}", name)
            hint = say("solve by least squares, or leave it out")
            raise ParameterError(what, "learn", hint, parameter="constraints")
        if name not in CONSTRAINTS:
            hint = say("allowed: {}", ", ".join(CONSTRAINTS))
            raise ParameterError(
                say("there is no constraint {!r}", name), "learn", hint, parameter="constraints"
            )
    # Of kernels without negative weights, only the one of zeros adds up to 0.
    for pair in (("zero_sum", "unit_sum"), ("zero_sum", "nonnegative")):
        if set(pair) <= set(chosen):
            what = say("{} do not go together", " and ".join(pair))
            raise ParameterError(what, "learn", "choose one of them", parameter="constraints")
    # L-BFGS moves within the subspace of linear constraints; an inequality has no such subspace.
    if "nonnegative" in chosen and optimizer == "lbfgs":
        what, hint = (
            say("lbfgs cannot keep weights at 0 or above"),
            say("use sgd or adam for nonnegative kernels"),
        )
        raise ParameterError(what, "learn", hint, parameter="constraints")
    return chosen


def make_projection(names: list[str]) -> Projection:
    """The projection onto the nearest kernel that satisfies all of some `checked` constraints."""
    return lambda kernel: _project(kernel, names)


def make_direction(names: list[str]) -> Projection:
    """The projection of a gradient onto the directions that keep `checked` linear constraints satisfied."""
    # A step that keeps a sum at 1 has the sum 0 itself.
    chosen = ["zero_sum" if name == "unit_sum" else name for name in names]
    return lambda slope: _project(slope, chosen)


def _project(kernel: Array, names: list[str]) -> Array:
    if "symmetric" in names:
        # The means of mirror images. All projections below treat equal weights alike, so they keep the symmetry.
        kernel = (kernel + kernel[..., ::-1]) / 2
        kernel = (kernel + kernel[..., ::-1, :]) / 2
    for name in SYMMETRIES[1:]:
        if name in names:
            kernel = equalised(kernel, name)
    if "nonnegative" in names:
        return _onto_simplex(kernel) if "unit_sum" in names else np.maximum(kernel, 0)
    if "zero_sum" in names or "unit_sum" in names:
        total = kernel.sum(axis=(-2, -1), keepdims=True, dtype=np.float64) - ("unit_sum" in names)
        kernel = (kernel - total / (kernel.shape[-2] * kernel.shape[-1])).astype(kernel.dtype)
    return kernel


def _onto_simplex(kernel: Array) -> Array:
    """The nearest kernel without negative weights that adds up to 1 (Duchi et al. 2008)."""
    flat = kernel.reshape(-1, kernel.shape[-2] * kernel.shape[-1])
    # The same amount is taken from every weight: as much as leaves a sum of 1 in those that stay above 0, the rest
    # being 0.
    down = -np.sort(-flat, axis=1)
    excess = (np.cumsum(down, axis=1, dtype=np.float64) - 1) / np.arange(1, flat.shape[1] + 1)
    last = (down > excess).sum(axis=1) - 1
    level = excess[np.arange(len(flat)), last]
    return np.maximum(flat - level[:, None], 0).astype(kernel.dtype).reshape(kernel.shape)


def project_planes(
    values: Mapping[tuple[str, str], Array], planes: Iterable[tuple[str, str]], projection: Projection
) -> dict[tuple[str, str], Array]:
    """`values` with `projection` applied to those that are kernel planes."""
    kernels = set(planes)
    return {key: projection(value) if key in kernels else value for key, value in values.items()}
