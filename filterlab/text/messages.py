"""Sentences that remember what they were made from, so that they can be said in another language.

An error, a note or the name of an operation is a template with values: `say("stride is {!r}", 0)`. It reads as the
English sentence and passes for a string everywhere. To say it in another language, the template "stride is {0}" is
translated and filled with the same values, so that no sentence ever has to be taken apart again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from string import Formatter
from typing import Any, Self

_FORMATTER = Formatter()
_PLURALS = ("(s)", "(es)")
Translate = Callable[[str], str]


class Message(str):
    """A sentence with its template, whose fields are {0}, {1}, ..., and the value of each: a text or a sentence."""

    template: str
    values: tuple[str, ...]

    def __new__(cls, template: str, values: tuple[str, ...]) -> Self:
        made = super().__new__(cls, _filled(template, values))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, tuple[str, ...]]]:
        # Errors are pickled on the way from worker processes to their parent; str alone would lose the template.
        return Message, (self.template, self.values)

    # Sentences that are joined stay translatable: "did you mean 'relu'? " + "allowed: ...".
    def __add__(self, other: str) -> Message:
        return Message("{0}{1}", (self, other))

    def __radd__(self, other: str) -> Message:
        return Message("{0}{1}", (other, self))

    def translated(self, translate: Translate) -> str:
        """The sentence in another language. translate: maps templates and plain texts to that language."""
        return _filled(translate(self.template), tuple(spoken(value, translate) for value in self.values))


def say(template: str, /, *values: Any) -> Message:
    """The sentence of a template with {} fields, which may have conversions and formats as in `str.format`.

    Fields are numbered, {0}, where a value is used twice or out of order. A word ends with (s) or (es) where it agrees
    with the number in the field before it: "{} channel(s)". A template without values is taken literally, braces
    included.
    """
    if not values:
        return Message(template, ())
    places = [
        (place, form, conversion) for _, place, form, conversion in _parsed(template) if place is not None
    ]
    texts = {place: _text(values[place], form, conversion) for place, form, conversion in places}
    assert len(texts) == len(values), f"{template!r} has {len(texts)} fields for {len(values)} values"
    return Message(numbered(template), tuple(texts[place] for place in range(len(values))))


def numbered(template: str) -> str:
    """A template as messages keep it and translators see it: "{!r} is not {}" becomes "{0} is not {1}"."""
    parts = []
    for literal, place, _, _ in _parsed(template):
        parts.append(literal.replace("{", "{{").replace("}", "}}"))
        parts.append("" if place is None else f"{{{place}}}")
    return "".join(parts)


def _parsed(template: str) -> Iterator[tuple[str, int | None, str, str | None]]:
    """Pairs of literal text and the field after it: (text, number of the field or None, format, conversion)."""
    following = itertools.count()
    for literal, name, form, conversion in _FORMATTER.parse(template):
        place = None if name is None else int(name) if name else next(following)
        yield literal, place, form or "", conversion


def count(number: int, one: str, many: str, /, *values: Any) -> Message:
    """The sentence of the template `one` for the number 1, of `many` for all others.

    The first field is the number, with commas at thousands; `values` fill the fields after it.
    """
    return say(one if number == 1 else many, f"{number:,}", *values)


def spoken(text: str, translate: Translate) -> str:
    """A text in another language: a sentence, a word, or a list of words separated by commas."""
    if isinstance(text, Message):
        return text.translated(translate)
    found = translate(text)
    if found == text and ", " in text:
        return ", ".join(translate(part) for part in text.split(", "))
    return found


def _filled(template: str, values: tuple[str, ...]) -> str:
    """A template with its values filled in. Without values it is literal text, which may contain braces."""
    if not values:
        return template
    parts, number = [], ""
    for literal, place, _, _ in _parsed(template):
        parts.append(_agreeing(literal, number))
        if place is not None:
            number = str.__str__(values[place])
            parts.append(number)
    return "".join(parts)


def _agreeing(words: str, number: str) -> str:
    """Words after a number, with its singular or plural. Languages without plurals have no such marks."""
    for mark in _PLURALS:
        words = words.replace(mark, "" if number == "1" else mark.strip("()"))
    return words


def _text(value: Any, form: str, conversion: str | None) -> str:
    """The value of a field: a sentence as it is, anything else formatted once, for all languages."""
    if isinstance(value, Message) and not form and not conversion:
        return value
    return str(format(_FORMATTER.convert_field(value, conversion), form))
