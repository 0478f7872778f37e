"""Evaluation: the right arrays, once each, and stopped when asked."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import Cancelled, ShapeError
from filterlab.images.scratch import bytes_in_memory, moved_to_disk


def pipeline():
    return fl.Pipeline(
        [
            ("blur", fl.Filter2d(np.full((3, 3), 1 / 9))),
            ("pool", fl.MaxPool2d(2)),
            fl.Node("sharp", fl.Filter2d(np.eye(3)), inputs=("blur",)),
            fl.Node("both", fl.Concat(), inputs=("blur", "sharp")),
        ]
    )


def test_all_nodes_or_those_named(rng):
    x = rng.random((3, 8, 8), np.float32)
    maps = pipeline().run(x)
    assert list(maps) == ["blur", "pool", "sharp", "both"]
    assert list(pipeline().run(x, ["both", "pool"])) == ["both", "pool"]
    assert list(pipeline().run(x, "pool")) == ["pool"]
    np.testing.assert_array_equal(maps["both"], np.concatenate([maps["blur"], maps["sharp"]]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_the_pictures(rng, dtype):
    for array in pipeline().run(rng.random((3, 8, 8)).astype(dtype)).values():
        assert array.dtype == dtype


def test_a_batch_is_many_pictures(rng):
    x = rng.random((2, 3, 8, 8), np.float32)
    together = pipeline().run(x)
    for i in range(2):
        for name, array in pipeline().run(x[i]).items():
            np.testing.assert_allclose(together[name][i], array, rtol=1e-6)


def test_maps_have_the_declared_shapes(rng):
    x = rng.random((3, 9, 7), np.float32)
    maps = pipeline().run(x)
    assert {name: array.shape for name, array in maps.items()} == pipeline().output_shapes((3, 9, 7))


def test_an_evaluator_recomputes_only_what_changed(rng):
    x = rng.random((3, 8, 8), np.float32)
    evaluator, pipe = fl.Evaluator(), pipeline()
    first = evaluator.run(pipe, x)
    again = evaluator.run(pipe, x)
    assert all(again[name] is first[name] for name in first)
    edited = pipe.with_layers({"sharp": fl.Filter2d(np.ones((3, 3)))})
    second = evaluator.run(edited, x)
    assert second["blur"] is first["blur"]
    assert second["pool"] is first["pool"]
    assert second["sharp"] is not first["sharp"]
    np.testing.assert_array_equal(second["both"], edited.run(x)["both"])
    assert evaluator.run(pipe, x)["both"] is first["both"]  # undo is free


def test_an_evaluator_sees_another_picture(rng):
    evaluator = fl.Evaluator()
    for _ in range(3):
        x = rng.random((3, 8, 8), np.float32)
        np.testing.assert_array_equal(evaluator.run(pipeline(), x)["both"], pipeline().run(x)["both"])


def test_remembered_results_cannot_be_written_into(rng):
    x = rng.random((3, 8, 8), np.float32)
    maps = fl.Evaluator().run(fl.Pipeline([("same", fl.Dropout())]), x)
    with pytest.raises(ValueError, match="read-only"):
        maps["same"][0] = 0
    x[0] = 0  # the picture stays the caller's


def test_an_evaluator_keeps_to_its_memory(rng):
    evaluator = fl.Evaluator(max_bytes=2000)
    x = rng.random((3, 8, 8), np.float32)
    evaluator.run(pipeline(), x)
    assert sum(r.output.nbytes for r in evaluator._results.values()) <= 2000


def test_outputs_that_are_placed_on_the_disk_are_not_dropped_for_want_of_memory(rng, tmp_path):
    evaluator, made = fl.Evaluator(max_bytes=0), {}

    def place(name, output):
        made.setdefault(name, []).append(output)
        return output if name == "pool" or not bytes_in_memory(output) else moved_to_disk(output, tmp_path)

    graph, x = pipeline(), rng.random((3, 8, 8), np.float32)
    for name in evaluator.run(graph, x):  # remembered before there was anything to move
        assert name in graph
    evaluator.place = place
    for _ in range(2):
        found = evaluator.run(graph, x)
    for name, array in graph.run(x).items():
        np.testing.assert_array_equal(found[name], array)
    assert {name for name, outputs in made.items() if bytes_in_memory(outputs[1])} == {"pool"}


def test_cancel_stops_between_nodes(rng):
    asked = []

    def cancel():
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled, match="stopped"):
        pipeline().run(rng.random((3, 8, 8), np.float32), cancel=cancel)
    assert len(asked) == 3


def test_progress_counts_the_nodes(rng):
    seen = []
    pipeline().run(rng.random((3, 8, 8)), ["pool"], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("shape", [(8, 8), (1, 1, 3, 8, 8), (3, 0, 8), ()])
def test_wrong_pictures(shape):
    with pytest.raises(ShapeError, match="the picture has shape"):
        pipeline().run(np.zeros(shape))


def test_integers_become_float32():
    assert fl.Pipeline([fl.ReLU()]).run(np.ones((1, 2, 2), np.uint8))["relu1"].dtype == np.float32


def test_errors_name_the_node():
    pipe = fl.Pipeline([("a", fl.ReLU()), ("huge", fl.MaxPool2d(9))])
    with pytest.raises(ShapeError, match="node 'huge'.*window of 9"):
        pipe.run(np.ones((1, 4, 4)))


def test_cancel_stops_within_a_layer(rng):
    """The hook says yes from its third question on: the first is asked before the only layer."""
    asked = []

    def cancel():
        asked.append(1)
        return len(asked) > 2

    big = fl.Pipeline([fl.Filter2d(fl.kernels.box(3))])
    with pytest.raises(Cancelled) as stopped:
        big.run(rng.random((3, 512, 512), np.float32), cancel=cancel)
    assert stopped.value.node == "filter1"


def test_a_hook_that_never_cancels_changes_nothing(rng):
    x = rng.random((3, 512, 512), np.float32)
    layer = fl.Pipeline([fl.Filter2d(fl.kernels.box(3)), fl.MaxPool2d(3, stride=1)])
    plain, watched = layer.run(x), layer.run(x, cancel=lambda: False)
    for name in plain:
        np.testing.assert_array_equal(plain[name], watched[name])


def test_forgotten_outputs_are_made_again_but_not_those_that_others_were_made_from(rng):
    evaluator, x = fl.Evaluator(), rng.random((3, 8, 8), np.float32)
    pipe = fl.Pipeline([("a", fl.ReLU()), ("b", fl.Abs()), ("c", fl.MaxPool2d(2))])
    before = evaluator.run(pipe, x)
    evaluator.forget([before["a"]])
    assert evaluator.run(pipe, x)["c"] is before["c"]
    evaluator.forget([before["b"], before["c"]])
    after = evaluator.run(pipe, x)
    assert [after[name] is before[name] for name in "abc"] == [True, False, False]
    evaluator.forget(after.values())
    assert not evaluator._results
    assert evaluator._bytes == 0


def test_dropped_outputs_take_those_that_were_made_from_them_along(rng, tmp_path):
    """The next run would make another array in their place, from which nobody could find the others again."""
    evaluator, x = fl.Evaluator(), rng.random((3, 8, 8), np.float32)
    evaluator.place = lambda name, y: moved_to_disk(y, tmp_path) if name == "b" and bytes_in_memory(y) else y
    pipe = fl.Pipeline([("a", fl.Filter2d(np.eye(3))), ("b", fl.Abs()), ("c", fl.Sigmoid())])
    old = [weakref.ref(array) for array in evaluator.run(pipe, x).values()]
    evaluator.max_bytes = 4 * x.nbytes - 1
    evaluator.run(pipe.with_layers({"a": fl.Filter2d(np.ones((3, 3)))}), x)
    gc.collect()
    assert all(ref() is None for ref in old)
    assert len(evaluator._results) == 3
    assert evaluator._bytes == 2 * x.nbytes


def test_what_a_run_would_reuse_is_known(rng):
    evaluator, x = fl.Evaluator(), rng.random((3, 8, 8), np.float32)
    pipe = fl.Pipeline([("a", fl.ReLU()), ("b", fl.Abs()), ("c", fl.MaxPool2d(2))])
    made = evaluator.run(pipe, x)
    known = evaluator.remembered(pipe.with_layers({"b": fl.Tanh()}), x)
    assert known.keys() == {"a"}, "c would be made from another map"
    assert known["a"] is made["a"]
    assert evaluator.remembered(pipe, x.copy()) == {}


def test_spare_results_are_kept_in_memory_alone(rng, tmp_path):
    evaluator, x = fl.Evaluator(), rng.random((3, 8, 8), np.float32)
    evaluator.place = lambda name, y: moved_to_disk(y, tmp_path) if name == "b" and bytes_in_memory(y) else y
    first = fl.Pipeline([("a", fl.ReLU()), ("b", fl.Abs()), ("c", fl.MaxPool2d(2))])
    made = evaluator.run(first, x)
    evaluator.keep(fl.Pipeline([("a", fl.Tanh())]), x, spare=True)
    again = evaluator.run(first, x)
    assert [again[name] is made[name] for name in "abc"] == [True, False, False]


def test_what_another_picture_or_layer_made_is_forgotten_on_request(rng):
    evaluator, (x, y) = fl.Evaluator(), rng.random((2, 3, 8, 8), np.float32)
    first = fl.Pipeline([("a", fl.ReLU()), ("b", fl.Abs()), ("c", fl.MaxPool2d(2))])
    second = first.with_layers({"b": fl.Tanh()})
    made = evaluator.run(first, x)
    other = [weakref.ref(array) for array in evaluator.run(first, y).values()]
    changed = [weakref.ref(array) for name, array in evaluator.run(second, x).items() if name != "a"]
    evaluator.keep(first, x)
    gc.collect()
    assert all(ref() is None for ref in (*other, *changed))
    again = evaluator.run(first, x)
    assert all(again[name] is made[name] for name in made)
    evaluator.keep(second, x)
    assert evaluator.run(second, x)["a"] is made["a"]
    assert evaluator.run(first, x)["b"] is not made["b"]
