"""What the lesson on gradients shows as filters is what the engine computes as gradients."""

from __future__ import annotations

import numpy as np

from filterlab.functional import conv2d_backward
from filterlab.lessons import lessons, scene

GRADIENT = next(lesson for lesson in lessons() if lesson.name == "gradient")
X = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
W = np.array([[[[0, 1], [2, 3]]]], np.float32)
DY = np.ones((1, 2, 2), np.float32)


def shown(place, name):
    """The map of a step."""
    step = scene(GRADIENT, place)
    return step.pixels, step.pipeline.run(step.pixels)[name]


def test_the_filters_are_the_gradients():
    found = conv2d_backward(DY, X, W)
    pixels, of_weight = shown(3, "dW")
    np.testing.assert_array_equal(pixels, X)
    np.testing.assert_array_equal(of_weight[0], np.asarray(found[1])[0, 0])
    pixels, of_input = shown(4, "dX")
    np.testing.assert_array_equal(pixels, DY)
    np.testing.assert_array_equal(of_input, found[0])
