"""Weights of a safetensors state dict put into a pipeline: what matches, what does not and why, and hostile files."""

from __future__ import annotations

import json
import pickle
import struct

import numpy as np
import pytest
from safetensors.numpy import save_file

import filterlab as fl
from filterlab.cli import main
from filterlab.errors import FileError
from filterlab.interop.state import read_state, take_state


@pytest.fixture
def network():
    return fl.Pipeline(
        [
            ("block/conv1", fl.Conv2d(np.zeros((4, 3, 3, 3), np.float32))),
            ("bn1", fl.BatchNorm2d(np.zeros(4), np.ones(4), np.ones(4), np.zeros(4))),
            ("conv2", fl.Conv2d(np.zeros((4, 4, 3, 3), np.float32))),
            ("conv10", fl.Conv2d(np.zeros((4, 4, 3, 3), np.float32))),
        ]
    )


@pytest.fixture
def state(rng):
    def drawn(*shape):
        return rng.random(shape, dtype=np.float32)

    return {
        "block.conv1.weight": drawn(4, 3, 3, 3),
        "block.conv1.bias": drawn(4),
        **{f"bn1.{name}": drawn(4) for name in ("running_mean", "running_var", "weight", "bias")},
        "bn1.num_batches_tracked": np.array(7, np.int64),
        "conv2.weight": drawn(4, 4, 3, 3),
        "conv10.weight": drawn(4, 4, 3, 3),
    }


def written(tmp_path, tensors):
    path = tmp_path / "weights.safetensors"
    save_file(tensors, path)
    return path


def raw(tmp_path, header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path = tmp_path / "raw.safetensors"
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return path


def test_weights_go_where_their_names_say(network, state, tmp_path):
    found = take_state(network, written(tmp_path, state))
    assert type(found.pipeline) is fl.Pipeline
    for name in ("bn1", "conv2", "conv10"):
        for parameter, array in found.pipeline[name].raw().items():
            if f"{name}.{parameter}" in state:
                np.testing.assert_array_equal(array.array, state[f"{name}.{parameter}"])
    how = {m.tensor: m.how for m in found.matched}
    assert how["bn1.running_mean"] == "name"
    assert not found.missing


def test_separators_count_as_equal_and_a_bias_that_the_file_has_is_taken(network, state, tmp_path):
    found = take_state(network, written(tmp_path, state))
    assert {m.tensor: m.how for m in found.matched}["block.conv1.weight"] == "similar name"
    np.testing.assert_array_equal(found.pipeline["block/conv1"].bias, state["block.conv1.bias"])


def test_the_count_of_batches_is_told_to_be_unused(network, state, tmp_path):
    found = take_state(network, written(tmp_path, state))
    assert [(u.name, str(u.reason)) for u in found.unused] == [
        ("bn1.num_batches_tracked", "PyTorch counts batches in it, and no layer reads it")
    ]


def test_names_that_become_equal_are_not_guessed(network, state, tmp_path):
    twice = {**state, "block-conv1.weight": state["block.conv1.weight"]}
    found = take_state(network, written(tmp_path, twice))
    assert "block/conv1.weight" in [u.name for u in found.missing]
    assert found.pipeline["block/conv1"].weight.max() == 0


def test_a_wrong_shape_is_said_on_both_sides(network, state, tmp_path):
    state["conv2.weight"] = np.ones((4, 4, 5, 5), np.float32)
    found = take_state(network, written(tmp_path, state))
    words = "its shape is 4x4x5x5, that of the layer's weight is 4x4x3x3"
    assert ("conv2.weight", words) in [(u.name, str(u.reason)) for u in found.unused]
    assert ("conv2.weight", words) in [(u.name, str(u.reason)) for u in found.missing]
    assert found.pipeline["conv2"] is network["conv2"]


def test_numbers_that_the_layer_refuses_leave_its_other_arrays(network, state, tmp_path):
    state["bn1.running_var"] = np.array([1, -1, 1, 1], np.float32)
    state["conv2.weight"] = np.full((4, 4, 3, 3), np.nan, np.float32)
    found = take_state(network, written(tmp_path, state))
    reasons = {u.name: str(u.reason) for u in found.unused}
    assert reasons["conv2.weight"] == "weight holds NaN or infinity"
    assert reasons["bn1.running_var"] == "running_var holds -1"
    np.testing.assert_array_equal(found.pipeline["bn1"].running_mean, state["bn1.running_mean"])


def test_order_is_a_match_only_where_it_is_asked_for(network, state, tmp_path):
    renamed = {name.replace("conv", "layer"): array for name, array in state.items()}
    path = written(tmp_path, renamed)
    assert not any("conv" in m.node for m in take_state(network, path).matched)
    found = take_state(network, path, by_order=True)
    # By their numbers, not their letters: layer2 comes before layer10.
    np.testing.assert_array_equal(found.pipeline["conv2"].weight, state["conv2.weight"])
    np.testing.assert_array_equal(found.pipeline["conv10"].weight, state["conv10.weight"])
    assert {m.how for m in found.matched if m.node == "conv10"} == {"order"}


def test_half_precision_is_widened_exactly(network, tmp_path):
    values = np.linspace(-3, 3, 144, dtype=np.float32).reshape(4, 4, 3, 3)
    half = take_state(network, written(tmp_path, {"conv2.weight": values.astype(np.float16)})).pipeline
    np.testing.assert_array_equal(half["conv2"].weight, values.astype(np.float16).astype(np.float32))
    upper = (values.view(np.uint32) >> 16).astype(np.uint16)
    entry = {"dtype": "BF16", "shape": [4, 4, 3, 3], "data_offsets": [0, 288]}
    brain = take_state(network, raw(tmp_path, {"conv2.weight": entry}, upper.tobytes())).pipeline
    assert brain["conv2"].weight.dtype == np.float32
    np.testing.assert_array_equal(brain["conv2"].weight.view(np.uint32) >> 16, upper)
    assert not (brain["conv2"].weight.view(np.uint32) & 0xFFFF).any()


def test_other_numbers_are_named(network, tmp_path):
    found = take_state(network, written(tmp_path, {"conv2.weight": np.ones((4, 4, 3, 3), np.int8)}))
    assert [str(u.reason) for u in found.unused] == ["its numbers are 'I8'"]


@pytest.mark.parametrize("name", ["model.pth", "model.pt", "weights.safetensors"])
def test_a_pickle_is_refused_in_words_that_help(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(pickle.dumps({"conv1.weight": [1.0]}))
    with pytest.raises(FileError, match=r"is a pickle.*save_file\(model\.state_dict"):
        read_state(path)


def entry(**changes):
    return {"t": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}}


HOSTILE = [
    (entry(shape=[3]), None, "its shape 3 does not agree with its 8 bytes"),
    (entry(data_offsets=[0, 80]), None, "its numbers lie outside the file"),
    (entry(data_offsets=[8, 0]), None, "its numbers lie outside the file"),
    (entry(data_offsets=[-8, 0]), None, "header is broken"),
    (entry(data_offsets=[0]), None, "header is broken"),
    (entry(shape=[1] * 9), None, "header is broken"),
    (entry(shape=[10**30, 0]), None, "header is broken"),
    (entry(shape=[True, 2]), None, "header is broken"),
    (entry(dtype=["F32"]), None, "header is broken"),
    ({"t": 3}, None, "header is broken"),
    ([1, 2], None, "not a safetensors file"),
    (b'{"t": 1, "t": 2}', None, "not a safetensors file"),
    (b"[" * 100_000, None, "not a safetensors file"),
    (entry(), 1 << 63, "its header claims"),
    (entry(), 1 << 24, "not a safetensors file, or was cut short"),
    ({f"t{i}": 0 for i in range(100_001)}, None, "it holds 100001 tensors"),
]


@pytest.mark.parametrize(("header", "length", "words"), HOSTILE)
def test_hostile_headers_are_refused(tmp_path, header, length, words):
    with pytest.raises(FileError, match=words):
        read_state(raw(tmp_path, header, b"\0" * 8, length))


def test_the_command_writes_the_pipeline_and_the_table(network, state, tmp_path, capsys):
    weights, old, new = written(tmp_path, state), tmp_path / "old.json", tmp_path / "new.safetensors"
    network.save(old)
    assert main(["import", str(weights), "--into", str(old), "--out", str(new), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {
        "tensor": "conv2.weight",
        "node": "conv2",
        "parameter": "weight",
        "shape": [4, 4, 3, 3],
        "by": "name",
    } in (found["matched"])
    assert (len(found["matched"]), len(found["unused"]), found["missing"]) == (8, 1, [])
    np.testing.assert_array_equal(fl.Pipeline.load(new)["conv2"].weight, state["conv2.weight"])
    assert main(["import", str(weights), "--into", str(old), "--out", str(new), "--overwrite"]) == 0
    assert "8 matched, 1 unused, 0 kept as they were" in capsys.readouterr().out


def test_the_command_writes_nothing_where_nothing_fits(network, tmp_path, capsys):
    weights, old, new = (
        written(tmp_path, {"x": np.ones(3, np.float32)}),
        tmp_path / "p.json",
        tmp_path / "q.json",
    )
    network.save(old)
    assert main(["import", str(weights), "--into", str(old), "--out", str(new)]) == 2
    printed = capsys.readouterr()
    assert "unused: no array of the pipeline has its name" in printed.out
    assert "none of its tensors fits the pipeline" in printed.err
    assert main(["import", str(weights), "--out", str(new)]) == 2
    assert "name their pipeline with --into" in capsys.readouterr().err
    assert not new.exists()
