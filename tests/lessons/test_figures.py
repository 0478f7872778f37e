"""The figures that stand in the words of the lessons are true, and changing any of them is noticed."""

from __future__ import annotations

import re

import pytest

from filterlab.lessons import lessons
from tests.lessons import figures

LESSONS = {lesson.name: lesson for lesson in lessons()}
# What a lesson may say although nothing that it shows or claims bears it out.
GIVEN = {
    "correlation": {"180", "-3", "-1"},  # degrees; a kernel minus its turned twin
    "network": {"1998"},  # a year
    "learning-sobel": {"-1", "-2", "-4", "−4", "25", "15 876"},  # Sobel's kernel; degrees; 126 × 126 places
    "unknown-blur": {
        "15 376",
        "33 000",
        "144",
        "255",
    },  # 124 × 124 and 12 × 12 places; 182²; the largest byte
    "denoising": {"−10", "4000"},  # of the formula of PSNR; steps of training that the example has behind it
    "digits": {"1797", "1438", "9", "5", "69"},  # the pictures that come along; names of digits; 246 of 359
}


@pytest.mark.parametrize("name", LESSONS)
def test_figures_in_the_words_are_borne_out(name):
    assert figures.unfounded(LESSONS[name], GIVEN.get(name, ())) == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_figure_that_is_changed_is_noticed(name):
    lesson, given, unnoticed = LESSONS[name], GIVEN.get(name, ()), []
    for index, step in enumerate(lesson.steps):
        basis = figures.known(lesson, index)
        for text in (text for words in figures.step_texts(step) for text in (words.en, words.zh_CN)):
            for found in re.finditer(rf"(?<=\*\*){figures.NUMBER}(?=\*\*| )", text):
                wrong = f"{7 * figures.value(found[0]) + 1009.37:.2f}"
                broken = text[: found.start()] + wrong + text[found.end() :]
                if not list(figures.doubts(broken, basis, given)):
                    unnoticed.append((found[0], wrong))
    assert unnoticed == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0×0 + 1×1 + 3×2 + 4×3 = **19**", [("0×0 + 1×1 + 3×2 + 4×3", 19)]),
        ("⌊(8 + 2 − 3) / 2⌋ + 1 = 4 windows", [("⌊(8 + 2 − 3) / 2⌋ + 1", 4)]),
        ("3 channels × 9 cells + 1 bias = 28", [("3 channels × 9 cells + 1 bias", 28)]),
        ("3 个通道 × 9 格 + 1 个偏置 = 28", [("3 个通道 × 9 格 + 1 个偏置", 28)]),
        ("(16 × 149 × 225 × 10 = 5 364 000, only)", [("(16 × 149 × 225 × 10", 5364000)]),
        ("falls to 4/9 = 0.444", [("4/9", 4 / 9)]),
        ("in conv1, 1024 + 12 800 = 13 824 with it", [("1024 + 12 800", 13824)]),
    ],
)
def test_equations_are_read(text, found):
    read = figures.equations(text)
    assert [expression for expression, _, _ in read] == [expression for expression, _ in found]
    for (expression, written, _), (_, real) in zip(read, found, strict=True):
        assert figures.result(expression) == pytest.approx(real)
        assert figures.agree(written, real)


def test_numbers_are_read():
    assert figures.numbers("`-3 -1 / 1 3`, rows 0–2, −1 or 8 − 3, 12 800.5 of VGG-16's conv1_2; 3 × 3") == [
        *("-3", "-1", "1", "3", "0", "2", "−1", "8", "3", "12 800.5", "3", "3")
    ]


@pytest.mark.parametrize(
    "text",
    ["2 + 2 = 5", "48 120 / 61 706 = 79 %", "it has 77 rows", "**1.56 million** and 3.2", "第 78 行"],
)
def test_what_is_not_so_is_named(text):
    basis = figures.known(LESSONS["pooling"], 0)
    assert list(figures.doubts(text, basis))
