"""Least squares for the node that learns."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled, ParameterError
from filterlab.learning.fit.closest import closest

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
