"""How a graph is prepared for a size: layers that are computed in one go have the digits of each by itself."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.functional import merging
from filterlab.functional.conv import blocks, methods, work
from filterlab.functional.prepared import in_few_passes
from filterlab.layers.base.registry import layer_types

# Kernel, groups, and size of the map: one convolution for each way of cutting it into blocks.
SHAPES = {
    "maps": ((10, 4, 3, 3), 1, (4, 33, 40)),
    "joined": ((9, 5, 3, 3), 1, (5, 14, 14)),
    "points": ((12, 6, 1, 1), 1, (6, 30, 31)),
    "depthwise": ((6, 1, 3, 3), 6, (6, 17, 21)),
    "depthwise, in bands of rows": ((6, 1, 3, 3), 6, (6, 61, 21)),
    "groups": ((8, 3, 3, 2), 2, (6, 19, 15)),
    "tall": ((2, 2, 7, 3), 1, (2, 40, 70)),
    "separable": ((1, 1, 7, 7), 1, (1, 30, 30)),
}


@cache
def pointwise_layers(channels: int) -> list[fl.Layer]:
    """Every type that changes maps in place, with parameters of its own for each channel where it has any."""
    rng = np.random.default_rng(1)
    mean, weight, bias = (rng.normal(size=channels).astype(np.float32) for _ in range(3))
    special = {
        "batch_norm2d": fl.BatchNorm2d(mean, np.abs(weight) + 0.1, weight, bias),
        "prelu": fl.PReLU(weight),
    }
    layers = [special.get(kind.key) or kind.starter((channels, 8, 8)) for kind in layer_types().values()]
    return [layer for layer in layers if layer.pointwise(np.float32)]


def one_by_one(pipe: fl.Pipeline, x: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        y = x[None]
        for step in pipe.steps:
            y = step.layer.forward(y)
    return y[0]


@contextmanager
def chosen_anew():
    """Methods are chosen by the size of a block, which is a constant outside of tests, and remembered."""
    methods.choose.cache_clear()
    try:
        yield
    finally:
        methods.choose.cache_clear()


def assert_same(got: np.ndarray, want: np.ndarray) -> None:
    np.testing.assert_array_equal(got, want)
    assert np.array_equal(np.signbit(got), np.signbit(want)), "zeros have other signs"


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("piece", [1, 3000, work.PIECE])
@given(data=st.data())
@settings(max_examples=5)
def test_layers_computed_together_have_the_digits_of_each_alone(name, piece, data):
    weight_shape, groups, shape = SHAPES[name]
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x = rng.normal(size=shape).astype(data.draw(st.sampled_from([np.float32, np.float64])))
    for bad in data.draw(st.lists(st.sampled_from([np.nan, np.inf, -np.inf, 1e30]), max_size=3)):
        x.flat[rng.integers(x.size)] = bad
    weight = rng.normal(size=weight_shape)
    if name == "separable":
        weight[0, 0] = np.outer(weight[0, 0, 0], weight[0, 0, :, 0])
    conv = fl.Conv2d(weight.astype(np.float32), rng.normal(size=len(weight)), padding=1, groups=groups)
    kinds = st.sampled_from(pointwise_layers(len(weight)))
    pipe = fl.Pipeline([conv, *data.draw(st.lists(kinds, min_size=1, max_size=3))])
    with pytest.MonkeyPatch.context() as patch, chosen_anew():
        patch.setattr(work, "PIECE", piece)
        patch.setattr(blocks, "BLOCK_BYTES", data.draw(st.sampled_from([1 << 12, 1 << 14, 1 << 19])))
        last = pipe.nodes[-1].name
        assert_same(pipe.run(x, [last])[last], one_by_one(pipe, x))


@pytest.mark.parametrize("layer", pointwise_layers(4), ids=lambda layer: layer.key)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_part_changed_in_place_is_that_of_the_whole(layer, dtype):
    x = 3 * np.random.default_rng(0).normal(size=(2, 4, 9, 21)).astype(dtype)
    x[0, 2, 4, 5:8] = np.nan, np.inf, -np.inf
    part, channels = x[:, 1:3, 2:7, 3:].copy(), slice(1, 3)
    with np.errstate(all="ignore"):
        layer.pointwise(x.dtype)(part, channels)
        assert_same(part, layer.forward(x)[:, 1:3, 2:7, 3:])


@pytest.mark.parametrize("layer", pointwise_layers(3), ids=lambda layer: layer.key)
@pytest.mark.parametrize("axes", [(0, 1, 3, 2), (0, 2, 3, 1), (3, 2, 1, 0)])
def test_maps_whose_rows_do_not_lie_side_by_side_are_changed_as_others(layer, axes):
    x = 3 * np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype(np.float32)
    laid = np.ascontiguousarray(x.transpose(axes)).transpose(np.argsort(axes))
    layer.pointwise(x.dtype)(laid, slice(None))
    assert_same(laid, layer.forward(x))


@pytest.mark.parametrize("layer", [fl.Pad(2, mode="reflect"), fl.Pad(1, mode="circular"), fl.RGBToHSV()])
def test_layers_behind_borders_and_colours_have_the_digits_of_each_alone(layer):
    # Of these layers the outputs are not laid out row by row, the last for pictures whose channels come last.
    x = np.random.default_rng(0).normal(size=(9, 12, 3)).astype(np.float32).transpose(2, 0, 1)
    pipe = fl.Pipeline([layer, fl.ReLU()])
    assert_same(pipe.run(x, [pipe.nodes[-1].name])[pipe.nodes[-1].name], one_by_one(pipe, x))


def test_a_batch_norm_and_what_limits_its_values_are_one_pass():
    rng = np.random.default_rng(5)
    norm = fl.BatchNorm2d(*(rng.random(4).astype(np.float32) + 0.5 for _ in range(4)))
    for limit in (fl.ReLU(), fl.ReLU6(), fl.Clamp(min=-0.5), fl.Clamp(max=0.25), fl.Hardtanh()):
        changes = [layer.pointwise(np.float32) for layer in (norm, limit)]
        both = in_few_passes(changes)
        assert len(both) == 1, type(limit)
        # The limits come last, so what follows them is a pass of its own.
        assert len(in_few_passes([*changes, changes[0]])) == 2
        assert len(in_few_passes([*changes, changes[1]])) == 2
        x = rng.normal(size=(1, 4, 6, 35)).astype(np.float32)
        x[0, :, 2, 30:33] = np.nan, np.inf, -np.inf
        want = limit.forward(norm.forward(x))
        for channels, rows, cols in (np.s_[:, :, :], np.s_[1:3, 2:5, :], np.s_[3:, 1:2, 1:30]):
            for part in (x.copy()[:, channels, rows, cols], x[:, channels, rows, cols].copy()):
                both[0](part, channels)
                assert_same(part, want[:, channels, rows, cols])


def test_changes_that_have_no_common_loop_stay_as_they_are():
    tanh, relu = fl.Tanh().pointwise(np.float32), fl.ReLU().pointwise(np.float32)
    assert in_few_passes([tanh, relu, tanh]) == [tanh, relu, tanh]
    assert in_few_passes([]) == []


@pytest.mark.parametrize("shape", [(1, 40, 31, 33), (3, 5, 2, 2)])
@pytest.mark.parametrize("piece", [1, 1 << 12])
def test_sums_are_followed_by_changes_while_the_cache_has_them(shape, piece, rng, monkeypatch):
    monkeypatch.setattr(merging, "PIECE", piece)
    xs = [rng.normal(size=size).astype(np.float32) for size in (shape, shape, (shape[0], 1, 1, 1))]
    prelu = fl.PReLU(rng.normal(size=shape[1]).astype(np.float32))
    for layers in ([], [fl.ReLU()], [prelu, fl.Clamp(max=1.0)]):
        want = fl.Add().forward(*xs)
        for layer in layers:
            want = layer.forward(want)
        changes = [layer.pointwise(np.float32) for layer in layers]
        assert_same(fl.Add().prepared(np.float32, *(x.shape for x in xs), then=changes)(*xs), want)


def chain() -> fl.Pipeline:
    weight = np.random.default_rng(2).normal(size=(4, 3, 3, 3))
    flat = np.random.default_rng(3).normal(size=(5, 4 * 8 * 8))
    maps = ("conv", fl.Conv2d(weight, padding=1)), ("relu", fl.ReLU()), ("flat", fl.Flatten())
    return fl.Pipeline([*maps, ("fc", fl.Linear(flat)), ("tanh", fl.Tanh())])


@pytest.mark.parametrize(
    "outputs", [["conv", "tanh"], ["conv", "relu", "fc"], ["flat"], ["relu", "flat"], None]
)
def test_maps_that_are_wanted_are_not_overwritten(rng, outputs):
    x, pipe = rng.random((3, 8, 8), dtype=np.float32), chain()
    found = pipe.run(x, outputs)
    maps = list(found.values())
    for i, map_ in enumerate(maps):
        map_[...] = i  # each is an array of its own
    assert [float(m.flat[-1]) for m in maps] == list(range(len(maps)))
    again, y = pipe.run(x, outputs), x[None]
    for step in pipe.steps:
        y = step.layer.forward(y)
        if step.name in again:
            assert_same(again[step.name], y[0])


def test_a_map_that_is_read_twice_is_not_overwritten(rng):
    conv = fl.Conv2d(rng.normal(size=(3, 3, 1, 1)))
    nodes = [fl.Node("conv", conv, ("image",)), fl.Node("relu", fl.ReLU(), ("conv",))]
    pipe = fl.Pipeline([*nodes, fl.Node("sum", fl.Add(), ("conv", "relu"))])
    x = rng.normal(size=(3, 5, 5)).astype(np.float32)
    y = conv.forward(x[None])[0]
    assert_same(pipe.run(x, ["sum"])["sum"], y + np.maximum(y, 0))


def test_the_picture_is_not_overwritten(rng):
    x = rng.normal(size=(1, 4, 4)).astype(np.float32)
    given_ = x.copy()
    pipe = fl.Pipeline([("drop", fl.Dropout()), ("relu", fl.ReLU()), ("abs", fl.Abs())])
    pipe.run(x, ["abs"])
    np.testing.assert_array_equal(x, given_)


@st.composite
def residual_networks(draw):
    """A network of blocks, each of which adds an earlier map, and the shape of its picture."""
    rng, nodes = np.random.default_rng(draw(st.integers(0, 99))), []
    channels, side = draw(st.sampled_from([(8, 40), (12, 61), (33, 14), (5, 7)]))
    same = ["image"]

    def add(layer, *inputs):
        nodes.append(fl.Node(f"n{len(nodes)}", layer, inputs))
        return nodes[-1].name

    def numbers(*shape):
        return rng.normal(size=shape).astype(np.float32)

    def conv(source):
        kernel, groups = draw(st.sampled_from([(1, 1), (1, 1), (3, 1), (3, channels), (7, channels)]))
        weight = numbers(channels, channels // groups, kernel, kernel) / np.float32(kernel**2)
        at = add(fl.Conv2d(weight, numbers(channels), padding=kernel // 2, groups=groups), source)
        for _ in range(draw(st.integers(0, 2))):
            at = add(draw(st.sampled_from(pointwise_layers(channels))), at)
        return at

    for _ in range(draw(st.integers(1, 4))):
        at, other = conv(draw(st.sampled_from(same))), draw(st.sampled_from(same))
        if draw(st.booleans()):
            other = conv(other)
        order = draw(st.permutations([at, other]))
        at = add(fl.Add(), *order, *draw(st.sampled_from([(), (), (same[0],)])))
        for _ in range(draw(st.integers(0, 2))):
            at = add(draw(st.sampled_from([fl.ReLU(), fl.ReLU6(), *pointwise_layers(channels)])), at)
        same.append(at)
    return fl.Pipeline(nodes), (channels, side, side - 1)


@given(network=residual_networks(), data=st.data())
@settings(max_examples=20, deadline=None)
def test_residual_networks_have_the_digits_of_their_layers(network, data):
    pipe, shape = network
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    count = data.draw(st.sampled_from([(), (), (2,)]))
    x = rng.normal(size=(*count, *shape)).astype(data.draw(st.sampled_from([np.float32, np.float64])))
    for bad in data.draw(st.lists(st.sampled_from([np.nan, np.inf, -np.inf, -0.0, 1e30]), max_size=3)):
        x.flat[rng.integers(x.size)] = bad
    before, names = x.copy(), [node.name for node in pipe.nodes]
    outputs = data.draw(st.sampled_from([names[-1:], names[-1:], [names[len(names) // 2], names[-1]], None]))
    maps = {"image": x if count else x[None]}
    with np.errstate(all="ignore"):
        for step in pipe.steps:
            maps[step.name] = step.layer.forward(*[maps[name] for name in step.inputs])
    with pytest.MonkeyPatch.context() as patch, chosen_anew():
        patch.setattr(work, "PIECE", data.draw(st.sampled_from([1, 3000, work.PIECE])))
        # So many products that all is left to one thread, or so few that all share it.
        patch.setattr(work, "SMALLEST", data.draw(st.sampled_from([1, 1 << 40])))
        patch.setattr(blocks, "BLOCK_BYTES", data.draw(st.sampled_from([1 << 12, 1 << 19])))
        for _ in range(2):  # a small network is another program the second time
            found = pipe.run(x, outputs)
            np.testing.assert_array_equal(x, before)
            for name, y in found.items():
                want = maps[name] if count else maps[name][0]
                # Of two NaN, either may be the one that a sum is.
                assert y.dtype == want.dtype
                np.testing.assert_array_equal(y, want, err_msg=name)
                zeros = y == 0
                assert np.array_equal(np.signbit(y[zeros]), np.signbit(want[zeros])), name


def test_a_size_is_prepared_once(rng, monkeypatch):
    prepared, asked = fl.Conv2d.prepared, []
    monkeypatch.setattr(fl.Conv2d, "prepared", lambda *a, **k: asked.append(1) or prepared(*a, **k))
    pipe = chain()
    for _ in range(3):
        pipe.run(rng.random((3, 8, 8), dtype=np.float32), ["tanh"])
    assert len(asked) == 1
    pipe.run(rng.random((2, 3, 8, 8), dtype=np.float32), ["tanh"])
    pipe.run(rng.random((3, 8, 8)), ["tanh"])
    assert len(asked) == 3, "a batch and double precision are prepared for themselves"


def test_progress_counts_every_node_of_those_computed_together(rng):
    heard = []
    chain().run(rng.random((3, 8, 8)), ["tanh"], progress=lambda *numbers: heard.append(numbers))
    assert heard == [(2, 5), (3, 5), (5, 5)]


@pytest.mark.parametrize("swapped", [True, False])
def test_a_residual_connection_is_computed_with_its_convolution(rng, swapped):
    conv, order = (
        fl.Conv2d(rng.normal(size=(3, 3, 1, 1))),
        ("image", "conv") if swapped else ("conv", "image"),
    )
    nodes = [fl.Node("conv", conv, ("image",)), fl.Node("sum", fl.Add(), order), fl.Node("relu", fl.ReLU())]
    pipe, heard = fl.Pipeline(nodes), []
    for outputs in (["relu"], ["conv", "relu"], ["sum", "relu"]):
        pipe.run(rng.random((3, 8, 8)), outputs, progress=lambda *numbers: heard.append(numbers))
    assert heard == [(3, 3), (1, 3), (3, 3), (2, 3), (3, 3)], (
        "a map that is wanted ends what is computed in one go"
    )


@pytest.mark.parametrize(("size", "options"), [(6, {}), ((6, 6), {"mode": "nearest"}), (5, {}), ((3, 6), {})])
def test_resizing_to_the_same_size_or_another_gives_the_digits_of_the_layer(rng, size, options):
    x = rng.normal(size=(2, 6, 6)).astype(np.float32)
    x[0, 0, :3] = np.nan, -0.0, np.inf
    layer = fl.Resize(size, **options)
    pipe = fl.Pipeline([("resize", layer)])
    assert_same(pipe.run(x)["resize"], layer.forward(x[None])[0])
