"""Borders that a padding mode cannot fill are refused before anything is computed."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.functional.geometry import PADDING_MODES


def layers(mode, pads):
    """One layer of each kind that fills borders."""
    kernel = np.ones((3, 3))
    yield fl.Conv2d(kernel[None, None], padding=pads, padding_mode=mode)
    yield fl.Filter2d(kernel, padding=pads, padding_mode=mode)
    yield fl.Pad(padding=pads, mode=mode)


@pytest.mark.parametrize("mode", PADDING_MODES)
@pytest.mark.parametrize("pads", [((2, 2), (2, 2)), ((3, 0), (0, 0)), ((0, 0), (0, 4)), ((0, 5), (0, 0))])
def test_a_shape_is_promised_exactly_where_the_layer_runs(mode, pads, rng):
    picture = rng.random((1, 3, 4))
    for layer in layers(mode, pads):
        pipe = fl.Pipeline([("a", layer)])
        try:
            shape = pipe.output_shapes((1, 3, 4))["a"]
        except fl.FilterLabError as refused:
            with pytest.raises(fl.FilterLabError, match=f"on an input of [34] cells .*{refused.hint[:9]}"):
                pipe.run(picture)
        else:
            assert pipe.run(picture)["a"].shape == shape


@pytest.mark.parametrize(("mode", "most"), [("reflect", 2), ("circular", 3), ("symmetric", 3)])
def test_it_is_said_how_much_the_mode_can_fill(mode, most):
    for layer in layers(mode, ((most, most), (0, 0))):
        fl.Pipeline([("a", layer)]).output_shapes((1, 3, 4))
    for layer in layers(mode, ((most + 1, 0), (0, 0))):
        with pytest.raises(
            fl.FilterLabError, match=rf"node 'a', \w+: padding {most + 1} .*at most {most} here"
        ):
            fl.Pipeline([("a", layer)]).output_shapes((1, 3, 4))
