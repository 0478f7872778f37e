"""The layer types by their key. Defining a class adds it; `discover` imports the modules of all of them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

from filterlab.errors import ParameterError, nearest, shown
from filterlab.layers.base.layer import Layer
from filterlab.text.messages import say

_PACKAGE = "filterlab.layers"
_MODULE = re.compile("[a-z][a-z0-9_]{0,40}")


@cache
def discover() -> None:
    """Import every module of `filterlab.layers`; each registers its type."""
    # The folder is the list: a new layer is a new file. The packages in it, base and families, hold no types.
    for module in pkgutil.iter_modules([str(Path(__file__).parents[1])]):
        importlib.import_module(f"{_PACKAGE}.{module.name}")


def layer_types() -> dict[str, type[Layer]]:
    """All layer types by key, sorted by group and key."""
    discover()
    return dict(sorted(Layer.types.items(), key=lambda item: (item[1].group, item[0])))


def layer_type(key: str) -> type[Layer]:
    """The layer type of a key. Raises ParameterError naming the nearest keys."""
    # Nearly every type is in a module of its name: a pipeline of three types does not wait for fifty.
    if key not in Layer.types and _MODULE.fullmatch(str(key)):
        with suppress(ModuleNotFoundError):
            importlib.import_module(f"{_PACKAGE}.{key}")
    if key not in Layer.types:
        discover()
    if key in Layer.types:
        return Layer.types[key]
    close = nearest(key, Layer.types, 3)
    hint = say("did you mean {}?", ", ".join(close)) if close else say("`filterlab layers` lists them")
    raise ParameterError(say("there is no layer {}", shown(key)), "layer", hint, parameter="layer")
