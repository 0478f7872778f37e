"""Derivatives: kernels whose cells add up to 0, and that respond to edges."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np

from filterlab.kernels.design import (
    Kernel,
    angle,
    choice,
    flag,
    grid,
    kernel,
    number,
    size,
    square,
)
from filterlab.kernels.smoothing import default_sigma

_GROUP = "edges"
_BINOMIAL_MOST = 61  # the product of two central binomial coefficients of a larger size overflows float32
_AXIS = choice(
    ("x", "y"),
    (
        "x responds to vertical edges that are brighter to the right, y to "
        "horizontal edges that are brighter below."
    ),
)
_UNIT = flag(False, "Divide, so that a ramp that rises by 1 per cell gives 1.")


def _derivative(smoothing: np.ndarray, slope: np.ndarray, axis: str, normalized: bool) -> Kernel:
    result = np.outer(smoothing, slope)
    if normalized:
        # By the response to a ramp of 1 per cell. As the slope adds up to 0, it does not matter where the ramp begins.
        result = result / (smoothing.sum() * np.dot(slope, np.arange(len(slope))))
    return result if axis == "x" else result.T


def _binomial(n: int) -> np.ndarray:
    return np.array([comb(n - 1, k) for k in range(n)], float)


def _slope(n: int) -> np.ndarray:
    """A central difference of n cells, smoothed by a binomial: (-1, 0, 1) for 3, (-1, -2, 0, 2, 1) for 5."""
    return np.convolve(_binomial(n - 2), [-1.0, 0.0, 1.0])


@kernel(
    title="Sobel",
    search_words="edge detection gradient derivative 边缘检测 梯度 索贝尔",
    group=_GROUP,
    source="Sobel and Feldman 1968; larger sizes by repeated binomial smoothing, as OpenCV",
    formula="binomial ⊗ smoothed central difference; size 3: (1, 2, 1) ⊗ (-1, 0, 1)",
    size=square(_BINOMIAL_MOST),
    axis=_AXIS,
    normalized=_UNIT,
)
def sobel(size: int, axis: str, normalized: bool) -> Kernel:
    """First derivative along one axis, smoothed across it."""
    return _derivative(_binomial(size), _slope(size), axis, normalized)


@kernel(
    title="Scharr",
    search_words="edge detection gradient 边缘检测 梯度",
    group=_GROUP,
    source="Scharr 2000; larger sizes smooth the 3x3 kernel with a binomial",
    formula="(3, 10, 3) ⊗ (-1, 0, 1)",
    size=square(_BINOMIAL_MOST),
    axis=_AXIS,
    normalized=_UNIT,
)
def scharr(size: int, axis: str, normalized: bool) -> Kernel:
    """Like Sobel, with a more accurate gradient direction."""
    smoothing = np.convolve(_binomial(size - 2), [3.0, 10.0, 3.0])
    return _derivative(smoothing, _slope(size), axis, normalized)


@kernel(
    title="Prewitt",
    search_words="edge detection gradient 边缘检测 梯度",
    group=_GROUP,
    source="Prewitt 1970; larger sizes fit a plane: box ⊗ ramp",
    formula="(1, ..., 1) ⊗ (-r, ..., 0, ..., r); size 3: (1, 1, 1) ⊗ (-1, 0, 1)",
    size=square(),
    axis=_AXIS,
    normalized=_UNIT,
)
def prewitt(size: int, axis: str, normalized: bool) -> Kernel:
    """The slope of the plane that best fits the window, up to a factor."""
    return _derivative(np.ones(size), np.arange(size) - (size - 1) / 2, axis, normalized)


@kernel(
    title="Roberts cross",
    search_words="edge detection gradient 边缘检测 梯度",
    group=_GROUP,
    source="Roberts 1963",
    formula="[[1, 0], [0, -1]] and [[0, 1], [-1, 0]]",
    diagonal=choice(("falling", "rising"), "Which diagonal the difference is taken along."),
)
def roberts(diagonal: str) -> Kernel:
    """Difference along a diagonal, the smallest edge kernel."""
    return np.array([[1, 0], [0, -1]] if diagonal == "falling" else [[0, 1], [-1, 0]], float)


@kernel(
    title="Laplacian",
    search_words="second derivative edges 拉普拉斯 二阶导数 边缘检测",
    group=_GROUP,
    source="Laplace; finite differences with 4 or 8 neighbours; larger sizes: neighbours less the middle",
    formula="∂²/∂x² + ∂²/∂y²; size 3: [[0, 1, 0], [1, -4, 1], [0, 1, 0]], or ones around -8",
    size=square(),
    neighbours=choice(("4", "8"), "The cells of the cross, or of the whole window."),
)
def laplacian(size: int, neighbours: str) -> Kernel:
    """Second derivative in all directions: zero on ramps, with both signs along an edge."""
    middle = size // 2
    result = np.ones((size, size)) if neighbours == "8" else np.zeros((size, size))
    result[middle, :] = result[:, middle] = 1
    # 0 for now, so that the sum is that of the neighbours alone.
    result[middle, middle] = 0
    result[middle, middle] = -result.sum()
    return result


_SIGMA = number(
    None, ("Standard deviation in cells; by default chosen to fit the size."), 0.1, 100, (0.5, 6), "cells"
)


@kernel(
    title="Laplacian of Gaussian",
    search_words="log mexican hat blob 高斯拉普拉斯 斑点",
    group=_GROUP,
    source="Marr and Hildreth 1980",
    formula="(r² - 2 σ²) / σ⁴ · exp(-r² / (2 σ²)), normalised bell, less its mean",
    size=size(9, 3),
    sigma=_SIGMA,
)
def log(size: tuple[int, int], sigma: float | None) -> Kernel:
    """Second derivative of a smoothed picture; the cells sum to exactly 0."""
    y, x = grid(size)
    s = default_sigma(min(size)) if sigma is None else sigma
    r2 = x**2 + y**2
    bell = np.exp(-r2 / (2 * s**2))
    result = (r2 - 2 * s**2) / s**4 * bell / bell.sum()
    # Sampled and cut off, the cells add up to 0 only nearly: uniform areas would not give 0.
    return result - result.mean()


@kernel(
    title="Difference of Gaussians",
    search_words="dog blob 高斯差分 斑点",
    group=_GROUP,
    source="Marr and Hildreth 1980; the ratio 1.6 comes closest to the Laplacian of Gaussian",
    formula="gaussian(σ) - gaussian(ratio σ)",
    size=size(9, 3),
    sigma=_SIGMA,
    ratio=number(
        1.6, ("Standard deviation of the second Gaussian, divided by that of the first."), 1.01, 10, (1.1, 4)
    ),
)
def dog(size: tuple[int, int], sigma: float | None, ratio: float) -> Kernel:
    """A narrow Gaussian minus a wide one: passes a band of frequencies, responds to blobs. Sums to 0."""
    y, x = grid(size)
    # The wide Gaussian is the one that has to fit into the window.
    s = default_sigma(min(size)) / ratio if sigma is None else sigma
    narrow, wide = (np.exp(-(x**2 + y**2) / (2 * w**2)) for w in (s, ratio * s))
    return narrow / narrow.sum() - wide / wide.sum()


_HERMITE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "1": lambda x: x,
    "2": lambda x: 2 * x**2 - 1,
    "3": lambda x: 2 * x**3 - 3 * x,
    "4": lambda x: 4 * x**4 - 12 * x**2 + 3,
}


@kernel(
    title="Steerable derivative",
    search_words="oriented gradient 方向导数 可操纵",
    group=_GROUP,
    source="Freeman and Adelson 1991, G1 to G4",
    formula="Hₙ(x') exp(-r²), H1 = x', H2 = 2 x'² - 1, H3 = 2 x'³ - 3 x', H4 = 4 x'⁴ - 12 x'² + 3, with x' along θ and "
    "r in units of √2 σ",
    size=size(9, 3),
    theta=angle(doc="Direction of the derivative, counter-clockwise from the row axis."),
    order=choice(
        ("1", "2", "3", "4"),
        "The first derivative responds to edges, the second to lines; the higher, the narrower.",
    ),
    sigma=_SIGMA,
)
def steerable(size: tuple[int, int], theta: float, order: str, sigma: float | None) -> Kernel:
    """Derivative of a Gaussian in any direction: a sum of a few fixed kernels, weighted by the angle."""
    result = steerable_shape(size, theta, order, sigma)
    # Magnitudes that add up to 1 make the responses of different sizes comparable.
    return result / np.abs(result).sum()


def steerable_shape(size: tuple[int, int], theta: float, order: str, sigma: float | None) -> np.ndarray:
    """The kernel before it is scaled: linear in the steering weights, float64 (h, w)."""
    y, x = grid(size)
    # Half of the window is three standard deviations: beyond them a Gaussian is next to nothing.
    s = (min(size) / 6 if sigma is None else sigma) * np.sqrt(2)
    # Angles are counter-clockwise while y grows downwards, hence the minus.
    along = (x * np.cos(theta) - y * np.sin(theta)) / s
    bell = np.exp(-(x**2 + y**2) / s**2)
    result: np.ndarray = _HERMITE[order](along) * bell
    return result - result.mean()


@kernel(
    title="Ridge",
    search_words="line 线 脊",
    group=_GROUP,
    source="second derivative across a line, Gaussian along it; Lindeberg 1998",
    formula="(1 - x'² / σ²) exp(-x'² / (2 σ²)) exp(-y'² / (2 (2 σ)²)), less its mean",
    size=size(9, 3),
    theta=angle(doc="Direction of the line, counter-clockwise from the row axis."),
    sigma=_SIGMA,
)
def ridge(size: tuple[int, int], theta: float, sigma: float | None) -> Kernel:
    """Responds to bright lines in one direction."""
    y, x = grid(size)
    s = min(size) / 6 if sigma is None else sigma
    along = x * np.cos(theta) - y * np.sin(theta)
    across = x * np.sin(theta) + y * np.cos(theta)
    # 8 s^2 = 2 (2 s)^2: twice as long along the line as across it.
    result = (1 - across**2 / s**2) * np.exp(-(across**2) / (2 * s**2)) * np.exp(-(along**2) / (8 * s**2))
    result = result - result.mean()
    return result / np.abs(result).sum()


@kernel(
    title="Corner",
    search_words="角点",
    group=_GROUP,
    source="mixed second derivative, as in Kitchen and Rosenfeld 1982",
    formula="∂²/∂x∂y = derivative ⊗ derivative; size 3: [[1, 0, -1], [0, 0, 0], [-1, 0, 1]]",
    size=square(_BINOMIAL_MOST),
)
def corner(size: int) -> Kernel:
    """Zero along horizontal and vertical edges, with either sign at their corners."""
    return np.outer(_slope(size), _slope(size))


@kernel(
    title="Emboss",
    search_words="relief 浮雕",
    group=_GROUP,
    source="definition: light from one side",
    formula="-1 towards the light, 1 away from it, by the cosine of the angle to it; 1 in the middle",
    size=square(),
    theta=angle(3 * np.pi / 4, "Where the light comes from, counter-clockwise from the row axis."),
)
def emboss(size: int, theta: float) -> Kernel:
    """The picture as a relief: the picture itself plus its slope. Sums to 1."""
    y, x = grid((size, size))
    radius = np.hypot(x, y)
    # Only the middle, which is set below, lies nearer than 1: the maximum changes no other cell.
    slope = -(x * np.cos(theta) - y * np.sin(theta)) / np.maximum(radius, 1)
    # Scaled so that the values are about 1, as in the classic [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]].
    result = slope * np.sqrt(2) / max(size // 2, 1)
    result[size // 2, size // 2] = 1
    return result
