"""What is minimised: which pairs and nodes are taken, and the precision of what comes out."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled
from filterlab.learning.descent.objective import LONG, Objective


def scale(dtype=np.float32):
    return fl.Conv2d(np.full((1, 1, 1, 1), 0.5, dtype))


@pytest.fixture
def pipe():
    """Two nodes that lead to "b", one aside, one switched off."""
    nodes = [
        fl.Node("a", scale(), ("image",)),
        fl.Node("aside", scale(), ("image",)),
        fl.Node("off", scale(), ("a",), enabled=False),
        fl.Node("b", scale(), ("off",)),
    ]
    return fl.Pipeline(nodes)


@pytest.fixture
def vectors(rng):
    """Ten pictures of 2x2 and a layer that scores three classes."""
    return rng.random((10, 1, 2, 2)), fl.Pipeline([fl.Flatten(), ("fc", fl.Linear(np.zeros((3, 4))))])


def test_without_names_the_nodes_that_lead_to_the_output_learn(rng, pipe):
    x = rng.random((1, 4, 4))
    *_, last = fl.learn(pipe, [(x, x)], weight_decay=0.5, lr=0.1, steps=3)
    assert {node for node, _ in last.gradients} == {"a", "b"}
    for name in ("aside", "off"):
        assert last.pipeline[name] is pipe[name]
    assert {node for node, _ in next(fl.learn(pipe, [(x, x)], output="a")).gradients} == {"a"}


@pytest.mark.parametrize("node", ["aside", "off"])
def test_a_node_that_does_not_count_is_refused(rng, pipe, node):
    x = rng.random((1, 4, 4))
    with pytest.raises(fl.FilterLabError, match="does not depend on its weights.*a, b") as caught:
        fl.learn(pipe, [(x, x)], nodes=[node])
    assert caught.value.node == node


def test_one_node_may_be_named_without_a_list(rng, pipe):
    x = rng.random((1, 4, 4))
    assert {node for node, _ in next(fl.learn(pipe, [(x, x)], nodes="b")).gradients} == {"b"}


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "rmsprop", "lbfgs"])
def test_weights_keep_their_precision(rng, optimizer):
    x = rng.random((1, 4, 4))
    mixed = fl.Pipeline([("a", scale(np.float32)), ("b", scale(np.float64))])
    decay = {} if optimizer == "lbfgs" else {"weight_decay": np.float64(0.01)}
    *_, last = fl.learn(mixed, [(x, x)], optimizer=optimizer, lr=np.float64(0.01), steps=3, **decay)
    assert last.pipeline["a"].weight.dtype == np.float32
    assert last.pipeline["b"].weight.dtype == np.float64


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (None, "nothing to learn from"),
        ((np.ones((2, 1, 4, 4)), np.ones((2, 1, 4, 4))), "ndarray was given instead of a pair"),
        (np.ones((2, 2, 1, 4, 4)), "nothing to learn from.*picture, target"),
        ([(np.ones((1, 4, 4)),)], "tuple was given instead of a pair"),
        ([(np.ones((0, 1, 4, 4)), np.ones((0, 1, 4, 4)))], "holds no picture"),
        ([(np.ones((1, 1, 4, 4)), np.ones((1, 4, 4)))], "target has shape 1x4x4, the output 1x1x4x4"),
        ([(np.full((1, 4, 4), np.nan), np.ones((1, 4, 4)))], "picture holds NaN"),
        ([(np.ones((1, 4, 4)), np.full((1, 4, 4), np.inf))], "target holds NaN or infinity"),
    ],
)
def test_what_is_no_pair_is_explained(pairs, message, pipe):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.learn(pipe, pairs)


@pytest.mark.parametrize("batch", [None, 3])
@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (np.arange(5) % 3, "logits have shape 10x3, the target 5"),
        (np.arange(10), "from 0 to 9.*0 to 2"),
        (np.arange(10) % 3 / 2, "float64"),
        (np.eye(3)[np.arange(10) % 3], "the target 10x3"),
    ],
)
def test_wrong_classes_are_told_before_the_first_step(vectors, classes, message, batch):
    x, pipe = vectors
    with pytest.raises(fl.FilterLabError, match=message):
        fl.learn(pipe, [(x, classes)], loss="cross_entropy", batch=batch)


def test_maps_have_no_class(rng):
    with pytest.raises(fl.FilterLabError, match="logits have shape 1x1x4x4"):
        fl.learn(fl.Pipeline([scale()]), [(rng.random((1, 4, 4)), 0)], loss="cross_entropy")


def test_constraints_need_a_kernel(vectors):
    x, pipe = vectors
    with pytest.raises(fl.FilterLabError, match="no learned weight is a kernel"):
        fl.learn(pipe, [(x, np.arange(10) % 3)], loss="cross_entropy", constraints="zero_sum")


def test_an_empty_pipeline_learns_nothing():
    with pytest.raises(fl.FilterLabError, match="the pipeline is empty"):
        fl.learn(fl.Pipeline([]), [(np.ones((1, 2, 2)), np.ones((1, 2, 2)))])


def test_a_layer_that_does_not_learn_gives_no_gradients_of_its_weights(rng, monkeypatch):
    asked = []
    monkeypatch.setattr(fl.Conv2d, "backward", lambda *args: asked.append(args))
    x = rng.random((1, 4, 4))
    steps = list(fl.learn(fl.Pipeline([("a", scale()), ("b", scale())]), [(x, x)], nodes=["a"], steps=2))
    assert steps[1].loss < steps[0].loss
    assert not asked


def test_a_long_step_ends_between_any_two_layers(rng):
    x = rng.random((1, 600, 600), dtype=np.float32)
    layers = [fl.Conv2d(rng.normal(size=(4, c, 3, 3)).astype(np.float32), padding=1) for c in (1, 4, 4)]
    objective = Objective(fl.Pipeline(layers), [(x, np.broadcast_to(x, (4, 600, 600)))], None, "mse", None)
    assert objective._cost(objective.blocks[0]) > LONG
    asked = [0]

    def never():
        asked[0] += 1
        return False

    objective.loss_and_gradients(objective.start, cancel=never)
    assert asked[0] > 50
    # How often a run asks varies by a few, with how its threads meet.
    for most in range(0, asked[0] * 9 // 10, 7):
        asked[0] = 0

        def stop(most=most):
            asked[0] += 1
            return asked[0] > most

        with pytest.raises(Cancelled):
            objective.loss_and_gradients(objective.start, cancel=stop)
