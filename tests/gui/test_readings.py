"""The question which kernel is meant: what is shown of the readings, and what is answered."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from filterlab.gui.bench.work import Picture
from filterlab.gui.inspector.facts import PictureFacts
from filterlab.gui.panels.readings import ReadingsDialog, kernel_text, reading_words
from filterlab.kernels import readings


@pytest.fixture
def ask(qtbot):
    """`ask(text)`: the open dialog about this text."""

    def make(text):
        dialog = ReadingsDialog(readings(text), "k.txt")
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


WORDS = {
    "1,5 2,5": [["commas between cells"], ["decimal commas"]],
    "1,5;2,5": [
        ["commas between cells", "semicolons between rows"],
        ["decimal commas", "semicolons between cells"],
        ["decimal commas", "semicolons between rows"],
    ],
    "[1;2\n3;4]": [["semicolons between rows"], ["semicolons between cells"]],
    "10\xa0000": [["spaces between cells"], ["digits in groups of three"]],
    "1,250\t2,500": [["decimal commas"], ["digits in groups of three"]],
}


@pytest.mark.parametrize("text", WORDS)
def test_the_words_tell_the_readings_apart(text):
    found = readings(text)
    assert [reading_words(reading, found) for reading in found] == WORDS[text]


def test_each_button_shows_and_gives_its_kernel(ask):
    for number, kernel in enumerate(([[1, 5, 2, 5]], [[1.5, 2.5]])):
        dialog, heard = ask("1,5 2,5"), []
        dialog.chosen.connect(heard.append)
        button = dialog.buttons[number]
        assert button.text().endswith(kernel_text(np.array(kernel)))
        assert kernel_text(np.array(kernel)) in button.accessibleName()
        button.click()
        assert [chosen.tolist() for chosen in heard] == [kernel]
        assert not dialog.isVisible()


def test_of_a_large_kernel_the_first_cells_are_shown():
    lines = kernel_text(np.arange(-60, 60, 1.0).reshape(10, 12)).split("\n")
    assert lines[0] == "−60  −59  −58  −57  −56  −55  −54  …"
    assert len(lines) == 8
    assert lines[-1] == "…"
    assert kernel_text(np.array([[1, -10], [0.5, 2]])) == "  1  −10\n0.5    2"


def test_the_name_of_a_file_is_no_markup(qtbot):
    dialog = ReadingsDialog(readings("1,5 2,5"), "<h1>k</h1><img src='x'>.txt")
    qtbot.addWidget(dialog)
    (question,) = [label for label in dialog.findChildren(QLabel) if "<h1>" in label.text()]
    assert question.textFormat() == Qt.TextFormat.PlainText


def test_the_name_of_a_picture_is_no_markup(qtbot):
    facts = PictureFacts()
    qtbot.addWidget(facts)
    facts.follow(Picture("<b>cat</b>.png", np.zeros((1, 2, 2), np.float32)), None)
    assert facts.labels["name"].textFormat() == Qt.TextFormat.PlainText
    assert facts.labels["path"].textFormat() == Qt.TextFormat.PlainText
