"""One scene for all painters: every level is laid out and painted where there is no window."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.account import account, path
from filterlab.explain.drawing.answer import Answer, Looks, Made
from filterlab.explain.drawing.grids import decimals_of, texts_of
from filterlab.explain.drawing.overview import overview_sheet
from filterlab.explain.drawing.scene import white
from filterlab.explain.drawing.shapes import highlights, shapes
from filterlab.explain.drawing.unit import unit_sheet
from filterlab.explain.drawing.window import window_sheet
from filterlab.explain.explainer import Explainer
from filterlab.graph.nodes import Spot
from filterlab.images.vector import Box, Drawing, Raster, Stroke, Words, painted
from filterlab.images.views import MapView

LEVELS = {"overview": overview_sheet, "unit": unit_sheet, "window": window_sheet}
VALUES = [
    ("conv", 1, 0, 9),
    ("filter", 2, 5, 6),
    ("pool", 1, 3, 3),
    ("cat", 5, 4, 4),
    ("linear", 2, 0, 0),
    ("soft", 3, 0, 0),
]


@pytest.fixture(scope="module")
def explainer():
    rng = np.random.default_rng(3)
    nodes = [
        fl.Node(
            "conv", fl.Conv2d(rng.normal(size=(4, 3, 3, 3)), bias=rng.normal(size=4), padding=1), ("image",)
        ),
        fl.Node("filter", fl.Filter2d(fl.kernels.sobel(3)), ("image",)),
        fl.Node("pool", fl.MaxPool2d(2), ("conv",)),
        fl.Node("cat", fl.Concat(), ("conv", "filter")),
        fl.Node("gap", fl.GlobalAvgPool2d(), ("conv",)),
        fl.Node("flat", fl.Flatten(), ("gap",)),
        fl.Node("linear", fl.Linear(rng.normal(size=(6, 4))), ("flat",)),
        fl.Node("soft", fl.Softmax(), ("linear",)),
    ]
    return Explainer(fl.Pipeline(nodes), rng.random((3, 12, 16)))


@pytest.fixture
def sheet_of(explainer):
    """A level of a value, laid out on white paper: (sheet, paper)."""
    views = {name: MapView(explainer.map(name)) for name in ("image", *(n.name for n in explainer.pipeline))}

    def lay_out(level, value):
        found, paper = account(explainer, *value), white(900, 300, 12)
        made = [Made(part, MapView(part.array[None])) for part in explainer.partial_maps(*value[:2])]
        answer = Answer(Spot(*value), found, path(explainer, found.where), made)
        return LEVELS[level](answer, Looks(views, "RdBu", explainer.pipeline), paper, 0), paper

    return lay_out


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_a_drawing(sheet_of, level, value):
    page, paper = sheet_of(level, value)
    drawing = Drawing(shapes(page, paper), page.size)
    tags = [element.tag.rpartition("}")[2] for element in ET.fromstring(drawing.svg())]
    kinds = {"rect": Box, "line": Stroke, "image": Raster, "text": Words}
    # One rectangle more: the ground.
    assert tags[1:] == [next(t for t, k in kinds.items() if isinstance(s, k)) for s in drawing.shapes]
    texts = {shape.text for shape in drawing.shapes if isinstance(shape, Words)}
    assert {item.text for item in page.items if item.kind == "text" and item.text} <= texts
    assert len(np.unique(np.asarray(drawing.image(1))[..., 0])) > 20


def test_what_is_pointed_at_is_framed_wherever_it_stands(sheet_of):
    page, paper = sheet_of("window", ("conv", 1, 5, 5))
    lit = next(item for item in page.items if item.key[:1] == ("kernel",))
    frames = [shape.area for shape in highlights(page, lit, paper) if shape.line == paper.colors.hover]
    same = [item.rect.shrunk(1) for item in page.items if item.tap == lit.tap]
    assert frames == same
    assert len(frames) == 3


def test_windows_beyond_a_map_are_marked_at_its_border(sheet_of):
    page, paper = sheet_of("unit", ("conv", 1, 0, 9))
    marks = [s.area for s in shapes(page, paper) if isinstance(s, Box) and s.line == paper.colors.pin]
    maps = [s.area for s in shapes(page, paper) if isinstance(s, Raster)]
    assert len(marks) == len(maps)
    for mark, area in zip(marks, maps, strict=True):
        assert min(mark.width, mark.height) >= 5
        assert area.left - 3 <= mark.left <= mark.right <= area.right + 3
        assert area.top - 3 <= mark.top <= mark.bottom <= area.bottom + 3


def test_a_picture_has_the_colours_of_its_map(sheet_of, explainer):
    page, paper = sheet_of("overview", ("filter", 0, 5, 6))
    pixels = np.asarray(painted(shapes(page, paper), tuple(round(n) for n in page.size)))
    area = next(item.rect for item in page.items if item.key == ("input", "image", 0))
    shown = pixels[int(area.middle[1]) + 4, int(area.middle[0]) + 4]
    row = int((4.5 + area.height / 2) / area.height * 12)
    col = int((4.5 + area.width / 2) / area.width * 16)
    assert shown == pytest.approx(round(255 * explainer.map("image")[0, row, col]), abs=1)


@pytest.mark.parametrize("value", [("linear", 0, 0, 0), ("conv", 0, 1, 1)])
def test_small_weights_of_large_values_keep_their_digits(value):
    nodes = [
        fl.Node("conv", fl.Conv2d(np.full((1, 1, 3, 3), 0.034123), padding=1), ("image",)),
        fl.Node("flat", fl.Flatten(), ("conv",)),
        fl.Node("linear", fl.Linear(np.full((1, 4), 0.034123)), ("flat",)),
    ]
    large = Explainer(fl.Pipeline(nodes), np.full((1, 2, 2), 69_267.0, np.float32))
    found = account(large, *value)
    (group,) = found.groups
    figures = found.figures(6)
    texts = texts_of(found, group, figures.terms, decimals_of(figures, 6))
    for value_text, weight_text, product in zip(texts.values, texts.weights, texts.products, strict=True):
        assert float(value_text) * float(weight_text) == pytest.approx(float(product), rel=0.02)


def test_a_long_formula_is_written_side_by_side(rng):
    found = Explainer(fl.Pipeline([("even", fl.CLAHE())]), rng.random((1, 40, 40), np.float32))
    told, paper = account(found, "even", 0, 17, 22), white(900, 300, 12)
    views = {name: MapView(found.map(name)) for name in ("image", "even")}
    answer = Answer(Spot("even", 0, 17, 22), told, path(found, told.where), [])
    page = window_sheet(answer, Looks(views, "RdBu", found.pipeline), paper, 0)
    _, symbols, numbers, _ = told.explanation.formula.split(" = ")
    words = " ".join(item.text for item in page.items if item.kind == "text")
    assert symbols in words
    assert numbers in words
