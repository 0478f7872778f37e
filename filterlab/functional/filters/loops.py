"""The compiled loop of the bilateral filter of single-precision maps."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from filterlab.compiling import compiled
from filterlab.functional.exponential import exponentials

STRIP = 512  # columns, of which all sums stay in the first level of the cache


@compiled(error_model="numpy")
def smooth_rows(x, far, before, steep, start, stop, y):
    """Rows `start` to `stop`, counted through the images, of the bilateral filter of x (n, channels, h, w), float32.

    far: (kh, kw), d^2 / (2 sigma_space^2) of each place of the window. before: rows and columns of the window before
    its own cell. steep: 1 / (sqrt(2) sigma_value). The sums of a cell are made in the order of the window.
    """
    _, channels, height, width = x.shape
    apart, less, weights = np.empty(STRIP, x.dtype), np.empty(STRIP, x.dtype), np.empty(STRIP, x.dtype)
    total, divisor = np.empty((channels, STRIP)), np.empty(STRIP)
    for number in range(start, stop):
        image, i = number // height, number % height
        for left in range(0, width, STRIP):
            right = min(left + STRIP, width)
            total[:], divisor[:] = 0, 0
            for u in range(len(far)):
                row = i + u - before[0]
                if row < 0 or row >= height:
                    continue
                for v in range(far.shape[1]):
                    shift = v - before[1]
                    first, last = max(left, -shift), min(right, width - shift)
                    if first >= last:
                        continue
                    count, place = last - first, first - left
                    less[:count] = far[u, v]
                    for c in range(channels):
                        own, other = (
                            x[image, c, i, first:last],
                            x[image, c, row, first + shift : last + shift],
                        )
                        _take_off_square(own, other, steep, c, apart)
                    exponentials(weights, 0, apart, 0, less, count)
                    _add(divisor[place : place + count], weights)
                    for c in range(channels):
                        other = x[image, c, row, first + shift : last + shift]
                        _add_weighed(total[c, place : place + count], weights, other)
            for c in range(channels):
                target, sums = y[image, c, i, left:right], total[c]
                for j in range(right - left):
                    target[j] = sums[j] / divisor[j]


@compiled(kept=False)
def _take_off_square(own, other, steep, channel, apart):
    """Take the square of what a channel differs by off the exponents, which begin with the first channel."""
    if channel == 0:
        for j in range(len(own)):
            # The difference first: of two equal numbers it is 0, also where their products are infinite.
            step = (other[j] - own[j]) * steep
            apart[j] = -(step * step)
    else:
        for j in range(len(own)):
            step = (other[j] - own[j]) * steep
            apart[j] -= step * step


@compiled(kept=False)
def _add_weighed(total, weights, values):
    for j in range(len(total)):
        total[j] += np.float64(weights[j]) * np.float64(values[j])


@compiled(kept=False)
def _add(total, weights):
    for j in range(len(total)):
        total[j] += weights[j]
