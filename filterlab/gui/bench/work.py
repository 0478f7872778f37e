"""The picture and the pipeline as one immutable value, which undo, recovery and threads can hold. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlab.images.parts.levels import PictureLevels
from filterlab.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from filterlab.interop.importing import LeftOut


# Without `eq`: pictures are told apart by identity, and arrays have no single truth value to compare by.
@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that was opened or pasted. pixels: read-only float32 (C, H, W), usually in [0, 1].

    One that is larger than memory has `PictureLevels` for pixels, which refuse to be taken for an array. name: what the
    window calls it. path: its file, None where it has none (pasted).
    """

    name: str
    pixels: NDArray[Any]
    path: Path | None = None

    def __post_init__(self) -> None:
        if self.large:
            return
        # Through a view, so that the caller's own array stays writeable.
        view = self.pixels.view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    def move(self, pixels: NDArray[Any]) -> None:
        """Hold the same numbers in another array from now on: one that is mapped from the disk, for example."""
        # The class is frozen for its users; the numbers stay the same, so that its value does not change.
        object.__setattr__(self, "pixels", pixels)

    @property
    def large(self) -> bool:
        """Whether it is larger than memory, so that only parts of it can be had."""
        return isinstance(self.pixels, PictureLevels)

    @property
    def seen(self) -> NDArray[Any]:
        """What is in memory of it: all of it, or a reduced one where it is larger than memory."""
        pixels: NDArray[Any] = self.pixels.base if isinstance(self.pixels, PictureLevels) else self.pixels
        return pixels

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width)."""
        channels, height, width = self.pixels.shape
        return channels, height, width


@dataclass(frozen=True)
class Work:
    """A picture and a pipeline. path: the pipeline's file, None where it was never saved.

    title: what a pipeline without a file is called: that of an example, "" for one that the person has begun.
    left_out: what the file holds besides, which no layer carries. origin: the same object in all edits of one pipeline,
    so that its nodes are not taken for those of another one that happen to have the same names. bare: whether there is
    only a picture on purpose, as before a prediction in a lesson. command: the words of the command that repeats the
    edit which led here, where there is one. painted: by node, the marks on its spectrum that are no layer yet.
    """

    pipeline: Pipeline = field(default_factory=Pipeline)
    picture: Picture | None = None
    path: Path | None = None
    title: str = ""
    left_out: Sequence[LeftOut] = field(default=(), compare=False)
    origin: object = field(default_factory=object, compare=False)
    bare: bool = field(default=False, compare=False)
    command: tuple[str, ...] = field(default=(), compare=False)
    painted: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """What the pipeline is called: as its file, else by its title; "" where it has neither."""
        return self.path.name if self.path is not None else self.title

    def replace(self, **changes: Any) -> Work:
        """The same with some parts changed."""
        return replace(self, **changes)
