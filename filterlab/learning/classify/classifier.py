"""A small network that classifies pictures, built as the document of a pipeline file."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.geometry import is_int
from filterlab.graph import Graph
from filterlab.run import files
from filterlab.text.messages import count, say

WIDTHS = (16, 32, 64)  # channels of the first convolutions; later ones have as many as the last of these
HEADS = ("linear", "average")
SMALLEST = 8  # cells of a side, below which maps are not pooled any more


def classifier(
    shape: tuple[int, int, int],
    classes: int | Sequence[str],
    *,
    head: str = "linear",
    mean: Any = 0.0,
    std: Any = 1.0,
    seed: int = 0,
) -> Graph:
    """A network with random weights (by `seed`) for pictures (C, H, W) of a number of classes, or of named ones.

    3x3 convolutions of 16, 32, 64, 64, ... channels with ReLU. The second and every later one is followed by maximum
    pooling by 2, until a side is below 8 cells. The `head` is "linear" in all values, for this size alone, or
    "average", with global average pooling before it, for any size. Node "scores" has a number for each class,
    "classes" the probabilities. mean, std: of the pictures, a number or one for each channel; "normalize" subtracts
    and divides by them. Weights as in He et al. 2015. Raises ParameterError.
    """
    names = [str(name) for name in (range(classes) if isinstance(classes, int) else classes)]
    if len(names) < 2:
        what = count(len(names), "there is {} class", "there are {} classes")
        raise ParameterError(what, "classifier", "give two or more", parameter="classes")
    if head not in HEADS:
        hint = say("one of {}", ", ".join(HEADS))
        raise ParameterError(say("there is no head {!r}", head), "classifier", hint, parameter="head")
    if len(shape) != 3 or not all(is_int(n) and n > 0 for n in shape):
        hint = say("give (channels, height, width) of a picture")
        raise ParameterError(say("shape is {!r}", tuple(shape)), "classifier", hint, parameter="shape")
    channels, height, width = shape
    numbers = {"mean": _each(mean, channels), "std": _each(std, channels)}
    nodes: list[dict[str, Any]] = [_node("normalize", "normalize", numbers)]
    nodes += _body(channels, (height, width), seed)
    nodes += _head(head, _features(nodes, shape), names, seed)
    return files.from_dict({"format": files.FORMAT, "nodes": nodes})


def classifier_for(x: Array, labels: Sequence[str], *, head: str = "linear", seed: int = 0) -> Graph:
    """`classifier` for pictures x (N, C, H, W), with their mean and standard deviation in each channel."""
    mean, std = x.mean(axis=(0, 2, 3), dtype=np.float64), x.std(axis=(0, 2, 3), dtype=np.float64)
    shape = (x.shape[1], x.shape[2], x.shape[3])
    # A channel that is the same everywhere has a deviation of 0, by which nothing can be divided.
    return classifier(shape, labels, head=head, mean=mean, std=np.where(std > 0, std, 1), seed=seed)


def _each(values: Any, channels: int) -> list[float]:
    found = [float(values)] * channels if isinstance(values, (int, float)) else [float(v) for v in values]
    if len(found) != channels:
        text = "there are {1} numbers for {0} channel", "there are {1} numbers for {0} channels"
        what = count(channels, *text, len(found))
        raise ParameterError(what, "classifier", "give one for each", parameter="mean")
    return found


def _node(name: str, layer: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"name": name, "layer": layer, "params": params or {}}


def _body(channels: int, size: tuple[int, int], seed: int) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    side, number = min(size), 0
    # Two at least, or small pictures would get a network of a single convolution.
    while number < 2 or side >= SMALLEST:
        number += 1
        outputs = WIDTHS[min(number, len(WIDTHS)) - 1]
        weight = {"init": "kaiming_normal", "seed": seed + number, "shape": [outputs, channels, 3, 3]}
        bias = {"init": "zeros", "shape": [outputs]}
        nodes.append(_node(f"conv{number}", "conv2d", {"weight": weight, "bias": bias, "padding": 1}))
        nodes.append(_node(f"relu{number}", "relu"))
        if number >= 2 and side >= 2:
            nodes.append(_node(f"pool{number}", "max_pool2d", {"kernel_size": 2}))
            side //= 2
        channels = outputs
    return nodes


def _features(nodes: list[dict[str, Any]], shape: tuple[int, int, int]) -> tuple[int, ...]:
    """The shape of the output of the convolutions."""
    body = files.from_dict({"format": files.FORMAT, "nodes": nodes})
    return body.output_shapes(shape)[nodes[-1]["name"]]


def _head(head: str, maps: tuple[int, ...], names: list[str], seed: int) -> list[dict[str, Any]]:
    features = maps[0] if head == "average" else prod(maps)
    # Xavier, as no ReLU follows the scores. The convolutions have seed + 1 and on, so that no two draws are alike.
    weight = {"init": "xavier_uniform", "seed": seed, "shape": [len(names), features]}
    bias = {"init": "zeros", "shape": [len(names)]}
    nodes = [_node("average", "global_avg_pool2d")] if head == "average" else []
    return [
        *nodes,
        _node("flatten", "flatten"),
        _node("scores", "linear", {"weight": weight, "bias": bias}),
        _node("classes", "softmax", {"labels": names}),
    ]
