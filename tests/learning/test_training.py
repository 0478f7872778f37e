"""Classifiers: the network that is made, the pictures that are read, and what training tells."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.classify.training import split


@pytest.fixture(scope="module")
def digits():
    from sklearn.datasets import load_digits

    found = load_digits()
    return found.images, found.target


@pytest.fixture
def stripes(rng):
    """Pictures with bright columns, rows or neither: easily told apart."""
    x = rng.random((60, 8, 8)).astype(np.float32) * 0.3
    y = np.arange(60) % 3
    x[y == 0, :, 2::3] += 1
    x[y == 1, 2::3, :] += 1
    return x, np.array(["columns", "rows", "neither"])[y]


# Each seed trains for some seconds: the others wait for the long tests.
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (1, 2))])
def test_digits_are_told_apart(digits, seed):
    *_, last = fl.train_classifier(digits, seed=seed)
    assert last.validation_accuracy >= 0.97
    assert last.accuracy > 0.99
    assert last.confusion.sum() == sum(round(0.2 * n) for n in np.bincount(digits[1]))
    assert np.trace(last.confusion) / last.confusion.sum() == pytest.approx(last.validation_accuracy)
    shares = last.pipeline.run(np.float32(digits[0][:50, None]))["classes"]
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-5)
    assert (shares.argmax(1) == digits[1][:50]).mean() > 0.9


def test_every_epoch_tells_how_it_goes(stripes):
    told = []
    epochs = list(
        fl.train_classifier(stripes, epochs=4, batch=16, step=lambda *news: told.append(news), seed=3)
    )
    assert [(e.index, e.epochs) for e in epochs] == [(i, 4) for i in range(4)]
    assert epochs[0].labels == ("columns", "neither", "rows")
    assert epochs[-1].validation_accuracy == 1
    assert epochs[-1].loss < 0.5 * epochs[0].loss
    assert epochs[-1].validation_loss < epochs[0].validation_loss
    np.testing.assert_array_equal(epochs[-1].confusion, np.diag([4, 4, 4]))
    assert [made for made, _, _ in told] == list(range(1, 13))
    assert {total for _, total, _ in told} == {12}
    for epoch, losses in zip(epochs, np.reshape([loss for *_, loss in told], (4, 3)), strict=True):
        assert epoch.loss == pytest.approx(losses.mean())
    again = list(fl.train_classifier(stripes, epochs=4, batch=16, seed=3))
    assert [e.loss for e in again] == [e.loss for e in epochs]
    assert [e.loss for e in fl.train_classifier(stripes, epochs=4, batch=16)] != [e.loss for e in epochs]


def test_a_network_of_ones_own_is_trained_and_stays_as_it_is(stripes):
    mine = fl.Pipeline(
        [
            fl.Conv2d({"init": "kaiming_normal", "shape": [6, 1, 3, 3]}),
            *(fl.ReLU(), fl.GlobalAvgPool2d(), fl.Flatten()),
            ("fc", fl.Linear({"init": "xavier_uniform", "shape": [3, 6]}, bias=[0, 0, 0])),
        ]
    )
    before = mine["fc"].weight.copy()
    *_, last = fl.train_classifier(stripes, mine, epochs=20, lr=0.03)
    assert last.validation_accuracy > 0.9
    np.testing.assert_array_equal(mine["fc"].weight, before)
    softer = fl.Pipeline([*mine.nodes, ("shares", fl.Softmax())])
    *_, other = fl.train_classifier(stripes, softer, epochs=20, lr=0.03)
    np.testing.assert_array_equal(other.pipeline["fc"].weight, last.pipeline["fc"].weight)


def test_the_confusion_is_that_of_the_pictures_held_back(digits):
    from sklearn.metrics import accuracy_score, confusion_matrix, log_loss

    data = fl.read_classes(digits)
    first = next(fl.train_classifier(data, seed=4))
    trained, held = split(data, 0.2, 4)
    shares = first.pipeline.run(data.x)["classes"]
    taken = shares.argmax(1)
    np.testing.assert_array_equal(first.confusion, confusion_matrix(data.y[held], taken[held]))
    assert first.validation_accuracy == pytest.approx(accuracy_score(data.y[held], taken[held]))
    assert first.accuracy == pytest.approx(accuracy_score(data.y[trained], taken[trained]))
    share = np.float64(shares[held])
    assert first.validation_loss == pytest.approx(
        log_loss(data.y[held], share / share.sum(1)[:, None]), rel=1e-4
    )


@pytest.mark.parametrize("options", [{"optimizer": "lbfgs"}, {"batch": None}, {"batch": 1000}])
def test_a_pass_may_be_one_step_over_all_pictures(stripes, options):
    told = []
    epochs = list(fl.train_classifier(stripes, epochs=3, step=lambda *news: told.append(news), **options))
    assert [news[:2] for news in told] == [(1, 3), (2, 3), (3, 3)]
    assert epochs[-1].loss < epochs[0].loss


def test_lbfgs_may_arrive_before_its_time():
    x = np.stack([np.zeros((1, 4, 4)), np.ones((1, 4, 4))] * 4)
    line = fl.Pipeline([fl.GlobalAvgPool2d(), fl.Flatten(), ("fc", fl.Linear(np.zeros((2, 1)), bias=[0, 0]))])
    epochs = list(fl.train_classifier((x, np.arange(8) % 2), line, optimizer="lbfgs", epochs=10_000))
    assert 1 < len(epochs) < 10_000
    assert epochs[-1].validation_accuracy == 1


def test_training_can_be_stopped(stripes):
    wanted = [True]
    epochs = fl.train_classifier(stripes, cancel=lambda: not wanted[0])
    next(epochs)
    wanted[0] = False
    with pytest.raises(fl.FilterLabError, match="stopped"):
        next(epochs)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 0}, "epochs is 0"),
        ({"epochs": 2.5}, "epochs is 2.5"),
        ({"seed": -1}, "seed is -1"),
        ({"steps": 9}, "steps is not an option here.*epochs"),
        ({"loss": "mse"}, "cross-entropy"),
        ({"output": "scores"}, "output is not an option"),
        ({"validation": "half"}, "validation is 'half'"),
        ({"batch": 0}, "batch is 0"),
        ({"validation": 0}, "validation is 0"),
        ({"validation": 1.5}, "validation is 1.5"),
        ({"head": "maximum"}, "no head 'maximum'.*average"),
        ({"pipeline": fl.Pipeline([])}, "the network has no layers"),
        ({"lr": -1}, "above 0"),
        ({"pipeline": fl.Pipeline([fl.Conv2d(np.ones((1, 1, 3, 3)))])}, "there are 3 classes"),
    ],
)
def test_wrong_wishes_are_explained(stripes, options, message):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.train_classifier(stripes, **options)


def test_each_class_is_split_alike():
    y = np.repeat([0, 1, 2], [50, 10, 2])
    data = Labelled(np.zeros((62, 1, 2, 2), np.float32), y, ("a", "b", "c"))
    trained, held = split(data, 0.2, seed=0)
    assert sorted([*trained, *held]) == list(range(62))
    assert np.bincount(y[held]).tolist() == [10, 2, 1]
    assert (split(data, 0.2, seed=1)[1] != held).any()


class TestNetwork:
    @pytest.mark.parametrize("shape", [(1, 8, 8), (3, 33, 40), (1, 1, 1), (2, 3, 64)])
    @pytest.mark.parametrize("head", ["linear", "average"])
    def test_it_gives_a_probability_for_each_class(self, rng, shape, head):
        net = fl.classifier(shape, ["cat", "dog", "owl"], head=head)
        maps = net.run(rng.random(shape, dtype=np.float32))
        assert maps["scores"].shape == (3,)
        assert maps["classes"].sum() == pytest.approx(1)
        assert net["classes"].labels == ("cat", "dog", "owl")

    def test_the_average_takes_any_size(self, rng):
        net = fl.classifier((1, 16, 16), 4, head="average")
        assert net.output_shapes((1, 50, 70))["scores"] == (4,)

    def test_pictures_are_normalised_and_weights_drawn_by_seed(self):
        net = fl.classifier((2, 8, 8), 10, mean=[1, 2], std=0.5, seed=5)
        x = np.array([1, 2], np.float32)[:, None, None] * np.ones((2, 8, 8), np.float32)
        assert np.abs(net.run(x)["normalize"]).max() == 0
        assert net == fl.classifier((2, 8, 8), 10, mean=[1, 2], std=0.5, seed=5)
        assert net != fl.classifier((2, 8, 8), 10, mean=[1, 2], std=0.5, seed=6)

    def test_wrong_wishes(self):
        with pytest.raises(fl.FilterLabError, match="1 class"):
            fl.classifier((1, 8, 8), 1)
        for shape in ((8, 8), (1, 0, 8)):
            with pytest.raises(fl.FilterLabError, match="shape is"):
                fl.classifier(shape, 2)
        with pytest.raises(fl.FilterLabError, match="2 numbers for 3 channels"):
            fl.classifier((3, 8, 8), 2, mean=[0, 1])
