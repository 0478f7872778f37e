"""Kernels as people write them down: plain rows, CSV, Python, NumPy, MATLAB. Nothing is evaluated as code."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from filterlab.errors import ParameterError
from filterlab.kernels.editing import MOST_CELLS

MOST_CHARACTERS = 1_000_000
_SIZE = f"a kernel has at most {MOST_CELLS} by {MOST_CELLS} cells"

_TOKEN = re.compile(
    r"(?P<comment>[#%][^\n]*)|(?P<blank>[ \t\r\f\v]+|\.\.\.[ \t]*\n)|(?P<newline>\n)"
    r"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?P<suffix>[fF]\b)?"
    r"|(?P<name>[^\W\d][\w.]*)|(?P<sign>[\[\](){},;=*/+-])"
)
_WORDS = ("array", "matrix", "asarray", "tensor", "Tensor", "list")  # what may stand before the brackets
_OPEN, _CLOSE = "[({", "])}"


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int
    glued: bool  # nothing stands between it and the token before


def parse(text: str, dtype: Any = np.float32) -> NDArray[Any]:
    """The matrix that `text` spells, (height, width).

    Cells are separated by blanks, commas or tabs; rows are lines, or end with ";", or are lists in brackets.
    Fractions as 1/9, a factor before or after (1/16 * [...], [...] / 16), `name =`, np.array(...) and comments
    (#, %) are understood. Raises ParameterError saying what is wrong, and in which line.
    """
    if len(text) > MOST_CHARACTERS:
        raise _error(f"the text has {len(text)} characters", _SIZE)
    tokens = _tokens(text.replace("−", "-").replace("\ufeff", ""))
    rows = _Parser(tokens).matrix()
    return _checked(rows, dtype)


def parse_number(text: str) -> float:
    """One number, also as a fraction (1/9). Raises ParameterError."""
    tokens = _tokens(text.replace("−", "-"))
    parser = _Parser([token for token in tokens if token.kind != "newline"])
    value = parser.number()
    parser.end()
    if not isfinite(value):
        raise _error(f"{text.strip()} is no finite number", "write a number as 0.5, 1e-3 or 1/9")
    return value


def _error(what: str, hint: str = "", line: int = 0) -> ParameterError:
    where = f"line {line}" if line else "kernel text"
    return ParameterError(
        what, where, hint or "write rows of numbers, as 1 2 1 / 0 0 0 on two lines", parameter="text"
    )


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place, line, glued = 0, 1, False
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _error(f"{text[place]!r} does not belong into a matrix", line=line)
        kind = match.lastgroup if match.lastgroup != "suffix" else "number"
        assert kind is not None, "every alternative is named"
        if kind in ("blank", "comment"):
            glued = False
        else:
            tokens.append(_Token(kind, match["number"] or match.group(), line, glued))
            glued = kind != "newline"
        line += match.group().count("\n")
        place = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens; `rows` are lists of floats."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0

    # -- looking --------------------------------------------------------------------------------------

    def _peek(self, ahead: int = 0) -> _Token:
        place = self._place + ahead
        if place < len(self._tokens):
            return self._tokens[place]
        line = self._tokens[-1].line if self._tokens else 1
        return _Token("end", "the end", line, False)

    def _next(self) -> _Token:
        token = self._peek()
        self._place += 1
        return token

    def _skip(self, *texts: str) -> bool:
        """Step over newlines, and one token of these texts where it follows; whether it did."""
        while self._peek().kind == "newline":
            self._place += 1
        if self._peek().text in texts:
            self._place += 1
            return True
        return False

    def _unexpected(self, wanted: str) -> ParameterError:
        token = self._peek()
        shown = "the end of the text" if token.kind == "end" else repr(token.text)
        return _error(f"{shown} stands where {wanted} is expected", line=token.line)

    def end(self) -> None:
        """Raise unless everything was read."""
        self._skip(";")
        self._skip()
        if self._peek().kind != "end":
            raise self._unexpected("the end")

    # -- reading --------------------------------------------------------------------------------------

    def matrix(self) -> list[list[float]]:
        self._skip()
        if self._peek().kind == "end":
            raise _error("there is no number in the text")
        if self._peek().kind == "name" and self._peek(1).text == "=":
            self._place += 2
        factor = self._factor_before()
        self._skip()
        rows = self._operand() if self._opens() else self._plain_rows()
        factor *= self._factors_after()
        self.end()
        return [[cell * factor for cell in row] for row in rows] if factor != 1 else rows

    def _opens(self) -> bool:
        return self._peek().text in _OPEN or self._peek().kind == "name"

    def _factor_before(self) -> float:
        """A number and a star before brackets; 1 where there is none."""
        start = self._place
        if self._peek().kind == "number" or self._peek().text == "(":
            bracket = self._skip("(")
            if self._peek().kind == "number":
                value = self.number()
                if (not bracket or self._skip(")")) and self._peek().text == "*":
                    self._place += 1
                    return value
        self._place = start
        return 1.0

    def _factors_after(self) -> float:
        factor = 1.0
        while self._peek().text in ("*", "/"):
            divide = self._next().text == "/"
            bracket = self._skip("(")
            value = self.number() if not divide or bracket else self._plain_number()
            if bracket and not self._skip(")"):
                raise self._unexpected("')'")
            if divide and value == 0:
                raise _error("it is divided by 0", "divide by another number", self._peek().line)
            factor = factor / value if divide else factor * value
        return factor

    def number(self) -> float:
        """A number or a fraction."""
        value = self._plain_number()
        if self._peek().text == "/" and self._peek(1).kind == "number":
            self._place += 1
            divisor = self._plain_number()
            if divisor == 0:
                raise _error("a fraction is divided by 0", "divide by another number", self._peek(-1).line)
            value /= divisor
        return value

    def _plain_number(self) -> float:
        if self._peek().kind != "number":
            raise self._unexpected("a number")
        return float(self._next().text)

    def _operand(self) -> list[list[float]]:
        """A bracketed matrix, or one inside np.array(...)."""
        token = self._peek()
        if token.kind != "name":
            return self._rows_of(self._bracketed(), token.line)
        if token.text.split(".")[-1] not in _WORDS or self._peek(1).text != "(":
            raise _error(f"{token.text!r} is no number", line=token.line)
        self._place += 2
        self._skip()
        rows = self._operand()
        while self._skip(","):
            self._skip_keyword()
        if not self._skip(")"):
            raise self._unexpected("')'")
        return rows

    def _skip_keyword(self) -> None:
        """A dtype argument, which changes nothing here."""
        self._skip()
        if self._peek().kind == "name" and self._peek(1).text == "=" and self._peek(2).kind == "name":
            self._place += 3
        elif self._peek().kind == "name":
            self._place += 1

    def _bracketed(self) -> list[Any]:
        """The items between brackets: lists, or rows of numbers where lines or ";" part them."""
        closing = _CLOSE[_OPEN.index(self._next().text)]
        self._skip()
        if self._peek().text in _OPEN:
            return self._nested(closing)
        rows = self._rows(lambda: self._peek().text == closing, bracketed=True)
        if not self._skip(closing):
            raise self._unexpected(f"{closing!r}")
        return rows[0] if len(rows) == 1 else rows

    def _nested(self, closing: str) -> list[Any]:
        items: list[Any] = []
        while True:
            items.append(self._bracketed())
            more = self._skip(",", ";")
            if self._skip(closing):
                return items
            if not more and self._peek().text not in _OPEN:
                raise self._unexpected(f"',' or {closing!r}")
            if self._peek().text not in _OPEN:
                raise self._unexpected("'['")

    def _rows_of(self, items: list[Any], line: int) -> list[list[float]]:
        """Nested lists as rows; outer lists of one item, as in a (1, 1, h, w) weight, are taken off."""
        while items and isinstance(items[0], list) and items[0] and isinstance(items[0][0], list):
            if len(items) > 1:
                what = f"it is a list of {len(items)} matrices"
                raise _error(what, "give one matrix: rows of numbers", line)
            items = items[0]
        if not items:
            raise _error("there is no number between the brackets", line=line)
        return items if isinstance(items[0], list) else [items]

    def _plain_rows(self) -> list[list[float]]:
        return self._rows(lambda: self._peek().text == "*" or self._peek().kind == "end", bracketed=False)

    def _rows(self, ends: Callable[[], bool], *, bracketed: bool) -> list[list[float]]:
        """Rows of cells up to where it `ends`. bracketed: after a comma a row goes on in the next line."""
        rows: list[list[float]] = [[]]
        comma = True  # whether a cell may follow without a blank before it
        while not ends():
            token = self._peek()
            if token.kind == "newline" or token.text == ";":
                self._place += 1
                if rows[-1]:
                    rows.append([])
                comma = True
            elif token.text == ",":
                self._comma(bool(rows[-1]) and not comma, bracketed)
                comma = True
            elif token.kind == "number":
                if token.glued and not comma:
                    raise _error(f"there is no blank before {token.text!r}", line=token.line)
                rows[-1].append(self.number())
                comma = False
            else:
                raise self._unexpected("a number")
        return rows if rows[-1] or len(rows) == 1 else rows[:-1]

    def _comma(self, after_number: bool, bracketed: bool) -> None:
        token = self._next()
        if not after_number:
            raise _error("a cell is empty", "write 0 into it", token.line)
        while bracketed and self._peek().kind == "newline":
            self._place += 1


def _checked(rows: list[list[float]], dtype: Any) -> NDArray[Any]:
    lengths = [len(row) for row in rows]
    if not rows or not lengths[0]:
        raise _error("there is no number in the text")
    for number, length in enumerate(lengths, 1):
        if length != lengths[0]:
            what = f"row {number} has {length} cells, row 1 has {lengths[0]}"
            raise _error(what, "give every row the same number of cells")
    if max(len(rows), lengths[0]) > MOST_CELLS:
        what = f"it has {len(rows)} by {lengths[0]} cells"
        raise _error(what, _SIZE)
    with np.errstate(over="ignore"):
        array = np.array(rows, np.float64).astype(dtype)
    if not np.isfinite(array).all():
        raise _error("a number is too large", "the greatest float32 is about 3.4e38")
    return array


# -- writing ------------------------------------------------------------------------------------------------


def number_text(value: Any) -> str:
    """The shortest digits that read back as the same number in its own precision: 0.1 for float32(0.1)."""
    text = str(np.asarray(value)[()])
    return text.removesuffix(".0").replace("-0", "0") if text in ("-0.0", "-0") else text.removesuffix(".0")


def _cells(kernel: NDArray[Any]) -> list[list[str]]:
    return [[number_text(cell) for cell in row] for row in kernel]


def _aligned(kernel: NDArray[Any], joint: str) -> list[str]:
    cells = _cells(kernel)
    width = max(len(cell) for row in cells for cell in row)
    return [joint.join(cell.rjust(width) for cell in row) for row in cells]


def _as_text(kernel: NDArray[Any]) -> str:
    return "\n".join(_aligned(kernel, " ")) + "\n"


def _as_csv(kernel: NDArray[Any]) -> str:
    return "\n".join(",".join(row) for row in _cells(kernel)) + "\n"


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
    "csv": _as_csv,
    "python": _as_lists,
    "numpy": _as_numpy,
    "matlab": _as_matlab,
}


def write(kernel: NDArray[Any], form: str = "text") -> str:
    """A kernel (height, width) in one of `FORMATS`; `parse` reads back the same numbers."""
    return FORMATS[form](kernel)
