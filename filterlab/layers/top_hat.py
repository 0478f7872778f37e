"""Top-hat."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from filterlab.layers.families.morphology import Morphology
from filterlab.parameters import Flag


class TopHat(Morphology):
    """What an opening takes away: bright parts smaller than the window, on a ground of 0."""

    key: ClassVar[str] = "top_hat"
    title: ClassVar[str] = "Top-hat"
    search_words: ClassVar[str] = (
        "morphology white black tophat background uneven light 形态学 顶帽 礼帽 黑帽 背景"
    )
    steps: ClassVar[tuple[str, ...]] = ("erode", "dilate")

    dark: Annotated[
        bool,
        Flag(),
        Field(
            default=False,
            description="Show what a closing fills instead: dark parts smaller than the window.",
        ),
    ]
