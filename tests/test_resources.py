"""What comes with the program: every example opens, says its figures and runs on a sample picture."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl
from filterlab.layers.base.weights import Weights
from filterlab.resources import class_names, examples, labelled, resource, samples
from filterlab.run.ledger import ledger

TOO_BIG_TO_RUN = {"vgg16"}


@pytest.fixture(scope="module")
def pictures():
    """A colour and a grey sample by their number of channels, every fourth pixel."""
    return {
        channels: np.ascontiguousarray(fl.read_image(samples()[name])[:, ::4, ::4])
        for channels, name in ((3, "chelsea"), (1, "camera"))
    }


def test_samples_and_labelled_pictures_have_their_sources():
    for folder, files in (("samples", samples()), ("labelled", labelled()), ("labels", class_names())):
        sources = resource(folder, "SOURCES.md").read_text()
        assert {path.name for path in resource(folder).iterdir()} == {
            "SOURCES.md",
            *(path.name for path in files.values()),
        }
        for path in files.values():
            assert path.name in sources
    assert len(samples()) == 13


@pytest.mark.parametrize("name", sorted(samples()))
def test_samples_are_of_the_size_that_the_sources_say(name):
    sources = resource("samples", "SOURCES.md").read_text()
    row = next(line for line in sources.splitlines() if line.startswith(f"| {samples()[name].name} "))
    image = fl.read_image(samples()[name])
    channels, height, width = image.shape
    assert f"{width} × {height} {'RGB' if channels == 3 else 'grey'}" in row
    assert 0 <= image.min() < image.max() <= 1


def test_a_missing_resource_is_named():
    with pytest.raises(fl.FilterLabError, match="resources/samples/dog.png"):
        resource("samples", "dog.png")


@pytest.mark.parametrize("name", sorted(examples()))
def test_example_is_readable_and_stays_the_same(name, tmp_path):
    pipeline = fl.Pipeline.load(examples()[name])
    pipeline.check()
    copy = tmp_path / "copy.json"
    pipeline.save(copy)
    assert fl.Pipeline.load(copy) == pipeline
    # Recipes stay recipes: a person can read the file.
    if examples()[name].suffix == ".json":
        document = json.loads(copy.read_text())
        assert len(json.dumps(document)) < 2 * len(examples()[name].read_text())


@pytest.mark.parametrize("name", sorted(set(examples()) - TOO_BIG_TO_RUN))
def test_example_runs_on_a_sample(name, pictures):
    pipeline = fl.Pipeline.load(examples()[name])
    picture = pictures[pipeline.check()]
    maps = pipeline.run(picture)
    assert {key: value.shape for key, value in maps.items()} == pipeline.output_shapes(picture.shape)
    for value in maps.values():
        assert value.dtype == np.float32
        assert np.isfinite(value).all()
        assert value.min() < value.max()


@pytest.mark.parametrize("name", ["edges", "blur-sharpen", "emboss", "gabor-bank", "pooling-comparison"])
def test_picture_filters_take_grey_and_colour(name, pictures):
    pipeline = fl.Pipeline.load(examples()[name])
    for channels, picture in pictures.items():
        assert {value.shape[0] for value in pipeline.run(picture).values()} == {channels}


def test_edges_are_the_length_of_the_gradient(pictures):
    maps = fl.Pipeline.load(examples()["edges"]).run(pictures[1])
    np.testing.assert_allclose(
        maps["edges"], np.hypot(maps["sobel-x"], maps["sobel-y"]), rtol=1e-5, atol=1e-6
    )
    ramp = np.tile(np.arange(8, dtype=np.float32), (8, 1))[None]
    maps = fl.Pipeline.load(examples()["edges"]).run(ramp)
    assert (maps["sobel-x"][0, :, 1:-1] > 0).all()  # brighter to the right
    assert np.abs(maps["sobel-y"]).max() == 0


@pytest.mark.parametrize("name", ["gabor-bank", "pooling-comparison", "blur-sharpen"])
@pytest.mark.parametrize("picture", ["chelsea", "camera", "text"])
def test_examples_show_more_than_black_and_white(name, picture):
    maps = fl.Pipeline.load(examples()[name]).run(fl.read_image(samples()[picture]))
    for key, values in maps.items():
        assert np.mean(np.abs(values) > 1) < 0.05, key


def test_the_inception_block_is_that_of_googlenet_and_its_reduction_saves():
    blocks = {
        name: {row.name: row for row in ledger(fl.Pipeline.load(examples()[name]), (3, 224, 224))}
        for name in ("inception-block", "inception-block-no-reduction")
    }
    costs = {}
    for name, rows in blocks.items():
        assert rows["stem/pool"].shape == (192, 28, 28)
        assert rows["3a/output"].shape == (256, 28, 28)
        costs[name] = sum(row.macs for row in rows.values() if row.name.startswith("3a/"))
    # 192 inputs of 28 x 28; outputs 64 + 128 + 32 + 32, reductions to 96 and 16.
    cells = 28 * 28
    alone = 192 * 64 + 192 * 32
    assert costs["inception-block"] == cells * (alone + 192 * 96 + 96 * 128 * 9 + 192 * 16 + 16 * 32 * 25)
    assert costs["inception-block-no-reduction"] == cells * (alone + 192 * 128 * 9 + 192 * 32 * 25)


def test_vgg16_figures_need_no_weights():
    pipeline = fl.Pipeline.load(examples()["vgg16"])
    rows = {row.name: row for row in ledger(pipeline, (3, 224, 224))}
    assert sum(row.parameters for row in rows.values()) == 138_357_544
    assert sum(row.macs for row in rows.values()) == 15_470_264_320
    assert rows["pool5"].shape == (512, 7, 7)
    field = rows["pool5"].receptive_field
    assert (field.size, field.stride, field.padding) == ((212, 212), (32, 32), (90, 90))
    assert pipeline.output_shapes((3, 300, 451))["softmax"] == (1000,)
    assert rows["softmax"].shape == (1000,)
    weights = [
        value for node in pipeline for value in node.layer.raw().values() if isinstance(value, Weights)
    ]
    assert len(weights) == 32
    assert not any(value.ready for value in weights)
