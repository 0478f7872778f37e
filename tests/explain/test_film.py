"""The frames of a sliding window: which inputs they show, where the window lies, how the map fills."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.drawing.film import LINE, MARGIN, MOST_PANELS, Frames, inputs_of, sum_text
from filterlab.explain.drawing.scene import INKS
from filterlab.explain.explainer import Explainer
from filterlab.explain.sliding import slide
from filterlab.images.palette import rgb


@pytest.fixture
def explainer(rng):
    """Branches that read the picture, one map, or several maps."""
    nodes = [
        fl.Node("a", fl.Filter2d(np.ones((3, 3))), ("image",)),
        fl.Node("pool", fl.MaxPool2d(2), ("a",)),
        fl.Node("wide", fl.Conv2d(rng.normal(size=(8, 3, 3, 3)), padding=1), ("image",)),
        fl.Node("groups", fl.Conv2d(rng.normal(size=(4, 4, 1, 1)), groups=2), ("wide",)),
        fl.Node("cat", fl.Concat(), ("a", "wide")),
        fl.Node("add", fl.Add(), ("a", "image")),
        fl.Node("up", fl.ConvTranspose2d(np.ones((3, 1, 1, 1)), stride=2), ("image",)),
        fl.Node("many", fl.Conv2d(rng.normal(size=(50, 3, 1, 1))), ("image",)),
        fl.Node("all", fl.Conv2d(rng.normal(size=(1, 50, 1, 1))), ("many",)),
    ]
    return Explainer(fl.Pipeline(nodes), rng.random((3, 12, 16), np.float32))


def framed(frame):
    """Where the colour of the window is."""
    return (frame == rgb(INKS.pin)).all(axis=2)


def windows(explainer, node, channel, row, col, channels=None):
    """How many windows there are left of the map that fills."""
    from scipy.ndimage import label

    frames = Frames(explainer, slide(explainer, node, channel), channels)
    y = explainer.map(node)
    mask = framed(frames.frame(row, col, np.ones(y.shape[1:], bool)))
    return label(mask[:, : int(frames.middle) - 6], np.ones((3, 3)))[1]


def test_the_map_fills_as_the_window_goes(explainer):
    frames = list(Frames(explainer, slide(explainer, "pool", 0, rows=(0, 2), step=2)))
    assert len(frames) == 4
    assert {frame.shape for frame in frames} == {(*Frames(explainer, slide(explainer, "pool", 0)).size, 3)}
    blank = [np.count_nonzero((frame == 236).all(axis=2)) for frame in frames]
    assert sorted(blank, reverse=True) == blank
    assert len(set(blank)) == 4


def test_the_window_is_framed_where_it_lies(explainer):
    """On the input 16 cells wide a cell has 20 pixels; the window of pool[2, 3] begins at cell (4, 6)."""
    maker = Frames(explainer, slide(explainer, "pool", 0))
    mask = framed(maker.frame(2, 3, np.ones((6, 8), bool)))[:, :340]
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    assert abs(rows[0] - (MARGIN + LINE + 4 * 20)) <= 2
    assert abs(rows[-1] - (MARGIN + LINE + 6 * 20)) <= 2
    assert abs(cols[0] - (MARGIN + 6 * 20)) <= 2
    assert abs(cols[-1] - (MARGIN + 8 * 20)) <= 2


@pytest.mark.parametrize(
    ("node", "channel", "keys"),
    [
        ("pool", 1, [("a", 1)]),
        ("wide", 0, [("image", 0), ("image", 1), ("image", 2)]),
        ("groups", 3, [("wide", c) for c in range(4, 8)]),
        ("cat", 1, [("a", 1)]),
        ("cat", 5, [("wide", 2)]),
        ("add", 2, [("a", 2), ("image", 2)]),
    ],
)
def test_the_inputs_are_the_channels_that_are_read(explainer, node, channel, keys):
    assert inputs_of(explainer, node, channel) == keys


def test_every_input_has_its_window(explainer):
    assert windows(explainer, "groups", 3, 5, 6) == 4
    assert windows(explainer, "groups", 3, 5, 6, [7, 5]) == 2
    assert windows(explainer, "add", 2, 5, 6) == 2
    assert windows(explainer, "wide", 0, 5, 6) == 1  # a picture in its colours
    assert windows(explainer, "wide", 0, 5, 6, [0, 1, 2]) == 3
    assert windows(explainer, "all", 0, 5, 6) == MOST_PANELS


def test_a_value_of_nothing_has_no_window_but_all_frames_have_one_size(explainer):
    """Between the copies that a transposed convolution lays, nothing is read."""
    frames = Frames(explainer, slide(explainer, "up", 0))
    assert windows(explainer, "up", 0, 0, 0) == 1
    assert windows(explainer, "up", 0, 1, 1) == 0
    filled = np.ones(explainer.map("up").shape[1:], bool)
    assert frames.frame(0, 0, filled).shape == frames.frame(1, 1, filled).shape == (*frames.size, 3)


def test_inputs_are_comparable():
    """Channels of one map share a range: half of the greatest value is half as bright."""
    nodes = [("a", fl.ReLU()), ("b", fl.Conv2d(np.ones((1, 3, 1, 1))))]
    picture = np.stack([np.full((4, 4), 0.4), np.full((4, 4), 0.8), np.zeros((4, 4))])
    frames = Frames(
        Explainer(fl.Pipeline(nodes), picture), slide(Explainer(fl.Pipeline(nodes), picture), "b", 0)
    )
    frame = frames.frame(0, 0, np.ones((4, 4), bool))
    first, second = (frame[150, MARGIN + 150 + 220 * i, 0] for i in (0, 1))
    assert (first, second) == (pytest.approx(128, abs=1), 255)


def test_inputs_that_are_not_read_are_refused(explainer):
    with pytest.raises(fl.FilterLabError, match="not made of channel 0 .*allowed: 4, 5, 6, 7"):
        Frames(explainer, slide(explainer, "groups", 3), [4, 0])


def test_the_largest_products_of_a_long_sum_are_written_down():
    weight = np.arange(-6.0, 6).reshape(1, 12, 1, 1)
    pipe = fl.Pipeline([("a", fl.Conv2d(weight)), ("b", fl.Filter2d([[2.0, -3.0]], padding=0))])
    explainer = Explainer(pipe, np.ones((12, 1, 2)))
    text = sum_text(explainer.explain("a", 0))
    assert text == "−6 − 5 − 4 − 3 + 4 + 5 + … (the largest of 12 products)"
    assert sum_text(explainer.explain("b", 0)) == "−12 + 18"
    assert sum_text(
        Explainer(fl.Pipeline([fl.MaxPool2d((1, 2))]), np.array([[[1.0, 2]]])).explain("pool1", 0)
    ) == ("max at image[0, 0, 1]")


def test_large_maps_are_shown_smaller(rng):
    explainer = Explainer(fl.Pipeline([("a", fl.ReLU())]), rng.random((1, 900, 40)))
    frames = Frames(explainer, slide(explainer, "a", 0))
    assert frames.size[0] < 480
    assert next(iter(frames)).shape == (*frames.size, 3)
