from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.functional.reductions import REDUCED_AXES, REDUCTIONS
from tests.layers.cases import Case

CASES = [
    *(Case(fl.Reduce(name, "space"), loose=True) for name in REDUCTIONS),
    *(Case(fl.Reduce("mean", over), loose=True) for over in REDUCED_AXES),
    Case(fl.Reduce("max", "channels"), ((3, 2, 2),), loose=True),
    Case(fl.Reduce("sum", "channels"), ((5,),), loose=True),
]
WRONG = [("operation", "variance"), ("over", "time")]


@pytest.mark.parametrize(("over", "axes"), [("space", (2, 3)), ("channels", 1), ("height", 2), ("width", 3)])
@pytest.mark.parametrize("name", ["mean", "sum", "max", "min"])
def test_as_numpy(rng, name, over, axes):
    x = rng.random((2, 3, 4, 5))
    want = getattr(np, name)(x, axis=axes, keepdims=True)
    np.testing.assert_allclose(fl.Reduce(name, over).forward(x), want, rtol=1e-12)


def test_norms(rng):
    x = rng.standard_normal((1, 2, 3, 4))
    flat = x.reshape(2, -1)
    for name, want in [
        ("l1", np.abs(flat).sum(1)),
        ("l2", np.linalg.norm(flat, axis=1)),
        ("sum of squares", (flat**2).sum(1)),
    ]:
        np.testing.assert_allclose(fl.Reduce(name, "space").forward(x).ravel(), want, rtol=1e-12)


def test_the_position_of_the_largest_channel():
    x = np.array([1.0, 5.0, 5.0, 2.0])
    assert fl.Reduce("argmax", "channels").forward(x.reshape(1, 4, 1, 1)).item() == 1
    assert fl.Reduce("argmax", "channels").forward(x[None]).tolist() == [[1.0]]
    assert fl.Reduce("argmax", "space").forward(x.reshape(1, 1, 2, 2)).item() == 1


def test_a_vector_has_no_rows():
    with pytest.raises(fl.FilterLabError, match="no rows or columns"):
        fl.Reduce("mean", "space").output_shape((5,))
