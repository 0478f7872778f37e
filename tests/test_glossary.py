"""The window and the lessons keep to the glossary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import filterlab
from tests.tools.translations import messages

GLOSSARY = Path(filterlab.__file__).parent / "GLOSSARY.md"
RESOURCES = GLOSSARY.parents[1] / "resources"
LESSONS = sorted([*RESOURCES.glob("lessons/*.json"), *RESOURCES.glob("exercises/*.json")])


def rows() -> list[list[str]]:
    text = GLOSSARY.read_text(encoding="utf-8").partition("Words of the code:")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def avoided() -> dict[str, str]:
    """Each word to avoid, and the term to use instead."""
    return {word.strip(): term for term, _, words in rows() for word in words.split(",")}


def offences(text: str) -> list[str]:
    lowered = text.lower()
    return [
        f"{text!r}: say {term!r}, not {word!r}"
        for word, term in avoided().items()
        if re.search(rf"\b{re.escape(word)}s?\b", lowered)
    ]


def english(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            if key == "en" and isinstance(value, str):
                yield value
            else:
                yield from english(value)
    elif isinstance(document, list):
        for value in document:
            yield from english(value)


def test_every_term_has_a_meaning_and_words_to_avoid():
    assert rows()
    assert all(len(row) == 3 and all(row) for row in rows())


def test_no_term_is_a_word_to_avoid():
    terms = {term for row in rows() for term in row[0].split(", ")}
    assert not terms & set(avoided())


def test_a_word_to_avoid_is_found():
    assert offences("Border modes are compared.")
    assert not offences("The padding mode is reflect.")


def test_the_window_keeps_to_the_glossary():
    assert [offence for text in sorted(messages()) for offence in offences(text)] == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lessons_keep_to_the_glossary(path):
    found = [offence for text in english(json.loads(path.read_text("utf-8"))) for offence in offences(text)]
    assert found == []
