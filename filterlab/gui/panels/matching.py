"""Finding a command by a few letters of its words, which may come in any order. No Qt."""

from __future__ import annotations

import re

WHOLE, START, INSIDE, SCATTERED = 8, 6, 3, 1


def score(query: str, text: str) -> int:
    """Score how well `text` matches `query`; 0 where it does not: every word of the query must be found in the text.

    A whole word counts most, then the start of one, then letters inside a word, then letters with gaps between.
    """
    low = text.casefold()
    words = re.findall(r"\w+", low)
    # Not 0, which stands for no match: an empty query matches everything.
    total = 1
    for part in query.casefold().split():
        points = _points(part, low, words)
        if not points:
            return 0
        total += points
    return total


def mentioned(query: str, text: str) -> bool:
    """Whether every word of the query stands somewhere in `text`."""
    low = text.casefold()
    return all(part in low for part in query.casefold().split())


def _points(part: str, text: str, words: list[str]) -> int:
    if part in words:
        return WHOLE
    if any(word.startswith(part) for word in words):
        return START
    if part in text:
        return INSIDE
    return SCATTERED if _in_order(part, words) else 0


def _in_order(part: str, words: list[str]) -> bool:
    """Return whether the letters occur in this order, the first at the start of a word ("shks" in "show kernels")."""
    return any(
        word.startswith(part[0]) and _subsequence(part, "".join(words[i:])) for i, word in enumerate(words)
    )


def _subsequence(part: str, text: str) -> bool:
    letters = iter(text)
    # `in` consumes the iterator up to the letter it finds, so each is looked for behind the one before.
    return all(letter in letters for letter in part)
