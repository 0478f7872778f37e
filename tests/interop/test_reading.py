"""What becomes of names, outputs and operators that a network cannot carry as they are."""

from __future__ import annotations

import numpy as np
import pytest

from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline
from tests.interop.models import compared, constant, model, node, saved


def read(made, folder):
    return import_onnx(saved(made, folder), kind=Pipeline)


@pytest.mark.parametrize(
    ("tensor", "name"),
    [("..", "node"), ("a/../b", "a/b"), ("/a//b/", "a/b"), ("x" * 2000, "x" * 990), ("image", "image_2")],
)
def test_a_tensor_whose_name_no_node_may_have_gets_another(tmp_path, tensor, name):
    made = model([node("Relu", "x", tensor)], tensor)
    assert [each.name for each in compared(made, tmp_path).pipeline.nodes] == [name]


def test_helpers_of_an_operator_that_is_cut_are_cut_with_it(tmp_path):
    pooled = node("LpPool", "x", "y", kernel_shape=[20, 20], pads=[1, 1, 1, 1])
    found = read(model([node("Relu", "x", "r"), pooled], "r y"), tmp_path)
    assert [each.name for each in found.pipeline.nodes] == ["r"]
    assert [left.tensor for left in found.left_out] == ["y"]


def test_outputs_that_are_not_carried_are_said_with_the_reason(tmp_path):
    found = read(model([node("Relu", "x", "y")], "y k z", [constant("k", [1.0])]), tmp_path)
    assert found.outputs == ["y"]
    assert {left.tensor: str(left.reason) for left in found.left_out} == {
        "k": "it is a constant",
        "z": "nothing makes it",
    }


def test_the_picture_itself_may_be_an_output(tmp_path):
    assert compared(model([node("Relu", "x", "y")], "x y"), tmp_path).outputs == ["x", "y"]


def test_an_axis_of_the_batch_that_is_dropped_is_said(tmp_path):
    made = model([node("Relu", "x", "r"), node("ReduceMax", "r", "y", axes=[0, 2, 3], keepdims=0)], "r y")
    assert "the axis of the batch" in str(read(made, tmp_path).left_out[0].reason)


def test_a_constant_that_gives_the_map_another_axis_is_said(tmp_path):
    made = model([node("Relu", "x", "r"), node("Add", "r k", "y")], "r y", [constant("k", np.ones((1,) * 5))])
    assert "more axes" in str(read(made, tmp_path).left_out[0].reason)


@pytest.mark.parametrize("power", [1, 2])
def test_zeros_stay_zeros_where_a_norm_divides(tmp_path, power):
    x = np.random.default_rng(5).standard_normal((1, 6, 8, 10)).astype(np.float32)
    x[:, :, 2:4] = 0
    compared(model([node("LpNormalization", "x", "y", axis=1, p=power)]), tmp_path, x)


@pytest.mark.parametrize("opset", [10, 13])
def test_a_constant_that_would_be_padded_to_any_size_is_not(tmp_path, opset):
    most = [0, 1 << 27]
    named = opset > 10
    pads = [constant("p", most, np.int64)] if named else []
    padded = node("Pad", "k p" if named else "k", "b", **({} if named else {"pads": most}))
    nodes = [node("Relu", "x", "r"), padded, node("Add", "r b", "y")]
    found = read(model(nodes, "r y", [constant("k", [1.0]), *pads], opset=opset), tmp_path)
    assert "too large" in str(found.left_out[0].reason)
