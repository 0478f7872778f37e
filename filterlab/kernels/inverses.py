"""The kernel of a given size that undoes another one best."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError
from filterlab.kernels.analysis import need_kernel
from filterlab.parameters import Number, Pairs, Parameter
from filterlab.text.messages import say

NEIGHBOURS = 0.95  # correlation of neighbouring pixels in photographs (Jain 1989, section 2.9)
MOST_UNKNOWNS = 2025  # weights of an inverse, 45 x 45: their equations take 33 MB and a second
_WHERE = "wiener_inverse"

SIZE = Parameter(
    "size", Pairs(minimum=1, maximum=MOST_UNKNOWNS, unit="cells"), "Height and width of the inverse."
)
NOISE = Parameter(
    "noise",
    Number(minimum=0, open_minimum=True, maximum=1e6),
    "Variance of the noise over that of the picture before it was blurred.",
    1e-3,
)


def wiener_inverse(kernel: Any, size: Any, noise: float = 1e-3) -> NDArray[np.float32]:
    """The kernel g, float32 (height, width), for which g applied to (kernel applied to x) + noise comes closest to x.

    Both are applied as cross-correlations with "same" padding. x is a picture whose pixels correlate by 0.95 to the
    power of their distance; noise: the variance of white noise over that of x. Closest is the least mean square error:
    the normal equations of Wiener's filter for finitely many weights (Toeplitz by blocks), with the condition that g
    keeps the mean, unless the kernel sums to 0 and the mean is lost.

    Raises ParameterError for what is no kernel, for other sizes and noise, and for more than 2025 weights.
    """
    from scipy import linalg  # here, because it takes a while to load, and files are read without it

    blur = need_kernel(kernel)
    height, width = checked_size(size)
    ratio = NOISE.read(noise, _WHERE)
    if not blur.any():
        raise ParameterError("all weights of the kernel are 0", _WHERE, "nothing of the picture is left")
    # A common factor would only be felt in the noise; then no number below under- or overflows.
    scale = np.abs(blur).sum()
    matrix, right = _equations(blur / scale, (height, width), ratio / scale**2)
    weights, ones = linalg.solve(matrix, np.stack([right, np.ones_like(right)], axis=1), assume_a="pos").T
    total = blur.sum() / scale
    if abs(total) > 1e-6:
        weights = weights + ones * (1 / total - weights.sum()) / ones.sum()
    return (weights / scale).reshape(height, width).astype(np.float32)


def checked_size(size: Any) -> tuple[int, int]:
    """The height and width of an inverse. Raises ParameterError."""
    height, width = SIZE.read(size, _WHERE)
    if height * width > MOST_UNKNOWNS:
        what = say("{} x {} weights are too many", height, width)
        raise ParameterError(what, _WHERE, say("at most {} together", MOST_UNKNOWNS), parameter="size")
    return height, width


def _equations(blur: NDArray[Any], size: tuple[int, int], ratio: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """The correlations of the pixels of a blurred picture with each other (n, n), and with the middle one before."""
    # A period at which nothing that is looked up meets its own repetition.
    period = [2 * (n + k) for n, k in zip(size, blur.shape, strict=True)]
    down, across = (np.minimum(np.arange(n), n - np.arange(n)) for n in period)
    spectrum = np.fft.fft2(NEIGHBOURS ** np.hypot(down[:, None], across))
    room = np.zeros(period)
    room[: blur.shape[0], : blur.shape[1]] = blur
    response = np.fft.fft2(np.roll(room, [-((k - 1) // 2) for k in blur.shape], (0, 1)))
    among = np.fft.ifft2(np.abs(response) ** 2 * spectrum).real
    among[0, 0] += ratio
    before = np.fft.ifft2(np.conj(response) * spectrum).real
    rows, cols = (m.ravel() for m in np.indices(size))
    places = rows - (size[0] - 1) // 2, cols - (size[1] - 1) // 2
    return among[rows[:, None] - rows, cols[:, None] - cols], before[places]
