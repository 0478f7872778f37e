"""Kernels that keep the mean: their cells add up to 1."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np

from filterlab.kernels.design import Kernel, angle, choice, grid, kernel, number, size

_GROUP = "smoothing"


@kernel(
    title="Identity",
    search_words="unchanged delta 恒等 单位",
    group=_GROUP,
    source="definition",
    formula="1 in the middle, 0 elsewhere",
    size=size(3),
)
def identity(size: tuple[int, int]) -> Kernel:
    """Leaves the picture unchanged. For an even size, the centre is the cell after the middle."""
    result = np.zeros(size)
    result[size[0] // 2, size[1] // 2] = 1
    return result


@kernel(
    title="Box",
    search_words="mean average blur smooth 均值 平均 方框 模糊 平滑",
    group=_GROUP,
    source="definition",
    formula="1 / (h w)",
    size=size(3),
)
def box(size: tuple[int, int]) -> Kernel:
    """The mean of the window."""
    return np.full(size, 1 / (size[0] * size[1]))


_SIGMA = number(
    None,
    "Standard deviation in cells; by default 0.3 ((n - 1) / 2 - 1) + 0.8 for a side of n.",
    0.01,
    100,
    (0.3, 8),
    "cells",
)


@kernel(
    title="Gaussian",
    search_words="blur smooth 高斯 高斯模糊 平滑",
    group=_GROUP,
    source="Gauss; the default width is OpenCV's getGaussianKernel",
    formula="exp(-(x² + y²) / (2 σ²)), divided by the sum",
    size=size(5),
    sigma=_SIGMA,
    method=choice(
        ("sampled", "integrated"),
        ("The Gaussian sampled at the centre of each cell, or averaged over the cell."),
    ),
)
def gaussian(size: tuple[int, int], sigma: float | None, method: str) -> Kernel:
    """Smooths equally in all directions; separable."""
    rows, cols = (_bell(n, default_sigma(n) if sigma is None else sigma, method) for n in size)
    return np.outer(rows, cols)


def default_sigma(n: int) -> float:
    """The standard deviation that fits a side of n cells; the formula of OpenCV's getGaussianKernel."""
    return 0.3 * ((n - 1) * 0.5 - 1) + 0.8


def _bell(n: int, sigma: float, method: str) -> np.ndarray:
    x = np.arange(n) - (n - 1) / 2
    # The integral of the bell over a cell is a difference of the error function at its two edges.
    if method == "integrated":
        edges = [erf(e / (sigma * sqrt(2))) for e in (*(x - 0.5), x[-1] + 0.5)]
        values = np.diff(edges)
    else:
        # Relative to the innermost cells: with an even side none lies at the centre, and all values of a narrow bell
        # would underflow to 0.
        values = np.exp(-(x**2 - np.min(x**2)) / (2 * sigma**2))
    return values / values.sum()


@kernel(
    title="Disk",
    search_words="bokeh defocus blur 圆盘 散焦 模糊",
    group=_GROUP,
    source="definition; the part of each cell inside the circle, by 16 x 16 samples",
    formula="1 inside the radius, divided by the sum",
    size=size(7),
    radius=number(None, "By default half of the shorter side.", 0.25, 200, (0.5, 15), "cells"),
)
def disk(size: tuple[int, int], radius: float | None) -> Kernel:
    """The blur of a lens out of focus."""
    r = min(size) / 2 if radius is None else radius
    fine = 16
    y, x = ((np.arange(n * fine) - (n * fine - 1) / 2) ** 2 for n in size)
    # Squared distances in units of a sample, of which each cell has fine x fine.
    inside = y[:, None] + x <= (r * fine) ** 2
    result = inside.reshape(size[0], fine, size[1], fine).mean(axis=(1, 3))
    return result / result.sum()


@kernel(
    title="Motion blur",
    search_words="streak camera shake 运动模糊 拖影 抖动",
    group=_GROUP,
    source="definition; a line of width 1, each cell weighted by its distance from it",
    formula="max(0, 1 - distance from the line), divided by the sum",
    size=size(9),
    theta=angle(),
    length=number(None, "By default the shorter side.", 1, 255, (1, 31), "cells"),
)
def motion_blur(size: tuple[int, int], theta: float, length: float | None) -> Kernel:
    """The blur of a camera that moved in a straight line."""
    y, x = grid(size)
    reach = ((min(size) if length is None else length) - 1) / 2
    # Angles are counter-clockwise while y grows downwards: the sign of y is turned.
    along = x * np.cos(theta) - y * np.sin(theta)
    across = x * np.sin(theta) + y * np.cos(theta)
    # Distance from a segment: beyond its ends, that from the end.
    beyond = np.maximum(np.abs(along) - reach, 0)
    result = np.maximum(1 - np.hypot(across, beyond), 0)
    return result / result.sum()
