from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Softmax(), ((4,),)),
    Case(fl.Softmax(labels=["cat", "dog"])),
    Case(fl.Softmax(axis=1), ((2, 4, 3),)),
    Case(fl.Softmax(axis=-1), ((2, 4, 3),)),
]
WRONG = [("axis", 3), ("axis", 0.5), ("labels", "cat"), ("labels", [1, 2])]


def test_chances_add_up_to_one(rng):
    x = rng.standard_normal((2, 5)) * 100
    y = fl.Softmax().forward(x)
    np.testing.assert_allclose(y.sum(axis=1), 1)


def test_labels_and_axis_must_fit():
    with pytest.raises(fl.FilterLabError, match="2 names for 3 classes"):
        fl.Softmax(labels=["cat", "dog"]).output_shape((3,))
    with pytest.raises(fl.FilterLabError, match="no axis 2"):
        fl.Softmax(axis=2).output_shape((3,))
