"""Layer types: one file each. The package's attributes are the layer classes, found by name."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from filterlab.layers.base.registry import layer_type, layer_types

if TYPE_CHECKING:
    from filterlab.layers.base.layer import Layer

__all__ = ["Layer", "layer_type", "layer_types"]


def __getattr__(name: str) -> Any:
    # inspect, pickle and doctest ask modules for names such as __wrapped__, which must not import all layers.
    if name.startswith("_"):
        raise AttributeError(name)
    if name == "Layer":
        # `from filterlab.layers import base` would ask this function for `base`, for ever.
        return importlib.import_module("filterlab.layers.base.layer").Layer
    for kind in layer_types().values():
        if kind.__name__ == name:
            return kind
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *(kind.__name__ for kind in layer_types().values())])
