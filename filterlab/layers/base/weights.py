"""Weights and kernels as files give them: numbers, or a recipe that makes them.

A recipe stays symbolic: it is saved as it was written, and made into numbers when somebody first looks.
    {"preset": "gabor", "size": 15, "theta": 0.5}                        a named kernel
    {"init": "kaiming_normal", "seed": 3, "shape": [64, 3, 3, 3]}        random numbers by seed
    {"wiener": [[...]], "size": 21, "noise": 0.001}                      the inverse of a blur: of numbers or a preset
    {"dtype": "float64", "values": [[...]]}                              numbers in double precision
Nested lists may have kernel recipes at their leaves: [[{"preset": "sobel"}], [{"preset": "scharr"}]] is a
weight of two output channels.

A few letters of a recipe may ask for any number of numbers. It is checked when it is read, without being made:
every key, the shape, and how many numbers that would be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import ParameterError, shown
from filterlab.forking import Lock
from filterlab.functional.arrays import Array, shape_text
from filterlab.layers.base.initializers import check_init, make_init
from filterlab.text.messages import say

# The most that one recipe may make: a gibibyte of float32. VGG-16, the largest network in common use, has 138 million.
MOST_NUMBERS = 1 << 28
DEEPEST = 16  # levels of lists that are looked into; a weight has four

_LEGAL = say('give numbers, nested lists, {"preset": ...}, {"wiener": ...} or {"init": ..., "shape": [...]}')
_DTYPES = {"float32": np.float32, "float64": np.float64}


class Weights:
    """One array-valued parameter: its shape at once, its numbers when they are first needed.

    The array is read-only, so that copies of a layer may share it.
    """

    def __init__(self, shape: tuple[int, ...], recipe: Any, make: Callable[[], Array]) -> None:
        self.shape = shape
        self.recipe = recipe
        self._make = make
        self._array: Array | None = None
        self._lock = Lock()

    @classmethod
    def of(cls, array: Array) -> Weights:
        """An array's own numbers, copied when they are first looked at."""
        return cls(array.shape, None, lambda: array)

    @property
    def array(self) -> Array:
        """The numbers, float32 or float64, read-only. Raises ParameterError where a recipe gives none."""
        array = self._array  # another thread may forget it at any moment
        if array is None:
            # Threads that ask at the same time wait for one: twice the numbers may be more than there is memory for.
            with self._lock:
                array = self._array
                if array is None:
                    array = self._array = _frozen(self._make())
        return array

    @property
    def ready(self) -> bool:
        """True where the numbers have been made already."""
        return self._array is not None

    def forget(self) -> None:
        """Give the memory of what a recipe made back; it is made again, the same, when somebody looks."""
        if self.recipe is not None:
            self._array = None

    def __reduce__(self) -> tuple[Any, ...]:
        # A lock and a closure cannot be pickled; a recipe is made again at the other end, from its seed.
        return parse_weights, (self.array if self.recipe is None else self.recipe, "weights")

    def to_json(self) -> Any:
        """What a file holds: the recipe, else nested lists with the shortest digits that give the same float32."""
        if self.recipe is not None:
            return self.recipe
        if self.array.dtype == np.float64:
            return {"dtype": "float64", "values": self.array.tolist()}
        return _short_floats(self.array)


def parse_weights(value: Any, name: str) -> Weights:
    """Numbers, nested lists or a recipe as `Weights`.

    Raises ParameterError: for NaN and infinity, for what is no recipe, for one of too many numbers.
    """
    if isinstance(value, Weights):
        return value
    # Arrays are not searched: they hold numbers only, and millions of them.
    if isinstance(value, np.ndarray) or not _has_recipe(value, name):
        return _from_array(_numbers(value, np.float32, name))
    if isinstance(value, Mapping) and "values" in value:
        return _from_values(value, name)
    recipe = _copied(value)
    if isinstance(recipe, dict) and "init" in recipe:
        shape = check_init(recipe, name)
        return _lazy(shape, recipe, lambda: make_init(recipe, name), name)
    shape = _shape(recipe, name)
    return _lazy(shape, recipe, lambda: _made(recipe, shape, name), name)


def _from_array(array: Array) -> Weights:
    weights = Weights.of(array)
    _ = weights.array  # a copy now: the caller may go on writing into the array that was given
    return weights


def _lazy(shape: tuple[int, ...], recipe: Any, make: Callable[[], Array], name: str) -> Weights:
    """The weights of a recipe, made when they are first needed. Raises ParameterError for too many numbers."""
    if prod(shape) > MOST_NUMBERS:
        what = say("{} of shape {} would be {} number(s)", name, shape_text(shape), prod(shape))
        raise ParameterError(what, hint=say("at most {}; use a smaller shape", MOST_NUMBERS), parameter=name)

    def made() -> Array:
        array = make()
        array.flags.writeable = False  # nobody else has it: no need of a copy
        return array

    return Weights(shape, recipe, made)


def _frozen(array: Array) -> Array:
    # A view can change through its base even where it is read-only itself.
    if array.flags.writeable or array.base is not None:
        array = array.copy()
        array.flags.writeable = False
    return array


def _has_recipe(value: Any, name: str, depth: int = 0) -> bool:
    """Return whether nested lists hold a recipe. Raises ParameterError where they never end, or hold themselves."""
    # A list may hold itself, in Python though not in JSON; without a limit the search would end in a RecursionError.
    if depth > DEEPEST:
        raise ParameterError(
            say("{} is nested too deep", name), hint="a weight has four levels of lists", parameter=name
        )
    if isinstance(value, Mapping):
        return True
    return isinstance(value, (list, tuple)) and any(_has_recipe(item, name, depth + 1) for item in value)


def _copied(value: Any) -> Any:
    """Lists and recipes of the caller's, who may go on writing into them; arrays as lists, for the file."""
    if isinstance(value, Mapping):
        copied, blur = dict(value), value.get("wiener")
        if isinstance(blur, Mapping):
            copied["wiener"] = dict(blur)
        elif blur is not None and not _has_recipe(blur, "wiener"):
            copied["wiener"] = _copied(blur)
        return copied
    if isinstance(value, (list, tuple)):
        return [_copied(item) for item in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def _numbers(value: Any, default: type, name: str) -> Array:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ParameterError(
            say("{} is a list whose rows differ in length", name),
            hint="give every row the same length",
            parameter=name,
        ) from error
    # Text, None and objects: NumPy would convert "1" to a number without complaint, and a file should not rely on it.
    if array.dtype.kind not in "biuf":
        raise ParameterError(
            say(("{} holds something that is not a number"), name), hint=_LEGAL, parameter=name
        )
    # Lists of numbers are float64 to NumPy, whatever was meant; only an array shows that somebody wants double
    # precision.
    if not (isinstance(value, np.ndarray) and array.dtype == np.float64):
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused below, as infinity
            array = array.astype(default, copy=False)
    if not np.isfinite(array).all():
        raise ParameterError(
            say("{} holds NaN or infinity", name), hint="replace these cells", parameter=name
        )
    return array


def _from_values(recipe: Mapping[str, Any], name: str) -> Weights:
    unknown = [shown(key) for key in recipe if key not in ("dtype", "values")]
    if unknown:
        what = say("{} has the unknown key {}", name, unknown[0])
        raise ParameterError(what, hint="allowed: dtype, values", parameter=name)
    dtype = recipe.get("dtype", "float32")
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        what = say("{} has the dtype {}", name, shown(dtype))
        raise ParameterError(what, hint='"dtype" is "float32" or "float64"', parameter=name)
    values = recipe["values"]
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if _has_recipe(values, name):
        what = say("{} has a recipe among its values", name)
        raise ParameterError(what, hint='"values" are nested lists of numbers', parameter=name)
    return _from_array(_numbers(values, _DTYPES[dtype], name))


# -- kernel recipes, and lists of them ----------------------------------------------------------------------


def _shape(value: Any, name: str) -> tuple[int, ...]:
    """The shape that nested lists of numbers and kernel recipes have together. Raises ParameterError for wrong ones."""
    if isinstance(value, dict):
        if "wiener" in value:
            return _inverse(value, name, lambda blur, size, noise: size)
        return _of_preset(value, name, lambda design, options: design.shape(**options))
    if not _has_recipe(value, name):
        return _numbers(value, np.float32, name).shape
    shapes = dict.fromkeys(_shape(item, name) for item in value)
    if len(shapes) > 1:
        several = ", ".join(map(shape_text, list(shapes)[:4])) + (", ..." if len(shapes) > 4 else "")
        what = say("{} stacks kernels of shapes {}", name, several)
        raise ParameterError(what, hint="give them one size", parameter=name)
    return (len(value), *next(iter(shapes)))


def _made(value: Any, shape: tuple[int, ...], name: str) -> Array:
    array = np.empty(shape, np.float32)
    _fill(array, value, name)
    return array


def _fill(array: Array, value: Any, name: str) -> None:
    """Put the numbers of nested lists and kernel recipes in their places."""
    if isinstance(value, dict) and "wiener" in value:
        array[...] = _inverse(value, name, _wiener)
    elif isinstance(value, dict):
        array[...] = _of_preset(value, name, lambda design, options: design(**options))
    elif not _has_recipe(value, name):
        array[...] = _numbers(value, np.float32, name)
    else:
        for place, item in enumerate(value):
            _fill(array[place], item, name)


def _of_preset(recipe: Mapping[str, Any], name: str, ask: Callable[[Any, dict[str, Any]], Any]) -> Any:
    """The answer of a named kernel to `ask`, which is given the options of the recipe."""
    from filterlab import kernels

    if "preset" not in recipe:
        raise ParameterError(say("{} is {}", name, shown(dict(recipe))), hint=_LEGAL, parameter=name)
    options = {str(k): v for k, v in recipe.items() if k != "preset"}
    try:
        return ask(kernels.get(recipe["preset"]), options)
    except ParameterError as error:
        what = f"{name}, {error.where}: {error.what}"
        raise ParameterError(what, hint=error.hint, parameter=name) from None


def _inverse(recipe: Mapping[str, Any], name: str, ask: Callable[[Any, tuple[int, int], float], Any]) -> Any:
    """The answer of `ask` to what an inverse is made from: the blur, numbers or a preset, the size and the noise."""
    from filterlab.kernels import analysis

    unknown = [shown(key) for key in recipe if key not in ("wiener", "size", "noise")]
    if unknown:
        what = say("{} has the unknown key {}", name, unknown[0])
        raise ParameterError(what, hint="allowed: wiener, size, noise", parameter=name)
    blur = recipe["wiener"]
    # One within another would be read as deep as somebody nests them.
    named = isinstance(blur, dict) and "preset" in blur
    if (_has_recipe(blur, name) and not named) or len(_shape(blur, name)) != 2:
        what = say("{} undoes {}", name, shown(blur))
        raise ParameterError(what, hint='give numbers (height, width) or {"preset": ...}', parameter=name)
    try:
        size = analysis.checked_size(recipe.get("size"))
        return ask(blur, size, analysis.NOISE.read(recipe.get("noise", analysis.NOISE.default), ""))
    except ParameterError as error:
        place = f"{name}, {error.where}" if error.where else name
        raise ParameterError(f"{place}: {error.what}", hint=error.hint, parameter=name) from None


def _wiener(blur: Any, size: tuple[int, int], noise: float) -> Array:
    from filterlab.kernels import analysis

    return analysis.wiener_inverse(_made(blur, _shape(blur, "wiener"), "wiener"), size, noise)


def _short_floats(array: Array) -> Any:
    if array.ndim > 1:
        return [_short_floats(row) for row in array]
    # str() of a float32 has the fewest digits that read back as the same number.
    values = [float(str(v)) for v in array.reshape(-1)]
    return values if array.ndim else values[0]


# The numbers of a recipe that are made in order to compare two layers, as the window does at every edit. Recipes of
# more numbers are equal only if they are spelled alike.
MOST_COMPARED = 1 << 22


def same_value(a: Any, b: Any) -> bool:
    """Return whether two parameters are equal. Large arrays that nobody has made yet are, if their recipes are."""
    if isinstance(a, Weights) and isinstance(b, Weights):
        if a is b or (a.recipe is not None and a.recipe == b.recipe):
            return True
        if a.shape != b.shape or (prod(a.shape) > MOST_COMPARED and not (a.ready and b.ready)):
            return False
        return a.array.dtype == b.array.dtype and np.array_equal(a.array, b.array)
    return type(a) is type(b) and bool(a == b)
