"""Properties of a kernel: whether it separates, its frequency response, and the kernel that undoes it best."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, shown
from filterlab.parameters import Number, Pairs, Parameter, is_number, is_whole
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
_LARGEST = 4096  # frequencies on each axis; their complex numbers take 256 MB


def separate(kernel: Any, tolerance: float = 1e-6) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """(column, row) whose outer product is the kernel, or None where its rank is above one.

    tolerance: the largest second singular value, over the first, that counts as nothing. Both parts are in
    double precision and share the scale evenly. Raises ParameterError for what is no kernel.
    """
    if not is_number(tolerance):
        hint = say("give a small number, as 1e-6")
        raise ParameterError(
            say("tolerance is {}", shown(tolerance)), "separate", hint, parameter="tolerance"
        )
    u, s, v = np.linalg.svd(need_kernel(kernel))
    if len(s) > 1 and s[1] > tolerance * s[0]:
        return None
    scale = np.sqrt(s[0])
    # The sign may be exchanged between the two: choose it so that the largest value of the row is positive.
    sign = 1.0 if v[0][np.abs(v[0]).argmax()] >= 0 else -1.0
    return u[:, 0] * scale * sign, v[0] * scale * sign


def frequency_response(kernel: Any, size: int = 64) -> NDArray[np.float32]:
    """Magnitude of the two-dimensional Fourier transform, float32 (size, size), zero frequency in the middle.

    Rows and columns are frequencies from -1/2 to 1/2 cycles a cell; the value is the factor by which a wave of that
    frequency is passed on. `size`, from 1 to 4096, is raised to that of the kernel. Raises ParameterError for another
    size, and for what is no kernel.
    """
    if not is_whole(size) or not 1 <= size <= _LARGEST:
        hint = say("it must be a whole number, 1 to {}", _LARGEST)
        raise ParameterError(say("size is {}", shown(size)), "frequency_response", hint, parameter="size")
    values = need_kernel(kernel)
    # fft2 would cut off what goes beyond the size that it is given.
    shape = [max(size, n) for n in values.shape]
    with np.errstate(over="ignore"):  # a magnitude beyond float32 becomes infinite
        return np.abs(np.fft.fftshift(np.fft.fft2(values, shape))).astype(np.float32)


def response_section(response: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """The factors of waves down the columns (axis 0) or along the rows (1), from 0 to 1/2 cycles a cell.

    response: square, as `frequency_response` gives it.
    """
    middle = response.shape[1 - axis] // 2
    line = response[:, middle] if axis == 0 else response[middle]
    # The spectrum is periodic: its first sample, at -1/2, is the one at 1/2 as well.
    return np.append(line[line.size // 2 :], line[0])


def need_kernel(kernel: Any) -> NDArray[np.float64]:
    """A kernel as float64 (h, w). Raises ParameterError where it is not a table of finite numbers."""
    try:
        values = np.asarray(kernel, np.float64)
    except (TypeError, ValueError, OverflowError):
        values = np.empty(0)
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise ParameterError("it is not a table of finite numbers", "kernel", "give (height, width)")
    return values


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
