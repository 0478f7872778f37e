"""Sum of maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.merging import WeightedSum


class Add(WeightedSum):
    """x1 + x2 + ..."""

    key: ClassVar[str] = "add"
    title: ClassVar[str] = "Sum"
    search_words: ClassVar[str] = "sum plus residual skip connection shortcut 相加 求和 残差 跳跃连接"
