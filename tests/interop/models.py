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
    """The tensors of a model as onnxruntime computes them, without its optimisations. x: (1, C, H, W)."""
    asked = onnx.ModelProto()
    asked.CopyFrom(made)
    stored = {tensor.name for tensor in made.graph.initializer}
    given = next(entry for entry in made.graph.input if entry.name not in stored)
    known = {output.name for output in asked.graph.output} | {given.name}
    for name in tensors:
        if name not in known:
            asked.graph.output.append(helper.make_empty_tensor_value_info(name))
            known.add(name)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(asked.SerializeToString(), options)
    names = [name for name in tensors if name != given.name]
    dims = [d.dim_value for d in given.type.tensor_type.shape.dim]
    if len(dims) == 4 and dims[3] == x.shape[1] != dims[1]:
        x = x.transpose(0, 2, 3, 1)
    return dict(zip(names, session.run(names, {given.name: x}), strict=True)) | {given.name: x}


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


TOLERANCE = 1e-5  # of a tensor's range


def distance(a, b):
    """The largest difference of two maps, in parts of the range of the second."""
    # A single number, or a map of equal ones, has no range: its own size stands for it.
    reach = float(np.ptp(b)) or float(np.abs(b).max()) or 1.0
    return float(np.abs(a.astype(np.float64) - b).max()) / reach


def worst_difference(found, made, x, check=None):
    """The largest difference of a tensor from onnxruntime's, in parts of its range. x: (1, C, H, W).

    Where one is above the tolerance, rounding must be the cause, and more of it onnxruntime's: the same network in
    float64 is within the tolerance of ours, and nearer to ours than to onnxruntime's, which is within ten times the
    tolerance of it. check: called with the maps in float64, by node, to compare them with a run of something else.
    """
    names = dict.fromkeys(tensor for _, tensor in found.nodes)
    wanted, maps = runtime(made, x, names), {"image": x[0], **found.pipeline.run(x[0])}
    doubles, worst = {}, 0.0
    for name, tensor in found.nodes:
        want = as_map(wanted[tensor], maps[name].shape)
        assert want.shape == maps[name].shape, tensor
        difference = distance(maps[name], want)
        if not difference <= TOLERANCE:
            doubles = doubles or in_doubles(found, x, check)
            ours, theirs = distance(maps[name], doubles[name]), distance(want, doubles[name])
            assert ours <= TOLERANCE, (tensor, difference, ours, theirs)
            assert ours <= theirs <= 10 * TOLERANCE, (tensor, difference, ours, theirs)
            print(f"{tensor}: onnxruntime is {theirs:.1e} away from float64, we are {ours:.1e}")
            difference = ours
        worst = max(worst, difference)
    return worst


def in_doubles(found, x, check):
    x = x[0].astype(np.float64)
    maps = {"image": x, **found.pipeline.run(x)}
    assert all(value.dtype == np.float64 for value in maps.values())
    if check is not None:
        check(maps)
    return maps


def figures(found, made, worst):
    """What was carried of a model, in a line."""
    return (
        f"{len(made.graph.node)} operators, {len(found.pipeline)} nodes, {len(found.nodes)} tensors,"
        f" {len(found.merged)} merged, {len(found.left_out)} cuts, worst {worst:.1e}"
    )
