"""Exercises: a solution of each passes, wrong hand-ins get a sentence that helps, and hostile ones are refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import filterlab as fl
from filterlab.lessons import lessons
from filterlab.lessons.exercises import check_file, check_pipeline, exercise, exercises, read_exercise
from filterlab.lessons.exercises.check import Check
from filterlab.lessons.exercises.pictures import SORTS, SeededPicture
from tests.lessons.solutions import SOLUTIONS, WRONG

EXERCISES = {task.name: task for task in exercises()}


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Checks may take as long as they do on a machine that is busy, or that compiles their loops."""
    monkeypatch.setattr("filterlab.lessons.exercises.trial.SECONDS", 600)


def test_there_are_twenty_exercises_or_more_and_each_belongs_to_a_lesson():
    assert len(EXERCISES) >= 20
    assert {task.lesson for task in EXERCISES.values()} <= {lesson.name for lesson in lessons()}


def test_every_kind_of_check_is_used_by_an_exercise():
    used = {check.kind for task in EXERCISES.values() for check in task.checks}
    assert used == set(Check.kinds)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes(name):
    verdict = check_pipeline(SOLUTIONS[name](), EXERCISES[name])
    assert verdict.passed, verdict.reason
    assert verdict.score == 1


@pytest.mark.parametrize(("name", "handin", "words"), WRONG, ids=lambda value: str(value)[:20])
def test_a_wrong_hand_in_gets_a_sentence(name, handin, words):
    verdict = check_pipeline(handin(), EXERCISES[name])
    assert not verdict.passed
    assert words in verdict.reason


def test_every_exercise_has_a_wrong_hand_in():
    assert {name for name, _, _ in WRONG} == set(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_empty_pipeline_and_the_picture_itself_do_not_pass(name):
    task = EXERCISES[name]
    assert check_pipeline(fl.Pipeline(), task).reason == "the pipeline has no layers"
    assert not check_pipeline(fl.Pipeline([fl.Filter2d(kernel=[[1]])]), task).passed


@pytest.mark.parametrize("sort", SORTS)
def test_pictures_are_the_same_for_the_same_seed_and_others_for_another(sort):
    first, again, other = (
        SeededPicture(sort=sort, shape=(1, 64, 64), seed=seed).pixels() for seed in (1, 1, 2)
    )
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


# -- hostile hand-ins --------------------------------------------------------------------------------------


def test_too_much_work_is_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(fl.Pipeline, "run", lambda *_, **__: pytest.fail("it was run"))
    weight = np.ones((1, 1, 201, 201), np.float32)
    greedy = fl.Pipeline([fl.Conv2d(weight=weight, padding=100) for _ in range(20)])
    assert "multiply-adds, and may take 1 G" in check_pipeline(greedy, EXERCISES["denoise"]).reason


def test_too_many_layers_parameters_or_bytes_are_refused():
    task = EXERCISES["denoise"]
    assert "has 101 layers" in check_pipeline(fl.Pipeline([fl.ReLU()] * 101), task).reason
    large = fl.Conv2d(weight=np.zeros((1, 1, 1001, 1001), np.float32), padding=500)
    assert "1,002,001 parameters" in check_pipeline(fl.Pipeline([large]), task).reason
    assert "its maps take" in check_pipeline(fl.Pipeline([fl.Upsample(150)]), task).reason


def test_the_clock_stops_what_multiply_adds_do_not_count(monkeypatch):
    monkeypatch.setattr("filterlab.lessons.exercises.trial.SECONDS", -1)
    assert "it takes longer than" in check_pipeline(SOLUTIONS["denoise"](), EXERCISES["denoise"]).reason


def test_the_clock_forgives_what_compiling_takes(monkeypatch):
    now = [0.0]
    run = fl.Pipeline.run

    def compiles_first(pipeline, *arguments, **options):
        now[0] += 1000 if now[0] == 0 else 1
        return run(pipeline, *arguments, **options)

    monkeypatch.setattr("filterlab.lessons.exercises.trial.monotonic", lambda: now[0])
    monkeypatch.setattr(fl.Pipeline, "run", compiles_first)
    verdict = check_pipeline(SOLUTIONS["denoise"](), EXERCISES["denoise"])
    assert verdict.passed, f"only the first call is slow, and the verdict is: {verdict.reason}"


def test_values_that_are_not_finite_do_not_pass():
    endless = fl.Pipeline([fl.Filter2d(kernel=[[1e38]], divisor=1e-30)])
    assert "infinite or not numbers" in check_pipeline(endless, EXERCISES["running-mean"]).reason


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", "JSON"),
        ("b.json", b'{"format": "filterlab/1", "nodes": [{"layer": "exec"}]}', "exec"),
        ("c.safetensors", b"\xff" * 40, "safetensors"),
        ("d.py", b"raise SystemExit", "is not a pipeline: hand in .json, .safetensors"),
        ("e.pkl", b"\x80\x04", "is not a pipeline"),
        ("f.onnx", b"", "is not a pipeline"),
    ],
)
def test_a_file_that_is_no_pipeline_is_refused_in_words(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    verdict = check_file(path, EXERCISES["denoise"])
    assert not verdict.passed
    assert verdict.score == 0
    assert words in verdict.reason


def test_a_missing_file_is_refused_in_words(tmp_path):
    assert check_file(tmp_path / "no.json", EXERCISES["denoise"]).reason == "there is no such file"


# -- files of exercises ------------------------------------------------------------------------------------


def test_an_unknown_exercise_is_named_with_those_there_are():
    with pytest.raises(fl.FilterLabError, match=r"no exercise 'dens'.*denoise"):
        exercise("dens")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"checks": [{"kind": "magic"}]}, "checks, 0"),
        ({"checks": [{"kind": "cost", "picture": [1, 0, 4]}]}, "checks, 0"),
        ({"hints": []}, "hints"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_exercise_says_where(tmp_path, change, place):
    content = json.loads(EXERCISES["halve"].model_dump_json(exclude={"name", "checks"}))
    path = tmp_path / "own.json"
    path.write_text(json.dumps({**content, "checks": [{"kind": "layers", "most": 1}], **change}))
    with pytest.raises(fl.FilterLabError, match=f"{place}.*: it is not an exercise"):
        read_exercise(path)


def test_an_exercise_of_a_teacher_is_read_from_its_file(tmp_path):
    content = json.loads(EXERCISES["halve"].model_dump_json(exclude={"name", "checks"}))
    path = tmp_path / "own.json"
    path.write_text(json.dumps({**content, "checks": [{"kind": "layers", "most": 1}]}))
    task = exercise(str(path))
    assert task.name == "own"
    assert check_pipeline(fl.Pipeline([fl.ReLU()]), task).passed
    assert not check_pipeline(fl.Pipeline([fl.ReLU(), fl.ReLU()]), task).passed
