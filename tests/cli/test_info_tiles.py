"""`filterlab info --memory` and `--tile`: what `filterlab run` would do with a picture of that size."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main
from filterlab.run.tiling import fitting


@pytest.fixture
def pipeline(tmp_path):
    path = tmp_path / "p.json"
    fl.Pipeline([("blur", fl.Filter2d(kernel=np.ones((5, 5)))), ("half", fl.MaxPool2d(2))]).save(path)
    return str(path)


def test_info_says_tiles_halo_peak_and_extra_work(pipeline, capsys, monkeypatch):
    monkeypatch.setattr(fitting, "thread_count", lambda: 2)  # each takes some of the memory
    assert main(["info", pipeline, "--size", "1x6000x6000", "--memory", "600M"]) == 0
    said = capsys.readouterr().out
    assert "in tiles of 2048x2048 pixels: 3 x 3, in 1 pass\n" in said
    assert "halo: a tile reads up to 4x4 pixels more" in said
    assert "extra work: 0." in said


def test_json_stays_a_list_of_nodes_with_the_tiles_beside_them(pipeline, capsys):
    assert main(["info", pipeline, "--size", "1x600x600", "--tile", "100", "--json"]) == 0
    blur, half = json.loads(capsys.readouterr().out)
    assert blur["tiling"] == {"made": "tiles"}
    assert half["tiling"]["grid"] == [6, 6]
    assert half["tiling"]["halo"] == [4, 4]


def test_too_little_memory_is_wrong_and_says_the_least(pipeline, capsys):
    assert main(["info", pipeline, "--size", "1x6000x6000", "--memory", "100M"]) == 2
    assert "M of memory, and may take 100M" in capsys.readouterr().err
