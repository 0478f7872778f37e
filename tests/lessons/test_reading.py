"""Lesson files that are wrong are refused in words; facts that are not so are named."""

from __future__ import annotations

import json

import numpy as np
import pytest

from filterlab.errors import FileError, FilterLabError
from filterlab.lessons import false_facts, read_lesson, scene
from filterlab.lessons.facts import FACTS


def words(text):
    return {"en": text, "zh_CN": text}


def content(**step):
    """A lesson of one step: a sum of 2 x 2 cells over 0 ... 8."""
    first = {
        "text": words("Look."),
        "picture": {"values": [[0, 1, 2], [3, 4, 5], [6, 7, 8]]},
        "pipeline": {
            "nodes": [{"name": "sum", "layer": "conv2d", "params": {"weight": [[[[1, 1], [1, 1]]]]}}]
        },
        **step,
    }
    return {
        "format": "filterlab-lesson/1",
        "rows": [1],
        "title": words("Title"),
        "about": words("About"),
        "steps": [first],
    }


@pytest.fixture
def lesson(tmp_path):
    """The lesson of a dictionary, read from a file: `lesson(content)`."""

    def make(document):
        path = tmp_path / "01-test.json"
        path.write_text(json.dumps(document))
        return read_lesson(path)

    return make


def test_a_lesson_is_read(lesson):
    read = lesson(content())
    assert read.name == "test"
    assert read.steps[0].text.said("en") == "Look."
    shown = scene(read, 0)
    assert shown.pixels.dtype == np.float32
    assert shown.pixels.shape == (1, 3, 3)
    assert [node.name for node in shown.pipeline] == ["sum"]


def test_later_steps_go_on_from_those_before(lesson):
    document = content()
    document["steps"].append({"text": words("Padded."), "pipeline": {"change": {"sum": {"padding": 1}}}})
    document["steps"].append(
        {"text": words("A photograph."), "picture": {"sample": "coins", "crop": [5, 6, 7, 8]}}
    )
    read = lesson(document)
    assert scene(read, 0).pipeline["sum"].padding == ((0, 0), (0, 0))
    assert scene(read, 1).pipeline["sum"].padding == ((1, 1), (1, 1))
    assert scene(read, 1).pixels.shape == (1, 3, 3)
    last = scene(read, 2)
    assert (last.sample, last.pixels.shape) == ("coins", (1, 7, 8))
    assert last.pipeline == scene(read, 1).pipeline


def test_a_node_is_repeated(lesson):
    read = lesson(content(pipeline={"nodes": [{"name": "relu", "layer": "relu", "repeat": 3}]}))
    steps = scene(read, 0).pipeline.steps
    assert [(step.name, step.inputs) for step in steps] == [
        ("relu_1", ("image",)),
        ("relu_2", ("relu_1",)),
        ("relu_3", ("relu_2",)),
    ]


TARGET = "steps, 0, learn, target"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"text": {"en": "Look."}}, "steps, 0, text, zh_CN"),
        ({"text": words("")}, "steps, 0, text, en"),
        ({"mode": "huge"}, "steps, 0, mode"),
        ({"pin": ["sum", -1, 0, 0]}, "steps, 0, pin, 1"),
        ({"surprise": 1}, "steps, 0, surprise"),
        ({"pipeline": {}}, "steps, 0, pipeline"),
        ({"pipeline": {"nodes": [{"layer": "relu"}], "example": "edges"}}, "steps, 0, pipeline"),
        ({"picture": {}}, "steps, 0, picture"),
        ({"learn": {"target": [[1]], "loss": "sse", "lr": 0, "steps": 1}}, "steps, 0, learn, lr"),
        (
            {"learn": {"target": {"preset": "sobel", "classes": "digits"}, "lr": 1, "steps": 1}},
            f"{TARGET}, teacher",
        ),
        (
            {"learn": {"target": {"sample": "coins", "noise": -1}, "lr": 1, "steps": 1}},
            f"{TARGET}, picture, noise",
        ),
        ({"learn": {"target": {"preset": "sobel"}, "lr": 1, "steps": 1, "crop": 0}}, "steps, 0, learn, crop"),
        ({"picture": {"values": [[1, 2]], "bits": 7}}, "steps, 0, picture, bits"),
        ({"facts": [{"sum": 1, "map": 2}]}, "steps, 0, facts, 0"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(lesson, change, place):
    with pytest.raises(FileError) as caught:
        lesson(content(**change))
    assert caught.value.where.endswith(f", {place}")


def test_what_is_no_json_or_no_file_is_refused(tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(FileError, match="not a lesson"):
        read_lesson(broken)
    with pytest.raises(FileError, match="cannot be read"):
        read_lesson(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pipeline": {"example": "dog"}}, "no example 'dog'"),
        ({"picture": {"sample": "dog"}}, "no sample 'dog'"),
        ({"picture": {"sample": "coins", "crop": [300, 0, 9, 9]}}, "leaves the picture of 303 x 384"),
        ({"picture": {"values": [[1, 2], [3]]}}, "not an array of numbers"),
        ({"picture": {"values": [1, 2]}}, "1 axis"),
        ({"picture": None}, "no picture"),
        ({"pipeline": {"change": {"other": {"padding": 1}}}}, "no node 'other'"),
        ({"pipeline": {"nodes": [{"name": "a", "layer": "rely"}]}}, "rely"),
    ],
)
def test_a_step_that_cannot_be_opened_names_the_lesson(lesson, change, message):
    read = lesson(content(**change))
    with pytest.raises(FilterLabError, match=message) as caught:
        scene(read, 0)
    assert caught.value.where.startswith("lesson 'test', step 1")


WRONG = {
    "map": ["sum", [[8, 12], [20, 25]]],
    "value": ["sum", 0, 0, 0, 9],
    "parts": ["sum", 0, 0, 0, [9]],
    "winner": ["sum", 0, 0, 0, [0, 0]],
    "field": ["sum", 3, 1],
    "region": ["sum", 0, 0, [0, 0, 3, 3]],
    "learned": {"losses": [1, 1], "weight": [1] * 4},
    "loss": 1,
    "gradient": ["sum", [[1, 1], [1, 1]]],
    "fitted": {"size": 2, "off": [[[0, 0], [0, 0]], [0, 0.1]]},
    "restored": {"size": 2, "method": "inverse", "residual": [100, 200]},
    "told_apart": ["digits", 0, 359, 359],
    "psnr": ["image", [20, 30]],
    "deviation": ["sum", [0, 1]],
    "near": ["sum", 0, 0, 0, [8.1, 9]],
    "said": ["scores", "1", [0.9, 1]],
    "pull": ["sum", 0, 0, 0, [1, 1], [1.5, 2]],
    "exported": [1, 2],
    "shape": ["sum", [1, 3, 3]],
    "same": ["sum", "image"],
    "sum": ["sum", 65],
    "range": ["sum", 8, 25],
    "layers": 2,
    "parameters": 5,
    "macs": ["sum", 15],
}


SCORES = [
    {"name": "pool", "layer": "max_pool2d", "params": {"kernel_size": [3, 2], "stride": 1}},
    {"name": "flatten", "layer": "flatten"},
    {"name": "scores", "layer": "softmax", "params": {"labels": ["0", "1"]}},
]


@pytest.mark.parametrize("kind", FACTS)
def test_a_false_fact_is_named(lesson, kind):
    learning = {"target": [[8, 12], [20, 24]], "loss": "sse", "lr": 0.01, "steps": 1}
    change = {"pipeline": {"nodes": SCORES}} if kind == "said" else {"learn": learning}
    (found,) = false_facts(lesson(content(facts=[{kind: WRONG[kind]}], **change)))
    assert found.startswith(f"lesson 'test', step 1: {kind} ")


def test_counts_are_exact(lesson):
    picture = {"values": [[0.0] * 400] * 400}
    (found,) = false_facts(lesson(content(picture=picture, facts=[{"macs": 4 * 399 * 399 + 1}])))
    assert found.endswith(f" is really {4 * 399 * 399}")


def test_true_facts_pass(lesson):
    facts = [
        {"map": ["sum", [[8, 12], [20, 24]]]},
        {"range": ["sum", 8, 24]},
        {"macs": 16},
        {"macs": ["sum", 16]},
    ]
    assert false_facts(lesson(content(facts=facts))) == []


@pytest.mark.parametrize(
    "fact",
    [
        {"weight": 3},
        {"learned": WRONG["learned"]},
        {"value": ["sum", 0]},
        {"map": ["other", 1]},
        {"layers": "x"},
    ],
)
def test_a_fact_that_cannot_be_checked_is_refused(lesson, fact):
    with pytest.raises(FileError):
        false_facts(lesson(content(facts=[fact])))
