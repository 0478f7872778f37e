"""Predictions: their answers are those of the pipeline, and are accepted as people type them."""

from __future__ import annotations

import pytest

from filterlab.errors import FileError
from filterlab.lessons import Prediction, answer, covered, false_facts, lessons, read_number, scene
from tests.lessons.test_reading import content, lesson, words

__all__ = ["lesson"]

STEPS = [(shown, place) for shown in lessons() for place in range(len(shown.steps))]
PREDICTIONS = [(shown, place) for shown, place in STEPS if shown.steps[place].predict is not None]


def asking(**kind):
    """A prediction."""
    return {"text": words("Predict"), "hint": words("Think"), "cover": ["sum"], **kind}


def prediction(**kind):
    """The same, read."""
    return Prediction.model_validate(asking(**kind))


def test_the_answer_asked_for_is_a_fact(lesson):
    assert false_facts(lesson(content(predict=asking(fact={"value": ["sum", 0, 0, 0, 8]})))) == []
    (found,) = false_facts(lesson(content(predict=asking(fact={"value": ["sum", 0, 0, 0, 9]}))))
    assert found == "lesson 'test', step 1: value ['sum', 0, 0, 0, 9] is really 8.0"


def test_only_the_right_choice_is_true(lesson):
    choices = [{"text": words(str(n)), "fact": {"value": ["sum", 0, 0, 0, n]}} for n in (7, 8, 9)]
    assert false_facts(lesson(content(predict=asking(choices=choices, right=1)))) == []
    found = false_facts(lesson(content(predict=asking(choices=choices, right=0))))
    assert found == [
        "lesson 'test', step 1: value ['sum', 0, 0, 0, 7] is really 8.0",
        "lesson 'test', step 1: value ['sum', 0, 0, 0, 8] is true, and stands for a wrong answer",
    ]


@pytest.mark.parametrize("wrong", [{}, {"choices": [], "fact": None}])
def test_a_prediction_asks_for_something(lesson, wrong):
    with pytest.raises(FileError, match="one of fact and choices"):
        lesson(content(predict=asking(**wrong)))


def test_the_right_choice_is_one_of_them(lesson):
    choices = [{"text": words("8"), "fact": {"value": ["sum", 0, 0, 0, 8]}}]
    with pytest.raises(FileError, match="index of one of 1 choices"):
        lesson(content(predict=asking(choices=choices, right=1)))


@pytest.mark.parametrize(
    ("fact", "right", "wrong", "text"),
    [
        ({"value": ["sum", 0, 0, 0, 8]}, [[8.004]], [[8.01]], "8"),
        ({"map": ["sum", [[8, 12], [20, 24]]]}, [[8, 12], [20, 24]], [[8, 12], [20, 25]], "8 12 / 20 24"),
        ({"shape": ["sum", [1, 2, 3]]}, [[2, 3]], [[3, 2]], "2 3"),
        ({"shape": ["sum", [4, 2, 3]]}, [[4, 2, 3]], [[4, 3, 2]], "4 2 3"),
        ({"value": ["sum", 0, 0, 0, 1.1111111]}, [[1.11]], [[1.2]], "1.111"),
        ({"macs": 22792000}, [[22792000]], [[22792001]], "22792000"),
        ({"parameters": 2058}, [[2058]], [[2059]], "2058"),
        ({"macs": ["sum", 12]}, [[12]], [[13]], "12"),
        (
            {"learned": {"steps": 1, "weight": [0.136, -0.456]}},
            [[0.14, -0.456]],
            [[0.14, 0.456]],
            "0.136 −0.456",
        ),
        ({"near": ["sum", 0, 0, 0, [0.1, 0.2]]}, [[0.19]], [[0.3]], "0.150"),
        ({"fitted": {"size": 5, "residual": [0.1, 0.2]}}, [[0.11]], [[0.3]], "0.150"),
    ],
)
def test_the_last_figure_of_a_fact_is_asked_for(fact, right, wrong, text):
    wanted = answer(prediction(fact=fact))
    assert wanted.accepts(right)
    assert not wanted.accepts(wrong)
    assert wanted.text == text


def test_figures_of_different_kinds_have_names():
    assert answer(prediction(fact={"shape": ["sum", [4, 2, 3]]})).names == ("channels", "rows", "columns")
    assert answer(prediction(fact={"shape": ["sum", [1, 2, 3]]})).names == ("rows", "columns")
    assert answer(prediction(fact={"shape": ["sum", [42]]})).names == ()
    assert answer(prediction(fact={"map": ["sum", [[1, 2]]]})).names == ()


def test_a_tolerance_is_in_the_units_of_the_answer():
    wanted = answer(prediction(fact={"sum": ["sum", 64]}, tolerance=2))
    assert wanted.accepts([[62]])
    assert not wanted.accepts([[61.9]])


@pytest.mark.parametrize(
    "fact", [{"same": ["a", "b"]}, {"fitted": {"unique": True}}, {"learned": {"off": [[[1, 2]], [0, 0.1]]}}]
)
def test_what_has_no_figures_cannot_be_asked_for(fact):
    with pytest.raises(FileError, match="no figures to ask for"):
        answer(prediction(fact=fact))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("-1", -1),
        ("−1", -1),
        (" 0.5 ", 0.5),
        ("0,5", 0.5),
        ("0,125", 0.125),
        ("2,058", 2058),
        ("22 792 000", 22792000),
        ("4/9", 4 / 9),
        ("1e-3", 0.001),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, number):
    assert read_number(typed) == pytest.approx(number)


@pytest.mark.parametrize("typed", ["", "many", "1/0", "1 + 1", "1e400", "1e99999999", "1e-9_999_999_9"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match="Invalid literal|is no number"):
        read_number(typed)


def test_what_reads_a_covered_node_is_covered_with_it(lesson):
    nodes = [
        {"name": "a", "layer": "relu", "inputs": ["image"]},
        {"name": "b", "layer": "relu", "inputs": ["a"]},
        {"name": "c", "layer": "relu", "inputs": ["image"]},
    ]
    read = lesson(content(pipeline={"nodes": nodes}))
    left = covered(scene(read, 0), prediction(cover=["a"], fact={"layers": 3}))
    assert [node.name for node in left.pipeline] == ["c"]


@pytest.mark.parametrize(("shown", "place"), PREDICTIONS, ids=lambda value: getattr(value, "name", value))
def test_each_prediction_of_a_lesson_can_be_asked(shown, place):
    asked = shown.steps[place].predict
    covered(scene(shown, place), asked)
    assert asked.choices or answer(asked).accepts(answer(asked).low)


def test_nearly_all_steps_ask_first():
    assert len(PREDICTIONS) >= 0.95 * len(STEPS)
