"""Comparing maps: the numbers of plain numpy, and decided answers where values are not finite."""

from __future__ import annotations

from math import inf, isclose, nan

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled, ShapeError
from filterlab.run.comparing import BLOCK, compare, difference, pair_statistics


def graph(*values):
    """A pipeline that gives maps with these values on a picture of ones: node n0, n1, ..."""
    layers = [fl.Node(f"n{i}", fl.Filter2d([[v]], padding=0), ("image",)) for i, v in enumerate(values)]
    return fl.Pipeline(layers)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(5,), (3, 7, 4), (2, 400, 500)])
def test_statistics_are_those_of_numpy_in_float64(shape, dtype):
    draw = np.random.default_rng(1)
    x, y = (draw.normal(3, 2, shape).astype(dtype) for _ in range(2))
    apart = x.astype(np.float64) - y
    found = pair_statistics(x, y, peak=1.0)
    assert found.largest == np.abs(apart).max()
    assert found.where == np.unravel_index(np.abs(apart).argmax(), shape)
    assert isclose(found.mean, np.abs(apart).mean(), rel_tol=1e-12)
    assert isclose(found.rms, np.sqrt((apart**2).mean()), rel_tol=1e-12)
    assert isclose(found.psnr, -20 * np.log10(np.sqrt((apart**2).mean())), rel_tol=1e-12)
    assert isclose(found.correlation, np.corrcoef(x.ravel(), y.ravel())[0, 1], abs_tol=1e-6)
    assert (found.cells, found.odd, found.unequal) == (x.size, 0, 0)


def test_correlation_survives_a_large_mean():
    draw = np.random.default_rng(2)
    x = 1e8 + draw.normal(size=5000)
    y = x + draw.normal(size=5000)
    assert isclose(pair_statistics(x, y).correlation, np.corrcoef(x, y)[0, 1], rel_tol=1e-9)


def test_values_that_are_not_finite_are_counted_and_left_out_of_the_sums():
    x = np.array([1, 2, nan, inf, -inf, nan, 4], np.float32)
    y = np.array([1, 5, nan, inf, inf, 3, 6], np.float32)
    found = pair_statistics(x, y)
    assert (found.cells, found.odd, found.unequal) == (3, 4, 2)
    assert (found.largest, found.where) == (inf, (4,))
    assert found.mean == pytest.approx(5 / 3)
    assert found.rms == pytest.approx(np.sqrt(13 / 3))
    assert found.psnr is None


def test_arrays_without_a_finite_value_in_common_have_no_mean():
    found = pair_statistics(np.array([nan, inf]), np.array([1.0, 2.0]))
    assert (found.mean, found.rms, found.correlation, found.cells) == (None, None, None, 0)


def test_equal_arrays_have_no_place_of_a_difference_and_an_infinite_psnr():
    x = np.array([[0.0, 0.5], [nan, inf]])
    found = pair_statistics(x, x.copy(), peak=1.0)
    assert (found.largest, found.where, found.rms, found.psnr) == (0.0, None, 0.0, inf)
    assert found.correlation == pytest.approx(1.0)
    assert found.unequal == 0


def test_a_constant_map_has_no_correlation():
    assert pair_statistics(np.zeros((2, 3)), np.arange(6.0).reshape(2, 3)).correlation is None


def test_the_largest_difference_is_found_beyond_the_first_block():
    x = np.zeros(BLOCK + 10, np.float32)
    y = x.copy()
    y[BLOCK + 3] = -7
    assert pair_statistics(x, y).where == (BLOCK + 3,)


def test_shapes_that_differ_are_refused_in_words():
    for compared in (pair_statistics, difference):
        with pytest.raises(ShapeError, match="no cells in common"):
            compared(np.zeros((1, 2, 3)), np.zeros((1, 3, 2)))


def test_the_difference_keeps_its_sign_and_dtype_and_marks_what_is_not_finite():
    x = np.array([1, inf, inf, nan, -inf], np.float32)
    y = np.array([3, inf, 2, 0, inf], np.float32)
    found = difference(x, y)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [-2, 0, inf, nan, -inf])


# -- pipelines ----------------------------------------------------------------------------------------------


def test_a_difference_is_relative_to_the_larger_range_in_either_order():
    image = np.ones((1, 4, 4), np.float32)
    for a, b in ((0.0, 1e-12), (1e-12, 0.0)):
        node = compare(graph(a), graph(b), image).nodes[0]
        assert node.largest == pytest.approx(1e-12)
        assert node.relative == pytest.approx(1.0)
    ramp = np.linspace(0, 1, 16, dtype=np.float32).reshape(1, 4, 4)
    node = compare(graph(1.0), graph(4.0), ramp).nodes[0]
    assert node.relative == pytest.approx(3 / 4)


def test_the_first_node_that_differs_is_named():
    image = np.ones((1, 4, 4), np.float32)
    found = compare(graph(1.0, 2.0, 3.0), graph(1.0, 2.5, 0.0), image)
    assert found.first == "n1"
    assert compare(graph(1.0), graph(1.0), image).first is None
    assert compare(graph(1.0), graph(1.0 + 1e-6), image).first is None


def test_equal_infinities_are_equal_and_one_infinity_is_not():
    image = np.full((1, 2, 2), inf, np.float32)
    assert compare(graph(1.0), graph(2.0), image).nodes[0].relative == 0
    found = compare(graph(1.0), graph(-2.0), image)
    assert (found.nodes[0].largest, found.nodes[0].relative, found.first) == (inf, inf, "n0")


def test_nodes_are_compared_by_name_wherever_they_stand_and_in_the_order_of_the_first():
    image = np.random.default_rng(3).random((1, 6, 6), np.float32)
    scale = fl.Filter2d([[2.0]], padding=0)
    a = fl.Pipeline([("scale", scale), ("relu", fl.ReLU()), ("pool", fl.MaxPool2d(2))])
    nodes = [("pool", fl.MaxPool2d(2), "image"), ("relu", fl.ReLU(), "image"), ("scale", scale, "relu")]
    b = fl.Pipeline([fl.Node(name, layer, (source,)) for name, layer, source in nodes])
    found = compare(a, b, image)
    assert [node.name for node in found.nodes] == ["scale", "relu", "pool"]
    first, second = a.run(image), b.run(image)
    for node in found.nodes:
        assert node.largest == np.abs(first[node.name].astype(float) - second[node.name]).max()
    assert found.first == "relu"


def test_a_comparison_can_be_cancelled():
    with pytest.raises(Cancelled):
        compare(graph(1.0), graph(2.0), np.ones((1, 4, 4), np.float32), cancel=lambda: True)
