from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.LogSoftmax(), ((4,),)),
    Case(fl.LogSoftmax(labels=["cat", "dog"])),
    Case(fl.LogSoftmax(axis=1), ((2, 4, 3),)),
    Case(fl.LogSoftmax(axis=-1), ((2, 4, 3),)),
]
WRONG = [("axis", 3), ("axis", 0.5), ("labels", "cat"), ("labels", [1, 2])]


def test_chances_add_up_to_one(rng):
    x = rng.standard_normal((2, 5)) * 100
    y = np.exp(fl.LogSoftmax().forward(x))
    np.testing.assert_allclose(y.sum(axis=1), 1)


def test_labels_and_axis_must_fit():
    with pytest.raises(fl.FilterLabError, match="2 names for 3 classes"):
        fl.LogSoftmax(labels=["cat", "dog"]).output_shape((3,))
    with pytest.raises(fl.FilterLabError, match="no axis 2"):
        fl.LogSoftmax(axis=2).output_shape((3,))
