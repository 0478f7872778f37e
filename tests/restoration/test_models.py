"""The operators of restorations: exact adjoints, and closed forms where the border allows them."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
import filterlab.functional as F
from filterlab.restoration.blur import Blur
from filterlab.restoration.iterating import Task
from filterlab.restoration.options import BORDER
from filterlab.restoration.roughness import Roughness
from filterlab.restoration.spectrum import Periodogram
from filterlab.restoration.variation import differences, summed, tv

RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize("border", BORDER.kind.options)
@pytest.mark.parametrize("size", [(1, 1), (3, 3), (4, 2), (5, 6)])
def test_the_adjoint_is_that_of_the_blur(border, size):
    blur = Blur(RANDOM.standard_normal(size), (11, 13), border, np.float64)
    scene, picture = RANDOM.standard_normal(blur.scene_shape), RANDOM.standard_normal((11, 13))
    assert np.vdot(blur.forward(scene), picture) == pytest.approx(np.vdot(scene, blur.adjoint(picture)))


@pytest.mark.parametrize("border", BORDER.kind.options)
def test_the_picture_lies_in_its_place_in_the_scene(border):
    blur = Blur(np.ones((1, 1)), (6, 7), border, np.float64)
    scene = RANDOM.standard_normal(blur.scene_shape)
    assert np.array_equal(blur.forward(scene), scene[blur.place])


@pytest.mark.parametrize("circular", [False, True])
def test_differences_have_their_adjoint_and_their_spectrum(circular):
    scene, flow = RANDOM.standard_normal((7, 8)), RANDOM.standard_normal((2, 7, 8))
    if not circular:
        flow[0, -1] = flow[1, :, -1] = 0
    assert np.vdot(differences(scene, circular), flow) == pytest.approx(
        np.vdot(scene, summed(flow, circular))
    )
    rough = Roughness((7, 8), 1, circular, np.float64).gradient(scene)
    assert np.allclose(rough, summed(differences(scene, circular), circular))


def test_a_circular_blur_is_undone_in_closed_form():
    kernel, strength = RANDOM.random((3, 4)), 0.01
    picture = RANDOM.random((1, 12, 15))
    found = fl.restore(picture, kernel, method="tikhonov", border="circular", strength=strength)
    response = np.zeros((12, 15))
    response[:3, :4] = kernel
    # Cross-correlation, with the window's place at its cell (1, 1).
    response = np.conj(np.fft.fft2(np.roll(response, (-1, -1), (0, 1))))
    down, across = (2 - 2 * np.cos(2 * np.pi * np.arange(n) / n) for n in (12, 15))
    prices = strength * (down[:, None] + across)
    expected = np.fft.ifft2(
        np.conj(response) * np.fft.fft2(picture[0]) / (np.abs(response) ** 2 + prices)
    ).real
    assert found.iterations == 1
    assert np.allclose(found.image[0], expected)


def test_a_step_of_richardson_lucy_is_its_formula():
    kernel = RANDOM.random((3, 3)).astype(np.float32)
    picture = (0.1 + RANDOM.random((1, 9, 10))).astype(np.float32)
    weights = kernel[None, None]

    def blurred(scene: np.ndarray) -> np.ndarray:
        return F.conv2d(scene, weights, padding="same", padding_mode="circular")

    def back(values: np.ndarray) -> np.ndarray:
        return F.conv2d(values, weights[..., ::-1, ::-1], padding="same", padding_mode="circular")

    scene = picture / kernel.sum()
    scene = scene * back(picture / blurred(scene)) / back(np.ones_like(picture))
    found = fl.restore(picture, kernel, method="richardson_lucy", border="circular", iterations=1)
    assert np.allclose(found.image, scene, rtol=1e-5)


@pytest.mark.parametrize("border", ["circular", "unknown"])
def test_total_variation_is_minimised(border):
    strength, kernel = 0.02, np.full((3, 3), 1 / 9)
    picture = np.kron(RANDOM.random((4, 4)), np.ones((5, 5))) + 0.05 * RANDOM.standard_normal((20, 20))
    blur = Blur(kernel, picture.shape, border, np.float64)
    task = Task(picture, blur, 0.05, strength, 150, Periodogram(picture, kernel))
    *_, last = tv(task)

    def price(scene: np.ndarray) -> float:
        lengths = np.sqrt(np.square(differences(scene, border == "circular")).sum(0))
        return 0.5 * np.square(picture - blur.forward(scene)).sum() + strength * lengths.sum()

    least = price(last.scene)
    for size in (1e-3, 1e-2, 1e-1):
        for _ in range(20):
            assert price(last.scene + size * RANDOM.standard_normal(last.scene.shape)) > least
        assert price((1 - size) * last.scene + size * last.scene.mean()) > least
    assert price(blur.start(picture)) > 1.2 * least
