"""Sentences that the engine puts together with numbers and names, taken apart so that they can be translated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache

from filterlab.resources import resource

_FIELD = re.compile(r"\{(\d+)\}")


def rephrase(text: str, translate: Callable[[str], str]) -> str:
    """`text` with the translation of the pattern it was made from, as "stride is {0}"; else as it is."""
    for pattern, expression in _patterns():
        match = expression.fullmatch(text)
        if match:
            return _filled(translate(pattern), [translate(part) for part in match.groups()])
    return text


def _filled(pattern: str, parts: list[str]) -> str:
    return _FIELD.sub(lambda field: parts[int(field[1])], pattern)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Patterns and what finds them; those that say most come first."""
    patterns: list[str] = json.loads(resource("translations", "patterns.json").read_text(encoding="utf-8"))
    patterns.sort(key=lambda pattern: -len(_FIELD.sub("", pattern)))
    return [(pattern, re.compile(_expression(pattern), re.DOTALL)) for pattern in patterns]


def _expression(pattern: str) -> str:
    parts = _FIELD.split(pattern)
    return "".join("(.*?)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
