"""A history as Python and as command lines: the script is run, and what it leaves is compared."""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import filterlab as fl
from filterlab.graph import editing
from filterlab.resources import examples, samples
from filterlab.run.recording import Recorded, to_commands, to_script

CAMERA = samples()["camera"]


def run(source):
    """The names that the source leaves."""
    names = {}
    exec(compile(source, "<history>", "exec"), names)
    return names


def history():
    """Edits of every sort, with their labels."""
    start = fl.Pipeline()
    first = fl.Pipeline([("edges", fl.Filter2d({"preset": "sobel"})), ("relu", fl.ReLU())])
    learned = first.with_layers({"edges": first["edges"].replace(kernel=[[0.1, -1 / 3], [1e-7, 2.0]])})
    added, _ = editing.insert(learned, fl.MaxPool2d(2, stride=1), after="relu")
    branched, _ = editing.branch(added, fl.Conv2d(weight=np.ones((2, 1, 3, 3))), "edges")
    renamed = editing.rename(branched, "edges", "lines")
    off = editing.set_enabled(renamed, ["relu"], False)
    default = off.with_layers({off.nodes[2].name: fl.MaxPool2d(2)})
    moved = editing.move(default, default.nodes[-1].name, 1)
    removed = editing.remove(moved, ["relu"])
    graphs = [start, first, learned, added, branched, renamed, off, default, moved, removed, start, first]
    return [Recorded(f"edit {number}", graph) for number, graph in enumerate(graphs)]


@pytest.mark.parametrize("count", range(1, len(history()) + 1))
def test_the_script_leaves_the_pipeline_of_each_step(count):
    steps = history()[:count]
    assert run(to_script(steps))["pipeline"] == steps[-1].graph


def test_an_edit_writes_only_what_changed():
    steps = history()
    blocks = to_script(steps[:4]).split("\n\n")
    assert blocks[0] == "import filterlab as fl"
    assert blocks[1] == "# edit 0\npipeline = fl.Pipeline()"
    assert "pipeline['edges'].replace(kernel=[[" in blocks[3]
    assert "*pipeline.nodes[0:2]," in blocks[4]
    assert "fl.Filter2d" not in "".join(blocks[3:])


@pytest.mark.parametrize("name", examples())
def test_an_example_is_opened_after_another(name):
    other = fl.Pipeline.load(examples()["edges"])
    found = fl.Pipeline.load(examples()[name])
    assert run(to_script([Recorded("", other), Recorded("Open", found)]))["pipeline"] == found


def test_pictures_are_opened_and_small_ones_without_a_file_written():
    pixels, numbers = fl.read_image(CAMERA), np.arange(12, dtype=np.float32).reshape(1, 3, 4) / 7
    numbers[0, 0, :3] = np.nan, np.inf, -np.inf
    graph = fl.Pipeline([fl.Abs()])
    steps = [Recorded("", graph), Recorded("a", graph, numbers), Recorded("b", graph, pixels, CAMERA)]
    assert np.array_equal(run(to_script(steps[:2]))["image"], numbers, equal_nan=True)
    assert np.array_equal(run(to_script(steps))["image"], pixels)


def test_a_large_picture_without_a_file_is_asked_for():
    source = to_script([Recorded("", fl.Pipeline(), np.zeros((1, 100, 100), np.float32))])
    assert (
        "# no file holds this picture: save it under this name\nimage = fl.read_image('picture.png')"
        in source
    )


def test_weights_that_are_too_many_come_from_the_file_that_was_opened(tmp_path):
    large = fl.Pipeline([fl.Conv2d(weight=np.ones((1, 1, 401, 401), np.float32))])
    file = tmp_path / "large.safetensors"
    large.save(file)
    steps = [Recorded("", fl.Pipeline()), Recorded("Open", large, file=file)]
    assert run(to_script(steps))["pipeline"] == large
    with pytest.raises(fl.FilterLabError, match="too many to write out"):
        to_script([steps[0], replace(steps[1], file=None)])


def test_a_label_cannot_leave_its_comment():
    source = to_script([Recorded("a\nraise SystemExit(1)\r\n#", fl.Pipeline([fl.Abs()]))])
    assert run(source)["pipeline"] == fl.Pipeline([fl.Abs()])


def test_the_script_runs_in_a_process_and_gives_the_pinned_value(tmp_path):
    pixels = fl.read_image(CAMERA)
    steps = [replace(step, pixels=pixels, picture=CAMERA) for step in history()]
    script, saved = tmp_path / "session.py", tmp_path / "again.json"
    more = f"pipeline.save({str(saved)!r})\nprint(repr(float(pinned.value)))\n"
    script.write_text(to_script(steps, ("relu", 0, 30, 40)) + more, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    assert fl.Pipeline.load(saved) == steps[-1].graph
    assert float(done.stdout) == steps[-1].graph.explain(pixels, "relu", 0, 30, 40).value


def test_commands_run_explain_and_learn():
    graph, file = fl.Pipeline([("edges", fl.Abs())]), Path("my edges.json")
    learn = ("filterlab", "learn", "--input", "a b.png", "--out", "my edges.json")
    steps = [
        Recorded("Open", graph, np.zeros((1, 2, 2)), Path("a b.png"), file),
        Recorded("Keep", graph, np.zeros((1, 2, 2)), Path("c.png"), file, learn),
    ]
    lines = to_commands(steps, ("edges", 0, 1, 1), options=["--colormap", "gray"]).splitlines()
    assert [shlex.split(line) for line in lines] == [
        list(learn),
        ["filterlab", "run", "my edges.json", "a b.png", "c.png", "--out", "maps", "--colormap", "gray"],
        ["filterlab", "explain", "my edges.json", "c.png", "edges", "0", "1", "1"],
    ]


def test_files_that_there_are_not_have_usual_names():
    line = to_commands([Recorded("", fl.Pipeline([fl.Abs()]))])
    assert line == "filterlab run pipeline.json picture.png --out maps\n"
    assert to_commands([Recorded("", fl.Pipeline())]) == ""
