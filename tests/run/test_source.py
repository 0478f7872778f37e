from __future__ import annotations

import importlib
import shlex

import numpy as np
import pytest

import filterlab as fl
from filterlab.graph.nodes import Node
from filterlab.layers import layer_types
from filterlab.resources import examples
from filterlab.run.source import to_command


def run(source):
    """What the source leaves in `pipeline`."""
    names = {}
    exec(compile(source, "<copied>", "exec"), names)
    return names["pipeline"]


@pytest.mark.parametrize("name", examples())
def test_the_source_of_every_example_builds_it(name):
    pipeline = fl.Pipeline.load(examples()[name])
    source = pipeline.to_python()
    assert run(source) == pipeline
    assert max(map(len, source.splitlines())) < 200


@pytest.mark.parametrize("key", layer_types())
def test_the_source_of_every_layer_builds_it(key):
    for case in importlib.import_module(f"tests.layers.test_{key}").CASES:
        pipeline = fl.Pipeline([Node("a", case.layer, ["image"] * len(case.shapes))])
        assert run(pipeline.to_python()) == pipeline


def test_a_chain_is_written_as_a_chain():
    pipeline = fl.Pipeline([("edges", fl.Filter2d({"preset": "sobel"}, stride=2)), ("r", fl.ReLU())])
    assert pipeline.to_python() == (
        "import filterlab as fl\n"
        "\n"
        "pipeline = fl.Pipeline(\n"
        "    [\n"
        "        ('edges', fl.Filter2d(kernel={'preset': 'sobel'}, stride=2)),\n"
        "        ('r', fl.ReLU()),\n"
        "    ]\n"
        ")\n"
    )


def test_long_rows_go_over_several_lines():
    weight = np.arange(600, dtype=np.float32).reshape(2, 300) / 7
    pipeline = fl.Pipeline([("flatten", fl.Flatten()), ("linear", fl.Linear(weight))])
    source = pipeline.to_python()
    assert run(source) == pipeline
    assert max(map(len, source.splitlines())) <= 112


def test_branches_and_disabled_nodes():
    pipeline = fl.Pipeline(
        [
            Node("a", fl.ReLU(), ("image",)),
            Node("b", fl.Abs(), ("image",)),
            Node("c", fl.Add(), ("a", "b")),
            Node("d", fl.ReLU(), ("c",), enabled=False),
        ]
    )
    source = pipeline.to_python()
    assert run(source) == pipeline
    assert "fl.Node('d', fl.ReLU(), inputs=('c',), enabled=False)" in source


def test_an_empty_pipeline_has_source_too():
    assert run(fl.Pipeline().to_python()) == fl.Pipeline()


def test_pages_of_numbers_are_refused():
    pipeline = fl.Pipeline([fl.Conv2d(np.zeros((128, 128, 3, 3), np.float32))])
    with pytest.raises(fl.FilterLabError, match="147456 numbers"):
        pipeline.to_python()


def test_the_command_is_quoted():
    command = to_command("my edges.json", ["a.png", "it's.png"])
    assert shlex.split(command) == [
        "filterlab",
        "run",
        "my edges.json",
        "a.png",
        "it's.png",
        "--out",
        "maps",
    ]
