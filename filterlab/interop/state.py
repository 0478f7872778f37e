"""Weights of another program put into a pipeline: a state dict of PyTorch in a safetensors file, matched by name.

Nothing that the file says is believed before it is checked against what the file holds, and a pickle is never read: it
can run any program.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Generic

import numpy as np

from filterlab.errors import FileError, FilterLabError, shown, shown_path
from filterlab.functional.arrays import Array, shape_text
from filterlab.graph.graph import G
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer, Shape
from filterlab.run.files import read_bytes, refuse_pickle, safetensors_header
from filterlab.text.messages import Message, say

_SAVE_HINT = (
    "save the weights in PyTorch as safetensors: from safetensors.torch import save_file; "
    "save_file(model.state_dict(), 'weights.safetensors')"
)
_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
MOST_TENSORS = 100_000
_LONGEST_HEADER = 1 << 25  # bytes; as Python objects they take about ten times as much
_MOST_AXES, _MOST_NUMBER = 8, 1 << 48
_BY_NAME, _BY_LIKENESS, _BY_ORDER = "name", "similar name", "order"


@dataclass(frozen=True)
class Stored:
    """A tensor of the file, its numbers not yet looked at."""

    shape: Shape
    kind: str
    data: memoryview

    def numbers(self) -> Array:
        """The numbers: float64 as they are, all others as float32, which holds float16 and bfloat16 exactly."""
        raw = np.frombuffer(self.data, _TYPES[self.kind]).reshape(self.shape)
        if self.kind == "BF16":
            # The upper half of a float32.
            return (raw.astype(np.uint32) << 16).view(np.float32)
        return raw.astype(np.float64 if self.kind == "F64" else np.float32)


@dataclass(frozen=True)
class Matched:
    """A tensor that was taken. how: "name", "similar name" or "order"."""

    tensor: str
    node: str
    parameter: str
    shape: Shape
    how: str


@dataclass(frozen=True)
class Unmatched:
    """A tensor of the file, or "node.parameter" of the pipeline, that has no partner, and why."""

    name: str
    shape: Shape
    reason: Message | str


@dataclass(frozen=True)
class Transfer(Generic[G]):
    """The pipeline with the weights of the file, and what became of both sides.

    missing: arrays of the pipeline that stayed as they were; unused: tensors of the file.
    """

    pipeline: G
    matched: tuple[Matched, ...]
    missing: tuple[Unmatched, ...]
    unused: tuple[Unmatched, ...]

    def to_dict(self) -> dict[str, Any]:
        """The table, for JSON."""
        return {
            "matched": [
                {
                    "tensor": m.tensor,
                    "node": m.node,
                    "parameter": m.parameter,
                    "shape": list(m.shape),
                    "by": m.how,
                }
                for m in self.matched
            ],
            **{
                side: [{"name": u.name, "shape": list(u.shape), "reason": str(u.reason)} for u in found]
                for side, found in (("missing", self.missing), ("unused", self.unused))
            },
        }


# -- reading ----------------------------------------------------------------------------------------------


def read_state(path: Path) -> dict[str, Stored]:
    """The tensors of a safetensors file by name. Raises FileError for a pickle, and for a file that is damaged."""
    try:
        refuse_pickle(path, _SAVE_HINT)
        content = read_bytes(path)
        refuse_pickle(content, _SAVE_HINT)
        length = int.from_bytes(content[:8], "little")
        if length > _LONGEST_HEADER:
            raise FileError(say("its header claims {:,} byte(s)", length), hint="save it again")
        header = safetensors_header(content)
        header.pop("__metadata__", None)
        if len(header) > MOST_TENSORS:
            raise FileError(say("it holds {} tensors, more than {}", len(header), MOST_TENSORS))
        data = memoryview(content)[8 + length :]
        return {name: _stored(name, entry, data) for name, entry in header.items()}
    except FileError as error:
        where = ", ".join(part for part in (shown_path(path), error.where) if part)
        raise FileError(error.what, where, error.hint) from None


def _stored(name: str, entry: Any, data: memoryview) -> Stored:
    try:
        kind, shape, (start, stop) = entry["dtype"], entry["shape"], entry["data_offsets"]
        whole = isinstance(kind, str) and all(
            type(n) is int and 0 <= n < _MOST_NUMBER for n in (*shape, start, stop)
        )
    except (KeyError, TypeError, ValueError):
        whole = False
    if not whole or len(shape) > _MOST_AXES:
        raise FileError("it is not a safetensors file: its header is broken", f"tensor {shown(name)}")
    if not start <= stop <= len(data):
        raise FileError("its numbers lie outside the file", f"tensor {shown(name)}", "save it again")
    if kind in _TYPES and stop - start != prod(shape) * np.dtype(_TYPES[kind]).itemsize:
        what = say("its shape {} does not agree with its {} byte(s)", shape_text(tuple(shape)), stop - start)
        raise FileError(what, f"tensor {shown(name)}", "save it again")
    return Stored(tuple(shape), kind, data[start:stop])


# -- matching ---------------------------------------------------------------------------------------------

Target = tuple[str, str]  # a node and the name of one of its arrays


def take_state(graph: G, path: Path, by_order: bool = False) -> Transfer[G]:
    """Put the tensors of a safetensors file into the layers of a graph whose names and shapes they have.

    A tensor is called `node.parameter`, as conv1.weight; where no node has that name, one is taken whose name is equal
    once ".", "/", "-" and "_" count as the same. by_order: nodes that are left then take the modules that are left,
    the first whose arrays have their shapes, both in their order; that of the file is the order of names, numbers by
    their value, because safetensors files are not written in the order of the modules. Raises FileError.
    """
    tensors = read_state(path)
    targets = dict(_targets(graph))
    found = {tensor: (target, _BY_NAME) for tensor, target in _named(tensors, targets)}
    rest = _without(tensors, found)
    free = {t: shape for t, shape in targets.items() if t not in {target for target, _ in found.values()}}
    found |= {tensor: (target, _BY_LIKENESS) for tensor, target in _alike(rest, free)}
    if by_order:
        taken = {node for (node, _), _ in found.values()}
        left = {t: shape for t, shape in targets.items() if shape and t[0] not in taken}
        found |= {tensor: (t, _BY_ORDER) for tensor, t in _in_order(_without(tensors, found), left)}
    return _transfer(graph, tensors, targets, found)


def _without(entries: Mapping[str, Any], others: Iterable[str]) -> dict[str, Any]:
    gone = set(others)
    return {name: entry for name, entry in entries.items() if name not in gone}


def _targets(graph: G) -> Iterator[tuple[Target, Shape]]:
    """The arrays that layers declare, with their shapes; () for one that is left out, which the file may bring."""
    for step in graph.steps:
        layer = graph[step.name]
        for declared in layer.declarations():
            if isinstance(declared.kind, Tensor):
                yield (step.name, declared.name), layer.shape_of(declared.name)


def _named(tensors: Iterable[str], targets: Iterable[Target]) -> Iterator[tuple[str, Target]]:
    names = {".".join(target): target for target in targets}
    yield from ((tensor, names[tensor]) for tensor in tensors if tensor in names)


def _alike(tensors: Iterable[str], targets: Iterable[Target]) -> Iterator[tuple[str, Target]]:
    # Where two names become equal on either side, neither is taken: a guess would not show.
    given, names = _folded({t: t for t in tensors}), _folded({".".join(t): t for t in targets})
    yield from ((given[name], names[name]) for name in given if name in names)


def _folded(entries: Mapping[str, Any]) -> dict[str, Any]:
    counts = Counter(_plain(name) for name in entries)
    return {_plain(name): entry for name, entry in entries.items() if counts[_plain(name)] == 1}


def _plain(name: str) -> str:
    return re.sub(r"[./\-]", "_", name)


def _in_order(tensors: Mapping[str, Stored], left: Mapping[Target, Shape]) -> Iterator[tuple[str, Target]]:
    modules: dict[str, dict[str, Shape]] = defaultdict(dict)
    for tensor in sorted(tensors, key=_by_numbers):
        module, _, parameter = tensor.rpartition(".")
        if tensors[tensor].kind in _TYPES:
            modules[module][parameter] = tensors[tensor].shape
    nodes: dict[str, dict[str, Shape]] = defaultdict(dict)
    for (node, parameter), shape in left.items():
        nodes[node][parameter] = shape
    for node, shapes in nodes.items():
        fitting = next((m for m, has in modules.items() if shapes.items() <= has.items()), None)
        if fitting is not None:
            del modules[fitting]
            yield from ((f"{fitting}.{p}" if fitting else p, (node, p)) for p in shapes)


def _by_numbers(name: str) -> list[tuple[int, str]]:
    # Digits that do not fit an int quickly are compared as text: a hostile name may have thousands.
    parts = re.findall(r"\d{1,18}|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _hindrance(tensor: Stored, target: Target, targets: Mapping[Target, Shape]) -> Message | str:
    """Why a tensor cannot be put where its name says; "" where it can."""
    if tensor.kind not in _TYPES:
        return say("its numbers are {}", shown(tensor.kind, 20))
    if targets[target] not in ((), tensor.shape):
        shapes = shape_text(tensor.shape), shape_text(targets[target])
        return say("its shape is {}, that of the layer's {} is {}", shapes[0], target[1], shapes[1])
    return ""


# -- putting in -------------------------------------------------------------------------------------------


def _transfer(
    graph: G,
    tensors: Mapping[str, Stored],
    targets: Mapping[Target, Shape],
    found: Mapping[str, tuple[Target, str]],
) -> Transfer[G]:
    reasons: dict[str, Message | str] = {}
    by_node: dict[str, dict[str, str]] = defaultdict(dict)
    for tensor, (target, _) in found.items():
        why = _hindrance(tensors[tensor], target, targets)
        if why:
            reasons[tensor] = why
        else:
            by_node[target[0]][target[1]] = tensor
    layers = {
        node: _filled(graph[node], {p: (t, tensors[t]) for p, t in chosen.items()}, reasons)
        for node, chosen in by_node.items()
    }
    matched = tuple(
        Matched(tensor, *target, tensors[tensor].shape, how)
        for tensor, (target, how) in found.items()
        if tensor not in reasons
    )
    done = {(m.node, m.parameter) for m in matched}
    refused = {target: reasons[t] for t, (target, _) in found.items() if t in reasons}
    missing = tuple(
        Unmatched(".".join(t), shape, refused.get(t, "no tensor of the file has its name and shape"))
        for t, shape in targets.items()
        if shape and t not in done
    )
    used = {m.tensor for m in matched}
    unused = tuple(
        Unmatched(name, stored.shape, reasons.get(name) or _stray(name))
        for name, stored in tensors.items()
        if name not in used
    )
    return Transfer(graph.with_layers(layers), matched, missing, unused)


def _stray(name: str) -> Message | str:
    if name.endswith("num_batches_tracked"):
        return "PyTorch counts batches in it, and no layer reads it"
    return "no array of the pipeline has its name"


def _filled(layer: Layer, chosen: dict[str, tuple[str, Stored]], reasons: dict[str, Message | str]) -> Layer:
    """The layer with the tensors that it accepts; of the others `reasons` gets its answer."""
    while chosen:
        try:
            return layer.replace(**{name: stored.numbers() for name, (_, stored) in chosen.items()})
        except FilterLabError as error:
            # An error of two arrays together names one of them; one of none leaves no choice.
            for name in [name for name in chosen if name == error.parameter] or list(chosen):
                reasons[chosen.pop(name)[0]] = error.what
    return layer
