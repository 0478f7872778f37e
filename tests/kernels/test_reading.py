from __future__ import annotations

import numpy as np
import pytest

from filterlab.errors import FileError
from filterlab.kernels.reading import read_kernel

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


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("k.csv", b"a,b\nc,d\n", "k.csv"),
        ("k.csv", b"1,2\n3\n", "k.csv"),
        ("k.csv", b"", "k.csv"),
        ("k.txt", b"\xff\xfe\x00\x01", "not text"),
        ("k.txt", b"1 " * 300, "1 by 300"),
        ("k.txt", b"1" * (5 << 20), "too large"),
        ("k.npy", b"\x93NUMPY\x01", "decoded"),
    ],
)
def test_broken_files_say_why(tmp_path, name, content, why):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError, match=why) as caught:
        read_kernel(path)
    assert str(path) in caught.value.where


def test_arrays_that_are_no_kernel(tmp_path):
    for i, array in enumerate(
        (np.zeros(3), np.zeros((0, 2)), np.full((2, 2), np.nan), np.zeros((2, 2), complex))
    ):
        path = tmp_path / f"{i}.npy"
        np.save(path, array)
        with pytest.raises(FileError, match="is no kernel"):
            read_kernel(path)
    np.save(tmp_path / "objects.npy", np.array([[{}]]), allow_pickle=True)
    with pytest.raises(FileError, match="decoded"):
        read_kernel(tmp_path / "objects.npy")


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_kernel(tmp_path / "none.csv")
    with pytest.raises(FileError):
        read_kernel(tmp_path)
