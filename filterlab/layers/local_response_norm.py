"""Local response normalisation, of AlexNet and GoogLeNet."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Layer, Mask, Shape
from filterlab.layers.base.rules import read
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, Where, sum_exactly
from filterlab.parameters import Integer, Number


class LocalResponseNorm(Layer):
    """x / (k + alpha / size * sum of x^2 over `size` channels around)^beta; Krizhevsky et al. 2012."""

    key: ClassVar[str] = "local_response_norm"
    title: ClassVar[str] = "Local response normalisation"
    search_words: ClassVar[str] = "lrn local response normalization 局部响应归一化"
    stem: ClassVar[str] = "lrn"
    group: ClassVar[str] = "normalization"
    per_channel: ClassVar[bool] = False

    size: Annotated[
        int,
        Integer(minimum=1, slider=(1, 15), unit="channels", start=5),
        Field(description="Number of neighbouring channels that are summed."),
    ]
    alpha: Annotated[
        float, Number(slider=(0, 1e-2)), Field(default=1e-4, description="Factor of the sum of squares.")
    ]
    beta: Annotated[float, Number(slider=(0, 2)), Field(default=0.75, description="Exponent of the divisor.")]
    k: Annotated[float, Number(slider=(0, 5)), Field(default=1.0, description="Added to the sum of squares.")]

    def _around(self, channel: int, count: int) -> range:
        """The channels that are summed for one of `count` channels."""
        # An even size has its odd channel before, as in torch.
        return range(max(channel - self.size // 2, 0), min(channel + (self.size - 1) // 2 + 1, count))

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        found = np.zeros_like(channels)
        for channel in np.flatnonzero(channels):
            found[self._around(int(channel), len(channels))] = True
        return found

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        x, kind = xs[0], y.dtype.type
        cells = [Where(0, c, row, col) for c in self._around(channel, x.shape[1])]
        terms = tuple(Term(v, None, None, cell, share=v * v) for cell in cells for v in [read(x, cell)])
        total, result = sum_exactly(part.share or 0.0 for part in terms), y[0, channel, row, col]
        constants = {"k": self.k, "alpha": self.alpha, "n": float(self.size), "beta": self.beta}
        numbers = {
            "x": x[0, channel, row, col],
            "s": kind(total),
            **{k: kind(v) for k, v in constants.items()},
        }
        formula = equation("{x}/({k} + {alpha}/{n}·{s})^{beta}", numbers, result, {"s": "Σ x²"})
        return Arithmetic(
            self.title, terms, 0.0, float(result), "other", formula=formula, total=total, constants=constants
        )
