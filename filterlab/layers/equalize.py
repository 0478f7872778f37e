"""Histogram equalisation."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.tones.equalisation import tone_curve
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import read
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, Where
from filterlab.layers.families.whole_map import WholeMap
from filterlab.parameters import Integer


class Equalize(WholeMap):
    """The share of the values of its map below a value: each range of tones becomes as frequent as any other."""

    key: ClassVar[str] = "equalize"
    title: ClassVar[str] = "Histogram equalisation"
    search_words: ClassVar[str] = "equalize equalization contrast histogram tones 直方图均衡化 对比度"
    group: ClassVar[str] = "tones"
    differentiable: ClassVar[bool] = False

    bins: Annotated[
        int,
        Integer(minimum=2, maximum=65536, slider=(2, 1024), unit="bins"),
        Field(default=256, description="Number of ranges of values that are counted."),
    ]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        cell, result = Where(0, channel, row, col), y[0, channel, row, col]
        value = read(xs[0], cell)
        values, shares = tone_curve(xs[0][0, channel], self.bins)
        i = int(np.searchsorted(values, value))
        template, constants = "{s}", {"s": float(result)}
        if 0 < i < len(values):
            template = "{s} + ({x} − {v})/({w} − {v})·({t} − {s})"
            constants = dict(zip("vwst", (*values[i - 1 : i + 1], *shares[i - 1 : i + 1]), strict=True))
        formula = equation(template, {"x": y.dtype.type(value), **constants}, result)
        term = Term(value, None, None, cell)
        return Arithmetic(
            self.title, (term,), 0.0, float(result), "other", formula=formula, constants=constants
        )
