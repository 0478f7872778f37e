"""Kernels that respond to textures, and random ones."""

from __future__ import annotations

import numpy as np

from filterlab.kernels.design import Kernel, angle, choice, flag, grid, kernel, number, size
from filterlab.parameters import Integer, Parameter

_GROUP = "texture"


@kernel(
    title="Gabor",
    search_words="texture stripes orientation 纹理 条纹 方向 盖伯",
    group=_GROUP,
    source="Gabor 1946, Daugman 1985; parameters as OpenCV's getGaborKernel",
    formula="exp(-(x'² + γ² y'²) / (2 σ²)) · cos(2π x' / λ + ψ), with x' = x cos θ + y sin θ",
    size=size(15, 3),
    theta=angle(doc="Direction across the stripes, clockwise from the row axis (rows run downwards)."),
    sigma=number(
        None,
        "Standard deviation in cells; by default a sixth of the shorter side.",
        0.1,
        100,
        (0.5, 10),
        "cells",
    ),
    wavelength=number(
        None,
        "Distance from stripe to stripe, in cells; by default twice sigma, and at least 3.",
        1,
        500,
        (2, 30),
        "cells",
    ),
    gamma=number(0.5, "Width across the stripes, divided by the length along them.", 0.01, 10, (0.1, 2)),
    psi=number(0.0, "Phase: 0 is even, a line; π/2 odd, an edge.", -10, 10, (-3.1416, 3.1416), "rad"),
    zero_sum=flag(True, "Subtract the mean, so that flat areas give 0."),
)
def gabor(
    size: tuple[int, int],
    theta: float,
    sigma: float | None,
    wavelength: float | None,
    gamma: float,
    psi: float,
    zero_sum: bool,
) -> Kernel:
    """A wave under a Gaussian envelope: it responds to stripes of one direction and one width."""
    y, x = grid(size)
    s = min(size) / 6 if sigma is None else sigma
    # Sampled once a cell, a wave of two cells or fewer is constant or aliased to a longer one.
    step = max(2 * s, 3.0) if wavelength is None else wavelength
    # Plus, unlike in the other kernels: OpenCV measures this angle clockwise, and its parameters are used here.
    across = x * np.cos(theta) + y * np.sin(theta)
    along = -x * np.sin(theta) + y * np.cos(theta)
    bell = np.exp(-(across**2 + (gamma * along) ** 2) / (2 * s**2))
    result = bell * np.cos(2 * np.pi * across / step + psi)
    # The mean is subtracted in proportion to the envelope, so that the cells far out stay near zero.
    return result - bell * (result.sum() / bell.sum()) if zero_sum else result


_LAWS = {
    "L3": (1, 2, 1),
    "E3": (-1, 0, 1),
    "S3": (-1, 2, -1),
    "L5": (1, 4, 6, 4, 1),
    "E5": (-1, -2, 0, 2, 1),
    "S5": (-1, 0, 2, 0, -1),
    "W5": (-1, 2, 0, -2, 1),
    "R5": (1, -4, 6, -4, 1),
    "L7": (1, 6, 15, 20, 15, 6, 1),
    "E7": (-1, -4, -5, 0, 5, 4, 1),
    "S7": (-1, -2, 1, 4, 1, -2, -1),
}
_LETTERS = "Level, Edge, Spot, Wave or Ripple, and the number of cells"


@kernel(
    title="Laws' texture",
    search_words="texture energy 纹理",
    group=_GROUP,
    source="Laws 1980",
    formula="column ⊗ row, of L5 = (1, 4, 6, 4, 1), E5 = (-1, -2, 0, 2, 1), S5, W5, R5 and their 3- and 7-cell kin",
    column=choice(tuple(_LAWS), f"Down the column: {_LETTERS}.", "L5"),
    row=choice(tuple(_LAWS), f"Along the row: {_LETTERS}.", "E5"),
)
def laws(column: str, row: str) -> Kernel:
    """One of Laws' texture energy kernels."""
    return np.outer(_LAWS[column], _LAWS[row]).astype(float)


@kernel(
    title="Random",
    search_words="noise 随机",
    group=_GROUP,
    source="NumPy's default generator",
    formula="independent numbers, by seed",
    size=size(3),
    seed=Parameter(
        "", Integer(minimum=0, maximum=2**32 - 1, slider=(0, 100)), "The same seed gives the same kernel.", 0
    ),
    distribution=choice(
        ("normal", "uniform"), ("Normal with mean 0 and standard deviation 1, or uniform from -1 to 1.")
    ),
    zero_sum=flag(False, "Subtract the mean, so that flat areas give 0."),
)
def random(size: tuple[int, int], seed: int, distribution: str, zero_sum: bool) -> Kernel:
    """A starting point for learning."""
    rng = np.random.default_rng(seed)
    result = rng.standard_normal(size) if distribution == "normal" else rng.uniform(-1, 1, size)
    return result - result.mean() if zero_sum else result
