"""`filterlab merge`, `split` and `kernels` write pipelines with the same numbers, and say what they did."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl
from filterlab.cli import main


def convolution(rng, **options):
    return fl.Conv2d(weight=rng.normal(size=(4, 4, 3, 3)), padding=1, **options)


@pytest.fixture
def chain(tmp_path, rng):
    path = tmp_path / "chain.json"
    scale = fl.ScaleShift(weight=rng.normal(size=4))
    fl.Pipeline([("a", convolution(rng)), ("scale", scale), ("b", convolution(rng))]).save(path)
    return path


def same(one, other, node, channels=4, edge=0):
    image = np.random.default_rng(0).normal(size=(channels, 20, 20))
    before, after = (fl.Pipeline.load(path).run(image)[node] for path in (one, other))
    inside = np.s_[:, edge : 20 - edge, edge : 20 - edge]
    np.testing.assert_allclose(after[inside], before[inside], atol=1e-5 * np.ptp(before))


def test_merge_takes_what_is_exact_and_cheaper(chain, tmp_path, capsys):
    out = tmp_path / "out.json"
    assert main(["merge", str(chain), "--out", str(out), "--size", "4x20x20"]) == 0
    told = capsys.readouterr().out
    assert "'a' merged into 'scale': the same numbers everywhere" in told
    assert "scale: the numbers at the border would change: 'b' pads the map of 'scale'" in told
    same(chain, out, "b")
    assert main(["merge", str(chain), "--out", str(out)]) == 2
    assert "exists (choose another name, or --overwrite)" in capsys.readouterr().err


def test_merge_takes_the_named_nodes_and_tells_the_border(chain, tmp_path, capsys):
    out = tmp_path / "out.json"
    assert main(["merge", str(chain), "a", "scale", "--out", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["merged"] for entry in found["merged"]] == [["a"], ["scale"]]
    assert found["merged"][1]["differs"] == {"top": 1, "bottom": 1, "left": 1, "right": 1}
    assert found["kept"] == []
    same(chain, out, "b", edge=1)
    assert main(["merge", str(chain), "b", "--out", str(out), "--overwrite"]) == 2
    assert "no layer reads 'b'" in capsys.readouterr().err


def test_split_tells_errors_and_writes_columns_and_rows_or_a_cascade(tmp_path, capsys):
    whole, out = tmp_path / "blur.json", tmp_path / "out.json"
    assert main(["kernels", "gaussian", "size=11", "--out", str(whole)]) == 0
    capsys.readouterr()
    assert main(["split", str(whole), "gaussian", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["errors"][0] < 1e-6
    assert main(["split", str(whole), "gaussian", "--cascade", "3", "--out", str(out)]) == 0
    assert "split into 5 layers" in capsys.readouterr().out
    same(whole, out, "gaussian", 3)
    assert (
        main(["split", str(whole), "gaussian", "--rank", "1", "--out", str(out), "--overwrite", "--json"])
        == 0
    )
    assert json.loads(capsys.readouterr().out)["nodes"] == ["filter1", "gaussian"]
    same(whole, out, "gaussian", 3)
    assert main(["split", str(whole), "gaussian", "--rank", "1"]) == 2
    assert "--out goes with" in capsys.readouterr().err


def test_designed_responses_are_judged_and_written(tmp_path, capsys):
    out = tmp_path / "high.json"
    arguments = ["kernels", "band_filter", "size=21", "band=high-pass", "cutoff=0.2", "--out", str(out)]
    assert main(arguments) == 0
    assert "dB" in capsys.readouterr().out
    recipe = json.loads(out.read_text())["nodes"][0]["params"]["kernel"]
    assert recipe == {"preset": "band_filter", "size": 21, "band": "high-pass", "cutoff": 0.2}
    assert main([*arguments[:-2], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["achieved"]["leak"] < 0.1


def test_banks_are_listed_and_written_with_the_layer_that_steers(tmp_path, capsys):
    out, numbers = tmp_path / "bank.json", tmp_path / "bank.npy"
    assert main(["kernels", "--bank"]) == 0
    assert "steerable" in capsys.readouterr().out
    arguments = ["kernels", "--bank", "steerable", "order=2", "angles=5", "--channels", "3"]
    assert main([*arguments, "--out", str(out)]) == 0
    assert "G(144°) = 0.5602·G(0°) − 0.3195·G(60°) + 0.7811·G(120°)" in capsys.readouterr().out
    pipe = fl.Pipeline.load(out)
    assert pipe.output_shapes((3, 9, 9)) == {"bank1": (3, 9, 9), "steer1": (5, 9, 9)}
    assert main([*arguments, "--out", str(numbers), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["mixing"]) == 5
    assert np.load(numbers).shape == (3, 9, 9)
    assert main(["kernels", "--bank", "fan"]) == 2
    assert "there is no family 'fan'" in capsys.readouterr().err
