"""What the README says is true: its commands, its Python and its pictures."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

import filterlab as fl
from filterlab.cli import main
from filterlab.run import files

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


COMMANDS = [line for block in blocks("") for line in block.splitlines() if line.startswith("filterlab ")]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the resources that the README names, to write beside."""
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_run(command, here, capsys):
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out


def test_its_python_runs_and_its_comments_are_true(here):
    (code,) = blocks("python")
    names = {}
    exec(code, names)
    assert names["image"].shape == (3, 300, 451)
    assert names["pipe"].receptive_field("pool").size == (4, 4)
    assert fl.Pipeline.load(here / "edges.json") == names["pipe"]
    assert (here / "edges.png").is_file()


def test_its_pipeline_is_the_example():
    (text,) = blocks("json")
    example = fl.Pipeline.load(ROOT / "resources" / "pipelines" / "edges.json")
    assert files.from_dict(json.loads(text)) == example


def test_its_links_and_targets_exist():
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / link).exists(), link
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^make (\w+)", TEXT, re.MULTILINE)) | set(re.findall(r"`make (\w+)`", TEXT))
    assert targets >= {"demo", "test", "lint", "bench"}
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
