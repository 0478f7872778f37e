"""The model of a pipeline for pictures of one size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from filterlab.errors import FilterLabError
from filterlab.files import atomic_write
from filterlab.graph import IMAGE, Graph
from filterlab.graph.editing import leaves
from filterlab.interop.exporting.onnx.builder import OPSET, Model, NoEquivalentError, Site, writer_of
from filterlab.interop.exporting.torch.writers import written
from filterlab.interop.importing.reading import PRODUCER, load_onnx
from filterlab.layers.base.layer import Layer, Shape
from filterlab.text.messages import say

_FORMAT = 10  # the version of the file format that belongs to the operators' version


def export_onnx(graph: Graph, path: str | Path, size: tuple[int, ...], *, overwrite: bool = False) -> None:
    """Write a graph as an ONNX file for pictures of `size` (C, H, W), computed in float32.

    Each tensor of a node has its name; nodes that nobody reads are the outputs. Raises FilterLabError for a layer
    without an equivalent, naming the node, and FileError where the file cannot be written.
    """
    content = onnx_model(graph, size).SerializeToString()
    with atomic_write(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(content)


def onnx_model(graph: Graph, size: tuple[int, ...]) -> Any:
    """The ModelProto of a graph. Raises as `export_onnx`."""
    onnx = load_onnx()
    shapes: dict[str, Shape] = {IMAGE: size, **graph.output_shapes(size)}
    model = Model(onnx.helper, onnx.numpy_helper, taken={IMAGE, *(node.name for node in graph.nodes)})
    metadata: dict[str, str] = {}
    for step in graph.steps:
        node = graph.node(step.name)
        inputs = list(step.inputs)
        place = Site(model, step.name, inputs, [shapes[name] for name in inputs], shapes[step.name])
        last = _write(place, node.layer) if node.enabled else place.add("Identity", inputs[0])
        _rename(model, last, step.name, inputs)
        labels = getattr(node.layer, "labels", None)
        if labels:
            metadata["labels"] = json.dumps(list(labels), ensure_ascii=False)
    made = onnx.helper.make_graph(
        model.nodes,
        "pipeline",
        [_described(onnx, IMAGE, size)],
        [_described(onnx, name, shapes[name]) for name in leaves(graph)],
        model.constants,
    )
    opsets = [onnx.helper.make_opsetid("", OPSET)]
    found = onnx.helper.make_model(made, opset_imports=opsets, ir_version=_FORMAT, producer_name=PRODUCER)
    onnx.helper.set_model_props(found, metadata)
    return found


def _write(place: Site, layer: Layer) -> str:
    writer = writer_of(layer)
    try:
        if writer is not None:
            return writer(place, layer)
    except NoEquivalentError:
        pass
    what = say("{} with these parameters has no equivalent in ONNX", type(layer).__name__)
    elsewhere = "remove the node" if written(layer) is None else "export to PyTorch, or remove the node"
    raise FilterLabError(what, f"node '{place.name}'", elsewhere, node=place.name)


def _rename(model: Model, tensor: str, name: str, inputs: list[str]) -> None:
    """Give the tensor that stands for a node the node's name."""
    if not model.nodes or tensor not in model.nodes[-1].output:
        # The layer changes nothing: its output would be another node's tensor.
        model.nodes.append(model.helper.make_node("Identity", [tensor], [name], name=name))
        return
    model.nodes[-1].output[0] = name


def _described(onnx: Any, name: str, shape: Shape) -> Any:
    return onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, *shape])
