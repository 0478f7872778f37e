"""Named kernels: what filters are made of.

All are meant for cross-correlation, the default here: the kernel is laid on the picture as it is printed. Sobel x
is positive where the picture gets brighter to the right. `names()` lists them; each is also a function of this
module: `kernels.gaussian(5, sigma=1.0)` gives a float32 (5, 5) array. `parse` and `read_kernel` take kernels from text
and from files; `readings` gives all of them where a text can be read in several ways. `bank` makes families of kernels;
`rank_parts` and `cascade` take a kernel apart; `achieved` judges the response of a band filter or notch;
`wiener_inverse` makes the kernel that undoes another best.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from filterlab.kernels import design
from filterlab.kernels.ambiguity import AmbiguousKernelError, KernelReading
from filterlab.kernels.analysis import frequency_response, separate, wiener_inverse
from filterlab.kernels.bands import achieved
from filterlab.kernels.design import Design, Kernel
from filterlab.kernels.factors import cascade, rank_parts
from filterlab.kernels.families import bank
from filterlab.kernels.reading import read_kernel
from filterlab.kernels.text import parse, readings

__all__ = [
    "AmbiguousKernelError",
    "Design",
    "KernelReading",
    "achieved",
    "bank",
    "cascade",
    "designs",
    "frequency_response",
    "get",
    "make",
    "names",
    "parse",
    "rank_parts",
    "read_kernel",
    "readings",
    "separate",
    "wiener_inverse",
]


@cache
def _discover() -> None:
    # Defining a kernel registers it, so that importing is enough; put off until a name is asked for, as it takes a
    # while.
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def names() -> list[str]:
    """The names of all kernels, sorted by group and name."""
    return list(designs())


def designs() -> dict[str, Design]:
    """All kernels with their declarations."""
    _discover()
    return design.designs()


def get(name: Any) -> Design:
    """The kernel of a name. Raises ParameterError naming the nearest."""
    _discover()
    return design.get(name)


def make(name: Any, /, **parameters: Any) -> Kernel:
    """The numbers of a named kernel, float32 (h, w). Raises ParameterError naming the legal values."""
    return get(name)(**parameters)


def __getattr__(name: str) -> Design:
    if not name.startswith("_"):
        found = designs().get(name)
        if found is not None:
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *names()])
