"""The file format "filterlab/1": JSON, or safetensors with the graph in its metadata.

Reading trusts nothing: whatever a file holds, the answer is a graph or an error that says where the file is wrong.
"""

from __future__ import annotations

import errno
import json
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from filterlab.errors import FileError, FilterLabError, ParameterError, nearest, shown, shown_path
from filterlab.files import atomic_write
from filterlab.functional.arrays import Array
from filterlab.graph import IMAGE, Graph, Node
from filterlab.layers.base.kinds import Tensor
from filterlab.layers.base.layer import Layer
from filterlab.layers.base.registry import layer_type
from filterlab.layers.base.weights import MOST_NUMBERS, Weights
from filterlab.text.messages import say

FORMAT = "filterlab/1"
# The number types of safetensors that NumPy has, too: not BF16 and the 8-bit floats.
_NUMBERS = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL")
_JSON_WORDS = {  # the messages of the json module, in words for people who do not program
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
    "Unterminated string starting at": "a string has no end",
    "Invalid control character at": "a string holds a control character",
    "Extra data": "something follows its end",
}
MOST_NODES = 10_000  # the largest networks in use have a few thousand
# Bytes of JSON; as Python numbers they take about ten times as much memory.
LARGEST_TEXT = 1 << 30
# What PyTorch writes by default, by suffix and by first bytes: pickles of protocol 2 and later, and a zip file of one.
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle")
_PICKLED = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_NODE_KEYS = ("name", "layer", "inputs", "params", "enabled")


# -- writing ----------------------------------------------------------------------------------------------


def save(graph: Graph, path: Path) -> None:
    """See `Pipeline.save`. Raises FileError for another suffix, or where the file cannot be written."""
    if path.suffix == ".safetensors":
        content = to_safetensors(graph)
    elif path.suffix == ".json":
        content = to_text(graph).encode()
    else:
        raise FileError(
            say("the suffix {!r} is not known", path.suffix), str(path), "use .json or .safetensors"
        )
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def to_dict(graph: Graph) -> dict[str, Any]:
    """The graph as the dictionary of a file, weights inline or as recipes."""
    return {"format": FORMAT, "nodes": [_node_to_dict(node, node.layer.params()) for node in graph.nodes]}


def to_text(graph: Graph) -> str:
    """The graph as JSON, with a line for each innermost row of numbers, so that people can read and compare it."""
    return _pretty(to_dict(graph)) + "\n"


def _node_to_dict(node: Node, params: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": node.name, "layer": node.layer.key, "inputs": list(node.inputs or ())}
    if params:
        entry["params"] = params
    if not node.enabled:
        entry["enabled"] = False
    return entry


def _pretty(value: Any, indent: str = "") -> str:
    # `json.dumps` with an indent would give each number of a kernel a line of its own.
    inner = indent + "  "
    if isinstance(value, dict) and value and not _flat(value.values()):
        rows = [f"{inner}{json.dumps(key)}: {_pretty(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, list) and value and not _flat(value):
        return "[\n" + ",\n".join(inner + _pretty(item, inner) for item in value) + f"\n{indent}]"
    # Names may be of any script and stay readable; NaN and Infinity, which Python would write, are not JSON.
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _flat(items: Any) -> bool:
    return not any(isinstance(item, (dict, list)) and item for item in items)


def to_safetensors(graph: Graph) -> bytes:
    """The graph as the bytes of a safetensors file. Recipes stay in the metadata."""
    # Imported where it is needed: most pipelines are JSON, and the start should not pay for the library.
    from safetensors.numpy import save as save_tensors

    document, weights = to_tensors(graph, lambda node, name, _: f"{node}.{name}")
    return save_tensors(_arrays(weights), {"filterlab": json.dumps(document)})


def to_tensors(
    graph: Graph, name_of: Callable[[str, str, Weights], str]
) -> tuple[dict[str, Any], dict[str, Weights]]:
    """The dictionary of a file in which tensors stand for the weights that no recipe makes, and these by their names.

    name_of: the tensor's name, for a node, a parameter of it and its weights.
    """
    tensors: dict[str, Weights] = {}
    nodes = []
    for node in graph.nodes:
        raw, params = node.layer.raw(), {}
        for parameter in node.layer.stated():
            name, value = parameter.name, raw[parameter.name]
            if isinstance(value, Weights) and value.recipe is None:
                tensor = name_of(node.name, name, value)
                tensors[tensor] = value
                params[name] = {"tensor": tensor}
            else:
                params[name] = parameter.kind.to_json(value)
        nodes.append(_node_to_dict(node, params))
    return {"format": FORMAT, "nodes": nodes}, tensors


def _arrays(weights: Mapping[str, Weights]) -> dict[str, Array]:
    return {name: np.ascontiguousarray(value.array) for name, value in weights.items()}


def write_tensors(weights: Mapping[str, Weights], path: Path) -> None:
    """Write weights by their names into a safetensors file, whole or not at all."""
    from safetensors.numpy import save_file

    with atomic_write(path) as temporary:
        # Unlike the function that makes bytes, it lets other threads go on while it writes.
        save_file(_arrays(weights), temporary)


def tensors_of(content: bytes) -> dict[str, Array]:
    """The tensors of a safetensors file by their names. Raises FileError for what is none."""
    header = safetensors_header(content)
    header.pop("__metadata__", None)
    _refuse_other_numbers(header)
    return _tensors(content)


# -- reading ----------------------------------------------------------------------------------------------


def load(path: Path) -> Graph:
    """See `Pipeline.load`."""
    try:
        if path.suffix == ".safetensors":
            return from_safetensors(read_bytes(path))
        return from_text(read_bytes(path, LARGEST_TEXT))
    except FilterLabError as error:
        where = f"{shown_path(path)}, {error.where}" if error.where else shown_path(path)
        # A new error of the same class, so that the path comes first and callers still tell the kinds apart.
        raise type(error)(error.what, where, error.hint, parameter=error.parameter, node=error.node) from None


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """The bytes of a regular file. Raises FileError for anything else, and for more than `most` bytes."""
    with _system_in_words():
        status = path.stat()
        # Told apart from other irregular files, because people do name the folder by mistake.
        if stat.S_ISDIR(status.st_mode):
            raise FileError("it is a folder", hint="name a .json or .safetensors file")
        # Reading a pipe or a device may block, or never end.
        if not stat.S_ISREG(status.st_mode):
            raise FileError("it is not a regular file", hint="copy the pipeline into a file")
        # Before reading: parsing takes many times the size of the file, and the memory would be gone by then.
        if most is not None and status.st_size > most:
            what = say("it has {:,} byte(s), and JSON is read up to {:,}", status.st_size, most)
            raise FileError(what, hint="save it as .safetensors")
        return path.read_bytes()


@contextmanager
def _system_in_words() -> Iterator[None]:
    """Turn the errors of the operating system that are raised inside into FileErrors."""
    try:
        yield
    except FileNotFoundError:
        raise FileError("there is no such file", hint="check the name") from None
    except PermissionError:
        raise FileError("you have no permission to read it", hint="check its permissions") from None
    except MemoryError:
        raise FileError("there is not enough memory for it", hint="close other programs") from None
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "no reason given")
        raise FileError(say("the system cannot read it ({})", reason), hint="copy it elsewhere") from None
    except ValueError:  # a NUL character, or a surrogate that the file system cannot encode
        raise FileError("this cannot be the name of a file", hint="check the name") from None


def from_text(text: str | bytes) -> Graph:
    """A graph from JSON text. Raises FileError with line and column for anything that is not JSON."""
    return from_dict(_parse_json(text))


def refuse_pickle(found: bytes | Path, hint: str = "") -> None:
    """Raise FileError for what begins as a pickle or has its suffix. hint: by default how to export a network."""
    if found.startswith(_PICKLED) if isinstance(found, bytes) else found.suffix.lower() in PICKLES:
        export = "write the network in PyTorch with torch.onnx.export(model, (picture,), 'model.onnx')"
        what = "it is a pickle, which can run any program and is never read"
        raise FileError(what, hint=hint or export)


def _parse_json(text: str | bytes) -> Any:
    if isinstance(text, bytes):
        refuse_pickle(text)
    try:
        # Editors on Windows put a byte order mark in front, which the json module refuses.
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        return json.loads(decoded, parse_constant=_refuse_constant, object_pairs_hook=_each_key_once)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        # All messages of the module are listed but those of a wrong escape, which have several wordings.
        reason = _JSON_WORDS.get(error.msg, "a backslash stands for no letter")
        raise FileError(
            say("it is not JSON: {}", reason), where, ("correct it there, or save the pipeline again")
        ) from None
    except UnicodeDecodeError:
        raise FileError("it is not text", hint="a pipeline is a .json or .safetensors file") from None
    except RecursionError:
        raise FileError("its lists are nested too deep", hint="a weight has four levels of lists") from None
    except ValueError:  # Python refuses integers of more than 4300 digits
        raise FileError("it holds a number of thousands of digits", hint="a float32 needs nine") from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        # The json module would silently keep the last of them, perhaps not the one that somebody edited.
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise FileError(say("the key {} occurs twice in one object", shown(twice)), hint="keep one of them")
    return entry


def _refuse_constant(name: str) -> None:
    raise FileError(
        say("it holds {}, which is not a number in JSON", name), hint="replace it by a finite number"
    )


def from_dict(document: Any, tensors: Mapping[str, Array] | None = None) -> Graph:
    """A graph from the dictionary of a file. Raises FileError or ParameterError naming the node and parameter."""
    if not isinstance(document, dict) or "nodes" not in document:
        hint = say('it must be {{"format": "{}", "nodes": [...]}}', FORMAT)
        raise FileError("it is JSON, but not a pipeline", hint=hint)
    # Before the keys: a file of a later format may have new ones, and "unknown key" would mislead.
    if document.get("format") != FORMAT:
        raise FileError(
            say("its format is {}", shown(document.get("format"))),
            hint=say('this program reads "{}"', FORMAT),
        )
    _refuse_unknown(document, ("format", "nodes"), "the file")
    if not isinstance(document["nodes"], list):
        raise FileError('"nodes" is not a list', hint='it must be [{"name": ..., "layer": ...}, ...]')
    # Before any layer is built: each entry may cost a recipe or an array.
    if len(document["nodes"]) > MOST_NODES:
        what = say("it has {} node(s)", len(document["nodes"]))
        raise FileError(what, hint=say("a pipeline has at most {}", MOST_NODES))
    entries = [_read_node(entry, i, tensors or {}) for i, entry in enumerate(document["nodes"])]
    pipeline = Graph(entries)
    _refuse_too_much(pipeline)
    return pipeline


def _refuse_too_much(graph: Graph) -> None:
    """Raise FileError where all recipes together make more numbers than a single one may.

    A few bytes of recipe stand for gigabytes of weights, so a small file could otherwise exhaust the memory.
    """
    total = 0
    for node in graph.nodes:
        for name, value in node.layer.raw().items():
            if isinstance(value, Weights) and value.recipe is not None:
                total += prod(value.shape)
            if total > MOST_NUMBERS:
                what = say("with {}, the recipes so far would make {} number(s)", name, total)
                hint = say("at most {} in one pipeline; use smaller shapes", MOST_NUMBERS)
                error = FileError(what, type(node.layer).__name__, hint, parameter=name)
                raise error.at_node(node.name)


def _refuse_unknown(entry: Mapping[str, Any], legal: tuple[str, ...], where: str) -> None:
    for key in entry:
        if key not in legal:
            close = nearest(key, legal)
            meant = f"did you mean {close[0]!r}? " if close else ""
            raise FileError(
                say("the key {} is not known", shown(key)),
                where,
                say(("{}allowed: {}"), meant, ", ".join(legal)),
            )


def _read_node(entry: Any, position: int, tensors: Mapping[str, Array]) -> Node | tuple[str, Layer] | Layer:
    if not isinstance(entry, dict):
        raise FileError("it is not an object", f"node {position + 1}", 'give {"name": ..., "layer": ...}')
    name = entry.get("name")
    where = f"node {shown(name)}" if name is not None else f"node {position + 1}"
    _refuse_unknown(entry, _NODE_KEYS, where)
    try:
        layer = _read_layer(_read_key(entry), entry.get("params", {}), tensors)
        inputs, enabled = _read_inputs(entry.get("inputs")), _read_flag(entry.get("enabled", True))
    except FilterLabError as error:
        text = ", ".join(part for part in (where, error.where) if part)
        node = name if isinstance(name, str) else ""
        raise type(error)(error.what, text, error.hint, parameter=error.parameter, node=node) from None
    # The graph gives the names, and knows which are taken.
    if name is None and inputs is None and enabled:
        return layer
    return Node(name if name is not None else f"{layer.stem}_{position + 1}", layer, inputs, enabled)


def _read_key(entry: Mapping[str, Any]) -> type[Layer]:
    if "layer" not in entry:
        raise ParameterError("it names no layer", hint="`filterlab layers` lists them", parameter="layer")
    if not isinstance(entry["layer"], str):
        hint = say('give its name, as "relu"')
        raise ParameterError(say("layer is {}", shown(entry["layer"])), hint=hint, parameter="layer")
    return layer_type(entry["layer"])


def _read_inputs(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        hint = say('give a list of node names, or ["{}"]', IMAGE)
        raise ParameterError(say("inputs is {}", shown(value)), hint=hint, parameter="inputs")
    return tuple(names)


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        hint = say("it must be true or false")
        raise ParameterError(say("enabled is {}", shown(value)), hint=hint, parameter="enabled")
    return value


def _read_layer(kind: type[Layer], params: Any, tensors: Mapping[str, Array]) -> Layer:
    if not isinstance(params, dict):
        raise ParameterError(
            "params is not an object", kind.__name__, 'give {"name": value}', parameter="params"
        )
    # Only where an array is declared: elsewhere {"tensor": ...} is a wrong value like any other.
    arrays = {p.name for p in kind.declarations() if isinstance(p.kind, Tensor)}
    values = {key: _tensor(value, tensors, key) if key in arrays else value for key, value in params.items()}
    try:
        return kind(**values)
    except FilterLabError:
        raise
    except RecursionError:
        raise ParameterError(
            "params are nested too deep", kind.__name__, "a weight has four levels of lists"
        ) from None
    except MemoryError:
        hint = say("close other programs, or make it smaller")
        raise ParameterError("there is not enough memory for params", kind.__name__, hint) from None
    except (TypeError, ValueError, ArithmeticError, LookupError):  # a value that no declaration foresees
        hint = say("`filterlab layers {}` lists what is allowed", kind.key)
        raise ParameterError("params hold something that cannot be read", kind.__name__, hint) from None


def _tensor(value: Any, tensors: Mapping[str, Array], parameter: str) -> Any:
    if not isinstance(value, dict) or "tensor" not in value:
        return value
    name = value["tensor"]
    if not isinstance(name, str) or name not in tensors:
        what, hint = (
            say("the file holds no tensor {}", shown(name)),
            say("it is cut short, or was assembled wrongly"),
        )
        raise FileError(what, hint=hint, parameter=parameter)
    return tensors[name]


def from_safetensors(content: bytes) -> Graph:
    """A graph from the bytes of a safetensors file. Raises FileError, ParameterError."""
    header = safetensors_header(content)
    # Taken out, because it stands among the tensors but is none, and has no dtype to be checked.
    metadata = header.pop("__metadata__", {})
    text = metadata.get("filterlab") if isinstance(metadata, dict) else None
    # Before the library reads them: its error for a type that NumPy lacks would pass for a file that was cut short.
    _refuse_other_numbers(header)
    if not isinstance(text, str):
        hint = say("tensors alone are not a pipeline; save one from FilterLab")
        raise FileError("it is a safetensors file, but holds no pipeline", hint=hint)
    return from_dict(_parse_json(text), _tensors(content))


def safetensors_header(content: bytes) -> dict[str, Any]:
    """The header of a safetensors file: an 8-byte length, then JSON that describes the tensors and the metadata.

    The library returns the tensors only.
    """
    length = int.from_bytes(content[:8], "little")
    # Slicing would cut silently, and the error would speak of JSON in a file that is merely incomplete.
    if 8 + length > len(content):
        raise _not_safetensors()
    try:
        header = _parse_json(content[8 : 8 + length])
    except FileError:
        raise _not_safetensors() from None
    if not isinstance(header, dict):
        raise _not_safetensors()
    return header


def _not_safetensors() -> FileError:
    return FileError("it is not a safetensors file, or was cut short", hint="save it again")


def _refuse_other_numbers(header: Mapping[str, Any]) -> None:
    """Raise FileError for number types that NumPy does not have."""
    for name, entry in header.items():
        kind = entry.get("dtype") if isinstance(entry, dict) else None
        if kind not in _NUMBERS:
            # Quoted only if it looks like a type: the file may hold a text of any length here.
            words = (
                kind if isinstance(kind, str) and kind.isalnum() and len(kind) < 20 else "of no known kind"
            )
            raise FileError(say("its numbers are {}", words), f"tensor {shown(name)}", "save them as F32")


def _tensors(content: bytes) -> dict[str, Array]:
    from safetensors import SafetensorError
    from safetensors.numpy import load as load_tensors

    try:
        tensors: dict[str, Array] = load_tensors(content)
    except (SafetensorError, ValueError, TypeError, ArithmeticError, LookupError):
        raise _not_safetensors() from None
    return tensors
