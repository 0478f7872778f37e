"""Log softmax layer."""

from __future__ import annotations

from typing import ClassVar

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Gradients
from filterlab.layers.families.class_scores import ClassScores


class LogSoftmax(ClassScores):
    """The natural logarithm of softmax, without its rounding."""

    key: ClassVar[str] = "log_softmax"
    title: ClassVar[str] = "Log softmax"
    template: ClassVar[str] = "{x} − {m} − ln({s})"

    def forward(self, *xs: Array) -> Array:
        return F.log_softmax(xs[0], self.batch_axis(xs[0]))

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        return Gradients((F.log_softmax_backward(dy, xs[0], self.batch_axis(xs[0])),), {})
