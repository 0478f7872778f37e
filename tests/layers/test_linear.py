from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Linear(np.random.default_rng(3).standard_normal((3, 5)), [0.1, 0.2, 0.3]), ((5,),)),
    Case(fl.Linear([[1.0, -2]]), ((2,),)),
]
WRONG = [("bias", [1.0]), ("weight", [1.0])]


def test_maps_and_wrong_lengths_are_refused():
    with pytest.raises(fl.FilterLabError, match="put Flatten before"):
        CASES[0].layer.output_shape((5, 1, 1))
    with pytest.raises(fl.FilterLabError, match="given 4 features and takes 5"):
        CASES[0].layer.output_shape((4,))


def test_counts():
    assert CASES[0].layer.parameter_count() == 18
    assert CASES[0].layer.macs(((5,),), (3,)) == 15
