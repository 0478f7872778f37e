from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.functional.filters.spectrum import mask_factors
from filterlab.resources import resource
from filterlab.run.tiling.passes import plan_run
from tests.batch.outcomes import outcomes
from tests.layers.cases import Case

NOTCH = [[0.25, -0.1, 0.05, 0.0]]
CASES = [
    Case(fl.SpectrumMask(), loose=True),
    Case(fl.SpectrumMask(NOTCH, edge=0.1), loose=True),
    Case(
        fl.SpectrumMask([[0.5, 0.5, 0.1, 2.0]], [[0.0, 0.1, 0.3], [0.4, 0.8, 0.0]]), ((2, 5, 8),), loose=True
    ),
]
WRONG = [("edge", -0.1), ("edge", "soft")]


def waves(size, *frequencies):
    """The sum of waves (u, v) of amplitude 0.1, (H, W)."""
    rows, cols = np.indices(size)
    return sum(0.1 * np.cos(2 * np.pi * (u * cols + v * rows) + 0.7) for u, v in frequencies)


def decibels(before, after):
    """By how much the waves became weaker."""
    return 20 * np.log10(np.sqrt((before**2).mean() / (after**2).mean()))


def test_it_is_the_product_on_the_full_spectrum(rng):
    x = rng.standard_normal((1, 1, 9, 14))
    layer = fl.SpectrumMask([[0.1875, -0.3125, 0.125, 0.5]], [[0.3125, 0.40625, 3.0]], edge=0.07)
    v, u = np.fft.fftfreq(9)[:, None], np.fft.fftfreq(14)[None]

    def faded(gain, beyond):
        way = np.clip(beyond / 0.07, 0, 1)
        return gain + (1 - gain) * (1 - np.cos(np.pi * way)) / 2

    def away(to_u, to_v):
        # The spectrum repeats: the nearest of the copies around counts.
        copies = [np.hypot(u - to_u + i, v - to_v + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        return np.min(copies, axis=0)

    mask = faded(0.5, np.minimum(away(0.1875, -0.3125), away(-0.1875, 0.3125)) - 0.125)
    f = np.hypot(u, v)
    mask = mask * faded(3.0, np.maximum(0.3125 - f, f - 0.40625))
    full = np.fft.ifft2(np.fft.fft2(x) * mask)
    assert np.abs(full.imag).max() < 1e-12
    np.testing.assert_allclose(layer.forward(x), full.real, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_grid_loses_30_decibels_by_two_notches(dtype):
    picture = fl.read_image(resource("samples", "camera.png")).astype(dtype)
    size = picture.shape[1:]
    grid = waves(size, (0.125, 0.03125), (-0.03125, 0.125)).astype(dtype)
    layer = fl.SpectrumMask([[0.125, 0.03125, 0.004, 0.0], [-0.03125, 0.125, 0.004, 0.0]])
    clean, gridded = (layer.forward(x[None])[0] for x in (picture, picture + grid))
    assert decibels(grid, gridded - clean) >= 30
    # The photograph itself hardly changes.
    assert decibels(picture - picture.mean(), clean - picture) >= 30


def test_a_grid_between_the_frequencies_of_the_transform_is_left_at_the_border_alone():
    grid = waves((200, 230), (0.1234, 0.0567), (-0.0567, 0.1234))
    layer = fl.SpectrumMask([[0.1234, 0.0567, 0.01, 0.0], [-0.0567, 0.1234, 0.01, 0.0]], edge=0.02)
    left = layer.forward(grid[None, None])[0, 0]
    inside = np.s_[40:-40, 40:-40]
    assert decibels(grid[inside], left[inside]) >= 30
    assert decibels(grid, left) >= 10


def test_without_notches_and_bands_nothing_changes(rng):
    x = rng.standard_normal((1, 2, 5, 6)).astype(np.float32)
    np.testing.assert_array_equal(fl.SpectrumMask().forward(x), x)


def test_a_notch_keeps_the_mean_and_a_band_from_0_takes_it():
    x = np.full((1, 1, 8, 8), 3.0)
    np.testing.assert_allclose(fl.SpectrumMask(NOTCH).forward(x), x)
    np.testing.assert_allclose(fl.SpectrumMask(bands=[[0, 0.1, 0]]).forward(x), 0, atol=1e-12)


def test_a_notch_and_its_mirror_count_once_where_they_meet():
    factors = mask_factors((8, 8), [[0.0, 0.0, 0.01, 0.5], [0.5, 0.5, 0.01, 0.5]], None, 0.01)
    assert factors[0, 0] == factors[4, 4] == 0.5


@pytest.mark.parametrize(("name", "table"), [("notches", [[1, 2, 3]]), ("bands", [[0, 1, 2, 3]])])
def test_rows_of_other_lengths_are_refused(name, table):
    with pytest.raises(fl.FilterLabError, match="each row has") as caught:
        fl.SpectrumMask(**{name: table})
    assert caught.value.parameter == name


def test_a_batch_writes_the_same_numbers(tmp_path, rng):
    grid = waves((48, 64), (0.125, 0.25))
    fl.write_image(
        tmp_path / "a.png", np.clip(rng.random((3, 48, 64)) * 0.6 + grid + 0.2, 0, 1), range=(0, 1)
    )
    pipeline = fl.Pipeline([("clean", fl.SpectrumMask([[0.125, 0.25, 0.02, 0.0]], [[0.45, 0.71, 0.5]]))])
    pipeline.save(tmp_path / "clean.json")
    outcomes(fl.Pipeline.load(tmp_path / "clean.json"), tmp_path / "out", [tmp_path / "a.png"], format="npy")
    found = np.load(tmp_path / "out" / "a" / "clean.npy")
    np.testing.assert_array_equal(found, pipeline.run(fl.read_image(tmp_path / "a.png"))["clean"])


def test_a_map_that_memory_does_not_hold_is_refused_by_name():
    pipeline = fl.Pipeline([("clean", fl.SpectrumMask(NOTCH))])
    with pytest.raises(fl.FilterLabError, match="clean"):
        plan_run(pipeline, (1, 60_000, 60_000), ["clean"], (512, 512))
