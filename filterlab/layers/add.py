"""Sum of maps, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from filterlab.functional.merging import prepared_add
from filterlab.functional.prepared import InPlace
from filterlab.layers.base.layer import Forward, Shape
from filterlab.layers.families.merging import WeightedSum


class Add(WeightedSum):
    """x1 + x2 + ..."""

    key: ClassVar[str] = "add"
    title: ClassVar[str] = "Sum"
    search_words: ClassVar[str] = "sum plus residual skip connection shortcut 相加 求和 残差 跳跃连接"

    def prepared(self, dtype: Any, *shapes: Shape, then: Sequence[InPlace] = ()) -> Forward:
        return prepared_add(then)

    def joined(self) -> InPlace:
        # Imported when it is needed, as it loads the compiler.
        from filterlab.functional.pointwise import added

        return added()
