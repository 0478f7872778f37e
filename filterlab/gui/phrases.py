"""Sentences that the engine puts together with numbers and names, taken apart so that they can be translated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache

from filterlab.resources import resource

_FIELD = re.compile(r"\{(\d+)(?::g)?\}")
_NUMBER = r"(-?[\d.]+(?:e[+-]?\d+)?)"


def rephrase(text: str, translate: Callable[[str], str]) -> str:
    """`text` with the translation of the pattern it was made from, as "stride is {0}"; else as it is.

    {0:g} stands for a number alone. What stands in the fields may be made from patterns, too, or be a list.
    """
    for pattern, expression in _patterns():
        match = expression.fullmatch(text)
        if match:
            return _filled(translate(pattern), [_part(part, translate) for part in match.groups()])
    return text


def _part(text: str, translate: Callable[[str], str]) -> str:
    """A part of a sentence: a text, a sentence, or several with commas between them."""
    found = translate(text)
    if found == text and " " in text:  # names and numbers have no blanks
        found = rephrase(text, translate)
    if found == text and ", " in text:
        found = ", ".join(translate(part) for part in text.split(", "))
    return found


def _filled(pattern: str, parts: list[str]) -> str:
    return _FIELD.sub(lambda field: parts[int(field[1])], pattern)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Patterns and what finds them; those that say most come first, of those, what begins or counts by itself."""
    patterns: list[str] = json.loads(resource("translations", "patterns.json").read_text(encoding="utf-8"))
    patterns.sort(key=_rank)
    return [(pattern, re.compile(_expression(pattern), re.DOTALL)) for pattern in patterns]


def _rank(pattern: str) -> tuple[int, bool, int]:
    return -len(_FIELD.sub("", pattern)), pattern.startswith("{"), -pattern.count(":g}")


def _expression(pattern: str) -> str:
    kinds = iter(_NUMBER if found[0].endswith(":g}") else "(.*?)" for found in _FIELD.finditer(pattern))
    parts = _FIELD.split(pattern)
    return "".join(next(kinds) if i % 2 else re.escape(part) for i, part in enumerate(parts))
