"""The file format: what is written is read back, and what is wrong is named."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

import filterlab as fl
from filterlab.errors import FileError, FilterLabError
from filterlab.resources import resource
from filterlab.run import files


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
        (wrong([{**RELU, "name": 3}]), "name 3 is not allowed"),
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
        (kernel("[" * 900 + "1" + "]" * 900), "node 'a', Filter2d: kernel is nested too deep"),
        (kernel("9" * 5000), "thousands of digits"),
        (kernel("9" * 400), "node 'a', Filter2d: kernel holds something that is not a number"),
        (
            kernel('{"init": "zeros", "shape": [30000, 30000]}'),
            "node 'a', Filter2d: kernel .*900000000 numbers",
        ),
        (kernel('{"preset": "sobel", "self": 3}'), "node 'a', Filter2d: kernel.*no parameter 'self'"),
        (wrong([{**RELU, "params": {"self": 1}}]), "node 'a', ReLU: there is no parameter 'self'"),
        (wrong([{**RELU, "name": "n" * 1001}]), "the name .* has 1001 letters"),
        (wrong([{**RELU, "name": [[[]]] * 999}]), "the name \\[\\[\\[\\]\\].* is not allowed"),
        (wrong([{**RELU, "name": "a\nb\ud800"}]), "the name 'a.nb.ud800' is not allowed"),
        (wrong([{**RELU, "layer": "relu" * 999}]), "there is no layer 'relu"),
        (wrong([{**RELU, "inputs": ["b" * 9999]}]), "its input 'bbb.* does not exist"),
        (wrong([{**RELU, "x" * 9999: 1}]), "the key 'xxx.* is not known"),
        ('{"format" "filterlab/1"}', "not JSON: a colon is missing"),
        ('{"format": "filterlab/1",}', "not JSON: a key in double quotes is missing|a comma too many"),
        ('{"format": "filterlab/1", "nodes": []} x', "not JSON: something follows its end"),
        ('{"format": "filterlab/1', "not JSON: a string has no end"),
        ('{"format": "filter\\lab/1"}', "not JSON: a backslash stands for no letter"),
        ('{"format": 1e5, "nodes": [3 4]}', "not JSON: a comma or a closing bracket is missing"),
        ('{"format": "filterlab/1", "nodes": [], "nodes": []}', "'nodes' occurs twice"),
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


BATCH = {"init": "zeros", "shape": [1024, 1024, 8, 8]}  # a quarter of what one pipeline may ask for


def test_all_recipes_of_a_file_together_are_bounded():
    nodes = [{"name": f"n{i}", "layer": "conv2d", "params": {"weight": BATCH}} for i in range(4)]
    assert len(files.from_text(wrong(nodes))) == 4
    one = {"weight": {"init": "zeros", "shape": [1, 1, 1, 1]}}
    with pytest.raises(FileError, match="node 'last', Conv2d: with weight, .* 268435457 numbers") as caught:
        files.from_text(wrong([*nodes, {"name": "last", "layer": "conv2d", "params": one}]))
    assert (caught.value.node, caught.value.parameter) == ("last", "weight")


def test_a_file_of_more_nodes_than_any_network_has_is_refused_at_once():
    with pytest.raises(FileError, match="it has 10001 nodes .a pipeline has at most 10000"):
        files.from_text(wrong([RELU] * 10_001))


def test_reading_a_file_and_its_shapes_makes_no_weights(monkeypatch):
    def fail(*_):
        raise AssertionError("numbers were made")

    monkeypatch.setattr("filterlab.layers.base.weights.make_init", fail)
    monkeypatch.setattr("filterlab.layers.base.weights._made", fail)
    pipeline = fl.Pipeline.load(resource("pipelines", "vgg16.json"))
    pipeline.output_shapes((3, 224, 224))
    assert sum(node.layer.parameter_count() for node in pipeline) == 138_357_544
    preset = {"kernel": {"preset": "gaussian", "size": 255}}
    text = wrong(
        [
            {"name": "a", "layer": "filter2d", "params": preset},
            {"name": "b", "layer": "prelu", "params": {"weight": {"init": "ones", "shape": [3]}}},
        ]
    )
    assert files.from_text(text).output_shapes((3, 9, 9)) == {"a": (3, 9, 9), "b": (3, 9, 9)}


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_a_pipe_is_refused_at_once(tmp_path, suffix):
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"link{suffix}").symlink_to(tmp_path / f"pipe{suffix}")
    (tmp_path / f"zero{suffix}").symlink_to("/dev/zero")
    for name in ("pipe", "link", "zero"):
        with pytest.raises(FileError, match="it is not a regular file"):
            fl.Pipeline.load(tmp_path / f"{name}{suffix}")


def test_a_text_too_large_to_be_taken_apart_is_not_read(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as stream:
        stream.truncate(files.LARGEST_TEXT + 1)  # sparse: it takes no room
    with pytest.raises(FileError, match="1,073,741,825 bytes.*save it as .safetensors"):
        fl.Pipeline.load(path)


@pytest.mark.parametrize(
    "name", ["a\0b.json", "\ud800.json", "n" * 300 + ".json", "file/inside.json", "loop.json"]
)
def test_names_that_the_system_refuses(tmp_path, name):
    (tmp_path / "file").write_text("{}")
    (tmp_path / "loop.json").symlink_to("loop.json")
    with pytest.raises(FileError) as caught:
        fl.Pipeline.load(tmp_path / name)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


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


def _header(text: bytes, rest: bytes = b"") -> bytes:
    return len(text).to_bytes(8, "little") + text + rest


@pytest.mark.parametrize(
    "content",
    [
        _header(b"[" * 100_000),
        _header(b'{"a":' * 100_000),
        _header(b"\xff\xfe"),
        _header(b"[]"),
        _header(b'{"w": 1, "w": 2}'),
        _header(b"9" * 5000),
        (2**63).to_bytes(8, "little") + b"{}",
        b"\xff" * 7,
    ],
)
def test_headers_of_any_kind_are_refused_with_plain_errors(content):
    with pytest.raises(FileError, match="not a safetensors file, or was cut short"):
        files.from_safetensors(content)


@pytest.mark.parametrize("graph", ["[" * 100_000, "{", 3, None, ["x"]])
def test_a_header_without_a_graph_is_refused(graph):
    content = _header(json.dumps({"__metadata__": {"filterlab": graph}}).encode())
    with pytest.raises(FileError) as caught:
        files.from_safetensors(content)
    assert len(str(caught.value)) < 300


def test_tensors_that_do_not_fit_their_header():
    graph = json.dumps({"format": "filterlab/1", "nodes": []})
    entry = {"dtype": "F32", "shape": [2**62, 4], "data_offsets": [0, 8]}
    header = json.dumps({"__metadata__": {"filterlab": graph}, "w": entry}).encode()
    with pytest.raises(FileError, match="not a safetensors file, or was cut short"):
        files.from_safetensors(_header(header, bytes(8)))


def test_inputs_may_be_left_out():
    pipe = files.from_text(wrong([RELU, {"layer": "max_pool2d", "params": {"kernel_size": 2}}]))
    assert [node.inputs for node in pipe.nodes] == [("image",), ("a",)]
