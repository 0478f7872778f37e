from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.explain.explainer import Explainer
from filterlab.explain.variants import compare, has_variants, variants

PICTURE = np.random.default_rng(2).random((3, 12, 14), dtype=np.float32)


def test_the_other_operation_and_the_other_border_modes():
    layer = fl.Conv2d(weight=np.ones((1, 1, 2, 2), np.float32), padding_mode="reflect")
    found = [(variant.parameter, variant.value) for variant in variants(layer)]
    assert found[0] == ("operation", "convolution")
    assert ("padding_mode", "zeros") in found
    assert ("padding_mode", "reflect") not in found
    assert all(getattr(variant.layer, variant.parameter) == variant.value for variant in variants(layer))
    assert has_variants(layer)
    assert variants(fl.ReLU()) == []
    assert not has_variants(fl.ReLU())


def test_the_figures_of_the_book():
    layer = fl.Conv2d(weight=np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2))
    pipeline = fl.Pipeline([("a", layer)])
    picture = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    found = compare(Explainer(pipeline, picture), "a", variants(layer)[0].layer)
    assert found.first.tolist() == [[[19, 25], [37, 43]]]
    assert found.second.tolist() == [[[5, 11], [23, 29]]]
    assert found.difference.tolist() == [[[14, 14], [14, 14]]]
    assert (found.greatest, found.where) == (14.0, (0, 0, 0))


@pytest.mark.parametrize("name", ["first", "second"])
def test_differences_are_those_of_two_runs(name):
    pipeline = fl.Pipeline(
        [("first", fl.Filter2d(fl.kernels.sobel(3))), ("second", fl.Filter2d(fl.kernels.box(5)))]
    )
    for variant in variants(pipeline[name]):
        found = compare(Explainer(pipeline, PICTURE), name, variant.layer)
        other = pipeline.with_layers({name: variant.layer}).run(PICTURE)[name]
        own = pipeline.run(PICTURE)[name]
        np.testing.assert_array_equal(found.difference, own - other)
        assert found.greatest == np.abs(own - other).max()
        assert abs(found.difference[found.where]) == found.greatest


@pytest.mark.filterwarnings("error")
def test_infinities_are_compared_too():
    layer = fl.Filter2d(np.array([[1.0, 0], [0, 0]]))
    picture = np.full((1, 3, 3), np.inf, np.float32)
    picture[0, 0, 0] = 1
    pipeline = fl.Pipeline([("a", layer)])
    found = compare(Explainer(pipeline, picture), "a", layer.replace(padding_mode="replicate"))
    assert np.isnan(found.difference).any()
    assert found.greatest == np.abs(np.nan_to_num(found.difference, nan=0, posinf=np.inf)).max()


def test_what_cannot_be_compared_is_refused():
    layer = fl.Filter2d(fl.kernels.sobel(3))
    explainer = Explainer(fl.Pipeline([("a", layer)]), PICTURE)
    with pytest.raises(ParameterError, match="one shape"):
        compare(explainer, "a", layer.replace(stride=2))
    with pytest.raises(ParameterError, match="no node"):
        compare(explainer, "b", layer)
