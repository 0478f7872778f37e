"""What a step sees: pairs, mini-batches, crops."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl


@pytest.mark.parametrize("stride", [1, 2])
def test_crops_are_parts_of_what_the_whole_picture_gives(rng, stride):
    x = rng.random((1, 40, 36))
    layers = [
        ("a", fl.Conv2d(rng.normal(size=(2, 1, 3, 3)), padding=1, stride=stride)),
        fl.Tanh(),
        ("b", fl.Conv2d(rng.normal(size=(1, 2, 3, 3)), padding="same", padding_mode="reflect")),
    ]
    pipe = fl.Pipeline(layers)
    y = pipe.run(x)["b"]
    # With the very target of this pipeline, every crop has no error: not even at its border.
    for step in fl.learn(pipe, [(x, y)], crop=(12, 15), steps=5, lr=0.1):
        assert step.loss < 1e-25
    other = pipe.with_layers({"b": fl.Conv2d(np.zeros((1, 2, 3, 3)), padding=1)})
    options = {"nodes": ["b"], "crop": 16, "lr": 0.1, "steps": 60, "optimizer": "adam"}
    losses = [step.loss for step in fl.learn(other, [(x, y)], **options)]
    assert np.mean(losses[-5:]) < 0.2 * losses[0]
    again = [step.loss for step in fl.learn(other, [(x, y)], **options)]
    assert losses == again


def test_crops_need_outputs_that_see_a_part(rng):
    x = rng.random((1, 16, 16))
    whole = fl.Pipeline([("k", fl.Conv2d(np.ones((1, 1, 1, 1)))), ("n", fl.InstanceNorm2d())])
    with pytest.raises(fl.FilterLabError, match="covers all of it"):
        fl.learn(whole, [(x, x)], crop=8)
    finer = fl.Pipeline([("k", fl.Conv2d(np.ones((1, 1, 1, 1)))), fl.Upsample(2)])
    with pytest.raises(fl.FilterLabError, match="finer than the picture"):
        fl.learn(finer, [(x, np.ones((1, 32, 32)))], crop=8)
    wide = fl.Pipeline([("k", fl.Conv2d(np.ones((1, 1, 9, 9)), padding=4))])
    with pytest.raises(fl.FilterLabError, match="a crop of 8x8 is too small"):
        fl.learn(wide, [(x, x)], crop=8)


def test_every_picture_comes_once_before_any_comes_again():
    pictures = np.arange(1.0, 7).reshape(6, 1, 1, 1)
    pipe = fl.Pipeline([("k", fl.Conv2d(np.zeros((1, 1, 1, 1)), bias=[0.0]))])
    # One target a picture, no learning to speak of: each loss says which two pictures were drawn.
    steps = fl.learn(pipe, [(pictures, np.sqrt(10**pictures))], batch=2, lr=1e-30, steps=9)
    drawn = [round(2 * step.loss) for step in steps]
    for epoch in (drawn[:3], drawn[3:6], drawn[6:]):
        assert sum(epoch) == 1_111_110


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


@pytest.mark.parametrize(
    ("layer", "target"),
    [
        (fl.GlobalAvgPool2d(), (1, 1, 1)),
        (fl.AdaptiveAvgPool2d(2), (1, 2, 2)),
        (fl.AvgPool2d(3, stride=3, padding=1, ceil_mode=True), None),
    ],
)
def test_crops_whose_outputs_see_what_the_pictures_do_not(rng, layer, target):
    x = rng.random((1, 18, 18))
    pipe = fl.Pipeline([("k", fl.Conv2d(np.ones((1, 1, 1, 1)))), ("last", layer)])
    if target is None:
        for step in fl.learn(pipe, [(x, pipe.run(x)["last"])], crop=9, steps=5):
            assert step.loss < 1e-25
        return
    with pytest.raises(fl.FilterLabError, match="depends on the size of the picture: it covers all of it"):
        fl.learn(pipe, [(x, np.zeros(target))], crop=8)


@pytest.mark.parametrize(("crop", "refused"), [((8, 9), False), ((12, 11), False), (8, True), ((9, 9), True)])
def test_padding_that_depends_on_the_size_is_no_trap(rng, crop, refused):
    """ "same" with a stride puts its odd cell by the size: a crop gives a part of the whole answer, or is refused."""
    x = rng.random((1, 24, 25))
    pipe = fl.Pipeline([("k", fl.Conv2d(rng.normal(size=(1, 1, 3, 3)), stride=2, padding="same"))])
    pairs = [(x, pipe.run(x)["k"])]
    if refused:
        with pytest.raises(fl.FilterLabError, match="padded by that size"):
            fl.learn(pipe, pairs, crop=crop)
    else:
        assert max(step.loss for step in fl.learn(pipe, pairs, crop=crop, steps=9, lr=1e-9)) < 1e-12


def test_crops_of_pictures_whose_answer_is_a_vector_are_taken_anywhere(rng):
    x, classes = rng.random((6, 1, 9, 9)), np.arange(6) % 2
    pipe = fl.Pipeline([fl.GlobalAvgPool2d(), fl.Flatten(), ("fc", fl.Linear(np.zeros((2, 1))))])
    losses = [step.loss for step in fl.learn(pipe, [(x, classes)], loss="cross_entropy", crop=5, steps=3)]
    assert np.isfinite(losses).all()
