"""Min pooling."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.pooling import ChoicePooling


class MinPool2d(ChoicePooling):
    """The smallest value of each window, channel by channel. Padding never wins; ties go to the first."""

    key: ClassVar[str] = "min_pool2d"
    title: ClassVar[str] = "Min pooling"
    search_words: ClassVar[str] = "pooling erosion 池化 最小池化 汇聚 腐蚀"
    rule: ClassVar[str] = "min"
