from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from filterlab.errors import ParameterError
from filterlab.kernels.text import FORMATS, MOST_CHARACTERS, parse, parse_number, write

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
    "a b": "'a' is no number",
    "import os": "'import' is no number",
    "__import__('os').system('x')": "does not belong|is no number",
    "np.ones((3, 3))": "'np.ones' is no number",
    "1,,2": "a cell is empty",
    ",1": "a cell is empty",
    "1 2\n3": "row 2 has 1 cells, row 1 has 2",
    "[[1, 2], [3]]": "row 2 has 1 cells",
    "[[1 2], 3]": "'3' stands where",
    "[1 2": "the end of the text stands where",
    "[1 2)": "'\\)' stands where",
    "[1 2] 3": "'3' stands where the end",
    "1-2": "no blank before '-2'",
    "1 - 2": "'-' stands where a number",
    "1/0 2": "divided by 0",
    "[1 2] / 0": "divided by 0",
    "1 2\n3 nan": "'nan' stands where a number",
    "1 1e99": "too large",
    "[[[1]], [[2]]]": "a list of 2 matrices",
    "1 2 ?": "'\\?' does not belong",
    "1\n" * 256: "256 by 1 cells",
    "1" * (MOST_CHARACTERS + 1): "characters",
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
    for text in ("", "x", "1 2", "1/0", "1e999"):
        with pytest.raises(ParameterError):
            parse_number(text)
