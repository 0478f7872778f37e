"""What a named kernel is: a function, and a declaration of its parameters that everything else reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, nearest, shown
from filterlab.text.messages import say

Kernel = NDArray[Any]


@dataclass(frozen=True)
class KernelParameter:
    """One parameter. kind: "integer", "number", "size" (int or (h, w)), "choice" or "flag".

    slider: the range that a slider spans, within the legal one. A `default` of None means that the kernel works
    it out, as `doc` says.
    """

    name: str
    kind: str
    default: Any
    doc: str
    minimum: float | None = None
    maximum: float | None = None
    slider: tuple[float, float] | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    odd: bool = False

    def legal(self) -> str:
        """The legal values in words."""
        if self.kind == "choice":
            return say("one of {}", ", ".join(self.choices))
        if self.kind == "flag":
            return say("true or false")
        noun = {
            "integer": say("a whole number"),
            "number": say("a number"),
            "size": say("a whole number or (h, w)"),
        }[self.kind]
        noun = say("{}, odd", noun) if self.odd else noun
        if self.minimum is None:
            return noun if self.maximum is None else say("{}, at most {:g}", noun, self.maximum)
        if self.maximum is None:
            return say("{}, at least {:g}", noun, self.minimum)
        return say("{}, {:g} to {:g}", noun, self.minimum, self.maximum)

    def read(self, value: Any, kernel: str) -> Any:
        """The value in its normal form. Raises ParameterError naming the legal values."""
        if value is None and self.default is None:
            return None
        if self.kind == "size":
            values = tuple(value) if isinstance(value, (list, tuple)) else (value, value)
            if len(values) == 2 and all(is_whole(v) and self._inside(v) for v in values):
                return int(values[0]), int(values[1])
        elif self.kind == "integer" and is_whole(value) and self._inside(value):
            return int(value)
        elif self.kind == "number" and is_number(value) and self._inside(value):
            return float(value)
        elif self.kind == "flag" and isinstance(value, bool):
            return value
        if self.kind == "choice" and isinstance(value, str) and value in self.choices:
            return value
        raise ParameterError(
            say("{} is {}", self.name, shown(value)),
            f"kernel '{kernel}'",
            say("it must be {}", self.legal()),
            parameter=self.name,
        )

    def _inside(self, value: float) -> bool:
        above = self.minimum is None or value >= self.minimum
        below = self.maximum is None or value <= self.maximum
        return above and below and not (self.odd and value % 2 == 0)


def is_whole(value: Any) -> bool:
    """Whether it is a whole number, Python's or NumPy's; True and False are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether it is a finite real number."""
    # Whole numbers are finite, and some of them are too large to ask `isfinite` about.
    return is_whole(value) or (isinstance(value, (float, np.floating)) and isfinite(value))


@dataclass(frozen=True)
class Design:
    """A named kernel. Calling it checks the parameters and gives a float32 (h, w) array.

    Raises ParameterError for unknown and illegal parameters, and where together they give no finite numbers.
    """

    name: str
    title: str
    group: str
    source: str
    formula: str
    doc: str
    parameters: tuple[KernelParameter, ...]
    function: Callable[..., Any] = field(repr=False)

    # Only by position: a parameter of any name, "self" too, is refused in our own words.
    def __call__(self, /, *args: Any, **values: Any) -> Kernel:
        settings = self._settings(args, values)
        with np.errstate(all="ignore"):
            made = np.ascontiguousarray(self.function(**settings), dtype=np.float32)
        if not np.isfinite(made).all():
            hint = say("use less extreme ones")
            raise ParameterError("these parameters do not give finite numbers", f"kernel '{self.name}'", hint)
        return made

    def shape(self, /, **values: Any) -> tuple[int, int]:
        """(height, width) of what a call with these parameters gives, without making it. Raises as a call does."""
        settings = self._settings((), values)
        size = settings.get("size")
        if size is None:  # a kernel of one fixed size, or of a few: a handful of cells
            height, width = np.shape(self.function(**settings))
            return height, width
        return size if isinstance(size, tuple) else (size, size)

    def _settings(self, args: tuple[Any, ...], values: dict[str, Any]) -> dict[str, Any]:
        given = self._given(args, values)
        return {p.name: p.read(given.get(p.name, p.default), self.name) for p in self.parameters}

    def _given(self, args: tuple[Any, ...], values: dict[str, Any]) -> dict[str, Any]:
        """What was given, by name. Raises ParameterError for too many, twice the same, and unknown names."""
        names = [p.name for p in self.parameters]
        where, legal = f"kernel '{self.name}'", say("allowed: {}", ", ".join(names) or "none")
        if len(args) > len(names):
            raise ParameterError(say("{} parameters given", len(args)), where, legal)
        positional = dict(zip(names, args, strict=False))
        for name in values:
            if name in positional:
                raise ParameterError(say("{} is given twice", name), where, "give it once", parameter=name)
            if name not in names:
                close = nearest(name, names)
                hint = (say("did you mean {!r}? ", close[0]) if close else "") + legal
                raise ParameterError(
                    say("there is no parameter {}", shown(name)), where, hint, parameter=name
                )
        return {**positional, **values}


_designs: dict[str, Design] = {}


def kernel(
    *, title: str, group: str, source: str, formula: str, **parameters: KernelParameter
) -> Callable[[Callable[..., Any]], Design]:
    """Register a function as the kernel of its name. Each of its arguments needs a `Parameter` of that name."""

    def register(function: Callable[..., Any]) -> Design:
        arguments = list(inspect.signature(function).parameters)
        assert arguments == list(parameters), f"{function.__name__} declares {list(parameters)}"
        doc = inspect.getdoc(function) or ""
        design = Design(
            function.__name__, title, group, source, formula, doc, tuple(parameters.values()), function
        )
        _designs[design.name] = design
        return design

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


def make(name: Any, parameters: Mapping[str, Any] | None = None, /, **more: Any) -> Kernel:
    """The kernel `name` with these parameters, others at their defaults. Raises ParameterError."""
    return get(name)(**{**(parameters or {}), **more})


# -- parameters that several kernels share ------------------------------------------------------------------


def size(
    default: int = 3, minimum: int = 1, *, odd: bool = False, doc: str = "Height and width."
) -> KernelParameter:
    """Height and width of the kernel."""
    slider = (max(minimum, 1), 31)
    return KernelParameter("size", "size", default, doc, minimum, 255, slider, "cells", odd=odd)


def square(maximum: int = 255) -> KernelParameter:
    """One odd number for both sides, from 3 up."""
    return KernelParameter(
        "size", "integer", 3, "Height and width, odd.", 3, maximum, (3, 31), "cells", odd=True
    )


def number(
    name: str,
    default: float | None,
    doc: str,
    minimum: float,
    maximum: float,
    slider: tuple[float, float],
    unit: str = "",
) -> KernelParameter:
    """A real parameter."""
    return KernelParameter(name, "number", default, doc, minimum, maximum, slider, unit)


def choice(name: str, choices: tuple[str, ...], doc: str) -> KernelParameter:
    """One of a few words, the first by default."""
    return KernelParameter(name, "choice", choices[0], doc, choices=choices)


def angle(
    default: float = 0.0, doc: str = ("Direction, counter-clockwise from the row axis.")
) -> KernelParameter:
    """An angle in radians."""
    return KernelParameter("theta", "number", default, doc, -100.0, 100.0, (0.0, 6.2832), "rad")


def grid(size: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(y, x) of every cell's middle, from the middle of the kernel; y grows downwards."""
    y, x = (np.arange(n) - (n - 1) / 2 for n in size)
    return np.meshgrid(y, x, indexing="ij")
