"""Damage to ONNX models that people who mean harm do: sizes, types and structures that no program writes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Change = Callable[[Random, Any], None]

_SIZES = (1, 1, 2, 3, 8, 16, 256, 4096, 2**20, 2**24, 2**31, 2**40, 2**62, 0, -1, -(2**62))
_AXES = (0, 1, 2, 3, -1, -4, -5, 4, 9, 2**31, -(2**63), 2**63 - 1)
_OPTIONS = """
    axis axes perm pads strides dilations kernel_shape output_shape output_padding group blocksize keepdims ceil_mode
    count_include_pad split starts ends steps size p mode auto_pad to allowzero block_size num_groups training_mode
    scales min max alpha beta epsilon coordinate_transformation_mode nearest_mode align_corners noop_with_empty_axes
    transA transB num_outputs value storage_order spatial exclude_outside antialias saturate
"""
_UNARY = """
    Abs Cast Ceil ConstantOfShape Erf Exp Flatten Floor Identity Log Neg Not Reciprocal ReduceMax ReduceMean ReduceProd
    ReduceSum Round Shape Sigmoid Sign Size Softmax Sqrt Squeeze Tanh Transpose
"""
_JOINING = """
    Add And Concat CumSum DequantizeLinear Div Equal Expand Gather GatherElements GatherND Greater Less MatMul Max Mean
    Min Mod Mul Or Pad Pow QuantizeLinear Range Reshape ScatterElements ScatterND Slice Split Sub Sum Tile Unsqueeze
    Where
"""
_NUMBERED, _ONE_CONSTANT, _MORE_CONSTANTS = _OPTIONS.split(), _UNARY.split(), _JOINING.split()
# Whatever a reader may find beside a model: `traps` makes them.
_TRAPS = ("trap-fifo", "trap-link", "trap-loop", "trap-folder", "trap-short.bin", "trap-up/../../etc/passwd")


def traps(folder: Path) -> None:
    """What data of a model may be said to lie in: a pipe nobody writes to, links out of the folder, another folder."""
    if not (folder / "trap-fifo").exists():
        os.mkfifo(folder / "trap-fifo")
        (folder / "trap-link").symlink_to("/etc/passwd")
        (folder / "trap-loop").symlink_to("trap-loop")
        (folder / "trap-folder").mkdir()
        (folder / "trap-short.bin").write_bytes(bytes(64))


def _tensor(rng: Random, model: Any) -> Any:
    return rng.choice(model.graph.initializer)


def _names(model: Any) -> list[str]:
    made = [name for node in model.graph.node for name in node.output]
    return [*made, *(tensor.name for tensor in model.graph.initializer), "x"]


def _added(model: Any, name: str, values: Any, dtype: Any = np.int64) -> str:
    model.graph.initializer.append(numpy_helper.from_array(np.asarray(values, dtype), name))
    return name


def _value(rng: Random) -> Any:
    few = rng.choice((1, 2, 4, 8))
    numbers = (rng.choice(_AXES), rng.choices(_AXES, k=few), rng.choice(_SIZES), rng.choices(_SIZES, k=few))
    others = (
        0.5,
        float("nan"),
        [1.0, 1.0, 2.0, 2.0],
        "reflect",
        "linear",
        "SAME_LOWER",
        "DCR",
        "\x00",
        ["a"],
    )
    return rng.choice((*numbers, *others))


def numbered(rng: Random, model: Any) -> None:
    """An attribute that the operator may have, with axes and sizes that it cannot."""
    node, name = rng.choice(model.graph.node), rng.choice(_NUMBERED)
    kept = [attribute for attribute in node.attribute if attribute.name != name or rng.random() < 0.1]
    del node.attribute[:]
    node.attribute.extend([*kept, helper.make_attribute(name, _value(rng))])


def cyclic(rng: Random, model: Any) -> None:
    """An operator that reads what it makes, or what is made of that."""
    places = range(len(model.graph.node))
    first, last = sorted((rng.choice(places), rng.choice(places)))
    one, other = model.graph.node[first], model.graph.node[last]
    if one.input:
        one.input[rng.randrange(len(one.input))] = rng.choice(other.output)


def twice(rng: Random, model: Any) -> None:
    """Two things of one name."""
    graph = model.graph
    rng.choice(
        (
            lambda: rng.choice(graph.node).output.append(rng.choice(_names(model))),
            lambda: graph.initializer.append(_tensor(rng, model)),
            lambda: setattr(_tensor(rng, model), "name", rng.choice(_names(model))),
            lambda: graph.input.append(graph.input[0]),
            lambda: graph.output.extend([graph.output[0]] * rng.choice((1, 3000))),
            lambda: graph.node.extend([rng.choice(graph.node)] * rng.choice((1, 500))),
        )
    )()


def trapped(rng: Random, model: Any) -> None:
    """Data in other files, which are no files, or lie elsewhere."""
    tensor = _tensor(rng, model)
    if rng.random() < 0.7:
        tensor.ClearField("raw_data")
    tensor.data_location = rng.choice((TensorProto.EXTERNAL, TensorProto.EXTERNAL, TensorProto.DEFAULT))
    rows = [("location", rng.choice(_TRAPS)), ("length", rng.choice(("64", "0", "9" * 30, "1e3", " 8")))]
    rows += [("offset", rng.choice(("0", "60", "64", "-0", "٣", "0x8"))), ("checksum", "0")]
    for key, value in rows:
        if rng.random() < 0.7:
            tensor.external_data.add(key=key, value=value)


def sparse(rng: Random, model: Any) -> None:
    """Weights of which only those that are not 0 are stored, with any size and any positions."""
    tensor, shape = _tensor(rng, model), rng.choices(_SIZES, k=rng.choice((1, 2, 4)))
    positions = numpy_helper.from_array(np.array(rng.choices(_SIZES, k=3), np.int64), "positions")
    values = numpy_helper.from_array(np.ones(3, np.float32), tensor.name)
    made = onnx.SparseTensorProto(values=values, indices=positions, dims=shape)
    if rng.random() < 0.5:
        model.graph.sparse_initializer.append(made)
        model.graph.initializer.remove(tensor)
    else:
        node = onnx.NodeProto(op_type="Constant", output=["sparse"])
        node.attribute.append(onnx.AttributeProto(name="sparse_value", sparse_tensor=made, type=11))
        model.graph.node.insert(0, node)
        rng.choice(model.graph.node[1:]).input.append("sparse")


def typed(rng: Random, model: Any) -> None:
    """A constant of a rare type, with as many bytes as it asks for, or not."""
    tensor = _tensor(rng, model)
    tensor.data_type = rng.choice(range(1, 27))
    count = int(np.prod(list(tensor.dims), dtype=np.int64))
    itemsize = rng.choice((1, 1, 2, 4, 8, 16))
    tensor.raw_data = rng.randbytes(min(max(count * itemsize // rng.choice((1, 1, 2, 4)), 0), 1 << 16))
    if rng.random() < 0.3:
        tensor.ClearField("raw_data")
        field, value = rng.choice((("int32_data", -1), ("float_data", 1.5), ("string_data", b"a")))
        getattr(tensor, field).extend([value] * rng.choice((count, 1, 70_000)))


def folded(rng: Random, model: Any) -> None:
    """A chain of operators on constants, at sizes where arithmetic turns over or memory runs out."""
    usual, least = rng.choice(((4096, 4096), (1 << 24,), (1 << 22,), (16, 16, 4096), (2**26,))), (2, 3)
    held = [_added(model, "shape", rng.choice((usual, least)))]
    held += [_added(model, "some", rng.choices(_SIZES, k=rng.choice((1, 2, 3))))]
    held += [_added(model, "factor", rng.choice((0.5, [1.0, 2.0], [[1.0]] * 3)), np.float32)]
    made = [helper.make_node("ConstantOfShape", ["shape"], ["full"])]
    held.append("full")
    for i in range(rng.choice((1, 3, 30))):
        several = rng.random() < 0.6
        kind = rng.choice(_MORE_CONSTANTS if several else _ONE_CONSTANT)
        given = rng.choices(held, k=rng.choice((2, 2, 3)) if several else 1)
        if rng.random() < 0.7:
            given[0] = held[-1]
        made.append(helper.make_node(kind, given, [f"chain{i}"]))
        if rng.random() < 0.3:
            made[-1].attribute.append(helper.make_attribute(rng.choice(_NUMBERED), _value(rng)))
        held.append(f"chain{i}")
    nodes = [*made, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    last = rng.choice(nodes[len(made) :])
    if last.input:
        last.input[-1] = rng.choice(held)


def _between(rng: Random, model: Any, nodes: list[Any], made: str) -> None:
    """Put operators behind a tensor, so that whoever read it reads what they make of it."""
    graph = model.graph
    place = rng.randrange(len(graph.node))
    name = graph.node[place].output[0]
    for node in graph.node[place + 1 :]:
        node.input[:] = [made if each == name else each for each in node.input]
    nodes[0].input[0] = name
    for node in reversed(nodes):
        graph.node.insert(place + 1, node)


def quantized(rng: Random, model: Any) -> None:
    """Quantised and back, with scales and zero points of shapes and types that do not fit."""
    count = rng.choice((1, 1, 2, 8, 16))
    _added(
        model, "scale", np.full(rng.choice(((), (count,), (count, 1))), rng.choice((0.1, 0.0, -1e30))), "f4"
    )
    _added(model, "zero", rng.choice(([0] * count, 0, [[3]])), rng.choice((np.uint8, np.int8, np.int64)))
    options = rng.choice(({}, {"axis": rng.choice(_AXES)}, {"block_size": 3}))
    there = helper.make_node("QuantizeLinear", ["", "scale", "zero"], ["q"], **options)
    back = helper.make_node("DequantizeLinear", ["q", "scale", rng.choice(("zero", ""))], ["dq"], **options)
    if rng.random() < 0.3:
        back.input[0] = _tensor(rng, model).name
    _between(rng, model, [there, back], "dq")


def rearranged(rng: Random, model: Any) -> None:
    """A map laid out otherwise, again and again; large ones, too."""
    side = rng.choice((16, 16, 256, 1024, 2048))
    for place in (2, 3):
        model.graph.input[0].type.tensor_type.shape.dim[place].dim_value = side
    count, nodes, last = rng.choice((1, 2, 5, 200, 3000)), [], ""
    _added(model, "flat", [1, -1, rng.choice((1, 2, 3, side))])
    _added(model, "square", [1, rng.choice((1, 2, 3, 8)), -1, rng.choice((side, 4))])
    for i in range(count):
        kind = rng.choice(
            ("Reshape", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "SpaceToDepth")
        )
        given = [last, rng.choice(("flat", "square"))] if kind == "Reshape" else [last]
        made = helper.make_node(kind, given, [f"laid{i}"])
        order = rng.choice(([0, 1, 3, 2], [0, 2, 1], [1, 0, 2, 3], [0, 3, 2, 1]))
        option = {"Transpose": ("perm", order), "Unsqueeze": ("axes", [0]), "SpaceToDepth": ("blocksize", 2)}
        if kind in option:
            made.attribute.append(helper.make_attribute(*option[kind]))
        nodes.append(made)
        last = f"laid{i}"
    _between(rng, model, nodes, last)


def nested(rng: Random, model: Any) -> None:
    """Graphs within attributes of graphs, and functions that call themselves."""
    graph = model.graph
    if rng.random() < 0.4:
        inner = [helper.make_node(rng.choice(("Own", "Relu")), ["a"], ["b"], domain=rng.choice(("own", "")))]
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
        model.functions.append(helper.make_function("own", "Own", ["a"], ["b"], inner, opsets))
        model.opset_import.append(opsets[1])
        rng.choice(graph.node).domain = "own"
        rng.choice(graph.node).op_type = "Own"
        return
    body = helper.make_graph([helper.make_node("Relu", ["x"], ["z"])], "body", [], graph.output)
    for _ in range(rng.choice((1, 5, 20, 45))):
        branch = helper.make_node(
            rng.choice(("If", "Loop", "Scan")), ["x"], ["y"], then_branch=body, body=body
        )
        body = helper.make_graph([branch], "body", [], graph.output)
        if len(body.SerializeToString()) > 1 << 18:
            break
    graph.node.append(helper.make_node("If", [rng.choice(_names(model))], ["branch"], then_branch=body))


def entered(rng: Random, model: Any) -> None:
    """An input of another kind: no shape, no type, other numbers, more axes, names for sizes, a sequence."""
    entry = model.graph.input[0]
    kind = rng.randrange(6)
    if kind == 0:
        entry.ClearField("type")
    elif kind == 1:
        entry.type.tensor_type.ClearField("shape")
    elif kind == 2:
        entry.type.tensor_type.elem_type = rng.choice(range(-1, 30))
    elif kind == 3:
        sizes = rng.choices((*_SIZES, "n", "", "a" * 9000), k=rng.choice((0, 1, 2, 3, 4, 5, 900)))
        entry.CopyFrom(helper.make_tensor_value_info("x", 1, None))
        for size in sizes:
            dim = entry.type.tensor_type.shape.dim.add()
            setattr(dim, "dim_param" if isinstance(size, str) else "dim_value", size)
    elif kind == 4:
        entry.type.sequence_type.elem_type.tensor_type.elem_type = 1
    else:
        del entry.type.tensor_type.shape.dim[:3]


def told(rng: Random, model: Any) -> None:
    """Texts of the file that the program reads: names of classes, of tensors, of the file's maker."""
    texts = [
        "[" * 50_000,
        "{}",
        json.dumps(["a\nb"] * 10),
        json.dumps([1, None, {}]),
        "a\x00\u202eb",
        "{0: 'x'",
        "",
    ]
    texts += [json.dumps({str(i): "é" * 900 for i in range(10)}), "\n".join(["x"] * 10), "[" + "1," * 10_000]
    for key in ("labels", "names", "classes", "class_names", "character", "id2label"):
        if rng.random() < 0.5:
            model.metadata_props.add(key=key, value=rng.choice(texts))
    rng.choice(model.graph.node).name = rng.choice(texts)
    rng.choice(model.graph.node).op_type = rng.choice(("", "Relu\n", "é" * 3000, "\x1b[31m"))


CHANGES: tuple[Change, ...] = (
    *(numbered, numbered, numbered, cyclic, twice, trapped, sparse, typed, typed, folded, folded, folded),
    *(quantized, quantized, rearranged, rearranged, nested, entered, told),
)
