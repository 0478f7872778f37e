from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.PReLU()), Case(fl.PReLU([0.1, 0.7])), Case(fl.PReLU([0.1, 0.2, 0.3]), ((3,),))]
WRONG = [("weight", [[0.1]]), ("weight", [])]


def test_a_slope_for_each_channel():
    x = np.array([[[[-1.0, 2]], [[-1, 2]]]])
    np.testing.assert_allclose(fl.PReLU([0.5, 0.25]).forward(x), [[[[-0.5, 2]], [[-0.25, 2]]]])


def test_slopes_must_fit_the_channels():
    with pytest.raises(fl.FilterLabError, match="given 3 channels and takes 2"):
        fl.PReLU([0.5, 0.25]).output_shape((3, 4, 4))
