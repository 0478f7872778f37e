"""Black and white by a fixed threshold."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.elementwise import Elementwise, Written
from filterlab.parameters import Number


class Binarize(Elementwise):
    """1 where x is above the threshold, else 0."""

    key: ClassVar[str] = "binarize"
    title: ClassVar[str] = "Binarise"
    search_words: ClassVar[str] = "binary threshold black white step 二值化 阈值 黑白"
    group: ClassVar[str] = "tones"
    differentiable: ClassVar[bool] = False

    threshold: Annotated[
        float,
        Number(slider=(-1, 1), start=0.5),
        Field(description="Values above this become 1."),
    ]

    def written(self, x: float, channel: int) -> Written:
        return "max(0, sign({x} − {t}))", {"t": self.threshold}
