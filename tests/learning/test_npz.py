"""Arrays of .npz files: those NumPy writes, and those that were made to break or to fill the memory."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile

import numpy as np
import pytest

from filterlab.errors import FileError
from filterlab.learning.classify import npz
from filterlab.learning.classify.npz import read_arrays

KEYS = (("x", "images"), ("y",))


def archive(path, members, **options):
    """A .npz file of these bytes."""
    with zipfile.ZipFile(path, "w", **options) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def npy(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array))
    return stream.getvalue()


def header(descr, shape, length=0):
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": descr, "fortran_order": False, "shape": shape})
    return stream.getvalue() + bytes(length)


def refusal(path):
    with pytest.raises(FileError) as caught:
        read_arrays(path, *KEYS)
    words = str(caught.value)
    assert "\n" not in words
    assert len(words) < 300
    return words


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["?", "u1", ">u2", "<i8", "f2", ">f8"])
def test_what_numpy_saves_is_read_as_numpy_reads_it(tmp_path, rng, save, dtype):
    pictures = (rng.random((5, 3, 4, 2)) * 100).astype(dtype)
    for x in (pictures, np.asfortranarray(pictures), pictures[::2, ::-1], pictures[:0]):
        save(tmp_path / "a.npz", other=np.zeros(3), x=x, y=np.array(["ä", "bc", "", "d", "e"]))
        with np.load(tmp_path / "a.npz") as stored:
            for found, name in zip(read_arrays(tmp_path / "a.npz", *KEYS), "xy", strict=True):
                assert found.dtype == stored[name].dtype
                np.testing.assert_array_equal(found, stored[name])


def test_names_are_looked_for_in_their_order(tmp_path):
    archive(tmp_path / "a.npz", {"images.npy": npy([1]), "x.npy": npy([2]), "y": npy([3])})
    x, y = read_arrays(tmp_path / "a.npz", *KEYS)
    assert (x.tolist(), y.tolist()) == ([2], [3])


def test_missing_names_are_told_with_those_there_are(tmp_path):
    archive(tmp_path / "a.npz", {f"{'long' * 20}{i}.npy": npy([1]) for i in range(50)})
    assert "and none of x, images (name the pictures x" in refusal(tmp_path / "a.npz")
    assert "it holds nothing, and" in refusal(archive(tmp_path / "b.npz", {}))
    assert r"it holds q\xa0, and" in refusal(archive(tmp_path / "c.npz", {"q\xa0.npy": npy([1])}))


def test_only_regular_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    for place in (tmp_path / "pipe.npz", "/dev/zero", "/dev/stdin", tmp_path):
        assert "it is not a regular file" in refusal(place)
    assert "no such file" in refusal(tmp_path / "missing.npz")
    assert "no such file" in refusal("a\0b.npz")
    assert "it cannot be read: its path is longer than the system allows" in refusal(tmp_path / ("a" * 5000))


@pytest.mark.parametrize(
    ("descr", "shape", "length", "words"),
    [
        ("<f4", (1 << 40,), 100, "x is shorter or longer"),
        ("<f4", (2, 2), 15, "x is shorter or longer"),
        ("<f4", (2, 2), 17, "x is shorter or longer"),
        ("<f4", (-2, 2), 0, "contents are damaged"),
        ("<f4", (1 << 70, 0), 0, "contents are damaged"),
        ("|O", (1,), 8, "Python objects, which are never loaded"),
        ([("a", "|O")], (1,), 8, "Python objects, which are never loaded"),
        ("nonsense", (1,), 8, "contents are damaged"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path, descr, shape, length, words):
    data = header(descr, shape, length)
    assert words in refusal(archive(tmp_path / "a.npz", {"x.npy": data, "y.npy": npy([1])}))


@pytest.mark.parametrize(
    "text", [b"(" * 9000, b"{" * 9000, b"[1" * 3000, b"-" * 9000, b"{'descr': __import__('os')}", b"\xff" * 100, b""]
)  # fmt: skip
def test_headers_that_are_no_headers_are_refused(tmp_path, text):
    data = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text
    assert "damaged" in refusal(archive(tmp_path / "a.npz", {"x.npy": data, "y.npy": npy([1])}))


def test_memory_is_not_taken_for_what_a_file_cannot_hold_or_a_machine_give(tmp_path, monkeypatch):
    zeros = header("<f4", (1 << 24,), 4 << 24)
    path = archive(tmp_path / "a.npz", {"x.npy": zeros, "y.npy": npy([1])}, compression=zipfile.ZIP_DEFLATED)
    whole = path.read_bytes()
    del zeros
    tracemalloc.start()
    monkeypatch.setattr(npz, "free_memory", lambda: 1 << 20)
    assert "it holds 128 MB of numbers (cut it into parts" in refusal(path)
    # The archive's own sizes, in its directory at the end: of the packed bytes, and of the bytes themselves.
    place = whole.index(b"PK\1\2") + 20
    for sizes in ((100, 4 << 24), (1 << 31, 1 << 31)):
        told = b"".join(n.to_bytes(4, "little") for n in sizes)
        path.write_bytes(whole[:place] + told + whole[place + 8 :])
        assert "x claims more bytes than the file can hold" in refusal(path)
    # A header that goes on for ever.
    data = b"\x93NUMPY\x02\x00" + (1 << 27).to_bytes(4, "little") + b" " * (1 << 25)
    archive(path, {"x.npy": data, "y.npy": npy([1])}, compression=zipfile.ZIP_DEFLATED)
    del data
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    assert "damaged" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] - before < 1 << 22
    tracemalloc.stop()


def test_a_directory_of_very_many_entries_is_refused(tmp_path):
    entry = zipfile.ZipInfo("a")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr(entry, b"")
        file.filelist.extend([entry] * 60_000)  # the same bytes, named over and over
    assert "damaged" in refusal(tmp_path / "a.npz")


def test_foreign_packing_and_passwords_are_refused(tmp_path):
    members = {"x.npy": npy([1]), "y.npy": npy([1])}
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        words = refusal(archive(tmp_path / "a.npz", members, compression=method))
        assert "x is packed in a way that NumPy does not know" in words
    whole = bytearray(archive(tmp_path / "a.npz", members).read_bytes())
    whole[whole.index(b"PK\1\2") + 8] |= 1
    (tmp_path / "a.npz").write_bytes(whole)
    assert "x is encrypted" in refusal(tmp_path / "a.npz")


def test_one_flipped_bit_of_the_numbers_is_found(tmp_path, rng):
    x = rng.random(50).astype("f4")
    whole = archive(tmp_path / "a.npz", {"x.npy": npy(x), "y.npy": npy([1])}).read_bytes()
    for place in range(whole.index(x.tobytes()), whole.index(x.tobytes()) + x.nbytes, 7):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        (tmp_path / "a.npz").write_bytes(damaged)
        assert "damaged" in refusal(tmp_path / "a.npz")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_damaged_files_are_refused_in_our_words_or_read_as_they_were(tmp_path, rng, save):
    path = tmp_path / "a.npz"
    x, y = rng.integers(0, 256, (6, 5, 5), dtype=np.uint8), np.array(["a", "b"] * 3)
    save(path, x=x, y=y)
    whole = path.read_bytes()
    for number in range(600):
        damaged = bytearray(whole)
        kind, start = number % 3, int(rng.integers(len(whole)))
        length = int(rng.integers(1, 9))
        if kind == 0:
            damaged[start : start + length] = rng.bytes(length)
        elif kind == 1:
            del damaged[start : start + length]
        else:
            damaged[start:start] = rng.bytes(length)
        path.unlink()  # writing into an existing file waits for the disk
        path.write_bytes(damaged)
        try:
            found = read_arrays(path, *KEYS)
        except FileError:
            refusal(path)
            continue
        np.testing.assert_array_equal(found[0], x)
        np.testing.assert_array_equal(found[1], y)
