"""An ONNX file as a model whose claims have been checked against what the file holds.

Nothing that the file says is believed before memory is taken for it: a tensor may not claim more numbers than it has
bytes, data beside the file must lie in its folder, and no code of the file runs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from heapq import heappop, heappush
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from filterlab.errors import FileError, shown, shown_path
from filterlab.functional.arrays import Array
from filterlab.run.files import refuse_pickle
from filterlab.text.messages import say
from filterlab.text.system import refusal

MOST_BYTES = 1 << 31  # the limit of protobuf; larger models keep their weights in other files
OLDEST, MOST_OPERATORS = 7, 20_000  # the largest networks in use have a few thousand operators
MOST_DIMENSIONS = 8
PRODUCER = "FilterLab"  # what files written by `export_onnx` say, whose channels always stand first


@dataclass(frozen=True)
class ModelFile:
    """A model file: its graph, the version of the operators, and the folder that other files must lie in.

    producer: the program that wrote it, as the file says.
    """

    graph: Any
    opset: int
    folder: Path
    name: str
    metadata: dict[str, str]
    producer: str


def load_onnx() -> Any:
    """The library onnx. Raises FileError where it is not installed."""
    try:
        import onnx
    except ImportError:
        hint = say("install it: pip install 'filterlab[onnx]'")
        raise FileError("reading ONNX files needs the library onnx", "ONNX", hint) from None
    return onnx


def read_model(path: Path) -> ModelFile:
    """The model of a file. Raises FileError for one that cannot be read, or is no ONNX model of a known version."""
    onnx = load_onnx()
    where = shown_path(path)
    content = _content(path, where)
    _refuse_others(content, where)
    try:
        model = onnx.ModelProto.FromString(content)
    except Exception:  # protobuf raises errors of several kinds, in words that help nobody
        raise FileError("it is not an ONNX model, or is damaged", where) from None
    if not model.graph.node or not model.opset_import:
        raise FileError("it is not an ONNX model: it has no operators", where)
    opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
    if opset < OLDEST:
        what = say("its operators are of version {}, those that are read of {} and later", opset, OLDEST)
        raise FileError(what, where, "convert it with onnx.version_converter")
    if len(model.graph.node) > MOST_OPERATORS:
        what = say("it has {} operators, more than {}", len(model.graph.node), MOST_OPERATORS)
        raise FileError(what, where)
    _sort(model.graph)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    return ModelFile(model.graph, opset, path.resolve().parent, where, metadata, model.producer_name)


def _refuse_others(content: bytes, where: str) -> None:
    """Raise FileError for what often bears the name of a model: a checkpoint, or what a server sent instead."""
    if not content:
        raise FileError("it is empty", where, "download or export it again")
    if content.lstrip()[:1] == b"<":
        raise FileError("it is a web page, not an ONNX model", where, "download the file itself")
    if content.startswith(b"version https://git-lfs"):
        raise FileError("it only says where Git LFS keeps the model", where, "fetch it with: git lfs pull")
    try:
        refuse_pickle(content)
    except FileError as error:
        raise FileError(error.what, where, error.hint) from None


def _sort(graph: Any) -> None:
    """Put the operators into the order of evaluation, which the format asks for and onnxruntime does not insist on.

    Those that stand in order keep it; those of a cycle, and what depends on them, come last.
    """
    makers = {name: i for i, node in enumerate(graph.node) for name in node.output if name}
    waits = [{makers[name] for name in node.input if name in makers} for node in graph.node]
    if all(not before or max(before) < i for i, before in enumerate(waits)):
        return
    readers: dict[int, list[int]] = {}
    for i, before in enumerate(waits):
        for maker in before:
            readers.setdefault(maker, []).append(i)
    ready, order = [i for i, before in enumerate(waits) if not before], list[int]()
    while ready:
        order.append(heappop(ready))
        for i in readers.get(order[-1], ()):
            waits[i].discard(order[-1])
            if not waits[i]:
                heappush(ready, i)
    rest = sorted(set(range(len(waits))) - set(order))
    nodes = [graph.node[i] for i in (*order, *rest)]
    copies = [type(node).FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def _content(path: Path, where: str) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST_BYTES:
                raise FileError(say("it has {} bytes, more than an ONNX file can have", size), where)
            return file.read()
    except OSError as error:
        what, hint = refusal(error, writing=False)
        raise FileError(say("it cannot be read: {}", what), where, hint) from None


def constant_of(tensor: Any, source: ModelFile) -> Array:
    """The numbers of a TensorProto; half-precision ones as float32. Raises FileError where it does not hold them."""
    onnx = load_onnx()
    where = say("{}, tensor {}", source.name, shown(tensor.name))
    shape = tuple(tensor.dims)
    if len(shape) > MOST_DIMENSIONS or any(n < 0 for n in shape):
        raise FileError("it has an impossible shape", where)
    if tensor.HasField("segment"):
        raise FileError("it is stored in segments, which no program writes", where)
    raw = _external(tensor, source, where) if tensor.external_data else None
    # Strings and the types of fewer than 8 bits are constants of no operator that is carried.
    if tensor.data_type in (onnx.TensorProto.STRING, onnx.TensorProto.UNDEFINED):
        raise FileError("it does not hold numbers", where)
    if raw is not None:
        tensor = onnx.TensorProto(data_type=tensor.data_type, dims=shape, raw_data=raw)
    held = _held(tensor, onnx)
    if held is None or held < prod(shape):
        raise FileError(say("it claims {} number(s) and holds {}", prod(shape), held or 0), where)
    try:
        array = np.asarray(onnx.numpy_helper.to_array(tensor))
    except Exception:  # of numpy, ml_dtypes or protobuf, by the kind of damage
        raise FileError("its numbers cannot be read", where) from None
    # Half precision, and the types that NumPy does not have (bfloat16, float8), all fit into float32.
    if array.dtype.kind == "c":
        raise FileError("it holds complex numbers", where)
    exotic = array.dtype.kind not in "fiub" or (array.dtype.kind == "f" and array.itemsize == 2)
    return array.astype(np.float32) if exotic else array


def constant_node(node: Any, source: ModelFile) -> Array | None:
    """The numbers of an operator Constant; None for text and sparse ones."""
    for attribute in node.attribute:
        if attribute.name == "value":
            return constant_of(attribute.t, source)
        if attribute.name in ("value_float", "value_floats"):
            return np.array(attribute.f if attribute.name == "value_float" else attribute.floats, np.float32)
        if attribute.name in ("value_int", "value_ints"):
            return np.array(attribute.i if attribute.name == "value_int" else attribute.ints, np.int64)
    return None


def _held(tensor: Any, onnx: Any) -> int | None:
    """How many numbers the data of a tensor is enough for."""
    try:
        itemsize = np.dtype(onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)).itemsize
    except (KeyError, TypeError, ValueError):
        return None
    if tensor.raw_data:
        return len(tensor.raw_data) // max(itemsize, 1) * _packing(tensor.data_type, onnx)
    fields = ("float_data", "int32_data", "int64_data", "double_data", "uint64_data")
    return max(len(getattr(tensor, field)) for field in fields) * _packing(tensor.data_type, onnx)


def _packing(kind: int, onnx: Any) -> int:
    """How many numbers share one byte."""
    small = ("INT4", "UINT4", "FLOAT4E2M1", "INT2", "UINT2")
    names = {getattr(onnx.TensorProto, name, -1): 4 if name.endswith("T2") else 2 for name in small}
    return names.get(kind, 1)


def _external(tensor: Any, source: ModelFile, where: Any) -> bytes:
    """The bytes of a tensor that stand in another file, which must lie in the model's folder."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    try:
        # After links are followed: one that leads out of the folder is refused as well.
        path = (source.folder / entries.get("location", "")).resolve()
        inside = path.is_relative_to(source.folder) and path.is_file()
    # Names that are too long or hold letters that no name can have, and links that lead to themselves.
    except (OSError, ValueError, RuntimeError):
        inside = False
    if not inside:
        what = say(
            "its data is in {}, which is no file in the model's folder", shown(entries.get("location"))
        )
        raise FileError(what, where)
    try:
        offset, length = int(entries.get("offset", 0)), int(entries.get("length", path.stat().st_size))
        if offset < 0 or length < 0 or offset + length > path.stat().st_size:
            raise FileError(say("its data goes beyond the end of {}", shown(path.name)), where)
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)
    except ValueError:
        raise FileError("it does not say where its data is", where) from None
    except OSError as error:
        what = say("{} cannot be read: {}", shown(path.name), refusal(error, writing=False)[0])
        raise FileError(what, where) from None
