"""Labelled pictures: from folders, .npz files and arrays, and what is wrong with some of them."""

from __future__ import annotations

import os
import pickle
import zipfile

import numpy as np
import pytest

import filterlab as fl


@pytest.fixture
def shapes(rng):
    """Pictures of three classes, and their names."""
    return rng.random((60, 8, 8)).astype(np.float32), np.array(["columns", "rows", "neither"])[
        np.arange(60) % 3
    ]


def folder_of(place, x, names):
    for number, (picture, name) in enumerate(zip(x, names, strict=True)):
        (place / name).mkdir(exist_ok=True, parents=True)
        fl.write_image(place / name / f"{number}.png", picture, range=(0, 1.3))
    return place


def test_a_folder_of_folders(shapes, tmp_path):
    x, names = shapes
    found = fl.read_classes(folder_of(tmp_path / "data", x, names))
    assert found.labels == ("columns", "neither", "rows")
    assert found.x.shape == (60, 1, 8, 8)
    first = sorted((tmp_path / "data" / "columns").iterdir())[0]
    np.testing.assert_array_equal(found.x[0], fl.read_image(first))
    assert np.bincount(found.y).tolist() == [20, 20, 20]


def test_what_is_no_class_is_passed_over(shapes, tmp_path):
    place = folder_of(tmp_path / "data", *shapes)
    (place / "notes.txt").write_text("notes")
    (place / "rows" / "thumbs.db").write_text("x")
    for name in (".git", "empty"):
        (place / name).mkdir()
    assert fl.read_classes(place).labels == ("columns", "neither", "rows")


def test_sizes_and_colours_are_brought_together(tmp_path, rng):
    for name, shape in (("a", (8, 8)), ("b", (3, 12, 10))):
        (tmp_path / name).mkdir()
        for number in range(2):
            fl.write_image(tmp_path / name / f"{number}.png", rng.random(shape), range=(0, 1))
    with pytest.raises(fl.FilterLabError, match="is 8x8,.*is 12x10.*give a size"):
        fl.read_classes(tmp_path)
    found = fl.read_classes(tmp_path, size=(6, 5))
    assert found.x.shape == (4, 3, 6, 5)
    np.testing.assert_array_equal(found.x[0, 0], found.x[0, 2])


@pytest.mark.parametrize("keys", [("x", "y"), ("images", "labels"), ("data", "target")])
def test_an_npz(tmp_path, rng, keys):
    pictures = rng.integers(0, 256, (6, 9, 7, 3), dtype=np.uint8)
    np.savez(tmp_path / "d.npz", **dict(zip(keys, (pictures, [3, 1, 3, 1, 7, 7]), strict=True)))
    found = fl.read_classes(tmp_path / "d.npz")
    np.testing.assert_allclose(found.x, pictures.transpose(0, 3, 1, 2) / np.float32(255))
    assert found.labels == ("1", "3", "7")
    assert found.y.tolist() == [1, 0, 1, 0, 2, 2]


def test_python_objects_are_never_loaded(tmp_path):
    np.savez(tmp_path / "d.npz", x=np.zeros((4, 2, 2)), y=np.array([{}, 1, 2, 3], object))
    with pytest.raises(fl.FilterLabError, match="Python objects, which are never loaded"):
        fl.read_classes(tmp_path / "d.npz")


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((4, 5)), [0, 1, 0, 1], "pictures have shape 4x5"),
        (np.zeros((4, 5, 5)), [0, 1], "4 pictures, and labels of shape 2"),
        (np.zeros((4, 5, 5)), [0.5, 1, 1, 1], "labels are float64"),
        (np.zeros((4, 5, 5)), [1, 1, 1, 1], "all pictures are of one class, '1'"),
        (np.zeros((4, 5, 5)), [1, 1, 1, 2], "one picture of class '2'"),
        (np.full((4, 5, 5), np.nan), [1, 1, 2, 2], "NaN"),
        (np.zeros((4, 5, 5)), ["a" * 300, "b", "a", "b"], "a label has at most 300 letters"),
    ],
)
def test_wrong_arrays_are_explained(x, y, message):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.read_classes((x, y))


def test_wrong_files_are_explained(tmp_path):
    for name, message in (
        ("none.npz", "no such file"),
        ("text.npz", "not an .npz file"),
        ("", "no folder in it"),
    ):
        (tmp_path / "text.npz").write_text("text")
        with pytest.raises(fl.FilterLabError, match=message):
            fl.read_classes(tmp_path / name)
    np.savez(tmp_path / "other.npz", pixels=np.zeros(3))
    with pytest.raises(fl.FilterLabError, match="it holds pixels, and none of x"):
        fl.read_classes(tmp_path / "other.npz")


def test_a_broken_picture_is_named(shapes, tmp_path):
    place = folder_of(tmp_path / "data", *shapes)
    (place / "rows" / "bad.png").write_bytes(b"no picture")
    with pytest.raises(fl.FilterLabError, match="bad.png.*not a picture"):
        fl.read_classes(place)


def test_a_picture_of_another_size_is_told_before_the_rest_is_read(shapes, tmp_path, monkeypatch):
    place = folder_of(tmp_path / "data", *shapes)
    fl.write_image(place / "columns" / "0.png", np.zeros((9, 8)), range=(0, 1))
    read = []
    original = fl.read_image
    monkeypatch.setattr(
        "filterlab.learning.classify.labelled.read_image", lambda file: read.append(file) or original(file)
    )
    with pytest.raises(fl.FilterLabError, match="is 9x8,.*is 8x8.*give a size"):
        fl.read_classes(place)
    assert len(read) == 2


def test_a_folder_that_memory_does_not_hold_is_refused(shapes, tmp_path, monkeypatch):
    place = folder_of(tmp_path / "data", *shapes)
    monkeypatch.setattr("filterlab.learning.classify.labelled.MAX_VALUES", 1000)
    with pytest.raises(fl.FilterLabError, match="16 of its 60 pictures take 1,024 numbers.*smaller size"):
        fl.read_classes(place)
    assert fl.read_classes(place, size=4).x.shape == (60, 1, 4, 4)


def test_reading_can_be_stopped(shapes, tmp_path):
    asked = iter([False] * 5 + [True])
    with pytest.raises(fl.FilterLabError, match="stopped while pictures were read"):
        fl.read_classes(folder_of(tmp_path / "data", *shapes), cancel=lambda: next(asked))


class Program:
    """An object that would write a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("key", ["x", "y", "other"])
def test_no_program_in_a_file_is_ever_run(tmp_path, key):
    arrays = {"x": np.zeros((4, 2, 2)), "y": np.array([0, 1, 0, 1])}
    objects = np.array([Program(str(tmp_path / "run"))] * 4, object)
    np.savez(tmp_path / "d.npz", **{**arrays, key: objects})
    if key == "other":
        assert len(fl.read_classes(tmp_path / "d.npz").x) == 4
    else:
        with pytest.raises(fl.FilterLabError, match="Python objects, which are never loaded"):
            fl.read_classes(tmp_path / "d.npz")
    with zipfile.ZipFile(tmp_path / "p.npz", "w") as archive:
        for name in arrays:
            archive.writestr(f"{name}.npy", pickle.dumps(objects[0]))
    with pytest.raises(fl.FilterLabError, match="the entry x is not an array"):
        fl.read_classes(tmp_path / "p.npz")
    assert not (tmp_path / "run").exists()


def test_a_damaged_file_is_refused_wherever_the_damage_is(tmp_path, rng):
    np.savez_compressed(tmp_path / "d.npz", x=rng.random((8, 6, 6)), y=np.arange(8) % 2)
    whole = (tmp_path / "d.npz").read_bytes()
    refused = 0
    for place in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        (tmp_path / "d.npz").unlink()  # writing into an existing file waits for the disk
        (tmp_path / "d.npz").write_bytes(damaged)
        try:
            fl.read_classes(tmp_path / "d.npz")
        except fl.FilterLabError:
            refused += 1
    assert refused > len(whole) / 3 * 0.8


def test_a_header_that_asks_for_more_than_there_is(tmp_path):
    with zipfile.ZipFile(tmp_path / "d.npz", "w") as archive, archive.open("x.npy", "w") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (10**6, 10**4, 10**4)}
        np.lib.format.write_array_header_1_0(file, header)
    with pytest.raises(fl.FilterLabError, match="x is shorter or longer than it says"):
        fl.read_classes(tmp_path / "d.npz")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "NoneType was given instead of pictures and labels"),
        (np.zeros((4, 5, 5)), "ndarray was given instead of pictures and labels"),
        ((np.zeros((4, 5, 5)),), "tuple was given"),
        (([np.zeros((5, 5)), np.zeros((4, 5))], [0, 1]), "pictures differ in size"),
        ((np.zeros((4, 5, 5), complex), [0, 1, 0, 1]), "pictures are complex128"),
    ],
)
def test_what_is_no_pair_of_pictures_and_labels(data, message):
    with pytest.raises(fl.FilterLabError, match=message):
        fl.read_classes(data)
