"""What is shown adds up and is legible, however much room there is, for every kind of arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.drawing import overview, unit
from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.work import Picture
from filterlab.gui.explain.painting import rectangle
from tests.gui.explain.conftest import number, weights

SIZES = [(1300, 500), (1100, 260), (760, 200), (420, 170)]
NODES = [
    "conv",
    "grouped",
    "relu",
    "pool",
    "mean",
    "adaptive",
    "norm",
    "sum",
    "gap",
    "flat",
    "linear",
    "soft",
    "wide",
    "power",
]


@pytest.fixture(scope="module")
def network(network):
    """Also a kernel of 5 x 5, and powers."""
    wide = fl.Conv2d(weight=weights(2, 4, 5, 5), bias=weights(2), padding=2)
    return fl.Pipeline(
        [*network, fl.Node("wide", wide, ("relu",)), fl.Node("power", fl.LPPool2d(2, 3), ("conv",))]
    )


def amount(text):
    """The number at the end of a text, as "= 0.25", "in 1: −0.5", "+ bias 2"."""
    return number(text.split(" × 10")[0].split(" ")[-1])


def shown_sum(items):
    """What the numbers on the sheet add up to: of the window, or of the list."""
    for role in ("product", "patch"):
        if items(role) and items(role)[0].text:
            return sum(number(item.text) for item in items(role))
    last = {item.key[1]: item for item in items("term")}  # of each row the last number
    return sum(amount(item.text) for item in [*last.values(), *items("rest")[-1:]])


def total_of(panel):
    texts = [item.text for item in panel.canvas.sheet.items]
    if panel.answer.account.sum_of != "w·x":
        return number(next(t for t in texts if t.startswith("Σ = ")).removeprefix("Σ = "))
    return amount(next(i.text for i in panel.canvas.sheet.items if i.large and i.text.startswith("= ")))


@pytest.mark.parametrize("size", SIZES)
def test_all_digits_add_up(panel, pin, items, size):
    panel.resize(*size)
    checked = 0
    for node in NODES:
        pin(node, 1, *((0, 0) if node in ("gap", "flat", "linear", "soft") else (3, 2)))
        if panel.answer.account.total is None:
            continue
        parts, total = items("part"), total_of(panel)
        if parts:
            texts = [item.text for item in panel.canvas.sheet.items]
            bias = sum(amount(text) for text in texts if text.startswith("+ bias"))
            assert sum(amount(item.text) for item in parts) + bias == total
            total = amount(next((item.text for item in parts if item.bold), parts[0].text))
        colours_only = items("product") and not items("product")[0].text
        if not colours_only:
            assert shown_sum(items) == total, node
            checked += 1
    assert checked >= 6


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("level", ["overview", "unit", "window"])
def test_nothing_lies_over_words(panel, pin, level, size):
    panel.resize(*size)
    panel.show_level(level)
    for node in NODES:
        pin(node, 1)
        items = panel.canvas.sheet.items
        words = [item for item in items if item.kind == "text" and item.text.strip()]
        for word in words:
            box = rectangle(word.rect).adjusted(1, 2, -5, -3)
            others = (
                item for item in items if item is not word and (item.text.strip() or item.kind != "text")
            )
            assert not [
                other for other in others if rectangle(other.rect).adjusted(1, 2, -2, -2).intersects(box)
            ], word


@pytest.mark.parametrize("size", SIZES[:3])
def test_nothing_scrolls_sideways(panel, pin, size, qtbot):
    panel.resize(*size)
    for level in ("overview", "unit", "window"):
        panel.show_level(level)
        for node in NODES:
            pin(node, 1)
            qtbot.wait(1)
            assert panel.sheets.horizontalScrollBar().maximum() == 0, (level, node)


@pytest.mark.parametrize(("node", "width"), [("conv", 500), ("wide", 800), ("adaptive", 420)])
def test_numbers_come_before_colours_alone(panel, pin, items, node, width):
    panel.resize(width, 200)
    pin(node, 1, 2, 2)
    cells = [item for item in panel.canvas.sheet.items if item.kind == "cell"]
    assert cells
    for item in cells:
        assert item.text
        assert panel.paper().wide(item.text, bold=item.wins) <= item.rect.width


def test_the_winner_of_a_large_window_keeps_its_number(panel, pin, items, shown, settle):
    shown.document.edit("net", fl.Pipeline([("pool", fl.MaxPool2d(12))]))
    settle(shown)
    panel.resize(760, 400)
    pin("pool", 0, 1, 1)
    (winner,) = [item for item in items("patch") if item.wins]
    assert winner.text
    assert number(winner.text) == max(number(item.text) for item in items("patch"))


def test_a_row_names_its_class_and_marks_the_value_s_own_term(panel, pin, items, shown, network, settle):
    names = tuple(f"kind {i}" for i in range(20))
    shown.document.edit("names", network.with_layers({"soft": fl.Softmax(labels=names)}))
    settle(shown)
    pin("soft", 3)
    names_shown = {item.go.channel: item for item in items("term") if item.key[2] == 0}
    assert all(f"“kind {channel}”" in item.text for channel, item in names_shown.items())
    bold = {item.go.channel for item in items("term") if item.bold}
    assert bold <= {3}


# -- very many maps -----------------------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch, panel, shown, settle):
    """Ten maps of which four are shown at once; two rows of the second level."""
    monkeypatch.setattr(overview, "MOST_MAPS", 4)
    monkeypatch.setattr(unit, "MOST_ROWS", 2)
    pipeline = fl.Pipeline(
        [
            ("ten", fl.Conv2d(weight=weights(10, 3, 1, 1))),
            ("mix", fl.Conv2d(weight=weights(20, 10, 3, 3), bias=weights(20))),
            ("dots", fl.Conv2d(weight=weights(2, 20, 1, 1), bias=weights(2))),
        ]
    )
    shown.document.edit("many", pipeline)
    settle(shown)
    return pipeline


def test_the_overview_pages_through_many_maps(many, panel, pin, items, shown):
    panel.show_level("overview")
    pin("ten", 5, 3, 3)
    assert [item.key[2] for item in items("output")] == [4, 5, 6, 7]
    assert "4 to 7 of 10" in " ".join(item.text for item in panel.canvas.sheet.items)
    before, after = items("page")
    assert (before.go, after.go) == (Spot("ten", 3, 3, 3), Spot("ten", 8, 3, 3))
    panel.canvas.activated.emit(after)
    pin.wait()
    assert [item.key[2] for item in items("output")] == [8, 9]
    (back,) = items("page")
    assert back.go == Spot("ten", 7, 3, 3)


def test_the_overview_shows_the_inputs_that_matter_most(many, panel, pin, items, picture):
    panel.show_level("overview")
    pin("mix", 0, 3, 3)
    terms = many.explain(picture.pixels, "mix", 0, 3, 3).terms
    heaviest = max(terms, key=lambda term: abs(term.product)).where.channel
    assert heaviest in [item.key[2] for item in items("input")]


@pytest.mark.parametrize(("node", "rows"), [("mix", 2), ("dots", 12)])
def test_rows_that_are_left_out_are_added_up(many, panel, pin, items, node, rows):
    panel.show_level("unit")
    pin(node, 1, 3, 3)
    (rest,) = items("others")
    assert rest.text.startswith("8 others: ")
    assert len(items("part")) == rows
    total = next(item.text for item in panel.canvas.sheet.items if item.text.startswith("Σ"))
    bias = number(total.split("bias ")[1].split(" =")[0])
    shown = sum(number(item.text) for item in items("part"))
    assert shown + amount(rest.text) + bias == amount(total)


def test_the_pinned_map_is_scrolled_to(panel, pin, shown, settle, qtbot):
    shown.document.edit("many", fl.Pipeline([("many", fl.Conv2d(weight=weights(200, 3, 1, 1)))]))
    settle(shown)
    panel.resize(600, 200)
    panel.show_level("overview")
    pin("many", 190, 3, 3)
    bar = panel.sheets.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    own = next(item for item in panel.canvas.sheet.items if item.wins)
    assert bar.value() <= own.rect.top <= own.rect.bottom <= bar.value() + panel.sheets.viewport().height()


def test_maps_of_one_value_are_values(panel, pin, items):
    panel.show_level("overview")
    pin("gap", 2)
    assert [item.kind for item in items("output")] == ["cell"] * 4
    assert all(item.text for item in items("output"))
    pin("linear", 2)
    lines = [(edge.start, edge.stop) for edge in panel.canvas.sheet.edges]
    right = max(item.rect.right for item in items("input"))
    left = min(item.rect.left for item in items("output"))
    assert lines
    assert all(start[0] > right and stop[0] < left for start, stop in lines)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_shown_as_such(panel, pin, shown, picture, settle, value):
    pixels = picture.pixels.copy()
    pixels[:, 3, 3] = value
    shown.document.show_picture("Open", Picture("broken", pixels))
    settle(shown)
    for level in ("overview", "unit", "window"):
        panel.show_level(level)
        for node in ("conv", "mean", "pool", "soft"):
            pin(node, 1, *((0, 0) if node == "soft" else (1, 1)))
            assert not panel.grab().isNull()
    pin("conv", 1, 3, 3)
    assert "nan" in panel.answer.account.value


def test_a_font_of_a_size_in_pixels_is_measured_too(panel):
    paper = panel.paper()
    font = panel.font()
    font.setPixelSize(2 * panel.fontInfo().pixelSize())
    panel.setFont(font)
    assert panel.paper().wide("0.125") == pytest.approx(2 * paper.wide("0.125"), rel=0.1)
