"""Log softmax layer."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.class_scores import ClassScores


class LogSoftmax(ClassScores):
    """The natural logarithm of softmax, without its rounding."""

    key: ClassVar[str] = "log_softmax"
    title: ClassVar[str] = "Log softmax"
    template: ClassVar[str] = "{x} − {m} − ln({s})"
