"""What a named kernel is: a function, and a declaration of its parameters that everything else reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, nearest, shown
from filterlab.parameters import Choice, Flag, Integer, Number, Pairs, Parameter, bind, settings
from filterlab.text.messages import say

Kernel = NDArray[Any]

MOST_CELLS = 255  # the greatest side: four times that of the widest kernel in common use


@dataclass(frozen=True)
class Design:
    """A named kernel. Calling it checks the parameters and gives a float32 array (height, width).

    title, group: its place in the list of the window. search_words: others, in English and Chinese, by which people
    look for it. source: who described it, and where. formula: the value of a cell. Raises ParameterError for unknown
    and illegal parameters, and where together they give no finite numbers.
    """

    name: str
    title: str
    search_words: str
    group: str
    source: str
    formula: str
    doc: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any] = field(repr=False)

    # `self` is positional only, so that a recipe with a key "self" is refused as any unknown parameter is.
    def __call__(self, /, *args: Any, **values: Any) -> Kernel:
        given = self._settings(args, values)
        # Parameters that are legal one by one may overflow together; that is found in the result, not warned of.
        with np.errstate(all="ignore"):
            made = np.ascontiguousarray(self.function(**given), dtype=np.float32)
        if not np.isfinite(made).all():
            hint = say("use less extreme ones")
            raise ParameterError("these parameters do not give finite numbers", self._where, hint)
        return made

    def shape(self, /, **values: Any) -> tuple[int, int]:
        """(height, width) of the array that a call with these parameters gives. Raises as a call does.

        The array is not made: a recipe of a few letters may ask for more cells than there is memory for.
        """
        given = self._settings((), values)
        size = given.get("size")
        if size is None:  # a kernel of one fixed size, or of a few: a handful of cells
            height, width = np.shape(self.function(**given))
            return height, width
        return size if isinstance(size, tuple) else (size, size)

    @property
    def _where(self) -> str:
        return f"kernel '{self.name}'"

    def _settings(self, args: Sequence[Any], values: Mapping[str, Any]) -> dict[str, Any]:
        return settings(self.parameters, bind(self.parameters, args, values, self._where), self._where)


_designs: dict[str, Design] = {}


def kernel(
    *, title: str, group: str, source: str, formula: str, search_words: str = "", **parameters: Parameter
) -> Callable[[Callable[..., Any]], Design]:
    """Register a function as the kernel of its name.

    Each of its arguments has a declaration under its name: one of those below, or a `Parameter`, whose own name does
    not count.
    """

    def register(function: Callable[..., Any]) -> Design:
        arguments = list(inspect.signature(function).parameters)
        assert arguments == list(parameters), f"{function.__name__} declares {list(parameters)}"
        # Copies with names of their own: kernels share declarations, and may call the same one differently.
        declared = tuple(replace(parameter, name=name) for name, parameter in parameters.items())
        name, doc = function.__name__, inspect.getdoc(function) or ""
        _designs[name] = Design(name, title, search_words, group, source, formula, doc, declared, function)
        return _designs[name]

    return register


def designs() -> dict[str, Design]:
    """All registered kernels by name, sorted by group and name."""
    return dict(sorted(_designs.items(), key=lambda item: (item[1].group, item[0])))


def get(name: Any) -> Design:
    """The kernel of a name. Raises ParameterError naming the nearest."""
    if isinstance(name, str) and name in _designs:
        return _designs[name]
    close = nearest(name, _designs, 3)
    hint = say("did you mean {}?", ", ".join(close)) if close else say("`filterlab kernels` lists them")
    raise ParameterError(say("there is no kernel {}", shown(name)), "kernel", hint, parameter="preset")


# -- declarations that several kernels use ------------------------------------------------------------------


def size(default: int = 3, minimum: int = 1) -> Parameter:
    """Height and width of the kernel: an integer for both, or a pair."""
    kind = Pairs(minimum=minimum, maximum=MOST_CELLS, slider=(minimum, 31), unit="cells")
    return Parameter("", kind, "Height and width.", (default, default))


def square(maximum: int = MOST_CELLS) -> Parameter:
    """One odd number for both sides, from 3 up."""
    kind = Integer(minimum=3, maximum=maximum, slider=(3, 31), unit="cells", odd=True)
    return Parameter("", kind, "Height and width, odd.", 3)


def number(
    default: float | None,
    doc: str,
    minimum: float,
    maximum: float,
    slider: tuple[float, float],
    unit: str = "",
) -> Parameter:
    """A real parameter. With the default None it may be left out: the kernel works it out, as `doc` says."""
    kind = Number(minimum=minimum, maximum=maximum, slider=slider, unit=unit, optional=default is None)
    return Parameter("", kind, doc, default)


def choice(options: tuple[str, ...], doc: str, default: str = "") -> Parameter:
    """One of a few words, the first by default."""
    return Parameter("", Choice(options=options), doc, default or options[0])


def flag(default: bool, doc: str) -> Parameter:
    """True or false."""
    return Parameter("", Flag(), doc, default)


def angle(default: float = 0.0, doc: str = "Direction, counter-clockwise from the row axis.") -> Parameter:
    """An angle in radians."""
    return number(default, doc, -100.0, 100.0, (0.0, 6.2832), "rad")


def grid(size: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(y, x) of the centre of every cell, measured from the centre of the kernel; y grows downwards."""
    y, x = (np.arange(n) - (n - 1) / 2 for n in size)
    return np.meshgrid(y, x, indexing="ij")
