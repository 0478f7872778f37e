from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from tests.layers.cases import Case

CASES = [
    Case(fl.Clamp(min=-0.5, max=1.5)),
    Case(fl.Clamp(min=-0.5, max=1.5), ((5,),)),
    Case(fl.Clamp(max=0.3)),
]
WRONG = [("min", "low"), ("max", np.inf)]


def test_formula(rng):
    x = np.append(rng.uniform(-4, 4, 61), [0, 1, -1]).reshape(1, 1, 4, 16)
    np.testing.assert_allclose(
        fl.Clamp(min=-0.5, max=1.5).forward(x), np.clip(x, -0.5, 1.5), rtol=1e-12, atol=1e-12
    )


def test_a_limit_must_be_given():
    with pytest.raises(fl.FilterLabError, match="neither min nor max"):
        fl.Clamp()


def test_a_minimum_above_the_maximum_gives_the_maximum(rng):
    """As torch.clamp."""
    np.testing.assert_array_equal(
        fl.Clamp(2, 1).forward(rng.uniform(-4, 4, (1, 1, 3, 3))), np.ones((1, 1, 3, 3))
    )


@pytest.mark.parametrize("limits", [{"min": np.nan}, {"max": np.nan}, {"min": 0, "max": np.nan}])
def test_a_limit_that_is_no_number_leaves_none(limits):
    """As torch.clamp."""
    assert np.isnan(F.clamp(np.array([[-1.0, 0.5, 2.0]]), **limits)).all()
