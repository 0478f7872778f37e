from __future__ import annotations

import pytest

from filterlab.gui.panels.matching import score


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Open a picture"),
        ("open pic", "Open a picture"),
        ("pic OPEN", "Open a picture"),
        ("shks", "Show kernels"),
        ("ernel", "Show kernels"),
        ("über", "Über FilterLab"),
    ],
)
def test_found(query, text):
    assert score(query, text) > 0


@pytest.mark.parametrize(
    ("query", "text"), [("save", "Open a picture"), ("open zz", "Open"), ("kz", "Make masks")]
)
def test_not_found(query, text):
    assert score(query, text) == 0


def test_whole_words_come_before_starts_before_letters_inside_before_scattered_ones():
    texts = ["Pin", "Pinned value", "Unpin", "Paste into"]
    scores = [score("pin", text) for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4
