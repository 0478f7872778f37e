"""Pipeline files: JSON, and safetensors with the graph in their header."""

from __future__ import annotations

import copy
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import filterlab as fl
from filterlab.layers.base.registry import layer_types
from tests.soak.hostile import Kind
from tests.soak.mutations import MANY

_EXAMPLES = Path(__file__).parents[3] / "resources" / "pipelines"
_READER = "tests.soak.readers:pipeline"
_NAMES = (
    "image",
    "",
    "a/../b",
    "../../x",
    "/",
    "a" * 5000,
    "é",
    "\u202e",
    "\0",
    "a\nb",
    "..",
    "CON",
    "\ud800",
    "edges",
    "0",
)
_RECIPES: tuple[dict[str, Any], ...] = (
    {"preset": "gaussian", "size": 30_000},
    {"preset": "gabor", "size": [1, 10**9]},
    {"preset": "gabor", "size": 15, "theta": "x"},
    {"preset": "box", "size": -3},
    {"preset": "box", "size": 10**40},
    {"preset": "nothing"},
    {"preset": ["box"]},
    {"preset": "gaussian", "size": 5, "sigma": 1e-320},
    {"preset": "gaussian", "size": 5, "sigma": -1},
    {"init": "kaiming_normal", "seed": 3, "shape": [16_000, 3, 100, 100]},
    {"init": "kaiming_normal", "seed": 3, "shape": [2**31, 2**31]},
    {"init": "kaiming_normal", "seed": -1, "shape": [4, 3, 3, 3]},
    {"init": "kaiming_normal", "seed": 10**30, "shape": [4, 3, 3, 3]},
    {"init": "zeros", "shape": []},
    {"init": "zeros", "shape": [0, 3, 3, 3]},
    {"init": "zeros", "shape": "x"},
    {"init": {}, "shape": [1]},
    {"tensor": "missing"},
    {"tensor": 5},
)
_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        3,
        10**6,
        2**31,
        2**63,
        10**30,
        -(2**63),
        0.5,
        1e308,
        -1e308,
        1e-320,
        "",
        "same",
        "valid",
    ),
    *(
        "x" * 3000,
        [],
        {},
        [[]],
        [1, 2],
        [[1, 2], [3]],
        [[1, "a"]],
        [[[[1]]]],
        {"a": 1},
        [None],
        [1, 2, 3],
        [10**6] * 2,
        [0, 0],
    ),
    *("zeros", "reflect", "circular", [[1e39]], "١", "\ud800", [[0.0] * 400] * 400, *_RECIPES),
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in the document with each of its keys."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _some_place(rng: Random, document: Any) -> tuple[Any, Any]:
    """Rarely one of the thousand numbers of a weight: those teach nothing new."""
    places = list(_places(document))
    named = [place for place in places if isinstance(place[0], dict)]
    return rng.choice(named if named and rng.random() < 0.8 else places)


def _document(rng: Random, document: Any) -> Any:
    """The document with one thing changed in it."""
    document = copy.deepcopy(document)
    return rng.choice((_set, _set, _set, _set, _drop, _add, _rename, _rewire, _swap, _many, _retype))(
        rng, document
    )


def _set(rng: Random, document: Any) -> Any:
    container, key = _some_place(rng, document)
    container[key] = rng.choice(_VALUES)
    return document


def _drop(rng: Random, document: Any) -> Any:
    container, key = _some_place(rng, document)
    del container[key]
    return document


def _add(rng: Random, document: Any) -> Any:
    container, _ = _some_place(rng, document)
    value = rng.choice(_VALUES)
    if isinstance(container, dict):
        container[
            rng.choice(
                (
                    "weight",
                    "kernel",
                    "size",
                    "stride",
                    "unknown",
                    "",
                    "groups",
                    "enabled",
                    "padding",
                    "dilation",
                )
            )
        ] = value
    else:
        container.insert(rng.randint(0, len(container)), value)
    return document


def _rename(rng: Random, document: Any) -> Any:
    rng.choice(document["nodes"])["name"] = rng.choice(_NAMES)
    return document


def _rewire(rng: Random, document: Any) -> Any:
    names = [node.get("name", "") for node in document["nodes"]]
    rng.choice(document["nodes"])["inputs"] = rng.choices(
        [*names, "image", *_NAMES[:4]], k=rng.choice((0, 1, 1, 2, 3, 500))
    )
    return document


def _swap(rng: Random, document: Any) -> Any:
    rng.shuffle(document["nodes"])
    return document


def _many(rng: Random, document: Any) -> Any:
    nodes = document["nodes"]
    document["nodes"] = (
        nodes * rng.choice((2, 50)) if rng.random() < 0.5 else _tower(rng, rng.choice((30, 2000)))
    )
    return document


def _tower(rng: Random, count: int) -> list[Any]:
    """Each node joins the one before with itself: channels, or values, double at every step."""
    nodes: list[Any] = [{"name": "n0", "layer": "relu", "inputs": ["image"]}]
    kind = rng.choice(("concat", "add", "multiply", "concat"))
    nodes += [{"name": f"n{i + 1}", "layer": kind, "inputs": [f"n{i}", f"n{i}"]} for i in range(count)]
    return nodes


def _retype(rng: Random, document: Any) -> Any:
    node = rng.choice(document["nodes"])
    node["layer"] = rng.choice(sorted(layer_types()))
    params = {
        name: rng.choice(_VALUES)
        for name in ("kernel_size", "stride", "padding", "size", "weight", "output_size", "scale")
    }
    node["params"] = dict(rng.sample(sorted(params.items()), rng.randint(0, 3)))
    return document


# -- JSON -------------------------------------------------------------------------------------------------


def change_document(rng: Random, data: bytes) -> bytes:
    """Another value, key, name, input, order or layer."""
    document = json.loads(data)
    for _ in range(rng.choice((1, 1, 1, 2))):
        document = _document(rng, document)
    return json.dumps(document).encode("utf-8", "surrogatepass")


def change_text(rng: Random, data: bytes) -> bytes:
    """What a parser of JSON may stumble over: depth, length, numbers, keys that stand twice, other encodings."""
    text = data.decode("utf-8")
    number = rng.choice(list(re.finditer(r"-?\d[\d.e+-]*", text)))
    deep = rng.choice((200, 3000, 100_000))
    value = rng.choice(
        (
            *(
                "[" * deep,
                "[" * deep + "]" * deep,
                '{"a":' * deep,
                "9" * 5000,
                "1e400",
                "-1e400",
                "NaN",
                "Infinity",
                "01",
                "1.",
            ),
            *(
                "0x10",
                '"\\ud800"',
                '"\\u0000"',
                "1" + "0" * 400,
                "1e-999999999",
                "nul",
                "'a'",
                '{"a": 1, "a": 2}',
                "1e99999999999",
            ),
        )
    )
    changed = text[: number.start()] + value + text[number.end() :]
    return rng.choice(
        (changed, changed, changed, "\ufeff" + text, text + text, text.replace('"', "'"))
    ).encode()


def spaced(rng: Random, data: bytes) -> bytes:
    """The same in another encoding, or among very many blanks."""
    text = data.decode("utf-8")
    return rng.choice(
        (text.encode("utf-16"), text.encode("utf-32"), b" " * 1_000_000 + data, data + bytes(99), b"")
    )


def repeat_element(rng: Random, data: bytes) -> bytes:
    """A key, a node, an input or a number that stands in a document very often."""
    text, many = data.decode(), rng.choice(MANY)
    place = text.index('{"name"') if '{"name"' in text else text.index("{", 1)
    node = '{"name": "a", "layer": "relu"}, '
    numbered = (f'{{"name": "m{i}", "layer": "relu"}}, ' for i in range(many))
    first = text.index("{") + 1
    return rng.choice(
        (
            lambda: text[:first] + '"format": "filterlab/1", ' * many + text[first:],
            lambda: text[:first] + "".join(f'"k{i}": 0, ' for i in range(many)) + text[first:],
            lambda: text[:place] + node * many + text[place:],
            lambda: text[:place] + "".join(numbered) + text[place:],
            lambda: text[: place + 1] + '"enabled": true, ' * many + text[place + 1 :],
            lambda: text[: place + 1] + '"inputs": [' + '"image", ' * many + '"image"], ' + text[place + 1 :],
            lambda: (
                text[:place]
                + '{"name": "w", "layer": "conv2d", "params": {"weight": {"init": "zeros", "shape": ['
                + "1, " * many
                + "1]}}}, "
                + text[place:]
            ),
        )
    )().encode()


def documents() -> list[bytes]:
    """The examples that are small, and one pipeline of every layer that has a picture in it."""
    found = [path.read_bytes() for path in sorted(_EXAMPLES.glob("*.json"))]
    return [*(text for text in found if len(text) < 40_000), _gabor().encode()]


def _gabor() -> str:
    nodes = [
        {
            "name": "a",
            "layer": "filter2d",
            "inputs": ["image"],
            "params": {"kernel": {"preset": "gabor", "size": 9}},
        },
        {
            "name": "b",
            "layer": "conv2d",
            "params": {"weight": {"init": "kaiming_normal", "seed": 3, "shape": [4, 3, 3, 3]}, "padding": 1},
        },
        {"name": "c", "layer": "relu"},
        {"name": "d", "layer": "max_pool2d", "params": {"kernel_size": 2}},
        {"name": "e", "layer": "concat", "inputs": ["b", "c"]},
    ]
    return json.dumps({"format": "filterlab/1", "nodes": nodes})


# -- safetensors ------------------------------------------------------------------------------------------


def _opened(data: bytes) -> tuple[Any, bytes]:
    (length,) = struct.unpack_from("<Q", data)
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def _closed(header: Any, rest: bytes) -> bytes:
    text = (header if isinstance(header, str) else json.dumps(header)).encode("utf-8", "surrogatepass")
    return struct.pack("<Q", len(text)) + text + rest


def change_graph(rng: Random, data: bytes) -> bytes:
    """The graph in the header changed, the tensors whole."""
    header, rest = _opened(data)
    document = _document(rng, json.loads(header["__metadata__"]["filterlab"]))
    header["__metadata__"]["filterlab"] = json.dumps(document)
    return _closed(header, rest)


def change_tensor(rng: Random, data: bytes) -> bytes:
    """Another type, shape or place of a tensor, or one too many or too few."""
    header, rest = _opened(data)
    name = rng.choice([name for name in header if name != "__metadata__"])
    field = rng.choice(("dtype", "shape", "data_offsets"))
    dtypes = ("F16", "BF16", "F64", "I64", "U8", "BOOL", "F8_E4M3", "C64", "X", 3, None, "F4")
    shapes = ([], [0], [-1], [2**62, 4], [2**32, 2**32], [1] * 300, "x", [1.5], [10**30], None)
    offsets = ([0, 0], [8, 0], [0, 2**63], [0, len(rest) + 4], [-4, 0], [0], "x", [4, 8], [10**30, 10**31])
    changed = {"dtype": dtypes, "shape": shapes, "data_offsets": offsets}[field]
    if rng.random() < 0.1:
        header[rng.choice(("other", name + "x", ""))] = header.pop(name)
    else:
        header[name][field] = rng.choice(changed)
    return _closed(header, rest)


def change_head(rng: Random, data: bytes) -> bytes:
    """Another length of the header, or a header that is not what it must be."""
    if rng.random() < 0.4:
        length = rng.choice((0, 1, 7, 2**31, 2**63, 2**64 - 1, len(data), len(data) - 8, 100_000_001))
        return struct.pack("<Q", length) + data[8:]
    header, rest = _opened(data)
    words: tuple[Any, ...] = (
        "",
        "{}",
        "[]",
        "null",
        "{" * 5000,
        "[" * 200_000,
        {"__metadata__": {"filterlab": 3}},
        " " * 1_000_000,
    )
    more: tuple[Any, ...] = (
        {"__metadata__": {"filterlab": "[" * 5000}},
        {"__metadata__": []},
        {**header, "__metadata__": {"x": "y"}},
    )
    return _closed(rng.choice((*words, *more)), rest)


def many_tensors(rng: Random, data: bytes) -> bytes:
    """Very many tensors that share their bytes, or have none."""
    header, rest = _opened(data)
    one = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    shared = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    tensor = rng.choice((one, shared))
    return _closed({**{f"t{i}": tensor for i in range(rng.choice(MANY))}, **header}, rest)


def change_weights(rng: Random, data: bytes) -> bytes:
    """Weights that are NaN, infinite, or of noise."""
    header, rest = _opened(data)
    numbers = rng.choice((np.nan, np.inf, -np.inf, 3e38))
    filled = np.full(len(rest) // 4, numbers, "<f4").tobytes()
    return _closed(header, rng.choice((filled, rng.randbytes(len(rest)), rest[:-4] + filled[:4])))


def tensors() -> list[bytes]:
    """Pipelines with weights of their own."""
    from filterlab.run.files import to_safetensors

    rng = np.random.default_rng(5)
    small = fl.Pipeline(
        [
            (
                "conv",
                fl.Conv2d(rng.normal(size=(4, 3, 3, 3)).astype(np.float32), bias=np.zeros(4, np.float32)),
            ),
            ("norm", fl.BatchNorm2d(np.zeros(4, np.float32), np.ones(4, np.float32))),
            ("relu", fl.ReLU()),
            ("pool", fl.MaxPool2d(2)),
            ("flat", fl.GlobalAvgPool2d()),
        ]
    )
    double = fl.Pipeline([("a", fl.Filter2d(np.eye(3))), ("b", fl.PReLU(np.float32([0.1, 0.2, 0.3])))])
    return [to_safetensors(small), to_safetensors(double)]


KINDS = (
    Kind(
        "json",
        "models",
        _READER,
        ".json",
        documents,
        (*(change_document,) * 4, change_text, spaced, repeat_element),
        aware=0.7,
        share=2,
    ),
    Kind(
        *("safetensors", "models", _READER, ".safetensors", tensors),
        (change_graph, change_graph, change_tensor, change_tensor, change_head, change_weights, many_tensors),
        aware=0.6,
    ),
)
