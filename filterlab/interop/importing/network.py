"""An ONNX file as a graph, with the names of its tensors and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from filterlab.errors import FilterLabError, ParameterError, shown
from filterlab.graph import IMAGE, Graph, Node
from filterlab.interop.importing.book import Book
from filterlab.interop.importing.labels import labels_from, labels_of
from filterlab.interop.importing.preprocessing import preprocessing
from filterlab.interop.importing.reading import PRODUCER, ModelFile, load_onnx, read_model
from filterlab.interop.importing.values import Carried, View, unsettled
from filterlab.interop.importing.walk import read_operators
from filterlab.merging.batch_norms import Folding, fold_batch_norms
from filterlab.text.messages import Message, say

Shape = tuple[int, int, int]
_MOST_CHANNELS_LAST = (
    4  # an input whose last axis is this small, and its second larger, has its channels last
)


@dataclass(frozen=True)
class LeftOut:
    """A tensor of the model that is not carried: the operator that makes it, and why.

    after: the last of the nodes that the operator depends on; "" where there is none.
    """

    tensor: str
    operator: str
    reason: Message | str
    after: str = ""


@dataclass(frozen=True)
class Imported:
    """A network read from a file.

    pipeline: the nodes, in the class that was asked for. size: the picture (C, H, W) that it takes. nodes: pairs
    (node, tensor that it stands for). outputs: the model's outputs that are carried. merged: tensors that have no
    node of their own, with the node that took them in. left_out: what is not carried. remarks: what else to know of
    the numbers. metadata: texts of the file, such as the names of classes.
    """

    pipeline: Any
    size: Shape
    nodes: list[tuple[str, str]]
    outputs: list[str]
    merged: dict[str, str]
    left_out: list[LeftOut]
    remarks: list[Message | str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def tensors(self) -> dict[str, str]:
        """The tensor that each node stands for; of several equal ones the first."""
        found: dict[str, str] = {}
        for node, tensor in self.nodes:
            found.setdefault(node, tensor)
        return found

    def fold_batch_norms(self) -> tuple[Imported, Folding[Any]]:
        """The same network with its batch norms folded, except where that would lose a map that the file gives out.

        A node that is gone was folded into the one that its tensor is then `merged` into.
        """
        given = {node for node, tensor in self.nodes if tensor in self.outputs}
        folding = fold_batch_norms(self.pipeline, given)
        gone = {tensor: folding.folded[node] for node, tensor in self.nodes if node in folding.folded}
        earlier = {tensor: folding.folded.get(node, node) for tensor, node in self.merged.items()}
        nodes = [(node, tensor) for node, tensor in self.nodes if tensor not in gone]
        cut = [replace(entry, after=folding.folded.get(entry.after, entry.after)) for entry in self.left_out]
        made = replace(self, pipeline=folding.pipeline, nodes=nodes, merged={**earlier, **gone}, left_out=cut)
        return made, folding

    def to_dict(self) -> dict[str, Any]:
        """What became of the model's tensors, for JSON."""
        return {
            "nodes": [{"name": node, "tensor": tensor} for node, tensor in self.nodes],
            "outputs": self.outputs,
            "merged": [{"tensor": tensor, "into": node} for tensor, node in self.merged.items()],
            "left_out": [
                {"tensor": entry.tensor, "op": entry.operator, "reason": str(entry.reason)}
                for entry in self.left_out
            ],
            "remarks": [str(remark) for remark in self.remarks],
        }


def import_onnx(
    path: str | Path,
    size: Sequence[int] | None = None,
    preprocess: str | None = None,
    labels: Sequence[str] | str | None = None,
    kind: type[Graph] = Graph,
    picture: Sequence[int] | None = None,
) -> Imported:
    """Read an ONNX file.

    size: (C, H, W) of the graph's input, needed where the file leaves it open. picture: (C, H, W) for what the file
    leaves open, without an error where it fixes another size. preprocess: see `preprocessing`; without it nothing is
    put between the picture and the graph. labels: the names of the classes, or where they are (see `labels_from`), for
    the softmax of as many features; by default those of the file's metadata. kind: the class of the graph that is made.
    Raises FileError for a file that cannot be read, ParameterError for a size that is missing or contradicts the file.
    """
    # Before the work: a name that is misspelt is told at once.
    names = labels_from(labels) if isinstance(labels, str) else labels
    source = read_model(Path(path))
    book = Book(source)
    tensor, given = _input(source, size, picture)
    x = Carried(IMAGE, given.shape, given.axes)
    for name, layer in preprocessing(preprocess, given.shape) if preprocess else ():
        book.nodes.append(Node(book.free(name), layer, (x.node,)))
        x = Carried(book.nodes[-1].name, given.shape, given.axes)
    book.values[tensor], book.picture = x, x.node
    read_operators(book)
    outputs = _outputs(book)
    _settle_accounts(book)
    book.nodes = _needed(book)
    if not book.nodes:
        reason = next(iter(book.left_out.values()), ("", "it has no operators"))[1]
        raise FilterLabError(say("nothing of it can be carried: {}", reason), source.name)
    nodes = _labelled(book, labels_of(source.metadata) if names is None else names, asked=names is not None)
    return Imported(
        kind(nodes),
        (given.shape[0], given.shape[1], given.shape[2]),
        book.tensors,
        outputs,
        book.merged,
        _left_out(book),
        list(book.remarks.values()),
        source.metadata,
    )


def _labelled(book: Book, labels: Sequence[str] | None, *, asked: bool) -> list[Node]:
    """The nodes with the names of the classes at each softmax of a vector that has as many."""
    if not labels:
        return book.nodes
    found = []
    for node in book.nodes:
        if "labels" in type(node.layer).model_fields and book.shapes.get(node.name) == (len(labels),):
            node = replace(node, layer=node.layer.replace(labels=list(labels)))
        found.append(node)
    if asked and all(one is other for one, other in zip(found, book.nodes, strict=True)):
        book.remarks["labels"] = say(
            "the names of {} classes are not used: no softmax has as many", len(labels)
        )
    return found


def _outputs(book: Book) -> list[str]:
    """The outputs that are carried, each listed under its own name."""
    found = []
    for name in dict.fromkeys(output.name for output in book.source.graph.output):
        value = book.values.get(name)
        if isinstance(value, Carried) and value.listed:
            if all(tensor != name for _, tensor in book.tensors):
                book.tensors.append((value.node, name))
            found.append(name)
        elif name not in book.left_out:
            book.merged.pop(name, None)
            book.left_out[name] = (book.made_by.get(name, ""), _why_not(name, book))
    return found


def _why_not(name: str, book: Book) -> Message | str:
    """Why a tensor that was not cut is no output of ours."""
    value = book.values.get(name)
    if isinstance(value, Carried):
        return say("it has the axes {}", value.axes)
    if isinstance(value, View):
        return unsettled(value)
    return "it is a constant" if book.known(name) is not None else "nothing makes it"


def _settle_accounts(book: Book) -> None:
    """Give every tensor a place: what holds a map in another order of its axes, and rearrangements that are cut."""
    told = {tensor for _, tensor in book.tensors} | book.left_out.keys()
    for name in book.made_by:
        value = book.values.get(name)
        if (
            isinstance(value, Carried)
            and name not in told
            and not (value.listed and value.node != book.picture)
        ):
            book.merged.setdefault(name, value.node)
    for node in book.source.graph.node:
        if not book.left_out.keys().isdisjoint(node.output):
            _cut_views(node.input, book)


def _cut_views(names: Sequence[str], book: Book) -> None:
    """Leave rearrangements out that an operator reads which is cut, though a layer settles them for another reader."""
    for name in names:
        value = book.values.get(name)
        if isinstance(value, View) and book.merged.pop(name, None) is not None:
            book.left_out[name] = (book.made_by.get(name, ""), unsettled(value))


def _left_out(book: Book) -> list[LeftOut]:
    """What was cut, with the place in the graph where it would have followed."""
    places = {node.name: place for place, node in enumerate(book.nodes)}
    last: dict[str, str] = {}  # by tensor, the last node that it is made from
    for operator in book.source.graph.node:
        before = [last[name] for name in operator.input if last.get(name)]
        for name in operator.output:
            value = book.values.get(name)
            node = value.node if isinstance(value, Carried) else ""
            last[name] = node or max(before, key=lambda n: places.get(n, -1), default="")
    return [LeftOut(name, *why, last.get(name, "")) for name, why in book.left_out.items()]


def _needed(book: Book) -> list[Node]:
    """The nodes without those that were put before an operator which then could not be carried."""
    stand = {value.node for value in book.values.values() if isinstance(value, Carried)}
    stand |= {value.source.node for value in book.values.values() if isinstance(value, View)}
    found: list[Node] = []
    for node in reversed(book.nodes):
        if node.name in stand:
            found.append(node)
            stand.update(node.inputs or ())
    return found[::-1]


def _input(
    source: ModelFile, size: Sequence[int] | None, picture: Sequence[int] | None
) -> tuple[str, Carried]:
    """The name of the graph's input, and its shape and axes. Raises ParameterError."""
    name, dims, axes, where = _entry(source, size)
    return name, Carried(IMAGE, _shape(dims, axes, size, picture, where), axes)


def _entry(
    source: ModelFile, size: Sequence[int] | None = None
) -> tuple[str, list[int | None], str, Message]:
    """The graph's input: its name, its sizes as far as the file says them, its axes, and how it is called in errors."""
    stored = {tensor.name for tensor in source.graph.initializer}
    inputs = [entry for entry in source.graph.input if entry.name not in stored]
    if len(inputs) != 1:
        names = ", ".join(shown(entry.name) for entry in inputs[:8]) or "none"
        hint = say("models that take one picture are read")
        raise ParameterError(say("it has {} input(s): {}", len(inputs), names), source.name, hint)
    entry = inputs[0]
    claimed = entry.type.tensor_type
    dims = [d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else None for d in claimed.shape.dim]
    if not claimed.HasField("shape"):  # which leaves all of it open
        dims = [None] * 4
    where = say("{}, input {}", source.name, shown(entry.name))
    if len(dims) not in (3, 4):
        raise ParameterError(say("it has {} axes", len(dims)), where, "models of one picture have four")
    if dims[0] not in (None, 1):
        raise ParameterError(
            say("it has a fixed batch of {}", dims[0]), where, "export the model for one picture"
        )
    return entry.name, dims, "NCW" if len(dims) == 3 else _order(source, entry.name, dims, size), where


# Operators that change each number alone, and so leave the order of the axes to those that follow; and those whose
# channels stand first.
_EACH_ALONE = """
    Identity Cast Add Sub Mul Div Pow Sum Max Min Neg Abs Sqrt Exp Log Clip Relu LeakyRelu Sigmoid Tanh
    DequantizeLinear QuantizeLinear
"""
_CHANNELS_FIRST = """
    Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool LRN BatchNormalization
    InstanceNormalization GroupNormalization DepthToSpace SpaceToDepth
"""


def _order(source: ModelFile, name: str, dims: Sequence[int | None], size: Sequence[int] | None) -> str:
    """Where the channels are: as the first operator has it that asks for an order, or moves them to the front.

    Where none does, they are last if only the last axis is small, unless the size (C, H, W) says that they are first.
    """
    if source.producer == PRODUCER:
        return "NCHW"
    onnx = load_onnx()
    same = {name}
    for node in source.graph.node:
        if same.isdisjoint(node.input):
            continue
        if node.op_type == "Transpose":
            orders = [onnx.helper.get_attribute_value(a) for a in node.attribute if a.name == "perm"]
            if orders and list(orders[0]) == [0, 3, 1, 2]:
                return "NHWC"
        if node.op_type in _CHANNELS_FIRST.split():
            return "NCHW"
        if node.op_type in _EACH_ALONE.split():
            same.update(node.output)
    if size is not None and list(dims[1:]) == list(size):
        return "NCHW"
    last_small = dims[3] is not None and dims[3] <= _MOST_CHANNELS_LAST
    second_small = dims[1] is not None and dims[1] <= _MOST_CHANNELS_LAST
    return "NHWC" if last_small and not second_small else "NCHW"


def _shape(
    dims: Sequence[int | None],
    axes: str,
    size: Sequence[int] | None,
    picture: Sequence[int] | None,
    where: Any,
) -> Shape:
    fixed = {axis: n for axis, n in zip(axes, dims, strict=True) if axis != "N"}
    if axes == "NCW":
        fixed["H"] = 1
    wanted = dict(zip("CHW", size, strict=True)) if size is not None else {}
    for axis, n in wanted.items():
        if fixed[axis] not in (None, n):
            text = "x".join(str(fixed[a] or "?") for a in "CHW")
            what = say(
                "the size {} contradicts the file, whose input is {}", "x".join(map(str, size or ())), text
            )
            raise ParameterError(
                what, where, "leave the size out, or give that of the file", parameter="size"
            )
    wanted = wanted or dict(zip("CHW", picture or (), strict=picture is not None))
    shape = tuple(fixed[axis] or wanted.get(axis) for axis in "CHW")
    if None in shape:
        text = "x".join(str(n or "?") for n in shape)
        hint = "give the size of the picture as CxHxW, for example 3x224x224"
        raise ParameterError(say("the file leaves its size open: {}", text), where, hint, parameter="size")
    return shape[0], shape[1], shape[2]  # type: ignore[return-value]


# Two sizes for what a file leaves open: a graph that is the same for both does not depend on it.
_OPEN_SIZES = ((224, 224), (256, 320))


def load_onnx_graph(path: Path, size: Sequence[int] | None = None) -> Graph:
    """The graph of an ONNX file. size: (C, H, W), for what the file leaves open; where it needs none, any.

    Raises as `import_onnx`, and ParameterError where the graph depends on a size that is not known.
    """
    if size is not None:
        return import_onnx(path, picture=size).pipeline
    try:
        return import_onnx(path).pipeline
    except ParameterError as error:
        if error.parameter != "size":
            raise
        first, second = (import_onnx(path, picture=(3, *each)).pipeline for each in _OPEN_SIZES)
        if first != second:
            raise
        return first


def input_size(path: Path) -> tuple[int | None, int | None, int | None]:
    """(C, H, W) of the picture that an ONNX file takes; None for what it leaves open. Raises as `import_onnx`."""
    _, dims, axes, _ = _entry(read_model(path))
    fixed = {"H": 1, **{axis: n for axis, n in zip(axes, dims, strict=True) if axis != "N"}}
    return fixed["C"], fixed["H"], fixed["W"]
