"""Softmax layer."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.class_scores import ClassScores


class Softmax(ClassScores):
    """exp(x) over its sum along the axis: positive numbers that add up to 1."""

    key: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"
    search_words: ClassVar[str] = "probabilities classes normalised exponential 概率 分类 归一化指数"
    template: ClassVar[str] = "exp({x} − {m})/{s}"
