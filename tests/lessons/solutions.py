"""A solution of every exercise, and hand-ins that are typically wrong, with words of the sentence that they get."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import filterlab as fl
from filterlab.resources import examples

ROW = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]


def chain(*layers: fl.layers.Layer) -> fl.Pipeline:
    return fl.Pipeline(layers)


def filtered(kernel: object, **options: object) -> fl.Pipeline:
    return chain(fl.Filter2d(kernel=kernel, **options))


def conv(outputs: int, inputs: int, size: int, **options: object) -> fl.Conv2d:
    weight = np.random.default_rng(0).normal(0, 0.3, (outputs, inputs, size, size))
    return fl.Conv2d(weight=weight, **options)


def dot_filter() -> fl.Pipeline:
    """A dot less its surroundings, which are five wide: inside the bar and along its edges little is left."""
    kernel = np.full((7, 7), -1.0)
    kernel[1:6, 1:6] = 0
    kernel[2:5, 2:5] = 24 / 9
    return filtered(kernel, padding="same", padding_mode="replicate")


SOLUTIONS: dict[str, Callable[[], fl.Pipeline]] = {
    "running-mean": lambda: filtered([[1 / 3, 1 / 3, 1 / 3, 0, 0]]),
    "shift-right": lambda: filtered([[1, 0, 0, 0, 0]]),
    "negative": lambda: chain(fl.Conv2d(weight=[[[[-1]]]], bias=[1])),
    "hidden-kernel": lambda: chain(fl.Conv2d(weight=[[[[1, -2], [3, 1]]]])),
    "keep-size": lambda: chain(conv(1, 1, 5, padding=2)),
    "quarter": lambda: chain(conv(1, 1, 7, stride=4, padding=3)),
    "halve": lambda: chain(conv(1, 1, 3, stride=2, padding=1)),
    "see-far": lambda: chain(
        conv(1, 1, 3, padding=1),
        fl.MaxPool2d(2),
        conv(1, 1, 3, padding=1),
        fl.MaxPool2d(2),
        conv(1, 1, 3, padding=1),
        fl.MaxPool2d(2),
        conv(1, 1, 3, padding=1),
    ),
    "field-nine": lambda: chain(conv(4, 3, 3), fl.ReLU(), conv(4, 4, 3), conv(4, 4, 3), conv(1, 4, 3)),
    "luminance": lambda: chain(fl.Conv2d(weight=[[[[0.299]], [[0.587]], [[0.114]]]])),
    "two-directions": lambda: chain(
        fl.Conv2d(
            weight=[[[[0, 0, 0], [-1, 0, 1], [0, 0, 0]]], [[[0, -1, 0], [0, 0, 0], [0, 1, 0]]]], padding=1
        )
    ),
    "exchange": lambda: chain(fl.Conv2d(weight=np.eye(3)[::-1].reshape(3, 3, 1, 1).copy())),
    "xor": lambda: chain(
        fl.Conv2d(weight=[[[[1]], [[-1]]], [[[-1]], [[1]]]]), fl.ReLU(), fl.Conv2d(weight=[[[[1]], [[1]]]])
    ),
    "cheaper-five": lambda: chain(conv(4, 16, 1), conv(16, 4, 5, padding=2)),
    "smallest-by-largest": lambda: chain(
        fl.Filter2d(kernel=[[-1]]), fl.MaxPool2d(2), fl.Filter2d(kernel=[[-1]])
    ),
    "means": lambda: chain(fl.GlobalAvgPool2d(), fl.Flatten()),
    "seven-by-seven": lambda: chain(fl.AdaptiveAvgPool2d(7)),
    "small-network": lambda: chain(
        conv(4, 1, 5), fl.ReLU(), fl.MaxPool2d(2), conv(8, 4, 3), fl.MaxPool2d(2), fl.Flatten(), linear(200)
    ),
    "find-dots": dot_filter,
    "vertical-edges": lambda: chain(fl.Filter2d(kernel=fl.kernels.sobel(3)), fl.Abs()),
    "odd-kernel": lambda: filtered([[-1, 0, 1]]),
    "split": lambda: chain(fl.Filter2d(kernel=[ROW]), fl.Filter2d(kernel=[[w] for w in ROW])),
    "denoise": lambda: filtered(fl.kernels.gaussian(3, sigma=0.8), padding="same", padding_mode="replicate"),
    "denoise-more": lambda: fl.Pipeline.load(examples()["denoiser"]),
    "digits": lambda: fl.Pipeline.load(examples()["digits"]),
}


def linear(inputs: int) -> fl.Linear:
    return fl.Linear(weight=np.random.default_rng(1).normal(0, 0.1, (10, inputs)))


# Exercise, hand-in, and words of the reason.
WRONG: list[tuple[str, Callable[[], fl.Pipeline], str]] = [
    ("running-mean", lambda: filtered([[0, 0, 1 / 3, 1 / 3, 1 / 3]]), "% of the values are wrong"),
    ("running-mean", lambda: filtered([[1, 1, 1, 0, 0]]), "3 times what they should be"),
    ("shift-right", lambda: filtered([[0, 0, 0, 0, 1]]), "% of the values are wrong"),
    ("negative", lambda: chain(fl.Conv2d(weight=[[[[-1]]]])), "but for a constant that is added: −1"),
    ("negative", lambda: chain(fl.Conv2d(weight=[[[[1]]]]), fl.ReLU()), "'relu1' is not one of the layers"),
    ("hidden-kernel", lambda: chain(fl.Conv2d(weight=[[[[1, 3], [-2, 1]]]])), "are wrong on a picture"),
    ("keep-size", lambda: chain(conv(1, 1, 5)), "1 x 20 x 20 becomes 1 x 16 x 16"),
    ("keep-size", lambda: chain(conv(1, 1, 3, padding=1)), "9 parameters"),
    ("quarter", lambda: chain(conv(1, 1, 7, stride=4)), "becomes 1 x 55 x 55"),
    ("halve", lambda: chain(conv(1, 1, 3, stride=2)), "1 x 32 x 32 becomes 1 x 15 x 15"),
    ("see-far", lambda: chain(conv(1, 1, 33, padding=16)), "1,089 parameters"),
    ("field-nine", lambda: chain(conv(8, 3, 3), conv(8, 8, 3)), "receptive field is 5 x 5, and should be 9"),
    ("luminance", lambda: chain(fl.Conv2d(weight=np.full((1, 3, 1, 1), 1 / 3))), "% of the values are wrong"),
    ("two-directions", lambda: filtered([[-1, 0, 1]]), "becomes 1 x 10 x 16, and should become 2 x 10 x 16"),
    ("exchange", lambda: chain(conv(3, 3, 3, padding=1)), "8,100 multiply-adds"),
    ("xor", lambda: chain(fl.Conv2d(weight=[[[[1]], [[-1]]]]), fl.ReLU()), "% of the values are wrong"),
    ("cheaper-five", lambda: chain(conv(16, 16, 5, padding=2)), "6,553,600 multiply-adds"),
    ("smallest-by-largest", lambda: chain(fl.MinPool2d(2)), "not one of the layers"),
    ("smallest-by-largest", lambda: chain(fl.MaxPool2d(2)), "% of the values are wrong"),
    ("means", lambda: chain(fl.GlobalAvgPool2d()), "becomes 3 x 1 x 1, and should become 3"),
    ("seven-by-seven", lambda: chain(fl.MaxPool2d(32)), "100 x 37 becomes 3 x 3 x 1"),
    ("small-network", lambda: chain(fl.Flatten(), linear(784)), "7,840 parameters"),
    ("find-dots", lambda: filtered(fl.kernels.gaussian(3, sigma=1.0)), "lie on 0 dots"),
    ("vertical-edges", lambda: filtered(fl.kernels.sobel(3)), "and should be positive"),
    (
        "vertical-edges",
        lambda: chain(fl.Filter2d(kernel=fl.kernels.sobel(3).T.copy()), fl.Abs()),
        "is 0, and should be positive",
    ),
    ("odd-kernel", lambda: filtered([[1, 0, 1]]), "a flat picture of 0.25 becomes 0.5"),
    ("odd-kernel", lambda: filtered([[1, -2, 1]]), "the sign does not turn"),
    ("odd-kernel", lambda: chain(fl.Filter2d(kernel=[[-1, 0, 1]]), fl.ReLU()), "it is not linear"),
    ("split", lambda: filtered(np.outer(ROW, ROW)), "10,000 multiply-adds"),
    ("split", lambda: chain(fl.Filter2d(kernel=[ROW])), "% of the values are wrong"),
    ("denoise", lambda: filtered(fl.kernels.gaussian(25, sigma=8.0)), "and should rise by 3"),
    ("denoise-more", lambda: filtered(fl.kernels.gaussian(3, sigma=0.8)), "and should rise by 6"),
    (
        "digits",
        lambda: fl.Pipeline.load(examples()["digits-untrained"]),
        "get the right class, and 90 % should",
    ),
]
