"""Canny's edges."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.errors import ParameterError
from filterlab.functional.arrays import Array
from filterlab.functional.filters.edges import thin_gradient
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import read
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.terms import Term, Where
from filterlab.layers.families.whole_map import WholeMap
from filterlab.parameters import Number
from filterlab.text.messages import say


class Canny(WholeMap):
    """1 on edges one cell wide, else 0: smoothing, Sobel's gradient, thinning, and two thresholds; Canny 1986."""

    key: ClassVar[str] = "canny"
    title: ClassVar[str] = "Canny edges"
    search_words: ClassVar[str] = "edge detector hysteresis contour Canny 边缘检测 轮廓"
    group: ClassVar[str] = "edges"
    # Of the whole map, because an edge goes on as far as its weak parts hang together.
    differentiable: ClassVar[bool] = False

    low: Annotated[
        float,
        Number(minimum=0, slider=(0, 2)),
        Field(default=0.1, description="Length of the gradient from which on a cell may belong to an edge."),
    ]
    high: Annotated[
        float,
        Number(minimum=0, slider=(0, 4)),
        Field(
            default=0.2, description="Length of the gradient that makes an edge; weaker ones must touch it."
        ),
    ]
    sigma: Annotated[
        float,
        Number(minimum=0, slider=(0, 5), unit="cells"),
        Field(default=1.0, description="Standard deviation of the Gaussian that smooths first; 0 for none."),
    ]

    def check(self) -> None:
        if self.high < self.low:
            what = say("high is {} and low {}", self.high, self.low)
            raise ParameterError(what, hint="make high at least as large as low", parameter="high")

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        cell, result = Where(0, channel, row, col), y[0, channel, row, col]
        length = float(thin_gradient(xs[0][0, channel], self.sigma)[row, col])
        term = Term(read(xs[0], cell), None, None, cell)
        constants = {"length": length, "low": self.low, "high": self.high}
        # A thinned length of 0 is no edge, whatever the thresholds are.
        template, numbers = "0", {}
        if length:
            weak = self.low <= length < self.high
            template = "{j}·(1 − max(0, sign({t} − {g})))" if weak else "1 − max(0, sign({t} − {g}))"
            numbers = {"j": result, "t": self.high if length >= self.high else self.low, "g": length}
        symbols = {"j": "joined", "t": "high" if length >= self.high else "low", "g": "length"}
        formula = equation(template, numbers, result, symbols)
        return Arithmetic(
            self.title, (term,), 0.0, float(result), "other", formula=formula, constants=constants
        )
