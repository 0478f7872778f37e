"""Every layer type explains its values: the terms make them, and so does the formula that is shown."""

from __future__ import annotations

import importlib
import math
import re
from statistics import NormalDist, median

import numpy as np
import pytest

import filterlab as fl
from filterlab.layers import layer_types
from filterlab.layers.base.derived import explain_by_window
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.terms import MOST_TERMS
from filterlab.layers.families.elementwise import Elementwise

CASES = [
    pytest.param(case, id=f"{key}-{i}")
    for key in layer_types()
    for i, case in enumerate(importlib.import_module(f"tests.layers.test_{key}").CASES)
]
every_case = pytest.mark.parametrize("case", CASES)
every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def explained(case, rng, dtype, most=12):
    """(inputs, output, position, arithmetic) for some positions of a case's output."""
    xs = case.inputs(rng, dtype=dtype)
    y = case.layer.forward(*xs)
    for k in np.unique(np.linspace(0, y.size - 1, most).astype(int)):
        index = tuple(int(i) for i in np.unravel_index(k, y.shape[1:]))
        yield xs, y, index, case.layer.explain(xs, y, *(*index, 0, 0)[:3])


def close(found, wanted, dtype, scale=0.0):
    """Equal to round-off of the dtype, counted in the size of what was added up."""
    return abs(found - wanted) <= 64 * np.finfo(dtype).eps * max(abs(wanted), scale, 1e-30)


@every_case
@every_dtype
def test_terms_make_the_value_by_the_rule(case, dtype, rng):
    for _, y, index, found in explained(case, rng, dtype):
        assert found.value == y[(0, *index)]
        products = [term.product for term in found.terms]
        if products and None not in products:
            size = math.fsum(map(abs, products)) + abs(found.bias)
            assert close(math.fsum(products) + found.bias, found.value, dtype, size)
        {
            "sum": check_sum,
            "mean": check_mean,
            "max": check_choice,
            "min": check_choice,
            "median": check_choice,
            "copy": check_copy,
            "other": check_total,
        }[found.rule](found, dtype)


def check_sum(found, dtype):
    assert all(term.wins is None and term.share is None for term in found.terms)


def check_mean(found, dtype):
    values = [term.value for term in found.terms]
    assert found.total == pytest.approx(math.fsum(values), rel=1e-5, abs=1e-6)
    assert all(term.weight == 1 / found.divisor for term in found.terms)
    assert close(math.fsum(values) / found.divisor, found.value, dtype, max(map(abs, values), default=0))


@every_case
def test_types_that_single_cells_out_say_so(case, rng):
    found = [found for _, _, _, found in explained(case, rng, np.float64)]
    rules = {each.rule for each in found}
    assert case.layer.singles_out == (rules <= {"max", "min", "median"} or _normalises(case, found[0]))


def _normalises(case, found):
    """True where statistics of the map itself are in the formula; batch normalisation's are constants."""
    if case.layer.locally_linear or isinstance(case.layer, Elementwise):
        return False
    return {"mean", "var"} <= set(found.constants) or (
        bool(found.constants) and not case.layer.differentiable
    )


def check_choice(found, dtype):
    pick = {"max": max, "min": min, "median": median}[found.rule]
    values = [term.value for term in found.terms]
    assert found.value == pytest.approx(pick(values), rel=1e-6)
    winners = [term for term in found.terms if term.wins]
    assert 1 <= len(winners) <= 2
    assert {term.weight for term in winners} == {1 / len(winners)}
    assert all(term.weight == 0 and term.product == 0 for term in found.terms if not term.wins)


def check_copy(found, dtype):
    (term,) = found.terms
    assert (term.weight, found.bias) == (1, 0)
    assert term.value == pytest.approx(found.value, rel=1e-6)


def check_total(found, dtype):
    assert found.formula
    shares = [term.share for term in found.terms if term.share is not None]
    if found.total is not None:
        assert len(shares) == len(found.terms)
        assert found.total == pytest.approx(math.fsum(shares))


@every_case
@every_dtype
def test_the_formula_with_its_numbers_gives_the_value(case, dtype, rng):
    for _, _, _, found in explained(case, rng, dtype, most=5):
        *left, right = found.formula.split(" = ")
        assert left[0] == "y"
        assert dtype(calculated(right)) == found.value
        if "…" in left[-1] or "Σ" in left[-1] or left[-1].isidentifier():
            continue
        tolerance = 2e-5 if dtype == np.float32 else 1e-12
        assert calculated(left[-1]) == pytest.approx(found.value, rel=tolerance, abs=tolerance), found.formula


def calculated(text):
    """The number that a formula comes to."""
    text = text.replace("−", "-").replace("·", "*").replace("^", "**").replace("√(", "sqrt(")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub("⌊(.*?)⌋", r"floor(\1)", re.sub("⌈(.*?)⌉", r"ceil(\1)", text))
    names = {"ln": math.log, "sqrt": math.sqrt, "exp": math.exp, "tanh": math.tanh, "median": median}
    return eval(text, {"__builtins__": {}}, {**names, "abs": abs, "max": max, "min": min, **_more})


def _only(pick):
    return lambda *numbers: pick(numbers)


_more = {
    "max": _only(max),
    "min": _only(min),
    "median": _only(median),
    "Φ": NormalDist().cdf,
    "pi": math.pi,
    "π": math.pi,
    "nan": math.nan,
    "sign": np.sign,
    "round": round,
    **{name: getattr(math, name) for name in ("floor", "ceil", "erf", "sin", "cos")},
}


@every_case
def test_no_other_cell_moves_the_value(case, rng):
    """But the statistics of a normalisation, which the formula gives, are made of whole maps."""
    if _normalises(case, next(explained(case, rng, float))[3]):
        return
    for xs, y, index, found in explained(case, rng, float, most=3):
        seen = [np.zeros(x.shape[1:], bool) for x in xs]
        for term in found.terms:
            cell = term.where
            if not cell.padding:
                seen[cell.node][(cell.channel, cell.row, cell.col)[: xs[cell.node].ndim - 1]] = True
            elif cell.source is not None:
                seen[cell.node][(cell.channel, *cell.source)] = True
        moved = [x + np.where(mask, 0, 0.01) for x, mask in zip(xs, seen, strict=True)]
        assert case.layer.forward(*moved)[(0, *index)] == pytest.approx(y[(0, *index)], rel=1e-12, abs=1e-12)


@every_case
@every_dtype
def test_the_maps_of_the_input_channels_add_up(case, dtype, rng):
    xs = case.inputs(rng, dtype=dtype)
    y = case.layer.forward(*xs)
    for channel in range(y.shape[1]):
        partials = case.layer.partials(xs, y, channel)
        if not partials:
            continue
        found = case.layer.explain(xs, y, channel, 0, 0)
        stacked = np.stack([partial.array for partial in partials])
        assert stacked.dtype == dtype
        shape = y.shape[2:] or (1, 1)
        size = np.abs(stacked).sum(axis=0).max() + abs(found.bias)
        np.testing.assert_allclose(
            stacked.sum(axis=0) + found.bias,
            y[0, channel].reshape(shape),
            rtol=0,
            atol=64 * np.finfo(dtype).eps * size,
        )


SUMMING = {"conv2d", "filter2d", "conv_transpose2d", "linear", "add", "subtract", "mean", "concat"}


def test_sums_over_channels_have_partial_maps(rng):
    kinds = set()
    for key in layer_types():
        for case in importlib.import_module(f"tests.layers.test_{key}").CASES:
            xs = case.inputs(rng)
            if case.layer.partials(xs, case.layer.forward(*xs), 0):
                kinds.add(key)
    assert kinds == SUMMING


def test_the_kernel_of_a_partial_map_has_the_weights_of_the_taps(rng):
    for layer in (
        fl.Conv2d(rng.normal(size=(4, 2, 3, 2)), groups=2, operation="convolution"),
        fl.ConvTranspose2d(rng.normal(size=(4, 2, 3, 2)), groups=2, stride=2),
    ):
        x = rng.random((1, 4, 6, 6))
        y = layer.forward(x)
        kernels = {partial.channel: partial.kernel for partial in layer.partials((x,), y, 3)}
        found = layer.explain((x,), y, 3, 2, 3)
        assert found.terms
        for term in found.terms:
            assert term.weight == kernels[term.where.channel][term.tap]


# -- averages: what is counted -----------------------------------------------------------------------------


def divisor(layer, row, col, shape=(1, 1, 5, 5)):
    x = np.ones(shape)
    return layer.explain((x,), layer.forward(x), 0, row, col)


def test_an_average_counts_padding_only_where_it_is_told_to():
    corner = divisor(fl.AvgPool2d(3, stride=2, padding=1), 0, 0)
    assert (corner.divisor, corner.value) == (9, 4 / 9)
    assert sum(term.where.padding for term in corner.terms) == 5
    real = divisor(fl.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), 0, 0)
    assert (real.divisor, real.value, len(real.terms)) == (4, 1, 4)


def test_what_sticks_out_beyond_the_padding_is_never_counted():
    last = divisor(fl.AvgPool2d(4, stride=3, padding=1, ceil_mode=True), 1, 1)
    # Rows 2 to 5, of which 5 is padding.
    assert (last.divisor, last.value) == (16, 9 / 16)
    out = divisor(fl.AvgPool2d(2, stride=2, ceil_mode=True), 2, 2)
    assert (out.divisor, len(out.terms)) == (1, 1)


def test_uneven_adaptive_windows():
    found = [divisor(fl.AdaptiveAvgPool2d((3, 2)), i, 0, (1, 1, 7, 5)) for i in range(3)]
    assert [window.divisor for window in found] == [3 * 3, 3 * 3, 3 * 3]
    rows = [sorted({term.where.row for term in window.terms}) for window in found]
    assert rows == [[0, 1, 2], [2, 3, 4], [4, 5, 6]]


def test_taps_between_dilated_cells_are_no_terms(rng):
    layer, x = fl.MaxPool2d(2, stride=1, dilation=3), rng.random((1, 1, 6, 6))
    found = layer.explain((x,), layer.forward(x), 0, 1, 2)
    assert [(term.where.row, term.where.col) for term in found.terms] == [(1, 2), (1, 5), (4, 2), (4, 5)]
    assert [term.tap for term in found.terms] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_ties_go_to_the_first_and_nan_wins():
    for layer in (fl.MaxPool2d(2), fl.MinPool2d(2)):
        flat = np.ones((1, 1, 2, 2))
        found = layer.explain((flat,), layer.forward(flat), 0, 0, 0)
        assert [term.wins for term in found.terms] == [True, False, False, False]
        flat[0, 0, 1, 0] = np.nan
        found = layer.explain((flat,), layer.forward(flat), 0, 0, 0)
        assert [term.wins for term in found.terms] == [False, False, True, False]


def test_infinities_that_lose_do_not_spoil_the_sum():
    x = np.array([[[[-np.inf, 2.0]]]])
    for layer in (fl.MaxPool2d((1, 2)), fl.ReLU()):
        y = layer.forward(x)
        found = layer.explain((x,), y, 0, 0, 0)
        assert math.fsum(term.product for term in found.terms) + found.bias == y[0, 0, 0, 0]


@pytest.mark.parametrize("layer", [fl.ReLU6(), fl.Clamp(min=-1, max=1), fl.Hardsigmoid(), fl.MaxPool2d(1)])
def test_what_is_no_number_stays_none_in_the_sum(layer):
    x = np.full((1, 1, 1, 1), np.nan)
    found = layer.explain((x,), layer.forward(x), 0, 0, 0)
    assert math.isnan(found.terms[0].product)
    assert math.isnan(found.value)


@pytest.mark.parametrize("value", [1e-30, 1e30, -np.inf])
@pytest.mark.parametrize("layer", [fl.LPPool2d(2, (1, 2)), fl.LPPool2d(3, (1, 2))])
def test_powers_beyond_all_numbers_leave_no_weights(layer, value):
    """The sum of squares of single precision is 0 or infinite: the value is no sum of slopes times cells."""
    x = np.full((1, 1, 1, 2), value, np.float32)
    y = layer.forward(x)
    with np.errstate(all="ignore"):
        found = layer.explain((x,), y, 0, 0, 0)
    assert y[0, 0, 0, 0] in (0, np.inf)
    assert [(term.weight, term.product) for term in found.terms] == [(None, None)] * 2
    assert found.total == pytest.approx(sum(term.share for term in found.terms))


def test_lengths_beyond_the_range_of_squares_are_told_by_squares_that_fit():
    xs = [np.full((1, 1, 1, 1), value, np.float32) for value in (3e30, 4e30)]
    layer = fl.Magnitude()
    with np.errstate(all="ignore"):
        found = layer.explain(xs, layer.forward(*xs), 0, 0, 0)
    assert re.fullmatch(r"y = √\(Σ x²\) = √\(2\.\d+e\+61\) = 5e\+30", found.formula)


def test_the_slopes_of_large_powers_are_in_range():
    layer, x = fl.LPPool2d(8, (1, 2)), np.array([[[[3e30, 4e30]]]])
    found = layer.explain((x,), layer.forward(x), 0, 0, 0)
    assert math.fsum(term.product for term in found.terms) == pytest.approx(found.value, rel=1e-12)


def test_cells_of_weight_0_between_others_are_no_terms():
    """Shrinking to a third with bicubic weights: those of some cells within the window are 0, and never read."""
    layer, x = fl.Resize((3, 1), mode="bicubic", antialias=True), np.ones((1, 1, 9, 1))
    found = layer.explain((x,), layer.forward(x), 0, 1, 0)
    rows = [term.where.row for term in found.terms]
    assert all(term.weight for term in found.terms)
    assert len(rows) < rows[-1] - rows[0] + 1
    assert [term.tap[0] for term in found.terms] == [row - rows[0] for row in rows]
    unread = next(row for row in range(rows[0], rows[-1]) if row not in rows)
    x[0, 0, unread] = np.nan
    assert layer.forward(x)[0, 0, 1, 0] == pytest.approx(found.value)


def test_means_of_one_cell_and_of_none():
    x = np.full((1, 1, 2, 2), 3.0)
    for layer, formula in (
        (fl.AvgPool2d(1), "y = x₁/1 = 3/1 = 3"),
        (fl.AvgPool2d(2, padding=3, count_include_pad=False), "y = 0"),
    ):
        assert layer.explain((x,), layer.forward(x), 0, 0, 0).formula == formula


# -- types that do not explain themselves ------------------------------------------------------------------


def weights_of(found, xs):
    """What every real cell weighs in all; of padding, the cell that is shown."""
    weights = [np.zeros(x.shape[1:]) for x in xs]
    for term in found.terms:
        cell = term.where
        if not cell.padding or cell.source is not None:
            at = (cell.row, cell.col) if not cell.padding else cell.source
            weights[cell.node][(cell.channel, *at)[: xs[cell.node].ndim - 1]] += term.weight
    return weights


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].layer.locally_linear])
def test_slopes_explain_what_does_not_explain_itself(case, rng):
    for xs, y, index, own in explained(case, rng, np.float64, most=4):
        found = Layer.explain(case.layer, xs, y, *(*index, 0, 0)[:3])
        assert found.value == own.value
        assert math.fsum(term.product for term in found.terms) + found.bias == pytest.approx(own.value)
        if any(term.weight is None for term in own.terms):
            continue  # its own words are no sum of products, as those of a sum of magnitudes
        for mine, wanted in zip(weights_of(found, xs), weights_of(own, xs), strict=True):
            np.testing.assert_allclose(mine, wanted, rtol=1e-6, atol=1e-9)


@every_case
def test_windows_explain_what_has_no_slopes(case, rng):
    for xs, y, index, own in explained(case, rng, np.float64, most=4):
        found = explain_by_window(case.layer, xs, y, *(*index, 0, 0)[:3])
        assert (found.value, found.rule) == (own.value, "other")
        cells = {term.where[:4] for term in found.terms}
        assert cells >= {term.where[:4] for term in own.terms if not term.where.padding and term.weight}


def test_what_nobody_reads_is_refused():
    layer = fl.GlobalAvgPool2d()
    x = np.zeros((1, 1, 1001, 1000))
    assert x.size > MOST_TERMS
    with pytest.raises(fl.FilterLabError, match="1,001,000 terms"):
        layer.explain((x,), layer.forward(x), 0, 0, 0)
