"""Least squares for the node that learns."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled, ParameterError
from filterlab.learning.fit.closest import closest, without_camera

RNG = np.random.default_rng(5)
GREY, COLOUR = (RNG.random((c, 24, 31), dtype=np.float32) for c in (1, 3))


@pytest.mark.parametrize(
    ("picture", "layer"),
    [
        (COLOUR, fl.Filter2d(RNG.random((3, 5)))),
        (COLOUR, fl.Filter2d(RNG.random((3, 3)), divisor=7, offset=0.25, padding_mode="reflect")),
        (COLOUR, fl.Filter2d(RNG.random((3, 3)), operation="convolution", padding=0)),
        (GREY, fl.Conv2d(weight=RNG.random((1, 1, 3, 3)), padding=1)),
        (COLOUR, fl.Conv2d(weight=RNG.random((4, 3, 3, 3)), bias=RNG.random(4), operation="convolution")),
        (COLOUR, fl.Conv2d(weight=RNG.random((3, 1, 3, 3)), groups=3)),
    ],
)
def test_the_weights_that_made_the_target_are_found(picture, layer):
    teacher = fl.Pipeline([("node", layer)])
    target = teacher.run(picture)["node"]
    student = fl.Pipeline(
        [("node", layer.replace(**{k: np.zeros_like(v) for k, v in layer.trainable().items()}))]
    )
    found = closest(student, ["node"], "node", picture, target)
    for key, value in layer.trainable().items():
        np.testing.assert_allclose(found.pipeline["node"].trainable()[key], value, atol=2e-4)
        np.testing.assert_allclose(found.difference(student, "node", key), -value, atol=2e-4)
    assert found.fitted.r2 == pytest.approx(1)
    np.testing.assert_allclose(found.pipeline.run(picture)["node"], target, atol=2e-4)


def test_it_says_where_least_squares_has_no_answer():
    kernel = fl.Filter2d(np.ones((3, 3)))
    behind = fl.Pipeline([("abs", fl.Abs()), ("f", kernel)])
    before = fl.Pipeline([("f", kernel), ("abs", fl.Abs())])
    for pipeline, output in ((behind, "f"), (before, "abs")):
        with pytest.raises(ParameterError, match="directly between"):
            closest(pipeline, ["f"], output, GREY, GREY)
    two = fl.Pipeline([("f", kernel), ("g", kernel)])
    with pytest.raises(ParameterError, match="one kernel"):
        closest(two, ["f", "g"], "g", GREY, GREY)
    strided = fl.Pipeline([("f", kernel.replace(stride=2))])
    with pytest.raises(ParameterError, match="stride 1"):
        closest(strided, ["f"], "f", GREY, GREY)
    turned = fl.Pipeline([("t", fl.ConvTranspose2d(weight=np.ones((1, 1, 3, 3))))])
    with pytest.raises(ParameterError, match="not a kernel"):
        closest(turned, ["t"], "t", GREY, GREY)


def test_it_can_be_cancelled():
    pipeline = fl.Pipeline([("f", fl.Filter2d(np.ones((3, 3))))])
    with pytest.raises(Cancelled):
        closest(pipeline, ["f"], "f", GREY, GREY, lambda: True)


@pytest.mark.parametrize("operation", ["convolution", "cross-correlation"])
def test_the_errors_are_those_of_the_weights_as_the_layer_holds_them(operation):
    """Flipped with the kernel, and in the units of a layer that divides."""
    kernel = np.outer([1.0, 2, 3], [0, 1, 1])
    layer = fl.Filter2d(kernel, divisor=12, offset=0.1, operation=operation, padding_mode="reflect")
    graph = fl.Pipeline([("f", layer)])
    noise = 0.01 * np.random.default_rng(1).normal(size=GREY.shape).astype(np.float32)
    found = closest(graph, ["f"], "f", GREY, graph.run(GREY)["f"] + noise, constraints=["nonnegative"])
    weights, errors = found.pipeline["f"].kernel, found.errors["kernel"]
    assert errors.shape == found.distinct["kernel"].shape == (3, 3)
    assert (np.abs(weights - kernel) <= 4 * errors + 1e-6)[kernel > 0].all()
    # The weights at 0 have no error where the fit holds them there; those of the column do not follow the flip.
    assert found.distinct["kernel"][kernel > 0].all()


def test_constraints_are_meant_in_the_numbers_of_the_layer():
    layer = fl.Filter2d(np.ones((3, 3)), divisor=9)
    graph = fl.Pipeline([("f", layer)])
    found = closest(graph, ["f"], "f", GREY, graph.run(GREY)["f"], constraints=["unit_sum", "symmetric"])
    weights = found.pipeline["f"].kernel
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights, weights[::-1, ::-1], atol=1e-6)


def test_a_target_is_freed_of_the_camera():
    layer = fl.Filter2d(fl.kernels.gaussian(3), offset=0.25)
    graph = fl.Pipeline([("f", layer)])
    clean = graph.run(GREY)["f"]
    target, fitted = without_camera(graph, ["f"], "f", GREY, 0.7 * (clean - 0.25) + 0.1)
    np.testing.assert_allclose(target, clean, atol=1e-5)
    assert (fitted.gain, fitted.bias) == (pytest.approx(0.7, abs=1e-5), pytest.approx(0.1, abs=1e-5))
    np.testing.assert_allclose(
        closest(graph, ["f"], "f", GREY, target).pipeline["f"].kernel, layer.kernel, atol=1e-5
    )
