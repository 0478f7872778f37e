"""Max pooling."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.pooling import ChoicePooling


class MaxPool2d(ChoicePooling):
    """The largest value of each window, channel by channel. Padding never wins; ties go to the first."""

    key: ClassVar[str] = "max_pool2d"
    title: ClassVar[str] = "Max pooling"
    search_words: ClassVar[str] = "pooling subsampling downsampling 池化 池化层 最大池化 最大汇聚 汇聚 下采样"
    rule: ClassVar[str] = "max"
