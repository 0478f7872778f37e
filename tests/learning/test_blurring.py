"""Layers as blurs of single channels, and how much of the blur a restoration takes away."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.errors import ParameterError, ShapeError
from filterlab.layers.base.layer import Layer
from filterlab.learning.fit.blurring import (
    BlurredPair,
    blur_of,
    blurred_by,
    blurring_nodes,
    border_of,
)

KERNEL = np.arange(1.0, 7.0).reshape(2, 3)


@pytest.fixture
def image():
    return np.random.default_rng(3).random((3, 20, 30)).astype(np.float32)


@pytest.mark.parametrize(
    "layer",
    [
        fl.Filter2d(kernel=KERNEL, divisor=21, offset=0.25, padding="valid"),
        fl.Filter2d(kernel=KERNEL, operation="convolution", padding="valid"),
        fl.Filter2d(kernel=KERNEL, dilation=(2, 3), padding="valid"),
        fl.Conv2d(weight=np.stack([KERNEL, 2 * KERNEL, -KERNEL])[:, None], bias=np.ones(3), groups=3),
    ],
)
def test_the_kernel_and_what_is_added_say_what_the_layer_computes(layer, image):
    kernel, added = blur_of(layer)
    weights = np.broadcast_to(kernel, (3, *kernel.shape[-2:]))[:, None]
    expected = F.conv2d(image.astype(np.float64), np.ascontiguousarray(weights), groups=3)
    pipeline = fl.Pipeline([("blur", layer)])
    made = blurred_by(pipeline, "blur", image)
    assert made.before is image
    np.testing.assert_allclose(made.after - added[:, None, None], expected, atol=1e-4)


def test_only_filters_of_single_channels_without_stride_count_as_blurs():
    pipeline = fl.Pipeline(
        [
            ("filter", fl.Filter2d(kernel=KERNEL)),
            ("strided", fl.Filter2d(kernel=KERNEL, stride=2)),
            ("relu", fl.ReLU()),
            ("mixing", fl.Conv2d(weight=np.ones((3, 3, 3, 3)))),
            ("depthwise", fl.Conv2d(weight=np.ones((3, 1, 3, 3)), groups=3)),
        ]
    )
    assert blurring_nodes(pipeline) == ["filter", "depthwise"]
    for name, words in (
        ("strided", "stride"),
        ("relu", "not a kernel"),
        ("mixing", "each output of the layer reads 3 channels"),
    ):
        with pytest.raises(ParameterError, match=words):
            blur_of(pipeline[name])


def test_the_border_is_that_of_the_layer():
    assert border_of(fl.Filter2d(kernel=KERNEL, padding="same", padding_mode="reflect")) == "reflect"
    assert border_of(fl.Filter2d(kernel=KERNEL, padding="valid")) == "unknown"


def test_a_node_after_others_is_compared_with_what_it_reads(image):
    pipeline = fl.Pipeline([("half", fl.Filter2d(kernel=[[0.5]])), ("blur", fl.Filter2d(fl.kernels.box(3)))])
    made = blurred_by(pipeline, "blur", image)
    np.testing.assert_array_equal(made.before, pipeline.run(image)["half"])
    np.testing.assert_array_equal(made.after, pipeline.run(image)["blur"])


def test_the_gain_counts_decibels_over_the_middle_of_a_larger_picture(image):
    true = image[:, 2:-2, 3:-3]
    pair = BlurredPair(image, true + np.float32(0.1))
    assert pair.gain(true + np.float32(0.01)) == pytest.approx(20, abs=1e-3)
    assert pair.gain(true) == inf
    assert BlurredPair(None, true).gain(true) is None


def test_a_true_picture_of_other_channels_or_a_smaller_one_is_refused(image):
    BlurredPair(image, image[:, 1:-1, 1:-1]).check()
    with pytest.raises(ShapeError, match="the true picture is 1x20x30, the blurred one 3x20x30"):
        BlurredPair(image[:1], image).check()
    with pytest.raises(ShapeError):
        BlurredPair(image[:, 1:], image).check()


def test_weights_that_are_recipes_are_not_made_to_find_the_blurs(monkeypatch):
    recipe = {"init": "kaiming_normal", "seed": 3, "shape": [64, 64, 3, 3]}
    pipeline = fl.Pipeline(
        [("conv", fl.Conv2d(weight=recipe)), ("blur", fl.Filter2d({"preset": "box", "size": 3}))]
    )
    monkeypatch.setattr(Layer, "trainable", lambda layer: pytest.fail("all weights are asked for"))
    assert blurring_nodes(pipeline) == ["blur"]
