"""Sizes that no memory holds are refused before anything of their length is made."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FilterLabError
from filterlab.fields.cells import Reader, sources
from filterlab.layers.base.window import strided_window

HUGE = 10**9
WIDE = ((0, 0), (HUGE, HUGE))
KERNEL = np.ones((1, 1, 3, 3))
SMALL = 1 << 24  # bytes: room for what is imported meanwhile, none for a list of cells

LAYERS = [
    *(
        fl.Pad(HUGE, mode=mode)
        for mode in ("zeros", "constant", "replicate", "circular", "reflect", "symmetric")
    ),
    *(fl.Conv2d(KERNEL, padding=HUGE, padding_mode=mode) for mode in ("zeros", "constant", "replicate")),
    fl.Filter2d([[1, 2, 1]], padding=HUGE),
    fl.ConvTranspose2d(KERNEL, stride=HUGE),
    fl.ConvTranspose2d(KERNEL, stride=HUGE, dilation=2),
    *(fl.Upsample(scale, mode="bicubic") for scale in (HUGE, 43690.5)),
    *(fl.Resize(size, mode="bicubic") for size in (HUGE, 1 << 23)),
    *(
        layer(size)
        for layer in (fl.AdaptiveAvgPool2d, fl.AdaptiveMaxPool2d)
        for size in (HUGE, (1 << 23) + 1)
    ),
    fl.MaxPool2d(1, padding=HUGE),
    fl.MedianPool2d(1, padding=HUGE),
]


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_an_impossible_output_is_refused_before_its_windows_are_listed(layer):
    assert _peak(lambda: _refused(layer, (1, 303, 384))) < SMALL


@pytest.mark.parametrize("mode", ["area", "bilinear"])
def test_resizing_does_not_list_the_cells_of_an_endless_picture(mode):
    layer = fl.Resize(1, mode=mode, antialias=mode != "area")
    assert _peak(lambda: _refused(layer, (1, HUGE, 1))) < SMALL


@pytest.mark.parametrize("layer", [fl.InstanceNorm2d(), fl.GroupNorm(1), fl.GlobalAvgPool2d()], ids=repr)
def test_a_layer_that_sees_whole_maps_does_not_list_their_cells(layer):
    assert _peak(lambda: layer.possible_shape((1, HUGE, 1))) < SMALL


def _refused(layer, shape):
    with pytest.raises(FilterLabError):
        layer.possible_shape(shape)


def _peak(work):
    """The most memory, in bytes, that was held at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("mode", ["zeros", "constant", "replicate"])
def test_windows_that_reach_too_far_beyond_the_picture_are_refused_at_once(mode):
    wide = {
        "padding": HUGE,
        "stride": HUGE,
        "padding_mode": mode,
        "value": 2.0 if mode == "constant" else 0.0,
    }
    for layer in (fl.Conv2d(KERNEL, dilation=HUGE // 4, **wide), fl.Filter2d(KERNEL[0, 0], **wide)):
        assert layer.windows((303, 384))[0][0].count < 10
        assert _peak(lambda layer=layer: _refused(layer, (1, 303, 384))) < SMALL


def test_taps_far_beyond_the_border_are_explained_without_listing_the_padding(rng):
    pipe = fl.Pipeline([fl.Node("a", fl.Filter2d([[1, 2, 1]], dilation=10**8, padding="same"))])
    shapes = {"image": (1, 3, 4), **pipe.output_shapes((1, 3, 4))}
    x = rng.random((1, 1, 3, 4))
    terms = []

    def work():
        terms.extend(pipe["a"].explain((x,), x * 2, 0, 1, 2).terms)
        block = sources(pipe, shapes, "a", (0, 1, 2))["image"]
        np.testing.assert_array_equal(block.cols, [False, False, True, False])

    assert _peak(work) < SMALL
    assert [term.where.col for term in terms] == [2 - 10**8, 2, 2 + 10**8]
    assert [term.where.padding for term in terms] == [True, False, True]


@pytest.mark.parametrize("mode", ["zeros", "replicate", "reflect", "circular", "symmetric"])
@pytest.mark.parametrize(
    ("kernel", "stride", "dilation"), [(3, 1, 1), (3, 2, 1), (2, 5, 1), (3, 1, 2), (1, 7, 1)]
)
def test_the_outputs_that_a_cell_reaches_are_those_that_read_it(mode, kernel, stride, dilation):
    n, before, after = 6, 3, 2
    window = strided_window(n, kernel, stride, dilation, before, after)
    reader = Reader(window, n, before, after, mode)
    reading = np.array([reader.read(np.arange(window.count) == i) for i in range(window.count)])
    reached = np.array([reader.reached(np.arange(n) == cell) for cell in range(n)])
    np.testing.assert_array_equal(reached, reading.T)
