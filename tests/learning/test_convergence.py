"""Learning that ends when it has converged, and says so where it has not."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

import filterlab as fl
from filterlab.learning.descent.convergence import Convergence
from filterlab.resources import samples

SOBEL = {"preset": "sobel"}
BLUR = {"preset": "gaussian", "size": 5, "sigma": 1.0}


@pytest.fixture(scope="module")
def picture():
    return fl.read_image(samples()["camera"])[:, ::4, ::4]


def filtered(picture, kernel):
    return fl.Pipeline([("k", fl.Filter2d(kernel))]).run(picture)["k"]


def fresh(side):
    weights = {"init": "normal", "std": 1 / side, "seed": 0, "shape": [side, side]}
    return fl.Pipeline([("k", fl.Filter2d(weights))])


def kernel_of(pipeline):
    return np.asarray(pipeline["k"].kernel)


def learn_until_converged(picture, target, side, **options):
    judge = Convergence()
    steps = list(fl.learn(fresh(side), [(picture, target)], until=judge, **options))
    return steps, judge


@pytest.mark.parametrize(("kernel", "side"), [(SOBEL, 3), (BLUR, 5)])
def test_a_kernel_is_right_where_learning_has_converged(picture, kernel, side):
    steps, judge = learn_until_converged(
        picture, filtered(picture, kernel), side, optimizer="lbfgs", steps=1000
    )
    assert judge.reached, "it ended by the rule and not by its steps"
    assert len(steps) < 1000
    true = kernel_of(fl.Pipeline([("k", fl.Filter2d(kernel))]))
    np.testing.assert_allclose(kernel_of(steps[-1].pipeline), true, atol=2e-3)


def test_adam_finds_sobel_and_then_ends(picture):
    steps, judge = learn_until_converged(
        picture, filtered(picture, SOBEL), 3, optimizer="adam", lr=3e-2, steps=5000
    )
    assert judge.reached
    np.testing.assert_allclose(
        kernel_of(steps[-1].pipeline), kernel_of(fl.Pipeline([("k", fl.Filter2d(SOBEL))])), atol=1e-3
    )


@pytest.mark.parametrize(("kernel", "side"), [(SOBEL, 3), (BLUR, 5)])
def test_a_hundred_steps_of_adam_are_not_called_converged(picture, kernel, side):
    steps, judge = learn_until_converged(
        picture, filtered(picture, kernel), side, optimizer="adam", lr=3e-2, steps=100
    )
    assert len(steps) == 100
    assert not judge.reached
    assert judge.falling
    true = kernel_of(fl.Pipeline([("k", fl.Filter2d(kernel))]))
    assert np.abs(kernel_of(steps[-1].pipeline) - true).max() > 0.05, "the kernel is wrong at that step"


def test_a_loss_that_comes_to_rest_above_zero_has_converged_at_least_squares(picture):
    noise = np.random.default_rng(0).normal(0, 0.05, picture.shape).astype(np.float32)
    target = filtered(picture, SOBEL) + noise
    steps, judge = learn_until_converged(picture, target, 3, optimizer="adam", lr=3e-2, steps=5000)
    assert judge.reached
    best = fl.fit_kernel(picture, target, (3, 3), padding="same")
    assert steps[-1].loss == pytest.approx(best.residual**2, rel=1e-2)


def test_a_rate_that_is_far_too_small_does_not_pass_for_convergence(picture):
    steps, judge = learn_until_converged(
        picture, filtered(picture, SOBEL), 3, optimizer="sgd", lr=1e-4, steps=300
    )
    assert len(steps) == 300
    assert (judge.reached, judge.falling) == (False, True)


class Made:
    """A step with this loss, and a slope that never becomes level."""

    def __init__(self, loss):
        self.loss, self.gradients = loss, {"w": np.ones(2)}


@pytest.mark.parametrize(
    ("losses", "reached", "falling"),
    [
        ([1.0] * 100, True, False),
        ([1.0 + 0.1 * (n % 2) for n in range(100)], False, False),
        ([1.001**n for n in range(100)], False, False),
        ([1 - 1e-6 * n for n in range(100)], False, True),
        ([1 + 0.5 * 0.8**n for n in range(200)], True, True),
        ([0.9**n for n in range(100)], False, True),
        ([3.0], False, True),
    ],
    ids=["rests", "oscillates", "grows", "creeps", "settles", "falls", "one step"],
)
def test_losses_are_judged_by_their_course(losses, reached, falling):
    judge = Convergence()
    assert any(judge(Made(loss)) for loss in losses) is reached
    assert judge.falling is falling


def test_a_loss_of_zero_has_converged():
    assert Convergence()(Made(0.0))


def test_exactly_the_steps_are_made_unless_until_is_given(picture):
    start = fl.Pipeline([("k", fl.Filter2d(SOBEL))])
    pairs = [(picture, filtered(picture, SOBEL))]
    assert len(list(fl.learn(start, pairs, lr=1e-3, steps=7))) == 7, "also where it has converged before"
    assert len(list(fl.learn(start, pairs, lr=1e-3, steps=7, until="converged"))) == 1


def test_a_function_ends_the_run_after_the_step_for_which_it_is_true(picture):
    seen = []

    def third(step):
        seen.append(step.index)
        return step.index == 2

    pairs = [(picture, filtered(picture, SOBEL))]
    steps = list(fl.learn(fresh(3), pairs, steps=50, until=third))
    assert [step.index for step in steps] == seen == [0, 1, 2]


def test_until_is_asked_only_for_steps_that_are_drawn(picture):
    judge = Convergence()
    pairs = [(picture, filtered(picture, SOBEL))]
    assert len(list(islice(fl.learn(fresh(3), pairs, steps=50, until=judge), 2))) == 2
    assert not judge.reached


@pytest.mark.parametrize("until", ["done", 3, True])
def test_another_word_than_converged_is_refused(picture, until):
    with pytest.raises(fl.FilterLabError, match="until is") as caught:
        fl.learn(fresh(3), [(picture, picture)], until=until)
    assert '"converged"' in str(caught.value)
