"""The learned examples do what is said of them, and are made anew by the script that made them."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.learning.classify.labelled import read_classes
from filterlab.learning.classify.training import split
from filterlab.lessons.learned import psnr
from filterlab.resources import examples, labelled, samples
from tests.tools import networks


def test_the_stored_pictures_are_those_of_the_data_set(tmp_path):
    for folder in ("labelled", "samples"):
        (tmp_path / folder).mkdir()
    networks.write_digits(tmp_path)
    networks.write_noisy(tmp_path / "samples" / "noisy_camera.png")
    again = read_classes(tmp_path / "labelled" / "digits.npz")
    stored = read_classes(labelled()["digits"])
    np.testing.assert_array_equal(again.x, stored.x)
    np.testing.assert_array_equal(again.y, stored.y)
    # By pixels and not by bytes, which depend on how hard the encoder tries.
    for path in (tmp_path / "samples").iterdir():
        np.testing.assert_array_equal(fl.read_image(path), fl.read_image(samples()[path.stem]))


def test_shown_digits_were_held_back():
    data = read_classes(labelled()["digits"])
    _, held = split(data, 0.2, 0)
    for name, place in networks.SHOWN.items():
        assert place in held
        assert name == f"digit_{data.y[place]}"


@pytest.mark.parametrize("name", ["denoiser", "digits"])
def test_a_trained_example_is_the_untrained_one_with_other_weights(name):
    trained, start = (fl.Pipeline.load(examples()[stem]) for stem in (name, f"{name}-untrained"))
    weights = {node.name: node.layer.trainable() for node in trained}
    changed = start.with_layers({key: start[key].replace(**values) for key, values in weights.items()})
    assert changed == trained
    assert examples()[name].stat().st_size < 50_000


@pytest.mark.parametrize("name", ["camera", "text"])
def test_the_denoiser_does_better_than_a_kernel_on_pictures_it_has_not_seen(name):
    assert name not in networks.LEARNED_FROM
    clean = networks.grey(name)[:, :172, :448]
    noisy = networks.noisy(clean, 0)
    made = fl.Pipeline.load(examples()["denoiser"]).run(noisy)["clean"]
    seen = [networks.grey(other)[:, :256, :256] for other in networks.LEARNED_FROM]
    pairs = [np.stack(part) for part in zip(*((networks.noisy(x, 1), x) for x in seen), strict=True)]
    kernel = fl.Filter2d(fl.fit_kernel(*pairs, size=7).kernel, padding_mode="reflect")
    best = fl.Pipeline([("kernel", kernel)]).run(noisy)["kernel"]
    assert psnr(noisy, clean) == pytest.approx(20, abs=0.1)
    assert psnr(made, clean) > psnr(best, clean) + 0.5


def test_training_goes_the_way_of_the_stored_networks():
    *_, last = networks.train_denoiser(steps=60)
    clean = networks.grey("camera")[:, :96, :96]
    noisy = networks.noisy(clean, 0)
    assert psnr(last.pipeline.run(noisy)["clean"], clean) > psnr(noisy, clean) + 2
    *_, epoch = networks.train_digits(epochs=1)
    assert epoch.validation_accuracy > 0.85


@pytest.mark.soak
def test_training_anew_gives_networks_as_good_as_the_stored_ones():
    *_, epoch = networks.train_digits()
    assert epoch.validation_accuracy > 0.97
    *_, last = networks.train_denoiser()
    clean = networks.grey("camera")
    noisy = networks.noisy(clean, 0)
    made = [p.run(noisy)["clean"] for p in (last.pipeline, fl.Pipeline.load(examples()["denoiser"]))]
    assert psnr(made[0], clean) > psnr(made[1], clean) - 0.2
