"""Log softmax layer."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.class_scores import ClassScores


class LogSoftmax(ClassScores):
    """The natural logarithm of softmax, without its rounding."""

    key: ClassVar[str] = "log_softmax"
    title: ClassVar[str] = "Log softmax"
    search_words: ClassVar[str] = "log probabilities 对数概率"
    template: ClassVar[str] = "{x} − {m} − ln({s})"
    logarithm: ClassVar[bool] = True
