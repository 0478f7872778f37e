"""Restorations as layers."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import ParameterError
from filterlab.restoration.filters import restoring_recipe
from tests.restoration.blurring import photographed, psnr, sample


@pytest.mark.parametrize("operation", ["cross-correlation", "convolution"])
def test_a_filter_restores_a_picture_away_from_its_border(operation):
    blur = np.array([[1, 2, 0], [2, 4, 1], [0, 1, 1]]) / 12
    blurred, truth = photographed(sample("camera", 100), blur)
    kernel = blur[::-1, ::-1] if operation == "convolution" else blur
    found = fl.restore(blurred, kernel, method="inverse", operation=operation)
    recipe = restoring_recipe(blurred, kernel, noise=found.noise, operation=operation)
    pipe = fl.Pipeline([("undo", fl.Filter2d(recipe, padding_mode="reflect"))])
    inside = (slice(None), slice(8, -8), slice(8, -8))
    restored = pipe.run(blurred)["undo"]
    assert psnr(restored[inside], truth[inside]) > psnr(blurred[inside], truth[inside]) + 4
    assert '"wiener"' in pipe.to_text()
    assert np.array_equal(fl.Pipeline.from_text(pipe.to_text()).run(blurred)["undo"], restored)


def test_kernels_that_differ_are_no_single_filter():
    picture = np.zeros((2, 20, 20), np.float32)
    with pytest.raises(ParameterError, match="different kernels"):
        restoring_recipe(picture, np.stack([np.eye(3), np.ones((3, 3))]), noise=0.1)


@pytest.mark.parametrize(
    ("blur", "size"),
    [
        (np.ones((3, 3)), [15, 15]),
        (np.ones((1, 15)), [15, 59]),
        (np.pad(np.ones((1, 15)), ((7, 7), (0, 0))) + 1e-4, [15, 59]),  # as it is learned in a square
        (np.ones((40, 1)), [81, 15]),
        (np.eye(15), [35, 35]),
        (np.pad(np.ones((3, 1)), ((4, 0), (0, 0))), [27, 15]),  # off its centre
    ],
)
def test_the_filter_is_long_where_the_blur_is(blur, size):
    recipe = restoring_recipe(np.zeros((60, 60), np.float32), blur / blur.sum(), noise=0.1)
    assert recipe["size"] == size


def test_a_long_filter_undoes_a_motion_better_than_a_square_one_of_more_weights():
    blur = np.ones((1, 9)) / 9
    blurred, truth = photographed(sample("camera", 110), blur)
    recipe = restoring_recipe(blurred, blur, noise=2e-3)
    height, width = recipe["size"]
    assert height * width < 23 * 23

    def quality(size):
        layer = fl.Filter2d(recipe | {"size": size}, padding_mode="symmetric")
        inside = (slice(None), slice(8, -8), slice(25, -25))
        return psnr(fl.Pipeline([("undo", layer)]).run(blurred)["undo"][inside], truth[inside])

    assert quality(recipe["size"]) > quality([23, 23]) + 1


def test_the_filter_for_values_whose_squares_are_no_numbers_is_that_of_others(rng):
    picture = rng.random((1, 20, 20))
    found = [
        restoring_recipe(picture * unit, np.ones((3, 3)) / 9, noise=0.01 * unit) for unit in (1.0, 1e200)
    ]
    assert found[1]["noise"] == pytest.approx(found[0]["noise"])
