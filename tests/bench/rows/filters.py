"""One kernel over a grey picture: what image filters do."""

from __future__ import annotations

from functools import partial

import numpy as np

import filterlab.functional as F
from filterlab import kernels
from tests.bench.peers import inside, opencv_filter, opencv_planes, torch_conv
from tests.bench.row import FILTERS, Row

TWO, TWELVE = (1080, 1920), (3000, 4000)


def _picture(size):
    return np.random.default_rng(0).random((1, 1, *size), dtype=np.float32)


def _filter(side: int, size: tuple[int, int]) -> Row:
    def make():
        x, kernel = _picture(size), (kernels.random(side) / side**2).astype(np.float32)
        weight = kernel[None, None]
        calls = {
            "filterlab": lambda: partial(F.conv2d, x, weight, padding=side // 2),
            "opencv": lambda: opencv_filter(x, kernel),
        }
        if side == 3:
            calls["torch"] = lambda: torch_conv(x, weight, 1, 1, 1)
        return calls

    cells = size[0] * size[1]
    return Row(f"{side}x{side}, {cells / 1e6:.0f} MP", FILTERS, make, cells, cells, cells * side**2)


def _gaussian(side: int, size: tuple[int, int]) -> Row:
    """A kernel that is a product of two: OpenCV is told so, we have to find it."""

    def make():
        x, kernel = _picture(size), kernels.gaussian(side, sigma=side / 6).astype(np.float32)
        line = kernel.sum(axis=0)
        return {
            "filterlab": lambda: partial(F.conv2d, x, kernel[None, None], padding=side // 2),
            "opencv": lambda: opencv_filter(x, kernel),
            "opencv sep": lambda: opencv_planes(x, "sepFilter2D", -1, line, line, border="CONSTANT"),
        }

    cells = size[0] * size[1]
    return Row(f"Gaussian {side} as 2-D, {cells / 1e6:.0f} MP", FILTERS, make, cells, cells, cells * 2 * side)


def _bilateral(size: tuple[int, int]) -> Row:
    """9x9 of one channel. OpenCV leaves out cells beyond a circle, so these are to weigh next to nothing.

    Without scikit-image, whose table of distances is off by one cell.
    """
    near, apart = 0.8, 0.1  # deviations of distances and of values

    def make():
        x = _picture(size)
        return {
            "filterlab": lambda: inside(partial(F.bilateral, x, 9, near, apart), 4),
            "opencv": lambda: inside(opencv_planes(x, "bilateralFilter", 9, apart, near), 4),
        }

    cells = size[0] * size[1]
    return Row(f"bilateral 9, {cells / 1e6:.0f} MP", FILTERS, make, cells, cells, cells * 81)


ROWS = [
    *(_filter(side, TWELVE) for side in (3, 5, 7)),
    *(_filter(side, TWO) for side in (11, 31, 101)),
    _gaussian(31, TWO),
    _bilateral(TWO),
]
