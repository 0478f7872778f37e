"""Running text: room between lines, numbers in one piece, and plain text for screen readers."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFont, QTextDocument

from filterlab.gui.lessons.prose import Prose, html


@pytest.fixture
def prose(qtbot):
    made = Prose()
    qtbot.addWidget(made)
    return made


def test_what_is_shown_is_heard_without_its_marks(prose):
    prose.say("The map is **3 × 3**: `1 2 / 3 4`.\n\nNext.")
    assert prose.accessibleName() == "The map is 3 × 3: 1 2 / 3 4.\nNext."
    shown = QTextDocument()
    shown.setHtml(prose.text())
    assert shown.toPlainText().split() == prose.accessibleName().split()


def test_sizes_and_numbers_in_code_do_not_break(qapp):
    shown = QTextDocument()
    shown.setHtml(html("a 3 × 3 `0 1 / 2 3` × 4 b 12 800 c 98 %", QFont()))
    assert re.findall("[^ ]+", shown.toRawText()) == [
        "a",
        "3\u00a0×\u00a03",
        "0\u00a01\u00a0/\u00a02\u00a03",
        "×",
        "4",
        "b",
        "12\u00a0800",
        "c",
        "98\u00a0%",
    ]


def test_code_that_is_longer_than_a_line_breaks(qapp):
    shown = QTextDocument()
    shown.setHtml(html("`2 0 1 3 / 1 4 0 2 / 3 1 2 0 / 0 2` and `4 1 / 2 3`", QFont()))
    assert "3 / 1" in shown.toRawText()
    assert "1\u00a0/\u00a02" in shown.toRawText()


def test_lines_are_alike_in_height(qapp):
    font = QFont()
    document = QTextDocument()
    document.setHtml(html("one `code`\n\ntwo **words**", font))
    heights = {document.findBlockByNumber(i).blockFormat().lineHeight() for i in range(document.blockCount())}
    assert len(heights) == 1
    assert heights.pop() > 0
