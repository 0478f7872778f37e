"""Padding against a walk along the axis, in every mode."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab.functional as F
from filterlab.errors import FilterLabError
from filterlab.functional.geometry import border_cells
from tests.functional import reference
from tests.functional.strategies import MODES, pairs


@st.composite
def cases(draw):
    size, mode = draw(pairs(1, 6)), draw(st.sampled_from(MODES))
    padding = []
    for n in size:
        most = {"reflect": n - 1, "circular": n, "symmetric": n}.get(mode, 5)
        sides = draw(st.tuples(st.integers(-2, most), st.integers(-2, most)))
        left = n + min(sides[0], 0) + min(sides[1], 0)
        fits = n + sum(sides) > 0 and (mode != "circular" or max(sides) <= left)
        padding.append(sides if fits else (0, 0))
    return size, tuple(padding), mode


@given(cases(), st.sampled_from([0.0, -1.5]))
def test_padding_is_the_walk_step_by_step(case, value):
    size, padding, mode = case
    x = np.arange(2 * 3 * size[0] * size[1], dtype=float).reshape(2, 3, *size)
    np.testing.assert_array_equal(F.pad(x, padding, mode, value), reference.pad(x, padding, mode, value))


@given(cases())
def test_pad_backward_is_the_adjoint(case):
    size, padding, mode = case
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, *size))
    dy = rng.normal(size=F.pad(x, padding, mode).shape)
    dx = F.pad_backward(dy, x, padding, mode)
    assert np.vdot(dx, x) == pytest.approx(np.vdot(dy, F.pad(x, padding, mode)), abs=1e-9)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular", "symmetric"])
def test_modes_are_numpys(rng, mode):
    x = rng.normal(size=(2, 5, 6)).astype(np.float32)
    names = {"replicate": "edge", "circular": "wrap"}
    got = F.pad(x, ((2, 1), (0, 4)), mode)
    np.testing.assert_array_equal(got, np.pad(x, ((0, 0), (2, 1), (0, 4)), names.get(mode, mode)))


def test_circular_goes_round_what_the_crop_leaves():
    """As PyTorch: ((0, 0), (2, -2)) on 0 to 7 leaves 0 to 5, and those are the circle."""
    x = np.arange(8.0).reshape(1, 1, 8)
    np.testing.assert_array_equal(F.pad(x, ((0, 0), (2, -2)), "circular")[0, 0], [4, 5, 0, 1, 2, 3, 4, 5])
    np.testing.assert_array_equal(F.pad(x, ((0, 0), (-2, 3)), "circular")[0, 0], [2, 3, 4, 5, 6, 7, 2, 3, 4])
    with pytest.raises(FilterLabError, match="at most 3"):
        F.pad(x, ((0, 0), (-5, 4)), "circular")


@pytest.mark.parametrize(
    ("padding", "mode", "message"),
    [
        (4, "reflect", "at most 3"),
        (5, "circular", "at most 4"),
        (5, "symmetric", "at most 4"),
        (1, "mirror", "one of zeros"),
        (-2, "zeros", "leaves nothing"),
        ("same", "zeros", "give numbers"),
        (1.5, "zeros", "padding is 1.5"),
        ((1, 2, 3, 4), "zeros", "padding is"),
    ],
)
def test_what_is_wrong_is_said(padding, mode, message):
    with pytest.raises(FilterLabError, match=message):
        F.pad(np.zeros((1, 4, 4)), padding, mode)


def test_a_mode_without_a_rule_does_not_pass_for_zeros():
    with pytest.raises(NotImplementedError, match="mirror"):
        border_cells(np.arange(3), 3, 1, 1, "mirror")
