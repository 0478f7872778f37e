"""Kernels that bring out detail: the picture plus what smoothing removes from it."""

from __future__ import annotations

import numpy as np

from filterlab.kernels.design import Kernel, choice, kernel, number, size, square
from filterlab.kernels.edges import laplacian
from filterlab.kernels.smoothing import box, gaussian, identity

_GROUP = "sharpening"
_AMOUNT = number(1.0, "How much detail is added.", -10, 10, (0, 4))
_SIGMA = number(
    None, ("Standard deviation in cells; by default chosen to fit the size."), 0.01, 100, (0.3, 8), "cells"
)


@kernel(
    title="Sharpen",
    search_words="crisp 锐化",
    group=_GROUP,
    source="definition: the picture less its Laplacian",
    formula="identity - amount · laplacian; size 3: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]",
    size=square(),
    amount=_AMOUNT,
    neighbours=choice(("4", "8"), "The cells of the cross, or of the whole window."),
)
def sharpen(size: int, amount: float, neighbours: str) -> Kernel:
    """Steepens edges. Sums to 1."""
    return identity(size) - amount * laplacian(size, neighbours).astype(np.float64)


@kernel(
    title="Unsharp mask",
    search_words="sharpen 锐化 反锐化掩模",
    group=_GROUP,
    source="darkroom practice; Yule 1944",
    formula="identity + amount · (identity - gaussian)",
    size=size(5, 3),
    amount=_AMOUNT,
    sigma=_SIGMA,
)
def unsharp(size: tuple[int, int], amount: float, sigma: float | None) -> Kernel:
    """Adds the difference from a blurred copy. Sums to 1."""
    # Designs give float32, of which differences would leave the sum a little beside 1; the result is rounded once, at
    # the end.
    middle = identity(size).astype(np.float64)
    return middle + amount * (middle - gaussian(size, sigma))


@kernel(
    title="High-pass",
    search_words="highpass detail 高通",
    group=_GROUP,
    source="definition: what a smoothing takes away",
    formula="identity - smoothing",
    size=size(5, 3),
    smoothing=choice(("gaussian", "box"), "The smoothing that is subtracted."),
    sigma=_SIGMA,
)
def high_pass(size: tuple[int, int], smoothing: str, sigma: float | None) -> Kernel:
    """Keeps the detail alone. Sums to 0."""
    blur = gaussian(size, sigma) if smoothing == "gaussian" else box(size)
    return identity(size).astype(np.float64) - blur
