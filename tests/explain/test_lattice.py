from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.explainer import Explainer
from filterlab.explain.lattice import touched


@pytest.mark.parametrize(
    "layer",
    [
        fl.Conv2d(weight=np.ones((2, 3, 3, 2), np.float32), stride=(2, 3), padding=1, dilation=2),
        fl.Conv2d(weight=np.ones((3, 1, 3, 3), np.float32), groups=3),
        fl.Filter2d(fl.kernels.sobel(3), stride=2),
    ],
)
def test_a_weight_touches_the_cells_that_all_windows_lay_it_on(layer):
    pipeline = fl.Pipeline([("a", layer)])
    explainer = Explainer(pipeline, np.ones((3, 13, 16), np.float32))
    height, width = explainer.map("a").shape[1:]
    here = explainer.explain("a", 0, 1, 2).terms
    for i, term in enumerate(here):
        lattice = touched(layer, term, (1, 2), (height, width))
        cells = {
            (lattice.top + r * lattice.step[0], lattice.left + c * lattice.step[1])
            for r in range(lattice.count[0])
            for c in range(lattice.count[1])
        }
        seen = {
            explainer.explain("a", 0, r, c).terms[i].where[2:4] for r in range(height) for c in range(width)
        }
        assert cells == seen


def test_pooling_has_no_weights_to_follow():
    layer = fl.MaxPool2d(2)
    explainer = Explainer(fl.Pipeline([("p", layer)]), np.ones((1, 4, 4), np.float32))
    assert touched(layer, explainer.explain("p", 0, 0, 0).terms[0], (0, 0), (2, 2)) is None
