from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from filterlab.errors import FileError
from filterlab.kernels import AmbiguousKernelError, KernelReading, read_kernel

EXPECTED = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("k.csv", "1,0,-1\n2,0,-2\n1,0,-1\n"),
        ("k.txt", "1 0 -1\n2 0 -2\n1 0 -1"),
        ("k.tsv", "1\t0\t-1\n2\t0\t-2\n1\t0\t-1"),
        ("k.m", "k = [1 0 -1; 2 0 -2; 1 0 -1];"),
        ("k.py", "kernel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])"),
    ],
)
def test_text_in_every_spelling(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    kernel = read_kernel(path)
    assert kernel.dtype == np.float32
    np.testing.assert_array_equal(kernel, EXPECTED)


@pytest.mark.parametrize("dtype", ["int8", "float32", "float64"])
def test_npy_keeps_double_precision(tmp_path, dtype):
    np.save(tmp_path / "k.npy", np.array(EXPECTED, dtype))
    kernel = read_kernel(tmp_path / "k.npy")
    assert kernel.dtype == (np.float64 if dtype == "float64" else np.float32)
    np.testing.assert_array_equal(kernel, EXPECTED)


def header(text, version=b"\x01\x00"):
    """The beginning of a .npy file with this header."""
    return b"\x93NUMPY" + version + len(text).to_bytes(2 if version[0] == 1 else 4, "little") + text.encode()


def claims(shape, descr="'<f4'", order="False"):
    return header(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("k.csv", b"a,b\nc,d\n", "k.csv"),
        ("k.csv", b"1,2\n3\n", "k.csv"),
        ("k.csv", b"", "k.csv"),
        ("k.txt", b"\xff\xfe\x00\x01", "not text"),
        ("k.txt", b"1 2\0", "not text"),
        ("k.txt", b"1 2\xff\x01", "not text"),
        ("k.txt", b"\xff\xfe1", "not text"),
        ("k.txt", bytes(range(256)), "not text"),
        ("k.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text"),
        ("k.txt", b"PK\x03\x04 1 2", "the archive is broken"),
        ("k.txt", b"1 " * 300, "1 by 300"),
        ("k.txt", b"1" * (5 << 20), "too large"),
        ("k.txt", b"[" * 900, "brackets are nested"),
        ("k.npy", b"\x93NUMPY\x01", "decoded"),
        ("k.npy", b"", "decoded"),
        ("k.npy", b"1 2\n3 4\n", "decoded"),
        ("k.npy", b"PK\x03\x04\x14\0\0\0", "the archive is broken"),
        ("k.npy", b"\x93NUMPY\x09\x00" + b"\0" * 100, "header is broken"),
        ("k.npy", header("\0\0{"), "header is broken"),
        ("k.npy", header("{'descr"), "header is broken"),
        ("k.npy", header("(" * 9000), "header is broken"),
        ("k.npy", header("-" * 9000 + "1"), "header is broken"),
        ("k.npy", header("{'shape': (3, 3L), 'descr': '<f4', 'fortran_order': False}"), "k.npy"),
        ("k.npy", header("'\\d'"), "header is broken"),
        ("k.npy", header("é" * 40), "header is broken"),
        ("k.npy", claims("(3, 3)") + b"\0" * 35, "cut short"),
        ("k.npy", claims("(200, 200)", "'<f8'"), "cut short"),
        ("k.npy", claims("(3, 3)", "'|\0\x1b'"), r"type \|\\x00\\x1b is not a kernel"),
        ("k.npy", claims("(30000, 30000)"), "30000 x 30000, too large"),
        ("k.npy", claims(f"({10**300}, 1)"), "header is broken"),
        ("k.npy", claims(f"(0x{'f' * 6000}, 1)"), "header is broken"),
        ("k.npy", claims("(-3, 3)"), "header is broken"),
        ("k.npy", claims("(3,) * 2"), "header is broken"),
        ("k.npy", claims("(" + "1, " * 60 + ")"), "is not a kernel"),
        ("k.npy", claims("(1, 1)", "'|O'") + b"cos\nsystem\n(S'touch x'\ntR.", "decoded: Python objects"),
        ("k.npy", claims("(1, 1)", "'|V1000000000'"), "is not a kernel"),
        ("k.npy", claims("(1, 1)", "'<U9'") + b"\0" * 36, "is not a kernel"),
        ("k.npy", claims("(1, 1)", "[('a', '<f4'), ('b' * 90, '<f4')]"), "is not a kernel"),
        ("k.npy", claims("(1, 1)", "'<f8, <f8'") + b"\0" * 16, "k.npy"),
        ("k.npy", claims("(1, 1)") + b"\0\0\x80\x7f", "is not a kernel"),
    ],
)
def test_broken_files_say_why(tmp_path, name, content, why):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError, match=why) as caught:
        read_kernel(path)
    assert str(path) in caught.value.where
    assert len(caught.value.what + caught.value.hint) < 150
    assert len(str(caught.value).splitlines()) == 1


def test_arrays_that_are_no_kernel(tmp_path):
    for i, array in enumerate(
        (np.zeros(3), np.zeros((0, 2)), np.full((2, 2), np.nan), np.zeros((2, 2), complex))
    ):
        path = tmp_path / f"{i}.npy"
        np.save(path, array)
        with pytest.raises(FileError, match="is not a kernel"):
            read_kernel(path)
    np.save(tmp_path / "large.npy", np.array([[1e4000]], np.longdouble))
    with pytest.raises(FileError, match="is not a kernel"):
        read_kernel(tmp_path / "large.npy")
    np.save(tmp_path / "objects.npy", np.array([[{}]]), allow_pickle=True)
    with pytest.raises(FileError, match="decoded"):
        read_kernel(tmp_path / "objects.npy")


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_kernel(tmp_path / "none.csv")
    with pytest.raises(FileError, match="it is a folder"):
        read_kernel(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="a part of its path is a file"):
        read_kernel(tmp_path / "file" / "k.csv")


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".txt"])
def test_what_is_no_regular_file_is_never_opened(tmp_path, monkeypatch, suffix):
    pipe = tmp_path / f"pipe{suffix}"
    os.mkfifo(pipe)
    link = tmp_path / f"link{suffix}"
    link.symlink_to("/dev/zero")
    monkeypatch.setattr(Path, "open", None)  # opening the pipe would wait for a writer
    for path in (pipe, link):
        with pytest.raises(FileError, match="not a regular file"):
            read_kernel(path)


@pytest.mark.parametrize("name", ["a\0.csv", "\ud800.csv", "a\nb.csv", "x" * 5000, "\r"])
def test_names_that_no_file_has(name):
    with pytest.raises(FileError) as caught:
        read_kernel(name)
    assert len(str(caught.value)) < 300
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("path", [None, 5, b"k.csv", ["k.csv"], np.eye(2)])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(FileError, match="is not a path"):
        read_kernel(path)


def test_a_text_with_several_readings_shows_them_and_names_the_file(tmp_path):
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    path = folder / "column.txt"
    path.write_text("0,25\n0,5\n0,25\n")
    with pytest.raises(
        AmbiguousKernelError, match=r"column\.txt: it can be read as 3x2 .* or as 3x1"
    ) as caught:
        read_kernel(path)
    assert len(caught.value.readings) == 2
    assert len(str(caught.value)) < 300


def test_readings_whose_rows_begin_alike_are_told_apart_by_their_sizes():
    numbers = np.arange(60) / 3
    readings = tuple(KernelReading(numbers.reshape(rows, -1), ".", "row", False, False) for rows in (1, 3))
    hint = AmbiguousKernelError.between(readings).hint
    assert hint == "write a row on each line, as one row of 60 or as 3 rows of 20"
    assert hint.template == "write a row on each line, as {0} or as {1}"


def test_a_csv_file_of_one_line_is_one_row(tmp_path):
    (tmp_path / "k.csv").write_text("-1;0;1\n")
    (tmp_path / "k.m").write_text("-1;0;1\n")
    assert read_kernel(tmp_path / "k.csv").tolist() == [[-1, 0, 1]]
    assert read_kernel(tmp_path / "k.m").tolist() == [[-1], [0], [1]]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [">f8", "<f2", ">i4", "u8", "?", "<f4"])
def test_npy_of_every_order_and_type(tmp_path, dtype, order):
    values = np.asarray([[1, 0, 1], [0, 1, 1]], dtype, order=order)
    np.save(tmp_path / "k.npy", values)
    kernel = read_kernel(tmp_path / "k.npy")
    assert kernel.dtype == (np.float64 if dtype == ">f8" else np.float32)
    assert kernel.dtype.isnative
    assert kernel.tolist() == values.astype(float).tolist()


def test_npy_is_told_by_its_content_too(tmp_path):
    np.save(tmp_path / "k.npy", np.eye(2))
    (tmp_path / "k.npy").rename(tmp_path / "k.txt")
    assert read_kernel(tmp_path / "k.txt").tolist() == [[1, 0], [0, 1]]
