"""Dilation."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.morphology import SinglePass


class Dilation(SinglePass):
    """The largest value of the window around each cell: bright parts grow, dark ones shrink."""

    key: ClassVar[str] = "dilation"
    title: ClassVar[str] = "Dilation"
    search_words: ClassVar[str] = "morphology dilate maximum 形态学 膨胀"
    steps: ClassVar[tuple[str, ...]] = ("dilate",)
