"""Kernels that undo others."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import ParameterError
from filterlab.kernels import wiener_inverse
from tests.restoration.blurring import photographed, psnr, sample

BLUR = np.outer([1, 2, 1], [1, 2, 1]) / 16


def test_it_is_the_solution_of_wieners_equations():
    kernel, size, noise = np.array([[0.2, 0.5, 0.1], [0.0, 0.3, 0.1]]), (4, 5), 0.03
    pixels = np.argwhere(np.ones((5, 7)))  # all that the window of the inverse sees through the blur
    correlations = 0.95 ** np.hypot(*(pixels[:, None] - pixels).T)
    blur = np.zeros((4 * 5, len(pixels)))
    for row, (i, j) in enumerate(np.argwhere(np.ones(size))):
        for (u, v), weight in np.ndenumerate(kernel):
            blur[row, (i + u) * 7 + j + v] = weight
    # Both windows have their place at ((height - 1) // 2, (width - 1) // 2).
    middle = 1 * 7 + 2 + 1
    among = blur @ correlations @ blur.T + noise * np.eye(20)
    free, ones = np.linalg.solve(among, np.stack([blur @ correlations[middle], np.ones(20)], axis=1)).T
    expected = free + ones * (1 / kernel.sum() - free.sum()) / ones.sum()
    assert np.allclose(wiener_inverse(kernel, size, noise).ravel(), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(3, 3), (2, 4)])
def test_a_filter_undoes_a_blur(shape):
    kernel = np.outer(*(np.hanning(n + 2)[1:-1] for n in shape))
    blurred, truth = photographed(sample("camera", 80), kernel / kernel.sum())
    inverse = wiener_inverse(kernel / kernel.sum(), 15, 1e-4)
    restored = F.conv2d(blurred, inverse[None, None], padding="same", padding_mode="replicate")
    inside = (slice(None), slice(8, -8), slice(8, -8))
    assert psnr(restored[inside], truth[inside]) > psnr(blurred[inside], truth[inside]) + 4
    assert inverse.sum() == pytest.approx(1, abs=1e-5)


def test_a_shift_is_undone_by_the_opposite_shift():
    kernel = np.zeros((3, 5))
    kernel[0, 3] = 2
    expected = np.zeros((3, 5))
    expected[2, 1] = 0.5
    assert np.allclose(wiener_inverse(kernel, (3, 5), 1e-9), expected, atol=1e-5)


def test_much_noise_asks_for_a_mean():
    assert wiener_inverse(BLUR, 5, 1e6) == pytest.approx(np.full((5, 5), 1 / 25), abs=1e-4)


def test_an_edge_filter_has_no_mean_to_keep():
    inverse = wiener_inverse(fl.kernels.sobel(3), 9, 0.01)
    assert np.isfinite(inverse).all()
    assert np.abs(inverse).max() < 10


@pytest.mark.parametrize(
    ("kernel", "size", "noise", "words"),
    [
        (np.zeros((3, 3)), 5, 0.1, "all weights"),
        (BLUR, 0, 0.1, "size"),
        (BLUR, (45, 46), 0.1, "too many"),
        (BLUR, 5, 0, "noise"),
        ([1, 2], 5, 0.1, "table"),
    ],
)
def test_wrong_arguments_are_refused(kernel, size, noise, words):
    with pytest.raises(ParameterError, match=words):
        wiener_inverse(kernel, size, noise)
