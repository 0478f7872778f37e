"""Where learning starts: kept, random by seed, or zero weights."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.learning.starts import check_learned, started, trainable_nodes, with_learned


@pytest.fixture
def pipeline():
    return fl.Pipeline(
        [
            fl.Node("conv", fl.Conv2d(weight=np.ones((8, 3, 5, 5)), bias=np.ones(8)), ("image",)),
            fl.Node("norm", fl.BatchNorm2d(np.zeros(8), np.ones(8), weight=np.full(8, 2.0)), ("conv",)),
            fl.Node("relu", fl.ReLU(), ("norm",)),
            fl.Node("aside", fl.Filter2d(np.ones((3, 3))), ("image",)),
            fl.Node("off", fl.Filter2d(np.ones((3, 3))), ("relu",), enabled=False),
        ]
    )


def test_nodes_that_can_learn_have_weights_and_lead_to_the_output(pipeline):
    assert trainable_nodes(pipeline, "relu") == ["conv", "norm"]
    assert trainable_nodes(pipeline, "aside") == ["aside"]
    assert trainable_nodes(pipeline, "off") == ["conv", "norm"], "a disabled layer has nothing to learn"


def test_keeping_gives_the_very_same_pipeline(pipeline):
    assert started(pipeline, ["conv"], "keep") is pipeline


def test_zeros_touch_the_named_nodes_only(pipeline):
    fresh = started(pipeline, ["conv", "norm"], "zeros")
    assert not fresh["conv"].weight.any()
    assert not fresh["conv"].bias.any()
    np.testing.assert_array_equal(fresh["norm"].weight, 2.0)
    assert fresh["aside"] is pipeline["aside"]


def test_random_weights_come_from_the_seed_with_the_variance_of_a_unit(pipeline):
    one, same, other = (started(pipeline, ["conv"], "random", seed)["conv"].weight for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).mean() > 0.99
    assert one.std() == pytest.approx((3 * 5 * 5) ** -0.5, rel=0.1)


def test_a_filter_counts_all_cells_and_nodes_differ():
    pipeline = fl.Pipeline([("a", fl.Filter2d(np.ones((31, 31)))), ("b", fl.Filter2d(np.ones((31, 31))))])
    fresh = started(pipeline, ["a", "b"], "random")
    assert fresh["a"].kernel.std() == pytest.approx(1 / 31, rel=0.1)
    assert (fresh["a"].kernel != fresh["b"].kernel).any()


def test_an_unknown_start_names_the_legal_ones(pipeline):
    with pytest.raises(ParameterError, match="random, keep, zeros"):
        started(pipeline, ["conv"], "ones")


def test_what_was_learned_goes_into_a_pipeline_that_was_edited_meanwhile(pipeline):
    learned = started(pipeline, ["conv"], "random", 3)
    edited = pipeline.with_layers({"conv": pipeline["conv"].replace(stride=2), "relu": fl.Abs()})
    kept = with_learned(edited, learned, ["conv"])
    np.testing.assert_array_equal(kept["conv"].weight, learned["conv"].weight)
    assert kept["conv"].stride == (2, 2)
    assert kept["relu"] is edited["relu"]


def test_what_was_learned_does_not_go_into_other_shapes(pipeline):
    other = pipeline.with_layers({"conv": fl.Conv2d(weight=np.ones((8, 3, 3, 3)))})
    without = fl.Pipeline([fl.ReLU()])
    for now, message in (
        (other, "conv is no longer what it was"),
        (without, "conv.* is no longer in the pipeline"),
    ):
        with pytest.raises(ParameterError, match=message) as caught:
            with_learned(now, pipeline, ["conv"])
        assert caught.value.node == "conv"
        with pytest.raises(ParameterError, match=message):
            check_learned(now, pipeline, ["conv"])
    check_learned(pipeline, pipeline, ["conv", "norm"])
