"""The guided filter."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

import filterlab.functional as F
from filterlab.functional.arrays import Array
from filterlab.functional.filters.smoothing import coefficients
from filterlab.functional.geometry import Pair
from filterlab.layers.base.derived import explain_by_window
from filterlab.layers.base.layer import Arithmetic, Gradients
from filterlab.layers.base.symbols import equation
from filterlab.layers.base.window import Size, Window
from filterlab.layers.families.centred import Centred
from filterlab.parameters import Number


class Guided(Centred):
    """Each window's best line from a guide to the map, averaged: smooth where the guide is, sharp at its edges.

    The guide is the second input, or the map itself; He, Sun and Tang 2010.
    """

    key: ClassVar[str] = "guided"
    title: ClassVar[str] = "Guided filter"
    search_words: ClassVar[str] = "denoise smooth edge preserving matting 引导滤波 导向滤波 去噪 保边 平滑"
    group: ClassVar[str] = "smoothing"
    arity: ClassVar[tuple[int, int | None]] = (1, 2)

    eps: Annotated[
        float,
        Number(minimum=0, open_minimum=True, slider=(1e-4, 1)),
        Field(default=1e-2, description="Variance of the guide up to which a window counts as flat."),
    ]

    def sides(self) -> tuple[Pair, Pair]:
        # The lines of all windows that hold a cell, each of which sees its own window.
        (above, below), (left, right) = super().sides()
        return (above * 2, below * 2), (left * 2, right * 2)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        return super().windows(*sizes) * len(sizes)

    def _options(self, xs: tuple[Array, ...]) -> dict[str, Any]:
        return {"kernel_size": self.kernel_size, "eps": self.eps, "guide": xs[1] if len(xs) > 1 else None}

    def forward(self, *xs: Array) -> Array:
        return F.guided(xs[0], **self._options(xs))

    def backward(self, dy: Array, xs: tuple[Array, ...], y: Array) -> Gradients:
        found = F.guided_backward(dy, xs[0], **self._options(xs))
        return Gradients(found if len(xs) > 1 else (found[0] + found[1],), {})

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        lead = xs[-1].astype(np.float64)
        own = min(channel, lead.shape[1] - 1)
        a, b = (
            float(part[0, channel, row, col])
            for part in coefficients(xs[0], lead, self.kernel_size, self.eps)
        )
        value = y.dtype.type(lead[0, own, row, col])
        constants = {"a": a, "b": b}
        formula = equation("{a}·{g} + {b}", {"g": value, **constants}, y[0, channel, row, col])
        found = explain_by_window(self, xs, y, channel, row, col)
        return replace(found, formula=formula, constants=constants)
