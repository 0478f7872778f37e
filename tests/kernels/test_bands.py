"""Designed responses: compared with SciPy's designs of one axis, and judged on a grid of frequencies."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.signal import firls, firwin

from filterlab import kernels
from filterlab.errors import ParameterError
from filterlab.kernels.bands import BANDS, METHODS


def response_at(kernel, rows, cols):
    """The factor of a wave, the middle of the kernel being its origin."""
    y, x = (np.arange(n) - n // 2 for n in kernel.shape)
    wave = np.exp(-2j * np.pi * (rows * y[:, None] + cols * x))
    return complex((kernel.astype(float) * wave).sum())


@pytest.mark.parametrize("window", ["hamming", "hann", "blackman", "boxcar"])
@pytest.mark.parametrize("cutoff", [0.1, 0.3])
def test_along_one_axis_the_window_method_is_that_of_scipy(window, cutoff):
    found = kernels.band_filter((1, 31), cutoff=cutoff, window=window)
    assert_allclose(found[0], firwin(31, cutoff, window=window, fs=1), atol=1e-7)
    found = kernels.band_filter((31, 1), "high-pass", cutoff=cutoff, window=window)
    unscaled = firwin(31, cutoff, window=window, fs=1, pass_zero=False, scale=False)
    assert_allclose(found[:, 0], unscaled, atol=2e-2)


def test_along_one_axis_least_squares_are_those_of_scipy():
    found = kernels.band_filter((1, 31), cutoff=0.15, method="least squares", transition=0.1)
    assert_allclose(found[0], firls(31, [0, 0.1, 0.2, 0.5], [1, 1, 0, 0], fs=1), atol=1e-3)
    found = kernels.band_filter((1, 31), "band-stop", 0.1, 0.3, method="least squares", transition=0.08)
    bands = [0, 0.06, 0.14, 0.26, 0.34, 0.5]
    assert_allclose(found[0], firls(31, bands, [1, 1, 0, 0, 1, 1], fs=1), atol=1e-3)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("method", METHODS)
def test_bands_pass_and_stop_in_all_directions(band, method):
    options = {"size": 31, "band": band, "cutoff": 0.15, "upper": 0.35, "method": method}
    kernel = kernels.band_filter(**options)
    assert_allclose(kernel, kernel.T, atol=1e-6)
    inside = {"low-pass": 0.02, "high-pass": 0.45, "band-pass": 0.25, "band-stop": 0.02}[band]
    outside = {"low-pass": 0.4, "high-pass": 0.02, "band-pass": 0.03, "band-stop": 0.25}[band]
    # McClellan's contours are circles only near the middle; along the axes they are exact.
    for angle in np.linspace(0, np.pi / 2, 2 if method == "McClellan" else 5):
        passed = response_at(kernel, inside * np.sin(angle), inside * np.cos(angle))
        stopped = response_at(kernel, outside * np.sin(angle), outside * np.cos(angle))
        assert abs(passed - 1) < 0.1
        assert abs(stopped) < 0.1
    found = kernels.achieved("band_filter", **options)
    if method != "McClellan":
        assert found.lowest > 0.85
        assert found.highest < 1.1
        assert found.leak < 0.12
    assert "dB" in found.words()


def test_the_cutoff_is_where_half_passes():
    for method in METHODS:
        kernel = kernels.band_filter(31, cutoff=0.2, method=method)
        assert abs(response_at(kernel, 0, 0.2) - 0.5) < 0.06


def test_windows_keep_flat_parts_exactly():
    sums = {"low-pass": 1, "high-pass": 0, "band-pass": 0, "band-stop": 1}
    for band, wanted in sums.items():
        for method in ("window", "McClellan"):
            assert kernels.band_filter(15, band, method=method).sum() == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("theta", [0.0, 0.6, np.pi / 2])
def test_a_notch_removes_its_wave_and_leaves_flat_parts(theta):
    kernel = kernels.notch(21, frequency=0.2, theta=theta)
    across = -0.2 * np.sin(theta), 0.2 * np.cos(theta)
    assert abs(response_at(kernel, *across)) < 1e-6
    assert kernel.sum() == pytest.approx(1, abs=1e-6)
    turned = 0.2 * np.cos(theta), 0.2 * np.sin(theta)
    assert abs(response_at(kernel, *turned) - 1) < 0.05
    found = kernels.achieved("notch", size=21, frequency=0.25, theta=theta)
    assert found.leak < 0.05
    assert 0.9 < found.lowest <= found.highest < 1.1


def test_designs_that_cannot_be_are_refused():
    for options, words in (
        ({"size": 14}, "odd"),
        ({"size": 43, "method": "least squares"}, "at most 41 cells a side"),
        ({"size": (5, 7), "method": "McClellan"}, "square kernels"),
        ({"cutoff": 0.6}, "cutoff"),
    ):
        with pytest.raises(ParameterError, match=words):
            kernels.band_filter(**options)
    with pytest.raises(ParameterError, match="'gaussian' has no wanted response"):
        kernels.achieved("gaussian")
    with pytest.raises(ParameterError, match="has no wanted response"):
        kernels.achieved(np.ones((3, 3)))


def test_a_band_that_the_transitions_cover_is_not_judged():
    found = kernels.achieved("band_filter", size=31, band="band-pass", cutoff=0.1, upper=0.2, transition=0.1)
    assert found.lowest is found.highest is None
    assert "the transitions leave no band that is to pass" in found.words()
