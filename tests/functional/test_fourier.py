"""The transforms of real planes: those of NumPy, and the instructions do what the plain loops say."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from filterlab.functional.conv import fourier
from filterlab.functional.conv.fourier import LANES, lane_turns, roots, steps_of

HALF, WIDTH = 12, 2 * LANES**2
SIDES = [2, 3, 4, 6, 8, 12, 16, 24, 48, 64, 96, 256]


@pytest.mark.parametrize("count", SIDES)
def test_a_transform_has_its_numbers_where_the_steps_say(rng, count):
    vectors = rng.normal(size=(2, count, LANES))
    data, steps = vectors.flatten(), steps_of(count)
    fourier.transform(data, 0, count * LANES, steps.plan, steps.factors, len(steps.plan))
    got = (data[: count * LANES] + 1j * data[count * LANES :]).reshape(count, LANES)
    want = np.fft.fft(vectors[0] + 1j * vectors[1], axis=0)
    np.testing.assert_allclose(got[steps.places], want, rtol=0, atol=1e-15 * count * 4)


def _plane(rng):
    """The numbers of a plane of rows, and of a vector of columns."""
    return rng.normal(size=(HALF + 1) * 2 * WIDTH), rng.normal(size=2 * HALF * LANES)


def test_a_plane_is_transformed_like_numpys_and_back(rng):
    cells, (plane, columns) = rng.random((2 * HALF - 3, WIDTH), dtype=np.float32), _plane(rng)
    down, across, turns = steps_of(HALF), steps_of(WIDTH // LANES), roots(2 * HALF).view(np.float64)
    mixing = columns, HALF * LANES, down.places, turns, HALF, plane
    for left in range(0, WIDTH, LANES):
        fourier.load_columns(columns, HALF * LANES, cells.ravel(), left, WIDTH, len(cells), HALF)
        fourier.transform(columns, 0, HALF * LANES, down.plan, down.factors, len(down.plan))
        fourier.unmix_columns(*mixing, left, 2 * WIDTH, WIDTH)
    lanes = lane_turns(WIDTH // LANES), WIDTH // LANES
    rows = range(0, len(plane), 2 * WIDTH)
    for row in rows:
        fourier.transform(plane, row, WIDTH, across.plan, across.factors, len(across.plan))
        fourier.join_lanes(plane, row, WIDTH, *lanes)
    real, imaginary = plane.reshape(HALF + 1, 2, WIDTH).swapaxes(0, 1)
    want = np.fft.fft2(cells.astype(float), s=(2 * HALF, WIDTH))[: HALF + 1]
    # The order of a row's numbers is its own business, so their sizes are compared.
    np.testing.assert_allclose(
        np.sort(np.hypot(real, imaginary)), 2 * np.sort(abs(want)), rtol=1e-12, atol=1e-12
    )
    for row in rows:
        fourier.part_lanes(plane, row, WIDTH, *lanes)
        fourier.transform_back(plane, row, WIDTH, across.plan, across.factors, len(across.plan))
    y, limits = np.zeros((2 * HALF - 5, WIDTH - 3), np.float32), np.array([0.5, 1e-9])
    for left in range(0, WIDTH, LANES):
        fourier.mix_columns(*mixing, left, 2 * WIDTH, WIDTH)
        fourier.transform_back(columns, 0, HALF * LANES, down.plan, down.factors, len(down.plan))
        columns /= 4 * HALF * WIDTH
        place = y.ravel(), left, y.shape[1], columns, HALF * LANES, len(y), y.shape[1] - left, limits
        fourier.store_columns(*place)
    np.testing.assert_allclose(y - 0.5, cells[: len(y), : y.shape[1]], rtol=0, atol=1e-6)


def _calls(rng):
    """For each function, arguments of a call."""
    plane, columns = _plane(rng)
    apart, lines = HALF * LANES, rng.random(2 * HALF * WIDTH, dtype=np.float32)
    down, across, turns = steps_of(HALF), steps_of(WIDTH // LANES), roots(2 * HALF).view(np.float64)
    mixed = columns, apart, down.places, turns, HALF, plane, LANES, 2 * WIDTH, WIDTH
    lanes = plane, 2 * WIDTH, WIDTH, lane_turns(WIDTH // LANES), WIDTH // LANES
    return {
        "transform": (columns, 0, apart, down.plan, down.factors, len(down.plan)),
        "transform_back": (plane, 2 * WIDTH, WIDTH, across.plan, across.factors, len(across.plan)),
        "load_columns": (columns, apart, lines, LANES, WIDTH, 2 * HALF - 3, HALF),
        "unmix_columns": mixed,
        "mix_columns": mixed,
        "store_columns": (lines, 5, WIDTH, columns, apart, 2 * HALF - 3, LANES - 1, np.array([0.5, 0.3])),
        "join_lanes": lanes,
        "part_lanes": lanes,
        "multiply_rows": (plane, 0, plane, 4 * WIDTH, plane, 6 * WIDTH, WIDTH, WIDTH, 1),
    }


@pytest.mark.parametrize("name", _calls(np.random.default_rng(0)))
def test_the_instructions_do_what_the_plain_loop_does(rng, name):
    loop, given = getattr(fourier, name), _calls(rng)[name]

    @numba.njit
    def call(*args):
        loop(*args)

    results = []
    for run in (loop, call):
        args = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in given]
        if name == "multiply_rows":  # rows of one plane
            args[2] = args[4] = args[0]
        run(*args)
        results.append([arg for arg in args if isinstance(arg, np.ndarray)])
    for plain, fast in zip(*results, strict=True):
        np.testing.assert_allclose(fast, plain, rtol=0, atol=1e-13 if plain.dtype == float else 1e-6)
    assert any(
        (a != b).any()
        for a, b in zip(results[0], [g for g in given if isinstance(g, np.ndarray)], strict=True)
    )
