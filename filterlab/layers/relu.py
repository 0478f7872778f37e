"""Rectified linear unit."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from filterlab.functional.activations import placed
from filterlab.functional.arrays import Array
from filterlab.functional.prepared import Change, InPlace
from filterlab.layers.families.elementwise import Elementwise, Written


class ReLU(Elementwise):
    """max(0, x), value by value; NaN passes. The gradient at 0 is 0."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    search_words: ClassVar[str] = "rectifier activation 激活 激活函数 整流 线性整流"
    locally_linear: ClassVar[bool] = True

    def pointwise(self, dtype: Any) -> InPlace:
        def change(values: Array, channels: slice) -> None:
            np.maximum(values, 0, out=values)

        place = placed("relu", dtype)
        return change if place is None else Change(change, place)

    def written(self, x: float, channel: int) -> Written:
        return "max(0, {x})", {}
