"""Targets of learning: teachers, sizes that do not go together and what mends them, errors."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled, ParameterError, ShapeError
from filterlab.images.views import MapView
from filterlab.learning.classify.labelled import Labelled
from filterlab.learning.targets import (
    check_target,
    cropped,
    greyed,
    judge,
    mends,
    network_for,
    preset_teacher,
)

PICTURE = (1, 40, 60)


@pytest.fixture
def valid():
    return fl.Pipeline([("blur", fl.Conv2d(weight=np.ones((1, 1, 3, 3))))])


def test_a_preset_teaches_in_the_size_of_the_kernel(valid):
    taught = preset_teacher(valid, ["blur"], "sobel")
    np.testing.assert_array_equal(taught["blur"].weight[0, 0], fl.kernels.sobel(3))
    wide = fl.Pipeline([("a", fl.ReLU()), ("b", fl.Conv2d(weight=np.ones((2, 3, 5, 5))))])
    weight = preset_teacher(wide, ["b"], "gaussian")["b"].weight
    assert weight.shape == (2, 3, 5, 5)
    assert (weight == weight[0, 0]).all()


def test_a_preset_of_one_size_keeps_it(valid):
    assert preset_teacher(valid, ["blur"], "roberts")["blur"].weight.shape[-2:] == (2, 2)


def test_a_teacher_needs_a_kernel():
    pipeline = fl.Pipeline([fl.Flatten(), ("scores", fl.Linear(np.ones((2, 4))))])
    with pytest.raises(ParameterError, match="Filter2d or Conv2d"):
        preset_teacher(pipeline, ["scores"], "sobel")


def test_sizes_that_do_not_match_are_told_both(valid):
    check_target(valid, "blur", PICTURE, (1, 38, 58))
    with pytest.raises(ShapeError) as caught:
        check_target(valid, "blur", PICTURE, PICTURE)
    assert caught.value.what == "the target is 40x60, the output 38x58"
    assert "crop the target" in caught.value.hint
    with pytest.raises(ShapeError, match="of one size"):
        check_target(valid, "blur", PICTURE, (1, 30, 30))
    with pytest.raises(ShapeError, match="3 channels, the output 1"):
        check_target(valid, "blur", PICTURE, (3, 38, 58))


def test_a_target_of_the_pictures_size_is_mended_by_padding_or_cropping(valid):
    found = {mend.kind: mend.pipeline for mend in mends(valid, "blur", PICTURE, PICTURE)}
    assert set(found) == {"same", "cropped"}
    assert found["same"].output_shapes(PICTURE)["blur"] == PICTURE
    assert valid["blur"].padding != "same", "the given one stays"


def test_a_smaller_target_is_mended_by_no_padding():
    same = fl.Pipeline([("blur", fl.Filter2d(np.ones((3, 3))))])
    found = mends(same, "blur", PICTURE, (1, 38, 58))
    assert [mend.kind for mend in found] == ["valid"]


def test_layers_whose_padding_has_no_names_are_left_alone():
    pipeline = fl.Pipeline([("pad", fl.Pad(1)), ("blur", fl.Conv2d(weight=np.ones((1, 1, 5, 5))))])
    (mend, *_) = mends(pipeline, "blur", PICTURE, (1, 42, 62))
    assert mend.kind == "same"
    assert mend.pipeline["pad"] == pipeline["pad"]


def test_nothing_mends_a_target_of_another_scale():
    halved = fl.Pipeline([("pool", fl.MaxPool2d(2)), ("blur", fl.Filter2d(np.ones((3, 3))))])
    assert mends(halved, "blur", PICTURE, PICTURE) == []


def test_a_colour_target_of_a_grey_output_is_taken_in_grey(valid):
    assert [mend.kind for mend in mends(valid, "blur", PICTURE, (3, 38, 58))] == ["greyed"]


def test_cropping_keeps_the_middle_and_grey_is_the_mean():
    target = np.arange(2 * 5 * 6, dtype=np.float32).reshape(2, 5, 6)
    np.testing.assert_array_equal(cropped(target, (3, 5)), target[:, 1:4, 0:5])
    np.testing.assert_array_equal(greyed(target), target.mean(axis=0, keepdims=True))
    assert greyed(target).dtype == np.float32


def test_judging_gives_prediction_error_and_its_size(valid):
    picture = np.ones((1, 5, 5), np.float32)
    target = MapView(np.full((1, 3, 3), 7, np.float32))
    found = judge(valid, picture, target, "blur", "sse", lambda: False)
    np.testing.assert_allclose(found.prediction.array, 9)
    np.testing.assert_allclose(found.error.array, 2)
    assert found.target is target
    assert found.rms == pytest.approx(2)
    assert found.loss == pytest.approx(4 * 9), "the sum of squares"


def test_judging_can_be_cancelled_and_refuses_other_shapes(valid):
    picture = np.ones((1, 5, 5), np.float32)
    with pytest.raises(Cancelled):
        judge(valid, picture, MapView(picture), "blur", "sse", lambda: True)
    with pytest.raises(ShapeError, match="1x5x5"):
        judge(valid, picture, MapView(picture), "blur", "sse", lambda: False)


def test_a_network_for_labelled_pictures_brings_them_to_mean_0_and_deviation_1():
    rng = np.random.default_rng(0)
    pictures = np.stack([rng.normal(5, 2, (30, 12, 12)), np.full((30, 12, 12), 3.0)], axis=1)
    data = Labelled(pictures.astype(np.float32), np.arange(30) % 3, ("a", "b", "c"))
    network = fl.Pipeline.of(network_for(data))
    assert network.output_shapes((2, 12, 12))["classes"] == (3,)
    normal = network.run(data.x)["normalize"]
    assert normal[:, 0].mean() == pytest.approx(0, abs=1e-3)
    assert normal[:, 0].std() == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(normal[:, 1], 0, atol=1e-5)
