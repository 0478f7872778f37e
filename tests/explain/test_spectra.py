"""The spectrum that is shown, and the waves that are found in it."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.drawing import spectra
from filterlab.explain.drawing.spectra import find_peaks, map_spectrum
from filterlab.resources import resource


def wave(size, u, v, amplitude=0.1, phase=0.0):
    rows, cols = np.indices(size)
    return amplitude * np.cos(2 * np.pi * (u * cols + v * rows) + phase)


@pytest.fixture(scope="module")
def photograph():
    return fl.read_image(resource("samples", "camera.png"))[0]


@pytest.mark.parametrize("size", [(9, 12), (16, 7), (8, 8), (5, 5), (1, 6), (4, 1)])
def test_it_is_the_spectrum_with_zero_in_the_middle(rng, size):
    x = rng.standard_normal(size)
    found = map_spectrum(x, soft=False)
    wanted = np.fft.fftshift(np.fft.fft2(x - x.mean())) * 2 / x.size
    np.testing.assert_allclose(found.amplitudes, np.abs(wanted), rtol=1e-5, atol=1e-6)
    strong = np.abs(wanted) > 1e-6
    turned = np.exp(1j * found.phases[strong]) * np.abs(wanted[strong])
    np.testing.assert_allclose(turned, wanted[strong], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("soft", [False, True])
def test_a_wave_reads_as_its_amplitude_and_phase(soft):
    found = map_spectrum(3 + wave((64, 80), 0.25, -0.125, 0.3, 0.5), soft=soft)
    read = found.read(0.25, -0.125)
    assert read.amplitude == pytest.approx(0.3, rel=1e-4)
    assert read.phase == pytest.approx(0.5, abs=1e-4)
    assert (read.length, read.angle) == (
        pytest.approx(1 / np.hypot(0.25, 0.125)),
        pytest.approx(26.565, abs=1e-3),
    )
    assert found.read(-0.25, 0.125).phase == pytest.approx(-0.5, abs=1e-4)
    assert found.read(0.1, 0.3).amplitude < 1e-4
    assert found.peak_near(0.24, -0.115, 0.05) == (0.25, -0.125)


def test_a_large_map_is_reduced_and_keeps_its_peaks(monkeypatch):
    monkeypatch.setattr(spectra, "FINEST", 50)
    found = map_spectrum(wave((128, 96), 0.25, 0.125, 0.3), soft=False)
    assert found.amplitudes.shape == (50, 50)
    assert found.read(0.25, 0.125).amplitude == pytest.approx(0.3, rel=1e-4)
    # On the screen, too: two pixels of the brightest colour, the wave and its mirror.
    pixels = found.pixels(spectra.MAGNITUDE, dark=False, most=20)
    assert pixels.shape == (20, 20)
    assert np.unique(pixels, return_counts=True)[1].min() == 2


def test_values_that_are_not_finite_count_as_the_mean():
    x = wave((32, 32), 0.25, 0.0)
    x[3, 3] = np.nan
    assert np.isfinite(map_spectrum(x).amplitudes).all()
    assert not map_spectrum(np.full((4, 4), np.nan)).amplitudes.any()


def test_colours_are_made_of_any_map():
    for plane in (np.zeros((3, 4)), wave((16, 16), 0.25, 0.25), np.ones((1, 1))):
        for kind in (spectra.MAGNITUDE, spectra.PHASE):
            assert map_spectrum(plane).pixels(kind, dark=True).shape == np.shape(plane)


def test_both_waves_of_a_grid_are_found_between_the_frequencies_of_the_transform(photograph):
    size = photograph.shape
    x = photograph + wave(size, 0.1234, 0.0567, 0.03) + wave(size, -0.0567, 0.1234, 0.03)
    found = find_peaks(x)
    assert len(found) == 2
    for u, v in ((0.1234, 0.0567), (0.0567, -0.1234)):
        # To a fifth of the distance of two frequencies.
        assert any(np.hypot(peak.u - u, peak.v - v) < 0.2 / 512 for peak in found)


def test_a_photograph_has_no_peaks(photograph):
    assert find_peaks(photograph) == []


@pytest.mark.parametrize(("u", "v"), [(0.25, 0.0), (0.0, 0.25), (0.5, 0.125), (0.5, 0.5)])
def test_a_wave_on_an_axis_or_at_the_edge_is_found_once(photograph, u, v):
    (peak,) = find_peaks(photograph + wave(photograph.shape, u, v, 0.05))
    assert (abs(peak.u), abs(peak.v)) == (pytest.approx(u, abs=1e-3), pytest.approx(v, abs=1e-3))


def test_what_is_no_peak_is_where_it_was_pointed_at(photograph):
    found = map_spectrum(photograph)
    assert found.peak_near(0.1, -0.2, 0.03) == (0.1, -0.2)
    assert found.peak_near(0.1, -0.2, 0.0001) == (0.1, -0.2)


def test_small_and_empty_maps_have_none():
    for plane in (np.zeros((8, 8)), np.ones((1, 1)), np.zeros((2, 40))):
        assert find_peaks(plane) == []


def test_too_many_values_are_refused(monkeypatch):
    monkeypatch.setattr(spectra, "MOST_CELLS", 100)
    with pytest.raises(fl.FilterLabError, match="crop"):
        map_spectrum(np.zeros((20, 20)))
