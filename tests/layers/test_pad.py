from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Pad(((1, 2), (0, 3)))),
    Case(fl.Pad((1, 2), mode="constant", value=0.5), ((3, 4, 5),)),
    Case(fl.Pad(2, mode="reflect"), border=True),
    Case(fl.Pad(1, mode="circular"), ((1, 4, 3),), border=True),
    Case(fl.Pad(((-1, 2), (1, -2)))),
    Case(fl.Pad(((-1, 2), (1, -2)), mode="circular"), border=True),
]
WRONG = [("padding", "same"), ("padding", 1.5), ("mode", "mirror"), ("value", np.nan)]


def test_reflect_needs_a_larger_map():
    with pytest.raises(fl.FilterLabError, match="reflect"):
        fl.Pad(5, mode="reflect").output_shape((1, 5, 9))


def test_a_negative_number_crops(rng):
    x = rng.random((1, 2, 5, 6))
    np.testing.assert_array_equal(fl.Pad(-1).forward(x), x[..., 1:-1, 1:-1])


def test_padding_shows_which_cell_it_copies(rng):
    x = rng.random((1, 1, 4, 4))
    layer = fl.Pad(((2, 0), (0, 0)), mode="reflect")
    term = layer.explain((x,), layer.forward(x), 0, 0, 1).terms[0]
    assert (term.where.row, term.where.padding, term.where.source) == (-2, True, (2, 1))
    assert term.value == x[0, 0, 2, 1]
