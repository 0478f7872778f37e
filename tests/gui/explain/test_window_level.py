"""The third level shows the numbers of Pipeline.explain, and each of them leads to its place."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.gui.bench.selection import Spot
from tests.gui.explain.conftest import number

CONVOLUTIONS = [("conv", 2, 10, 11), ("conv", 0, 0, 0), ("grouped", 3, 0, 5), ("grouped", 1, 8, 8)]


def described_numbers(text):
    return [
        float(word.strip(",").replace("−", "-"))
        for word in text.split()
        if word.strip(",−0123456789.e-+") == ""
    ]


@pytest.mark.parametrize("cell", CONVOLUTIONS)
def test_convolutions_show_values_weights_and_products(panel, pin, items, network, picture, cell):
    pin(*cell)
    expected = network.explain(picture.pixels, *cell)
    parts = expected.parts
    for chosen in range(len(parts)):
        panel._chosen = chosen
        panel._build()
        terms = parts[chosen].terms
        for role, attribute in (("patch", "value"), ("kernel", "weight"), ("product", "product")):
            found = items(role)
            assert len(found) == len(terms)
            for item, term in zip(found, terms, strict=True):
                assert float(number(item.text)) == pytest.approx(getattr(term, attribute), abs=2e-4)
        shown = sum(number(item.text) for item in items("product"))
        (part,) = (item for item in items("part") if item.pick == chosen) if len(parts) > 1 else (None,)
        if part is not None:
            assert number(part.text.split(": ")[1]) == shown


@pytest.mark.parametrize("cell", CONVOLUTIONS)
def test_the_parts_and_the_bias_add_up_to_the_value_shown(panel, pin, items, network, picture, cell):
    pin(*cell)
    parts = sum(number(item.text.split(": ")[1]) for item in items("part"))
    texts = [item.text for item in panel.canvas.sheet.items]
    bias = next((number(t.split()[-1]) for t in texts if t.startswith("+ bias")), 0)
    total = next(number(t.removeprefix("= ")) for t in texts if t.startswith("= "))
    value = network.explain(picture.pixels, *cell).value
    assert parts + bias == total
    assert float(total) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize("cell", CONVOLUTIONS)
def test_descriptions_have_every_digit(panel, pin, items, network, picture, cell):
    pin(*cell)
    terms = network.explain(picture.pixels, *cell).parts[0].terms
    for item, term in zip(items("patch"), terms, strict=True):
        words = described_numbers(item.description.partition("] = ")[2])
        assert np.float32(words[0]) == np.float32(term.value)
        assert np.float32(words[1]) == np.float32(term.weight)
        assert np.float32(words[2]) == np.float32(term.product)


def test_padding_is_marked_with_what_the_border_mode_put_there(pin, items):
    pin("conv", 0, 0, 0)
    padded = [item for item in items("patch") if item.padding]
    assert len(padded) == 5
    assert all(item.go is None and "padding: a constant" in item.description for item in padded)
    pin("grouped", 0, 0, 3)
    padded = [item for item in items("patch") if item.padding]
    assert [item.go for item in padded] == [Spot("conv", 0, 1, col) for col in (5, 6, 7)]
    assert all("shows row 1" in item.description for item in padded)


def test_only_the_channels_of_the_group_are_read(panel, pin, items):
    pin("grouped", 3, 4, 4)
    assert {item.term.where.channel for item in items("patch")} == {2}
    assert [group.channel for group in panel.answer.account.groups] == [2, 3]


def test_the_winner_of_a_pooling_is_marked(pin, items, network, picture):
    pin("pool", 1, 4, 5)
    terms = network.explain(picture.pixels, "pool", 1, 4, 5).terms
    assert [item.wins for item in items("patch")] == [term.wins for term in terms]
    assert [item.go for item in items("patch")] == [Spot(*term.where[:4]) for term in terms]


def test_the_mean_is_divided_by_the_divisor_used(panel, pin, items, network, picture):
    pin("mean", 1, 3, 3)
    expected = network.explain(picture.pixels, "mean", 1, 3, 3)
    texts = [item.text for item in panel.canvas.sheet.items]
    assert any("/9" in text for text in texts)
    total = next(number(text.removeprefix("Σ = ")) for text in texts if text.startswith("Σ = "))
    assert float(total) == pytest.approx(expected.total, abs=1e-3)
    values = [float(number(item.text)) for item in items("patch")]
    assert values == pytest.approx([term.value for term in expected.terms], abs=1e-4)


def test_adaptive_windows_are_uneven(panel, pin, items, network):
    sizes = set()
    for row in range(5):
        pin("adaptive", 0, row, 1)
        (group,) = panel.answer.account.groups
        region = network.input_region("adaptive", row, 1, of="relu", size=(48, 64))
        assert group.shape == (region.bottom - region.top, region.right - region.left)
        assert len(items("patch")) == group.shape[0] * group.shape[1]
        sizes.add(group.shape)
    assert len(sizes) > 1


def test_an_activation_is_its_formula(panel, pin, items, network, picture):
    pin("relu", 2, 5, 6)
    expected = network.explain(picture.pixels, "relu", 2, 5, 6)
    texts = [item.text for item in panel.canvas.sheet.items]
    assert any("max(0, x)" in text for text in texts)
    assert f"= {panel.answer.account.value}" in texts
    (cell,) = items("patch")
    assert cell.go == Spot("conv", 2, 5, 6)
    assert float(number(cell.text)) == pytest.approx(expected.terms[0].value)


def test_norms_show_mean_and_variance(panel, pin, items):
    pin("norm", 1, 5, 6)
    texts = " ".join(item.text for item in panel.canvas.sheet.items)
    assert "(x − μ)/√(σ² + ε)" in texts
    assert items("patch")[0].go == Spot("conv", 1, 5, 6)


def rows_of(items):
    """The term's numbers by row: name, value, ..., what it adds."""
    rows = {}
    for item in items("term"):
        rows.setdefault(item.key[1], []).append(item)
    return rows


def test_merges_list_their_inputs(pin, items, network, picture):
    pin("sum", 1, 7, 8)
    expected = network.explain(picture.pixels, "sum", 1, 7, 8)
    rows = list(rows_of(items).values())
    assert [row[0].go for row in rows] == [Spot("conv", 1, 7, 8), Spot("relu", 1, 7, 8)]
    shown = sum(number(row[-1].text.removeprefix("= ")) for row in rows)
    assert float(shown) == pytest.approx(expected.value, abs=1e-3)


def test_linear_lists_products_and_softmax_exponentials(panel, pin, items, network, picture):
    pin("linear", 7)
    expected = network.explain(picture.pixels, "linear", 7, 0, 0)
    rows = list(rows_of(items).values())
    assert [row[0].go.channel for row in rows] == [0, 1, 2, 3]
    shown = sum(number(row[-1].text.removeprefix("= ")) for row in rows)
    assert float(shown) + expected.bias == pytest.approx(expected.value, abs=1e-3)
    pin("soft", 2)
    rows = list(rows_of(items).values())
    shares = [float(number(row[-1].text.removeprefix("→ "))) for row in rows]
    assert len(rows) == 12
    assert shares == sorted(shares, reverse=True)
    texts = [item.text for item in panel.canvas.sheet.items]
    rest = number(items("rest")[-1].text.removeprefix("→ "))
    total = next(number(text.removeprefix("Σ = ")) for text in texts if text.startswith("Σ = "))
    assert sum(number(row[-1].text.removeprefix("→ ")) for row in rows) + rest == total
    assert "8 others" in texts


def test_a_window_too_large_is_listed_by_its_largest_cells(panel, pin, items):
    pin("gap", 1)
    rows = rows_of(items)
    assert len(rows) == 12
    assert any("3072 terms" in item.text or "3,072" in item.text for item in panel.canvas.sheet.items)


def test_a_pixel_is_itself(panel, pin):
    pin("image", 1, 5, 6)
    assert [item.text for item in panel.canvas.sheet.items] == [panel.answer.account.value]


@pytest.mark.parametrize("size", [(1100, 260), (800, 220), (420, 180)])
def test_what_is_shown_adds_up_at_any_size(panel, pin, items, size, qtbot):
    panel.resize(*size)
    pin("conv", 1, 9, 9)
    qtbot.wait(10)
    panel._build()
    parts = items("part")
    texts = [item.text for item in panel.canvas.sheet.items]
    bias = next(number(t.split()[-1]) for t in texts if t.startswith("+ bias"))
    total = next(number(t.removeprefix("= ")) for t in texts if t.startswith("= "))
    assert sum(number(item.text.split(": ")[1]) for item in parts) + bias == total
