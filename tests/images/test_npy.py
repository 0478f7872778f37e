"""NumPy's files: whatever NumPy writes is read as it was, and nothing else is believed."""

from __future__ import annotations

import os
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlab as fl
from filterlab.images import read_picture
from filterlab.images.formats import npy


def _npy(header, body=b"", version=1):
    text = header.encode() + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + body


def _written(tmp_path, content):
    path = tmp_path / "a.npy"
    path.write_bytes(content)
    return path


@given(
    st.sampled_from(
        [f"{order}{kind}" for kind in ("u1", "u2", "i4", "f2", "f4", "f8", "i1", "?") for order in "<>"]
    ),
    st.sampled_from([(6, 7), (3, 6, 7), (6, 7, 3), (1, 3, 6, 7), (64, 7, 9)]),
    st.booleans(),
    st.sampled_from([(1, 0), (2, 0), (3, 0)]),
)
def test_every_array_of_numbers(tmp_path_factory, kind, shape, by_columns, version):
    rng = np.random.default_rng(len(kind) + len(shape))
    array = (rng.random(shape) * 100).astype(kind)
    path = tmp_path_factory.getbasetemp() / "a.npy"
    with path.open("wb") as stream:
        np.lib.format.write_array(stream, np.asfortranarray(array) if by_columns else array, version)
    planes = array[0] if array.ndim == 4 else array
    planes = (
        planes[None] if planes.ndim == 2 else planes.transpose(2, 0, 1) if planes.shape[2] == 3 else planes
    )
    top = np.iinfo(kind).max if planes.dtype.kind == "u" else 1
    np.testing.assert_array_equal(fl.read_image(path), (planes / np.float32(top)).astype(np.float32))


def test_headers_that_python_2_wrote(tmp_path, capfd):
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }"
    found = fl.read_image(_written(tmp_path, _npy(header, np.arange(6, dtype="<f4").tobytes())))
    np.testing.assert_array_equal(found, [[[0, 1, 2], [3, 4, 5]]])
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_cut_while_it_is_read_ends_in_words(tmp_path, monkeypatch):
    path = tmp_path / "a.npy"
    np.save(path, np.zeros((3000, 1000)))
    check = npy.check_size

    def cut(*shape):
        os.truncate(path, 4096)
        check(*shape)

    monkeypatch.setattr(npy, "check_size", cut)
    size = path.stat().st_size
    assert size > 4096
    with pytest.raises(fl.errors.ImageError, match="cut short"):
        fl.read_image(path)


@pytest.mark.parametrize(
    "shape", [(2, 3, 1 << 20), (1 << 20, 3), (1, 1 << 21), (3, 700, 1001), (700, 1001, 4)]
)
@pytest.mark.parametrize("by_columns", [False, True])
def test_large_arrays_are_read_piece_by_piece(tmp_path, shape, by_columns):
    array = (
        (np.arange(np.prod(shape)) % 251).astype(np.uint8).reshape(shape, order="F" if by_columns else "C")
    )
    np.save(tmp_path / "a.npy", array)
    planes = array[None] if array.ndim == 2 else array.transpose(2, 0, 1) if shape[2] == 4 else array
    np.testing.assert_array_equal(fl.read_image(tmp_path / "a.npy"), planes / np.float32(255))


def test_what_follows_the_array_is_said(tmp_path):
    with (tmp_path / "a.npy").open("wb") as stream:
        np.save(stream, np.zeros((2, 2)))
        np.save(stream, np.ones((2, 2)))
    found = read_picture(tmp_path / "a.npy")
    assert not found.values.any()
    assert found.remarks == ("what follows its last number is not read",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", bytes(23)), "cut short"),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9000, 9000), }"), "cut short"),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), }"), "more than"),
        (_npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({2**62}, {2**62}), }}"), "more than"),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 3), }"), "header is damaged"),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2.5, 3), }"), "header is damaged"),
        (_npy("{'descr': '<f4', 'fortran_order': 1, 'shape': (2, 3), }"), "header is damaged"),
        (
            _npy("{'descr': '<zz', 'fortran_order': False, 'shape': (2, 3), }"),
            "it holds <zz, not real numbers",
        ),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2), }"), "header is damaged"),
        (
            _npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({'1 ' * 400}x), }}"),
            "header is damaged",
        ),
        (_npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({'1' * 900}), }}"), "header is damaged"),
        (_npy("{'descr': '<f4', 'fortran_order': False, }"), "header is damaged"),
        (_npy("exit()"), "header is damaged"),
        (_npy("((" * 9000), "header is damaged"),
        (_npy("{}", version=9), "header is damaged"),
        (b"\x93NUMPY\x01\0\xff\xff{}", "header is damaged"),
        (b"\x93NUMPY", "header is damaged"),
        (_npy("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", b"\x80\3K\1."), "never loaded"),
        (_npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1), }", bytes(4)), "not real"),
        (_npy("{'descr': '<U9', 'fortran_order': False, 'shape': (1, 1), }", bytes(36)), "not real numbers"),
        (_npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1, 1), }", bytes(8)), "not real numbers"),
        (
            _npy("{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1, 1), }", bytes(8)),
            "not real numbers",
        ),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", bytes(4)), "0 axes"),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", bytes(4)), "1 axes"),
        (_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5), }"), "no pixels"),
    ],
)
def test_what_is_no_picture_is_named(tmp_path, capfd, content, words):
    with pytest.raises(fl.errors.ImageError, match=words):
        fl.read_image(_written(tmp_path, content))
    assert capfd.readouterr() == ("", "")
