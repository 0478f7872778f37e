"""Pictures that are made by seed: what exercises are tested on, and what nobody can have looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from filterlab.functional.arrays import Array

Side = Annotated[int, Field(ge=1, le=512)]
Extent = tuple[Annotated[int, Field(ge=1, le=64)], Side, Side]  # (C, H, W)
Make = Callable[[np.random.Generator, Extent], Array]

_APART = 9  # pixels between two dots, at least
_INSET = 6  # pixels between dots and the frame, at least


class ExercisePart(BaseModel):
    """A part of an exercise's file."""

    # Forbidden, because a misspelt key would otherwise be passed over in silence.
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeededPicture(ExercisePart):
    """A picture of one of the sorts in `SORTS`, float32 (C, H, W), the same for the same seed."""

    sort: str
    shape: Extent
    seed: int = 0

    def pixels(self) -> Array:
        """The values. Raises ValueError for a sort that there is not."""
        if self.sort not in SORTS:
            raise ValueError(f"there is no sort of picture {self.sort!r}: one of {', '.join(SORTS)}")
        made = SORTS[self.sort](np.random.default_rng(self.seed), self.shape)
        return np.ascontiguousarray(made, np.float32)


def _noise(rng: np.random.Generator, shape: Extent) -> Array:
    """Independent values from 0 to 1: no two kernels give the same map."""
    return rng.random(shape)


def _bits(rng: np.random.Generator, shape: Extent) -> Array:
    """Zeros and ones."""
    return rng.integers(0, 2, shape)


def _patches(rng: np.random.Generator, shape: Extent) -> Array:
    """Overlapping rectangles of even brightness over a slope: areas and edges, as photographs have them."""
    channels, height, width = shape
    rows, cols = np.mgrid[0:height, 0:width]
    made = np.broadcast_to(0.2 + 0.6 * (rows / height + cols / width) / 2, shape).copy()
    for _ in range(max(4, height * width // 400)):
        top, left = rng.integers(0, height), rng.integers(0, width)
        tall, wide = rng.integers(5, max(6, height // 2)), rng.integers(5, max(6, width // 2))
        made[:, top : top + tall, left : left + wide] = rng.random((channels, 1, 1))
    return made


def _upright(rng: np.random.Generator, shape: Extent) -> Array:
    """Vertical stripes, each at least 5 wide and of a brightness of its own."""
    channels, height, width = shape
    row = np.empty(width)
    place, level = 0, 0.5
    while place < width:
        step = rng.uniform(0.2, 0.45)
        # Up where there is room, else down, so that neighbouring stripes always differ by that much.
        level = level + step if level + step <= 1 else level - step
        wide = int(rng.integers(5, 9))
        row[place : place + wide] = level
        place += wide
    return np.broadcast_to(row, (channels, height, width))


def _lying(rng: np.random.Generator, shape: Extent) -> Array:
    """Horizontal stripes."""
    channels, height, width = shape
    return _upright(rng, (channels, width, height)).swapaxes(1, 2)


def _dots(rng: np.random.Generator, shape: Extent) -> Array:
    """Dots 3 wide, at the places of `dot_places`, below a bar that is higher and brighter, and a little noise."""
    made = np.full(shape, 0.2)
    for row, col in dot_places(rng, shape):
        made[:, row - 1 : row + 2, col - 1 : col + 2] += [[0.3, 0.4, 0.3], [0.4, 0.5, 0.4], [0.3, 0.4, 0.3]]
    # From frame to frame: the corners of a bar would answer more than dots to every linear filter.
    made[:, 6:14] = 0.95
    return made + rng.normal(0, 0.01, shape)


def dot_places(rng: np.random.Generator, shape: Extent) -> list[tuple[int, int]]:
    """Rows and columns of five dots below the bar."""
    # The first draws of the generator, so that the same seed gives the places once more.
    places: list[tuple[int, int]] = []
    for _ in range(1000):
        row = int(rng.integers(14 + _INSET, shape[1] - _INSET))
        col = int(rng.integers(_INSET, shape[2] - _INSET))
        if all(max(abs(row - r), abs(col - c)) >= _APART for r, c in places):
            places.append((row, col))
        if len(places) == 5:
            break
    return places


SORTS: dict[str, Make] = {
    "noise": _noise,
    "bits": _bits,
    "patches": _patches,
    "upright": _upright,
    "lying": _lying,
    "dots": _dots,
}
