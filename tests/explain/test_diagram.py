"""Drawings of explanations: what stands in them, and that it adds up."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.drawing.diagram import MOST_ROWS, diagram
from filterlab.explain.drawing.scene import INKS
from filterlab.images.vector import Box, Stroke, Words


def words(drawing):
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


def cells(drawing):
    """The rectangles of all cells, which are those with the line of cells around them."""
    return [shape.area for shape in drawing.shapes if isinstance(shape, Box) and shape.line == INKS.border]


def numbers(texts):
    """The numbers at the ends of some texts."""
    return [float(text.split()[-1].replace("−", "-")) for text in texts]


def summed(drawing):
    """The texts of the last line that are added up, and the one of their sum."""
    found = words(drawing)
    end = next(i for i in reversed(range(len(found))) if found[i].startswith("= "))
    start = max(i for i in range(end) if not found[i].startswith("+ "))
    return found[start:end], found[end]


def test_patch_kernel_and_products_of_every_channel(rng):
    pipe = fl.Pipeline([("a", fl.Conv2d(np.full((1, 2, 2, 2), 0.5), bias=[0.25]))])
    picture = np.arange(8.0).reshape(2, 2, 2)
    drawing = diagram(pipe.explain(picture, "a", 0))
    assert len(cells(drawing)) == 2 * 3 * 4
    found = words(drawing)
    assert found[0] == "a[0, 0, 0] = 14.25"
    assert [text for text in found if text.startswith("Σ")] == ["Σ 3", "Σ 11"]
    assert summed(drawing) == (["in 0: 3.00", "+ in 1: 11.00", "+ bias 0.25"], "= 14.25")
    assert {"7", "3.50"} <= set(found)


def test_the_winner_is_framed():
    pipe = fl.Pipeline([("pool", fl.MaxPool2d(2))])
    drawing = diagram(pipe.explain(np.array([[[1.0, 2], [4, 3]]]), "pool", 0))
    (winner,) = [shape.area for shape in drawing.shapes if isinstance(shape, Box) and shape.line == INKS.pin]
    assert winner == cells(drawing)[2].shrunk(1)


def test_padding_is_hatched(rng):
    pipe = fl.Pipeline([("a", fl.Filter2d(np.ones((3, 3))))])
    drawing = diagram(pipe.explain(rng.random((1, 5, 5)), "a", 0, 0, 0))
    lines = [(s.start, s.stop) for s in drawing.shapes if isinstance(s, Stroke)]
    middles = {((x0 + x1) / 2, (y0 + y1) / 2) for (x0, y0), (x1, y1) in lines}
    patch = cells(drawing)[:9]
    hatched = [any(cell.holds(*middle) for middle in middles) for cell in patch]
    assert hatched == [True, True, True, True, False, False, True, False, False]


def test_many_channels_and_large_windows_are_kept_short(rng):
    pipe = fl.Pipeline([("a", fl.Conv2d(rng.normal(size=(1, 20, 13, 13))))])
    drawing = diagram(pipe.explain(rng.random((20, 13, 13)), "a", 0))
    found = words(drawing)
    assert sum(text.startswith("image, channel") for text in found) == MOST_ROWS
    assert len(cells(drawing)) == MOST_ROWS * 3 * 13 * 13
    assert drawing.size[0] < 1100
    (rest,) = numbers(text for text in found if text.startswith("12 other channels: "))
    parts, total = summed(drawing)
    assert numbers(text for text in parts if "12 others" in text) == [pytest.approx(rest, abs=1e-3)]
    assert sum(numbers(parts)) == pytest.approx(*numbers([total]), abs=1e-9)


def test_a_channel_of_nan_is_drawn():
    picture = np.arange(20, 0, -1.0).reshape(20, 1, 1).repeat(2, axis=2)
    picture[15] = np.nan
    found = words(diagram(fl.Pipeline([("a", fl.Conv2d(np.ones((1, 20, 1, 2))))]).explain(picture, "a", 0)))
    channels = [text for text in found if text.startswith("image, channel")]
    assert channels == [f"image, channel {i}" for i in (0, 1, 2, 3, 4, 5, 6, 15)]


def test_terms_without_a_window_are_a_list(rng):
    pipe = fl.Pipeline([fl.Flatten(), ("fc", fl.Linear(rng.normal(size=(2, 40))))])
    found = words(diagram(pipe.explain(rng.random((1, 5, 8)), "fc", 1)))
    assert sum(text.startswith("flatten1 [") for text in found) == 3 * MOST_ROWS
    assert "16 others" in found


def test_windows_too_large_to_be_drawn_are_lists_of_what_matters_most():
    picture = np.zeros((1, 60, 70))
    picture[0, 40, 50] = -3
    drawing = diagram(fl.Pipeline([("gap", fl.GlobalAvgPool2d())]).explain(picture, "gap", 0))
    found = words(drawing)
    assert not cells(drawing)
    assert "image [0, 40, 50]" in found
    assert f"{60 * 70 - 3 * MOST_ROWS:,} others" in found


def test_what_weighs_nothing_does_not_matter():
    weight = np.ones((1, 40))
    weight[0, :10] = 0
    picture = np.where(np.arange(40) < 10, 100.0, 1.0).reshape(40, 1, 1)
    pipe = fl.Pipeline([fl.Flatten(), ("fc", fl.Linear(weight))])
    found = words(diagram(pipe.explain(picture, "fc", 0)))
    listed = [text for text in found if text.startswith("flatten1 [")]
    assert listed[:3] == ["flatten1 [10, 0, 0]", "flatten1 [11, 0, 0]", "flatten1 [12, 0, 0]"]


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_it_is_written_as_its_suffix_says(tmp_path, rng, suffix):
    from PIL import Image

    pipe = fl.Pipeline([("a", fl.Softmax())])
    drawing = diagram(pipe.explain(rng.random((3, 2, 2)), "a", 1, 1, 1))
    target = tmp_path / f"one{suffix}"
    drawing.write(target)
    width, height = drawing.size
    if suffix == ".svg":
        root = ET.parse(target).getroot()
        assert float(root.get("width")) == pytest.approx(width, rel=1e-4)
        texts = [element.text for element in root.iter() if element.text and element.tag.endswith("text")]
        assert texts == words(drawing)
    else:
        with Image.open(target) as image:
            assert image.size == (round(2 * width), round(2 * height))
