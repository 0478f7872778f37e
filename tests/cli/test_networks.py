"""`filterlab import`, `export` and `diff`: what they write, print, and refuse."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main
from tests.interop.models import constant, model, node, saved
from tests.interop.test_exporting import residual


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "network.onnx"
    fl.export_onnx(residual(), path, (3, 9, 10))
    return path


@pytest.fixture
def photo(tmp_path, rng):
    path = tmp_path / "photo.npy"
    np.save(path, rng.random((3, 9, 10), dtype=np.float32))
    return path


def test_import_writes_a_pipeline_and_says_what_became_of_the_tensors(network, tmp_path, capsys):
    out = tmp_path / "network.safetensors"
    assert main(["import", str(network), "--out", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pipeline"] == str(out)
    assert {"name": "block/conv", "tensor": "block/conv"} in found["nodes"]
    assert (found["outputs"], found["left_out"]) == (["softmax"], [])
    assert len(fl.Pipeline.load(out)) == len(fl.Pipeline.load(network)) == 7


def test_import_puts_nothing_before_the_network_unasked(network, tmp_path, capsys):
    out = tmp_path / "network.json"
    assert main(["import", str(network), "--out", str(out), "--preprocess", "imagenet+bgr"]) == 0
    assert "before the network: imagenet+bgr" in capsys.readouterr().out
    names = [n.name for n in fl.Pipeline.load(out).nodes]
    assert names[:4] == ["resize", "normalize", "bgr", "stem"]


def test_import_names_what_it_leaves_out(tmp_path, capsys):
    made = model([node("Relu", "x", "r"), node("NonZero", "r", "z"), node("Cast", "z", "y", to=1)], "y")
    assert main(["import", str(saved(made, tmp_path)), "--out", str(tmp_path / "p.json"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["tensor"] for entry in found["left_out"]] == ["z", "y"]
    assert found["left_out"][0] == {"tensor": "z", "op": "NonZero", "reason": "no layer does what it does"}
    assert found["outputs"] == []


def test_the_document_of_an_import_has_its_remarks(tmp_path, capsys):
    made = model([node("Cast", "x", "h", to=10), node("Relu", "h", "y")])
    assert main(["import", str(saved(made, tmp_path)), "--out", str(tmp_path / "p.json"), "--json"]) == 0
    assert "rounds to 16 bits" in json.loads(capsys.readouterr().out)["remarks"][0]


def test_names_of_nodes_are_those_of_the_tensors_as_far_as_files_may_have_them(tmp_path, capsys):
    from onnx import helper

    names = ["/A/b:0", "a/b_0", "A/B  0", "n{}&=n"]
    nodes = [helper.make_node("Relu", [x], [y]) for x, y in pairwise(["x", *names])]
    made = model(nodes, "y")
    made.graph.output[0].name = names[-1]
    assert main(["import", str(saved(made, tmp_path)), "--out", str(tmp_path / "p.json"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["tensor"] for entry in found["nodes"]] == names
    # Names that differ by their case alone would be one file on some systems.
    assert [entry["name"] for entry in found["nodes"]] == ["A/b_0", "a/b_0_2", "A/B_0_3", "n_n"]
    assert found["outputs"] == names[-1:]


WRONG = [
    (["--size", "3x9x9"], "contradicts the file, whose input is 3x9x10"),
    (["--preprocess", "imagnet"], "did you mean 'imagenet'"),
    (["--preprocess", "mean=1,2;std=1"], "mean has 2 numbers for 3 channels"),
    (["--labels", "missing.txt"], "missing.txt: it cannot be read"),
    (["--labels", "imagnet"], "(give a text file, or one of imagenet)"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_import_refuses_in_one_line(network, tmp_path, capsys, arguments, words):
    out = tmp_path / "p.json"
    assert main(["import", str(network), "--out", str(out), *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not out.exists()


def test_import_keeps_an_existing_file(network, tmp_path, capsys):
    out = tmp_path / "p.json"
    out.write_text("mine")
    assert main(["import", str(network), "--out", str(out)]) == 2
    assert out.read_text() == "mine"
    assert main(["import", str(network), "--out", str(out), "--overwrite"]) == 0


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ([("a", (1, 3, 8, 8)), ("b", (1, 3, 8, 8))], "it has 2 inputs"),
        ([("a", (4, 3, 8, 8))], "it has a fixed batch of 4"),
        ([("a", (1, 3, None, None))], "the file leaves its size open: 3x?x?"),
    ],
)
def test_models_of_another_kind_are_refused_by_name(tmp_path, capsys, inputs, words):
    from onnx import helper

    made = model([node("Relu", "a", "y")])
    del made.graph.input[:]
    made.graph.input.extend(helper.make_tensor_value_info(name, 1, shape) for name, shape in inputs)
    assert main(["import", str(saved(made, tmp_path)), "--out", str(tmp_path / "p.json")]) == 2
    assert words in capsys.readouterr().err


LINES = [constant("w", np.ones((4, 6, 3)))]
KERNEL = [constant("w", np.ones((4, 6, 3, 3)))]
LAST = [node("Transpose", "x", "t", perm=[0, 3, 1, 2]), node("Conv", "t w", "y")]
CONV = [node("Conv", "x w", "y")]
SIZES = [
    (CONV, KERNEL, (1, 6, 8, 10), "6x8x10", ""),
    (CONV, KERNEL, (1, 6, 8, 10), "6x10x8", "the size 6x10x8 contradicts the file, whose input is 6x8x10"),
    (LAST, KERNEL, (1, 8, 10, 6), "6x8x10", ""),
    (LAST, KERNEL, (1, 8, 10, 6), "8x10x6", "the size 8x10x6 contradicts the file, whose input is 6x8x10"),
    (LAST, KERNEL, ("n", "h", "w", 6), "6x8x10", ""),
    ([node("Relu", "x", "y")], [], (1, 8, 10, 3), "3x8x10", ""),
    ([node("Relu", "x", "y")], [], (1, 8, 10, 3), "8x10x3", ""),
    (LAST, KERNEL, ("n", "h", "w", 6), None, "the file leaves its size open: 6x?x?"),
    (
        CONV,
        KERNEL,
        ("n", 6, "h", "w"),
        "3x8x10",
        "the size 3x8x10 contradicts the file, whose input is 6x?x?",
    ),
    (CONV, KERNEL, None, "6x8x10", ""),
    (CONV, KERNEL, None, None, "the file leaves its size open: ?x?x?"),
    (CONV, LINES, ("n", 6, "l"), "6x1x20", ""),
    (CONV, LINES, ("n", 6, "l"), "6x2x20", "the size 6x2x20 contradicts the file, whose input is 6x1x?"),
    (CONV, LINES, ("n", 6), "6x2x20", "it has 2 axes"),
]


@pytest.mark.parametrize(("nodes", "constants", "shape", "size", "words"), SIZES)
def test_a_size_is_channels_height_width_and_fills_in_what_is_open(
    tmp_path, capsys, nodes, constants, shape, size, words
):
    made = model(nodes, constants=constants, shape=shape or (1,))
    if shape is None:
        made.graph.input[0].type.tensor_type.ClearField("shape")
    given = [] if size is None else ["--size", size]
    arguments = ["import", str(saved(made, tmp_path)), "--out", str(tmp_path / "p.json"), *given]
    assert main(arguments) == (2 if words else 0)
    said = capsys.readouterr()
    assert words in said.err
    assert words or f"1 node for a picture of {size}\n" in said.out


def test_labels_are_those_of_the_file_or_of_a_text(network, tmp_path, capsys):
    names = tmp_path / "names.txt"
    names.write_text("cat\ndog\nbird\nfish\n")
    out = tmp_path / "p.json"
    assert main(["import", str(network), "--out", str(out), "--labels", str(names)]) == 0
    assert fl.Pipeline.load(out)["softmax"].labels == ("cat", "dog", "bird", "fish")
    assert fl.Pipeline.load(network)["softmax"].labels == ("a", "b", "c", "d")


def test_the_classes_of_imagenet_come_with_the_program(network, tmp_path, capsys):
    weight = constant("w", np.ones((1000, 6)))
    nodes = [
        node("GlobalAveragePool", "x", "p"),
        node("Flatten", "p", "f"),
        node("Gemm", "f w", "s", transB=1),
        node("Softmax", "s", "y"),
    ]
    path, out = saved(model(nodes, constants=[weight]), tmp_path), tmp_path / "p.safetensors"
    arguments = ["import", "--out", str(out), "--labels", "imagenet", "--overwrite"]
    assert main([*arguments, str(path)]) == 0
    labels = fl.Pipeline.load(out)["y"].labels
    known = {134: "crane bird", 281: "tabby", 517: "crane", 638: "maillot", 999: "toilet tissue"}
    assert {number: labels[number] for number in known} == known
    assert len(set(labels)) == 1000
    assert fl.import_onnx(path, labels="imagenet").pipeline["y"].labels == labels
    capsys.readouterr()
    assert main([*arguments, str(network)]) == 0
    assert "the names of 1000 classes are not used: no softmax has as many" in capsys.readouterr().out


def test_weights_beside_the_model_must_be_in_its_folder(tmp_path, capsys):
    made = model([node("Conv", "x w", "y")], constants=[constant("w", np.ones((2, 6, 1, 1)))])
    tensor = made.graph.initializer[0]
    data = tensor.raw_data
    tensor.ClearField("raw_data")
    tensor.data_location = 1
    tensor.external_data.add(key="location", value="w.bin")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "w.bin").write_bytes(data)
    found = fl.import_onnx(saved(made, folder))
    assert (found.pipeline["y"].weight == 1).all()
    tensor.external_data[0].value = "../w.bin"
    (tmp_path / "w.bin").write_bytes(data)
    with pytest.raises(fl.FilterLabError, match="no file in the model's folder"):
        fl.import_onnx(saved(made, folder))


def test_run_info_and_explain_take_the_model_itself(network, photo, tmp_path, capsys):
    out = tmp_path / "maps"
    assert main(["run", str(network), str(photo), "--out", str(out), "--format", "npy"]) == 0
    assert (out / "photo" / "softmax.npy").exists()
    capsys.readouterr()
    assert main(["info", str(network), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["shape"] == [4, 5, 5]
    assert main(["explain", str(network), str(photo), "sum", "1", "2", "3"]) == 0


def test_export_writes_what_runs_elsewhere(network, tmp_path, capsys):
    source, copy = tmp_path / "net.py", tmp_path / "copy.onnx"
    assert main(["export", str(network), "--to", "pytorch", "--out", str(source), "--json"]) == 0
    weights = source.with_suffix(".safetensors")
    assert json.loads(capsys.readouterr().out) == {"files": [str(source), str(weights)]}
    assert weights.exists()
    assert main(["export", str(network), "--to", "onnx", "--out", str(copy)]) == 0
    again = fl.Pipeline.load(copy)
    assert [n.name for n in again.nodes][:3] == ["stem", "block/conv", "block/relu"]


def test_export_of_a_pipeline_needs_a_size_and_an_equivalent(tmp_path, capsys):
    path = tmp_path / "p.json"
    fl.Pipeline([("noise", fl.MedianPool2d(3, 1, 1))]).save(path)
    assert main(["export", str(path), "--to", "onnx", "--out", str(tmp_path / "p.onnx")]) == 2
    assert "give --size CxHxW" in capsys.readouterr().err
    sized = ["--size", "3x8x8"]
    assert main(["export", str(path), "--to", "onnx", "--out", str(tmp_path / "p.onnx"), *sized]) == 2
    assert "node 'noise'" in capsys.readouterr().err
    assert main(["export", str(path), "--to", "safetensors", "--out", str(tmp_path / "p.onnx")]) == 2
    assert "use .safetensors" in capsys.readouterr().err


def test_diff_names_the_first_node_that_differs(network, photo, tmp_path, capsys):
    pipeline = residual()
    conv = pipeline["block/conv"]
    other = tmp_path / "other.safetensors"
    pipeline.with_layers({"block/conv": conv.replace(bias=conv.bias + np.float32(0.5))}).save(other)
    assert main(["diff", str(network), str(other), str(photo), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["first"] == "block/conv"
    rows = {row["name"]: row for row in found["nodes"]}
    assert rows["stem"]["relative"] < 1e-5
    assert rows["block/conv"]["largest"] == pytest.approx(0.5, rel=1e-4)
    assert main(["diff", str(network), str(network), str(photo)]) == 0
    assert "no node differs" in capsys.readouterr().out


def test_pipelines_without_a_common_node_cannot_be_compared(network, photo, tmp_path, capsys):
    path = tmp_path / "p.json"
    fl.Pipeline([("blur", fl.Filter2d(fl.kernels.box(3)))]).save(path)
    assert main(["diff", str(network), str(path), str(photo)]) == 2
    assert "no node in common" in capsys.readouterr().err


def normalised(outputs="y"):
    """Two convolutions with a batch norm each, the first of which is read by a sum as well."""
    numbers = [constant(name, np.linspace(1, 2, 6)) for name in ("s", "b", "m", "v")]
    nodes = [
        node("Conv", "x w", "c1"),
        node("BatchNormalization", "c1 s b m v", "n1"),
        node("Conv", "n1 w", "c2"),
        node("BatchNormalization", "c2 s b m v", "n2"),
        node("Add", "c2 n2", "y"),
    ]
    weight = constant("w", np.linspace(-1, 1, 36).reshape(6, 6, 1, 1))
    return model(nodes, outputs, constants=[weight, *numbers])


def test_batch_norms_are_folded_where_that_is_asked_for(tmp_path, capsys):
    path, out = saved(normalised(), tmp_path), tmp_path / "p.json"
    arguments = ["import", str(path), "--out", str(out), "--overwrite", "--json"]
    assert main(arguments) == 0
    plain = json.loads(capsys.readouterr().out)
    assert ([entry["name"] for entry in plain["nodes"]], plain["merged"]) == (
        ["c1", "n1", "c2", "n2", "y"],
        [],
    )
    assert main([*arguments, "--fold-batch-norms"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["tensor"] for entry in found["nodes"]] == ["n1", "c2", "n2", "y"]
    assert found["merged"] == [{"tensor": "c1", "into": "n1"}]
    assert found["folding"] == {
        "folded": [{"name": "c1", "into": "n1"}],
        "kept": [{"name": "n2", "reason": "'c2' is read by 'y', too"}],
    }
    x = np.random.default_rng(0).standard_normal((6, 8, 10)).astype(np.float32)
    one, other = fl.Pipeline.load(path).run(x), fl.Pipeline.load(out).run(x)
    np.testing.assert_allclose(other["y"], one["y"], rtol=1e-5, atol=1e-5)


def test_an_output_of_the_file_is_not_folded_away(tmp_path, capsys):
    path = saved(normalised("c1 n1 y"), tmp_path)
    assert main(["import", str(path), "--out", str(tmp_path / "p.json"), "--fold-batch-norms"]) == 0
    printed = capsys.readouterr().out
    assert "folded: 0 nodes\nnot folded: 2 nodes\n" in printed
    assert "n1: 'c1' is an output of the network" in printed


def test_export_folds_as_well(tmp_path, capsys):
    path, out = saved(normalised(), tmp_path), tmp_path / "p.safetensors"
    assert main(["export", str(path), "--to", "safetensors", "--out", str(out), "--fold-batch-norms"]) == 0
    assert "folded: 1 node\n  c1 into n1\n" in capsys.readouterr().out
    assert [n.name for n in fl.Pipeline.load(out).nodes] == ["n1", "c2", "n2", "y"]
