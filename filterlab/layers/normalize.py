"""Normalisation of pictures by constants."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.memory import Workspace
from filterlab.functional.prepared import Call, Change, InPlace
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Arithmetic, Layer, need_channels
from filterlab.layers.base.rules import linear
from filterlab.layers.base.terms import Where
from filterlab.text.messages import say


class Normalize(Layer):
    """(x - mean) / std with the numbers of each channel: how a trained network expects its picture."""

    key: ClassVar[str] = "normalize"
    title: ClassVar[str] = "Normalise"
    search_words: ClassVar[str] = "standardize mean std preprocessing imagenet 标准化 归一化 预处理"
    group: ClassVar[str] = "normalization"
    locally_linear: ClassVar[bool] = True

    mean: Annotated[
        Array,
        Tensor(axes=("channels",), trainable=False, start=0.5),
        Field(description="Number subtracted from each channel."),
    ]
    std: Annotated[
        Array,
        Tensor(axes=("channels",), trainable=False, start=0.5),
        Field(description="Divisor of each channel, not 0."),
    ]

    def check(self) -> None:
        if self.shape_of("mean") != self.shape_of("std"):
            what = say("mean has {} number(s), std {}", self.shape_of("mean")[0], self.shape_of("std")[0])
            raise ParameterError(what, hint="give each one number per channel", parameter="std")
        # This makes the numbers of a recipe at once; the list is short, one number for each channel.
        if not self.std.all():
            raise ParameterError("std holds 0", hint="give numbers other than 0", parameter="std")

    def output_channels(self, *channels: int) -> int:
        need_channels(channels[0], self.shape_of("mean")[0], self, "mean has one number for each channel")
        return channels[0]

    def pointwise(self, dtype: Any) -> InPlace:
        # The steps of `F.normalize`, whose digits these are.
        mean, std = (values.astype(dtype, copy=False)[:, None, None] for values in (self.mean, self.std))

        def change(values: Array, channels: slice) -> None:
            values -= mean[channels]
            values /= std[channels]

        def place(space: Workspace, x: Array) -> tuple[Array, list[Call]]:
            y = space.empty(x.shape, dtype)
            return y, [lambda: np.divide(np.subtract(x, mean, out=y), std, out=y)]

        return Change(change, place)

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        mean, std = float(self.mean[channel]), float(self.std[channel])
        cell, constants = Where(0, channel, row, col), {"mean": mean, "std": std}
        result = y[0, channel, row, col]
        return linear(
            self.title, xs[0], cell, 1 / std, -mean / std, "({x} − {mean})/{std}", constants, result
        )
