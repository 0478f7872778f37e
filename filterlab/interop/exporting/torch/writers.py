"""How each layer is written in PyTorch: a file of `families` registers functions by the layer's key."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Layer


@dataclass(frozen=True)
class Torch:
    """A layer in PyTorch.

    call: an expression in which {0}, {1} ... are the inputs, {xs} all of them, and {m} the module. module: what makes
    the module, "" where the call needs none. tensors: the module's numbers by name. helpers: functions that the call
    needs. alone: the module as a person writes it, where that says in itself what the call adds to `module`.
    """

    call: str
    module: str = ""
    tensors: Mapping[str, Array] = field(default_factory=dict)
    helpers: tuple[str, ...] = ()
    alone: str = ""

    @property
    def line(self) -> str:
        """The module, or the call as a function of x: what a person would write."""
        return (
            self.alone
            or self.module
            or self.call.replace("{0}", "x").replace("{xs}", "[x, ...]").replace("{1}", "y")
        )


Writer = Callable[[Any], Torch | None]
_WRITERS: dict[str, Writer] = {}


def writes(*keys: str) -> Callable[[Writer], Writer]:
    """Register a function that writes layers of these keys."""

    def register(writer: Writer) -> Writer:
        for key in keys:
            _WRITERS[key] = writer
        return writer

    return register


def written(layer: Layer) -> Torch | None:
    """A layer in PyTorch; None where it has no equivalent."""
    _load()
    writer = _WRITERS.get(layer.key)
    return None if writer is None else writer(layer)


@cache
def _load() -> None:
    package = importlib.import_module("filterlab.interop.exporting.torch.families")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def module(name: str, **options: Any) -> str:
    """A call of a class of torch.nn; options with the value None are left out.

    Options whose name begins with _ are given by their position.
    """
    given = {key: value for key, value in options.items() if value is not None}
    # PyTorch's first parameters are given by their position, as people write them.
    words = [repr(value) if key.startswith("_") else f"{key}={value!r}" for key, value in given.items()]
    return f"nn.{name}({', '.join(words)})"


def holder(**arrays: Array) -> str:
    """The module that holds numbers which no class of torch.nn holds."""
    return f"Tensors({', '.join(f'{name}={array.shape!r}' for name, array in arrays.items())})"
