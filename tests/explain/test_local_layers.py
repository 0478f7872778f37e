"""The kernel at a value as a layer: it gives that value at its place, beside the network it comes from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.explain.local_layers import as_layer, beside
from tests.explain.random_pipelines import CHOOSING, LIVE, branched, position


def last(pipe):
    return pipe.nodes[-1].name


def inside(region, shape):
    return region.top >= 0 and region.left >= 0 and region.bottom <= shape[1] and region.right <= shape[2]


@settings(max_examples=80)
@given(branched([*LIVE, *CHOOSING], most=4), st.integers(0, 99), st.data())
def test_the_layer_reproduces_its_value(built, seed, data):
    pipe, shape = built
    picture = np.random.default_rng(seed).uniform(-1, 1, shape)
    made = pipe.run(picture, last(pipe))[last(pipe)]
    where = position(data.draw, made.shape)
    found = pipe.local_kernel(picture, last(pipe), *where)
    alone = fl.Pipeline([("here", as_layer(pipe, found, shape))]).run(picture)["here"]
    assert alone.shape == (1, *(*made.shape[1:], 1, 1)[:2])
    if inside(found.region, shape):
        assert alone[0, where[1], where[2]] == pytest.approx(found.value, abs=1e-10)


def test_beside_the_network_stands_where_it_bends(rng):
    pipe = fl.Pipeline(
        [("conv", fl.Conv2d(rng.standard_normal((2, 1, 3, 3)), padding=1)), ("relu", fl.ReLU())]
    )
    picture = rng.standard_normal((1, 12, 12))
    made = pipe.run(picture)["relu"][1]
    row, col = (int(i) + 1 for i in np.argwhere(made[1:-1, 1:-1] > 0)[0])
    found = pipe.local_kernel(picture, "relu", 1, row, col)
    more, names = beside(pipe, found, picture.shape)
    maps = more.run(picture)
    assert set(names) == {"channel", "here", "bent"}
    bent = maps[names["bent"]][0]
    # One kernel is the network wherever the same side of the ReLU is taken.
    np.testing.assert_allclose(bent[made > 0], 0, atol=1e-12)
    np.testing.assert_allclose(bent[made == 0], maps["conv"][1][made == 0], atol=1e-12)


def test_a_second_kernel_may_stand_beside_it(rng):
    pipe = fl.Pipeline([("blur", fl.Filter2d(np.full((3, 3), 1 / 9))), ("here", fl.Abs())])
    picture = rng.standard_normal((1, 9, 9))
    found = pipe.local_kernel(picture, "here", 0, 4, 4)
    more, names = beside(pipe, found, picture.shape, best=(np.ones((1, 3, 3)), 0.25))
    assert names["here"] != "here"
    assert more[names["best"]].offset == 0.25
    assert more.run(picture)[names["missed"]].shape == (1, 9, 9)


def test_a_kernel_that_is_not_finite_is_refused(rng):
    pipe = fl.Pipeline([("root", fl.layers.Function("sqrt"))])
    picture = rng.random((1, 4, 4))
    picture[0, 1, 1] = 0
    found = pipe.local_kernel(picture, "root", 0, 1, 1)
    with pytest.raises(fl.FilterLabError, match="not finite"):
        as_layer(pipe, found, picture.shape)
