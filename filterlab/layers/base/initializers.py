"""Random and constant weights: the recipes {"init": name, "shape": [...], "seed": ...} and what they are made into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod, sqrt
from typing import Any

import numpy as np

from filterlab.errors import ParameterError, shown
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import LARGEST, is_int
from filterlab.text.messages import say

MOST = 1e30  # greatest magnitude of a recipe's numbers: what is drawn with them stays finite in float32
MOST_AXES = 8  # a weight has four

Initializer = Callable[[np.random.Generator, tuple[int, ...], Mapping[str, Any]], Array]


def check_init(recipe: Mapping[str, Any], name: str) -> tuple[int, ...]:
    """The shape that a recipe asks for. Raises ParameterError naming the key that is wrong and what is legal."""
    _, options = _initializer(recipe, name)
    legal = ["init", "shape", "seed", *options]
    for key in recipe:
        if key not in legal:
            what = say("{} has the unknown key {}", name, shown(key))
            raise ParameterError(what, hint=say("allowed: {}", ", ".join(legal)), parameter=name)
    _settings(recipe, name)
    # A missing seed is 0, not a random one: a file must give the same network each time it is opened.
    seed = recipe.get("seed", 0)
    if not is_int(seed) or seed < 0:
        what = say("{} has the initializer {!r} with the seed {}", name, recipe["init"], shown(seed))
        raise ParameterError(what, hint='give "seed": a whole number, at least 0', parameter=name)
    return _shape(recipe, name)


def make_init(recipe: Mapping[str, Any], name: str) -> Array:
    """The numbers of a recipe that `check_init` found right, float32, the same for the same seed."""
    draw, _ = _initializer(recipe, name)
    rng = np.random.default_rng(recipe.get("seed", 0))
    return draw(rng, _shape(recipe, name), _settings(recipe, name)).astype(np.float32, copy=False)


def _initializer(recipe: Mapping[str, Any], name: str) -> tuple[Initializer, dict[str, float]]:
    kind = recipe["init"]
    if not isinstance(kind, str) or kind not in INITIALIZERS:
        hint = say("one of {}", ", ".join(sorted(INITIALIZERS)))
        raise ParameterError(say("{} has the initializer {}", name, shown(kind)), hint=hint, parameter=name)
    return INITIALIZERS[kind]


def _shape(recipe: Mapping[str, Any], name: str) -> tuple[int, ...]:
    shape = recipe.get("shape")
    # Before anything else looks at the axes: multiplying a hundred thousand of them takes seconds.
    if isinstance(shape, (list, tuple)) and len(shape) > MOST_AXES:
        hint = say("a shape has at most {} axes", MOST_AXES)
        raise ParameterError(say("{} has a shape of {} axes", name, len(shape)), hint=hint, parameter=name)
    if not isinstance(shape, (list, tuple)) or not all(is_int(n) and 0 < n <= LARGEST for n in shape):
        what = say("{} has the initializer {!r} with the shape {}", name, recipe["init"], shown(shape))
        hint = say('give "shape": a list of whole numbers from 1 to {}', LARGEST)
        raise ParameterError(what, hint=hint, parameter=name)
    if recipe["init"] == "dirac" and len(shape) < 2:
        what = say("{} has the initializer 'dirac' with the shape {}", name, shown(shape))
        hint = say("it copies input channels to output channels, and needs both axes")
        raise ParameterError(what, hint=hint, parameter=name)
    return tuple(int(n) for n in shape)


def _settings(recipe: Mapping[str, Any], name: str) -> dict[str, float]:
    """The initializer's own numbers, given or by default."""
    _, options = _initializer(recipe, name)
    return {key: _number(key, recipe.get(key, default), name) for key, default in options.items()}


def _number(key: str, value: Any, name: str) -> float:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    lowest = 0 if key == "std" else -MOST
    if not number or not lowest <= value <= MOST:  # NaN is in no range
        hint = say("it must be a number from {:g} to {:g}", lowest, MOST)
        raise ParameterError(say("{} has {} {}", name, key, shown(value)), hint=hint, parameter=name)
    return float(value)


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Inputs and outputs of one unit, counted as torch.nn.init does: (out, in, ...)."""
    # PyTorch refuses to count the fans of a list; here its length serves as both, so that a bias or
    # slope may have any recipe.
    if len(shape) < 2:
        return shape[0], shape[0]
    cells = prod(shape[2:])
    return shape[1] * cells, shape[0] * cells


# In place: a weight may be all that there is memory for.


def _normal(rng: np.random.Generator, shape: tuple[int, ...], std: float, mean: float = 0.0) -> Array:
    # Drawn as float32: half the memory of float64, which has another stream, so that changing this would change the
    # weights of every saved file.
    values = rng.standard_normal(shape, dtype=np.float32)
    values *= np.float32(std)
    if mean:
        values += np.float32(mean)
    return values


def _uniform(rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float) -> Array:
    values = rng.random(shape, dtype=np.float32)
    values *= np.float32(high - low)
    values += np.float32(low)
    return values


def _symmetric(rng: np.random.Generator, shape: tuple[int, ...], bound: float) -> Array:
    return _uniform(rng, shape, -bound, bound)


def _dirac(shape: tuple[int, ...]) -> Array:
    """Passes input channel i to output channel i: a one in the middle cell."""
    weight = np.zeros(shape, np.float32)
    # As torch.nn.init.dirac_: of an even number of cells, the later of the middle two.
    middle = tuple(n // 2 for n in shape[2:])
    for i in range(min(shape[:2])):
        weight[(i, i, *middle)] = 1
    return weight


# A uniform number from -b to b has the variance b^2 / 3: hence a bound of sqrt(6 / fan) for a deviation of sqrt(2 /
# fan).
# Each: (function, its own options with their defaults). Kaiming: He et al. 2015, gain sqrt(2) for ReLU;
# Xavier: Glorot and Bengio 2010.
INITIALIZERS: dict[str, tuple[Initializer, dict[str, float]]] = {
    "zeros": (lambda r, s, o: np.zeros(s, np.float32), {}),
    "ones": (lambda r, s, o: np.ones(s, np.float32), {}),
    "constant": (lambda r, s, o: np.full(s, o["value"], np.float32), {"value": 0.0}),
    "normal": (lambda r, s, o: _normal(r, s, **o), {"mean": 0.0, "std": 1.0}),
    "uniform": (lambda r, s, o: _uniform(r, s, **o), {"low": 0.0, "high": 1.0}),
    "kaiming_normal": (lambda r, s, o: _normal(r, s, sqrt(2 / _fans(s)[0])), {}),
    "kaiming_uniform": (lambda r, s, o: _symmetric(r, s, sqrt(6 / _fans(s)[0])), {}),
    "xavier_normal": (lambda r, s, o: _normal(r, s, sqrt(2 / sum(_fans(s)))), {}),
    "xavier_uniform": (lambda r, s, o: _symmetric(r, s, sqrt(6 / sum(_fans(s)))), {}),
    "dirac": (lambda r, s, o: _dirac(s), {}),
}
