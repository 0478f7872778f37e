"""NumPy's files: pictures, kernels, and labelled pictures in an archive."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from random import Random
from typing import Any

import numpy as np

from tests.soak import pictures
from tests.soak.hostile import Kind
from tests.soak.pictures import Whole, whole

_SHAPES = (
    *(
        "()",
        "(0,)",
        "(24,)",
        "(24, 0)",
        "(-1, 24)",
        "(24, 31, -3)",
        "(1, 1, 1, 24, 31)",
        "(100000, 100000)",
        "24",
        "[24, 31]",
    ),
    *(
        "(2**31, 2)",
        "(4294967296, 4294967296)",
        "(9223372036854775807,)",
        "(24, 31" + ", 1" * 200 + ")",
        "(24.5, 31)",
    ),
    *(
        "(True, 31)",
        "'(24, 31)'",
        "(" * 300 + "24" + ")" * 300,
        "(1" + "0" * 6000 + ",)",
        "(0, 10**12)",
        "(0, 1000000000000)",
    ),
)
_TYPES = (
    *(
        "'|O'",
        "'<f8'",
        "'>f4'",
        "'<f2'",
        "'|b1'",
        "'<i8'",
        "'<u8'",
        "'<c16'",
        "'|S5'",
        "'<U3'",
        "'|V8'",
        "'<M8[s]'",
        "'<m8'",
    ),
    *(
        "[('a', '<f4'), ('b', '|O')]",
        "[('a', '<f4', (1000000, 1000000))]",
        "'f9'",
        "''",
        "None",
        "3",
        "'<f16'",
        "'|S0'",
        "'<U0'",
    ),
    *(
        "'|S2000000000'",
        "'" + "x" * 5000 + "'",
        "[" * 200 + "]" * 200,
        "('<f4', (2, 2))",
        "'i4,f4'",
        "{'names': ['a'], 'formats': ['f4']}",
    ),
)


def _npy(header: str, data: bytes, version: tuple[int, int] = (1, 0)) -> bytes:
    text = header.encode("utf-8", "replace")
    size = struct.pack("<H", len(text) % 65536) if version == (1, 0) else struct.pack("<I", len(text))
    return b"\x93NUMPY" + bytes(version) + size + text + data


def _parts(data: bytes) -> tuple[str, bytes]:
    length = int.from_bytes(data[8:10], "little")
    return data[10 : 10 + length].decode("latin1"), data[10 + length :]


def change_shape(rng: Random, data: bytes) -> bytes:
    """Another shape over the same numbers."""
    header, rest = _parts(data)
    shape = rng.choice(_SHAPES)
    header = re.sub(r"'shape': [^)]*\)", lambda _: f"'shape': {shape}", header)
    return _npy(header, rest, rng.choice(((1, 0), (2, 0), (3, 0), (4, 0))))


def change_type(rng: Random, data: bytes) -> bytes:
    """Another type over the same numbers."""
    header, rest = _parts(data)
    kind = rng.choice(_TYPES)
    return _npy(re.sub(r"'descr': '[^']*'", lambda _: f"'descr': {kind}", header), rest)


def change_words(rng: Random, data: bytes) -> bytes:
    """A header that is no dictionary, not the right one, too long, or not text."""
    header, rest = _parts(data)
    other = rng.choice(
        (
            *(
                "",
                "{",
                "{}",
                "None",
                "__import__('os').system('false')",
                "{'descr': '<f4'}",
                header + header,
                header[:20],
            ),
            *(
                "{" * 900,
                header.replace("'shape'", "'sharp'"),
                header.replace("False", "0"),
                header.replace("}", ", 'x': 1}"),
            ),
            *(
                "é" * 50,
                "\0" * 64,
                header + " " * 60_000,
                "{'descr': '<f4', 'fortran_order': lambda: 1, 'shape': (2,)}",
                "1" * 20_000,
            ),
        )
    )
    return _npy(other, rest, rng.choice(((1, 0), (2, 0), (3, 0))))


def change_order(rng: Random, data: bytes) -> bytes:
    """Columns first, and a length of the header that is not its own."""
    changed = data.replace(b"'fortran_order': False", b"'fortran_order': True ")
    return changed if rng.random() < 0.5 else changed[:8] + rng.randbytes(2) + changed[10:]


_NPY_EDITS = (change_shape, change_shape, change_type, change_type, change_words, change_order)


def npy(array: Any) -> bytes:
    """The file of an array."""
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def images() -> list[Whole]:
    """Arrays that are pictures, of each type and layout."""
    rgb, grey = pictures.rgb(), pictures.grey()
    floats = rgb.astype(np.float32) / 255
    kinds: Any = [grey, rgb, pictures.wide(), floats.astype(np.float64), grey > 9, grey.astype(np.int16)]
    kinds += [grey.astype(">f4"), floats.astype(np.float16)]
    return [whole(npy(floats.transpose(2, 0, 1)), floats), *(whole(npy(array), array) for array in kinds)]


def kernels() -> list[bytes]:
    """Arrays that are kernels."""
    return [npy(np.outer([1, 2, 1], [1, 0, -1]).astype(kind)) for kind in ("f4", "f8", "i4", "u1", "?")]


# -- archives ---------------------------------------------------------------------------------------------


def _archive(**arrays: Any) -> bytes:
    return _zipped({f"{name}.npy": npy(array) for name, array in arrays.items()})


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, content in members.items():
            # Without the time of day, so that the same seed makes the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=packing)
    return stream.getvalue()


def change_member(rng: Random, data: bytes) -> bytes:
    """One array of the archive damaged, the archive whole."""
    members = _members(data)
    name = rng.choice(sorted(members))
    members[name] = rng.choice(_NPY_EDITS)(rng, members[name])
    return _zipped(
        members, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    )


def change_names(rng: Random, data: bytes) -> bytes:
    """An array missing, under another name, or beside thousands of others."""
    members = _members(data)
    name = rng.choice(sorted(members))
    content = members.pop(name)
    if rng.random() < 0.7:
        members[
            rng.choice(
                ("x.npy", "y.npy", "../x.npy", "/etc/x.npy", "x", "y.txt", "labels.npy", "X.npy", "é.npy")
            )
        ] = content
    if rng.random() < 0.2:
        members.update({f"a{i}.npy": b"" for i in range(3000)})
    return _zipped(members)


def change_labels(rng: Random, data: bytes) -> bytes:
    """Labels of another number, type or shape."""
    members = _members(data)
    count = 12
    labels: Any = (
        *(
            np.zeros(count),
            np.arange(count),
            np.full(count, -1),
            np.full(count, 2**62),
            np.full(count, np.nan),
        ),
        *(
            np.zeros((count, 3), int),
            np.zeros(count + 1, int),
            np.zeros(0, int),
            np.int64(3),
            np.array(["a", "b"] * 6),
        ),
        *(
            np.array(["a" * 9000, "b"] * 6),
            np.array([b"a", b"\xff"] * 6),
            np.array([True, False] * 6),
            np.linspace(0, 1, count),
        ),
        *(
            np.arange(count).astype("M8[s]"),
            np.array([0, 10**9] * 6),
            np.array(["", "\n"] * 6),
            np.array([0, 1] * 6, complex),
        ),
    )
    members["y.npy"] = npy(rng.choice(labels))
    return _zipped(members)


def archive_bomb(rng: Random, data: bytes) -> bytes:
    """A small archive whose pictures are large: zeros, or a shape with nothing behind it."""
    shape = rng.choice(((12, 3000, 3000), (12, 20_000, 20_000), (10**6, 28, 28), (12, 3, 100_000, 100_000)))
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    members = {
        "x.npy": _npy(header, bytes(rng.choice((0, 1000, 1 << 20, 1 << 24)))),
        "y.npy": npy(np.arange(12) % 2),
    }
    return _zipped(members)


def archives() -> list[bytes]:
    """Labelled pictures: grey and colour, named and numbered."""
    rng = np.random.default_rng(3)
    grey, numbers = rng.integers(0, 255, (12, 8, 8), np.uint8), np.arange(12) % 3
    return [
        _archive(x=grey, y=numbers),
        _archive(images=rng.random((12, 3, 6, 7), np.float32), labels=np.array(["cat", "dog"] * 6)),
        _archive(x_train=rng.integers(0, 255, (12, 5, 6, 3), np.uint8), y_train=numbers.astype(np.uint8)),
        _zipped({"x.npy": npy(grey), "y.npy": npy(numbers)}, zipfile.ZIP_STORED),
    ]


_ARCHIVE_EDITS = (change_member, change_member, change_names, change_labels, archive_bomb)
KINDS = (
    Kind("npy", "files", "tests.soak.readers:picture", ".npy", images, _NPY_EDITS),
    Kind("kernelnpy", "files", "tests.soak.readers:kernel", ".npy", kernels, _NPY_EDITS, share=0.5),
    Kind("labels", "files", "tests.soak.readers:labels", ".npz", archives, _ARCHIVE_EDITS, sums=True),
)
