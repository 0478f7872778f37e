"""What becomes of names, outputs and operators that a network cannot carry as they are."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from filterlab.errors import FileError
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


@pytest.mark.parametrize("grown", ["Concat", "Neg", "Cast"])
def test_constants_that_grow_step_by_step_are_cut_before_they_fill_the_memory(tmp_path, grown):
    """Each result alone would be taken, of 24 MiB or of as many texts."""
    size = constant("size", [6 << 20], np.int64)
    nodes = [node("Relu", "x", "r"), node("ConstantOfShape", "size", "k0")]
    for i in range(4):
        options = {"Concat": {"axis": 0}, "Cast": {"to": 8}}.get(grown, {})
        nodes.append(node(grown, f"k{i}", f"k{i + 1}", **options))
    found = read(model([*nodes, node("Add", "r k4", "y")], "r y", [size]), tmp_path)
    first = "k1" if grown == "Cast" else "k4"
    assert (found.left_out[0].tensor, "too large" in str(found.left_out[0].reason)) == (first, True)
    assert [each.name for each in found.pipeline.nodes] == ["r"]


def test_products_of_constants_that_take_minutes_are_cut(tmp_path):
    sizes = [constant("size", [3000, 3000], np.int64)]
    ones = node("ConstantOfShape", "size", "k", value=constant("one", [1], np.int64))
    nodes = [node("Relu", "x", "r"), ones, node("MatMul", "k k", "m"), node("Add", "r m", "y")]
    assert "too large" in str(read(model(nodes, "r y", sizes), tmp_path).left_out[0].reason)


def test_large_maps_are_not_rearranged_again_and_again(tmp_path):
    nodes = [node("Relu", "x", "k0")]
    for i in range(0, 40, 2):
        nodes.append(node("Reshape", f"k{i} three", f"k{i + 1}"))
        nodes.append(node("Transpose", f"k{i + 1}", f"k{i + 2}", perm=[1, 0, 2]))
    three = [constant("three", [8, -1, 4], np.int64)]
    found = read(model(nodes, "k40", three, shape=(1, 6, 4096, 320)), tmp_path)
    assert "too many large maps are rearranged before it" in [str(left.reason) for left in found.left_out]


@pytest.mark.parametrize("kind", ["Squeeze", "Split", "Reshape", "Nothing"])
def test_reasons_are_lines_that_a_person_reads(tmp_path, kind):
    nodes = [node("Relu", "x", "r"), node(kind, "r k", "y"), node("Add", "y r", "z")]
    nodes[1].output[0] = nodes[2].input[0] = "y" * 5000
    found = read(model(nodes, "r z", [constant("k", np.linspace(0, 1, 900))]), tmp_path)
    assert [left.operator for left in found.left_out] == [kind, "Add"]
    assert all(len(left.reason) < 200 for left in found.left_out)


@pytest.mark.parametrize("channels", [1, 6])
def test_a_branch_that_the_size_decides_is_taken(tmp_path, channels):
    """Exporters ask for the sizes of axes that they want to drop."""
    empty = onnx.helper.make_empty_tensor_value_info
    narrow = onnx.helper.make_graph([node("Neg", "r", "inner")], "narrow", [], [empty("inner")])
    wide = onnx.helper.make_graph([node("Reshape", "r five", "inner")], "wide", [], [empty("inner")])
    nodes = [
        node("Relu", "x", "r"),
        node("Shape", "r", "shape"),
        node("Gather", "shape one", "c"),
        node("Equal", "c one", "narrow"),
        node("If", "narrow", "branch", then_branch=narrow, else_branch=wide),
        node("Reshape", "branch four", "y"),
    ]
    numbers = [constant("one", [1], np.int64), constant("four", [1, -1, 8, 10], np.int64)]
    numbers.append(constant("five", [1, 1, 6, 8, 10], np.int64))
    found = compared(model(nodes, constants=numbers, shape=(1, channels, 8, 10)), tmp_path)
    assert not found.left_out
    assert "inner" not in {tensor for _, tensor in found.nodes} | found.merged.keys()


@pytest.mark.parametrize(("pads", "left_out"), [((2, 2), 0), ((1, 3), 0), ((-1, 5), 4)])
def test_averages_over_channels_as_pytorch_writes_its_local_response_norm(tmp_path, pads, left_out):
    nodes = [
        node("Reshape", "x five", "r"),
        node("Pad", "r pads", "p"),
        node("AveragePool", "p", "a", kernel_shape=[5, 1, 1], strides=[1, 1, 1]),
        node("Squeeze", "a one", "y"),
    ]
    numbers = [constant("five", [1, 1, 6, 8, 10], np.int64), constant("one", [1], np.int64)]
    numbers.append(constant("pads", [0, 0, pads[0], 0, 0, 0, 0, pads[1], 0, 0], np.int64))
    made = model([node("Abs", "x", "z"), *nodes], "y z", numbers)
    if left_out:
        assert len(read(made, tmp_path).left_out) == left_out
    else:
        assert compared(made, tmp_path).merged.keys() == {"r", "p", "a"}


def test_numbers_beyond_every_range_are_read_without_a_word(tmp_path):
    """Warnings are errors here: of the scale of a constant, and of weights that float32 cannot hold."""
    numbers = [constant("q", np.full(4, 100), np.int8), constant("scale", 1e38)]
    numbers.append(constant("w", np.full((4, 6, 1, 1), 1e300), np.float64))
    nodes = [node("DequantizeLinear", "q scale", "b"), node("Conv", "x w", "c"), node("Conv", "x w b", "y")]
    found = read(model(nodes, "c y", numbers), tmp_path)
    assert [left.tensor for left in found.left_out] == ["y"]
    assert np.isinf(found.pipeline.run(np.ones((6, 8, 10), np.float32))["c"]).all()


def test_data_behind_a_link_that_leads_nowhere_is_refused(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    made = model([node("Add", "x k", "y")], constants=[constant("k", [1.0])])
    tensor = made.graph.initializer[0]
    tensor.data_location = tensor.EXTERNAL
    tensor.external_data.add(key="location", value="loop")
    with pytest.raises(FileError, match="which is no file in the model's folder"):
        read(made, tmp_path)


def places(found):
    """Where each tensor is told: {tensor: name of its node, "merged into ..." or the reason why it is left out}."""
    told = {tensor: name for name, tensor in found.nodes}
    told |= {tensor: f"merged into {name}" for tensor, name in found.merged.items()}
    assert told.keys().isdisjoint(left.tensor for left in found.left_out)
    return told | {left.tensor: f"{left.operator}: {left.reason}" for left in found.left_out}


KERNELS = constant("w", np.linspace(-1, 1, 4 * 6).reshape(4, 6, 1, 1))


def test_a_map_whose_channels_are_moved_is_still_that_of_its_node(tmp_path):
    nodes = [
        node("Conv", "x w", "c"),
        node("Transpose", "c", "last", perm=[0, 2, 3, 1]),
        node("Relu", "last", "r"),
        node("Transpose", "r", "y", perm=[0, 3, 1, 2]),
    ]
    found = compared(model(nodes, constants=[KERNELS]), tmp_path)
    assert places(found) == {"c": "c", "last": "c", "r": "r", "y": "r"}
    assert [n.name for n in found.pipeline.nodes] == ["c", "r"]


def test_the_picture_with_its_channels_moved_has_no_node(tmp_path):
    nodes = [node("Transpose", "x", "first", perm=[0, 3, 1, 2]), node("Conv", "first w", "y")]
    found = compared(model(nodes, constants=[KERNELS], shape=(1, 8, 10, 6)), tmp_path)
    assert places(found) == {"first": "merged into image", "y": "y"}
    prepared = import_onnx(
        saved(model(nodes, constants=[KERNELS], shape=(1, 8, 10, 6)), tmp_path), None, "resize"
    )
    assert prepared.merged == {"first": "resize"}


def test_a_tensor_that_holds_a_map_in_another_order_is_told(tmp_path):
    turned = {"perm": [0, 1, 3, 2]}
    nodes = [
        node("Conv", "x w", "c"),
        node("Transpose", "c", "t", **turned),
        node("Relu", "t", "r"),
        node("Transpose", "r", "y", **turned),
    ]
    assert places(compared(model(nodes, constants=[KERNELS]), tmp_path)) == {
        "c": "c",
        "t": "merged into c",
        "r": "merged into r",
        "y": "r",
    }
    cut = read(model(nodes[:2], "t", [KERNELS]), tmp_path)
    assert (places(cut)["t"], cut.outputs) == ("Transpose: it has the axes NCWH", [])


SHUFFLE = [
    node("Reshape", "x five", "r"),
    node("Transpose", "r", "t", perm=[0, 2, 1, 3, 4]),
    node("Reshape", "t four", "y"),
]
LAID_OUT = [constant("five", [1, 2, 3, 8, 10], np.int64), constant("four", [1, 6, 8, 10], np.int64)]


def test_the_inside_of_a_shuffle_is_merged_unless_somebody_else_needs_it(tmp_path):
    inside = {"t": "merged into y", "y": "y"}
    assert places(compared(model(SHUFFLE, "y", LAID_OUT), tmp_path)) == {"r": "merged into y", **inside}
    why = "Reshape: no layer lays the numbers out as [1, 2, 3, 8, 10]"
    assert places(compared(model(SHUFFLE, "r y", LAID_OUT), tmp_path)) == {"r": why, **inside}
    read_twice = [*SHUFFLE, node("Relu", "r", "z")]
    told = places(compared(model(read_twice, "y z", LAID_OUT), tmp_path))
    assert (told["r"], told["y"]) == (why, "y")
    assert told["z"].startswith("Relu: ")


def test_operators_are_read_in_the_order_of_evaluation(tmp_path):
    nodes = [
        node("Relu", "s", "y"),
        node("Add", "c x6", "s"),
        node("Conv", "x w", "c"),
        node("Abs", "c", "x6"),
    ]
    found = compared(model(nodes, constants=[KERNELS]), tmp_path)
    assert [n.name for n in found.pipeline.nodes] == ["c", "x6", "s", "y"]
    assert found.left_out == []


def test_operators_that_depend_on_themselves_are_cut(tmp_path):
    nodes = [node("Add", "b r", "a"), node("Relu", "a", "b"), node("Relu", "x", "r"), node("Relu", "b", "y")]
    told = places(read(model(nodes, "r y"), tmp_path))
    assert told["a"] == "Add: it reads 'b', which depends on it"
    assert (told["b"], told["y"], told["r"]) == (
        "Relu: it reads 'a', which is not carried",
        "Relu: it reads 'b', which is not carried",
        "r",
    )


def test_every_tensor_of_a_network_has_one_place(tmp_path):
    numbers = [constant(name, np.linspace(1, 2, 4)) for name in ("s", "b", "m", "v")]
    nodes = [
        node("Conv", "x w", "c"),
        node("BatchNormalization", "c s b m v", "n"),
        node("Sigmoid", "n", "gate"),
        node("Mul", "n gate", "silu"),
        node("Identity", "silu", "same"),
        node("Shape", "same", "shape"),
        node("GlobalAveragePool", "same", "pooled"),
        node("Flatten", "pooled", "vector"),
        node("Softmax", "vector", "y"),
        node("NonZero", "same", "where"),
    ]
    found = compared(model(nodes, "y same where", [KERNELS, *numbers]), tmp_path)
    assert places(found) == {
        "c": "c",
        "n": "n",
        "gate": "merged into silu",
        "silu": "silu",
        "same": "silu",
        "pooled": "pooled",
        "vector": "vector",
        "y": "y",
        "where": "NonZero: no layer does what it does",
    }
    assert found.outputs == ["y", "same"]
