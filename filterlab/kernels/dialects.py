"""Which of the ways to write matrices a text may follow.

Commas part cells or are decimal marks, semicolons part rows (MATLAB) or cells (spreadsheets of the countries that
write decimal commas). What stands beside them tells in most texts. Where two readings remain, both are kept: nobody
is given the other kernel in silence. Below, / stands for a new line.

    text                        cells parted by     decimal mark    rows parted by
    1 0 -1 / 2 0 -2             blanks              point           lines
    1 0 -1; 2 0 -2              blanks              point           semicolons and lines
    1,0,-1 / 2,0,-2             commas              point           lines
    1;2;3 (one line)            -                   point           semicolons, as in MATLAB
    1;2;3 (one line of a .csv)  semicolons          point           lines
    1;0;1 / 2;0;2               semicolons          point           lines
    1,5;0;2,5 / 1;0,5;2         semicolons          comma           lines
    1,5<tab>0<tab>2,5           tabs                comma           lines
    [1,2;3,4]                   commas              point           semicolons: brackets are code
    0,5 / 1 / 0,5               (one per line)      comma           lines
    1,5 / 2 / 1,5               (one per line)      comma           lines

    two readings, to be asked about:
    1,5 2,5                     commas and blanks, or blanks beside decimal commas; also in brackets
    1,5, 2,5                    commas, or commas with blanks beside decimal commas
    1,5;2,5 (one line)          MATLAB's rows of two, or decimals in a row or in a column
    0,25 / 0,5 / 0,25           two columns, or one of decimals; see `_looks_decimal`
    1,5 / 2,5 / 1,5             two columns, or one of decimals; see `_looks_decimal`
    [1;2 / 3;4]                 MATLAB's column, or semicolons between cells
    [1,2, / 3,4]                a list that goes on (Python), or a matrix laid out in lines (C, MATLAB)
    10 000 (fixed blank)        thousands in groups, or two cells
    1,250<tab>2,500             thousands in groups, or decimals

Two columns of whole numbers with commas, as 1,2 / 3,4, are two columns unless `_looks_decimal`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from filterlab.errors import ParameterError
from filterlab.kernels.grammar import OPEN
from filterlab.kernels.spelling import Token, text_error


class Dialect(NamedTuple):
    """decimal: the mark in numbers, "." or ",". semicolon: what it parts, "row" or "cell".

    wraps: whether a row in brackets goes on in the next line, where a comma ends the line before.
    """

    decimal: str
    semicolon: str
    wraps: bool = True


CODE = Dialect(".", "row")
LAID_OUT = Dialect(".", "row", wraps=False)
TABLE = Dialect(".", "cell")
DECIMAL_TABLE = Dialect(",", "cell")
DECIMAL_ROWS = Dialect(",", "row")
# The digits after the mark in multiples of an eighth, without zeros at their end.
_EIGHTHS = ("", "5", "25", "75", "125", "375", "625", "875")


@dataclass(frozen=True)
class TextLooks:
    """What can be seen of a text before it is read.

    joints: what stands between numbers of the same line: blank, tab, gap (more than one tab), semicolon, loose (a
    comma with a blank) or tight (one without). decimals: the numbers of each line as decimal commas make them, empty
    where some comma cannot be one. lines: how many have numbers. table: the text is that of a table, not of a program.
    laid_out: see `_is_laid_out`.
    """

    joints: frozenset[str]
    decimals: tuple[tuple[str, ...], ...]
    lines: int
    bracketed: bool
    table: bool
    laid_out: bool = False

    @property
    def semicolons(self) -> bool:
        """True where semicolons stand between numbers of a line."""
        return "semicolon" in self.joints

    @property
    def parted(self) -> bool:
        """True where something other than semicolons, and commas that may be decimal, parts cells."""
        return bool(self.joints & {"blank", "tab", "loose"}) or ("tight" in self.joints and not self.decimals)


def looks_of(
    body: list[Token], commas: Callable[[], list[Token]], *, bracketed: bool, table: bool
) -> TextLooks:
    """body: the tokens of the matrix, with points as decimal marks; commas: gives the text's with decimal commas.

    Raises ParameterError where two tabs follow each other: a spreadsheet has an empty cell there.
    """
    lines: dict[int, list[str]] = {}
    joints: set[str] = set()
    for joint, line in _joints(body):
        lines.setdefault(line, [])
        joints.add(joint)
        if joint == "gap" and not bracketed:
            raise text_error("a cell is empty", "write 0 into it; a single tab separates cells", line)
    joints.discard("")
    # Only a comma without a blank can be a decimal mark; elsewhere the text need not be taken apart once more.
    decimals = _decimals(lines, commas) if "tight" in joints else ()
    return TextLooks(frozenset(joints), decimals, len(lines), bracketed, table, _is_laid_out(body))


def _is_laid_out(body: list[Token]) -> bool:
    """Return whether a flat list in brackets has several lines of equally many cells, two or more.

    Nested lists and np.array(...) say by themselves where a row ends; NumPy breaks the lines of long rows.
    """
    if not body or body[0].text not in OPEN or sum(token.text in OPEN for token in body) > 1:
        return False
    cells: dict[int, int] = {}
    after_comma = True
    for token in body[1:]:
        if token.text == ",":
            after_comma = True
        elif token.kind == "number" and after_comma:
            cells[token.line] = cells.get(token.line, 0) + 1
            after_comma = False
    counts = set(cells.values())
    return len(cells) > 1 and len(counts) == 1 and counts.pop() > 1


def _joints(body: list[Token]) -> Iterator[tuple[str, int]]:
    """Yield what stands between each number and the one before it in its line, "" for the first; and the line."""
    before: list[Token] | None = None  # what came since the last number of this line
    for token in body:
        if token.kind == "number":
            yield "" if before is None else _joint(before, token), token.line
            before = []
        elif token.kind == "newline":
            before = None
        elif before is not None:
            before.append(token)


def _joint(between: list[Token], number: Token) -> str:
    if not between:
        tabs = number.gap.count("\t")
        return "gap" if tabs > 1 else "tab" if tabs else "blank"
    signs = {token.text for token in between}
    if not signs <= {",", ";"}:
        return "other"  # a fraction, or brackets
    if ";" in signs:
        return "semicolon"
    return "loose" if between[0].gap or number.gap else "tight"


def _decimals(lines: dict[int, list[str]], commas: Callable[[], list[Token]]) -> tuple[tuple[str, ...], ...]:
    """The numbers of each of these lines with decimal commas; empty where not all commas can be such."""
    try:
        for token in commas():
            if token.kind == "number" and token.line in lines:
                lines[token.line].append(token.text)
    except ParameterError:
        return ()
    return tuple(map(tuple, lines.values()))


def dialects(looks: TextLooks) -> tuple[Dialect, ...]:
    """The dialects that a text may be written in. The first is the one whose complaints are worth telling."""
    if looks.bracketed:
        return _in_brackets(looks)
    # Lines of a table do not hold several rows; a line alone may be MATLAB's.
    rows_are_lines = looks.lines > 1 or looks.table
    if not looks.decimals:
        return (TABLE,) if looks.semicolons and not looks.parted and rows_are_lines else (CODE,)
    if looks.semicolons and not looks.parted:
        return (DECIMAL_TABLE,) if rows_are_lines else (CODE, DECIMAL_TABLE, DECIMAL_ROWS)
    if not looks.parted:
        return (CODE, DECIMAL_ROWS) if _looks_decimal(looks.decimals) else (CODE,)
    if "tab" in looks.joints and not looks.semicolons:
        return (DECIMAL_ROWS,)
    return CODE, DECIMAL_ROWS


def _in_brackets(looks: TextLooks) -> tuple[Dialect, ...]:
    """Brackets are code, which has decimal points, unless two kinds of separator side by side say otherwise."""
    found = [CODE]
    everywhere = all("," in number for line in looks.decimals for number in line)
    blanks = bool(looks.joints & {"blank", "tab"})
    if looks.decimals and (blanks or ("loose" in looks.joints and everywhere)):
        found.append(DECIMAL_ROWS)
    if looks.semicolons and looks.lines > 1 and not looks.parted:
        found.append(DECIMAL_TABLE if looks.decimals else TABLE)
    if looks.laid_out:
        found.append(LAID_OUT)
    return tuple(found)


def _looks_decimal(decimals: tuple[tuple[str, ...], ...]) -> bool:
    """Return whether lines with at most one comma may well be one column of decimals, not two of whole numbers.

    They may where one of the two columns would be nothing but zeros; where every number is a multiple of an eighth, as
    1,5 and 0,25 are, because that is what people write; and where the digits are those of decimals: a sign before a
    zero, a zero before another digit after the comma, or a single digit before every comma and several after some.
    Otherwise whole numbers with commas, as 1,2 / 3,4, are a matrix: asking about each of them would ask too often.
    """
    if any(len(line) != 1 for line in decimals):
        return False  # fractions
    split = [number.lower().partition("e")[0].split(",") for (number,) in decimals if "," in number]
    whole = [pair[0].lstrip("+-") for pair in split]
    parts = [pair[1] for pair in split]
    zero_column = not any(map(_nonzero, whole)) or not any(map(_nonzero, parts))
    signed_zero = any(pair[0][0] in "+-" and not _nonzero(pair[0][1:]) for pair in split)
    leading_zero = any(len(part) > 1 and part[0] == "0" for part in parts)
    eighths = all(part.rstrip("0") in _EIGHTHS for part in parts)
    fine = all(len(digits) == 1 for digits in whole) and any(len(part) > 1 for part in parts)
    return zero_column or signed_zero or leading_zero or eighths or fine


def _nonzero(digits: str) -> bool:
    return bool(digits.strip("0"))
