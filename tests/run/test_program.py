"""Networks of small maps in memory of their own: the digits are those of each layer by itself."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlab as fl
from filterlab.errors import FilterLabError
from filterlab.functional import prepared
from filterlab.functional.conv import work
from filterlab.functional.memory import Workspace
from filterlab.layers.base.registry import layer_types
from filterlab.run import program

BAD = [np.nan, np.inf, -np.inf, -0.0, 1e30]


@st.composite
def layers(draw, shape):
    """A layer that takes maps (or a vector) of a shape, from those that networks are made of or from all others."""
    seeds = st.integers(0, 2**31)
    rng = np.random.default_rng(draw(seeds))

    def numbers(*sizes):
        return rng.normal(size=sizes).astype(np.float32)

    if len(shape) == 1:
        made = [fl.Linear(numbers(5, shape[0]), numbers(5)), fl.Linear(numbers(20, shape[0])), fl.Softmax()]
        return draw(
            st.sampled_from([*made, fl.ReLU(), fl.Sigmoid(), fl.Dropout(), fl.ELU(), fl.LogSoftmax()])
        )
    channels, height, width = shape
    outputs, kernel = draw(st.sampled_from([1, 5, 10, 17])), draw(st.sampled_from([1, 3, 5]))
    kind = draw(st.integers(0, 9))
    if kind < 3:
        groups = channels if kind == 0 else 1
        weight = numbers(outputs * groups, channels // groups, kernel, kernel)
        bias = numbers(len(weight)) if draw(st.booleans()) else None
        options = {"stride": draw(st.integers(1, 2)), "padding": kernel // 2, "groups": groups}
        return fl.Conv2d(weight, bias, **options)
    if kind < 6 and min(height, width) > 3:
        pool = draw(st.sampled_from([fl.MaxPool2d, fl.AvgPool2d, fl.MinPool2d]))
        return pool(draw(st.integers(2, 4)), stride=draw(st.integers(1, 3)), ceil_mode=draw(st.booleans()))
    if kind < 8:
        mean, variance = numbers(channels), np.abs(numbers(channels)) + np.float32(0.1)
        own = [
            fl.BatchNorm2d(mean, variance, numbers(channels), numbers(channels)),
            fl.Normalize(mean, variance),
        ]
        same = [
            fl.ReLU(),
            fl.Sigmoid(),
            fl.Tanh(),
            fl.SiLU(),
            fl.GELU(),
            fl.Dropout(),
            fl.LeakyReLU(),
            fl.Softmax(),
        ]
        return draw(st.sampled_from([*own, *same, fl.Resize((height, width)), fl.Flatten()]))
    return draw(st.sampled_from(list(layer_types().values()))).starter(shape)


@st.composite
def pipelines(draw):
    """A small network with branches, and the shape of its picture."""
    shape = draw(st.sampled_from([1, 3])), draw(st.integers(4, 18)), draw(st.integers(4, 18))
    nodes, shapes = [], {"image": shape}
    for number in range(draw(st.integers(1, 7))):
        # Mostly the node before, so that chains come about.
        source = draw(st.sampled_from([*shapes, *[list(shapes)[-1]] * 4]))
        inputs = (source,)
        mates = [name for name, known in shapes.items() if known == shapes[source]]
        if draw(st.integers(0, 4)) == 0:
            layer, inputs = (
                draw(st.sampled_from([fl.Add(), fl.Concat(), fl.Maximum()])),
                (source, mates[0], mates[-1]),
            )
        else:
            layer = draw(layers(shapes[source]))
        try:
            found = layer.possible_shape(*[shapes[name] for name in inputs])
        except FilterLabError:
            continue  # it needs a larger map, or several
        if len(inputs) < layer.arity[0] or np.prod(found) > 20_000:
            continue
        nodes.append(fl.Node(f"n{number}", layer, inputs))
        shapes[f"n{number}"] = found
    return fl.Pipeline(nodes or [("relu", fl.ReLU())]), shape


def one_by_one(pipe, x):
    with np.errstate(all="ignore"):
        maps = {"image": x if x.ndim == 4 else x[None]}
        for step in pipe.steps:
            maps[step.name] = step.layer.forward(*[maps[name] for name in step.inputs])
    return {name: y if x.ndim == 4 else y[0] for name, y in maps.items()}


def assert_same(found, wanted, name):
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted, err_msg=name)
    zeros = found == 0
    assert np.array_equal(np.signbit(found[zeros]), np.signbit(wanted[zeros])), (
        f"zeros of {name} have other signs"
    )


@given(made=pipelines(), data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_small_network_has_the_digits_of_its_layers(made, data):
    pipe, shape = made
    rng = np.random.default_rng(data.draw(st.integers(0, 2**31)))
    names = [node.name for node in pipe.nodes]
    outputs = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True) | st.none())
    batch = data.draw(st.sampled_from([(), (1,), (3,)]))
    dtype = data.draw(st.sampled_from([np.float32, np.float64]))
    for _ in range(3):  # the first run is the ordinary one
        x = rng.normal(size=(*batch, *shape)).astype(dtype)
        for bad in data.draw(st.lists(st.sampled_from(BAD), max_size=2)):
            x.flat[rng.integers(x.size)] = bad
        before, wanted = x.copy(), one_by_one(pipe, x)
        found = pipe.run(x, outputs)
        np.testing.assert_array_equal(x, before)
        assert list(found) == (names if outputs is None else outputs)
        for name, y in found.items():
            assert_same(y, wanted[name], name)


def lenet():
    rng = np.random.default_rng(5)
    conv = [fl.Conv2d(rng.normal(size=(6, 1, 5, 5)), padding=2), fl.Sigmoid(), fl.AvgPool2d(2)]
    return fl.Pipeline([*conv, fl.Flatten(), fl.Linear(rng.normal(size=(10, 6 * 14 * 14))), fl.Softmax()])


def test_the_loops_of_a_small_network_are_one_call(rng, monkeypatch):
    joined = []
    together = program.together
    monkeypatch.setattr(program, "together", lambda calls: joined.append(together(calls)) or joined[-1])
    pipe, x = lenet(), rng.random((1, 28, 28), dtype=np.float32)
    for _ in range(4):
        pipe.run(x, ["softmax1"])
    assert len(joined) == 1, "a program is made once, for the second run"
    assert len(joined[0]) == 1, "one call for all layers"


def test_what_follows_a_layer_without_a_place_of_its_own_is_done_once(rng):
    norm = fl.BatchNorm2d(running_mean=[0.5], running_var=[0.3])
    nodes = [fl.Node("twice", fl.Add(), ("image", "image")), fl.Node("half", fl.Mean(), ("twice", "image"))]
    pipe, x = fl.Pipeline([*nodes, fl.Node("norm", norm)]), rng.normal(size=(1, 5, 5)).astype(np.float32)
    first, second, third = (pipe.run(x, ["norm"])["norm"] for _ in range(3))
    np.testing.assert_array_equal(second, first)
    np.testing.assert_array_equal(third, first)


def test_what_follows_a_layer_that_several_threads_sum_is_done_once(rng, monkeypatch):
    monkeypatch.setattr(work, "thread_count", lambda: 2)
    norm = fl.BatchNorm2d(running_mean=rng.normal(size=33), running_var=np.full(33, 0.3))
    pipe = fl.Pipeline([("conv", fl.Conv2d(rng.normal(size=(33, 32, 3, 3)), padding=1)), ("norm", norm)])
    x = rng.normal(size=(32, 40, 40)).astype(np.float32)
    first, second, third = (pipe.run(x, ["norm"])["norm"] for _ in range(3))
    np.testing.assert_array_equal(second, first)
    np.testing.assert_array_equal(third, first)


def test_each_result_is_an_array_of_its_own(rng):
    pipe, x = lenet(), rng.random((1, 28, 28), dtype=np.float32)
    pipe.run(x)
    first, second = pipe.run(x), pipe.run(x)
    for name, y in first.items():
        y[...] = 9
        assert not np.may_share_memory(y, second[name])
    again = pipe.run(x)
    for name, y in second.items():
        np.testing.assert_array_equal(again[name], y)


def test_threads_run_the_same_network_side_by_side(rng):
    pipe, pictures = lenet(), rng.random((4, 1, 28, 28), dtype=np.float32)
    wanted = [pipe.run(x, ["softmax1"])["softmax1"] for x in pictures]
    found = [[] for _ in pictures]

    def run(number):
        for _ in range(20):
            found[number].append(pipe.run(pictures[number], ["softmax1"])["softmax1"])

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(pictures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ys, y in zip(found, wanted, strict=True):
        assert all(np.array_equal(other, y) for other in ys)


def test_a_large_network_is_not_kept_in_memory(rng):
    side = int(np.sqrt(program.LARGEST / 4))
    pipe = fl.Pipeline([("a", fl.ReLU()), ("b", fl.Abs())])
    programs = program.Programs([], np.empty((1, 1, side + 1, side)), ["b"])
    assert programs.run(np.empty((1, 1, side + 1, side))) is None
    assert programs.run(np.empty((1, 1, side + 1, side))) is None
    x = rng.normal(size=(1, side, side)).astype(np.float32)
    for _ in range(2):
        np.testing.assert_array_equal(pipe.run(x, ["b"])["b"], np.maximum(x, 0))


def test_an_error_in_a_program_is_left_to_an_ordinary_run(rng, monkeypatch):
    pipe, x = lenet(), rng.random((1, 28, 28), dtype=np.float32)
    y = pipe.run(x, ["softmax1"])["softmax1"]

    def run(self, batch):
        raise MemoryError

    monkeypatch.setattr(program._Program, "run", run)
    np.testing.assert_array_equal(pipe.run(x, ["softmax1"])["softmax1"], y)


def test_memory_that_is_released_is_given_out_again():
    space = Workspace()
    first = space.empty((3, 40), np.float32)
    kept = space.empty((10,), np.float64)
    place = first.ctypes.data
    space.release(first[1:, :7])
    assert space.empty((5, 6), np.float64).ctypes.data == place
    assert not np.may_share_memory(kept, space.empty((3, 40), np.float32))


@pytest.mark.parametrize("loops", [2, 1])
def test_calls_keep_their_order(loops):
    seen = []
    calls = [
        lambda: seen.append(1),
        *[prepared.Bound(seen.append, n) for n in range(loops)],
        lambda: seen.append(2),
    ]
    for call in prepared.together(calls):
        call()
    assert seen == [1, *range(loops), 2]
