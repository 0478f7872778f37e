"""ONNX models: whole networks, and damage to their operators, attributes, constants, names and shapes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.soak import graph_damage
from tests.soak.hostile import Kind
from tests.soak.mutations import MANY

_NUMBERS = (0, 1, 2, 3, 7, -1, -2, 255, 4096, 2**31 - 1, 2**31, 2**40, 2**62, -(2**62))
_FLOATS = (0.0, -1.0, 1e-30, 1e30, float("nan"), float("inf"), 0.5)
_TEXTS = (
    "",
    "x",
    "SAME_UPPER",
    "SAME_LOWER",
    "constant",
    "wrap",
    "linear",
    "cubic",
    "image",
    "a" * 5000,
    "../../x",
)
_NAMES = """
    Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool ReduceMean ReduceMax ArgMax BatchNormalization
    InstanceNormalization GroupNormalization LayerNormalization LRN Relu Clip PRelu Add Sub Mul Div Pow Max Sum Mean
    Concat Split Slice Gather Pad Resize Upsample DepthToSpace SpaceToDepth Transpose Reshape Flatten Squeeze Unsqueeze
    Gemm MatMul Softmax Dropout Identity Cast QuantizeLinear DequantizeLinear Shape Range Expand Tile ConstantOfShape
    Where If Loop Scan LSTM NonMaxSuppression TopK Einsum SequenceAt Nothing
"""
_KINDS = _NAMES.split()
_EXPANDING = ("ConstantOfShape", "Expand", "Tile", "Range", "Pad", "Resize")


def _constant(name: str, values: Any, dtype: Any = np.float32) -> Any:
    return numpy_helper.from_array(np.asarray(values, dtype), name)


def _node(kind: str, inputs: str, outputs: str, **attributes: Any) -> Any:
    return helper.make_node(kind, inputs.split(), outputs.split(), **attributes)


def _model(nodes: list[Any], constants: list[Any], outputs: str, shape: Any = (1, 3, 16, 16)) -> bytes:
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_empty_tensor_value_info(name) for name in outputs.split()],
        constants,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    data: bytes = made.SerializeToString()
    return data


def networks() -> list[bytes]:
    """A classifier, a branch with shapes that are computed, and a decoder."""
    rng = np.random.default_rng(4)
    w = [
        _constant(f"w{i}", rng.standard_normal(s))
        for i, s in enumerate([(8, 3, 3, 3), (8, 4, 3, 3), (10, 128)])
    ]
    bn = [_constant(name, np.ones(8)) for name in "sbmv"]
    ints = {
        "sizes": [1, 8, 16, 16],
        "five": [1, 2, 4, 8, 8],
        "four": [1, 8, 8, 8],
        "two": [2],
        "end": [4],
        "front": [1, 8],
        "axes": [2, 3],
    }
    whole = [_constant(name, values, np.int64) for name, values in ints.items()]
    classifier = [
        _node("Conv", "x w0", "c", pads=[1, 1, 1, 1], strides=[2, 2]),
        _node("BatchNormalization", "c s b m v", "n"),
        _node("Relu", "n", "r"),
        _node("Conv", "r w1", "d", group=2, pads=[1, 1, 1, 1]),
        _node("Sigmoid", "d", "g"),
        _node("Mul", "d g", "e"),
        _node("AveragePool", "e", "p", kernel_shape=[2, 2], strides=[2, 2]),
        _node("Flatten", "p", "f"),
        _node("Gemm", "f w2", "l", transB=1),
        _node("Softmax", "l", "y"),
    ]
    shuffled = [
        _node("Conv", "x w0", "c", pads=[1, 1, 1, 1], strides=[2, 2]),
        _node("Reshape", "c five", "r"),
        _node("Transpose", "r", "t", perm=[0, 2, 1, 3, 4]),
        _node("Reshape", "t four", "u"),
        _node("Shape", "u", "shape"),
        _node("Slice", "shape two end", "space"),
        _node("Concat", "front space", "size", axis=0),
        _node("Resize", "c   size", "z"),
        _node("Split", "u", "h i", axis=1),
        _node("Concat", "i h", "j", axis=1),
        _node("Add", "j c", "y"),
    ]
    shuffled[7].input[:] = ["c", "", "", "size"]
    decoder = [
        _node("Conv", "x w0", "c", auto_pad="SAME_UPPER", strides=[2, 2]),
        _node("ReduceMean", "c", "q", axes=[2, 3]),
        _node("Mul", "c q", "k"),
        _node("Resize", "k   sizes", "z", mode="linear"),
        _node("DepthToSpace", "z", "o", blocksize=2),
        _node("Pad", "o pads", "y", mode="reflect"),
    ]
    decoder[3].input[:] = ["k", "", "", "sizes"]
    pads = _constant("pads", [0, 0, 1, 2, 0, 0, 1, 2], np.int64)
    return [
        _model(classifier, [*w, *bn], "y"),
        _model(shuffled, [w[0], *whole], "y z"),
        _model(decoder, [w[0], *whole, pads], "y"),
    ]


def _edit(change: Callable[[Random, Any], None]) -> Callable[[Random, bytes], bytes]:
    """An edit of the bytes from an edit of the model."""

    def edit(rng: Random, data: bytes) -> bytes:
        model = onnx.ModelProto.FromString(data)
        change(rng, model)
        made: bytes = model.SerializeToString()
        return made

    edit.__name__ = change.__name__.lstrip("_")
    return edit


def _attribute(rng: Random, model: Any) -> None:
    node = rng.choice([node for node in model.graph.node if node.attribute])
    attribute = rng.choice(node.attribute)
    if attribute.ints:
        attribute.ints[rng.randrange(len(attribute.ints))] = rng.choice(_NUMBERS)
        if rng.random() < 0.2:
            attribute.ints.extend(rng.choices(_NUMBERS, k=rng.choice((1, 9, 10_000))))
    elif attribute.type == onnx.AttributeProto.INT:
        attribute.i = rng.choice(_NUMBERS)
    elif attribute.type == onnx.AttributeProto.STRING:
        attribute.s = rng.choice(_TEXTS).encode()
    else:
        attribute.f = rng.choice(_FLOATS)


def _retyped(rng: Random, model: Any) -> None:
    attribute = rng.choice([a for node in model.graph.node for a in node.attribute])
    changed = helper.make_attribute(attribute.name, rng.choice((1, 1.5, "x", [1, 2], [1.5], ["a"])))
    attribute.CopyFrom(changed)


def _kind(rng: Random, model: Any) -> None:
    rng.choice(model.graph.node).op_type = rng.choice(_KINDS)


def _rewired(rng: Random, model: Any) -> None:
    names = [name for node in model.graph.node for name in node.output] + ["x", "", "nothing"]
    names += [tensor.name for tensor in model.graph.initializer]
    node = rng.choice(model.graph.node)
    node.input[:] = rng.choices(names, k=rng.choice((0, 1, 2, 3, 5, 300)))


def _dropped(rng: Random, model: Any) -> None:
    place = rng.choice((model.graph.node, model.graph.initializer, model.graph.input, model.graph.output))
    del place[rng.randrange(len(place))]


def _shuffled(rng: Random, model: Any) -> None:
    nodes = list(model.graph.node)
    rng.shuffle(nodes)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _dims(rng: Random, model: Any) -> None:
    tensor = rng.choice(model.graph.initializer)
    tensor.dims[:] = rng.choices(_NUMBERS, k=rng.choice((0, 1, 2, 4, 9, 500)))


def _type(rng: Random, model: Any) -> None:
    rng.choice(model.graph.initializer).data_type = rng.choice((*range(25), 99, -1))


def _numbers(rng: Random, model: Any) -> None:
    tensor = rng.choice(model.graph.initializer)
    count = len(tensor.raw_data)
    tensor.raw_data = rng.choice((rng.randbytes(count), bytes(count), b"\xff" * count, b""))


def _shape_numbers(rng: Random, model: Any) -> None:
    tensor = rng.choice([t for t in model.graph.initializer if t.data_type == TensorProto.INT64])
    tensor.raw_data = np.array(rng.choices(_NUMBERS, k=len(tensor.raw_data) // 8), np.int64).tobytes()


def _external(rng: Random, model: Any) -> None:
    tensor = rng.choice(model.graph.initializer)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    location = rng.choice(("w.bin", "../w.bin", "/etc/passwd", "/dev/zero", ".", "", "a" * 5000, "\0"))
    for key, value in (
        ("location", location),
        ("offset", rng.choice(("0", "-1", "x", str(2**62)))),
        ("length", "8"),
    ):
        if rng.random() < 0.9:
            tensor.external_data.add(key=key, value=value)


def _size(rng: Random, model: Any) -> None:
    dims = model.graph.input[0].type.tensor_type.shape.dim
    rng.choice(dims).dim_value = rng.choice(_NUMBERS)


def _opset(rng: Random, model: Any) -> None:
    model.opset_import[0].version = rng.choice((-1, 0, 1, 6, 7, 9, 11, 13, 18, 21, 99, 2**62))
    if rng.random() < 0.2:
        model.opset_import[0].domain = rng.choice(("ai.onnx", "com.microsoft", "x" * 999))


def _name(rng: Random, model: Any) -> None:
    node = rng.choice(model.graph.node)
    node.output[0] = rng.choice(
        ("", "image", "x", "/", "a/../../b", "\u202e", "é", "a" * 9000, "CON", "w0", "a\nb")
    )


def _many(rng: Random, model: Any) -> None:
    many = rng.choice(MANY)
    last = model.graph.node[-1].output[0]
    for i in range(min(many, 20_000)):
        model.graph.node.append(_node(rng.choice(("Relu", "Identity")), last, f"m{i}"))
        last = f"m{i}"


def _tower(rng: Random, model: Any) -> None:
    """Every operator joins the one before with itself: channels, or constants, double at each."""
    last, kind = rng.choice((("c", "Concat"), ("w0", "Concat"), ("c", "Add"), ("sizes", "Concat"))), ""
    name, kind = last
    for i in range(rng.choice((20, 40, 200))):
        model.graph.node.append(
            _node(kind, f"{name} {name}", f"t{i}", **({"axis": 0} if kind == "Concat" else {}))
        )
        name = f"t{i}"


def _expanded(rng: Random, model: Any) -> None:
    sizes = rng.choices((1, 1000, 2**20, 2**31, 2**40), k=rng.choice((1, 4)))
    model.graph.initializer.append(_constant("huge", sizes, np.int64))
    kind = rng.choice(_EXPANDING)
    inputs = {"ConstantOfShape": "huge", "Range": "huge huge huge"}.get(kind, "w0 huge")
    model.graph.node.insert(0, _node(kind, inputs, "grown"))
    if rng.random() < 0.5:
        model.graph.node[1].input[-1] = "grown"


_CHANGES = (
    *(_attribute, _attribute, _retyped, _kind, _kind, _rewired, _dropped, _shuffled, _dims, _type, _numbers),
    *(
        _shape_numbers,
        _shape_numbers,
        _external,
        _size,
        _size,
        _opset,
        _name,
        _many,
        _tower,
        _expanded,
        _expanded,
    ),
)

KINDS = (
    Kind(
        "onnx",
        "models",
        "tests.soak.readers:network",
        ".onnx",
        networks,
        tuple(_edit(change) for change in (*_CHANGES, *graph_damage.CHANGES)),
        tells_cuts=False,
        aware=0.7,
        share=6.0,
        beside=graph_damage.traps,
    ),
)
