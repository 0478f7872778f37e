"""The line of a header that describes a layer: "Convolution 3×3 · stride 2"."""

from __future__ import annotations

from typing import Any

from filterlab.gui.words.i18n import tr
from filterlab.gui.words.wording import readable
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.text.numbers import exact

LISTED = ("stride", "padding", "dilation", "groups")


def facts(layer: Layer) -> str:
    """Title and window size of a layer, with those of stride, padding, dilation and groups that are not the default."""
    parts = [f"{tr(layer.title)} {window_text(layer)}".strip()]
    # No other parameters are read: asking for weights would make a layer draw their random numbers.
    for parameter in (parameter for parameter in layer.declarations() if parameter.name in LISTED):
        value = getattr(layer, parameter.name)
        # The stride None is the usual one of pooling: the size of its window.
        if value is not None and value != parameter.default:
            parts.append(f"{_translated(parameter.name)} {step_text(value)}")
    return " · ".join(parts)


def _translated(name: str) -> str:
    """A parameter of LISTED in the window's language, in small letters where that has them."""
    return tr(readable(name)).lower()


def window_text(layer: Layer) -> str:
    """The size of a layer's window as "3×3"; "" where it has none."""
    for parameter in layer.declarations():
        if isinstance(parameter.kind, Tensor) and parameter.kind.axes[-2:] == ("height", "width"):
            return value_text(layer.shape_of(parameter.name)[-2:])
    for name in ("kernel_size", "output_size"):
        if name in type(layer).model_fields:
            return value_text(getattr(layer, name))
    return ""


def step_text(value: Any) -> str:
    """A stride or padding in few characters: 2 or (2, 2) as 2, (1, 2) as 1×2, unequal sides of a padding as 0+1."""
    if not isinstance(value, tuple):
        return _number(value)
    parts = [
        "+".join(map(_number, dict.fromkeys(part))) if isinstance(part, tuple) else _number(part)
        for part in value
    ]
    return "×".join(parts) if len(set(parts)) > 1 else parts[0]


def _number(value: Any) -> str:
    """A number with the minus sign that is used everywhere, because padding may be negative; words as they are."""
    return value if isinstance(value, str) else exact(value)


def value_text(value: Any) -> str:
    """A size as text: (3, 5) as 3×5, None as –."""
    if isinstance(value, tuple):
        return "×".join(value_text(part) for part in value)
    return "–" if value is None else str(value)
