"""Which range and colours maps have."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.gui.bench.viewstate import Look
from filterlab.gui.bench.work import Picture
from filterlab.images.views import MapView, Scale


@pytest.fixture
def tone(bench):
    """The tone of an array as the only map of a node: `tone(array, node="a", **look)`."""

    def find(array, node="a", **look):
        bench.view.set(**{**Look().__dict__, **look})
        return bench.tones().tone(node, MapView(np.asarray(array, np.float32)))

    return find


def noise(scale=1.0, offset=0.0):
    return (np.random.default_rng(2).standard_normal((2, 60, 50)) * scale + offset).astype(np.float32)


def test_signed_maps_are_symmetric_about_zero_between_percentiles(tone):
    found, values = tone(noise()), np.abs(np.percentile(noise(), (0.5, 99.5))).max()
    assert found.colormap == "signed-light"
    assert found.scale.high == pytest.approx(values, rel=0.02)
    assert found.scale == Scale(-found.scale.high, found.scale.high, -found.scale.high, found.scale.high)
    full = float(np.abs(noise()).max())
    assert tone(noise(), range="full").scale == Scale(-full, full, -full, full)


def test_other_maps_are_sequential_from_zero_or_from_their_least_values(tone):
    found = tone(np.abs(noise()))
    assert (found.colormap, found.scale.low) == ("sequential-light", 0)
    assert tone(noise(0.1, 5), node="b").scale.low == pytest.approx(4.74, rel=0.01)


def test_colours_follow_the_theme_unless_others_are_chosen(tone, bench):
    bench.theme.set("dark")
    assert tone(noise()).colormap == "signed-dark"
    assert tone(np.abs(noise())).colormap == "sequential-dark"
    assert tone(noise(), colormap="PuOr").colormap == "PuOr"
    assert tone(np.abs(noise()), colormap="PuOr").colormap == "sequential-dark", "never white to one colour"
    for values in (noise(), np.abs(noise())):
        assert tone(values, colormap="viridis").colormap == "viridis"


def test_round_off_below_zero_makes_no_map_signed(tone):
    values = np.abs(noise())
    values[0, 0, 0] = -1e-8
    assert tone(values).colormap == "sequential-light"
    assert tone(-np.abs(noise()), node="b").colormap == "signed-light"
    assert tone(-np.abs(noise()), node="b").scale.greatest == 0


@pytest.mark.parametrize("values", [np.zeros((1, 4, 4)), np.full((1, 4, 4), 3.0), np.full((1, 4, 4), -3.0)])
def test_a_constant_map_has_a_range(tone, values):
    scale = tone(values).scale
    assert scale.low < scale.high
    assert scale.low <= values.flat[0] <= scale.high


def test_the_few_values_of_a_map_of_zeros_are_seen(tone):
    values = np.zeros((1, 60, 50), np.float32)
    values[0, 3, :5] = 7
    assert tone(values).scale == Scale(0, 7, 0, 7)


def test_a_range_stays_while_it_would_change_a_little(tone, bench):
    before = tone(noise()).scale
    for factor in (1.02, 1.1, 0.9, 1.08):
        assert tone(noise(factor)).scale == before
    larger = tone(noise(1.5)).scale
    assert larger.high == pytest.approx(1.5 * before.high, rel=0.02)
    assert tone(noise(1.4)).scale == larger
    bench.view.set(range="full")
    assert bench.tones().tone("a", MapView(noise(1.4))).scale.high == float(np.abs(noise(1.4)).max())


def test_another_pipeline_has_ranges_of_its_own(tone, bench):
    tone(noise())
    bench.document.open_pipeline("Open", fl.Pipeline([("a", fl.ReLU())]), None)
    exact = np.abs(np.percentile(noise(1.1), (0.5, 99.5))).max()
    assert tone(noise(1.1)).scale.high == pytest.approx(exact, rel=0.02)


@pytest.fixture
def layers(bench, settle):
    """A workbench with layers over a textured picture, some of which make pictures of it."""
    rng = np.random.default_rng(4)
    pixels = np.clip(rng.random((3, 40, 50)) * 0.3 + np.linspace(0.2, 0.6, 50), 0, 1).astype(np.float32)
    blur, sobel = fl.Filter2d(fl.kernels.gaussian(5, sigma=1.0)), fl.Filter2d(fl.kernels.sobel(3))
    nodes = [
        fl.Node("blur", blur, ("image",)),
        fl.Node("detail", fl.Subtract(), ("image", "blur")),
        fl.Node("sharp", fl.Add(), ("image", "detail")),
        fl.Node("sobel", sobel, ("blur",)),
        fl.Node("strength", fl.Abs(), ("sobel",)),
        fl.Node("grey", fl.Conv2d(weight=np.ones((1, 3, 1, 1), np.float32) / 3), ("image",)),
    ]
    bench.document.open_pipeline("Open", fl.Pipeline(nodes), None)
    bench.document.show_picture("Open", Picture("p", pixels))
    settle(bench)
    return bench


def test_pictures_stay_pictures_and_derivatives_do_not(layers):
    assert layers.tones().pictures == {"image", "blur", "sharp"}
    for node in ("blur", "sharp"):
        found = layers.tones().tone(node, layers.results.maps[node].view)
        assert (found.colormap, found.scale) == ("gray", Scale(0, 1, 0, 1))
    found = layers.tones().tone("grey", layers.results.maps["grey"].view)
    assert found.colormap == "sequential-light", "mixed channels are a map"


def test_what_was_found_of_a_hidden_derivative_is_remembered(layers):
    before = layers.tones().pictures
    layers.view.set(hidden=frozenset({"sobel"}))
    layers.results.want(["blur", "detail", "sharp", "strength", "grey"])
    assert "sobel" not in layers.results.maps
    assert layers.tones().pictures == before


def test_a_batch_takes_the_range_that_all_share(layers):
    assert layers.tones().for_batch() == ("percentile", "gray")
    layers.view.set(range="full")
    assert layers.tones().for_batch() == ("auto", "gray")
    layers.view.set(hidden=frozenset({"blur", "sharp", "sobel", "strength", "grey"}))
    shown, colormap = layers.tones().for_batch()
    top = float(np.abs(layers.results.maps["detail"].view.array).max())
    assert (shown, colormap) == ((-top, top), "signed-light")
