"""What networks expect of their picture, as nodes that stand before them and can be seen and edited.

A preprocessing is a list of words: `resize` to the size that the network takes, `bgr` for blue first, `0..1` (as
pictures are read), `0..255`, `-1..1`, `imagenet` (mean and deviation of ImageNet), or own numbers as
`mean=0.5,0.5,0.5;std=0.25`. Every preset resizes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from filterlab.errors import ParameterError, nearest, shown
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type
from filterlab.text.messages import say

# The mean and the standard deviation of the pictures of ImageNet in [0, 1], as torchvision's models take them.
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
PRESETS = ("0..1", "0..255", "-1..1", "imagenet", "bgr", "resize")


def preprocessing(text: str, size: Sequence[int]) -> list[tuple[str, Layer]]:
    """The (name, layer) pairs of a preprocessing before a network that takes (C, H, W).

    Raises ParameterError naming what is legal.
    """
    words = [word.strip() for word in text.split("+") if word.strip()]
    if not words:
        raise _unknown(text)
    found = [("resize", layer_type("resize")(size=tuple(size[1:]), antialias=True))]
    for word in words:
        found += _step(word, size[0])
    return found


def _step(word: str, channels: int) -> Iterator[tuple[str, Layer]]:
    if "=" in word:
        yield "normalize", _own(word, channels)
    elif word == "bgr":
        yield "bgr", layer_type("channel_slice")(step=-1)
    elif word == "0..255":
        yield "scale", layer_type("constant_arithmetic")(operation="multiply", operand=[[[255.0]]])
    elif word == "-1..1":
        yield "normalize", _normalize([0.5], [0.5], channels)
    elif word == "imagenet":
        yield "normalize", _normalize(_MEAN, _STD, channels)
    elif word not in ("0..1", "resize"):
        raise _unknown(word)


def _own(word: str, channels: int) -> Layer:
    """The layer of `mean=...;std=...`."""
    numbers = {"mean": [0.0], "std": [1.0]}
    for part in word.split(";"):
        name, _, values = part.partition("=")
        try:
            numbers[name.strip()] = [float(value) for value in values.split(",")]
        except ValueError:
            raise _unknown(word) from None
    if set(numbers) != {"mean", "std"}:
        raise _unknown(word)
    return _normalize(numbers["mean"], numbers["std"], channels)


def _normalize(mean: Sequence[float], std: Sequence[float], channels: int) -> Layer:
    each = [list(numbers) * channels if len(numbers) == 1 else list(numbers) for numbers in (mean, std)]
    for name, numbers in zip(("mean", "std"), each, strict=True):
        if len(numbers) != channels:
            what = say("{} has {} number(s) for {} channel(s)", name, len(numbers), channels)
            raise ParameterError(
                what, "preprocess", "give one number, or one for each channel", parameter="preprocess"
            )
    return layer_type("normalize")(mean=each[0], std=each[1])


def _unknown(word: str) -> ParameterError:
    close = nearest(word, PRESETS)
    meant = say("did you mean {!r}? ", close[0]) if close else ""
    hint = meant + say("allowed: {}, joined by +, or mean=...;std=...", ", ".join(PRESETS))
    return ParameterError(
        say("there is no preprocessing {}", shown(word)), "preprocess", hint, parameter="preprocess"
    )
