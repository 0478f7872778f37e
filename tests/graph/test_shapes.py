from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.graph.shapes import shape_lines

PIPE = fl.Pipeline(
    [
        fl.Node("conv", fl.Conv2d(np.ones((4, 3, 3, 3)), padding=1, stride=2)),
        fl.Node("off", fl.MaxPool2d(2), enabled=False),
        fl.Node("relu", fl.ReLU()),
        fl.Node("cat", fl.Concat(), inputs=("conv", "relu")),
    ]
)
SHAPES = {"image": (3, 8, 8), **PIPE.output_shapes((3, 8, 8))}


def test_the_numbers_of_the_inputs_stand_in_it():
    rows, cols = shape_lines(PIPE, "conv", SHAPES)
    assert (rows.formula, rows.result) == ("⌊(8 + 2·1 − 3) / 2⌋ + 1", 4)
    assert cols.axis == "width"
    assert shape_lines(PIPE, "cat", SHAPES)[0].formula == "4 + 4"


def test_a_node_that_changes_no_shape_has_no_lines():
    assert shape_lines(PIPE, "relu", SHAPES) == ()
    assert shape_lines(PIPE, "off", SHAPES) == ()


def test_inputs_that_do_not_fit_are_refused():
    with pytest.raises(fl.FilterLabError, match="given 1 channel"):
        shape_lines(PIPE, "conv", {"image": (1, 8, 8)})
