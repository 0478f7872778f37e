from __future__ import annotations

import importlib
from types import SimpleNamespace

import numpy as np
import pytest

import filterlab as fl
from filterlab.fields import cells
from filterlab.fields.maps import FieldMap, Placement
from filterlab.graph.nodes import Step
from filterlab.graph.shapes import size_of
from filterlab.layers import layer_types
from filterlab.layers.families.whole_map import WholeMapNorm

ONES = np.ones((3, 3), np.float32)


def placed(*layers, size=(40, 60)):
    pipeline = fl.Pipeline([(f"n{i}", layer) for i, layer in enumerate(layers)])
    return FieldMap(pipeline, size).placement(f"n{len(layers) - 1}")


def test_cells_are_centred_on_the_middle_of_their_fields():
    assert placed(fl.Filter2d(ONES)) == Placement(0, 0, 1, 1)
    assert placed(fl.Filter2d(ONES, padding=0)) == Placement(1, 1, 1, 1)
    assert placed(fl.Filter2d(ONES, padding="full")) == Placement(-1, -1, 1, 1)
    assert placed(fl.MaxPool2d(2)) == Placement(0, 0, 2, 2)
    assert placed(fl.MaxPool2d(3, stride=2, padding=1)) == Placement(-0.5, -0.5, 2, 2)
    assert placed(fl.Pad(((2, 0), (5, 0)))) == Placement(-2, -5, 1, 1)


def test_upsampled_cells_are_smaller_than_those_of_the_picture():
    place = placed(fl.Upsample(2), fl.Filter2d(ONES))
    assert (place.height, place.width) == (0.5, 0.5)
    assert place.top == pytest.approx(0, abs=0.5)


def test_maps_without_a_field_cover_the_picture():
    place = placed(fl.AdaptiveAvgPool2d((3, 7)))
    assert (place.top, place.left) == pytest.approx((0, 0), abs=1e-9)
    assert (place.height * 3, place.width * 7) == pytest.approx((40, 60))


@pytest.mark.parametrize("size", [(512, 512), (100, 333), (20, 20)])
def test_fields_that_a_resizing_cuts_at_the_edges_do_not_shift_the_map(size):
    place = placed(fl.Resize((28, 28)), fl.Filter2d(np.ones((5, 5), np.float32)), size=size)
    assert place.height * 28 == pytest.approx(size[0])
    assert place.width * 28 == pytest.approx(size[1])
    assert place.top == pytest.approx(0, abs=1)
    assert place.left == pytest.approx(0, abs=1)


def test_regions_of_all_maps_are_those_of_the_pipeline():
    pipeline = fl.Pipeline(
        [("a", fl.Filter2d(ONES)), ("b", fl.MaxPool2d(3, stride=2)), ("c", fl.Filter2d(ONES))]
    )
    fields = FieldMap(pipeline, (40, 60))
    found = fields.regions("c", 4, 0)
    assert found.keys() == {"image", "a", "b", "c"}
    for name, region in found.items():
        assert region == pipeline.input_region("c", 4, 0, of=name, size=(40, 60))
    assert fields.regions("c", 400, 0) == {}


def test_regions_of_a_channel_are_those_of_the_pipeline():
    layers = [("a", fl.Filter2d(ONES)), ("flat", fl.Flatten()), ("relu", fl.ReLU())]
    pipeline = fl.Pipeline(layers)
    with_channels, without = FieldMap(pipeline, (5, 6), 3), FieldMap(pipeline, (5, 6))
    for channel in (0, 8, 89):
        found = with_channels.regions("relu", 0, 0, channel)
        assert found.keys() == {"image", "a", "flat", "relu"}
        for name, region in found.items():
            wanted = pipeline.input_region("relu", 0, 0, of=name, size=(3, 5, 6), channel=channel)
            assert region == wanted
        assert without.regions("relu", 0, 0, channel) == without.regions("relu", 0, 0)
    assert with_channels.regions("relu", 0, 0, 90) == with_channels.regions("relu", 0, 0)


def test_layers_that_do_not_fit_leave_the_others_their_regions():
    layers = [("a", fl.Filter2d(ONES)), ("b", fl.Conv2d(np.ones((1, 7, 1, 1)))), ("c", fl.ReLU())]
    fields = FieldMap(fl.Pipeline(layers), (5, 6), 3)
    assert fields.regions("a", 1, 1, 0).keys() == {"image", "a"}
    assert fields.regions("c", 1, 1, 0) == fields.regions("c", 1, 1)


CASES = [
    pytest.param(case, id=f"{key}-{i}")
    for key in layer_types()
    for i, case in enumerate(importlib.import_module(f"tests.layers.test_{key}").CASES)
]


def holds_cells(box, shape):
    """Return whether a box holds cells of a map of `shape`, and not of its padding alone."""
    inside = box.region.clipped(size_of(shape))
    return inside.top < inside.bottom and inside.left < inside.right


@pytest.mark.parametrize("case", CASES)
def test_the_channels_that_are_boxed_are_those_of_the_terms(case, rng):
    """Each input comes through a node of its own, since a picture is a map and some layers take vectors."""
    names = [f"in{number}" for number in range(len(case.shapes))]
    steps = [Step(name, fl.ReLU(), ("image",)) for name in names]
    graph = SimpleNamespace(steps=[*steps, Step("y", case.layer, tuple(names))])
    shapes = {**dict(zip(names, case.shapes, strict=True)), "y": case.layer.output_shape(*case.shapes)}
    xs = case.inputs(rng)
    y = case.layer.forward(*xs)
    for k in np.unique(np.linspace(0, y.size - 1, 12).astype(int)):
        place = (*(int(i) for i in np.unravel_index(k, y.shape[1:])), 0, 0)[:3]
        boxes = cells.boxes(graph, {**shapes, "image": case.shapes[0]}, "y", place)
        terms = [term.where for term in case.layer.explain(xs, y, *place).terms]
        for number, name in enumerate(names):
            mine, box = [where for where in terms if where.node == number], boxes.get(name)
            channels, read = range(case.shapes[number][0]), {where.channel for where in mine}
            boxed = set() if box is None else {c for c in channels if box.reads(c)}
            # The statistics of a normalisation are no terms, though they read all that is normalised together.
            # A turned picture has places that no cell comes to, in windows that hold all of them.
            nothing = case.loose and not mine
            if nothing or isinstance(case.layer, (WholeMapNorm, fl.LayerNorm2d)):
                assert read <= boxed
            elif mine or box is None or holds_cells(box, shapes[name]):
                assert read == boxed, place
            for where in mine:
                assert box.rows[0] <= where.row < box.rows[1]
                assert box.cols[0] <= where.col < box.cols[1]
