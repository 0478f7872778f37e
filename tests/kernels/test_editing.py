from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlab.errors import ParameterError
from filterlab.kernels import editing

sides = st.integers(1, 9)


def numbered(height, width, dtype=np.float32):
    return np.arange(1, height * width + 1, dtype=dtype).reshape(height, width)


@given(sides, sides, sides, sides)
def test_resizing_keeps_the_middle_and_what_fits(h, w, height, width):
    kernel = numbered(h, w)
    result = editing.resized(kernel, height, width)
    assert result.shape == (height, width)
    assert result[(height - 1) // 2, (width - 1) // 2] == kernel[(h - 1) // 2, (w - 1) // 2]
    assert np.count_nonzero(result) == min(h, height) * min(w, width)
    if height >= h and width >= w:
        np.testing.assert_array_equal(editing.resized(result, h, w), kernel)


@pytest.mark.parametrize("size", [(0, 3), (3, 256), (-1, 1)])
def test_sizes_beyond_the_limits_are_refused(size):
    with pytest.raises(ParameterError, match="a kernel of"):
        editing.resized(numbered(3, 3), *size)


def test_normalising_and_zero_sum():
    kernel = numbered(3, 4)
    assert editing.normalized(kernel).sum() == pytest.approx(1, abs=1e-6)
    assert editing.zero_sum(kernel).sum() == pytest.approx(0, abs=1e-5)
    with pytest.raises(ParameterError, match="add up to 0"):
        editing.normalized(editing.zero_sum(kernel))
    with pytest.raises(ParameterError, match="add up to 0"):
        editing.normalized(editing.cleared(kernel))


def test_moves():
    kernel = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    assert editing.flipped_horizontal(kernel).tolist() == [[3, 2, 1], [6, 5, 4]]
    assert editing.flipped_vertical(kernel).tolist() == [[4, 5, 6], [1, 2, 3]]
    assert editing.rotated(kernel).tolist() == [[4, 1], [5, 2], [6, 3]]
    assert editing.transposed(kernel).tolist() == [[1, 4], [2, 5], [3, 6]]
    assert editing.negated(kernel).tolist() == [[-1, -2, -3], [-4, -5, -6]]
    assert not np.signbit(editing.negated(editing.cleared(kernel))).any()
    assert editing.scaled(kernel, 0.5).tolist() == [[0.5, 1, 1.5], [2, 2.5, 3]]
    with pytest.raises(ParameterError, match="a finite number"):
        editing.scaled(kernel, 1e39)


def test_fillings():
    kernel = numbered(4, 3)
    assert editing.identity(kernel).nonzero() == (np.array([1]), np.array([1]))
    assert not editing.cleared(kernel).any()
    first, second = editing.randomized(kernel, 1), editing.randomized(kernel, 2)
    np.testing.assert_array_equal(first, editing.randomized(kernel, 1))
    assert (first != second).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(dtype):
    kernel = numbered(3, 3, dtype)
    for operation in (
        editing.normalized,
        editing.zero_sum,
        editing.flipped_horizontal,
        editing.flipped_vertical,
        editing.rotated,
        editing.transposed,
        editing.negated,
        editing.cleared,
        editing.identity,
    ):
        assert operation(kernel).dtype == dtype, operation.__name__
    assert editing.scaled(kernel, 2).dtype == editing.randomized(kernel, 0).dtype == dtype
    assert editing.resized(kernel, 2, 2).dtype == editing.with_cells(kernel, {(0, 0): 1}).dtype == dtype


INVARIANT = {
    "none": lambda k: k,
    "horizontal": lambda k: k[:, ::-1],
    "vertical": lambda k: k[::-1],
    "point": lambda k: k[::-1, ::-1],
    "both": lambda k: k[::-1],
    "radial": lambda k: k.T if k.shape[0] == k.shape[1] else k[::-1],
}


def test_every_symmetry_is_known():
    assert set(INVARIANT) == set(editing.SYMMETRIES)


@given(sides, sides, st.sampled_from(sorted(INVARIANT)), st.data())
def test_an_edit_under_a_symmetry_keeps_it(height, width, symmetry, data):
    cell = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    kernel = editing.with_cells(np.zeros((height, width), np.float32), {cell: 2.5}, symmetry)
    assert kernel[cell] == 2.5
    np.testing.assert_array_equal(INVARIANT[symmetry](kernel), kernel)
    assert set(zip(*map(list, kernel.nonzero()), strict=True)) == editing.mirror_cells(
        kernel.shape, cell, symmetry
    )


def test_counts_of_mirror_cells():
    counts = {name: len(editing.mirror_cells((5, 5), (0, 1), name)) for name in editing.SYMMETRIES}
    assert counts == {"none": 1, "horizontal": 2, "vertical": 2, "point": 2, "both": 4, "radial": 8}


def test_cells_must_be_finite():
    with pytest.raises(ParameterError, match="the cell would be 1e\\+39"):
        editing.with_cells(numbered(2, 2), {(0, 0): 1e39})


def test_steps_make_no_crumbs():
    kernel = np.zeros((2, 2), np.float64)
    for _ in range(3):
        kernel = editing.stepped_cells(kernel, {(0, 1)}, 0.1)
    assert kernel.tolist() == [[0, 0.3], [0, 0]]
    assert editing.stepped_cells(kernel, {(0, 0)}, -1, "horizontal").tolist() == [[-1, -1], [0, 0]]


def test_steps_suit_the_numbers():
    assert editing.natural_step(numbered(2, 2)) == 1
    assert editing.natural_step(np.zeros((2, 2), np.float32)) == 1
    assert editing.natural_step(np.array([[0.25, 0.5]])) == pytest.approx(0.01)
    assert editing.natural_step(np.array([[2.5, 31.0]])) == 1


def test_facts():
    sobel = np.outer([1, 2, 1], [-1, 0, 1]).astype(np.float32)
    found = editing.facts(sobel)
    assert (found.total, found.absolute, found.largest, found.rank) == (0, 8, 2, 1)
    assert editing.facts(np.eye(3, dtype=np.float32)).rank == 3
    assert editing.facts(np.zeros((2, 2), np.float32)).rank == 0
    tenths = np.array([[0.1, 0.2, -0.3]], np.float32)
    assert editing.facts(tenths).total == 0


@pytest.mark.parametrize(
    ("corner", "extent", "cells"),
    [
        ((1, 0), (1, 1), {(1, 0): 5, (1, 1): 6}),
        ((0, 0), (2, 4), {(r, c): 5 + c % 2 for r in range(2) for c in range(4)}),
        ((0, 0), (1, 3), {(0, 0): 5, (0, 1): 6}),
    ],
)
def test_a_block_goes_to_its_place_and_repeats_where_it_fits(corner, extent, cells):
    block = np.array([[5, 6]], np.float32)
    assert editing.block_cells(block, corner, extent, (3, 4)) == cells


def test_a_block_beyond_the_kernel_is_refused():
    with pytest.raises(ParameterError, match="2 by 2 cells do not fit here"):
        editing.block_cells(np.ones((2, 2)), (2, 2), (1, 1), (3, 3))
