"""Opening."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.morphology import TwoPasses


class Opening(TwoPasses):
    """Erosion, then dilation: bright parts smaller than the window go, larger ones keep their size."""

    key: ClassVar[str] = "opening"
    title: ClassVar[str] = "Opening"
    search_words: ClassVar[str] = "morphology open specks 形态学 开运算"
    steps: ClassVar[tuple[str, ...]] = ("erode", "dilate")
