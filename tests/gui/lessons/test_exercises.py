"""Exercises on the real panel: a right and a wrong pipeline, hints, and what is kept."""

from __future__ import annotations

import pytest

import filterlab as fl
from filterlab.gui.lessons import LessonsPanel
from filterlab.gui.lessons.progress import Progress
from filterlab.lessons import lessons


@pytest.fixture
def panel(qtbot, bench, predicted):
    """The panel over an empty workbench."""
    made = LessonsPanel(bench)
    qtbot.addWidget(made)
    made.resize(340, 900)
    made.show()
    return made


@pytest.fixture
def ready(qtbot, bench, settle):
    """Wait until the step is opened, or the pipeline checked."""

    def wait():
        qtbot.waitUntil(lambda: not bench.background.busy)
        settle(bench)

    return wait


@pytest.fixture
def card(panel, ready):
    """The exercise of the lesson on padding, at its last step."""
    panel.play("padding", len(lesson("padding").steps) - 1)
    ready()
    (found,) = panel.page.exercises.cards
    return found


def lesson(name):
    return next(found for found in lessons() if found.name == name)


def said(prose):
    return prose.accessibleName()


def hand_in(bench, padding):
    weight = [[[[1.0] * 5] * 5]]
    bench.document.edit("try", fl.Pipeline([fl.Conv2d(weight=weight, padding=padding)]))


def test_the_last_step_of_a_lesson_offers_its_exercise(card, panel):
    assert card.isVisible()
    assert card.heading.text() == "Try it yourself: 5 × 5, and the size stays"
    assert "as large as the picture" in said(card.task)
    panel.player.go(0)
    assert not panel.page.exercises.isVisible()


def test_a_lesson_without_exercises_offers_none(panel, ready):
    panel.play("equivariance", len(lesson("equivariance").steps) - 1)
    ready()
    assert not panel.page.exercises.isVisible()


def test_a_right_pipeline_is_solved_and_that_is_kept(card, bench, ready):
    hand_in(bench, 2)
    card.check_button.click()
    assert said(card.feedback) == "Checking…"
    ready()
    assert said(card.feedback) == "Solved: the pipeline passes all checks."
    assert card.heading.text().startswith("Try it yourself, solved: ")
    assert Progress(bench.settings).solved("keep-size")


def test_a_wrong_pipeline_gets_a_reason_and_can_be_checked_again(card, bench, ready):
    hand_in(bench, 1)
    card.check_button.click()
    ready()
    assert (
        said(card.feedback)
        == "Not yet: a picture of 1 x 20 x 20 becomes 1 x 18 x 18, and should become 20 x 20."
    )
    assert not Progress(bench.settings).solved("keep-size")
    hand_in(bench, 2)
    card.check_button.click()
    ready()
    assert said(card.feedback).startswith("Solved")


def test_hints_come_one_by_one_and_stay(card, panel):
    assert not card.hints.isVisible()
    assert card.hint_button.text() == "Hint 1 of 2"
    card.hint_button.click()
    assert "how many rows are lost" in said(card.hints)
    assert "Half of them" not in said(card.hints)
    card.hint_button.click()
    assert "Half of them" in said(card.hints)
    assert not card.hint_button.isEnabled()
    panel.player.changed.emit()
    assert panel.page.exercises.cards == [card]
    assert "Half of them" in said(card.hints)


def test_the_keyboard_stays_in_the_card(card, qtbot, ready):
    card.window().activateWindow()
    card.hint_button.setFocus()
    qtbot.waitUntil(card.hint_button.hasFocus)
    card.hint_button.click()
    assert card.hint_button.hasFocus()
    card.hint_button.click()
    assert card.check_button.hasFocus()
    card.check_button.click()
    assert card.check_button.hasFocus()
    ready()
    assert card.check_button.hasFocus()


def test_leaving_the_lesson_while_it_is_checked_keeps_what_was_solved(card, panel, bench, ready):
    hand_in(bench, 2)
    card.check_button.click()
    panel.play("equivariance", len(lesson("equivariance").steps) - 1)
    ready()
    assert Progress(bench.settings).solved("keep-size")


def test_what_was_solved_is_marked_when_the_lesson_is_opened_again(card, panel, ready, bench):
    Progress(bench.settings).mark_solved("keep-size")
    panel.player.go(0)
    panel.player.go(len(panel.player.lesson.steps) - 1)
    ready()
    assert "solved" in panel.page.exercises.cards[0].heading.text()


def test_names_with_marks_of_markdown_are_shown_as_they_are(card, bench, ready):
    layers = [("_a_", fl.Filter2d(kernel=[[1]])), ("__b__", fl.ReLU())]
    bench.document.edit("try", fl.Pipeline(layers))
    card.check_button.click()
    ready()
    assert "'__b__' is not one of the layers" in said(card.feedback)
