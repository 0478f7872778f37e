"""Tiles are the whole: every map that is put together of tiles has the digits of the whole one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.run.tiling import fitting, plan
from filterlab.run.tiling.ends import ArraySink, ArraySource
from filterlab.run.tiling.fitting import fit_run
from filterlab.run.tiling.passes import execute, plan_run
from filterlab.run.tiling.running import KnownMaps
from filterlab.run.tiling.tiled import check_tiles
from tests.explain.random_pipelines import branched
from tests.layers.test_contract import CASES

SOME = settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
MANY = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))


def same_bits(tiled, whole):
    for name, values in whole.items():
        got = tiled[name]
        assert got.shape == values.shape, name
        assert got.dtype == values.dtype, name
        integers = f"i{values.dtype.itemsize}"
        differs = np.argwhere(got.view(integers) != values.view(integers))
        assert not len(differs), f"{name} differs in {len(differs)} places, first at {differs[0]}"


def picture(shape, seed=0, dtype=np.float32):
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(dtype)


def check_branched(draw):
    pipeline, shape = draw(branched())
    height, width = draw(st.integers(5, 50)), draw(st.integers(5, 50))
    # Tiles of a cell or two are hundreds of the same: small pictures have small tiles often enough.
    tile = draw(st.integers(max(height // 5, 2), 40)), draw(st.integers(max(width // 5, 2), 40))
    image = picture((shape[0], height, width), draw(st.integers(0, 99)))
    try:
        whole = pipeline.run(image)
    except fl.FilterLabError:
        assume(False)
    same_bits(pipeline.run_tiled(image, tile=tile), whole)


@SOME
@given(st.data())
def test_random_branched_pipelines_are_the_whole_at_any_tile(data):
    check_branched(data.draw)


@pytest.mark.soak
@MANY
@given(st.data())
def test_many_random_branched_pipelines_are_the_whole(data):
    check_branched(data.draw)


def larger(case):
    """A pipeline whose last node is the layer of a case, and a picture for it several times as large as the case's."""
    channels = [shape[0] for shape in case.shapes]
    nodes, first = [], 0
    for i, count in enumerate(channels):
        nodes.append(fl.Node(f"in{i}", fl.ChannelSlice(first, first + count), ("image",)))
        first += count
    nodes.append(fl.Node("layer", case.layer, tuple(f"in{i}" for i in range(len(channels)))))
    height, width = case.shapes[0][1:]
    return fl.Pipeline(nodes), (sum(channels), 6 * height, 5 * width)


def can_be_cut(case):
    """Whether the inputs of a case are maps of one size, and may be larger ones."""
    if any(len(shape) != 3 or shape[1:] != case.shapes[0][1:] for shape in case.shapes):
        return False
    pipeline, shape = larger(case)
    try:
        return bool(pipeline.output_shapes(shape))
    except fl.FilterLabError:
        return False


@pytest.mark.parametrize("case", [case for case in CASES if can_be_cut(case.values[0])])
def test_every_layer_is_the_whole_in_tiles(case):
    pipeline, shape = larger(case)
    image = picture(shape)
    same_bits(pipeline.run_tiled(image, ["layer"], tile=(16, 11)), pipeline.run(image, ["layer"]))


def test_kernels_that_are_computed_in_blocks_keep_their_grid():
    rng = np.random.default_rng(3)
    pipeline = fl.Pipeline(
        [
            ("wide", fl.Filter2d(kernel=rng.uniform(-1, 1, (31, 29)), padding_mode="reflect")),
            ("smooth", fl.Filter2d(kernel={"preset": "gaussian", "size": 9, "sigma": 2.0})),
            ("small", fl.Conv2d(rng.uniform(-1, 1, (2, 1, 3, 3)), padding=1)),
        ]
    )
    image = picture((1, 530, 300))
    same_bits(pipeline.run_tiled(image, tile=(200, 290)), pipeline.run(image))


CIRCULAR = [
    ("a", fl.Conv2d(np.linspace(-1, 1, 30).reshape(2, 1, 5, 3), padding=(2, 1), padding_mode="circular")),
    ("b", fl.Filter2d(kernel={"preset": "gaussian", "size": 5, "sigma": 1.0}, padding_mode="reflect")),
    ("c", fl.MaxPool2d(2)),
    ("d", fl.Pad(((3, 0), (1, 2)), mode="circular")),
    ("e", fl.Filter2d(kernel=np.ones((3, 3)), stride=2, padding_mode="circular")),
]


def test_a_circular_border_takes_cells_of_the_opposite_end_and_no_more():
    class Counted(ArraySource):
        most = 0

        def read(self, rows, cols):
            self.most = max(self.most, rows[1] - rows[0], cols[1] - cols[0])
            return super().read(rows, cols)

    image, pipeline = picture((1, 203, 171)), fl.Pipeline(CIRCULAR)
    source = Counted(image)
    same_bits(pipeline.run_tiled(source, tile=(32, 40)), pipeline.run(image))
    assert source.most < 70, "it read more than a tile with its halo at once"
    large = plan_run(pipeline, (1, 30_000, 30_000), ["e"], (512, 512))
    assert large.peak < 16 * 4 * 600 * 600, "a tile at an end takes the other one, not all between"


def test_nested_lists_are_pictures_as_in_a_run():
    pipeline, picture = fl.Pipeline([("abs", fl.Abs())]), [[[-1.0, 2.0, -3.0]]]
    np.testing.assert_array_equal(pipeline.run_tiled(picture, tile=2)["abs"], pipeline.run(picture)["abs"])


def test_doubles_stay_doubles():
    pipeline = fl.Pipeline([fl.Filter2d(kernel=np.ones((3, 3))), fl.Upsample(1.7, mode="bicubic")])
    image = picture((2, 40, 50), dtype=np.float64)
    same_bits(pipeline.run_tiled(image, tile=16), pipeline.run(image))


WHOLE_MAPS = {
    "norms": [
        fl.Node("conv", fl.Conv2d(np.linspace(-1, 1, 4 * 3 * 9).reshape(4, 3, 3, 3), padding=1), ("image",)),
        fl.Node("norm", fl.InstanceNorm2d(), ("conv",)),
        fl.Node("positive", fl.ReLU(), ("norm",)),
        fl.Node("gate", fl.GlobalAvgPool2d(), ("positive",)),
        fl.Node("gated", fl.Multiply(), ("conv", "gate")),
        fl.Node("groups", fl.GroupNorm(2), ("gated",)),
    ],
    "adaptive": [
        fl.Node("mean", fl.AdaptiveAvgPool2d((3, 2)), ("image",)),
        fl.Node("most", fl.AdaptiveMaxPool2d((2, 3)), ("image",)),
        fl.Node("flat", fl.Flatten(), ("mean",)),
        fl.Node("scores", fl.Linear(np.linspace(-1, 1, 36).reshape(2, 18)), ("flat",)),
    ],
    "reduced": [
        fl.Node(f"{operation}-{over}", fl.Reduce(operation=operation, over=over), ("image",))
        for operation in ("mean", "max", "l2", "argmax")
        for over in ("space", "height", "width", "all")
    ],
    "scores": [
        fl.Node("down", fl.Softmax(axis=1), ("image",)),
        fl.Node("across", fl.LogSoftmax(axis=-1), ("image",)),
        fl.Node("smooth", fl.Filter2d(kernel=np.ones((3, 3))), ("across",)),
        fl.Node("channels", fl.Softmax(), ("smooth",)),
    ],
}


@pytest.mark.parametrize("nodes", WHOLE_MAPS.values(), ids=list(WHOLE_MAPS))
def test_small_whole_maps_are_gathered_and_keep_their_digits(nodes):
    image = picture((3, 60, 70))
    pipeline = fl.Pipeline(nodes)
    same_bits(pipeline.run_tiled(image, tile=16), pipeline.run(image))


@pytest.mark.parametrize("nodes", WHOLE_MAPS.values(), ids=list(WHOLE_MAPS))
def test_large_whole_maps_are_streamed_within_the_stated_error(nodes, monkeypatch):
    from filterlab.run.tiling import passes

    image = picture((3, 60, 70)) + 0.5
    pipeline = fl.Pipeline(nodes)
    monkeypatch.setattr(passes.plan_run, "__defaults__", (2000,))
    tiled, whole = pipeline.run_tiled(image, tile=16), pipeline.run(image)
    run = plan_run(pipeline, image.shape, list(whole), (16, 16))
    assert run.rounded, "nothing was streamed"
    exact = [node.step.name for node in run.wholes if node.exact and node.step.inputs == ("image",)]
    same_bits(tiled, {name: whole[name] for name in exact})
    for name, values in whole.items():
        scale = max(np.ptp(values), abs(values).max())
        assert abs(tiled[name] - values).max() <= 1e-5 * scale, name


def streamed_beside_whole(layer, image, monkeypatch):
    from filterlab.run.tiling import passes

    pipeline = fl.Pipeline([("layer", layer)])
    monkeypatch.setattr(passes.plan_run, "__defaults__", (0,))
    assert all(node.streamed for node in plan_run(pipeline, image.shape, ["layer"], (7, 7)).wholes)
    return pipeline.run_tiled(image, tile=7)["layer"], pipeline.run(image)["layer"]


@pytest.mark.parametrize("over", ["space", "height", "width", "all"])
def test_the_first_of_equal_largest_values_is_found_in_parts_and_nan_before_it(over, monkeypatch):
    image = np.random.default_rng(5).integers(0, 3, (2, 20, 20)).astype(np.float32)
    image[0, 15, 3] = np.nan
    image[1, :, 8] = -np.inf
    tiled, whole = streamed_beside_whole(fl.Reduce(operation="argmax", over=over), image, monkeypatch)
    np.testing.assert_array_equal(tiled, whole)


@pytest.mark.parametrize("layer", [fl.Softmax(axis=1), fl.LogSoftmax(axis=2), fl.InstanceNorm2d()])
def test_infinities_and_nan_reach_the_same_values_in_parts(layer, monkeypatch):
    image = picture((5, 20, 20))
    image[0, 10:, 10:] = -np.inf
    image[1, :7] = -np.inf
    image[2, 12, 12] = np.inf
    image[3, 3, 16] = np.nan
    tiled, whole = streamed_beside_whole(layer, image, monkeypatch)
    np.testing.assert_allclose(tiled, whole, rtol=1e-5, atol=1e-6)


def test_a_softmax_over_channels_is_cut_like_any_local_layer():
    run = plan_run(fl.Pipeline([("odds", fl.Softmax())]), (4, 30_000, 30_000), ["odds"], (512, 512))
    assert not run.wholes
    assert run.halo == (0, 0)


def test_a_layer_that_needs_too_much_is_refused_by_name_before_anything_runs():
    pipeline = fl.Pipeline([("smooth", fl.Filter2d(kernel=np.ones((3, 3)))), ("odds", fl.Flatten())])

    class NeverRead:
        shape = (1, 9000, 9000)

        def read(self, rows, cols):
            raise AssertionError("the picture was read")

    with pytest.raises(fl.FilterLabError, match="node 'odds'.* whole input of 1x9000x9000"):
        pipeline.run_tiled(NeverRead(), tile=512)


def test_only_the_wanted_maps_are_made_and_progress_counts_the_tiles():
    pipeline = fl.Pipeline(
        [("a", fl.Filter2d(kernel=np.ones((3, 3)))), ("b", fl.MaxPool2d(2)), ("c", fl.Abs())]
    )
    image, seen = picture((1, 64, 64)), []
    maps = pipeline.run_tiled(image, ["b"], tile=16, progress=lambda done, total: seen.append((done, total)))
    assert list(maps) == ["b"]
    assert seen == [(i, 16) for i in range(1, 17)]


def test_progress_ends_at_the_whole_where_no_last_pass_is_needed():
    seen = []
    pipeline = fl.Pipeline([("mean", fl.GlobalAvgPool2d())])
    pipeline.run_tiled(picture((1, 64, 64)), tile=16, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, 16) for i in range(1, 17)]


def test_tiles_are_checked_beside_vectors_of_the_last_pass():
    pipeline = fl.Pipeline([("a", fl.Abs()), ("m", fl.GlobalAvgPool2d()), ("f", fl.Flatten())])
    run = plan_run(pipeline, (1, 64, 64), ["a", "f"], (16, 16), gathered=0)
    assert set(run.tiles.bounds) == {"a", "f"}
    asked = []

    def differing(name, rows, cols, values):
        asked.append(name)
        return values != np.abs(image[:, slice(*rows), slice(*cols)])

    image, known = picture((1, 64, 64)), KnownMaps({}, {})
    source, sinks = ArraySource(image), {name: ArraySink(run.shapes[name]) for name in run.wanted}
    assert list(execute(run, source, sinks, known=known))
    check_tiles(run, source, known, differing)
    assert set(asked) == {"a"}


def test_it_stops_when_it_is_not_wanted_any_more():
    from filterlab.errors import Cancelled

    asked = iter([False, False, True] + [True] * 99)
    pipeline = fl.Pipeline([fl.Abs()])
    with pytest.raises(Cancelled):
        pipeline.run_tiled(picture((1, 64, 64)), tile=16, cancel=lambda: next(asked))


def test_memory_bounds_the_tiles_and_too_little_says_how_much_is_needed():
    pipeline = fl.Pipeline([fl.Conv2d(np.ones((8, 1, 3, 3)), padding=1), fl.ReLU()])

    class Zeros:
        shape = (1, 6000, 6000)

        def read(self, rows, cols):
            raise AssertionError("the picture was read")

    with pytest.raises(fl.FilterLabError, match=r"it needs \d+M of memory, and may take 100M"):
        pipeline.run_tiled(Zeros(), memory=100 << 20)


def test_more_tiles_than_a_plan_may_hold_are_refused_before_they_are_planned(monkeypatch):
    pipeline = fl.Pipeline([("abs", fl.Abs())])
    for shape in ((1, 2**31, 1), (1, 1, 2**31)):
        with pytest.raises(fl.FilterLabError, match="into 1,048,576 tiles along a side.*choose larger tiles"):
            plan_run(pipeline, shape, ["abs"], (2048, 2048))
        with pytest.raises(fl.FilterLabError, match="1,048,576 tiles along a side"):
            fit_run(pipeline, shape, ["abs"], 1 << 30)
    monkeypatch.setattr(plan, "MOST_TILES", 100)
    assert plan_run(pipeline, (1, 1, 100), ["abs"], (1, 1)).tiles.grid == (1, 100)


def test_what_larger_tiles_need_is_told_where_smaller_ones_would_be_too_many(monkeypatch):
    monkeypatch.setattr(fitting, "MOST_TILES", 8)
    monkeypatch.setattr(plan, "MOST_TILES", 8)
    pipeline = fl.Pipeline([("abs", fl.Abs())])
    with pytest.raises(fl.FilterLabError, match=r"it needs \d+M of memory, and may take 500M"):
        fit_run(pipeline, (1, 9000, 10), ["abs"], 500 << 20, beside=lambda run: 1 << 30)


def test_halo_grid_and_extra_work_follow_from_the_windows():
    pipeline = fl.Pipeline(
        [fl.Filter2d(kernel=np.ones((5, 5))), fl.MaxPool2d(2), fl.Filter2d(kernel=np.ones((3, 3)))]
    )
    run = plan_run(pipeline, (1, 2048, 2048), ["filter2"], (512, 512))
    assert run.tiles.grid == (4, 4)
    assert run.tiles.halo == (8, 8), "two cells on each side, and one of the pooled map, which are two more"
    assert 0 < run.extra < 0.05
    assert run.peak < 5 * 4 * 540 * 540, "what two layers hold, a copy, and the next part of the picture"
