"""Compass sets: one edge kernel, rotated into eight directions."""

from __future__ import annotations

import numpy as np

from filterlab.kernels.design import Kernel, choice, kernel

_GROUP = "compass"
_NAMES = ("N", "NW", "W", "SW", "S", "SE", "E", "NE")
_DIRECTION = choice(_NAMES, "The brighter side; each step turns counter-clockwise.")
# The outer cells of a 3x3 kernel, counter-clockwise from the top left: a rotation by 45 degrees moves each on by one.
_RING = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))


def _turned(north: list[list[float]], direction: str) -> Kernel:
    """The kernel for N, rotated to another direction; the centre stays."""
    result = np.array(north, float)
    ring = np.array([result[cell] for cell in _RING])
    for cell, value in zip(_RING, np.roll(ring, _NAMES.index(direction)), strict=True):
        result[cell] = value
    return result


@kernel(
    title="Kirsch",
    search_words="compass edge 边缘检测 方向",
    group=_GROUP,
    source="Kirsch 1971",
    formula="N: [[5, 5, 5], [-3, 0, -3], [-3, -3, -3]]",
    direction=_DIRECTION,
)
def kirsch(direction: str) -> Kernel:
    """Responds strongly to an edge whose bright side lies in one of eight directions."""
    return _turned([[5, 5, 5], [-3, 0, -3], [-3, -3, -3]], direction)


@kernel(
    title="Robinson",
    search_words="compass edge 边缘检测 方向",
    group=_GROUP,
    source="Robinson 1977, level 5",
    formula="N: [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]",
    direction=_DIRECTION,
)
def robinson(direction: str) -> Kernel:
    """Sobel's kernel in eight directions; opposite ones differ only in sign."""
    return _turned([[1, 2, 1], [0, 0, 0], [-1, -2, -1]], direction)


@kernel(
    title="Prewitt compass",
    search_words="edge 边缘检测 方向",
    group=_GROUP,
    source="Prewitt 1970",
    formula="N: [[1, 1, 1], [1, -2, 1], [-1, -1, -1]]",
    direction=_DIRECTION,
)
def prewitt_compass(direction: str) -> Kernel:
    """Prewitt's compass gradient."""
    return _turned([[1, 1, 1], [1, -2, 1], [-1, -1, -1]], direction)
