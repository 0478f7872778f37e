"""The file format: what is written is read back, and what is wrong is named."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FileError, FilterLabError
from filterlab.pipeline import files


def pipeline(dtype=np.float32):
    rng = np.random.default_rng(1)
    return fl.Pipeline(
        [
            (
                "conv",
                fl.Conv2d(
                    rng.normal(size=(4, 3, 3, 3)).astype(dtype), bias=[0.1, 1 / 3, -2e-8, 5], padding="same"
                ),
            ),
            ("relu", fl.ReLU()),
            fl.Node("blur", fl.Filter2d({"preset": "gaussian", "size": 5}), inputs=("conv",)),
            fl.Node("cat", fl.Concat(), inputs=("relu", "blur")),
            fl.Node("off", fl.MaxPool2d((2, 3), padding=((0, 1), (1, 0))), enabled=False),
            ("deep", fl.Conv2d({"init": "kaiming_normal", "seed": 3, "shape": [2, 8, 3, 3]})),
        ]
    )


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_round_trip(tmp_path, suffix, dtype):
    path = tmp_path / f"net{suffix}"
    pipe = pipeline(dtype)
    pipe.save(path)
    again = fl.Pipeline.load(path)
    assert again == pipe
    assert again["conv"].weight.dtype == dtype
    np.testing.assert_array_equal(again["conv"].weight, pipe["conv"].weight)
    x = np.random.default_rng(2).random((3, 12, 12), np.float32)
    np.testing.assert_array_equal(again.run(x)["deep"], pipe.run(x)["deep"])


def test_recipes_stay_symbolic(tmp_path):
    path = tmp_path / "net.json"
    pipeline().save(path)
    document = json.loads(path.read_text())
    by_name = {node["name"]: node for node in document["nodes"]}
    assert document["format"] == "filterlab/1"
    assert by_name["blur"]["params"]["kernel"] == {"preset": "gaussian", "size": 5}
    assert by_name["deep"]["params"]["weight"]["init"] == "kaiming_normal"
    assert by_name["off"]["enabled"] is False
    assert "params" not in by_name["relu"]


def test_numbers_have_few_digits():
    text = files.to_text(fl.Pipeline([fl.Filter2d(np.array([[0.1, 1 / 3]], np.float32))]))
    assert "[0.1, 0.33333334]" in text


def test_saving_replaces_whole_files_only(tmp_path, monkeypatch):
    path = tmp_path / "net.json"
    fl.Pipeline([fl.ReLU()]).save(path)
    before = path.read_text()

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises((FilterLabError, OSError)):
        pipeline().save(path)
    assert path.read_text() == before
    assert os.listdir(tmp_path) == ["net.json"]


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"\.json or \.safetensors"):
        pipeline().save(tmp_path / "net.pkl")


RELU = {"name": "a", "layer": "relu"}


def wrong(nodes, **more):
    return json.dumps({"format": "filterlab/1", "nodes": nodes, **more})


def kernel(text):
    node = '{"name": "a", "layer": "filter2d", "params": {"kernel": ' + text + "}}"
    return '{"format": "filterlab/1", "nodes": [' + node + "]}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON: .*line 1, column 2|line 1, column 2.*not JSON"),
        ("[]", "not a pipeline"),
        ('{"nodes": []}', "format is None"),
        ('{"format": "filterlab/9", "nodes": []}', "filterlab/9"),
        (wrong([RELU], extra=1), "'extra' is not known"),
        (wrong({}), "not a list"),
        (wrong([3]), "node 1: it is not an object"),
        (wrong([{**RELU, "layr": 1}]), "node 'a'.*'layr'.*did you mean 'layer'"),
        (wrong([{"name": "a"}]), "node 'a'.*names no layer"),
        (wrong([{"name": "a", "layer": "relo"}]), "node 'a'.*'relo'.*relu"),
        (wrong([{**RELU, "params": {"slope": 1}}]), "node 'a', ReLU.*no parameter 'slope'"),
        (wrong([{**RELU, "params": []}]), "params is not an object"),
        (wrong([{**RELU, "inputs": 3}]), "inputs is 3"),
        (wrong([{**RELU, "inputs": ["b"]}]), "input 'b' does not exist"),
        (wrong([{**RELU, "enabled": "yes"}]), "enabled is 'yes'"),
        (wrong([{**RELU, "name": 3}]), "name 3 is not legal"),
        (wrong([RELU, RELU]), "2 nodes are named 'a'"),
        (
            wrong([{"name": "a", "layer": "max_pool2d", "params": {"kernel_size": 0}}]),
            "kernel_size is 0.*at least 1",
        ),
        (
            wrong([{"name": "a", "layer": "filter2d", "params": {"kernel": [[1, 2], [3]]}}]),
            "rows differ in length",
        ),
        (
            wrong([{"name": "a", "layer": "filter2d", "params": {"kernel": {"preset": "gausian"}}}]),
            "gaussian",
        ),
        (wrong([{"name": "a", "layer": "filter2d", "params": {"kernel": {"tensor": "x"}}}]), "no tensor 'x'"),
        (wrong([{"name": "a", "layer": "filter2d", "params": {"kernel": [[float("nan")]]}}]), "NaN"),
        ("[" * 100_000, "nested too deep|not JSON"),
        (wrong([{"name": "a", "layer": ["relu"]}]), r"node 'a': layer is \['relu'\]"),
        (kernel('{"tensor": ["x"]}'), r"node 'a'.*no tensor \['x'\]"),
        (kernel('{"preset": ["sobel"]}'), r"node 'a', Filter2d: kernel.*no kernel \['sobel'\]"),
        (kernel('{"preset": ' * 300 + "1" + "}" * 300), "node 'a', Filter2d: kernel"),
        (kernel('{"dtype": "float64", "values": {"preset": "sobel"}}'), "node 'a', Filter2d"),
        (kernel('{"dtype": "float64", "values": [[1], [1, 2]]}'), "node 'a', Filter2d"),
        (kernel("[" * 900 + "1" + "]" * 900), "node 'a', Filter2d: params are nested too deep"),
        (kernel("9" * 5000), "thousands of digits"),
        ('{"format": "filterlab/1", "nodes": [], "nodes": []}', "'nodes' stands twice"),
    ],
)
def test_wrong_files_are_explained(tmp_path, text, message):
    path = tmp_path / "net.json"
    path.write_text(text)
    with pytest.raises(FilterLabError, match=message) as caught:
        fl.Pipeline.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < len(str(path)) + 300


def test_missing_folder_and_binary(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        fl.Pipeline.load(tmp_path / "none.json")
    with pytest.raises(FileError, match="folder"):
        fl.Pipeline.load(tmp_path)
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match="not text"):
        fl.Pipeline.load(tmp_path / "x.json")


@pytest.mark.parametrize("content", [b"", b"\x00" * 16, b"\xff" * 64, b"hello there, this is no tensor file"])
def test_broken_safetensors(tmp_path, content):
    path = tmp_path / "net.safetensors"
    path.write_bytes(content)
    with pytest.raises(FileError, match="not a safetensors file"):
        fl.Pipeline.load(path)


def test_truncated_safetensors(tmp_path):
    path = tmp_path / "net.safetensors"
    pipeline().save(path)
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(FileError, match="not a safetensors file"):
        fl.Pipeline.load(path)


def test_numbers_that_numpy_does_not_have_are_named(tmp_path):
    header = json.dumps({"w": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}).encode()
    (tmp_path / "w.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0")
    with pytest.raises(FileError, match="its numbers are BF16"):
        fl.Pipeline.load(tmp_path / "w.safetensors")


def test_safetensors_of_another_program(tmp_path):
    from safetensors.numpy import save_file

    save_file({"w": np.ones(3, np.float32)}, tmp_path / "w.safetensors")
    with pytest.raises(FileError, match="holds no pipeline"):
        fl.Pipeline.load(tmp_path / "w.safetensors")


def test_inputs_may_be_left_out():
    pipe = files.from_text(wrong([RELU, {"layer": "max_pool2d", "params": {"kernel_size": 2}}]))
    assert [node.inputs for node in pipe.nodes] == [("image",), ("a",)]
