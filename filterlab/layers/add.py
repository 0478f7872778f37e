"""Sum of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.merging import WeightedSum


class Add(WeightedSum):
    """x1 + x2 + ..."""

    key: ClassVar[str] = "add"
    title: ClassVar[str] = "Sum"
