"""Drawings as SVG and as pixels."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import filterlab as fl
from filterlab.images import vector
from filterlab.images.vector import Area, Box, Drawing, Raster, Stroke, Words


def test_words_are_escaped_and_shapes_keep_their_places():
    shapes = (
        Box(Area(10, 20, 30, 40), "#ff0000", "#0000ff", 2),
        Words(5, 6, "a < b & c", 12, "#000000", True, True),
    )
    drawing = Drawing(shapes, (50, 70))
    _, box, words = ET.fromstring(drawing.svg())
    assert {**box.attrib} == {
        "x": "10", "y": "20", "width": "30", "height": "40",
        "fill": "#ff0000", "stroke": "#0000ff", "stroke-width": "2",
    }  # fmt: skip
    assert (words.text, words.get("text-anchor")) == ("a < b & c", "middle")


def test_pixels_have_the_same_layout():
    drawing = Drawing([Box(Area(10, 20, 30, 40), "#ff0000")], (45, 65))
    image = drawing.image(scale=2)
    assert image.size == (90, 130)
    assert image.getpixel((50, 80)) == (255, 0, 0)
    assert image.getpixel((10, 10)) == (255, 255, 255)


def test_other_suffixes_and_giants_are_refused(tmp_path):
    drawing = Drawing([], (9016, 9016))
    with pytest.raises(fl.FilterLabError, match="allowed: .svg, .png"):
        drawing.write(tmp_path / "one.pdf")
    with pytest.raises(fl.FilterLabError, match="18,032 x 18,032 pixels"):
        drawing.write(tmp_path / "one.png")
    assert not list(tmp_path.iterdir())


def test_lines_and_pictures_are_drawn_where_they_are_said_to_be():
    shapes = (
        Raster(Area(0, 0, 20, 10), lambda height, width: np.full((height, width), 0xFF0000FF, np.uint32)),
        Stroke((0, 5), (20, 5), "#ff000080", 2),
    )
    drawing = Drawing(shapes, (20, 10))
    image = drawing.image(scale=1)
    assert image.size == (20, 10)
    assert image.getpixel((3, 1)) == (0, 0, 255)
    assert image.getpixel((3, 5)) == pytest.approx((128, 0, 127), abs=1)
    _, picture, line = ET.fromstring(drawing.svg())
    assert picture.get("href").startswith("data:image/png;base64,")
    assert (line.get("stroke"), line.get("stroke-opacity")) == ("#ff0000", "0.5")


def test_signs_are_spelled_out_where_no_font_has_them(monkeypatch):
    monkeypatch.setattr(vector, "_has_signs", lambda: False)
    assert vector.spelled("Σ x² = 3 × 10⁻¹² → “cat” ◂") == 'sum  x^2 = 3 x 10^-12 -> "cat" <'
