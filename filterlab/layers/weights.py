"""Weights and kernels as files give them: numbers, or a recipe that makes them.

A recipe stays symbolic: it is saved as it was written, and made into numbers when somebody first looks.
    {"preset": "gabor", "size": 15, "theta": 0.5}                        a named kernel
    {"init": "kaiming_normal", "seed": 3, "shape": [64, 3, 3, 3]}        random numbers by seed
    {"dtype": "float64", "values": [[...]]}                              numbers in double precision
Nested lists may have kernel recipes at their leaves: [[{"preset": "sobel"}], [{"preset": "scharr"}]] is a
weight of two output channels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod, sqrt
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array, shape_text
from filterlab.functional.geometry import LARGEST, is_int

MOST_NUMBERS = 1 << 30  # that a recipe may be made into: 4 GB
MOST = 1e30  # of a recipe's numbers: what is drawn with them stays finite in float32

Initializer = Callable[[np.random.Generator, tuple[int, ...], Mapping[str, Any]], Array]


class Weights:
    """One array-valued parameter: its shape at once, its numbers when they are first needed.

    The array is read-only, so that copies of a layer may share it.
    """

    def __init__(self, shape: tuple[int, ...], recipe: Any, make: Callable[[], Array]) -> None:
        self.shape = shape
        self.recipe = recipe
        self._make = make
        self._array: Array | None = None

    @classmethod
    def of(cls, array: Array) -> Weights:
        """An array's own numbers, copied when they are first looked at."""
        return cls(array.shape, None, lambda: array)

    @property
    def array(self) -> Array:
        """The numbers, float32 or float64, read-only."""
        if self._array is None:
            self._array = _frozen(self._make())
        return self._array

    @property
    def ready(self) -> bool:
        """Whether the numbers are there already."""
        return self._array is not None

    def __reduce__(self) -> tuple[Any, ...]:
        return parse_weights, (self.array if self.recipe is None else self.recipe, "weights")

    def to_json(self) -> Any:
        """What a file holds: the recipe, else nested lists with the shortest digits that give the same float32."""
        if self.recipe is not None:
            return self.recipe
        if self.array.dtype == np.float64:
            return {"dtype": "float64", "values": self.array.tolist()}
        return _short_floats(self.array)


def parse_weights(value: Any, name: str) -> Weights:
    """Numbers, nested lists or a recipe as `Weights`. Raises ParameterError, for NaN and infinity too."""
    if isinstance(value, Weights):
        return value
    if isinstance(value, np.ndarray) or not _has_recipe(value):
        return _from_array(_numbers(value, np.float32, name), None)
    if isinstance(value, Mapping) and "init" in value:
        return _from_init(dict(value), name)
    if isinstance(value, Mapping) and "values" in value:
        return _from_values(value, name)
    return _from_array(_realise(value, name), value)


def _from_array(array: Array, recipe: Any) -> Weights:
    weights = Weights(array.shape, recipe, lambda: array)
    _ = weights.array  # a copy now: the caller may go on writing into the array that was given
    return weights


def _frozen(array: Array) -> Array:
    if array.flags.writeable or array.base is not None:
        array = array.copy()
        array.flags.writeable = False
    return array


def _has_recipe(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, (list, tuple)) and any(_has_recipe(item) for item in value)


def _numbers(value: Any, default: type, name: str) -> Array:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ParameterError(
            f"{name} is a list whose rows differ in length",
            hint="give every row the same length",
            parameter=name,
        ) from error
    if array.dtype.kind not in "biuf":
        raise ParameterError(f"{name} holds something that is no number", hint=_LEGAL, parameter=name)
    if not (isinstance(value, np.ndarray) and array.dtype == np.float64):
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused below, as infinity
            array = array.astype(default, copy=False)
    if not np.isfinite(array).all():
        raise ParameterError(f"{name} holds NaN or infinity", hint="replace these cells", parameter=name)
    return array


_LEGAL = 'give numbers, nested lists, {"preset": ...} or {"init": ..., "shape": [...]}'


_DTYPES = {"float32": np.float32, "float64": np.float64}


def _from_values(recipe: Mapping[str, Any], name: str) -> Weights:
    unknown = [str(key) for key in recipe if key not in ("dtype", "values")]
    if unknown:
        what = f"{name} has the unknown key {unknown[0]!r}"
        raise ParameterError(what, hint="legal: dtype, values", parameter=name)
    dtype = recipe.get("dtype", "float32")
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        what = f"{name} has the dtype {dtype!r}"
        raise ParameterError(what, hint='"dtype" is "float32" or "float64"', parameter=name)
    values = recipe["values"]
    if isinstance(values, np.ndarray):
        values = values.tolist()
    return _from_array(_numbers(values, _DTYPES[dtype], name), None)


def _realise(value: Any, name: str) -> Array:
    """Nested lists of numbers and kernel recipes as one array."""
    if isinstance(value, Mapping):
        return _preset(value, name)
    if not _has_recipe(value):
        return _numbers(value, np.float32, name)
    parts = [_realise(item, name) for item in value]
    if len({part.shape for part in parts}) > 1:
        shapes = ", ".join(shape_text(part.shape) for part in parts)
        raise ParameterError(
            f"{name} joins kernels of shapes {shapes}", hint="give them one size", parameter=name
        )
    return np.stack(parts)


def _preset(recipe: Mapping[str, Any], name: str) -> Array:
    from filterlab import kernels

    if "preset" not in recipe:
        raise ParameterError(f"{name} is {dict(recipe)!r}", hint=_LEGAL, parameter=name)
    options = {str(k): v for k, v in recipe.items() if k != "preset"}
    try:
        return kernels.make(recipe["preset"], **options)
    except ParameterError as error:
        what = f"{name}, {error.where}: {error.what}"
        raise ParameterError(what, hint=error.hint, parameter=name) from None


def _from_init(recipe: dict[str, Any], name: str) -> Weights:
    kind = recipe["init"]
    if not isinstance(kind, str) or kind not in INITIALIZERS:
        hint = f"one of {', '.join(sorted(INITIALIZERS))}"
        raise ParameterError(f"{name} has the initializer {kind!r}", hint=hint, parameter=name)
    draw, options = INITIALIZERS[kind]
    legal = ["init", "shape", "seed", *options]
    for key in recipe:
        if key not in legal:
            what = f"{name} has the unknown key {key!r}"
            raise ParameterError(what, hint=f"legal: {', '.join(legal)}", parameter=name)
    shape = _init_shape(recipe, name)
    settings = {key: _init_number(key, recipe.get(key, default), name) for key, default in options.items()}
    seed = recipe.get("seed", 0)
    if not is_int(seed) or seed < 0:
        what = f"{name} has the initializer {kind!r} with the seed {seed!r}"
        raise ParameterError(what, hint='give "seed": a whole number, at least 0', parameter=name)

    def make() -> Array:
        _refuse_huge(shape, name)
        return draw(np.random.default_rng(seed), shape, settings).astype(np.float32, copy=False)

    return Weights(shape, recipe, make)


def _init_shape(recipe: Mapping[str, Any], name: str) -> tuple[int, ...]:
    shape = recipe.get("shape")
    if not isinstance(shape, (list, tuple)) or not all(is_int(n) and 0 < n <= LARGEST for n in shape):
        what = f"{name} has the initializer {recipe['init']!r} with the shape {shape!r}"
        hint = f'give "shape": a list of whole numbers from 1 to {LARGEST}'
        raise ParameterError(what, hint=hint, parameter=name)
    return tuple(int(n) for n in shape)


def _init_number(key: str, value: Any, name: str) -> float:
    """One of an initializer's own numbers."""
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    lowest = 0 if key == "std" else -MOST
    if not number or not lowest <= value <= MOST:  # NaN is in no range
        hint = f"it must be a number from {lowest:g} to {MOST:g}"
        raise ParameterError(f"{name} has {key} {value!r}", hint=hint, parameter=name)
    return float(value)


def _refuse_huge(shape: tuple[int, ...], name: str) -> None:
    """Raise ParameterError where a shape that a few characters ask for is more than a machine can hold."""
    if prod(shape) > MOST_NUMBERS:
        what = f"{name} of shape {shape_text(shape)} would be {prod(shape)} numbers"
        raise ParameterError(what, hint=f"at most {MOST_NUMBERS}; use a smaller shape", parameter=name)


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Inputs and outputs of one unit, counted as torch.nn.init does: (out, in, ...)."""
    if len(shape) < 2:
        return shape[0], shape[0]
    cells = prod(shape[2:])
    return shape[1] * cells, shape[0] * cells


def _normal(rng: np.random.Generator, shape: tuple[int, ...], std: float) -> Array:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(std)


def _uniform(rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float) -> Array:
    return rng.random(shape, dtype=np.float32) * np.float32(high - low) + np.float32(low)


def _symmetric(rng: np.random.Generator, shape: tuple[int, ...], bound: float) -> Array:
    return _uniform(rng, shape, -bound, bound)


def _dirac(shape: tuple[int, ...]) -> Array:
    """Passes input channel i to output channel i: a one in the middle cell."""
    weight = np.zeros(shape, np.float32)
    middle = tuple(n // 2 for n in shape[2:])
    for i in range(min(shape[:2])):
        weight[(i, i, *middle)] = 1
    return weight


# Each: (function, its own options with their defaults). Kaiming: He et al. 2015, gain sqrt(2) for ReLU;
# Xavier: Glorot and Bengio 2010.
INITIALIZERS: dict[str, tuple[Initializer, dict[str, float]]] = {
    "zeros": (lambda r, s, o: np.zeros(s, np.float32), {}),
    "ones": (lambda r, s, o: np.ones(s, np.float32), {}),
    "constant": (lambda r, s, o: np.full(s, o["value"], np.float32), {"value": 0.0}),
    "normal": (lambda r, s, o: _normal(r, s, o["std"]) + np.float32(o["mean"]), {"mean": 0.0, "std": 1.0}),
    "uniform": (lambda r, s, o: _uniform(r, s, o["low"], o["high"]), {"low": 0.0, "high": 1.0}),
    "kaiming_normal": (lambda r, s, o: _normal(r, s, sqrt(2 / _fans(s)[0])), {}),
    "kaiming_uniform": (lambda r, s, o: _symmetric(r, s, sqrt(6 / _fans(s)[0])), {}),
    "xavier_normal": (lambda r, s, o: _normal(r, s, sqrt(2 / sum(_fans(s)))), {}),
    "xavier_uniform": (lambda r, s, o: _symmetric(r, s, sqrt(6 / sum(_fans(s)))), {}),
    "dirac": (lambda r, s, o: _dirac(s), {}),
}


def _short_floats(array: Array) -> Any:
    if array.ndim > 1:
        return [_short_floats(row) for row in array]
    # str() of a float32 has the fewest digits that read back as the same number.
    values = [float(str(v)) for v in array.reshape(-1)]
    return values if array.ndim else values[0]
