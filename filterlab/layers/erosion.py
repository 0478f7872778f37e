"""Erosion."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.morphology import SinglePass


class Erosion(SinglePass):
    """The smallest value of the window around each cell: bright parts shrink, dark ones grow."""

    key: ClassVar[str] = "erosion"
    title: ClassVar[str] = "Erosion"
    search_words: ClassVar[str] = "morphology erode minimum 形态学 腐蚀"
    steps: ClassVar[tuple[str, ...]] = ("erode",)
