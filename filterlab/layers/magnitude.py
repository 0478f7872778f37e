"""Magnitude of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic
from filterlab.layers.base.rules import at, norm
from filterlab.layers.families.merging import Merge


class Magnitude(Merge):
    """sqrt(x1^2 + x2^2 + ...): of two derivatives, the strength of an edge."""

    key: ClassVar[str] = "magnitude"
    title: ClassVar[str] = "Magnitude"
    search_words: ClassVar[str] = "modulus length gradient magnitude 幅值 模 梯度幅值"
    stem: ClassVar[str] = "mag"

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        places = self.places(xs, channel, row, col)
        return norm(self.title, places, xs, 2, 1, y[at(y, channel, row, col)])
