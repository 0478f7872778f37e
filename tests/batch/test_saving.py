from __future__ import annotations

import csv

import numpy as np
import pytest
from PIL import Image

import filterlab as fl
from filterlab.batch.saving import Form, existing, plan, write_all
from filterlab.batch.settings import Settings
from filterlab.batch.targets import targets
from filterlab.errors import Cancelled, ParameterError


@pytest.fixture
def maps(pipeline, rng):
    image = rng.random((3, 6, 8)).astype(np.float32)
    return {"image": image, **pipeline.run(image)}


@pytest.fixture
def shapes(maps):
    return {name: values.shape for name, values in maps.items()}


def looks(target):
    return -2.0, 2.0, "gray", False


@pytest.mark.parametrize("form", [Form("png"), Form("png", split=True), Form("tiff"), Form("npy")])
def test_whole_maps_get_the_names_of_a_batch(tmp_path, pipeline, shapes, form):
    chosen = dict.fromkeys(node.name for node in pipeline)
    planned = plan(pipeline, chosen, tmp_path, form, shapes)
    settings = Settings(pipeline, tmp_path, format=form.format, split=form.split)
    expected = targets(settings, tmp_path, shapes["image"], shapes)
    assert [file.target for file in planned] == expected


def test_single_channels_and_the_picture(tmp_path, pipeline, shapes):
    chosen = {"image": None, "blur": {2, 0}, "maps": {1}, "scores": {0, 1}}
    names = [file.target.path.name for file in plan(pipeline, chosen, tmp_path, Form(), shapes)]
    assert names == ["image.png", "blur-0.png", "blur-2.png", "maps-1.png", "scores.csv"]
    names = [file.target.path.name for file in plan(pipeline, chosen, tmp_path, Form("npy"), shapes)]
    assert names == ["image.npy", "blur-0.npy", "blur-2.npy", "maps-1.npy", "scores.npy"]
    many = {**shapes, "image": (5, 6, 8)}
    names = [file.target.path.name for file in plan(pipeline, {"image": None}, tmp_path, Form(), many)]
    assert names == [f"image-{c}.png" for c in range(5)]


def test_names_that_meet_are_refused(tmp_path):
    pipeline = fl.Pipeline([("a", fl.ReLU()), ("a-0", fl.ReLU())])
    shapes = {"image": (1, 4, 4), "a": (1, 4, 4), "a-0": (1, 4, 4)}
    with pytest.raises(ParameterError, match=r"would both write a-0\.png"):
        plan(pipeline, {"a": {0}, "a-0": None}, tmp_path, Form(), shapes)


def test_sizes_are_true_or_bounds(tmp_path, pipeline, maps, shapes):
    chosen = dict.fromkeys(["image", *(node.name for node in pipeline)])
    for form in (Form(), Form(bits=16), Form("tiff"), Form("npy")):
        folder = tmp_path / f"{form.format}{form.bits}"
        planned = plan(pipeline, chosen, folder, form, shapes)
        assert write_all([f.target for f in planned], form, maps, pipeline, looks) == []
        for file in planned:
            size = file.target.path.stat().st_size
            if file.at_most:
                assert size <= file.bytes + 2000  # tiny files are mostly header
            else:
                assert size == file.bytes


@pytest.mark.parametrize("format", ["npy", "tiff"])
def test_numbers_are_exactly_the_maps(tmp_path, pipeline, maps, shapes, format):
    chosen = {"blur": None, "maps": {1}, "scores": None}
    planned = plan(pipeline, chosen, tmp_path, Form(format), shapes)
    write_all([f.target for f in planned], Form(format), maps, pipeline, looks)
    blur, one, scores = (
        fl.read_image(f.target.path) if i < 2 else f.target.path for i, f in enumerate(planned)
    )
    np.testing.assert_array_equal(blur, maps["blur"])
    np.testing.assert_array_equal(one[0], maps["maps"][1])
    assert planned[1].shape == (6, 8)
    if format == "npy":
        np.testing.assert_array_equal(np.load(scores), maps["scores"])


def test_pictures_show_the_range_asked_for(tmp_path, pipeline, maps, shapes):
    form = Form(bits=16)
    (file,) = plan(pipeline, {"maps": {0}}, tmp_path, form, shapes)
    write_all([file.target], form, maps, pipeline, looks)
    with Image.open(file.target.path) as picture:
        assert picture.text["range"] == "-2.0,2.0"
        expected = np.rint((maps["maps"][0].astype(np.float64) + 2) / 4 * 65535)
        np.testing.assert_array_equal(np.asarray(picture), expected)


def test_vectors_become_tables_with_labels(tmp_path, pipeline, maps, shapes):
    (file,) = plan(pipeline, {"scores": None}, tmp_path, Form(), shapes)
    write_all([file.target], Form(), maps, pipeline, looks)
    with file.target.path.open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["index", "label", "value"]
    assert [row[1] for row in rows[1:]] == ["cat", "dog"]
    np.testing.assert_array_equal([np.float32(row[2]) for row in rows[1:]], maps["scores"])


def test_existing_files_are_kept_and_the_others_written(tmp_path, pipeline, maps, shapes):
    planned = plan(pipeline, {"blur": None, "maps": None}, tmp_path, Form("npy"), shapes)
    blur, other = (file.target.path for file in planned)
    blur.write_text("mine")
    assert existing([blur, other]) == {blur}
    failures = write_all([f.target for f in planned], Form("npy"), maps, pipeline, looks)
    assert [(path, error.what) for path, error in failures] == [(blur, "exists")]
    assert blur.read_text() == "mine"
    np.testing.assert_array_equal(np.load(other), maps["maps"])
    assert write_all([planned[0].target], Form("npy"), maps, pipeline, looks, overwrite=True) == []
    np.testing.assert_array_equal(np.load(blur), maps["blur"])


def test_progress_and_stopping_between_files(tmp_path, pipeline, maps, shapes):
    planned = [
        f.target
        for f in plan(pipeline, {"image": None, "blur": None, "maps": None}, tmp_path, Form(), shapes)
    ]
    told = []
    with pytest.raises(Cancelled, match="2 of 4"):
        write_all(
            planned,
            Form(),
            maps,
            pipeline,
            looks,
            progress=lambda done, total: told.append((done, total)),
            cancel=lambda: len(told) == 2,
        )
    assert told == [(1, 4), (2, 4)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blur.png", "image.png"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path, pipeline, maps, shapes):
    (tmp_path / "file").write_text("")
    planned = plan(pipeline, {"blur": None}, tmp_path / "file" / "sub", Form(), shapes)
    ((_, error),) = write_all([planned[0].target], Form(), maps, pipeline, looks)
    assert "cannot be made" in error.what


def test_unknown_formats_are_refused():
    with pytest.raises(ParameterError, match="jpg"):
        Form("jpg")


def test_the_mean_of_infinities_of_both_signs_is_drawn_without_a_warning(tmp_path, pipeline, shapes, maps):
    values = np.zeros(shapes["image"], np.float32)
    values[0, 0, 0], values[1, 0, 0] = np.inf, -np.inf
    planned = plan(pipeline, {"image": None}, tmp_path, Form(), shapes)
    drawn = lambda _: (0.0, 1.0, "viridis", True)  # noqa: E731
    assert write_all([f.target for f in planned], Form(), {"image": values}, pipeline, drawn) == []
    assert (tmp_path / "image.png").exists()
