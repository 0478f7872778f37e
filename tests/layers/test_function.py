from __future__ import annotations

import numpy as np
import pytest
from scipy import special

import filterlab as fl
from filterlab.functional.arithmetic import FUNCTIONS
from tests.layers.cases import Case

_POSITIVE = ("sqrt", "log", "reciprocal")
CASES = [
    *(Case(fl.Function(name), low=0.3, high=2.2) for name in _POSITIVE),
    *(Case(fl.Function(name), low=-1.77, high=2.31) for name in FUNCTIONS if name not in _POSITIVE),
    Case(fl.Function("exp"), ((5,),)),
]
WRONG = [("function", "gamma")]


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("sqrt", np.sqrt),
        ("exp", np.exp),
        ("log", np.log),
        ("negative", lambda x: -x),
        ("reciprocal", lambda x: 1 / x),
        ("square", lambda x: x * x),
        ("sign", np.sign),
        ("floor", np.floor),
        ("ceil", np.ceil),
        ("round", np.rint),
        ("erf", special.erf),
        ("sin", np.sin),
        ("cos", np.cos),
    ],
)
def test_formula(rng, name, want):
    x = rng.uniform(0.1, 4, (1, 2, 3, 4))
    np.testing.assert_allclose(fl.Function(name).forward(x), want(x), rtol=1e-12)


def test_values_outside_the_domain_are_values():
    y = fl.Function("log").forward(np.array([[[[-1.0, 0.0]]]]))
    assert np.isnan(y[0, 0, 0, 0])
    assert y[0, 0, 0, 1] == -np.inf
