from __future__ import annotations

import numpy as np
import pytest
from skimage.feature import canny

import filterlab as fl
from filterlab.resources import resource
from tests.layers.cases import Case

CASES = [Case(fl.Canny(), loose=True), Case(fl.Canny(0.5, 3.0, sigma=0), loose=True)]
WRONG = [("low", -1), ("high", 0.05), ("sigma", -1)]


@pytest.mark.parametrize("sigma", [1.0, 2.0])
def test_scikit_image_finds_the_same_edges_inside(sigma):
    image = fl.read_image(resource("samples", "camera.png"))[:, 100:260, 120:300].astype(np.float64)
    # scikit-image divides Sobel's kernel by no number, as we do; it smooths with a border of nothing.
    wanted = canny(image[0], sigma=sigma, low_threshold=0.4, high_threshold=0.9)
    found = fl.Canny(0.4, 0.9, sigma=sigma).forward(image[None])[0, 0]
    inside = np.s_[12:-12, 12:-12]
    assert wanted[inside].sum() > 300
    assert (found[inside] != wanted[inside]).mean() < 2e-3


def test_weak_parts_stay_only_beside_strong_ones():
    x = np.zeros((1, 1, 20, 40))
    x[0, 0, 10:, :12] = np.linspace(1, 0.2, 12)
    x[0, 0, 10:, 25:] = 0.2
    y = fl.Canny(0.3, 3.0, sigma=0).forward(x)[0, 0]
    assert y[:, :10].any(axis=0).all()
    assert not y[:, 28:].any()


def test_flat_and_odd_maps_have_no_edges():
    assert not fl.Canny().forward(np.full((1, 1, 8, 8), 0.5)).any()
    assert not fl.Canny().forward(np.full((1, 1, 8, 8), np.nan)).any()


@pytest.mark.parametrize(
    ("thresholds", "words"),
    [
        ((0.5, 1.0), "1 − max(0, sign(high − length)) = 1 − max(0, sign(1 − 4)) = 1"),
        ((5.0, 6.0), "1 − max(0, sign(low − length)) = 1 − max(0, sign(5 − 4)) = 0"),
        ((3.0, 6.0), "joined·(1 − max(0, sign(low − length))) = 0·(1 − max(0, sign(3 − 4))) = 0"),
    ],
)
def test_an_explanation_compares_the_thinned_length_with_the_threshold_that_decides(thresholds, words):
    step = np.zeros((1, 9, 9), np.float32)
    step[..., 5:] = 1
    found = fl.Pipeline([("edges", fl.Canny(*thresholds, sigma=0))]).explain(step, "edges", 0, 4, 4)
    assert found.formula == f"y = {words}"
