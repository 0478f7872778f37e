from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import uniform_filter

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import FilterLabError, ParameterError
from tests.layers.cases import Case

CASES = [
    Case(fl.Guided(3, eps=0.5)),
    Case(fl.Guided((2, 3), eps=1.0), ((2, 6, 7), (2, 6, 7))),
    Case(fl.Guided(3, eps=0.5), ((2, 6, 7), (1, 6, 7))),
]
WRONG = [("kernel_size", 0), ("eps", 0)]


def test_it_is_the_average_of_the_lines_of_all_windows(rng):
    x, lead = rng.random((20, 22)), rng.random((20, 22))
    found = fl.Guided(5, eps=0.01).forward(x[None, None], lead[None, None])[0, 0]
    mean = lambda a: uniform_filter(a, 5)  # noqa: E731
    a = (mean(lead * x) - mean(lead) * mean(x)) / (mean(lead * lead) - mean(lead) ** 2 + 0.01)
    wanted = mean(a) * lead + mean(mean(x) - a * mean(lead))
    np.testing.assert_allclose(found[4:-4, 4:-4], wanted[4:-4, 4:-4], rtol=0, atol=1e-12)


def test_a_flat_map_stays_and_an_edge_too():
    x = np.zeros((1, 1, 16, 16))
    x[..., 8:] = 1
    np.testing.assert_allclose(fl.Guided(5, eps=1e-6).forward(x), x, atol=1e-4)


def test_a_guide_of_another_size_is_refused():
    with pytest.raises(FilterLabError, match="its guide 1x4x4"):
        fl.Guided(3).forward(np.zeros((1, 1, 5, 5)), np.zeros((1, 1, 4, 4)))


@pytest.mark.parametrize("eps", [0, -1.0, np.nan])
def test_a_variance_that_is_not_positive_is_refused(eps):
    with pytest.raises(ParameterError, match=r"eps is .*it must be above 0"):
        F.guided(np.zeros((1, 3, 3)), 3, eps=eps)
