"""Kernels in files that hold several arrays: .npz, .safetensors, and OpenCV's FileStorage as YAML, XML or JSON.

Such a file is a kernel where one of its arrays is two-dimensional. Nothing is evaluated or unpickled, and memory is
taken only once the size is known.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import FileError, shown
from filterlab.kernels.editing import MOST_CELLS
from filterlab.kernels.npy import finite, kernel_of
from filterlab.text.messages import say

_MOST_ARRAYS = 10_000
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
}
# A matrix as cv::FileStorage writes it: rows, cols, the type of its numbers, and the numbers. The space before a name
# ends with its line: were it any space, a file of empty lines would be searched from each of them to its end.
_YAML = re.compile(
    r"(?m)^[ \t]*(?P<name>[\w.-]{1,100}):\s*!!opencv-matrix\s+rows:\s*(?P<rows>\d{1,9})\s+cols:\s*(?P<cols>\d{1,9})\s+"
    r"dt:\s*\"?(?P<type>\w{1,9})\"?\s+data:\s*\[(?P<data>[^\]]*)\]"
)
_XML = re.compile(
    r"<(?P<name>[\w.-]{1,100})\s+type_id=\"opencv-matrix\">\s*<rows>\s*(?P<rows>\d{1,9})\s*</rows>\s*<cols>\s*"
    r"(?P<cols>\d{1,9})\s*</cols>\s*<dt>\s*\"?(?P<type>\w{1,9})\"?\s*</dt>\s*<data>(?P<data>[^<]*)</data>"
)


def archived_kernel(data: bytes) -> NDArray[Any] | None:
    """The kernel of a file that holds several arrays; None for another kind of file.

    Raises FileError for a file that is broken, or in which not one array alone can be a kernel.
    """
    if data.startswith(b"PK\x03\x04"):
        return _only(_of_zip(data))
    if len(data) > 8 and data[8:9] == b"{" and struct.unpack("<Q", data[:8])[0] <= len(data) - 8:
        return _only(_of_safetensors(data))
    text = data[:1].isspace() or data[:1] in (b"%", b"<", b"{", b"-")
    if text and b"opencv-matrix" in data:
        return _only(_of_opencv(data.decode("utf-8", "replace")))
    return None


def _only(arrays: Iterator[tuple[str, NDArray[Any] | FileError]]) -> NDArray[Any]:
    """The one array that is a kernel. Raises the error of the only array, or one that lists the names."""
    found: list[str] = []
    first: NDArray[Any] | None = None
    refused: dict[str, FileError] = {}
    for name, value in arrays:
        if isinstance(value, FileError):
            refused[name] = value
        else:
            # Of several only the names are told: a small file may hold gigabytes of them.
            first = value if first is None else first
            found.append(name)
    if len(found) == 1 and first is not None:
        return first
    if not found:
        if len(refused) == 1:
            raise next(iter(refused.values()))
        raise FileError("none of its arrays is a kernel", hint=say("give (height, width) finite numbers"))
    names = ", ".join(shown(name, 30) for name in found[:6])
    raise FileError(say("it holds {} kernels: {}", len(found), names), hint="save one of them alone")


def _of_zip(data: bytes) -> Iterator[tuple[str, NDArray[Any] | FileError]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_ARRAYS:
                raise FileError(say("it holds {} arrays", len(members)), hint="save one of them alone")
            for member in members:
                yield member.filename.removesuffix(".npy"), _member(archive, member)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        # Also what a broken stream, an unknown way of compressing, or a password makes the module raise.
        raise FileError("it cannot be decoded: the archive is broken", hint="save it again") from None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any] | FileError:
    # Eight bytes for each cell of the largest kernel, and its header; what a member claims is not believed.
    most = 8 * MOST_CELLS**2 + (1 << 17)
    with archive.open(member) as stream:
        content = stream.read(min(most, 1 << 27) + 1)
    try:
        return kernel_of(content)
    except FileError as error:
        return error


def _of_safetensors(data: bytes) -> Iterator[tuple[str, NDArray[Any] | FileError]]:
    (length,) = struct.unpack("<Q", data[:8])
    try:
        header: Mapping[str, Any] = json.loads(data[8 : 8 + length])
        entries = [(str(name), entry) for name, entry in header.items() if name != "__metadata__"]
    except (ValueError, RecursionError, AttributeError):
        raise FileError("it cannot be decoded: its header is broken", hint="save it again") from None
    for name, entry in entries:
        yield name, _tensor(entry, data[8 + length :])


def _tensor(entry: Any, numbers: bytes) -> NDArray[Any] | FileError:
    try:
        shape, (start, stop) = tuple(map(int, entry["shape"])), map(int, entry["data_offsets"])
        dtype = np.dtype(_TYPES[entry["dtype"]])
    except (KeyError, TypeError, ValueError, OverflowError):
        return FileError("it cannot be decoded: its header is broken", hint="save it again")
    if len(shape) != 2 or min(shape) < 1 or max(shape) > MOST_CELLS:
        return FileError(
            say("an array of shape {!s:.40} is not a kernel", shape), hint="give (height, width)"
        )
    if not 0 <= start <= stop <= len(numbers) or stop - start != prod(shape) * dtype.itemsize:
        return FileError("it cannot be decoded: it is cut short", hint="save it again")
    try:
        return finite(np.frombuffer(numbers[start:stop], dtype).reshape(shape))
    except FileError as error:
        return error


def _of_opencv(text: str) -> Iterator[tuple[str, NDArray[Any] | FileError]]:
    matches: list[Any] = [*_YAML.finditer(text), *_XML.finditer(text)] or list(_of_opencv_json(text))
    if not matches:
        raise FileError("it cannot be decoded: no matrix of OpenCV can be read in it", hint="save it again")
    for match in matches:
        yield match["name"], _matrix(match)


def _of_opencv_json(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name, entry in document.items() if isinstance(document, dict) else ():
        if isinstance(entry, dict) and entry.get("type_id") == "opencv-matrix":
            numbers = entry.get("data")
            data = " ".join(map(str, numbers)) if isinstance(numbers, list) else ""
            sides = {key: entry.get(key) for key in ("rows", "cols")}
            yield {"name": str(name), "type": entry.get("dt"), **sides, "data": data}


def _matrix(match: Any) -> NDArray[Any] | FileError:
    try:
        rows, cols = int(match["rows"]), int(match["cols"])
        # YAML writes ".Inf" and ".Nan", which are no kernel; Python reads them without the point.
        numbers = [
            float(number.lstrip(".") if "n" in number else number) for number in _numbers(match["data"])
        ]
    except (TypeError, ValueError, OverflowError):
        return FileError("it cannot be decoded: its numbers are broken", hint="save it again")
    if not 0 < rows <= MOST_CELLS or not 0 < cols <= MOST_CELLS or len(numbers) != rows * cols:
        what = say("a matrix of {} by {} with {} number(s) is not a kernel", rows, cols, len(numbers))
        return FileError(what, hint="give (height, width) finite numbers")
    # "d" is OpenCV's letter for double; the numbers of all others are exact in float32.
    cells = np.array(numbers, np.float64 if match["type"] == "d" else np.float32)
    try:
        return finite(cells.reshape(rows, cols))
    except FileError as error:
        return error


def _numbers(text: Any) -> list[str]:
    return re.findall(r"[^\s,]+", str(text).lower())
