"""Separability and frequency response."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab import kernels
from filterlab.errors import ParameterError
from filterlab.kernels.analysis import response_section


def test_a_product_is_taken_apart_and_a_sum_is_not(rng):
    column, row = rng.normal(size=5), rng.normal(size=7)
    parts = kernels.separate(np.outer(column, row))
    np.testing.assert_allclose(np.outer(*parts), np.outer(column, row), atol=1e-12)
    assert kernels.separate(np.eye(3)) is None
    assert kernels.separate(kernels.laplacian(3)) is None
    assert kernels.separate(kernels.sobel(5)) is not None


def test_the_response_is_that_to_a_wave():
    kernel = kernels.gaussian(5, 1.0).astype(float)
    response = kernels.frequency_response(kernel, 32)
    assert response.shape == (32, 32)
    assert response[16, 16] == pytest.approx(1)
    # A wave of 1/8 cycles a cell along the row, summed under the kernel.
    wave = np.exp(2j * np.pi * np.arange(5) / 8)
    assert response[16, 20] == pytest.approx(abs((kernel * wave).sum()), rel=1e-5)


def test_a_kernel_larger_than_the_response_raises_its_size():
    assert kernels.frequency_response(np.ones((9, 3)), 4).shape == (9, 4)


@pytest.mark.parametrize("kernel", [[1, 2], [[np.nan]], [], None, [["a"]], [[1, 2], [3]], [[10**400]], "x"])
@pytest.mark.parametrize("ask", [kernels.separate, kernels.frequency_response])
def test_what_is_no_kernel_is_refused(ask, kernel):
    with pytest.raises(ParameterError, match="not a table of finite numbers"):
        ask(kernel)


@pytest.mark.parametrize("size", ["x", None, 0, -1, 1.5, True, 30_000, 10**400, [64], np.eye(2)])
def test_a_size_that_no_response_has_is_refused_before_memory_is_taken(size):
    with pytest.raises(ParameterError, match="1 to 4096"):
        kernels.frequency_response(np.ones((3, 3)), size)


@pytest.mark.parametrize("tolerance", ["x", None, float("nan"), [1e-6], 1j])
def test_a_tolerance_that_is_no_number_is_refused(tolerance):
    with pytest.raises(ParameterError, match="tolerance is"):
        kernels.separate(np.ones((3, 3)), tolerance)


def test_a_response_beyond_float32_is_infinite_and_no_warning():
    assert np.isposinf(kernels.frequency_response(np.full((3, 3), 3e38, np.float32)).max())


def test_sections_go_from_constant_parts_to_the_finest_waves():
    sobel = kernels.frequency_response(kernels.make("sobel"), 64)
    across, down = (response_section(sobel, axis) for axis in (1, 0))
    waves = np.linspace(0, 0.5, 33)
    np.testing.assert_allclose(across, 8 * np.abs(np.sin(2 * np.pi * waves)), atol=1e-5)
    np.testing.assert_allclose(down, 0, atol=1e-5)
