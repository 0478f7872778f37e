"""The standard deviation around each cell."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import declared_places, read
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, sum_exactly
from filterlab.layers.families.centred import Centred


class LocalDeviation(Centred):
    """The standard deviation of the values around each cell: where it is flat, 0; where there is texture, large."""

    key: ClassVar[str] = "local_deviation"
    title: ClassVar[str] = "Local deviation"
    search_words: ClassVar[str] = (
        "standard deviation variance contrast texture sharpness 局部标准差 方差 纹理 对比度"
    )
    group: ClassVar[str] = "statistics"

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = declared_places(self, 0, xs[0], channel, row, col)
        cells = [place.where for place in places if not place.where.padding]
        values = [read(xs[0], cell) for cell in cells]
        mean = sum_exactly(values) / len(values)
        shares = [(value - mean) ** 2 for value in values]
        terms = tuple(
            Term(value, None, None, cell, share=share)
            for value, cell, share in zip(values, cells, shares, strict=True)
        )
        result, total = y[0, channel, row, col], sum_exactly(shares)
        template = "√(Σ (x − {mean})²/{n})"
        formula = equation(template, {"mean": y.dtype.type(mean), "n": np.int64(len(values))}, result)
        return Arithmetic(self.title, terms, 0.0, float(result), "other", formula=formula, total=total)
