"""The layer types that exist, by their key. Filled by the definition of each class, from `discover`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from filterlab.errors import ParameterError, nearest, shown

if TYPE_CHECKING:
    from filterlab.layers.base import Layer

_types: dict[str, type[Layer]] = {}


def register(layer: type[Layer]) -> None:
    """Add a layer type. Raises ParameterError where another type has its key."""
    known = _types.get(layer.key)
    if known is not None and known.__qualname__ != layer.__qualname__:
        raise ParameterError(f"the key {layer.key!r} names {known.__name__} already", layer.__name__)
    _types[layer.key] = layer


def unregister(key: str) -> None:
    """Forget a layer type (a plug-in that is unloaded, a type made in a test)."""
    _types.pop(key, None)


@cache
def discover() -> None:
    """Import every module of `filterlab.layers`, so that each registers its type."""
    import filterlab.layers as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def layer_types() -> dict[str, type[Layer]]:
    """All layer types by key, sorted by group and key."""
    discover()
    return dict(sorted(_types.items(), key=lambda item: (item[1].group, item[0])))


def layer_type(key: str) -> type[Layer]:
    """The layer type of a key. Raises ParameterError naming the nearest keys."""
    discover()
    if key in _types:
        return _types[key]
    close = nearest(key, _types, 3)
    hint = f"did you mean {', '.join(close)}?" if close else "`filterlab layers` lists them"
    raise ParameterError(f"there is no layer {shown(key)}", "layer", hint, parameter="layer")
