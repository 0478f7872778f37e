"""Predictions on the real panel: right, wrong, hint and answer; what is covered until then, and what is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from filterlab.gui.bench.selection import Spot
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.lessons import LessonsPanel
from filterlab.gui.window import MainWindow
from filterlab.lessons import Lesson


def words(text):
    return {"en": text, "zh_CN": text}


CONV = {"name": "conv", "layer": "conv2d", "params": {"weight": [[[[0, 1], [2, 3]]]]}}
STEP = {
    "picture": {"values": [[0, 1, 2], [3, 4, 5], [6, 7, 8]]},
    "pipeline": {"nodes": [CONV, {"name": "relu", "layer": "relu"}]},
    "pin": ["conv", 0, 0, 0],
}


def predict(**kind):
    return {"text": words("Predict"), "hint": words("Multiply"), "cover": ["conv"], **kind}


LESSON = Lesson.model_validate(
    {
        "format": "filterlab-lesson/1",
        "rows": [1],
        "title": words("Title"),
        "about": words("About"),
        "name": "trial",
        "steps": [
            {
                **STEP,
                "text": words("It is so"),
                "question": {"text": words("Why?"), "answer": words("So")},
                "predict": predict(fact={"map": ["conv", [[19, 25], [37, 43]]]}),
            },
            {
                "text": words("It is so, too"),
                "predict": predict(
                    cover=["relu"],
                    right=1,
                    choices=[
                        {"text": words("smaller"), "fact": {"value": ["relu", 0, 0, 0, 0]}},
                        {"text": words("the same"), "fact": {"value": ["relu", 0, 0, 0, 19]}},
                    ],
                ),
            },
            {"text": words("The end")},
        ],
    }
)


@pytest.fixture
def panel(qtbot, bench):
    """The panel over an empty workbench."""
    made = LessonsPanel(bench)
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    return made


@pytest.fixture
def ready(qtbot, settle, bench):
    """Wait until the step is opened and computed, on the workbench or another."""

    def wait(other=None):
        used = other or bench
        qtbot.waitUntil(lambda: not used.background.busy)
        settle(used)

    return wait


@pytest.fixture
def play(panel, ready):
    """Play a step of the lesson: `play(place)`. Returns its card."""

    def bring(place=0):
        panel.player.start(LESSON, place)
        ready()
        return panel.page.prediction

    return bring


def fill(card, rows):
    for fields, numbers in zip(card.fields, rows, strict=True):
        for field, number in zip(fields, numbers, strict=True):
            field.setText(number)


def test_until_it_is_predicted_there_are_neither_maps_nor_words(panel, bench, play):
    card = play()
    assert card.isVisible()
    assert len(bench.document.pipeline) == 0
    assert bench.document.picture.shape == (1, 3, 3)
    assert bench.selection.pin is None
    assert not panel.page.text.isVisible()
    assert not panel.page.card.isVisible()


def test_a_right_prediction_shows_the_step(panel, bench, play, ready):
    card = play()
    fill(card, [["19", "25"], ["37", "43"]])
    card.check_button.click()
    ready()
    assert [node.name for node in bench.document.pipeline] == ["conv", "relu"]
    assert bench.selection.pin == Spot("conv", 0, 0, 0)
    assert panel.page.text.isVisible()
    assert panel.page.card.isVisible()
    assert card.feedback.accessibleName() == "Right: 19 25 / 37 43"
    assert not card.check_button.isVisible()


def test_a_wrong_one_brings_a_hint_and_can_be_mended(panel, bench, play, ready):
    card = play()
    fill(card, [["19", "25"], ["37", "42"]])
    card.check_button.click()
    assert card.feedback.accessibleName() == "Not yet. Multiply"
    assert len(bench.document.pipeline) == 0
    card.fields[1][1].setText("43.001")
    card.check_button.click()
    ready()
    assert panel.player.progress.right(LESSON, 0)


def test_what_is_no_number_is_asked_for_again(panel, play):
    card = play()
    fill(card, [["19", "25"], ["37", "many"]])
    card.check_button.click()
    assert "Type a number" in card.feedback.accessibleName()
    assert card.fields[1][1].hasFocus()
    assert not panel.player.settled


def test_the_answer_is_shown_to_who_asks_for_it(panel, bench, play, ready):
    card = play()
    card.reveal_button.click()
    ready()
    assert len(bench.document.pipeline) == 2
    assert card.feedback.accessibleName() == "The answer: 19 25 / 37 43"
    assert panel.player.settled
    assert not panel.player.progress.right(LESSON, 0)


def test_only_what_is_asked_about_is_covered(bench, play):
    play(1)
    assert [node.name for node in bench.document.pipeline] == ["conv"]
    assert bench.selection.node == "conv"


def test_a_choice_is_made_by_the_keyboard(panel, bench, play, ready, qtbot):
    card = play(1)
    card.check_button.click()
    assert card.feedback.accessibleName() == "Choose one of them."
    first, second = card.choices.buttons()
    assert (first.accessibleName(), second.accessibleName()) == ("smaller", "the same")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Space)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert card.feedback.accessibleName() == "Not yet. Multiply"
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Return)
    ready()
    assert card.feedback.accessibleName() == "Right: the same"
    assert len(bench.document.pipeline) == 2


def test_a_click_on_the_words_of_a_choice_chooses_it(play, qtbot):
    card = play(1)
    holder = card.choices.buttons()[1].parentWidget()
    shown = next(child for child in holder.children() if getattr(child, "text", str)() == "the same")
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    assert card.choices.checkedId() == 1


def test_the_keyboard_goes_through_a_step_with_a_prediction(panel, play, ready, qtbot):
    card = play(2)
    panel.page.back_button.setFocus()
    qtbot.keyClick(panel.page.back_button, Qt.Key.Key_Space)
    ready()
    assert card.choices.buttons()[0].hasFocus()
    panel.player.go(0)
    ready()
    for number in ("19", "25", "37", "43"):
        qtbot.keyClicks(QApplication.focusWidget(), number)
        if number != "43":
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    ready()
    assert panel.player.settled
    assert panel.page.next_button.hasFocus()


def test_fields_say_what_they_are(play):
    card = play()
    assert card.fields[1][0].accessibleName() == "Your prediction: row 1, column 0"
    assert card.question.accessibleName() == "Predict"


def test_answers_are_kept_and_can_be_forgotten(panel, bench, play, ready, qtbot):
    card = play()
    fill(card, [["19", "25"], ["37", "43"]])
    card.check_button.click()
    ready()
    later = Workbench(bench.folder)
    again = LessonsPanel(later)
    qtbot.addWidget(again)
    again.show()
    assert again.player.progress.predicted(LESSON) == (1, 2)
    again.player.start(LESSON)
    ready(later)
    assert len(later.document.pipeline) == 2
    again.page.prediction.retry_button.click()
    ready(later)
    assert len(later.document.pipeline) == 0
    assert again.player.progress.predicted(LESSON) == (0, 2)
    assert [[field.text() for field in row] for row in again.page.prediction.fields] == [["", ""], ["", ""]]
    later.close()
    later.deleteLater()


def test_the_list_says_how_many_were_right(panel, ready):
    lesson = LESSON.model_copy(update={"name": panel.lessons[0].name})
    panel.lessons[0] = lesson
    panel.player.progress.settle(lesson, 0, True)
    panel.player.changed.emit()
    assert panel.list.item(0).text() == "1  Title  1/2\nAbout"
    assert panel.list.item(0).data(Qt.ItemDataRole.AccessibleDescriptionRole) == "1 of 2 predictions right"


def test_the_learning_panel_gives_way_while_there_is_nothing_to_learn(panel, ready, qtbot):
    wanted = []
    panel.player.tab_wanted.connect(wanted.append)
    panel.load()
    panel.play("learning-sobel", 1)
    ready()
    assert wanted == ["explain"]
    panel.page.prediction.reveal_button.click()
    ready()
    assert wanted == ["explain", "learn"]


def test_the_window_shows_the_picture_with_its_numbers_meanwhile(qtbot, bench, ready):
    window = MainWindow(bench)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.lessons.player.start(LESSON)
    ready()
    assert window.centre.currentWidget() is window.wall
    window.lessons.page.prediction.reveal_button.click()
    ready()
    assert window.centre.currentWidget() is window.wall
    window.lessons.player.leave()
    ready()
    assert window.centre.currentWidget() is window.start_page
