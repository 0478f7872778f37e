"""Where tiles come from and where they go: any array, file or server that gives and takes rectangles."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from filterlab.fields.patches import Span
from filterlab.functional.arrays import Array, as_float


class PartSource(Protocol):
    """A picture that is read in parts, by one thread at a time. shape: (C, H, W)."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def read(self, rows: Span, cols: Span) -> Array:
        """The values (C, h, w) of half-open rows and columns inside the picture, float32 or float64."""
        ...


class PartSink(Protocol):
    """A map that is written in parts, which cover it without overlapping, from the top left to the bottom right."""

    def write(self, rows: Span, cols: Span, values: Array) -> None:
        """Take the values (C, h, w) of half-open rows and columns; all (features,) of a vector at once."""
        ...


class ArraySource:
    """A picture in memory, or mapped: any array (C, H, W) that can be sliced."""

    def __init__(self, array: Any) -> None:
        self._array = array if hasattr(array, "shape") else np.asarray(array)
        self.shape: tuple[int, ...] = tuple(self._array.shape)

    def read(self, rows: Span, cols: Span) -> Array:
        return as_float(self._array[:, slice(*rows), slice(*cols)], "picture", "the picture")


class ArraySink:
    """A map in memory. The array is made with the first part, whose dtype it has."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self.array: Array = np.empty(0, np.float32)

    def write(self, rows: Span, cols: Span, values: Array) -> None:
        if self.array.shape != self._shape:
            self.array = np.empty(self._shape, values.dtype)
        if values.ndim == 1:
            self.array[...] = values
        else:
            self.array[:, slice(*rows), slice(*cols)] = values
