"""Any region of a map by itself is that of the whole map, bit for bit; what needs a whole map is named."""

from __future__ import annotations

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled, FilterLabError
from filterlab.graph.shapes import all_shapes
from filterlab.run.tiling.ends import ArraySource
from filterlab.run.tiling.regions import RegionRun, needing_whole

PICTURE = np.random.default_rng(4).standard_normal((2, 300, 340)).astype(np.float32)
PIPELINE = fl.Pipeline(
    [
        fl.Node("conv", fl.Conv2d(np.random.default_rng(5).standard_normal((3, 2, 5, 5)), padding="same")),
        fl.Node("pool", fl.MaxPool2d(2)),
        fl.Node("up", fl.ConvTranspose2d(np.random.default_rng(6).standard_normal((3, 2, 2, 2)), stride=2)),
        fl.Node("both", fl.Concat(), ("up", "image")),
        fl.Node("blur", fl.Filter2d(fl.kernels.gaussian(9), padding_mode="reflect"), ("both",)),
    ]
)


class Counting(ArraySource):
    """Counts the pixels that are read."""

    read_pixels = 0

    def read(self, rows, cols):
        self.read_pixels += (rows[1] - rows[0]) * (cols[1] - cols[0])
        return super().read(rows, cols)


def test_tiles_around_a_region_are_those_of_the_whole():
    names = ["image", *(node.name for node in PIPELINE.nodes)]
    source = Counting(PICTURE)
    run, whole = RegionRun(PIPELINE, source, names, 1 << 24), {"image": PICTURE, **PIPELINE.run(PICTURE)}
    for name, values in whole.items():
        height, width = values.shape[1:]
        for rows, cols in [((0, 1), (0, 1)), ((height - 3, height), (width // 2, width))]:
            covered = np.zeros((height, width), bool)
            for place in run.places(name, rows, cols):
                made = run.make(place)[name]
                np.testing.assert_array_equal(made.values, values[:, slice(*made.rows), slice(*made.cols)])
                covered[slice(*made.rows), slice(*made.cols)] = True
            assert covered[slice(*rows), slice(*cols)].all()
            found = run.region(name, rows, cols)
            np.testing.assert_array_equal(found, values[:, slice(*rows), slice(*cols)])


def test_only_the_part_that_a_tile_needs_is_read():
    source = Counting(PICTURE)
    run = RegionRun(PIPELINE, source, ["blur"], 1 << 24)
    (place,) = run.places("blur", (10, 20), (30, 40))
    run.make(place)
    assert source.read_pixels < 290 * 290 < PICTURE[0].size


def test_maps_that_are_known_are_not_made_again():
    whole = PIPELINE.run(PICTURE)
    layers = {"conv": fl.Conv2d(np.zeros((3, 2, 5, 5)), padding="same"), "pool": fl.AvgPool2d(2)}
    other = PIPELINE.with_layers(layers)  # which make other maps than those that are known
    known = {name: whole[name] for name in ("pool", "conv", "blur")}
    run = RegionRun(other, ArraySource(PICTURE), ["both"], 1 << 24, known=known)
    for rows, cols in (((0, 3), (0, 4)), ((250, 300), (201, 340))):
        found = run.region("both", rows, cols)
        np.testing.assert_array_equal(found, whole["both"][:, slice(*rows), slice(*cols)])


def test_the_tile_in_the_middle_of_a_region_comes_first():
    picture = ArraySource(np.zeros((1, 1500, 1500), np.float32))
    run = RegionRun(fl.Pipeline([("relu", fl.ReLU())]), picture, ["relu"], 1 << 24)
    places = run.places("relu", (0, 1280), (0, 1280))
    assert (places[0], len(places)) == ((2, 2), 25)


def test_tiles_are_smaller_where_memory_is_short_and_refused_where_it_is_not_enough():
    picture = ArraySource(np.zeros((1, 1024, 1024), np.float32))
    pipeline = fl.Pipeline([("conv", fl.Conv2d(np.zeros((64, 1, 3, 3)), padding=1))])
    counts = [
        len(RegionRun(pipeline, picture, ["conv"], memory).places("conv", (0, 1024), (0, 1024)))
        for memory in (1 << 27, 1 << 24)
    ]
    assert counts == [16, 64]
    with pytest.raises(FilterLabError, match="a part of it needs .*, and 65.5 kB are left for maps"):
        RegionRun(pipeline, picture, ["conv"], 1 << 16)


def test_a_tile_that_nobody_wants_any_more_is_cancelled():
    run = RegionRun(PIPELINE, ArraySource(PICTURE), ["blur"], 1 << 24)
    with pytest.raises(Cancelled):
        run.make((0, 0), lambda: True)


def test_what_needs_a_whole_map_is_named_with_the_node_that_does():
    pipeline = fl.Pipeline(
        [
            fl.Node("relu", fl.ReLU()),
            fl.Node("norm", fl.InstanceNorm2d()),
            fl.Node("pool", fl.MaxPool2d(2)),
            fl.Node("mean", fl.GlobalAvgPool2d(), ("relu",)),
            fl.Node("flat", fl.Flatten()),
            fl.Node("odd", fl.Filter2d(fl.kernels.box(3), padding_mode="circular"), ("relu",)),
        ]
    )
    shapes = all_shapes(pipeline, (1, 400, 400))
    assert needing_whole(pipeline, shapes) == {
        "norm": "norm",
        "pool": "norm",
        "mean": "mean",
        "flat": "mean",
    }
