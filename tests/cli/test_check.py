"""`filterlab check`: a table, JSON, CSV, and the exit status, for right, wrong and hostile hand-ins."""

from __future__ import annotations

import csv
import json

import pytest

import filterlab as fl
from filterlab.cli import main


@pytest.fixture
def handins(tmp_path):
    """A right hand-in and a wrong one for `shift-right`."""
    right, wrong = tmp_path / "anna.json", tmp_path / "ben.safetensors"
    fl.Pipeline([fl.Filter2d(kernel=[[1, 0, 0, 0, 0]])]).save(right)
    fl.Pipeline([fl.Filter2d(kernel=[[0, 0, 0, 0, 1]])]).save(wrong)
    return str(right), str(wrong)


def test_a_right_hand_in_is_passed_with_status_0(handins, capsys):
    assert main(["check", handins[0], "shift-right"]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["hand-in", "passed", "score", "reason"]
    assert row.split()[1:] == ["yes", "100%"]


def test_a_wrong_one_fails_with_status_1_and_a_reason(handins, capsys):
    assert main(["check", *handins, "shift-right"]) == 1
    _, first, second = capsys.readouterr().out.splitlines()
    assert first.split()[1:] == ["yes", "100%"]
    assert "% of the values are wrong on a picture" in second


def test_csv_has_a_line_for_each_and_options_may_stand_anywhere(handins, tmp_path, capsys):
    target = tmp_path / "marks.csv"
    assert main(["check", handins[0], "--csv", str(target), handins[1], "shift-right"]) == 1
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["exercise"], row["passed"], row["score"]) for row in rows] == [
        ("shift-right", "yes", "1.0"),
        ("shift-right", "no", "0.0"),
    ]
    assert [row["name"] for row in rows] == list(handins)
    assert main(["check", handins[0], "shift-right", "--csv", str(target)]) == 2
    assert "exists" in capsys.readouterr().err
    assert main(["check", handins[0], "shift-right", "--csv", str(target), "--overwrite"]) == 0


def test_a_name_that_begins_as_a_formula_stays_a_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "=1+1.json").write_text("{}")
    assert main(["check", "=1+1.json", "denoise", "--csv", "marks.csv"]) == 1
    assert (tmp_path / "marks.csv").read_text().splitlines()[1].startswith("'=1+1.json,denoise,no,0.0,")


def test_json_has_every_check(handins, capsys):
    assert main(["check", handins[1], "odd-kernel", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert found["score"] == pytest.approx(1 / 3, abs=0.001)
    assert [check["kind"] for check in found["checks"]] == ["linear", "flat", "odd"]
    assert found["reason"] == found["checks"][1]["reason"] == "a flat picture of 0.25 becomes 0.25"


def test_files_that_are_no_pipelines_fail_and_the_others_are_checked(handins, tmp_path, capsys):
    bad = tmp_path / "code.py"
    bad.write_text("raise SystemExit(7)")
    assert main(["check", str(bad), str(tmp_path / "none.json"), handins[0], "shift-right"]) == 1
    _, code, missing, right = capsys.readouterr().out.splitlines()
    assert "is not a pipeline" in code
    assert "there is no such file" in missing
    assert right.split()[1] == "yes"


@pytest.mark.parametrize("words", [[], ["a.json"], ["a.json", "no-such-exercise"], ["a.json", "none.json"]])
def test_a_wrong_command_has_status_2(words, capsys):
    assert main(["check", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_list_names_exercises_and_lessons(capsys):
    assert main(["check", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert any(line.split()[:2] == ["keep-size", "padding"] for line in lines)
    assert main(["check", "--list", "--json"]) == 0
    assert "nodes" not in json.loads(capsys.readouterr().out)[0]
