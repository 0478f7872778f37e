"""Closing."""

from __future__ import annotations

from typing import ClassVar

from filterlab.layers.families.morphology import TwoPasses


class Closing(TwoPasses):
    """Dilation, then erosion: dark parts smaller than the window go, larger ones keep their size."""

    key: ClassVar[str] = "closing"
    title: ClassVar[str] = "Closing"
    search_words: ClassVar[str] = "morphology close holes gaps 形态学 闭运算"
    steps: ClassVar[tuple[str, ...]] = ("dilate", "erode")
