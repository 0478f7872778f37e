"""Receptive fields of published networks, end point by end point, and of small graphs with known answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import filterlab as fl

FOLDER = Path(__file__).parents[3] / "shared" / "golden"
FILES = ("rf_networks_dev.json", "rf_networks_more.json")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published networks are not part of this repository"
)


def _documents():
    return [json.loads((FOLDER / name).read_text()) for name in FILES if (FOLDER / name).exists()]


DOCUMENTS = _documents()
NETWORKS = {name: net for document in DOCUMENTS for name, net in document.get("networks", {}).items()}
UNITS = {name: net for document in DOCUMENTS for name, net in document.get("unit_networks", {}).items()}


def _layer(entry):
    top, left, bottom, right = entry.get("padding", (0, 0, 0, 0))
    padding = ((top, bottom), (left, right))
    if entry["type"] == "conv":
        channels = entry.get("out", [1])[0], entry.get("in_channels", 1) // entry.get("groups", 1)
        weight = {"init": "zeros", "shape": [*channels, *entry["kernel"]]}
        return fl.Conv2d(
            weight=weight,
            stride=entry["stride"],
            padding=padding,
            dilation=entry.get("dilation", (1, 1)),
            groups=entry.get("groups", 1),
        )
    if entry["type"] in ("maxpool", "avgpool"):
        pool = fl.MaxPool2d if entry["type"] == "maxpool" else fl.AvgPool2d
        return pool(entry["kernel"], stride=entry["stride"], padding=padding)
    return {"add": fl.Add, "concat": fl.Concat}[entry["type"]]()


def _pipeline(network):
    def name(node):
        return "image" if node == "input" else node

    return fl.Pipeline(
        fl.Node(entry["name"], _layer(entry), inputs=tuple(map(name, entry["inputs"])))
        for entry in network["layers"]
    )


def _figures(field):
    assert field.stride[0] == field.stride[1]
    assert field.padding[0] == field.padding[1]
    return {
        "rf_h": field.size[0],
        "rf_w": field.size[1],
        "stride": field.stride[0],
        "padding": field.padding[0],
    }


@pytest.mark.parametrize("name", NETWORKS)
def test_published_network(name):
    network = NETWORKS[name]
    pipeline = _pipeline(network)
    assert _figures(pipeline.receptive_field(network["output_layer"])) == network["expected"]
    for point in network["end_points"].values():
        want = {key: point[key] for key in ("rf_h", "rf_w", "stride", "padding")}
        assert _figures(pipeline.receptive_field(point["layer"])) == want, point["layer"]


@pytest.mark.parametrize("name", NETWORKS)
def test_published_shapes(name):
    network = NETWORKS[name]
    shapes = _pipeline(network).output_shapes((network.get("input_channels", 3), *network["input_hw"]))
    for entry in network["layers"]:
        if "out" in entry:
            assert list(shapes[entry["name"]]) == entry["out"], entry["name"]


@pytest.mark.parametrize("name", UNITS)
def test_small_graph(name):
    network = UNITS[name]
    pipeline, output = _pipeline(network), network["output_layer"]
    if "expected_error" in network:
        with pytest.raises(fl.FilterLabError, match="unequal stride"):
            pipeline.receptive_field(output)
    else:
        want = network.get("expected") or network["expected_union"]
        assert _figures(pipeline.receptive_field(output)) == want
