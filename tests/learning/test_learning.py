"""Learning: d2l's experiment, every optimizer, branches, and what is refused."""

from __future__ import annotations

import inspect
import itertools
import textwrap

import numpy as np
import pytest

import filterlab as fl
from filterlab.learning.descent import learning, optimizers
from filterlab.learning.descent.schedules import SCHEDULES
from filterlab.learning.fit import fitting
from filterlab.learning.wishes import CONSTRAINTS
from filterlab.parameters import Number, Parameter
from filterlab.resources import samples


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
        ({"lr": np.inf}, "lr is inf"),
        ({"lr": "fast"}, "lr is 'fast'"),
        ({"steps": -1}, "steps is -1"),
        ({"steps": 2.5}, "steps is 2.5"),
        ({"seed": -1}, "seed is -1"),
        ({"momentum": -0.1}, "momentum is -0.1.*at least 0"),
        ({"weight_decay": np.nan}, "weight_decay is nan"),
        ({"optimizer": "adam", "betas": (0.9, 1)}, r"betas is \(0.9, 1\).*below 1"),
        ({"optimizer": "adam", "betas": 0.9}, "betas is 0.9.*two numbers"),
        ({"optimizer": "rmsprop", "alpha": 1.5}, "alpha is 1.5.*0 to 1"),
        ({"optimizer": "lbfgs", "history": 2.5}, "history is 2.5"),
        ({"nodes": ["relu1"]}, "ReLU has no weights"),
        ({"nodes": ["none"]}, "no node 'none'"),
        ({"pairs": []}, "nothing to learn from"),
        ({"pairs": [(np.ones((1, 4, 4)), np.ones((1, 4, 4)))]}, "target has shape 1x4x4.*1x4x3"),
        ({"pairs": [(np.full((1, 6, 8), np.nan), np.ones((1, 6, 7)))]}, "the picture holds NaN"),
        ({"pairs": [(np.ones((1, 6, 8)), np.full((1, 6, 7), np.inf))]}, "the target holds NaN or infinity"),
        ({"nesterov": True}, "nesterov needs momentum"),
        ({"schedule": "linear"}, "no schedule 'linear'.*cosine"),
        ({"schedule": "step", "gamma": 2}, "gamma is 2.*0 to 1"),
        ({"schedule": "step", "step_size": "long"}, "step_size is 'long'.*at least 1"),
        ({"constraints": 1}, "constraints is 1"),
        ({"constraints": "odd"}, "no constraint 'odd'.*zero_sum"),
        ({"constraints": ["unit_sum", "zero_sum"]}, "zero_sum and unit_sum do not go together"),
        ({"constraints": "nonnegative", "optimizer": "lbfgs"}, "lbfgs cannot keep"),
        ({"optimizer": "lbfgs", "batch": 2}, "lbfgs sees all pictures"),
        ({"optimizer": "lbfgs", "momentum": 0.9}, "no option 'momentum'.*history"),
        ({"batch": 0}, "batch is 0"),
        ({"crop": 7}, "crop is 7x7, a picture 6x8"),
        ({"crop": (1, 1)}, "window of 2 is larger"),
    ],
)
def test_wrong_tasks_are_explained(changes, message):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2)))), fl.ReLU()])
    pairs = changes.pop("pairs", [(x, y)])
    with pytest.raises(fl.FilterLabError, match=message):
        list(fl.learn(pipe, pairs, **{"steps": 1, **changes}))


def test_a_pipeline_is_made_when_it_is_asked_for_and_stays():
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2), np.float32)))])
    steps = list(fl.learn(pipe, [(x, y)], loss="sse", lr=3e-2, steps=4))
    assert steps[2].pipeline is steps[2].pipeline
    weights = [step.pipeline["edges"].weight for step in steps]
    for before, after, step in zip(weights, weights[1:], steps[1:], strict=False):
        slope = step.gradients["edges", "weight"]
        np.testing.assert_allclose(after, before - 0.03 * slope, rtol=1e-5)
    assert not weights[0].flags.writeable


@pytest.mark.parametrize("momentum", [1.0, 1.5])
def test_momentum_may_be_1_and_more(momentum):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2))))])
    steps = list(fl.learn(pipe, [(x, y)], loss="sse", lr=1e-3, momentum=momentum, steps=3))
    weights = [step.pipeline["edges"].weight for step in steps]
    slopes = [step.gradients["edges", "weight"] for step in steps]
    moved = weights[1] - weights[0]
    np.testing.assert_allclose(weights[2] - weights[1], momentum * moved - 1e-3 * slopes[2])


def test_nesterov_may_be_given_as_a_number():
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2))))])
    one, true = (
        list(fl.learn(pipe, [(x, y)], lr=1e-2, momentum=0.9, nesterov=nesterov, steps=3))[-1].loss
        for nesterov in (1, True)
    )
    assert one == true


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "rmsprop", "lbfgs"])
def test_nobody_can_write_into_what_learning_goes_on_from(optimizer):
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2), np.float32)))])
    options = {"momentum": 0.9} if optimizer == "sgd" else {}
    for step in fl.learn(pipe, [(x, y)], optimizer=optimizer, steps=2, **options):
        for array in (step.gradients["edges", "weight"], step.pipeline["edges"].weight):
            with pytest.raises(ValueError, match="read-only"):
                array[:] = 0


@pytest.mark.parametrize(
    ("schedule", "options", "factors"),
    [
        ("constant", {}, [1, 1, 1, 1]),
        ("step", {"step_size": 2, "gamma": 0.5}, [1, 1, 0.5, 0.5]),
        ("exponential", {"gamma": 0.5}, [1, 0.5, 0.25, 0.125]),
        ("cosine", {}, [1, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5]),
        ("cosine", {"eta_min": 0.2}, [1, 0.2 + 0.8 * (0.5 + 0.5**1.5), 0.6, 0.2 + 0.8 * (0.5 - 0.5**1.5)]),
    ],
)
def test_schedules_change_the_rate(schedule, options, factors):
    assert schedule in SCHEDULES
    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2))))])
    steps = list(fl.learn(pipe, [(x, y)], lr=0.1, steps=4, schedule=schedule, **options))
    np.testing.assert_allclose([step.rate for step in steps], 0.1 * np.array(factors))
    moved = steps[2].pipeline["edges"].weight - steps[1].pipeline["edges"].weight
    np.testing.assert_allclose(moved, -steps[2].rate * steps[2].gradients["edges", "weight"])


def obeys(kernel, constraint):
    images = {"symmetric_x": [kernel[..., ::-1]], "symmetric_y": [kernel[..., ::-1, :]]}
    images["symmetric"] = [*images["symmetric_x"], *images["symmetric_y"]]
    images["radial"] = [*images["symmetric"], kernel.swapaxes(-1, -2)]
    if constraint in images:
        mirrored = images[constraint]
        return all(np.allclose(kernel, other, rtol=0, atol=1e-13) for other in mirrored)
    if constraint == "nonnegative":
        return (kernel >= 0).all()
    return np.allclose(kernel.sum((-2, -1)), constraint == "unit_sum", rtol=0, atol=1e-13)


TOGETHER = [(name,) for name in CONSTRAINTS]
TOGETHER += [("unit_sum", "nonnegative"), ("symmetric", "zero_sum"), ("symmetric", "nonnegative", "unit_sum")]


@pytest.mark.parametrize("constraints", TOGETHER)
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lbfgs"])
def test_every_step_obeys_the_constraints(rng, constraints, optimizer):
    if optimizer == "lbfgs" and "nonnegative" in constraints:
        constraints = [name for name in constraints if name != "nonnegative"]
    x = rng.random((1, 20, 20))
    y = fl.functional.conv2d(x, rng.normal(size=(2, 1, 3, 3)))
    pipe = fl.Pipeline([("k", fl.Conv2d(rng.normal(size=(2, 1, 3, 3)), bias=[0, 0.5]))])
    steps = list(fl.learn(pipe, [(x, y)], optimizer=optimizer, lr=0.05, steps=30, constraints=constraints))
    for step in steps:
        assert all(obeys(step.pipeline["k"].weight, name) for name in constraints)
    assert steps[-1].loss < steps[1].loss


def test_a_blur_is_found_on_the_simplex(rng):
    x, blur = rng.random((1, 30, 30)), np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    y = fl.functional.conv2d(x, blur[None, None])
    pipe = fl.Pipeline([("k", fl.Conv2d(np.zeros((1, 1, 3, 3))))])
    options = {"optimizer": "adam", "lr": 0.05, "schedule": "cosine", "steps": 300}
    *_, last = fl.learn(pipe, [(x, y)], constraints=["unit_sum", "nonnegative"], **options)
    np.testing.assert_allclose(last.pipeline["k"].weight[0, 0], blur, atol=1e-3)


def test_the_first_layer_is_not_asked_for_the_gradient_of_the_picture(rng, monkeypatch):
    asked = []
    monkeypatch.setattr(fl.Conv2d, "backward", lambda *args: asked.append(args))
    pipe = fl.Pipeline([("k", fl.Conv2d(rng.normal(size=(1, 1, 3, 3)), padding=1)), fl.ReLU()])
    x = rng.random((1, 8, 8))
    assert len(list(fl.learn(pipe, [(x, x)], lr=0.1, steps=2))) == 2
    assert not asked


def test_row_three_of_the_subject_is_the_gradient_descent_of_the_book():
    """The d2l book's loop, written out: squared errors summed, rate 3e-2, ten steps."""
    x, y = edges()
    start = np.random.default_rng(7).uniform(-0.7, 0.7, (1, 1, 1, 2))
    weight, losses = start.copy(), []
    for _ in range(10):
        left, right = x[0, :, :-1].astype(float), x[0, :, 1:].astype(float)
        error = weight[0, 0, 0, 0] * left + weight[0, 0, 0, 1] * right - y[0]
        losses.append(np.sum(error**2))
        weight = weight - 3e-2 * 2 * np.array([[[[np.sum(error * left), np.sum(error * right)]]]])
    pipe = fl.Pipeline([("edges", fl.Conv2d(start))])
    steps = list(fl.learn(pipe, [(x, y)], loss="sse", optimizer="sgd", lr=3e-2, steps=10))
    np.testing.assert_allclose([step.loss for step in steps], losses, rtol=1e-10)
    np.testing.assert_allclose(steps[-1].pipeline["edges"].weight, weight, rtol=1e-10)
    np.testing.assert_allclose(weight.ravel(), [1, -1], atol=0.1)


def described(place):
    """The names that the examples in a docstring leave behind, one after the other in one place."""
    names = {"fl": fl, "np": np, "samples": samples}
    lines = iter(inspect.getdoc(place).splitlines())
    for line in lines:
        if line.endswith("::"):
            next(lines)
            code = "\n".join(itertools.takewhile(lambda text: text[:4].strip() == "" and text, lines))
            exec(textwrap.dedent(code), names)
            yield names


def test_the_examples_of_learn_do_what_they_say():
    for number, names in enumerate(described(learning)):
        learned = names["last"].pipeline
        if number == 0:
            np.testing.assert_allclose(learned["edges"].weight.ravel(), [1, -1], atol=0.15)
        if number == 1:
            np.testing.assert_allclose(learned["k"].weight[0, 0], fl.kernels.make("sobel"), atol=0.01)
    clean = learned.run(names["noisy"])["conv3"]
    error, before = clean - names["image"], names["noisy"] - names["image"]
    assert np.mean(error[:, 4:-4, 4:-4] ** 2) < 0.5 * np.mean(before**2)


def test_the_example_of_fit_kernel_does_what_it_says():
    (names,) = described(fitting)
    np.testing.assert_allclose(names["blur"], fl.kernels.gaussian(7, sigma=1.2), atol=1e-6)
    np.testing.assert_allclose(names["again"].run(names["before"])["filter1"], names["after"], atol=1e-5)


def test_forms_and_commands_offer_every_optimizer():
    assert optimizers.OPTIMIZER.kind.options == tuple(optimizers.OPTIMIZERS)


def test_defining_an_optimizer_is_all_that_is_needed(monkeypatch):
    monkeypatch.setattr(optimizers, "OPTIMIZERS", dict(optimizers.OPTIMIZERS))

    class SignDescent(optimizers.Rule):
        name, title, sentence = "sign", "Signs", "Steps of one length"
        options = (Parameter("shrink", Number(minimum=0), "How much weights shrink", 0.0, title="Shrink"),)

        def _update(self, key, value, gradient):
            return value * (1 - self.shrink) - self.lr * np.sign(gradient)

    x, y = edges()
    pipe = fl.Pipeline([("edges", fl.Conv2d(np.zeros((1, 1, 1, 2), np.float32)))])
    (step,) = fl.learn(pipe, [(x, y)], optimizer="sign", lr=0.25, steps=1)
    np.testing.assert_array_equal(np.abs(step.pipeline["edges"].weight), 0.25)
    with pytest.raises(fl.FilterLabError, match="sign: shrink is -1 .*at least 0"):
        next(fl.learn(pipe, [(x, y)], optimizer="sign", shrink=-1))
    assert "shrink" in optimizers.asked_options()
