"""The bilateral filter."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import declared_places, sum_of_products
from filterlab.layers.base.terms import Term, weighed
from filterlab.layers.families.centred import Centred
from filterlab.parameters import Number


class Bilateral(Centred):
    """The mean of the window, in which near and similar cells count most: noise goes, edges stay."""

    key: ClassVar[str] = "bilateral"
    title: ClassVar[str] = "Bilateral filter"
    search_words: ClassVar[str] = "denoise smooth edge preserving 双边滤波 去噪 保边 平滑"
    group: ClassVar[str] = "smoothing"
    per_channel: ClassVar[bool] = False
    colours: ClassVar[str] = "kept"

    sigma_space: Annotated[
        float,
        Number(minimum=0, open_minimum=True, slider=(0.1, 10), unit="cells"),
        Field(default=2.0, description="Distance in cells at which a weight has fallen to 61 %."),
    ]
    sigma_value: Annotated[
        float,
        Number(minimum=0, open_minimum=True, slider=(0.01, 1)),
        Field(
            default=0.1,
            description="Difference of values, in all channels, at which a weight has fallen to 61 %.",
        ),
    ]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        x = xs[0][0].astype(np.float64)
        places = [
            place.where
            for place in declared_places(self, 0, xs[0], channel, row, col)
            if not place.where.padding
        ]
        rows, cols = (np.array([getattr(cell, name) for cell in places]) for name in ("row", "col"))
        apart = np.square(x[:, rows, cols] - x[:, row, col, None]).sum(axis=0)
        far = (rows - row) ** 2 + (cols - col) ** 2
        weights = np.exp(far / (-2 * self.sigma_space**2)) * np.exp(apart / (-2 * self.sigma_value**2))
        shares = (weights / weights.sum()).tolist()
        # The other channels are read for the weights, and add nothing themselves.
        terms = [
            Term(value, share, weighed(value, share), cell._replace(channel=c))
            for c in range(len(x))
            for cell, value, share in zip(
                places,
                x[c, rows, cols].tolist(),
                shares if c == channel else [0.0] * len(places),
                strict=True,
            )
        ]
        return sum_of_products(self.title, terms, 0.0, y[0, channel, row, col])
