"""Contrast-limited adaptive histogram equalisation."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.functional.geometry import Pair
from filterlab.functional.tones.equalisation import tile_curves
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import read
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, Where
from filterlab.layers.families.whole_map import WholeMap
from filterlab.parameters import Integer, Number, Pairs


class CLAHE(WholeMap):
    """Histogram equalisation in tiles, with limited contrast: detail in dark and in bright parts; Zuiderveld 1994."""

    key: ClassVar[str] = "clahe"
    title: ClassVar[str] = "Adaptive equalisation (CLAHE)"
    search_words: ClassVar[str] = "contrast limited local histogram equalization 自适应直方图均衡化 对比度"
    group: ClassVar[str] = "tones"
    differentiable: ClassVar[bool] = False

    tiles: Annotated[
        Pair,
        Pairs(minimum=1, slider=(1, 32), unit="tiles"),
        Field(default=(8, 8), description="Number of tiles from top to bottom and from left to right."),
    ]
    clip: Annotated[
        float,
        Number(minimum=1, slider=(1, 40)),
        Field(
            default=4.0,
            description="A bin counts up to this many times the mean: the larger, the more contrast.",
        ),
    ]
    bins: Annotated[
        int,
        Integer(minimum=2, maximum=65536, slider=(2, 1024), unit="bins"),
        Field(default=256, description="Number of ranges of values that are counted."),
    ]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        cell, result = Where(0, channel, row, col), y[0, channel, row, col]
        value = read(xs[0], cell)
        curves = tile_curves(xs[0][0, channel], self.tiles, self.clip, self.bins)
        (top, bottom, u), (left, right, v) = curves.beside(0, row), curves.beside(1, col)
        shares = [
            float(np.interp(value, curves.values, curves.shares[i, j]))
            for i in (top, bottom)
            for j in (left, right)
        ]
        constants = {**dict(zip("pqrs", shares, strict=True)), "u": u, "v": v}
        template = "(1 − {u})·((1 − {v})·{p} + {v}·{q}) + {u}·((1 − {v})·{r} + {v}·{s})"
        term = Term(value, None, None, cell)
        # Rounded to the dtype of the map: the line would be too long for the window with all their digits.
        shown = {name: y.dtype.type(number) for name, number in constants.items()}
        formula = equation(template, shown, result)
        return Arithmetic(
            self.title, (term,), 0.0, float(result), "other", formula=formula, constants=constants
        )
