from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [Case(fl.Unflatten(), ((5,),)), Case(fl.Unflatten((2, 3)), ((12,),)), Case(fl.Unflatten((2, 3)))]
WRONG = [("size", 0), ("size", "large")]


def test_it_is_the_inverse_of_flatten(rng):
    x = rng.random((2, 4, 3, 5))
    np.testing.assert_array_equal(fl.Unflatten((3, 5)).forward(fl.Flatten().forward(x)), x)


def test_other_lengths_are_refused():
    with pytest.raises(fl.FilterLabError, match=r"7 features cannot be divided by 2 \* 3"):
        fl.Unflatten((2, 3)).output_shape((7,))


def test_a_squeezed_map_weighs_the_channels(rng):
    """A squeeze-and-excitation block whose weights come from fully connected layers."""
    pipe = fl.Pipeline(
        [
            fl.Node("mean", fl.GlobalAvgPool2d(), ("image",)),
            fl.Node("vector", fl.Flatten(), ("mean",)),
            fl.Node("maps", fl.Unflatten(), ("vector",)),
            fl.Node("scaled", fl.Multiply(), ("image", "maps")),
        ]
    )
    x = rng.random((3, 4, 4), dtype=np.float32)
    want = x * x.mean(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(pipe.run(x)["scaled"], want, rtol=1e-6)
