"""Kernels are taken apart into columns and rows, and into cascades, with an error that is that of their product."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d

from filterlab import kernels
from filterlab.errors import ParameterError
from filterlab.kernels.factors import cascade, product, rank_parts
from filterlab.kernels.polynomials import real_factors


@settings(max_examples=25, deadline=None)
@given(h=st.integers(1, 7), w=st.integers(1, 7), seed=st.integers(0, 999))
def test_the_parts_of_a_kernel_add_up_to_it(h, w, seed):
    kernel = np.random.default_rng(seed).normal(size=(h, w))
    parts = rank_parts(kernel)
    np.testing.assert_allclose(parts.kernel(min(h, w)), kernel, atol=1e-12)
    for rank in range(1, min(h, w) + 1):
        relative = np.linalg.norm(parts.kernel(rank) - kernel) / np.linalg.norm(kernel)
        assert parts.error(rank) == pytest.approx(relative, abs=1e-9)


def test_the_rank_is_that_of_float32():
    assert rank_parts(kernels.gaussian(9)).rank == 1
    assert rank_parts(kernels.dog(9)).rank == 2
    assert rank_parts(np.zeros((3, 3))).rank == 1


@pytest.mark.parametrize("size", [5, 6, 11, 31, (1, 11), (7, 12)])
@pytest.mark.parametrize("name", ["gaussian", "box"])
def test_separable_kernels_factor_exactly(name, size):
    kernel = kernels.make(name, size=size)
    found = cascade(kernel, 3)
    assert all(max(piece.shape) <= 3 for piece in found.kernels)
    assert found.exact
    assert np.abs(found.made - kernel).max() < 1e-6 * np.abs(kernel).max()
    whole = np.ones((1, 1))
    for piece in found.kernels:
        whole = convolve2d(whole, piece)
    np.testing.assert_allclose(whole, found.made, rtol=1e-9, atol=1e-15)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 999), piece=st.sampled_from([3, 5]))
def test_random_columns_and_rows_factor_whatever_their_zeros(seed, piece):
    rng = np.random.default_rng(seed)
    column, row = rng.normal(size=9), np.array([0, *rng.normal(size=6), 0])
    found = cascade(np.outer(column, row), piece)
    assert found.exact
    assert len(found.kernels) == -(-8 // (piece - 1))


def test_a_product_of_small_kernels_is_found_again():
    rng = np.random.default_rng(1)
    kernel = product([rng.normal(size=(3, 3)) for _ in range(3)])
    found = cascade(kernel, 3)
    assert found.exact
    assert [piece.shape for piece in found.kernels] == [(3, 3)] * 3


def test_other_kernels_tell_how_far_the_cascade_is_from_them():
    kernel = kernels.disk(7)
    found = cascade(kernel, 3)
    assert not found.exact
    assert found.error == pytest.approx(np.linalg.norm(found.made - kernel) / np.linalg.norm(kernel))
    # No worse than the closest product of a column and a row, which is where the search begins.
    assert found.error < rank_parts(kernel).error(1)


def test_pieces_and_kernels_out_of_range_are_refused():
    for kernel, piece, words in (
        (np.ones((5, 5)), 4, "one of 3, 5, 7, 9"),
        (np.ones((3, 3)), 3, "no larger than a piece of 3"),
        (np.ones((65, 3)), 3, "at most 63 a side"),
        (np.zeros((5, 5)), 3, "all cells of the kernel are 0"),
        ("words", 3, "not a table of finite numbers"),
    ):
        with pytest.raises(ParameterError, match=words):
            cascade(kernel, piece)


@pytest.mark.parametrize("seed", range(3))
def test_a_product_of_small_kernels_is_factored_whatever_their_number(seed):
    rng = np.random.default_rng(seed)
    kernel = product([rng.normal(size=(3, 3)) for _ in range(3)]).astype(np.float32)
    assert [factor.shape for factor in real_factors(kernel.astype(float))] == [(3, 3)] * 3
    assert cascade(kernel, 3).exact
    assert cascade(kernel, 5).exact


def test_factors_of_other_sizes_are_gathered_into_the_pieces():
    rng = np.random.default_rng(0)
    sizes = [(3, 3), (2, 2), (2, 2), (1, 3), (3, 1)]
    kernel = product([rng.normal(size=size) for size in sizes])
    # The polynomial of a row has roots of its own, and a pair of them may be real.
    assert sum(factor.shape[0] - 1 for factor in real_factors(kernel)) == kernel.shape[0] - 1
    assert sum(factor.shape[1] - 1 for factor in real_factors(kernel)) == kernel.shape[1] - 1
    assert cascade(kernel, 3).exact


def test_a_kernel_without_factors_stays_whole():
    kernel = np.random.default_rng(2).normal(size=(5, 4))
    assert real_factors(kernel) == [pytest.approx(kernel)]
    assert not cascade(kernel, 3).exact
