"""Kernels by their published numbers, by their sums, and by what they do to simple pictures."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import filterlab.functional as F
from filterlab import kernels
from filterlab.errors import ParameterError
from filterlab.parameters import Flag, Integer, Number, Pairs

DESIGNS = kernels.designs()
SIZED = [d.name for d in DESIGNS.values() if any(p.name == "size" for p in d.parameters)]
ODD = [name for name in SIZED if next(p for p in DESIGNS[name].parameters if p.name == "size").kind.odd]

PUBLISHED = {
    "sobel x": (kernels.sobel(3), [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "sobel y": (kernels.sobel(3, "y"), [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "sobel 5": (kernels.sobel(5)[2], [-6, -12, 0, 12, 6]),
    "scharr": (kernels.scharr(3), [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
    "prewitt": (kernels.prewitt(3), [[-1, 0, 1]] * 3),
    "roberts": (kernels.roberts("rising"), [[0, 1], [-1, 0]]),
    "laplacian 4": (kernels.laplacian(3), [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "laplacian 8": (kernels.laplacian(3, "8"), [[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
    "sharpen": (kernels.sharpen(3), [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "kirsch N": (kernels.kirsch("N"), [[5, 5, 5], [-3, 0, -3], [-3, -3, -3]]),
    "kirsch W": (kernels.kirsch("W"), [[5, -3, -3], [5, 0, -3], [5, -3, -3]]),
    "robinson NW": (kernels.robinson("NW"), [[2, 1, 0], [1, 0, -1], [0, -1, -2]]),
    "prewitt compass S": (kernels.prewitt_compass("S"), [[-1, -1, -1], [1, -2, 1], [1, 1, 1]]),
    "laws E5 S5": (kernels.laws("E5", "S5")[0], [1, 0, -2, 0, 1]),
    "corner": (kernels.corner(3), [[1, 0, -1], [0, 0, 0], [-1, 0, 1]]),
    "box": (kernels.box((1, 4)), [[0.25] * 4]),
    "identity": (kernels.identity(3), [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_numbers(name):
    got, want = PUBLISHED[name]
    assert_array_equal(got, np.float32(want))


@pytest.mark.parametrize("name", DESIGNS)
def test_the_shape_is_known_before_the_kernel_is_made(name):
    design = DESIGNS[name]
    sizes = [{}] if name not in SIZED else [{}, {"size": 3}, {"size": 21}]
    if name in SIZED and name not in ODD:
        sizes.append({"size": [4, 11]})
    for options in sizes:
        assert design.shape(**options) == design(**options).shape
    with pytest.raises(ParameterError, match=f"kernel '{name}'.*no parameter 'self'"):
        design.shape(**{"self": 1})


def test_parameters_that_together_give_no_numbers_are_refused():
    with pytest.raises(ParameterError, match="kernel 'gabor': these parameters do not give finite numbers"):
        kernels.gabor(4, sigma=0.1, wavelength=1, gamma=10, psi=4.506802229460691)


@pytest.mark.parametrize("name", DESIGNS)
def test_every_kernel_is_declared_in_full(name):
    design = DESIGNS[name]
    assert design.title
    assert design.group
    assert design.formula
    assert design.source
    assert design.doc.endswith((".", "0"))
    values = design()
    assert values.dtype == np.float32
    assert values.ndim == 2
    assert np.isfinite(values).all()
    for parameter in design.parameters:
        assert parameter.doc
        assert parameter.default is None or parameter.read(parameter.default, name) is not None
        if isinstance(parameter.kind, Number) and parameter.default is not None:
            assert (
                parameter.kind.slider[0] <= parameter.default <= parameter.kind.slider[1]
                or parameter.name == "theta"
            )


@pytest.mark.parametrize("name", SIZED)
@pytest.mark.parametrize("side", [3, 4, 5, 9, 14, 31])
def test_any_size(name, side):
    design = DESIGNS[name]
    if name in ODD and side % 2 == 0:
        with pytest.raises(ParameterError, match="odd"):
            design(side)
        return
    values = design(side)
    assert values.shape == (side, side)
    assert np.isfinite(values).all()
    if isinstance(next(p for p in design.parameters if p.name == "size").kind, Pairs):
        assert design((side, 2 * side + 1)).shape == (side, 2 * side + 1)


@pytest.mark.parametrize("name", SIZED)
@pytest.mark.parametrize("extreme", ["minimum", "maximum"])
def test_the_numbers_stay_finite_at_the_ends_of_what_is_legal(name, extreme):
    design = DESIGNS[name]
    ends = {p.name: getattr(p.kind, extreme) for p in design.parameters if isinstance(p.kind, Integer)}
    assert np.isfinite(design(**ends)).all()
    ends |= {p.name: getattr(p.kind, extreme) for p in design.parameters if isinstance(p.kind, Number)}
    assert np.isfinite(design(**ends)).all()


def test_a_bell_narrower_than_a_cell_keeps_its_middle():
    expected = np.zeros((4, 4), np.float32)
    expected[1:3, 1:3] = 0.25
    assert_array_equal(kernels.gaussian(4, sigma=0.01), expected)
    assert_array_equal(kernels.high_pass(4, sigma=0.01), kernels.identity(4) - expected)


@pytest.mark.parametrize("name", [n for n, d in DESIGNS.items() if d.group == "smoothing"])
@pytest.mark.parametrize("side", [3, 5, 11])
def test_smoothing_keeps_the_mean(name, side):
    values = DESIGNS[name](side)
    assert values.sum() == pytest.approx(1, abs=1e-6)
    assert values.min() >= 0


ZERO_SUM = ("sobel", "scharr", "prewitt", "laplacian", "log", "dog", "steerable", "ridge", "corner", "high_pass",
            "gabor")  # fmt: skip


@pytest.mark.parametrize("name", ZERO_SUM)
@pytest.mark.parametrize("side", [3, 7, 21])
def test_derivatives_answer_nothing_to_flat_areas(name, side):
    values = DESIGNS[name](side).astype(float)
    assert abs(values.sum()) <= 1e-6 * np.abs(values).sum()


@pytest.mark.parametrize("name", ["sobel", "scharr", "prewitt"])
@pytest.mark.parametrize("side", [3, 5, 9])
@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_normalised_derivative_of_a_ramp_is_its_slope(name, side, axis):
    rows, cols = np.indices((32, 32), float)
    ramp = 2 * cols if axis == "x" else 2 * rows
    kernel = DESIGNS[name](side, axis, normalized=True)
    assert_allclose(F.conv2d(ramp[None], kernel[None, None].astype(float)), 2, rtol=1e-6)


OPPOSITE = dict(
    zip(
        ("N", "NW", "W", "SW", "S", "SE", "E", "NE"),
        ("S", "SE", "E", "NE", "N", "NW", "W", "SW"),
        strict=True,
    )
)


@pytest.mark.parametrize("name", ["kirsch", "robinson", "prewitt_compass"])
def test_a_compass_answers_most_to_its_own_direction(name):
    rows, cols = np.indices((3, 3)) - 1
    side = {"N": -rows, "S": rows, "W": -cols, "E": cols, "NW": -rows - cols, "SE": rows + cols,
            "NE": cols - rows, "SW": rows - cols}  # fmt: skip
    for direction, picture in side.items():
        step = (picture > 0).astype(float)
        answers = {d: (DESIGNS[name](d) * step).sum() for d in side}
        assert answers[direction] == max(answers.values())  # Prewitt's set has ties
        assert answers[direction] > answers[OPPOSITE[direction]]


def test_laplacians_of_a_parabola():
    rows, cols = np.indices((15, 15), float)
    bowl = (rows**2 + cols**2)[None]
    assert_allclose(F.conv2d(bowl, kernels.laplacian(3)[None, None].astype(float)), 4)
    assert F.conv2d(bowl, kernels.log(9)[None, None].astype(float)).mean() > 0


def test_gaussian_is_separable_and_its_default_width_is_opencvs():
    column, row = kernels.separate(kernels.gaussian(7))
    assert_allclose(np.outer(column, row), kernels.gaussian(7), atol=1e-7)
    x = np.arange(-3, 4)
    bell = np.exp(-(x**2) / (2 * 1.4**2))
    assert_allclose(kernels.gaussian((7, 1))[:, 0], bell / bell.sum(), rtol=1e-6)


def test_an_integrated_gaussian_is_the_mean_over_each_cell():
    from scipy.special import ndtr

    edges = np.arange(-2.5, 3)
    cells = np.diff(ndtr(edges / 0.7))
    assert_allclose(kernels.gaussian((1, 5), 0.7, "integrated")[0], cells / cells.sum(), rtol=1e-6)


def test_gabor_is_opencvs_formula():
    size, sigma, theta, step, gamma, psi = 11, 2.0, 0.6, 5.0, 0.8, 0.4
    got = kernels.gabor(size, theta, sigma, step, gamma, psi, zero_sum=False)
    for row in range(size):
        for col in range(size):
            y, x = row - 5, col - 5
            across, along = (
                x * np.cos(theta) + y * np.sin(theta),
                -x * np.sin(theta) + y * np.cos(theta),
            )
            bell = np.exp(-(across**2 + gamma**2 * along**2) / (2 * sigma**2))
            assert got[row, col] == pytest.approx(bell * np.cos(2 * np.pi * across / step + psi), abs=1e-6)


def test_gabor_answers_to_its_own_stripes():
    cols = np.indices((41, 41))[1]
    stripes = np.cos(2 * np.pi * cols / 6)[None]

    def answer(theta):
        kernel = kernels.gabor(15, theta, wavelength=6.0)[None, None].astype(float)
        return np.abs(F.conv2d(stripes, kernel)).max()

    assert answer(0.0) > 5 * answer(np.pi / 2)


def test_a_steerable_derivative_is_a_sum_of_two():
    across, down = kernels.steerable(9, 0.0), kernels.steerable(9, np.pi / 2)
    theta = 0.7
    mixed = np.cos(theta) * across + np.sin(theta) * down
    turned = kernels.steerable(9, theta)
    assert_allclose(turned / np.abs(turned).max(), mixed / np.abs(mixed).max(), atol=1e-5)


def test_motion_blur_follows_its_angle():
    flat = kernels.motion_blur(9, 0.0)
    assert_allclose(flat[4], np.full(9, 1 / 9), rtol=1e-6)
    assert flat[3].sum() == 0
    assert_allclose(kernels.motion_blur(9, np.pi / 2), flat.T, atol=1e-7)
    rising = kernels.motion_blur(9, np.pi / 4)
    assert rising[1, 7] > 0.05
    assert rising[1, 1] == 0


def test_a_disk_is_round():
    disk = kernels.disk(9)
    assert_allclose(disk, disk.T)
    assert disk[0, 0] == 0
    assert disk[4, 4] == disk.max()


def test_random_kernels_repeat_by_seed():
    assert_array_equal(kernels.random(5, 3), kernels.random(5, 3))
    assert (kernels.random(5, 3) != kernels.random(5, 4)).any()
    assert np.abs(kernels.random(31, distribution="uniform")).max() <= 1
    assert kernels.random(31, zero_sum=True).sum() == pytest.approx(0, abs=1e-3)


def test_unsharp_and_high_pass_are_what_smoothing_takes_away():
    middle, blur = kernels.identity(5), kernels.gaussian(5, 1.2)
    assert_allclose(kernels.unsharp(5, 0.5, 1.2), middle + 0.5 * (middle - blur), atol=1e-7)
    assert_allclose(kernels.high_pass(5, sigma=1.2), middle - blur, atol=1e-7)
    assert_allclose(kernels.high_pass(5, "box"), middle - kernels.box(5), atol=1e-7)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kernels.make("gausian"), ["gausian", "gaussian"]),
        (lambda: kernels.gaussian(0), ["size is 0", "1 to 255"]),
        (lambda: kernels.gaussian(3, sigma=0), ["sigma is 0"]),
        (lambda: kernels.gaussian(3, sigma=float("nan")), ["sigma is nan"]),
        (lambda: kernels.gaussian(3, sgma=1), ["'sgma'", "'sigma'"]),
        (lambda: kernels.gaussian(3, 1, "sampled", 4), ["4 parameters"]),
        (lambda: kernels.gaussian(True), ["size is True"]),
        (lambda: kernels.sobel(4), ["size is 4", "odd"]),
        (lambda: kernels.sobel(63), ["size is 63", "3 to 61"]),
        (lambda: kernels.sobel(3, "z"), ["axis is 'z'", "x, y"]),
        (lambda: kernels.sobel(3, np.array(["x", "y"])), ["axis is", "x, y"]),
        (lambda: kernels.sobel(3, size=5), ["size is given twice"]),
        (lambda: kernels.sharpen(3, amount=10**400), ["amount is", "-10 to 10"]),
        (lambda: kernels.make(["sobel"]), ["no kernel ['sobel']"]),
        (lambda: kernels.kirsch("north"), ["direction is 'north'"]),
        (lambda: kernels.random(3, zero_sum=1), ["zero_sum is 1"]),
    ],
)
def test_what_is_wrong_is_said(call, words):
    with pytest.raises(ParameterError) as caught:
        call()
    assert all(word in str(caught.value) for word in words), caught.value


class Silent:
    """Its text is asked for in vain."""

    def __repr__(self):
        raise ZeroDivisionError


NONSENSE = [
    "huge",
    "x" * 100_000,
    b"x",
    (),
    (3,),
    (3, 3, 3),
    ("x", 3),
    [3, None],
    {},
    1j,
    1.5,
    True,
    -1,
    10**5000,
]
NONSENSE += [
    (30_000, 30_000),
    (10**5000, 3),
    np.zeros((40, 40)),
    np.array(["a", "b"]),
    Silent(),
    object,
    [0] * 10_000,
]


@pytest.mark.parametrize("name", DESIGNS)
def test_nonsense_is_refused_in_one_line_before_memory_is_taken(name):
    for parameter in DESIGNS[name].parameters:
        for value in NONSENSE:
            if isinstance(parameter.kind, (Flag, Number)) and type(value) in (bool, int, float) and value < 2:
                continue  # which may be legal
            with pytest.raises(ParameterError) as caught:
                kernels.make(name, **{parameter.name: value})
            assert caught.value.parameter == parameter.name
            assert len(str(caught.value)) < 300
            assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("value", NONSENSE, ids=range(len(NONSENSE)))
def test_no_nonsense_is_a_kernel_or_a_parameter(value):
    for call in (
        lambda: kernels.make(value),
        lambda: kernels.gabor(3, **{"self": value}),
        lambda: kernels.gabor(3, **{"x" * 1000: value}),
        lambda: kernels.gabor(*[value] * 20),
    ):
        with pytest.raises(ParameterError) as caught:
            call()
        assert len(str(caught.value)) < 300
        assert len(str(caught.value).splitlines()) == 1


def test_a_kernel_that_does_not_exist_is_no_attribute():
    with pytest.raises(AttributeError, match="nothing"):
        _ = kernels.nothing
    assert "sobel" in dir(kernels)


@pytest.mark.parametrize("size", [3, 4, 5, 7, 9, 15])
@pytest.mark.parametrize("psi", [0.0, np.pi / 2])
def test_a_gabor_of_any_size_answers_to_its_stripes(size, psi):
    kernel = kernels.gabor(size, psi=psi)
    assert np.abs(kernel).max() > 0.05
    assert abs(kernel.sum()) < 1e-5
