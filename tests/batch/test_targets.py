"""Which files a node becomes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import filterlab as fl
from filterlab.batch import Settings, run_jobs
from filterlab.batch.targets import targets

IMAGE = (3, 6, 8)


def names(pipeline, image=IMAGE, **options):
    settings = Settings(pipeline, Path("out"), **options)
    found = targets(settings, Path(), image, pipeline.output_shapes(image))
    return [file.path.as_posix() for file in found]


def test_pictures_are_one_file_and_maps_one_a_channel(pipeline):
    assert names(pipeline) == [
        "blur.png",
        "maps-0.png",
        "maps-1.png",
        "flat-0.png",
        "flat-1.png",
        "sum.csv",
        "scores.csv",
    ]


def test_split_makes_one_file_a_channel_of_pictures_too(pipeline):
    assert names(pipeline, maps=("blur",), split=True) == ["blur-0.png", "blur-1.png", "blur-2.png"]


@pytest.mark.parametrize("format", ["npy", "tiff"])
def test_numbers_are_one_file_a_node(pipeline, format):
    assert names(pipeline, format=format) == [
        f"{node}.{format}" for node in ("blur", "maps", "flat", "sum", "scores")
    ]


def test_names_that_clash_for_every_picture_are_refused_before_one_is_read(tmp_path):
    pipe = fl.Pipeline([("A", fl.ReLU()), ("a", fl.ReLU())])
    with pytest.raises(fl.FilterLabError, match="'A' and 'a' would both write"):
        run_jobs(Settings(pipe, tmp_path / "out"), [])
    assert not (tmp_path / "out").exists()


def test_names_that_clash_for_some_pictures_alone_are_left_to_them(tmp_path):
    # A picture of three channels is one file, and the others are files of their channels.
    pipe = fl.Pipeline([("a", fl.ReLU()), ("A", fl.Softmax())])
    assert "A-0.png" in names(pipe)
    run_jobs(Settings(pipe, tmp_path / "out"), []).close()
    run_jobs(Settings(pipe, tmp_path / "out", maps=("a",)), []).close()


def test_a_slash_in_a_name_is_a_folder():
    assert names(fl.Pipeline([("3a/1x1", fl.ReLU())])) == ["3a/1x1.png"]


def test_chosen_maps_come_in_the_order_of_the_pipeline(pipeline):
    assert names(pipeline, maps=("scores", "blur")) == ["blur.png", "scores.csv"]


def test_the_contact_sheet_is_one_more_file(pipeline):
    assert names(pipeline, maps=("blur",), montage=True) == ["blur.png", "montage.png"]


@pytest.mark.parametrize(("one", "other"), [("a", "a-0"), ("a-0.png", "a-0.png/b")])
def test_nodes_that_would_write_the_same_file_are_refused(one, other):
    pipe = fl.Pipeline([(one, fl.Conv2d(np.ones((1, 3, 1, 1)))), (other, fl.ReLU())])
    if "/" in other:
        pipe = fl.Pipeline([("a", fl.Conv2d(np.ones((1, 3, 1, 1)))), (other, fl.ReLU())])
    else:
        pipe = fl.Pipeline([(one, fl.Conv2d(np.ones((1, 3, 1, 1)))), fl.Node(other, fl.Abs(), ("image",))])
    with pytest.raises(fl.FilterLabError, match=r"would both write a-0\.png"):
        names(pipe)


def test_files_that_some_systems_take_for_one_are_refused():
    with pytest.raises(fl.FilterLabError, match=r"'edge' and 'Edge' would both write"):
        names(fl.Pipeline([("edge", fl.ReLU()), ("Edge", fl.ReLU())]))


@pytest.mark.parametrize("name", ["a" * 231, "é" * 116, "a/" * 450 + "b"])
def test_names_too_long_for_a_file_are_refused(name):
    pipe = fl.Pipeline([("first", fl.ReLU()), (name, fl.ReLU())])
    with pytest.raises(fl.FilterLabError, match="too long for a file"):
        names(pipe)
    assert names(pipe, maps=("first",)) == ["first.png"]


def test_a_pipeline_without_nodes_writes_nothing():
    with pytest.raises(fl.FilterLabError, match="no nodes"):
        names(fl.Pipeline())


def test_a_node_named_as_the_contact_sheet_is_refused():
    with pytest.raises(fl.FilterLabError, match="montage"):
        names(fl.Pipeline([("montage", fl.ReLU())]), montage=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"maps": ("nothing",)}, "there is no node 'nothing'"),
        ({"format": "jpg"}, "format is 'jpg'"),
        ({"range": (1, 0)}, "range is"),
        ({"colormap": "rainbow"}, "rainbow"),
        ({"existing": "maybe"}, "existing is 'maybe'"),
    ],
)
def test_settings_that_do_not_exist_are_refused(pipeline, options, message):
    with pytest.raises(fl.FilterLabError, match=message):
        Settings(pipeline, Path(), **options)


def test_the_fingerprint_changes_with_what_is_written(pipeline):
    one = Settings(pipeline, Path("a"))
    assert one.fingerprint() == Settings(pipeline, Path("b"), existing="resume").fingerprint()
    assert one.fingerprint() != Settings(pipeline, Path("a"), colormap="viridis").fingerprint()
    other = pipeline.with_layers({"blur": fl.Filter2d(fl.kernels.box(5))})
    assert one.fingerprint() != Settings(other, Path("a")).fingerprint()
