"""The grammar of matrices: tokens in, rows of numbers out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from filterlab.errors import ParameterError
from filterlab.kernels.spelling import Token, quoted, text_error
from filterlab.text.messages import say

Rows = list[list[float]]

_WORDS = ("array", "matrix", "asarray", "tensor", "Tensor", "list")  # what may stand before the brackets
OPEN, CLOSE = "[({", "])}"


class KernelParser:
    """Recursive descent over the tokens; what goes wrong is a ParameterError that names the line.

    semicolon: "row" where it ends one, "cell" where it parts the cells of a line and nothing else does. wraps:
    whether, in brackets, a row goes on in the next line after a comma.
    """

    def __init__(self, tokens: list[Token], semicolon: str = "row", *, wraps: bool = True) -> None:
        self._tokens = tokens
        self._place = 0
        self._in_cells = semicolon == "cell"
        self._wraps = wraps

    # -- looking --------------------------------------------------------------------------------------

    def _peek(self, ahead: int = 0) -> Token:
        place = self._place + ahead
        if place < len(self._tokens):
            return self._tokens[place]
        line = self._tokens[-1].line if self._tokens else 1
        return Token("end", "the end", line, " ")

    def _next(self) -> Token:
        token = self._peek()
        self._place += 1
        return token

    def _skip(self, *texts: str) -> bool:
        """Step over newlines, and over one token of these texts where it follows. Return whether there was one."""
        while self._peek().kind == "newline":
            self._place += 1
        if self._peek().text in texts:
            self._place += 1
            return True
        return False

    def _unexpected(self, wanted: str) -> ParameterError:
        token = self._peek()
        ends = {"end": "the end of the text", "newline": "the end of the line"}
        return text_error(
            say("{} was given where {} is expected", ends.get(token.kind) or quoted(token.text), wanted),
            line=token.line,
        )

    def end(self) -> None:
        """Raise unless everything was read."""
        self._skip(";")
        self._skip()
        if self._peek().kind != "end":
            raise self._unexpected("the end")

    # -- reading --------------------------------------------------------------------------------------

    def matrix(self) -> Rows:
        """The whole text: a matrix, with a name or a factor before it and factors behind."""
        factor = self._beginning()
        rows = self._operand() if self._opens() else self._plain_rows()
        factor *= self._factors_after()
        self.end()
        return [[cell * factor for cell in row] for row in rows] if factor != 1 else rows

    def body(self) -> tuple[list[Token], bool]:
        """The tokens of the matrix alone, as far as brackets or a factor show its end; and whether it has brackets."""
        self._beginning()
        start, bracketed, depth = self._place, self._opens(), 0
        for stop, token in enumerate(self._tokens[start:], start + 1):
            depth += (token.text in OPEN) - (token.text in CLOSE)
            closed = bracketed and token.text in CLOSE and depth == 0
            if closed or (not bracketed and token.text == "*"):
                return self._tokens[start:stop], bracketed
        return self._tokens[start:], bracketed

    def _beginning(self) -> float:
        """Step over a name, and over the factor that is given."""
        self._skip()
        if self._peek().kind == "end":
            raise text_error("there is no number in the text")
        if self._peek().kind == "name" and self._peek(1).text == "=":
            self._place += 2
        factor = self._factor_before()
        self._skip()
        return factor

    def _opens(self) -> bool:
        return self._peek().text in OPEN or self._peek().kind == "name"

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
        # This was not a factor but the first cell of a row, or the bracket before one.
        self._place = start
        return 1.0

    def _factors_after(self) -> float:
        factor = 1.0
        while self._peek().text in ("*", "/"):
            divide = self._next().text == "/"
            bracket = self._skip("(")
            # [...] / 16 / 2 divides twice: read as a fraction, 16 / 2 would divide by 8.
            value = self.number() if not divide or bracket else self._plain_number()
            if bracket and not self._skip(")"):
                raise self._unexpected("')'")
            if divide and value == 0:
                raise text_error("it is divided by 0", "divide by another number", self._peek().line)
            factor = factor / value if divide else factor * value
        return factor

    def number(self) -> float:
        """A number or a fraction."""
        value = self._plain_number()
        if self._peek().text == "/" and self._peek(1).kind == "number":
            self._place += 1
            divisor = self._plain_number()
            if divisor == 0:
                raise text_error(
                    "a fraction is divided by 0", "divide by another number", self._peek(-1).line
                )
            value /= divisor
        return value

    def _plain_number(self) -> float:
        if self._peek().kind != "number":
            raise self._unexpected("a number")
        # Only numbers with decimal commas hold one: elsewhere a comma is a token of its own.
        return float(self._next().text.replace(",", "."))

    def _operand(self) -> Rows:
        """A bracketed matrix, or one inside np.array(...)."""
        token = self._peek()
        if token.kind != "name":
            return self._rows_of(self._bracketed(), token.line)
        if token.text.split(".")[-1] not in _WORDS or self._peek(1).text != "(":
            raise text_error(say("{} is not a number", quoted(token.text)), line=token.line)
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
        opening = self._next().text
        if opening not in OPEN:
            self._place -= 1
            raise self._unexpected("'['")
        closing = CLOSE[OPEN.index(opening)]
        self._skip()
        if self._peek().text in OPEN:
            return self._nested(closing)
        rows = self._rows(lambda: self._peek().text == closing, bracketed=True)
        if not self._skip(closing):
            raise self._unexpected(f"{closing!r}")
        # A single line is a row, which the brackets around it may make a matrix of.
        return rows[0] if len(rows) == 1 else rows

    def _nested(self, closing: str) -> list[Any]:
        items: list[Any] = []
        while True:
            items.append(self._bracketed())
            more = self._skip(",", ";")
            if self._skip(closing):
                return items
            if not more and self._peek().text not in OPEN:
                raise self._unexpected(f"',' or {closing!r}")
            if self._peek().text not in OPEN:
                raise self._unexpected("'['")

    def _rows_of(self, items: list[Any], line: int) -> Rows:
        """Nested lists as rows; outer lists of one item, as in a (1, 1, h, w) weight, are taken off."""
        while items and isinstance(items[0], list) and items[0] and isinstance(items[0][0], list):
            if len(items) > 1:
                what = say("it is a list of {} matrices", len(items))
                raise text_error(what, "give one matrix: rows of numbers", line)
            items = items[0]
        if not items:
            raise text_error("there is no number between the brackets", line=line)
        rows = items if isinstance(items[0], list) else [items]
        if any(isinstance(cell, list) for row in rows for cell in row):
            raise text_error("some rows have more brackets than others", "put each row into one pair", line)
        return rows

    def _plain_rows(self) -> Rows:
        return self._rows(lambda: self._peek().text == "*" or self._peek().kind == "end", bracketed=False)

    def _rows(self, ends: Callable[[], bool], *, bracketed: bool) -> Rows:
        """Rows of cells up to where it `ends`. bracketed: a comma may stand at the end of a line."""
        rows: Rows = [[]]
        parted = True  # whether a cell may follow without a blank before it
        while not ends():
            token = self._peek()
            if token.kind == "newline" or (token.text == ";" and not self._in_cells):
                self._place += 1
                if rows[-1]:
                    rows.append([])
                parted = True
            elif token.text == (";" if self._in_cells else ","):
                self._separator(bool(rows[-1]) and not parted, bracketed and not self._in_cells)
                parted = True
            elif token.kind == "number":
                if not parted and (self._in_cells or not token.gap):
                    before = "';'" if self._in_cells else "blank"
                    raise text_error(
                        say("there is no {} before {}", before, quoted(token.text)), line=token.line
                    )
                rows[-1].append(self.number())
                parted = False
            else:
                raise self._unexpected("a number")
        # The end of the last line has opened a row that nothing follows in.
        return rows if rows[-1] or len(rows) == 1 else rows[:-1]

    def _separator(self, after_number: bool, goes_on: bool) -> None:
        token = self._next()
        if not after_number:
            raise text_error("a cell is empty", "write 0 into it", token.line)
        while goes_on and self._wraps and self._peek().kind == "newline":
            self._place += 1
