"""Small ONNX models, made operator by operator, and what onnxruntime computes of them."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from filterlab.interop.importing import import_onnx
from filterlab.pipeline import Pipeline

SHAPE = (1, 6, 8, 10)


def constant(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype), name)


def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs.split(), outputs.split(), **attributes)


def model(nodes, outputs="y", constants=(), shape=SHAPE, opset=17, kind=TensorProto.FLOAT):
    """A model whose input is called x."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_empty_tensor_value_info(name) for name in outputs.split()],
        list(constants),
    )
    # The oldest version of the file format that knows the operators: onnxruntime lags behind the newest.
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def saved(made, folder, name="model.onnx"):
    path = folder / name
    path.write_bytes(made.SerializeToString())
    return path


def runtime(made, x, tensors):
    """The tensors of a model as onnxruntime computes them, without its optimisations."""
    asked = onnx.ModelProto()
    asked.CopyFrom(made)
    known = {output.name for output in asked.graph.output}
    for name in tensors:
        if name not in known and name != "x":
            asked.graph.output.append(helper.make_empty_tensor_value_info(name))
            known.add(name)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(asked.SerializeToString(), options)
    names = [name for name in tensors if name != "x"]
    return dict(zip(names, session.run(names, {"x": x}), strict=True)) | {"x": x}


def as_map(tensor, shape):
    """A tensor of ONNX as the map (C, H, W) or vector that stands for it."""
    value = tensor[0]
    if value.ndim == 3 and value.shape != shape:
        value = value.transpose(2, 0, 1)
    return value[:, None] if value.ndim == 2 and len(shape) == 3 else value


def compared(made, folder, x=None, size=None, tolerance=1e-5, **options):
    """Import a model and compare every tensor that it carries with onnxruntime; return what was imported."""
    found = import_onnx(saved(made, folder), size, kind=Pipeline, **options)
    if x is None:
        x = np.random.default_rng(3).standard_normal((1, *found.size)).astype(np.float32)
    maps = {"image": x[0], **found.pipeline.run(x[0])}
    rank = len(made.graph.input[0].type.tensor_type.shape.dim)
    wanted = runtime(made, x if rank == 4 else x[:, :, 0], dict.fromkeys(tensor for _, tensor in found.nodes))
    for name, tensor in found.nodes:
        want = as_map(wanted[tensor], maps[name].shape)
        assert maps[name].shape == want.shape, tensor
        finite = want[np.isfinite(want)]
        # A single number has no range: its own size stands for it.
        reach = float(np.ptp(finite) if finite.size > 1 else np.abs(finite).max()) or 1.0
        np.testing.assert_allclose(maps[name], want, rtol=0, atol=tolerance * reach, err_msg=tensor)
    return found
