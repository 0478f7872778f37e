"""Properties of a kernel: whether it separates, and its frequency response."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError, shown
from filterlab.parameters import is_number, is_whole
from filterlab.text.messages import say

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
