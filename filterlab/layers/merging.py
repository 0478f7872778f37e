"""What the layers share that join several maps, cell by cell."""

from __future__ import annotations

from typing import ClassVar

from filterlab.functional.merging import merged_shape
from filterlab.layers.base import Layer, Shape
from filterlab.layers.window import Size, Window, same_window, whole_window


class Merge(Layer):
    """Base of the merging layers. One channel may stand for all, and a map of 1x1 for all rows and columns.

    Where a size is not known the map is taken to be larger than 1x1, as maps of real pictures are.
    """

    group: ClassVar[str] = "merge"
    arity: ClassVar[tuple[int, int | None]] = (2, None)

    def output_shape(self, *shapes: Shape) -> Shape:
        return merged_shape(shapes, type(self).__name__)

    def windows(self, *sizes: Size) -> tuple[Window, ...]:
        known = [size for size in sizes if size is not None]
        if len(known) < len(sizes):
            return tuple(same_window(None) for _ in sizes)
        height, width = (max(ns) for ns in zip(*known, strict=True))
        return tuple(_spread((height, width)) if size == (1, 1) else same_window(size) for size in known)


def _spread(size: tuple[int, int]) -> Window:
    """Every output sees the one cell of a 1x1 map."""
    if size == (1, 1):
        return same_window(size)
    return whole_window(1, size[0]), whole_window(1, size[1])
