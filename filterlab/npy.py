"""The headers of NumPy's .npy files, which pictures, kernels and labelled pictures come in.

Source: the .npy format (NEP 1, and numpy.lib.format). NumPy's own reader parses the header as Python, which fails in
many ways on broken files and takes long on some. Here the three fields are looked for, and nothing is evaluated.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

MAGIC = b"\x93NUMPY"
LONGEST = 1 << 16  # bytes of a header; NumPy reads 10,000

_LENGTHS = {1: "<H", 2: "<I", 3: "<I"}  # by the format's major version
_FIELD = re.compile(
    r"""\s*(?P<mark>['"])(?P<key>descr|fortran_order|shape)(?P=mark)\s*:\s*
    (?:(?P<order>True|False) | \((?P<shape>[\d\sL,]{0,1000})\) | (?P<quote>['"])(?P<type>[^'"]{1,40})(?P=quote)
    | (?P<records>\[[^{}]*\]))
    \s*(?:,|(?=\s*\}))""",
    re.VERBOSE,
)
_HOLDS = {"descr": ("type", "records"), "fortran_order": ("order",), "shape": ("shape",)}
_SIDE = re.compile(r"\s*(\d{1,25})L?\s*")  # Python 2 wrote 3L
_TYPE = re.compile(r"[<>|=]?(\?|[biufcSUV]\d{1,10})")
_OBJECTS = re.compile(r"(^|['\"])[<>|=]?O")


class BrokenHeaderError(ValueError):
    """The bytes are not a header of a .npy file."""


@dataclass(frozen=True)
class NpyHeader:
    """What stands before the numbers. type: as NumPy spells it, "records" for several fields; start: their offset."""

    type: str
    shape: tuple[int, ...]
    by_columns: bool
    start: int
    holds_objects: bool

    @property
    def dtype(self) -> np.dtype[Any] | None:
        """The type of the elements; None for records, objects, times, and what this machine does not know."""
        if not _TYPE.fullmatch(self.type):
            return None
        try:
            return np.dtype(self.type)
        except TypeError:
            return None


def read_header(stream: BinaryIO) -> NpyHeader:
    """The header that begins where the stream stands. Raises BrokenHeaderError.

    The stream stands at the first number afterwards.
    """
    beginning = stream.read(len(MAGIC) + 2)
    form = _LENGTHS.get(beginning[6]) if len(beginning) == 8 and beginning.startswith(MAGIC) else None
    if form is None:
        raise BrokenHeaderError
    stored = stream.read(struct.calcsize(form))
    if len(stored) < struct.calcsize(form):
        raise BrokenHeaderError
    (length,) = struct.unpack(form, stored)
    text = stream.read(min(length, LONGEST)).decode("latin-1")
    if len(text) < length:
        raise BrokenHeaderError
    fields = _fields(text)
    return NpyHeader(
        fields["descr"]["type"] or "records",
        _sides(fields["shape"]["shape"]),
        fields["fortran_order"]["order"] == "True",
        len(beginning) + len(stored) + length,
        _OBJECTS.search(fields["descr"]["type"] or fields["descr"]["records"]) is not None,
    )


def _fields(text: str) -> dict[str, re.Match[str]]:
    """The three fields of a literal of a dictionary. Raises BrokenHeaderError where there is anything else."""
    fields: dict[str, re.Match[str]] = {}
    position = len(text) - len(text.lstrip()) + 1
    while match := _FIELD.match(text, position):
        fields[match["key"]] = match
        position = match.end()
    is_literal = text.lstrip().startswith("{") and text[position:].strip() == "}"
    if not is_literal or set(fields) != set(_HOLDS):
        raise BrokenHeaderError
    if not all(any(match[group] is not None for group in _HOLDS[key]) for key, match in fields.items()):
        raise BrokenHeaderError
    return fields


def _sides(text: str) -> tuple[int, ...]:
    """The numbers of a tuple in Python. Raises BrokenHeaderError where it is none, and for longer than any array is."""
    parts = text.split(",")
    if len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    matches = [_SIDE.fullmatch(part) for part in parts] if text.strip() else []
    sides = tuple(int(match[1]) for match in matches if match)
    if len(sides) < len(matches) or max(sides, default=0) >= 2**63:
        raise BrokenHeaderError
    return sides
