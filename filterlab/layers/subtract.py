"""Difference of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.merging import WeightedSum


class Subtract(WeightedSum):
    """x1 - x2."""

    key: ClassVar[str] = "subtract"
    title: ClassVar[str] = "Difference"
    search_words: ClassVar[str] = "minus difference 相减 差 减法"
    stem: ClassVar[str] = "sub"
    arity: ClassVar[tuple[int, int | None]] = (2, 2)
    sign: ClassVar[str] = " − "

    def weights(self, count: int) -> tuple[float, ...]:
        return 1.0, -1.0
