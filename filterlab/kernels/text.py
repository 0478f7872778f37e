"""Kernels as people write them down: plain rows, CSV, Python, NumPy, MATLAB. Nothing is evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError
from filterlab.kernels.ambiguity import AmbiguousKernelError, KernelReading
from filterlab.kernels.dialects import Dialect, dialects, looks_of
from filterlab.kernels.editing import MOST_CELLS
from filterlab.kernels.grammar import KernelParser, Rows
from filterlab.kernels.spelling import (
    MOST_CHARACTERS,
    SIZE,
    Token,
    number_text,
    quoted,
    spellings,
    text_error,
    tokens,
)
from filterlab.text.messages import say

__all__ = [
    "FORMATS",
    "MOST_CHARACTERS",
    "AmbiguousKernelError",
    "number_text",
    "parse",
    "parse_number",
    "readings",
    "write",
]

_NUMBER = say("write a number as 0.5, 1e-3 or 1/9")
_DECIMAL_COMMA = re.compile(r"\s*([+-]?\d+),(\d+)((?:[eE][+-]?\d+)?)\s*")


def parse(text: str, dtype: Any = np.float32) -> NDArray[Any]:
    """The matrix that `text` spells, (height, width), in a floating-point `dtype`.

    Cells are separated by blanks, commas or tabs; rows are lines, or end with ";", or are lists in brackets.
    Fractions as 1/9, a factor before or after (1/16 * [...], [...] / 16), `name =`, np.array(...) and comments
    (#, %) are understood, and so are tables with semicolons or decimal commas: what is read how stands in
    `filterlab.kernels.dialects`.

    Raises AmbiguousKernelError, a ParameterError, for a text that can be read in several ways (`readings` gives
    them); ParameterError for any other that is no matrix, saying what is wrong, and in which line.
    """
    found = readings(text, dtype)
    if len(found) > 1:
        raise AmbiguousKernelError.between(found)
    return found[0].kernel


def readings(text: str, dtype: Any = np.float32, *, table: bool = False) -> tuple[KernelReading, ...]:
    """All ways in which `text` can sensibly be read: one, where `parse` gives its kernel, or several different ones.

    table: the text comes from a table, as a .csv file: a line is one row, also where it is the only one. Raises
    ParameterError for a text that is no matrix.
    """
    if not isinstance(text, str):
        raise text_error(say("{} is not text", type(text).__name__))
    if len(text) > MOST_CHARACTERS:
        raise text_error(say("the text has {} characters", len(text)), SIZE)
    kind = _floating(dtype)
    *grouped, plain = spellings(text)
    found: list[KernelReading] = []
    complaint: ParameterError | None = None
    # The plain spelling first, so that a complaint is about the text as it was written.
    for spelling in (plain, *grouped):
        try:
            found += _readings(spelling, table, kind, grouped=spelling is not plain)
        except ParameterError as wrong:
            complaint = complaint or wrong
    if complaint is not None and not found:
        raise complaint
    return tuple(_different(found))


def _readings(text: str, table: bool, dtype: np.dtype[Any], *, grouped: bool) -> list[KernelReading]:
    """All readings of a text in the dialects that it may be written in. Raises the first complaint where none fits."""
    found: list[KernelReading] = []
    complaint: ParameterError | None = None
    for dialect, words in _candidates(text, table):
        try:
            kernel = _checked(KernelParser(words, dialect.semicolon, wraps=dialect.wraps).matrix(), dtype)
        except ParameterError as wrong:
            complaint = complaint or wrong
        else:
            found.append(KernelReading(kernel, *dialect, grouped=grouped))
    if complaint is not None and not found:
        raise complaint
    return found


def _candidates(text: str, table: bool) -> Iterator[tuple[Dialect, list[Token]]]:
    """The dialects that a text may be written in, with its tokens in each."""
    words, commas = tokens(text), cache(lambda: tokens(text, ","))
    body, bracketed = KernelParser(words).body()
    for dialect in dialects(looks_of(body, commas, bracketed=bracketed, table=table)):
        yield dialect, words if dialect.decimal == "." else commas()


def _different(found: list[KernelReading]) -> Iterator[KernelReading]:
    """Without those whose kernel an earlier one has already."""
    for i, reading in enumerate(found):
        if not any(np.array_equal(reading.kernel, earlier.kernel) for earlier in found[:i]):
            yield reading


def parse_number(text: str) -> float:
    """One number, also as a fraction (1/9) or with a decimal comma. Raises ParameterError.

    1,000 may be one or a thousand, and is refused.
    """
    spelled = spellings(text)[0]  # with groups joined
    comma = _DECIMAL_COMMA.fullmatch(spelled)
    if comma:
        # 0,125 can only be a decimal: nobody groups thousands behind a zero.
        if len(comma[2]) == 3 and comma[1].strip("+-0"):
            what = say("the comma of {} may be a decimal mark or part thousands", quoted(text.strip()))
            raise text_error(what, "write a decimal point, or no comma")
        spelled = f"{comma[1]}.{comma[2]}{comma[3]}"
    try:
        # A number that is copied from a table often brings its line end along.
        parser = KernelParser([token for token in tokens(spelled) if token.kind != "newline"])
        value = parser.number()
        parser.end()
    except ParameterError as wrong:
        raise text_error(wrong.what, _NUMBER) from None
    if not isfinite(value):
        raise text_error(say("{} is not a finite number", quoted(text.strip())), _NUMBER)
    return value


def _floating(dtype: Any) -> np.dtype[Any]:
    try:
        kind = np.dtype(dtype)
    except Exception:  # NumPy calls into whatever it is given
        kind = np.dtype(object)
    if kind.kind != "f":
        what = say("cells are floating-point numbers")
        raise ParameterError(what, "dtype", "give float32 or float64", parameter="dtype")
    return kind


def _checked(rows: Rows, dtype: np.dtype[Any]) -> NDArray[Any]:
    lengths = [len(row) for row in rows]
    if not rows or not lengths[0]:
        raise text_error("there is no number in the text")
    for number, length in enumerate(lengths, 1):
        if length != lengths[0]:
            what = say("row {} has {} cell(s), row 1 has {}", number, length, lengths[0])
            raise text_error(what, "give every row the same number of cells")
    if max(len(rows), lengths[0]) > MOST_CELLS:
        what = say("it has {} by {} cells", len(rows), lengths[0])
        raise text_error(what, SIZE)
    with np.errstate(over="ignore"):
        array = np.array(rows, np.float64).astype(dtype)
    if not np.isfinite(array).all():
        raise text_error("a number is too large", "the largest float32 is about 3.4e38")
    return array


# -- writing ------------------------------------------------------------------------------------------------


def _cells(kernel: NDArray[Any]) -> list[list[str]]:
    return [[number_text(cell) for cell in row] for row in kernel]


def _aligned(kernel: NDArray[Any], joint: str) -> list[str]:
    cells = _cells(kernel)
    width = max(len(cell) for row in cells for cell in row)
    return [joint.join(cell.rjust(width) for cell in row) for row in cells]


def _as_text(kernel: NDArray[Any]) -> str:
    return "\n".join(_aligned(kernel, " ")) + "\n"


def _as_tabs(kernel: NDArray[Any]) -> str:
    return "\n".join("\t".join(row) for row in _cells(kernel)) + "\n"


def _as_csv(kernel: NDArray[Any]) -> str:
    rows = _cells(kernel)
    if kernel.shape[1] == 2 and not any("." in cell for row in rows for cell in row):
        # 0,5 might be taken for a decimal comma; with points there is no doubt.
        rows = [[re.sub(r"^-?\d+", r"\g<0>.0", cell) for cell in row] for row in rows]
    return "\n".join(",".join(row) for row in rows) + "\n"


def _as_lists(kernel: NDArray[Any]) -> str:
    return "[" + ",\n ".join(f"[{row}]" for row in _aligned(kernel, ", ")) + "]"


def _as_numpy(kernel: NDArray[Any]) -> str:
    indent = " " * len("np.array(")
    dtype = kernel.dtype.name
    return f"np.array({_as_lists(kernel)}, dtype=np.{dtype})".replace("\n", "\n" + indent)


def _as_matlab(kernel: NDArray[Any]) -> str:
    return "[" + "; ".join(" ".join(row) for row in _cells(kernel)) + "]"


FORMATS: dict[str, Callable[[NDArray[Any]], str]] = {
    "text": _as_text,
    "tabs": _as_tabs,
    "csv": _as_csv,
    "python": _as_lists,
    "numpy": _as_numpy,
    "matlab": _as_matlab,
}


def write(kernel: NDArray[Any], form: str = "text") -> str:
    """A kernel (height, width) in one of `FORMATS`; `parse` reads back the same numbers."""
    return FORMATS[form](kernel)
