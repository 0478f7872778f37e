from __future__ import annotations

import pytest

import filterlab as fl
from filterlab.fields.maps import FieldMap, Placement


def test_a_point_of_the_picture_finds_its_cell_and_back():
    placement = Placement(top=1.0, left=-0.5, height=2.0, width=3.0)
    assert placement.cell(1.0, -0.5) == (0, 0)
    assert placement.cell(2.999, 2.499) == (0, 0)
    assert placement.cell(3.0, 2.5) == (1, 1)
    assert placement.cell(0.999, -0.501) == (-1, -1)
    for row, col in [(0, 0), (4, 7), (-2, 3)]:
        assert placement.cell(*placement.point(row, col)) == (row, col)


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_cell_under_a_picture_point_sees_that_point(padding, stride):
    pipeline = fl.Pipeline([("a", fl.MaxPool2d(3, stride=stride, padding=padding))])
    fields = FieldMap(pipeline, (20, 23))
    height, width = fields.sizes["a"]
    placement = fields.placement("a")
    for row, col in [(5, 6), (10, 11), (9, 4)]:
        r, c = placement.cell(row + 0.5, col + 0.5)
        assert 0 <= r < height
        assert 0 <= c < width
        region = pipeline.input_region("a", r, c)
        assert region.top <= row < region.bottom
        assert region.left <= col < region.right
