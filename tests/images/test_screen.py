from __future__ import annotations

import numpy as np

from filterlab.images.screen import from_pixels, kernel_pixels, mosaic, thumbnail
from filterlab.images.views import rgb_pixels_of


def test_pixels_become_the_picture_they_were_made_of():
    picture = np.random.default_rng(0).integers(0, 256, (3, 5, 7)).astype(np.float32) / 255
    pixels = rgb_pixels_of(picture)
    padded = np.zeros((5, 9), np.uint32)
    padded[:, :7] = pixels
    np.testing.assert_array_equal(from_pixels(padded.tobytes(), 5, 7, 36), picture)
    np.testing.assert_array_equal(from_pixels(padded.tobytes(), 5, 7, 36, grey=True), picture[:1])


def test_thumbnails_keep_the_shape_of_the_rectangle():
    assert thumbnail(np.zeros((3, 400, 100), np.float32), 50).shape == (50, 12)
    assert thumbnail(np.zeros((1, 1, 3000), np.float32), 50).shape == (1, 50)
    assert thumbnail(np.zeros((1, 8, 6), np.float32), 50).shape == (48, 36)  # whole steps: cells stay square


def test_thumbnails_show_values_as_they_are():
    values = np.stack([np.full((64, 64), v, np.float32) for v in (1, 0.5, 0)])
    assert set(np.unique(thumbnail(values, 32))) == {0xFFFF8000}
    grey = np.full((1, 4, 4), 1, np.float32)
    assert set(np.unique(thumbnail(grey, 4))) == {0xFFFFFFFF}
    # Beyond 0..1 the range is that of the values; NaN has a colour of its own.
    wide = np.array([[[0, 200], [100, np.nan]]], np.float32)
    assert [hex(v) for v in thumbnail(wide, 2).ravel()] == [
        "0xff000000",
        "0xffffffff",
        "0xff808080",
        "0xff808080",
    ]
    assert thumbnail(np.full((1, 2, 2), np.nan, np.float32), 2).shape == (2, 2)


def test_a_mosaic_holds_the_channel_or_the_four_that_vary_most_in_one_range():
    assert mosaic(np.zeros((1, 10, 20), np.float32), 40, (0, 1), "gray").shape == (20, 40)
    assert mosaic(np.zeros((3, 10, 10), np.float32), 40, (0, 1), "gray").shape == (40, 40)
    values = np.stack([[[0, k]] for k in (1, 0, 4, 2, 0.5)]).astype(np.float32)
    pixels = mosaic(values, 4, (0, 2), "gray")
    black, grey, white = 0xFF000000, 0xFF808080, 0xFFFFFFFF
    np.testing.assert_array_equal(pixels, [[black, grey, black, white], [black, white, black, 0xFF404040]])


def test_kernels_have_zero_in_the_middle_of_the_colours():
    pixels = kernel_pixels(np.array([[-1, 0, 1]], np.float32), 6)
    assert pixels.shape == (2, 6)
    left, middle, right = pixels[0, ::2]
    assert left != right
    assert middle & 0xFF > 0xE0  # nearly white
