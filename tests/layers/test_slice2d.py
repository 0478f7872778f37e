from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from tests.layers.cases import Case

CASES = [
    Case(fl.Slice2d(step=2)),
    Case(fl.Slice2d(start=(1, 0), step=(2, 3))),
    Case(fl.Slice2d(start=(-3, 1), stop=(None, -1))),
    Case(fl.Slice2d(stop=(4, None))),
]
WRONG = [("step", 0), ("start", "first"), ("stop", [1.5, 2])]


@pytest.mark.parametrize(
    ("start", "stop", "step"),
    [((0, 0), (None, None), (1, 1)), ((1, 0), (None, None), (2, 2)), ((-3, -4), (-1, None), (1, 3))],
)
def test_as_a_slice_in_python(rng, start, stop, step):
    x = rng.random((1, 2, 7, 8))
    want = x[:, :, start[0] : stop[0] : step[0], start[1] : stop[1] : step[1]]
    np.testing.assert_array_equal(fl.Slice2d(start, stop, step).forward(x), want)


def test_a_focus_layer_sees_each_cell_once():
    """The four slices with step 2 of a YOLO focus layer, which are the pixel unshuffle in another order."""
    pipe = fl.Pipeline(
        [
            *(
                fl.Node(f"s{i}{j}", fl.Slice2d((i, j), (None, None), 2), ("image",))
                for j in (0, 1)
                for i in (0, 1)
            ),
            fl.Node("cat", fl.Concat(), ("s00", "s10", "s01", "s11")),
        ]
    )
    x = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    cat = pipe.run(x)["cat"]
    np.testing.assert_array_equal(cat, fl.PixelUnshuffle(2).forward(x[None])[0][[0, 2, 1, 3]])
    field = pipe.receptive_field("cat")
    assert tuple(field.stride) == (2, 2)


def test_a_slice_of_nothing_is_refused():
    with pytest.raises(fl.FilterLabError, match="takes nothing of 4"):
        fl.Slice2d(start=(4, 0)).output_shape((1, 4, 4))
