"""Pictures and targets of lessons: made from samples by filters, noise and rounding, or by a teacher."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FilterLabError
from filterlab.lessons import Lesson, scene
from filterlab.resources import examples, samples

BLUR = [{"name": "blur", "layer": "filter2d", "params": {"kernel": {"preset": "box", "size": 3}}}]
PART = {"sample": "camera", "crop": [60, 180, 32, 24]}


def shown(picture, target=None, nodes=BLUR):
    """The scene of a lesson of one step, with this picture and this target."""
    words = {"en": "A", "zh_CN": "甲"}
    step = {"text": words, "picture": picture, "pipeline": {"nodes": nodes}}
    if target is not None:
        step["learn"] = {"target": target, "lr": 1, "steps": 1}
    lesson = {"format": "filterlab-lesson/1", "rows": [3], "title": words, "about": words, "steps": [step]}
    return scene(Lesson.model_validate(lesson), 0)


@pytest.fixture(scope="module")
def part():
    """The same part of the photograph."""
    return fl.read_image(samples()["camera"])[:, 60:92, 180:204]


def test_noise_is_normal_and_the_same_at_every_time(part):
    found = shown({**PART, "noise": 0.1})
    np.testing.assert_array_equal(found.clean, part)
    noise = found.pixels - part
    assert noise.dtype == np.float32
    assert abs(noise.mean()) < 0.02
    assert noise.std() == pytest.approx(0.1, rel=0.05)
    np.testing.assert_array_equal(shown({**PART, "noise": 0.1}).pixels, found.pixels)


def test_bits_round_as_a_file_does_and_clip(part):
    found = shown({**PART, "noise": 0.3, "bits": 8})
    levels = found.pixels * 255
    np.testing.assert_allclose(levels, np.round(levels), atol=1e-4)
    assert (found.pixels.min(), found.pixels.max()) == (0, 1)
    np.testing.assert_array_equal(found.clean, part)


def test_grey_is_the_mean_of_the_channels():
    colour = fl.read_image(samples()["chelsea"])[:, :8, :9]
    found = shown({"sample": "chelsea", "crop": [0, 0, 8, 9], "grey": True})
    np.testing.assert_allclose(found.pixels, colour.mean(0, keepdims=True), rtol=1e-6)


def test_a_picture_may_go_through_filters(part):
    wanted = fl.Pipeline([("blur", fl.Filter2d({"preset": "box", "size": 3}))]).run(part)["blur"]
    np.testing.assert_array_equal(shown({**PART, "through": BLUR}).clean, wanted)


def test_a_target_is_a_picture_made_in_the_same_way(part):
    found = shown({**PART, "noise": 0.1}, {**PART, "bits": 8})
    np.testing.assert_allclose(found.target, part, atol=1e-6)  # the sample itself has eight bits
    assert found.teacher is None
    assert found.classes is None


def test_a_named_kernel_teaches_in_the_place_of_the_learned_one(part):
    found = shown(PART, {"preset": "sobel"})
    assert found.teacher["blur"].kernel.tolist() == fl.kernels.sobel(3).tolist()
    np.testing.assert_array_equal(found.target, found.teacher.run(part)["blur"])


def test_an_example_teaches(part):
    found = shown(PART, {"example": "edges"})
    assert found.teacher == fl.Pipeline.load(examples()["edges"])
    np.testing.assert_array_equal(found.target, found.teacher.run(part)["edges"])


def test_labelled_pictures_teach():
    found = shown({"sample": "digit_2"}, {"classes": "digits"})
    assert found.classes.x.shape == (1797, 1, 8, 8)
    assert found.classes.labels == tuple("0123456789")
    assert found.target is None
    np.testing.assert_allclose(found.pixels, found.classes.x[1437], atol=1e-6)


@pytest.mark.parametrize("target", [{"example": "cat"}, {"classes": "cats"}, {"preset": "cat"}])
def test_a_teacher_that_is_not_there_is_named(target):
    with pytest.raises(FilterLabError, match="cat"):
        shown(PART, target)
