"""What networks expect of their picture, as nodes that stand before them and can be seen and edited.

A preprocessing is a list of words: `resize` to the size that the network takes, `bgr` for blue first, `0..1` (as
pictures are read), `0..255`, `-1..1`, `imagenet` (mean and deviation of ImageNet), or own numbers as
`mean=0.5,0.5,0.5;std=0.25`. Every preset resizes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from filterlab.errors import ParameterError, nearest, shown
from filterlab.graph import IMAGE, G, Graph
from filterlab.graph.editing import insert
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type
from filterlab.text.messages import say

# The mean and the standard deviation of the pictures of ImageNet in [0, 1], as torchvision's models take them.
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_IMAGENET_CLASSES, _LAST = 1000, 8  # looked for among the last layers
_SCALING = ("normalize", "constant_arithmetic", "scale_shift", "batch_norm2d")
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


def with_preprocessing(graph: G, text: str, size: Sequence[int]) -> G:
    """The graph with a preprocessing put before everything that reads the picture. Raises as `preprocessing`."""
    source = IMAGE
    for name, layer in preprocessing(text, size):
        graph, source = insert(graph, layer, source, None if name in graph else name)
    return graph


def guessed_preprocessing(graph: Graph, size: Sequence[int]) -> str:
    """The preset that a network most likely takes: `imagenet` for the 1000 classes of ImageNet, else `resize`."""
    # A network that begins by scaling its picture does itself what a preset would do.
    scales = any(step.layer.key in _SCALING for step in graph.steps if IMAGE in step.inputs)
    last = [step.layer for step in graph.steps[-_LAST:] if "weight" in type(step.layer).model_fields]
    classes = any(layer.shape_of("weight")[:1] == (_IMAGENET_CLASSES,) for layer in last)
    return "imagenet" if classes and size[0] == len(_MEAN) and not scales else "resize"


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
