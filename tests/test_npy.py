"""The headers of .npy files: those that NumPy writes are read as NumPy reads them, and nothing is evaluated."""

from __future__ import annotations

import io

import numpy as np
import pytest

from filterlab.npy import LONGEST, BrokenHeaderError, read_header


def _header(text, version=1):
    data = text.encode("latin-1")
    return b"\x93NUMPY" + bytes([version, 0]) + len(data).to_bytes(2 if version == 1 else 4, "little") + data


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("kind", ["?", "u1", ">u2", "<i8", "f2", ">f4", "f8", "g", "<c8", "<U7", "S3", "V5"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (1, 2, 3, 4)])
def test_what_numpy_writes_is_read_as_numpy_reads_it(version, kind, shape):
    for array in (np.zeros(shape, kind), np.asfortranarray(np.zeros(shape, kind))):
        stream = io.BytesIO()
        np.lib.format.write_array(stream, array, version)
        stream.seek(0)
        found = read_header(stream)
        assert (found.shape, found.dtype, found.holds_objects) == (array.shape, array.dtype, False)
        assert found.by_columns == (array.flags.f_contiguous and not array.flags.c_contiguous)
        assert found.start == stream.tell() == len(stream.getvalue()) - array.nbytes


@pytest.mark.parametrize("kind", [object, [("a", "O")], [("a", "<f4"), ("b", "O", (2,))]])
def test_objects_are_told_wherever_they_are(kind):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.zeros(2, kind), allow_pickle=True)
    stream.seek(0)
    found = read_header(stream)
    assert found.holds_objects
    assert found.dtype is None


@pytest.mark.parametrize(
    "text",
    [
        '{"shape":(2,3),"descr":"<f4","fortran_order":False}',
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }",
        "  {'fortran_order' : False , 'shape' : ( 2 , 3 , ) , 'descr' : '<f4'} \n",
    ],
)
def test_other_ways_to_write_the_same(text):
    found = read_header(io.BytesIO(_header(text)))
    assert (found.shape, found.dtype, found.by_columns) == ((2, 3), np.dtype("<f4"), False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "exit()",
        "{" * 9000,
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} + exit()",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,) * 9}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2.5, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
        "{'descr': '<f4', 'fortran_order': 1, 'shape': (2, 3)}",
        "{'descr': True, 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
        "{'descr': '" + "x" * 41 + "', 'fortran_order': False, 'shape': (2, 3)}",
    ],
)
def test_anything_else_is_no_header(text):
    with pytest.raises(BrokenHeaderError):
        read_header(io.BytesIO(_header(text)))


def test_no_more_is_read_than_a_header_has():
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}"
    for size in range(len(_header(text))):
        with pytest.raises(BrokenHeaderError):
            read_header(io.BytesIO(_header(text)[:size]))
    stream = io.BytesIO(_header(text.ljust(LONGEST + 1), 2))
    with pytest.raises(BrokenHeaderError):
        read_header(stream)
    assert stream.tell() <= LONGEST + 12
