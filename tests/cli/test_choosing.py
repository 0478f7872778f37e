"""`filterlab run`: which pictures are done, and what their files are called."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fl.Pipeline([("blur", fl.Filter2d(fl.kernels.box(3))), ("abs", fl.Abs())]).save("p.json")
    for name, width in (("in/a.png", 8), ("in/below/a.png", 9), ("in/below/ü b.png", 30)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        fl.write_image(name, np.zeros((3, 6, width)))
    return tmp_path


def call(capsys, *words):
    status = main(["run", "p.json", *words, "--out", "out"])
    return status, *capsys.readouterr()


def test_what_was_not_chosen_is_counted_and_named(place, capsys):
    words = ("in", "--recursive", "--where", "width < 20", "--maps", "blur")
    assert call(capsys, *words)[1] == "2 pictures done, 1 not chosen: 2 files in out\n"
    document = json.loads(call(capsys, *words, "--overwrite", "--json")[1])
    assert document["not_chosen"] == ["in/below/ü b.png"]
    assert call(capsys, "in", "--where", "width > 99")[:2] == (
        0,
        "0 pictures done, 1 not chosen: 0 files in out\n",
    )


def test_a_template_names_the_files(place, capsys):
    status, out, _ = call(capsys, "in", "--recursive", "--name", "{parent}/{node} {stem}", "--json")
    assert status == 0
    outputs = [path for entry in json.loads(out)["done"] for path in entry["outputs"]]
    assert "out/below/blur ü b.png" in outputs
    assert "out/abs a.png" in outputs


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--name", "{steam}"), "did you mean {stem}?"),
        (("--name", "../{node}"), "leads out of the output folder"),
        (("--name", "/x/{node}"), "leads out of the output folder"),
        (("--name", "{node}"), "in/a.png and in/below/a.png would both write"),
        (("--where", "widht > 1"), "'widht' is not known at letter 1"),
        (("-", "--watch"), "standard input cannot be watched"),
    ],
)
def test_what_is_wrong_is_said_before_any_work(place, capsys, words, message):
    status, out, err = call(capsys, "in", "--recursive", *words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not (place / "out").exists()


def test_watching_ends_at_the_first_failure_where_that_is_wished(place, capsys, monkeypatch):
    monkeypatch.setattr("filterlab.batch.watching.QUIET", 0.01)
    (place / "in" / "0.png").write_bytes(b"no picture")
    status, _, err = call(capsys, "in", "--watch", "--fail-fast")
    assert status == 1
    assert "failed: in/0.png: it is not a picture" in err
