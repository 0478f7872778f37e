"""Softmax layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from filterlab.functional.prepared import InPlace, Prepared, followed
from filterlab.functional.softmax import place_softmax
from filterlab.layers.base.layer import Forward, Shape
from filterlab.layers.families.class_scores import ClassScores


class Softmax(ClassScores):
    """exp(x) over its sum along the axis: positive numbers that add up to 1."""

    key: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"
    search_words: ClassVar[str] = "probabilities classes normalised exponential 概率 分类 归一化指数"
    template: ClassVar[str] = "exp({x} − {m})/{s}"

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        return followed(Prepared(self.forward, place_softmax(self.options()["axis"])), then)
