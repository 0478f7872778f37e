"""Every lesson opens and runs in every step, says true figures, and says everything in both languages."""

from __future__ import annotations

import re

import pytest

from filterlab.lessons import false_facts, lessons, scene
from tests.lessons.figures import step_texts

LESSONS = {lesson.name: lesson for lesson in lessons()}
ROWS = range(1, 17)  # the items of the subject


def texts(lesson):
    """Title, line about it, and the words, predictions, questions and answers of all steps."""
    yield lesson.title
    yield lesson.about
    for step in lesson.steps:
        yield from step_texts(step)


@pytest.mark.parametrize("row", ROWS)
def test_each_item_of_the_subject_has_a_lesson(row):
    assert [lesson.name for lesson in LESSONS.values() if row in lesson.rows]


@pytest.mark.parametrize("name", LESSONS)
def test_its_figures_are_true(name):
    assert false_facts(LESSONS[name]) == []
    assert all(step.claims for step in LESSONS[name].steps)


@pytest.mark.parametrize("name", LESSONS)
def test_what_it_selects_and_pins_is_there(name):
    lesson = LESSONS[name]
    assert lesson.steps[0].pipeline is not None
    for index, step in enumerate(lesson.steps):
        shown = scene(lesson, index)
        shapes = shown.pipeline.output_shapes(shown.pixels.shape)
        assert step.select in ("", *shapes)
        assert {"image", *shapes} >= set(step.hide)
        if step.pin is not None:
            node, *place = step.pin
            shape = (*shapes[node], 1, 1)[:3]
            assert all(position < size for position, size in zip(place, shape, strict=True))


@pytest.mark.parametrize("name", LESSONS)
def test_it_asks_something(name):
    assert any(step.question or step.predict for step in LESSONS[name].steps)


@pytest.mark.parametrize("name", LESSONS)
def test_both_languages_say_the_same_figures(name):
    for words in texts(LESSONS[name]):
        assert not re.search("[\u4e00-\u9fff]", words.en)
        # A choice may be a number alone.
        assert re.search("[\u4e00-\u9fff]", words.zh_CN) or words.en == words.zh_CN
        # In code, numbers stand as in the window: they are the same in every language.
        assert sorted(re.findall("`[^`]*`", words.en)) == sorted(re.findall("`[^`]*`", words.zh_CN)), words.en
        assert words.en.count("**") == words.zh_CN.count("**"), words.en


@pytest.mark.parametrize("name", LESSONS)
def test_pooling_has_both_of_its_chinese_names_where_it_first_occurs(name):
    said = [words.zh_CN for step in LESSONS[name].steps for words in step_texts(step)]
    first = next((text for text in said if "汇聚" in text or "池化" in text), "汇聚（池化）")
    assert "池化" in first
    assert "汇聚" in first


def test_titles_differ():
    assert len({lesson.title for lesson in LESSONS.values()}) == len(LESSONS)


def test_words_fall_back_to_english():
    words = LESSONS["correlation"].title
    assert words.said("fr") == words.said("en") == words.en
    assert words.said("zh_CN") == words.zh_CN
