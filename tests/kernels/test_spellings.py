"""Matrices written in every way that people and spreadsheets have, against the matrix that was written.

A text gives that matrix, or is refused with it among the readings that are shown: never another one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from filterlab.errors import ParameterError
from filterlab.kernels import read_kernel
from filterlab.kernels.text import AmbiguousKernelError, parse, readings

FIXED_BLANKS = "\xa0\u202f\u2009"
SEPARATORS = (",", ", ", " , ", ";", "; ", "\t", " ", "   ", *FIXED_BLANKS, "\xa0 ")
LINE_ENDS = ("\n", "\r\n", "\r", "\n\n", "\u2028")
ROW_ENDS = (*LINE_ENDS, ";", "; ", ";\n", " ;\r\n")
BRACKETS = ("", "[]", "()", "{}", "K = []", "np.array([])", "1 * []")


@dataclass(frozen=True)
class Spelling:
    """How a matrix is written. digits: behind the mark, None for as many as a number needs."""

    mark: str = "."
    separator: str = " "
    row_end: str = "\n"
    brackets: str = ""
    digits: int | None = None
    minus: str = "-"
    group: str = ""
    trailing: str = ""
    last: str = ""
    first: str = ""

    def number(self, value):
        """One cell."""
        text = f"{abs(value):.{self.digits}f}" if self.digits is not None else f"{abs(value):.9g}"
        whole, point, part = text.partition(".")
        whole = f"{int(whole):,}".replace(",", self.group) if self.group else whole
        return (self.minus if value < 0 else "") + whole + point.replace(".", self.mark) + part

    def text(self, matrix):
        """The whole matrix."""
        rows = [self.separator.join(map(self.number, row)) + self.trailing for row in matrix]
        opening, closing = self.brackets[:-1], self.brackets[-1:]
        if self.brackets.endswith("])"):
            opening, closing = self.brackets[:-2], "])"
        return self.first + opening + self.row_end.join(rows) + closing + self.last


def exists(how, matrix):
    """Whether anybody writes so, and whether the text then still tells of which numbers it was made."""
    rows, columns = matrix.shape
    commas = [f"{abs(v):.9g}".count(".") for row in matrix for v in row] if how.digits is None else []
    decimal = how.mark == "," and (how.digits or any(commas))
    semicolons = how.separator[0] == ";"
    if decimal and how.separator == ",":
        return False  # 1,5,2,5
    if semicolons and (how.brackets or how.row_end[0] in " ;"):
        return False  # brackets are code, in which semicolons end rows
    if semicolons and rows == 1 and not decimal:
        return False  # one line of whole numbers is MATLAB's column: see the test of tables
    if decimal and how.brackets and (columns == 1 or (how.separator[0] in " ," and "," in how.separator)):
        return False  # decimal commas in code, where nothing tells them from others
    return not (how.group and how.separator[0] in FIXED_BLANKS)


@st.composite
def spelled(draw):
    """(spelling, matrix)"""
    digits = draw(st.sampled_from((None, 1, 2)))
    steps = {None: 0.125, 1: 0.5, 2: 0.25}[digits]
    count = draw(st.sampled_from((9, 9, 100, 30_000)))
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    cells = draw(
        st.lists(st.integers(-count, count), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    )
    scale = draw(st.sampled_from((1, steps)))
    matrix = np.array(cells, float).reshape(shape) * scale
    how = Spelling(
        draw(st.sampled_from(".,")),
        draw(st.sampled_from(SEPARATORS)),
        draw(st.sampled_from(ROW_ENDS)),
        draw(st.sampled_from(BRACKETS)),
        digits,
        draw(st.sampled_from("--−–")),
        draw(st.sampled_from(("", "", *FIXED_BLANKS))),
        last=draw(st.sampled_from(("", "\n", "\r\n", " ", "\xa0\n"))),
        first=draw(st.sampled_from(("", "", "\ufeff", " ", "\n"))),
    )
    if not how.brackets and how.row_end[0] not in " ;":
        trailing = "" if how.separator.strip(" ") == "" else how.separator
        how = replace(how, trailing=draw(st.sampled_from(("", "", trailing, " "))))
    assume(exists(how, matrix))
    return how, matrix


def kernels_in(text, **options):
    """The kernels that a text is read as, or that its refusal shows."""
    try:
        return [parse(text, np.float64, **options)]
    except AmbiguousKernelError as error:
        message = str(error)
        assert len(message) < 300
        assert len(message.splitlines()) == 1
        for reading in error.readings[:3]:
            assert f"{reading.kernel.shape[0]}x{reading.kernel.shape[1]} [" in message
        return [reading.kernel for reading in error.readings]


@settings(max_examples=250)
@given(spelled())
@example((Spelling(separator=";"), np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])))
@example((Spelling(",", ";", digits=1), np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])))
@example((Spelling(",", "\t", digits=1), np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])))
@example((Spelling(row_end="\r"), np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])))
@example((Spelling(separator="\xa0"), np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])))
@example((Spelling(",", "\t", "\r\n", group="\u202f", digits=2), np.array([[1234.5, -2], [0, 9999]])))
def test_no_spelling_gives_another_matrix(case):
    how, matrix = case
    found = kernels_in(how.text(matrix))
    assert any(np.array_equal(kernel, matrix) for kernel in found), (how.text(matrix), found)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(spelled())
def test_no_spelling_gives_another_matrix_in_many_trials(case):
    how, matrix = case
    found = kernels_in(how.text(matrix))
    assert any(np.array_equal(kernel, matrix) for kernel in found), (how.text(matrix), found)


@settings(max_examples=150)
@given(spelled())
def test_most_spellings_leave_no_doubt(case):
    """What needs no asking is not asked about: points, and decimal commas between tabs or in lines of semicolons."""
    how, matrix = case
    columns, decimal = matrix.shape[1], how.mark == ","
    sure = (
        how.separator.strip(" ") in (";", "\t")
        and columns > 1
        and len(matrix) > 1
        and how.row_end in LINE_ENDS
    )
    assume(not how.group and (not decimal or (sure and not how.brackets and how.digits in (1, 2))))
    assume(how.separator[0] not in FIXED_BLANKS)  # which may group 100 200
    assume(how.separator != "," or columns != 2)  # which may be one column of decimals
    np.testing.assert_array_equal(parse(how.text(matrix), np.float64), matrix)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")
BOMS = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}


@settings(max_examples=80)
@given(spelled(), st.sampled_from(ENCODINGS), st.sampled_from((".csv", ".txt", ".tsv", ".m", ".CSV")))
def test_files_in_every_encoding(tmp_path_factory, case, encoding, suffix):
    how, matrix = case
    text = BOMS.get(encoding, "") + how.text(matrix).removeprefix("\ufeff")
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    path = tmp_path_factory.mktemp("kernels") / f"k{suffix}"
    path.write_bytes(data)
    try:
        found = [read_kernel(path)]
    except AmbiguousKernelError as error:
        found = [reading.kernel for reading in error.readings]
    assert any(np.array_equal(kernel, np.float32(matrix)) for kernel in found), (text, found)


@given(
    st.lists(st.integers(-99, 99), min_size=1, max_size=5),
    st.sampled_from((";", "; ", ";\t")),
    st.sampled_from(("", "\n", ";\r\n")),
)
def test_a_line_of_a_table_is_a_row_also_alone(cells, separator, last):
    text = separator.join(map(str, cells)) + last
    (reading,) = readings(text, table=True)
    np.testing.assert_array_equal(reading.kernel, [cells])
    np.testing.assert_array_equal(parse(text), [[cell] for cell in cells])


# text -> (kernel, ...): one where it is read, several where they are shown
TABLE = {
    "-1;0;1\n-2;0;2\n": [[[-1, 0, 1], [-2, 0, 2]]],
    "-1,0;0,0;1,0\r\n-2,0;0,0;2,0": [[[-1, 0, 1], [-2, 0, 2]]],
    "1;0,5\n0;1": [[[1, 0.5], [0, 1]]],
    "1.5;0\n0;-1.5": [[[1.5, 0], [0, -1.5]]],
    "1/4;1/2\n1/8;1": [[[0.25, 0.5], [0.125, 1]]],
    "1;2;\n3;4;\n": [[[1, 2], [3, 4]]],
    "1 2 3;\n4 5 6;\n": [[[1, 2, 3], [4, 5, 6]]],
    "1 2; 3 4\n5 6; 7 8": [[[1, 2], [3, 4], [5, 6], [7, 8]]],
    "-1,0\t0,0\n2\t0,5": [[[-1, 0], [2, 0.5]]],
    "1,5\t2\n": [[[1.5, 2]]],
    "1,\t2\n3,\t4": [[[1, 2], [3, 4]]],
    "1 2\r3 4\r": [[[1, 2], [3, 4]]],
    "1\xa02\u202f3\n4\u20095\u20076": [[[1, 2, 3], [4, 5, 6]]],
    "−\xa01\t+\u202f2": [[[-1, 2]]],
    "1，2；3，4": [[[1, 2], [3, 4]]],
    '"1,5","-2"\n"0,25","1"': [[[1.5, -2], [0.25, 1]]],
    "0,5\n1\n0,5": [[[0.5], [1], [0.5]]],
    "1,234.5\t2\n3\t4": [[[1234.5, 2], [3, 4]]],
    "1.234,5;2\n3;4": [[[1234.5, 2], [3, 4]]],
    "1,2\n3,4": [[[1, 2], [3, 4]]],
    "1,0\n0,-1": [[[1, 0], [0, -1]]],
    "0,1\n-1,0": [[[0, 1], [-1, 0]]],
    "[1,2;3,4]": [[[1, 2], [3, 4]]],
    "[1,2, 3]": [[[1, 2, 3]]],
    "[[1,2, 3],[4,5, 6]]": [[[1, 2, 3], [4, 5, 6]]],
    "1;2;3": [[[1], [2], [3]]],
    "1,2,3;4,5,6": [[[1, 2, 3], [4, 5, 6]]],
    "1,2;3,4": [[[1, 2], [3, 4]], [[1.2, 3.4]], [[1.2], [3.4]]],
    "1;0,5": [[[1, 0.5]], [[1], [0.5]]],
    "1,5 2,5": [[[1, 5, 2, 5]], [[1.5, 2.5]]],
    "1,5, 2,5": [[[1, 5, 2, 5]], [[1.5, 2.5]]],
    "[1,5 2,5; 3,5 4,5]": [[[1, 5, 2, 5], [3, 5, 4, 5]], [[1.5, 2.5], [3.5, 4.5]]],
    "[[1,5, 2,5]]": [[[1, 5, 2, 5]], [[1.5, 2.5]]],
    "[1;2\n3;4]": [[[1], [2], [3], [4]], [[1, 2], [3, 4]]],
    "[1,5;2,5\n3,5;4,5]": [[[1, 5], [2, 5], [3, 5], [4, 5]], [[1.5, 2.5], [3.5, 4.5]]],
    "0,25\n0,5\n0,25": [[[0, 25], [0, 5], [0, 25]], [[0.25], [0.5], [0.25]]],
    "-0,5\n1,5": [[[0, 5], [1, 5]], [[-0.5], [1.5]]],
    "1,05\n2,5": [[[1, 5], [2, 5]], [[1.05], [2.5]]],
    "1,50\n2,25": [[[1, 50], [2, 25]], [[1.5], [2.25]]],
    "1,5\n2,5\n1,5": [[[1, 5], [2, 5], [1, 5]], [[1.5], [2.5], [1.5]]],
    "-1,5\n2,5\n-1,5": [[[-1, 5], [2, 5], [-1, 5]], [[-1.5], [2.5], [-1.5]]],
    "10,5\n20,5": [[[10, 5], [20, 5]], [[10.5], [20.5]]],
    "1,5\n2,25": [[[1, 5], [2, 25]], [[1.5], [2.25]]],
    "1,33\n2,4": [[[1, 33], [2, 4]], [[1.33], [2.4]]],
    "1,5\n2\n1,5": [[[1.5], [2], [1.5]]],
    "1,2\n2,4\n1,2": [[[1, 2], [2, 4], [1, 2]]],
    "-1,1\n-1,1": [[[-1, 1], [-1, 1]]],
    "1,0\n2,0": [[[1, 0], [2, 0]], [[1], [2]]],
    "10\xa0000": [[[10, 0]], [[10_000]]],
    "1,250\t2,500": [[[1.25, 2.5]], [[1250, 2500]]],
}


@pytest.mark.parametrize("text", TABLE)
def test_the_table_of_cases(text):
    found = [reading.kernel.tolist() for reading in readings(text, np.float64)]
    assert found == TABLE[text]


UNCLEAR = {
    "1;0;1\n2;0": "row 2 has 2 cells, row 1 has 3",
    "1;;1\n2;0;2": "a cell is empty",
    ";1\n2;0": "a cell is empty",
    "1;0;1;;\n2;0;2;;": "a cell is empty",
    "1\t\t-1\n2\t\t-2": "a cell is empty",
    "1,5\t2\n3": "row 2 has 1 cell",
    "25% 50%": "'%' does not belong",
    "1,2\n3": "row 2 has 1 cell, row 1 has 2",
    '"1,000","2"': "does not belong",
}


@pytest.mark.parametrize(("text", "why"), UNCLEAR.items())
def test_what_is_lost_or_left_out_is_not_passed_over(text, why):
    with pytest.raises(ParameterError, match=why) as caught:
        parse(text)
    assert not isinstance(caught.value, AmbiguousKernelError)


LAID_OUT = ["{1,0,-1,\n 2,0,-2}", "[1,0,-1,\n 2,0,-2]", "(1, 0, -1,\n2, 0, -2)", "k = [1,0,-1,\n2,0,-2,\n]"]


@pytest.mark.parametrize("text", LAID_OUT)
def test_a_list_laid_out_as_a_matrix_is_asked_about(text):
    with pytest.raises(AmbiguousKernelError) as caught:
        parse(text)
    assert [reading.kernel.shape for reading in caught.value.readings] == [(1, 6), (2, 3)]
    assert caught.value.readings[1].kernel.tolist() == [[1, 0, -1], [2, 0, -2]]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("[1,0,-1,2,\n 2,0]", (1, 6)),  # NumPy and Python break long lists anywhere
        ("np.array([1,0,-1,\n 2,0,-2])", (1, 6)),
        ("[[1,0,-1,\n 2,0,-2]]", (1, 6)),
        ("[[1,0,-1],\n [2,0,-2]]", (2, 3)),
        ("[1 0 -1\n 2 0 -2]", (2, 3)),
        ("[1,0,-1;\n 2,0,-2]", (2, 3)),
    ],
)
def test_where_brackets_say_it_nothing_is_asked(text, shape):
    assert parse(text).shape == shape


@pytest.mark.parametrize("text", ["k =", "1/9 *", "k = 2 *", "=", "k = %"])
def test_nothing_behind_a_name_or_a_factor_is_refused(text):
    with pytest.raises(ParameterError, match="kernel text|line 1"):
        parse(text)
