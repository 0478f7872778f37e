"""Each operator that is carried, by itself, beside onnxruntime."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto

from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline
from tests.interop.models import SHAPE, compared, constant, model, node, runtime, saved

RNG = np.random.default_rng(0)


def weights(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


W, B = constant("w", weights(4, 6, 3, 3)), constant("b", weights(4))
GROUPED, DEPTHWISE = constant("w", weights(4, 3, 3, 2)), constant("w", weights(6, 1, 3, 3))

CONVOLUTIONS = [
    ({}, [W]),
    ({}, [W, B]),
    ({"strides": [2, 3], "pads": [1, 0, 2, 1]}, [W, B]),
    ({"dilations": [2, 1], "pads": [2, 2, 2, 2]}, [W]),
    ({"group": 2}, [GROUPED]),
    ({"group": 6, "pads": [1, 1, 1, 1]}, [DEPTHWISE]),
    ({"auto_pad": "SAME_UPPER", "strides": [2, 2]}, [W]),
    ({"auto_pad": "SAME_LOWER", "strides": [2, 3]}, [W]),
    ({"auto_pad": "VALID"}, [W]),
]


@pytest.mark.parametrize(("attributes", "constants"), CONVOLUTIONS)
def test_convolution(tmp_path, attributes, constants):
    inputs = "x w b" if len(constants) == 2 else "x w"
    compared(model([node("Conv", inputs, "y", **attributes)], constants=constants), tmp_path)


TRANSPOSED = [
    {},
    {"strides": [2, 3], "pads": [1, 0, 0, 1], "output_padding": [1, 0]},
    {"strides": [2, 2], "output_shape": [17, 20]},
    {"strides": [2, 2], "auto_pad": "SAME_UPPER"},
    {"strides": [2, 2], "auto_pad": "SAME_LOWER"},
    {"dilations": [2, 2]},
]


@pytest.mark.parametrize("attributes", TRANSPOSED)
def test_transposed_convolution(tmp_path, attributes):
    constants = [constant("w", weights(6, 2, 3, 3)), constant("b", weights(4))]
    compared(
        model([node("ConvTranspose", "x w b", "y", group=2, **attributes)], constants=constants), tmp_path
    )


POOLS = [
    ("MaxPool", {"kernel_shape": [2, 3]}),
    ("MaxPool", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    ("MaxPool", {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
    ("MaxPool", {"kernel_shape": [2, 2], "dilations": [2, 3]}),
    ("MaxPool", {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_LOWER"}),
    ("AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2]}),
    ("AveragePool", {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
    ("AveragePool", {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1}),
    ("AveragePool", {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
    ("AveragePool", {"kernel_shape": [2, 2], "auto_pad": "SAME_UPPER"}),
    ("LpPool", {"kernel_shape": [2, 2], "p": 2}),
    ("LpPool", {"kernel_shape": [2, 2], "strides": [2, 2], "p": 3, "pads": [1, 1, 0, 0]}),
    ("GlobalAveragePool", {}),
    ("GlobalMaxPool", {}),
    ("GlobalLpPool", {"p": 2}),
]


@pytest.mark.parametrize(("kind", "attributes"), POOLS)
def test_pooling(tmp_path, kind, attributes):
    compared(model([node(kind, "x", "y", **attributes)]), tmp_path)


def test_an_average_of_cells_that_lie_apart(tmp_path):
    kernel = {"kernel_shape": [2, 2], "dilations": [2, 2]}
    compared(model([node("AveragePool", "x", "y", **kernel)], opset=19), tmp_path)


REDUCTIONS = ["Mean", "Max", "Min", "Sum", "L1", "L2", "SumSquare"]


@pytest.mark.parametrize("kind", REDUCTIONS)
@pytest.mark.parametrize("axes", [[2, 3], [-1], [1], [1, 2, 3], [2]])
def test_reductions(tmp_path, kind, axes):
    compared(model([node(f"Reduce{kind}", "x", "y", axes=axes)], opset=11), tmp_path)


@pytest.mark.parametrize("kind", REDUCTIONS)
def test_reductions_to_a_vector(tmp_path, kind):
    found = compared(model([node(f"Reduce{kind}", "x", "y", axes=[2, 3], keepdims=0)], opset=11), tmp_path)
    assert found.pipeline.output_shapes(found.size)["y"] == (6,)


def test_the_position_of_the_largest_channel_is_a_node_without_a_tensor(tmp_path):
    nodes = [node("Relu", "x", "r"), node("ArgMax", "r", "a", axis=1), node("Cast", "a", "y", to=1)]
    found = compared(model(nodes), tmp_path)
    assert [n.name for n in found.pipeline.nodes] == ["r", "a"]
    # The cast makes the positions numbers of a map again.
    assert (found.nodes, found.merged) == ([("r", "r"), ("a", "y")], {})


def test_positions_that_the_file_gives_out_are_listed_as_its_output(tmp_path):
    found = compared(model([node("ArgMax", "x", "y", axis=1)]), tmp_path)
    assert (found.nodes, found.outputs) == ([("y", "y")], ["y"])


ACTIVATIONS = [
    ("Relu", {}),
    ("Sigmoid", {}),
    ("Tanh", {}),
    ("LeakyRelu", {"alpha": 0.2}),
    ("Elu", {"alpha": 0.7}),
    ("Selu", {}),
    ("Selu", {"alpha": 1.5, "gamma": 1.1}),
    ("Celu", {"alpha": 0.7}),
    ("Softplus", {}),
    ("Softsign", {}),
    ("HardSigmoid", {}),
    ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    ("HardSwish", {}),
    ("ThresholdedRelu", {"alpha": 0.4}),
    ("Shrink", {"lambd": 0.5}),
    ("Shrink", {"lambd": 0.5, "bias": 0.5}),
    ("Abs", {}),
    ("Neg", {}),
    ("Exp", {}),
    ("Erf", {}),
    ("Floor", {}),
    ("Ceil", {}),
    ("Round", {}),
    ("Sign", {}),
    ("Sin", {}),
    ("Cos", {}),
    ("Identity", {}),
    ("Dropout", {}),
    ("Softmax", {"axis": 1}),
    ("Softmax", {"axis": -1}),
    ("Softmax", {"axis": 2}),
    ("LogSoftmax", {"axis": 1}),
]


@pytest.mark.parametrize(("kind", "attributes"), ACTIVATIONS)
def test_activations(tmp_path, kind, attributes):
    found = compared(model([node(kind, "x", "y", **attributes), node("Relu", "y", "z")], "z"), tmp_path)
    assert not found.left_out


@pytest.mark.parametrize("kind", ["Sqrt", "Log", "Reciprocal"])
def test_functions_of_positive_numbers(tmp_path, kind):
    nodes = [node("Abs", "x", "a"), node("Add", "a one", "b"), node(kind, "b", "y")]
    compared(model(nodes, constants=[constant("one", 1.0)]), tmp_path)


@pytest.mark.parametrize("opset", [7, 11, 13, 17])
def test_clip_in_every_version(tmp_path, opset):
    if opset < 11:
        made = model([node("Clip", "x", "y", min=-0.5, max=0.8)], opset=opset)
    else:
        limits = [constant("low", -0.5), constant("high", 0.8)]
        made = model([node("Clip", "x low high", "y")], constants=limits, opset=opset)
    compared(made, tmp_path)


def test_a_clip_at_one_end(tmp_path):
    made = model([node("Clip", "x low", "y")], constants=[constant("low", 0.25)])
    assert compared(made, tmp_path).pipeline["y"].max is None


@pytest.mark.parametrize("shape", [(6, 1, 1), (1,), (6, 8, 10)])
def test_prelu(tmp_path, shape):
    compared(model([node("PRelu", "x s", "y")], constants=[constant("s", weights(*shape))]), tmp_path)


OPERANDS = [(), (1,), (6, 1, 1), (1, 6, 1, 1), (10,), (8, 10), (8, 1), (1, 6, 8, 10)]


@pytest.mark.parametrize("shape", OPERANDS)
@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div", "Max", "Min"])
def test_arithmetic_with_a_constant(tmp_path, kind, shape):
    constants = [constant("c", np.abs(weights(*shape)) + 0.5)]
    compared(model([node(kind, "x c", "y")], constants=constants), tmp_path)


@pytest.mark.parametrize("kind", ["Sub", "Div"])
def test_arithmetic_with_a_constant_first(tmp_path, kind):
    nodes = [node("Exp", "x", "e"), node(kind, "c e", "y")]
    compared(model(nodes, constants=[constant("c", weights(6, 1, 1))]), tmp_path)


@pytest.mark.parametrize("power", [2.0, 3.0, 0.5, -1.0])
def test_powers(tmp_path, power):
    nodes = [node("Abs", "x", "a"), node("Add", "a one", "b"), node("Pow", "b p", "y")]
    compared(model(nodes, constants=[constant("one", 1.0), constant("p", power)]), tmp_path)


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"])
def test_arithmetic_of_maps(tmp_path, kind):
    nodes = [node("Exp", "x", "e"), node("GlobalAveragePool", "e", "g"), node(kind, "x e", "y")]
    compared(model([*nodes, node("Mul", "y g", "z")], "z"), tmp_path)


NORMS = [
    ("BatchNormalization", "x s b m v", {"epsilon": 1e-3}, 17),
    ("InstanceNormalization", "x s b", {}, 17),
    ("LRN", "x", {"size": 5, "alpha": 0.1, "beta": 0.5, "bias": 2.0}, 17),
    ("LpNormalization", "x", {"axis": 1}, 17),
    ("MeanVarianceNormalization", "x", {}, 17),
    ("GroupNormalization", "x s b", {"num_groups": 3}, 21),
    ("LayerNormalization", "x full full", {"axis": 1}, 17),
]


@pytest.mark.parametrize(("kind", "inputs", "attributes", "opset"), NORMS)
def test_normalisations(tmp_path, kind, inputs, attributes, opset):
    numbers = [constant(name, weights(6)) for name in ("s", "b", "m")] + [constant("v", np.abs(weights(6)))]
    numbers.append(constant("full", weights(6, 8, 10)))
    compared(model([node(kind, inputs, "y", **attributes)], constants=numbers, opset=opset), tmp_path)


def test_layer_normalisation_with_channels_last(tmp_path):
    nodes = [
        node("Transpose", "x", "t", perm=[0, 2, 3, 1]),
        node("LayerNormalization", "t s b", "n"),
        node("MatMul", "n w", "m"),
        node("Transpose", "m", "y", perm=[0, 3, 1, 2]),
    ]
    constants = [constant("s", weights(6)), constant("b", weights(6)), constant("w", weights(6, 9))]
    found = compared(model(nodes, constants=constants), tmp_path)
    assert [type(n.layer).__name__ for n in found.pipeline.nodes] == ["LayerNorm2d", "Conv2d"]


def test_group_normalisation_as_it_is_exported(tmp_path):
    constants = [
        constant("three", [0, 3, -1], np.int64),
        constant("ones", np.ones(3)),
        constant("zeros", np.zeros(3)),
        constant("s", weights(6, 1, 1)),
        constant("b", weights(6, 1, 1)),
    ]
    nodes = [
        node("Reshape", "x three", "r"),
        node("InstanceNormalization", "r ones zeros", "i"),
        node("Shape", "x", "shape"),
        node("Reshape", "i shape", "back"),
        node("Mul", "back s", "scaled"),
        node("Add", "scaled b", "y"),
    ]
    found = compared(model(nodes, constants=constants), tmp_path)
    assert [type(n.layer).__name__ for n in found.pipeline.nodes] == ["GroupNorm", "ScaleShift", "ScaleShift"]
    assert {"r", "shape"} <= set(found.merged)
    assert not found.left_out


def test_a_change_of_strides_as_it_is_exported(tmp_path):
    places = constant("places", np.arange(6).reshape(1, 6, 1, 1), np.int64)
    turned = constant("places", np.arange(6)[::-1].reshape(1, 6, 1, 1), np.int64)
    nodes = [
        node("GlobalAveragePool", "x", "g"),
        node("Reshape", "g row", "r"),
        node("Gather", "r places", "s"),
        node("Relu", "s", "y"),
    ]
    row = constant("row", [-1], np.int64)
    found = compared(model(nodes, constants=[row, places]), tmp_path)
    assert [n.name for n in found.pipeline.nodes] == ["g", "y"]
    assert not found.left_out
    found = import_onnx(saved(model(nodes, constants=[row, turned]), tmp_path), kind=Pipeline)
    assert {entry.tensor for entry in found.left_out} == {"r", "s", "y"}


def test_vectors(tmp_path):
    constants = [
        constant("w", weights(5, 480)),
        constant("b", weights(5)),
        constant("m", weights(5, 3)),
        *(constant(name, weights(5)) for name in ("s", "t", "mean")),
        constant("var", np.abs(weights(5))),
        constant("c", weights(3)),
    ]
    nodes = [
        node("Flatten", "x", "f"),
        node("Gemm", "f w b", "g", transB=1, alpha=0.5, beta=2.0),
        node("BatchNormalization", "g s t mean var", "n"),
        node("Relu", "n", "r"),
        node("MatMul", "r m", "p"),
        node("Add", "p c", "q"),
        node("Softmax", "q", "y"),
    ]
    found = compared(model(nodes, constants=constants), tmp_path)
    assert not found.left_out
    assert found.outputs == ["y"]


def test_parts_and_joins(tmp_path):
    constants = [
        constant("sizes", [2, 4], np.int64),
        constant("starts", [1, -9], np.int64),
        constant("ends", [2**62, -1], np.int64),
        constant("axes", [2, 3], np.int64),
        constant("steps", [2, 3], np.int64),
        constant("order", [4, 2, 0], np.int64),
    ]
    nodes = [
        node("Split", "x sizes", "a b", axis=1),
        node("Relu", "b", "c"),
        node("Concat", "c a", "d", axis=1),
        node("Slice", "d starts ends axes steps", "e"),
        node("Gather", "e order", "y", axis=1),
    ]
    found = compared(model(nodes, constants=constants), tmp_path)
    assert not found.left_out
    assert len(found.nodes) == 6


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge"])
def test_padding(tmp_path, mode):
    constants = [constant("p", [0, 0, 1, 2, 0, 0, 3, 1], np.int64), constant("v", 0.5)]
    inputs = "x p v" if mode == "constant" else "x p"
    compared(model([node("Pad", inputs, "y", mode=mode)], constants=constants), tmp_path)


RESIZES = [
    (mode, coordinates)
    for mode in ("nearest", "linear", "cubic")
    for coordinates in (
        "half_pixel",
        "pytorch_half_pixel",
        "align_corners",
        "asymmetric",
        "half_pixel_symmetric",
    )
]


@pytest.mark.parametrize(("mode", "coordinates"), RESIZES)
@pytest.mark.parametrize("sizes", [[1, 6, 13, 7], [1, 6, 16, 20]])
def test_resizing_to_a_size(tmp_path, mode, coordinates, sizes):
    options = {"mode": mode, "coordinate_transformation_mode": coordinates}
    constants = [constant("sizes", sizes, np.int64)]
    made = model([node("Resize", "x  sizes", "y", **options)], constants=constants, opset=19)
    made.graph.node[0].input[:] = ["x", "", "", "sizes"]
    compared(made, tmp_path)


@pytest.mark.parametrize("rounding", ["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"])
@pytest.mark.parametrize("coordinates", ["half_pixel", "asymmetric", "align_corners"])
def test_resizing_by_a_factor(tmp_path, rounding, coordinates):
    options = {"mode": "nearest", "nearest_mode": rounding, "coordinate_transformation_mode": coordinates}
    constants = [constant("scales", [1, 1, 1.5, 2.3])]
    made = model([node("Resize", "x scales", "y", **options)], constants=constants)
    made.graph.node[0].input[:] = ["x", "", "scales"]
    compared(made, tmp_path)


@pytest.mark.parametrize("mode", ["nearest", "linear"])
def test_the_first_versions_of_resizing(tmp_path, mode):
    constants = [constant("scales", [1, 1, 2, 3])]
    compared(model([node("Upsample", "x scales", "y", mode=mode)], constants=constants, opset=9), tmp_path)
    compared(model([node("Resize", "x scales", "y", mode=mode)], constants=constants, opset=10), tmp_path)


@pytest.mark.parametrize("mode", ["DCR", "CRD"])
def test_depth_to_space(tmp_path, mode):
    made = model([node("DepthToSpace", "x", "y", blocksize=2, mode=mode)], shape=(1, 12, 3, 5))
    compared(made, tmp_path)


def test_space_to_depth(tmp_path):
    compared(model([node("SpaceToDepth", "x", "y", blocksize=2)]), tmp_path)


REARRANGED = [
    ((1, 12, 3, 5), [1, 4, 3, 3, 5], [0, 2, 1, 3, 4], [1, 12, 3, 5], "ChannelShuffle"),
    ((1, 12, 3, 5), [1, 3, 2, 2, 3, 5], [0, 1, 4, 2, 5, 3], [1, 3, 6, 10], "PixelShuffle"),
    ((1, 3, 6, 10), [1, 3, 3, 2, 5, 2], [0, 1, 3, 5, 2, 4], [1, 12, 3, 5], "PixelUnshuffle"),
]


@pytest.mark.parametrize(("shape", "first", "order", "last", "layer"), REARRANGED)
def test_rearrangements_written_out(tmp_path, shape, first, order, last, layer):
    nodes = [
        node("Reshape", "x first", "a"),
        node("Transpose", "a", "b", perm=order),
        node("Reshape", "b last", "y"),
    ]
    constants = [constant("first", first, np.int64), constant("last", last, np.int64)]
    found = compared(model(nodes, constants=constants, shape=shape), tmp_path)
    assert [type(n.layer).__name__ for n in found.pipeline.nodes] == [layer]
    assert found.merged["a"] == found.merged["b"] == "y"
    assert not found.left_out


def test_a_squeeze_and_excitation_block(tmp_path):
    nodes = [
        node("GlobalAveragePool", "x", "g"),
        node("Squeeze", "g axes", "v"),
        node("Gemm", "v w", "f", transB=1),
        node("Sigmoid", "f", "s"),
        node("Unsqueeze", "s axes", "u"),
        node("Mul", "x u", "y"),
    ]
    constants = [constant("w", weights(6, 6)), constant("axes", [2, 3], np.int64)]
    found = compared(model(nodes, constants=constants), tmp_path)
    assert not found.left_out
    assert [type(n.layer).__name__ for n in found.pipeline.nodes][3:] == ["Sigmoid", "Unflatten", "Multiply"]


def test_the_arithmetic_of_shapes_is_folded(tmp_path):
    nodes = [
        node("Shape", "x", "shape"),
        node("Slice", "shape two four", "space"),
        node("Mul", "space factor", "larger"),
        node("Shape", "x", "again"),
        node("Slice", "again none two", "front"),
        node("Concat", "front larger", "sizes", axis=0),
        node("Resize", "x a a sizes", "y"),
    ]
    constants = [
        constant("none", [0], np.int64),
        constant("two", [2], np.int64),
        constant("four", [4], np.int64),
        constant("factor", [3, 2], np.int64),
    ]
    made = model(nodes, constants=constants)
    made.graph.node[-1].input[:] = ["x", "", "", "sizes"]
    found = compared(made, tmp_path)
    assert [n.name for n in found.pipeline.nodes] == ["y"]
    assert found.merged == dict.fromkeys(["shape", "space", "larger", "again", "front", "sizes"], "y")


def test_a_row_of_values_is_a_map_of_height_1(tmp_path):
    nodes = [
        node("Conv", "x w", "c", pads=[1, 1]),
        node("Relu", "c", "r"),
        node("MaxPool", "r", "p", kernel_shape=[2], strides=[2]),
        node("GlobalAveragePool", "p", "g"),
        node("Flatten", "g", "y"),
    ]
    found = compared(model(nodes, constants=[constant("w", weights(4, 3, 3))], shape=(1, 3, 20)), tmp_path)
    assert found.size == (3, 1, 20)
    assert not found.left_out


def test_half_precision_weights_are_widened(tmp_path):
    nodes = [node("Cast", "h", "w", to=TensorProto.FLOAT), node("Conv", "x w", "y")]
    made = model(nodes, constants=[constant("h", weights(4, 6, 3, 3), np.float16)])
    found = compared(made, tmp_path)
    assert found.pipeline["y"].weight.dtype == np.float32


def test_quantised_weights_are_taken_as_they_are_meant(tmp_path):
    nodes = [node("DequantizeLinear", "q s", "w"), node("Conv", "x w", "y")]
    q = np.random.default_rng(1).integers(-128, 128, (4, 6, 3, 3))
    compared(model(nodes, constants=[constant("q", q, np.int8), constant("s", 0.02)]), tmp_path)


def test_quantised_maps_are_said_to_be_computed_without(tmp_path):
    nodes = [
        node("QuantizeLinear", "x s z", "q"),
        node("DequantizeLinear", "q s z", "d"),
        node("Relu", "d", "y"),
    ]
    constants = [constant("s", 0.02), constant("z", 0, np.int8)]
    found = import_onnx(saved(model(nodes, constants=constants), tmp_path), kind=Pipeline)
    assert [n.name for n in found.pipeline.nodes] == ["q", "y"]
    assert "not quantised" in str(found.remarks[0])


@pytest.mark.parametrize(("zero", "kind"), [(0, np.uint8), (-128, np.int8), (100, np.uint8)])
def test_what_quantisation_cuts_off_is_cut_off(tmp_path, zero, kind):
    # Programs that quantise leave the ReLU out where the smallest code stands for 0.
    nodes = [node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "y")]
    made = model(nodes, constants=[constant("s", 0.01), constant("z", zero, kind)])
    found = import_onnx(saved(made, tmp_path), kind=Pipeline)
    x = RNG.standard_normal(SHAPE).astype(np.float32)
    got = found.pipeline.run(x[0])["q"]
    np.testing.assert_allclose(got, runtime(made, x, ["y"])["y"][0], atol=0.005001)
