"""Every layer written as ONNX, beside onnxruntime; the PyTorch source of every layer, and what it says."""

from __future__ import annotations

import ast
import importlib

import numpy as np
import onnx
import onnxruntime
import pytest

import filterlab as fl
from filterlab.interop.exporting.onnx import onnx_model
from filterlab.interop.exporting.onnx.builder import OPSET, Model, NoEquivalentError, Site, writer_of
from filterlab.interop.exporting.torch import torch_line, torch_module, writers
from filterlab.interop.importing.folding import Allowance
from filterlab.interop.importing.matrices import layer_of_matrices
from filterlab.layers import layer_types
from tests.interop.models import compared, constant, model, node, runtime

CASES = [
    pytest.param(case, id=f"{key}-{i}")
    for key in layer_types()
    for i, case in enumerate(importlib.import_module(f"tests.layers.test_{key}").CASES)
]
# Layers of which only some options have an equivalent: what is missing are an even number of channels in LRN, windows
# that are cut off in LPPool, positions along two axes; other percentiles than the median, and uneven borders.
PARTLY = {
    "onnx": ("lp_pool2d", "local_response_norm", "reduce"),
    "torch": ("reduce", "median_pool2d", "unfold"),
}


def run(model, feed):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model.SerializeToString(), options).run(None, feed)


def alone(case):
    """A model of one layer, whose inputs may be vectors or several."""
    model = Model(onnx.helper, onnx.numpy_helper)
    names = [f"i{j}" for j in range(len(case.shapes))]
    place = Site(model, "y", names, list(case.shapes), case.layer.output_shape(*case.shapes))
    writer = writer_of(case.layer)
    if writer is None:
        raise NoEquivalentError
    made = writer(place, case.layer)
    helper = onnx.helper
    given = [
        helper.make_tensor_value_info(name, 1, (1, *shape))
        for name, shape in zip(names, case.shapes, strict=True)
    ]
    graph = helper.make_graph(
        model.nodes, "g", given, [helper.make_empty_tensor_value_info(made)], model.constants
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)


@pytest.mark.parametrize("case", CASES)
def test_every_layer_gives_the_same_numbers_as_onnx(case, rng):
    xs = case.inputs(rng, dtype=np.float32)
    try:
        model = alone(case)
    except NoEquivalentError:
        assert writer_of(case.layer) is None or case.layer.key in PARTLY["onnx"]
        return
    found = run(model, {f"i{j}": x for j, x in enumerate(xs)})[0]
    np.testing.assert_allclose(found, case.layer.forward(*xs), rtol=1e-5, atol=5e-6)


@pytest.mark.parametrize("case", CASES)
def test_the_source_of_every_layer_is_python(case):
    pipeline = fl.Pipeline([fl.Node("a-b.c", case.layer, ["image"] * len(case.shapes))])
    if not torch_line(case.layer):
        with pytest.raises(fl.FilterLabError, match=r"node 'a-b\.c'"):
            torch_module(pipeline)
        assert case.layer.key not in writers._WRITERS or case.layer.key in PARTLY["torch"]
        return
    made = torch_module(pipeline)
    ast.parse(made.source)
    assert all(name.startswith("a_b_c.") for name in made.weights)


def residual():
    conv = {"weight": {"init": "kaiming_normal", "seed": 1, "shape": [4, 4, 3, 3]}, "padding": 1}
    first = {
        "weight": {"init": "kaiming_normal", "seed": 2, "shape": [4, 3, 3, 3]},
        "padding": "same",
        "stride": 2,
    }
    return fl.Pipeline(
        [
            fl.Node("stem", fl.Conv2d(**first), ("image",)),
            fl.Node("block/conv", fl.Conv2d(**conv, bias=[0.1, 0.2, 0.3, 0.4]), ("stem",)),
            fl.Node("block/relu", fl.ReLU(), ("block/conv",)),
            fl.Node("sum", fl.Add(), ("stem", "block/relu")),
            fl.Node("off", fl.Sigmoid(), ("sum",), enabled=False),
            fl.Node("gap", fl.GlobalAvgPool2d(), ("off",)),
            fl.Node("flat", fl.Flatten(), ("gap",)),
            fl.Node("softmax", fl.Softmax(labels=["a", "b", "c", "d"]), ("flat",)),
        ]
    )


SIZES = [
    fl.Resize((18, 22), "nearest", coordinates="asymmetric", scale=(2.5, 2.0)),
    fl.Resize((7, 9), coordinates="half_pixel", antialias=True),
    fl.Resize((7, 9), scale=(3.0, 3.0)),
    fl.Upsample((1.3, 0.7), "bicubic"),
]


@pytest.mark.parametrize("layer", SIZES, ids=str)
def test_a_size_that_the_factors_do_not_give_is_written_as_it_is(layer, rng):
    x = rng.random((1, 3, 9, 11), dtype=np.float32)
    found = runtime(onnx_model(fl.Pipeline([("y", layer)]), x.shape[1:]), x, ["y"])["y"]
    np.testing.assert_allclose(found, layer.forward(x), atol=1e-6)


def test_a_network_goes_out_and_comes_in_again(tmp_path, rng):
    pipeline, x = residual(), rng.random((3, 9, 10), dtype=np.float32)
    path = tmp_path / "network.onnx"
    fl.export_onnx(pipeline, path, (3, 9, 10))
    found = fl.import_onnx(path)
    assert found.outputs == ["softmax"]
    assert not found.left_out
    wanted, got = pipeline.run(x), found.pipeline.run(x)
    for name in ("stem", "block/conv", "sum", "softmax"):
        np.testing.assert_allclose(got[name], wanted[name], rtol=1e-5, atol=1e-6)
    assert found.pipeline["softmax"].labels == ("a", "b", "c", "d")
    assert found.tensors["block/relu"] == "block/relu"


def test_the_tensors_of_a_written_network_are_those_of_its_nodes(tmp_path, rng):
    compared(onnx_model(residual(), (3, 9, 10)), tmp_path)


@pytest.mark.parametrize("pool", ["max_pool2d", "min_pool2d", "avg_pool2d"])
@pytest.mark.parametrize("options", [{"padding": 1}, {"ceil_mode": True}, {"padding": ((0, 1), (0, 1))}])
def test_pools_with_a_border_come_in_again(pool, options, tmp_path, rng):
    pipeline = fl.Pipeline([("pool", layer_types()[pool](3, stride=2, **options))])
    fl.export_onnx(pipeline, tmp_path / "pool.onnx", (2, 10, 12))
    found, x = fl.import_onnx(tmp_path / "pool.onnx"), rng.random((2, 10, 12), dtype=np.float32)
    assert not found.left_out
    np.testing.assert_allclose(found.pipeline.run(x)["pool"], pipeline.run(x)["pool"], rtol=1e-6)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "symmetric", "circular"])
def test_borders_of_the_picture_itself_come_in_again(mode, tmp_path, rng):
    pipeline = fl.Pipeline([("pad", fl.Pad(((1, 2), (3, 0)), mode=mode))])
    fl.export_onnx(pipeline, tmp_path / "pad.onnx", (2, 5, 6))
    found, x = fl.import_onnx(tmp_path / "pad.onnx"), rng.random((2, 5, 6), dtype=np.float32)
    assert not found.left_out
    np.testing.assert_array_equal(found.pipeline.run(x)["pad"], pipeline.run(x)["pad"])


NAMED = [
    fl.LayerNorm2d(np.array([1.0, 2.0, 3.0, 4.0])),
    fl.Softplus(),
    fl.Softplus(beta=2.0),
    fl.Threshold(0.2, -1.0),
    fl.ChannelShuffle(2),
    fl.PixelShuffle(2),
]


CROPPING = [
    fl.Pad(padding=padding, mode=mode)
    for mode in ("constant", "reflect", "replicate", "symmetric", "circular")
    for padding in (((-1, 2), (0, 1)), ((-2, -1), (-1, -1)), ((-1, -1), (3, -2)))
]
UNEVEN = [
    fl.AdaptiveAvgPool2d(output_size=(4, 5)),
    fl.AdaptiveMaxPool2d(output_size=(4, 5)),
    fl.Resize(size=(5, 6), antialias=True),
    fl.Resize(size=(5, 6), mode="bicubic", antialias=True),
]


@pytest.mark.parametrize("layer", [*CROPPING, *UNEVEN], ids=str)
def test_a_layer_without_an_operator_of_its_own_gives_the_same_numbers_when_it_comes_in_again(
    layer, tmp_path, rng
):
    pipeline = fl.Pipeline([("layer", layer), ("last", fl.ReLU())])
    fl.export_onnx(pipeline, tmp_path / "layer.onnx", (3, 11, 13))
    found = fl.import_onnx(tmp_path / "layer.onnx")
    assert not found.left_out
    x = rng.standard_normal((3, 11, 13), dtype=np.float32)
    wanted = pipeline.run(x)["last"]
    np.testing.assert_allclose(found.pipeline.run(x)["last"], wanted, rtol=0, atol=1e-6)
    (written,) = run(onnx.load(tmp_path / "layer.onnx"), {"image": x[None]})
    np.testing.assert_allclose(written[0], wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize("layer", NAMED, ids=str)
@pytest.mark.parametrize("size", [(4, 5, 6), (4, 3, 4)])
def test_a_layer_comes_in_again_under_its_name(layer, size, tmp_path, rng):
    """Also of a picture that is no wider than it has channels."""
    pipeline = fl.Pipeline(
        [("first", fl.Conv2d(np.eye(4, dtype=np.float32)[:, :, None, None])), ("node", layer)]
    )
    fl.export_onnx(pipeline, tmp_path / "a.onnx", size)
    found, x = fl.import_onnx(tmp_path / "a.onnx"), rng.standard_normal(size).astype(np.float32)
    assert not found.left_out
    np.testing.assert_allclose(found.pipeline.run(x)["node"], pipeline.run(x)["node"], rtol=1e-5, atol=1e-6)


MATRICES = [
    fl.Resize(8, antialias=True),
    fl.Resize((5, 7), antialias=True),
    fl.Resize((20, 30), "bicubic", antialias=True),
    fl.AdaptiveAvgPool2d((3, 5)),
]


@pytest.mark.parametrize("layer", MATRICES, ids=str)
def test_maps_between_matrices_come_in_again_as_the_layer_that_they_are(layer, tmp_path, rng):
    """Every preprocessing begins with such a resizing."""
    pipeline = fl.Pipeline([("size", layer), ("relu", fl.ReLU())])
    fl.export_onnx(pipeline, tmp_path / "a.onnx", (3, 10, 12))
    found, x = fl.import_onnx(tmp_path / "a.onnx"), rng.standard_normal((3, 10, 12)).astype(np.float32)
    assert (found.left_out, [n.name for n in found.pipeline.nodes]) == ([], ["size", "relu"])
    assert type(found.pipeline["size"]) is type(layer)
    np.testing.assert_allclose(found.pipeline.run(x)["size"], pipeline.run(x)["size"], rtol=1e-5, atol=1e-6)


def test_matrices_that_no_layer_is_are_cut(tmp_path, rng):
    constants = [constant("rows", rng.random((4, 8))), constant("cols", rng.random((10, 5)))]
    nodes = [node("Relu", "x", "r"), node("MatMul", "rows r", "m"), node("MatMul", "m cols", "y")]
    found = compared(model(nodes, "r y", constants), tmp_path)
    assert [left.tensor for left in found.left_out] == ["m", "y"]


def test_a_narrow_map_of_many_channels_is_not_taken_for_one_with_its_channels_last(tmp_path, rng):
    layers = [fl.ChannelShuffle(2), fl.ChannelSlice(1, 5), fl.Flatten(), fl.Flatten("WCH"), fl.Flatten("HWC")]
    x = rng.standard_normal((6, 3, 4)).astype(np.float32)
    for layer in layers:
        pipeline = fl.Pipeline([("relu", fl.ReLU()), ("node", layer)])
        fl.export_onnx(pipeline, tmp_path / "a.onnx", x.shape)
        found = fl.import_onnx(tmp_path / "a.onnx")
        assert (found.size, found.left_out) == ((6, 3, 4), [])
        np.testing.assert_array_equal(found.pipeline.run(x)["node"], pipeline.run(x)["node"])


def test_matrices_are_not_tried_for_ever():
    allowance = Allowance(work=100)
    rows, cols = np.eye(6), np.eye(8)
    assert layer_of_matrices(rows, cols, allowance) is not None
    assert layer_of_matrices(rows[::-1], cols, allowance) is None
    assert layer_of_matrices(rows, cols, allowance) is None


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e38])
def test_matrices_of_other_numbers_are_no_layer(number):
    assert layer_of_matrices(np.full((4, 8), number, np.float32), np.eye(8), Allowance()) is None


@pytest.mark.parametrize(
    ("rows", "cols"),
    [((0, 8), (10, 5)), ((1, 1 << 13), (1 << 13, 1)), ((4, 8), (8, 5)), ((1 << 16, 8), (10, 1))],
)
def test_matrices_of_any_size_are_refused_in_words(rows, cols, tmp_path):
    """Of no rows, of maps that are too large to try, of another map, and of more rows than a layer makes."""
    constants = [constant("rows", np.full(rows, 1 / rows[1])), constant("cols", np.full(cols, 1 / cols[0]))]
    nodes = [node("Relu", "x", "r"), node("MatMul", "rows r", "m"), node("MatMul", "m cols", "y")]
    made = model(nodes, "r y", constants)
    (tmp_path / "a.onnx").write_bytes(made.SerializeToString())
    found = fl.import_onnx(tmp_path / "a.onnx")
    assert [left.tensor for left in found.left_out] == ["m", "y"]


def test_a_median_is_refused_by_name(tmp_path):
    pipeline = fl.Pipeline([("noise", fl.MedianPool2d(3, 1, 1))])
    with pytest.raises(fl.FilterLabError, match="node 'noise'.*no equivalent in ONNX"):
        fl.export_onnx(pipeline, tmp_path / "a.onnx", (1, 8, 8))
    assert not list(tmp_path.iterdir())


def test_a_refusal_names_another_format_only_where_it_has_the_layer(tmp_path):
    pipeline = fl.Pipeline([("share", fl.MedianPool2d(3, 1, 1, percentile=20))])
    with pytest.raises(fl.FilterLabError, match=r"in ONNX \(remove the node\)"):
        fl.export_onnx(pipeline, tmp_path / "a.onnx", (1, 8, 8))
    with pytest.raises(fl.FilterLabError, match=r"in PyTorch \(remove the node\)"):
        fl.to_pytorch(pipeline)


def test_names_that_python_does_not_allow_become_others():
    layers = [
        ("3x3", fl.ReLU()),
        ("a-b", fl.ReLU()),
        ("a.b", fl.ReLU()),
        ("forward", fl.ReLU()),
        ("class", fl.ReLU()),
    ]
    source = fl.to_pytorch(fl.Pipeline(layers))
    for name in ("self._3x3 =", "self.a_b =", "self.a_b_2 =", "self._forward =", "self._class ="):
        assert name in source


def test_names_that_the_calls_use_are_no_variables():
    layers = [("sum", fl.ReLU()), ("pad", fl.Pad(1)), ("sum_", fl.Pad(2))]
    source = fl.to_pytorch(fl.Pipeline([*layers, fl.Node("mean", fl.Mean(), ("sum_", "sum_"))]))
    assert "sum__ = self.sum(image)" in source
    assert "pad_ = pad(sum__, " in source
    assert "mean = sum([sum_, sum_]) / len([sum_, sum_])" in source


def test_what_the_source_says_of_a_convolution():
    conv = fl.Conv2d(np.ones((8, 3, 3, 3), np.float32), padding=1)
    assert torch_line(conv) == "nn.Conv2d(3, 8, 3, padding=1, bias=False)"
    assert torch_line(fl.MaxPool2d(2)) == "nn.MaxPool2d(2)"
    assert torch_line(fl.LeakyReLU(0.2)) == "nn.LeakyReLU(0.2)"


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_the_line_of_a_convolution_names_a_padding_mode_that_pytorch_has(mode):
    conv = fl.Conv2d(np.ones((8, 3, 3, 3), np.float32), padding=1, padding_mode=mode)
    assert torch_line(conv) == f"nn.Conv2d(3, 8, 3, padding=1, bias=False, padding_mode='{mode}')"
    # The module takes its border from a function that also reflects pictures which are smaller than it.
    source = torch_module(fl.Pipeline([fl.Node("conv", conv, ["image"])])).source
    assert "nn.Conv2d(3, 8, 3, bias=False)" in source
    assert f"pad(image, [1, 1, 1, 1], '{mode}')" in source


@pytest.mark.parametrize("taken", ["network.py", "network.safetensors"])
def test_source_and_weights_are_written_together_or_not_at_all(tmp_path, taken):
    (tmp_path / taken).write_text("mine")
    with pytest.raises(fl.FilterLabError, match="exists"):
        torch_module(residual()).save(tmp_path / "network.py")
    assert [path.name for path in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "mine"
    torch_module(residual()).save(tmp_path / "network.py", overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["network.py", "network.safetensors"]
