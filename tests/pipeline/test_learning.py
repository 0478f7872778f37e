"""Learning: d2l's experiment, every optimizer, branches, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl


def edges():
    """The experiment of Dive into Deep Learning, 7.2.4: ones with columns 2 to 5 zero, and its edges."""
    x = np.ones((1, 6, 8), np.float32)
    x[:, :, 2:6] = 0
    return x, fl.Pipeline([("c", fl.Conv2d([[[[1, -1]]]]))]).run(x)["c"]


def test_the_edge_detector_appears_in_ten_steps(rng):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(rng.normal(size=(1, 1, 1, 2))))])
    steps = list(fl.learn(pipe, [(x, y)], nodes=["edges"], loss="sse", optimizer="sgd", lr=3e-2, steps=10))
    assert len(steps) == 10
    assert steps[-1].loss < 0.05 * steps[0].loss
    np.testing.assert_allclose(steps[-1].pipeline["edges"].weight.ravel(), [1, -1], atol=0.1)


def test_the_given_pipeline_stays(rng):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(rng.normal(size=(1, 1, 1, 2))))])
    before = pipe["edges"].weight.copy()
    list(fl.learn(pipe, [(x, y)], loss="sse", lr=3e-2, steps=3))
    np.testing.assert_array_equal(pipe["edges"].weight, before)


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("sgd", {"lr": 3e-2}),
        ("sgd", {"lr": 1e-2, "momentum": 0.9, "nesterov": True}),
        ("adam", {"lr": 0.2}),
        ("adamw", {"lr": 0.2, "weight_decay": 1e-3}),
        ("rmsprop", {"lr": 0.05}),
        ("lbfgs", {}),
    ],
)
def test_every_optimizer_finds_it(rng, optimizer, options):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(rng.normal(size=(1, 1, 1, 2))))])
    steps = list(fl.learn(pipe, [(x, y)], loss="sse", optimizer=optimizer, steps=150, **options))
    np.testing.assert_allclose(steps[-1].pipeline["edges"].weight.ravel(), [1, -1], atol=0.02)


def test_only_the_named_nodes_learn(rng):
    x, y = edges()
    pipe = fl.Pipeline(
        [("a", fl.Conv2d(rng.normal(size=(1, 1, 1, 1)))), ("b", fl.Conv2d(rng.normal(size=(1, 1, 1, 2))))]
    )
    last = list(fl.learn(pipe, [(x, y)], nodes=["b"], loss="sse", lr=1e-2, steps=3))[-1]
    assert last.pipeline["a"] is pipe["a"]
    assert last.pipeline["b"] != pipe["b"]


def test_gradients_flow_through_branches(rng):
    target = np.float64(rng.normal(size=(2, 1, 3, 3)))
    image = rng.random((1, 10, 10))

    def branched(weights):
        return fl.Pipeline(
            [
                fl.Node("a", fl.Conv2d(weights[:1], padding=1), inputs=("image",)),
                fl.Node("b", fl.Conv2d(weights[1:], padding=1), inputs=("image",)),
                fl.Node("b2", fl.Tanh(), inputs=("b",)),
                fl.Node("sum", fl.Add(), inputs=("a", "b2")),
            ]
        )

    wanted = branched(target).run(image)["sum"]
    pipe = branched(target + 0.1 * rng.normal(size=target.shape))
    steps = list(fl.learn(pipe, [(image, wanted)], optimizer="lbfgs", steps=300))
    assert steps[-1].loss < 1e-6 * steps[0].loss
    assert steps[-1].pipeline["a"].weight.dtype == np.float64


def test_a_classifier_learns_from_class_numbers(rng):
    x = np.concatenate([rng.normal(-1, 1, (20, 1, 2, 2)), rng.normal(1, 1, (20, 1, 2, 2))])
    labels = np.repeat([0, 1], 20)
    pipe = fl.Pipeline([fl.Flatten(), ("fc", fl.Linear(np.zeros((2, 4)), bias=np.zeros(2)))])
    steps = list(fl.learn(pipe, [(x, labels)], loss="cross_entropy", lr=0.5, steps=30))
    assert steps[0].loss == pytest.approx(np.log(2))
    scores = steps[-1].pipeline.run(x)["fc"]
    assert (scores.argmax(1) == labels).mean() > 0.9


def test_small_batches_are_drawn_by_seed(rng):
    pairs = [(x, 2 * x) for x in rng.random((6, 1, 4, 4))]
    pipe = fl.Pipeline([("k", fl.Conv2d(np.zeros((1, 1, 1, 1))))])

    def losses(seed):
        return [step.loss for step in fl.learn(pipe, pairs, lr=0.1, steps=5, batch=2, seed=seed)]

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


def test_several_pairs_count_alike(rng):
    pairs = [(x, 2 * x) for x in rng.random((3, 1, 4, 4))]
    pipe = fl.Pipeline([("k", fl.Conv2d(np.zeros((1, 1, 1, 1))))])
    together = next(fl.learn(pipe, pairs, loss="mse", steps=1)).loss
    assert together == pytest.approx(np.mean([4 * np.mean(x**2) for x, _ in pairs]))
    assert next(fl.learn(pipe, pairs, loss="sse", steps=1)).loss == pytest.approx(16 * 3 * together)


def test_divergence_is_noticed():
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2), np.float32)))])
    with pytest.raises(fl.FilterLabError, match="too large: try 0.0[0-9]+"):
        list(fl.learn(pipe, [(x, y)], loss="sse", lr=100, steps=100))


def test_it_can_be_stopped():
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2), np.float32)))])
    asked = iter([False, False, True])
    steps = fl.learn(pipe, [(x, y)], lr=1e-2, steps=9, cancel=lambda: next(asked))
    assert [next(steps).index, next(steps).index] == [0, 1]
    with pytest.raises(fl.FilterLabError, match="stopped after 2 of 9 steps"):
        next(steps)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"loss": "huber"}, "no loss 'huber'.*mse"),
        ({"optimizer": "sdg"}, "no optimizer 'sdg'.*sgd"),
        ({"beta": 1}, "no option 'beta'.*momentum"),
        ({"lr": 0}, "above 0"),
        ({"steps": -1}, "steps is -1"),
        ({"nodes": ["relu1"]}, "ReLU has no weights"),
        ({"nodes": ["none"]}, "no node 'none'"),
        ({"pairs": []}, "nothing to learn from"),
        ({"pairs": [(np.ones((1, 4, 4)), np.ones((1, 4, 4)))]}, "target has shape 1x4x4.*1x4x3"),
        ({"nesterov": True}, "nesterov needs momentum"),
    ],
)
def test_wrong_tasks_are_explained(changes, message):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2)))), fl.ReLU()])
    pairs = changes.pop("pairs", [(x, y)])
    with pytest.raises(fl.FilterLabError, match=message):
        list(fl.learn(pipe, pairs, **{"steps": 1, **changes}))
