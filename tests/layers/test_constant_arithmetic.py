from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.functional.arithmetic import OPERATIONS
from tests.layers.cases import Case

_VECTOR = [[[0.7]], [[1.3]]]
CASES = [
    *(Case(fl.ConstantArithmetic(name, _VECTOR), low=0.5, high=2.5) for name in OPERATIONS),
    Case(fl.ConstantArithmetic("add", [[[0.5]]])),
    Case(fl.ConstantArithmetic("multiply", [[[0.5, -1.0, 2.0]]]), ((2, 4, 3),)),
    Case(fl.ConstantArithmetic("multiply", [[[0.5]], [[2.0]], [[3.0]]]), ((1, 2, 3),)),
    Case(fl.ConstantArithmetic("subtract from", [[[0.5]], [[2.0]], [[3.0]]]), ((3,),)),
]
WRONG = [("operation", "modulo"), ("operand", "much")]


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("add", lambda x: x + 2),
        ("subtract", lambda x: x - 2),
        ("subtract from", lambda x: 2 - x),
        ("multiply", lambda x: x * 2),
        ("divide", lambda x: x / 2),
        ("divide into", lambda x: 2 / x),
        ("maximum", lambda x: np.maximum(x, 2)),
        ("minimum", lambda x: np.minimum(x, 2)),
        ("power", lambda x: x**2),
    ],
)
def test_formula(rng, name, want):
    x = rng.uniform(-4, 4, (1, 2, 3, 4))
    np.testing.assert_allclose(fl.ConstantArithmetic(name, [[[2.0]]]).forward(x), want(x), rtol=1e-12)


def test_an_operand_that_does_not_fit_is_refused():
    with pytest.raises(fl.FilterLabError, match=r"an operand of 2x1x1 does not fit 3x4x5"):
        fl.ConstantArithmetic("add", _VECTOR).output_shape((3, 4, 5))
    with pytest.raises(fl.FilterLabError, match="does not fit"):
        fl.ConstantArithmetic("add", [[[1.0, 2.0]]]).output_shape((7,))


def test_an_exponent_of_0_has_no_gradient_at_0():
    layer = fl.ConstantArithmetic("power", [[[0.0]]])
    x = np.zeros((1, 1, 1, 1))
    assert layer.input_gradients(np.ones_like(x), (x,), layer.forward(x))[0].item() == 0


@pytest.mark.parametrize(
    ("name", "formula"), [("power", "y = x^c = 3^2 = 9"), ("divide into", "y = c / x = 2 / 3 = 0.6666667")]
)
def test_a_curve_is_explained_by_its_formula_and_not_by_its_slope(name, formula):
    layer, x = fl.ConstantArithmetic(name, [[[5.0]], [[2.0]]]), np.full((1, 1, 2, 2), 3, np.float32)
    found = layer.explain((x,), layer.forward(x), 1, 0, 1)
    assert found.formula == formula
    assert (found.terms[0].weight, found.bias) == (None, 0.0)
