"""Reading .npy files. Source: the .npy format of NumPy (NEP 1). Those with Python objects are never loaded.

The header is a Python literal, of which only the three fields of an array of numbers are looked for: nothing in a file
is evaluated, and what it claims is compared with its size before memory is taken.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ImageError
from filterlab.images.decoded import Reading, broken, check_page, check_size, scaled
from filterlab.text.messages import say

_LONGEST_HEADER = 1 << 16
_DESCR = re.compile(r"""['"]descr['"]\s*:\s*(?:['"]([^'"]{1,40})['"]|(\S))""")
_ORDER = re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)""")
_SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\(([\d\sL,]{0,1000})\)""")
_SIDE = re.compile(r"\s*(\d{1,25})L?\s*")  # Python 2 wrote 3L
_NUMBERS = re.compile(r"[<>|=]?(\?|b1|[iu][1248]|f(2|4|8|12|16))")


@dataclass(frozen=True)
class _NpyHeader:
    """What stands before the numbers, and where these begin."""

    kind: np.dtype[Any]
    shape: tuple[int, ...]
    by_columns: bool
    start: int


def count_pages(file: Path) -> int:
    """One: an array is one picture."""
    return 1


def read(file: Path, alpha: bool, page: int) -> Reading:
    """The array as it is. Raises ImageError for what is no picture, and for a file that is too short."""
    check_page(page, 1)
    header = _header(file)
    check_size(*header.shape)
    spare = file.stat().st_size - header.start - prod(header.shape) * header.kind.itemsize
    if spare < 0:
        raise broken("it is cut short")
    shape = header.shape[1:] if len(header.shape) == 4 and header.shape[0] == 1 else header.shape
    if len(shape) not in (2, 3):
        hint = say("give (H, W), (C, H, W) or (H, W, C)")
        raise ImageError(say("it is an array of {} axes", len(header.shape)), hint=hint)
    array = _mapped(file, header).reshape(shape if len(shape) == 3 else (1, *shape))
    remarks = ("what follows its last number is not read",) if spare else ()
    return Reading(scaled(_channels_first(array)), remarks=remarks)


def _header(file: Path) -> _NpyHeader:
    with file.open("rb") as stream:
        beginning = stream.read(12)
        lengths = {1: "<H", 2: "<I", 3: "<I"}
        form = lengths.get(beginning[6]) if len(beginning) == 12 else None
        if form is None:
            raise broken("its header is damaged")
        (length,) = struct.unpack_from(form, beginning, 8)
        start = 8 + struct.calcsize(form)
        stream.seek(start)
        text = stream.read(min(length, _LONGEST_HEADER)).decode("latin-1")
    descr, order, shape = _DESCR.search(text), _ORDER.search(text), _SHAPE.search(text)
    if len(text) < length or descr is None or order is None or shape is None:
        raise broken("its header is damaged")
    return _NpyHeader(_kind(descr[1] or "records"), _sides(shape[1]), order[1] == "True", start + length)


def _kind(name: str) -> np.dtype[Any]:
    """The type of the numbers. Raises ImageError for what is no number."""
    if name.lstrip("<>|=").startswith("O"):
        hint = say("such files can run programs; save an array of numbers")
        raise ImageError("it holds Python objects, which are never loaded", hint=hint)
    if not _NUMBERS.fullmatch(name):
        raise ImageError(
            say("it holds {}, not real numbers", ascii(name)[1:-1]), hint="save an array of real numbers"
        )
    return np.dtype(name)


def _sides(text: str) -> tuple[int, ...]:
    """The numbers of a tuple in Python. Raises ImageError where it is none."""
    parts = text.split(",")
    if len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    matches = [_SIDE.fullmatch(part) for part in parts] if text.strip() else []
    if not all(matches):
        raise broken("its header is damaged")
    return tuple(int(match[1]) for match in matches if match)


def _mapped(file: Path, header: _NpyHeader) -> NDArray[Any]:
    """The array, which takes memory only where it is looked at."""
    if 0 in header.shape:
        return np.empty(header.shape, header.kind)
    return np.memmap(file, header.kind, "r", header.start, header.shape, "F" if header.by_columns else "C")


def _channels_first(array: NDArray[Any]) -> NDArray[Any]:
    """(H, W, C) is told from (C, H, W) by its short last axis and its two long ones."""
    few = (1, 3, 4)
    if array.shape[2] in few and array.shape[0] not in few and array.shape[1] > 4:
        return array.transpose(2, 0, 1)
    return array
