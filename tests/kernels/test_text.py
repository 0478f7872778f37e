from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from filterlab.errors import ParameterError
from filterlab.kernels.text import (
    FORMATS,
    MOST_CHARACTERS,
    AmbiguousKernelError,
    parse,
    parse_number,
    write,
)

RIGHT = {
    "1 2 1\n0 0 0\n-1 -2 -1": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
    "\n 1,2\r\n3 , 4\n\n": [[1, 2], [3, 4]],
    "1, 2,\n3, 4,\n": [[1, 2], [3, 4]],
    "1\t2\n3\t4": [[1, 2], [3, 4]],
    "1 -2": [[1, -2]],
    "1;2;3": [[1], [2], [3]],
    "5": [[5]],
    "1/4 1/2 −1/4": [[0.25, 0.5, -0.25]],
    "[[1,2],[3,4]]": [[1, 2], [3, 4]],
    "[[1. 2.]\n [3. 4.]]": [[1, 2], [3, 4]],
    "[1, 2,\n 3]": [[1, 2, 3]],
    "[[[[1, 2], [3, 4]]]]": [[1, 2], [3, 4]],
    "k = np.array([[1, 2],\n              [3., 4e0]], dtype=np.float32)": [[1, 2], [3, 4]],
    "torch.tensor([[1., 2.]])": [[1, 2]],
    "[1 2; 3 4]": [[1, 2], [3, 4]],
    "K = [1, 2; 3, 4];": [[1, 2], [3, 4]],
    "[1 2\n 3 4] % MATLAB": [[1, 2], [3, 4]],
    "[1 2 ...\n 3; 4 5 6]": [[1, 2, 3], [4, 5, 6]],
    "((1, 2), (3, 4))  # tuples": [[1, 2], [3, 4]],
    "{{1.0f, 2.f}, {.5f, -3f}}": [[1, 2], [0.5, -3]],
    "1/16 * [[1, 2, 1], [2, 4, 2]]": [[1 / 16, 1 / 8, 1 / 16], [1 / 8, 1 / 4, 1 / 8]],
    "(1/4) * np.array([[1, 3]])": [[0.25, 0.75]],
    "[1 2; 3 4] / 2": [[0.5, 1], [1.5, 2]],
    "[1 2] * 1/4": [[0.25, 0.5]],
    "1 2\n3 4 * 2": [[2, 4], [6, 8]],
}

WRONG = {
    "": "there is no number",
    "# nothing": "there is no number",
    "[]": "no number between the brackets",
    "a b": "'a' is not a number",
    "import os": "'import' is not a number",
    "__import__('os').system('x')": "does not belong|is no number",
    "np.ones((3, 3))": "'np.ones' is not a number",
    "1,,2": "a cell is empty",
    ",1": "a cell is empty",
    "1 2\n3": "row 2 has 1 cell, row 1 has 2",
    "[[1, 2], [3]]": "row 2 has 1 cell",
    "[[1 2], 3]": "'3' was given where",
    "[1 2": "the end of the text was given where",
    "[1 2)": "'\\)' was given where",
    "[1 2] 3": "'3' was given where the end",
    "1-2": "no blank before '-2'",
    "1 - 2": "'-' was given where a number",
    "1/0 2": "divided by 0",
    "[1 2] / 0": "divided by 0",
    "1 2\n3 nan": "'nan' was given where a number",
    "1 1e99": "too large",
    "[[[1]], [[2]]]": "a list of 2 matrices",
    "1 2 ?": "'\\?' does not belong",
    "1\n" * 256: "256 by 1 cells",
    "1" * (MOST_CHARACTERS + 1): "characters",
    "[[1], [[2]]]": "more brackets than others",
    "2 * [[1], [[2]]]": "more brackets than others",
    "np.array(5)": "'5' was given where",
    "np.array(": "the end of the text was given where",
    "a" * 1000 + " 1": "'a+…' is not a number",
    "1 2\n3 *\n": "the end of the text was given where a number",
    "[" * 900: "brackets are nested more than 16 deep",
    "(" * 900_000: "brackets are nested more than 16 deep",
    "np.array(" * 50_000: "brackets are nested more than 16 deep",
    "1 " * 400_000: "more than 300000 numbers and signs",
    "," * 900_000: "more than 300000 numbers and signs",
    "1\n" * 70_000: "70000 by 1 cells",
    "1" * 900_000: "too large",
    "1 2 [3": "'\\[' was given where",
    "1 \ufeff2": "does not belong",
}


@pytest.mark.parametrize(("text", "values"), RIGHT.items(), ids=range(len(RIGHT)))
def test_it_reads(text, values):
    result = parse(text)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, np.array(values, np.float32))


@pytest.mark.parametrize(("text", "why"), WRONG.items(), ids=range(len(WRONG)))
def test_it_says_what_is_wrong(text, why):
    with pytest.raises(ParameterError, match=why) as caught:
        parse(text)
    assert caught.value.hint
    assert len(str(caught.value)) < 300
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("text", [None, 5, b"1 2", [[1, 2]], np.eye(2)])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(ParameterError, match="is not text"):
        parse(text)


@pytest.mark.parametrize("dtype", ["x", int, object, "M8", [("a", float)], np.eye(2)])
def test_cells_are_floating_point_numbers(dtype):
    with pytest.raises(ParameterError, match="floating-point"):
        parse("1 2", dtype)


def test_a_refusal_with_its_readings_can_cross_to_another_process():
    with pytest.raises(AmbiguousKernelError) as caught:
        parse("1,5 2,5", np.float64)
    error = pickle.loads(pickle.dumps(caught.value))
    assert str(error) == str(caught.value)
    assert [reading.kernel.tolist() for reading in error.readings] == [[[1, 5, 2, 5]], [[1.5, 2.5]]]
    assert [reading.decimal for reading in error.readings] == [".", ","]


def test_a_refusal_shows_both_readings_and_how_to_write_each():
    with pytest.raises(AmbiguousKernelError) as caught:
        parse("0,25\n0,5\n0,25")
    message = str(caught.value)
    assert "3x2 [0 25; 0 5; 0 25] or as 3x1 [0.25; 0.5; 0.25]" in message
    assert "row 1 as '0 25' or '0.25'" in message
    for row, kernel in zip(("0 25", "0.25"), caught.value.readings, strict=True):
        assert parse(row).tolist() == [kernel.kernel[0].tolist()]


def test_a_refusal_of_large_kernels_stays_one_line():
    rows = "\n".join(" ".join(["-12345,125"] * 100) for _ in range(100))
    with pytest.raises(AmbiguousKernelError) as caught:
        parse(rows)
    assert len(str(caught.value)) < 300


def test_the_line_at_fault_is_named():
    with pytest.raises(ParameterError) as caught:
        parse("1 2\n3 x\n")
    assert caught.value.where == "line 2"


@pytest.mark.parametrize("form", FORMATS)
@given(
    kernel=hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=5),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    )
)
def test_what_is_written_reads_back_exactly(form, kernel):
    np.testing.assert_array_equal(parse(write(kernel, form)), kernel)


def test_what_is_written_looks_as_people_write_it():
    kernel = np.array([[0.1, -0.0], [3, 1 / 3]], np.float32)
    assert write(kernel, "csv") == "0.1,0\n3,0.33333334\n"
    assert write(kernel, "matlab") == "[0.1 0; 3 0.33333334]"
    assert write(kernel, "text").splitlines()[0].split() == ["0.1", "0"]
    assert write(kernel, "numpy").startswith("np.array([[")
    assert "dtype=np.float32)" in write(kernel, "numpy")


def test_single_numbers():
    assert parse_number(" 1/8 ") == 0.125
    assert parse_number("−2e-3") == -0.002
    assert parse_number("0,5") == 0.5
    assert parse_number("−1,25e1") == -12.5
    assert parse_number("0,125") == 0.125
    assert parse_number("10\u202f000") == 10_000
    with pytest.raises(ParameterError, match="part thousands"):
        parse_number("1,000")
    for text in ("", "x", "1 2", "1/0", "1e999", "1,2,3", "[", "²", "1;2"):
        with pytest.raises(ParameterError):
            parse_number(text)
