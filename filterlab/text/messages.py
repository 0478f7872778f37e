"""Sentences that remember what they were made from, so that they can be said in another language.

An error, a note or the name of an operation is a template with values: `say("stride is {!r}", 0)`. It reads as the
English sentence and passes for a string everywhere; who speaks another language translates the template, "stride is
{0}", and fills the same values in. Nothing is ever taken apart again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from string import Formatter
from typing import Any, Self

_FORMATTER = Formatter()
Translate = Callable[[str], str]


class Message(str):
    """A sentence, with its template, whose fields are {0}, {1}, ..., and what stands in each: a text or a sentence."""

    template: str
    values: tuple[str, ...]

    def __new__(cls, template: str, values: tuple[str, ...]) -> Self:
        made = super().__new__(cls, _filled(template, values))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, tuple[str, ...]]]:
        # Errors cross from worker processes to their parent.
        return Message, (self.template, self.values)

    # Two sentences after each other stay sentences: "did you mean 'relu'? " + "legal: ...".
    def __add__(self, other: str) -> Message:
        return Message("{0}{1}", (self, other))

    def __radd__(self, other: str) -> Message:
        return Message("{0}{1}", (other, self))

    def translated(self, translate: Translate) -> str:
        """The sentence in another language; `translate` gives the template of one, or the words of a plain text."""
        return _filled(translate(self.template), tuple(spoken(value, translate) for value in self.values))


def say(template: str, /, *values: Any) -> Message:
    """The sentence of a template with {} fields, which may have conversions and formats as in `str.format`.

    Fields that stand for one value several times are numbered: {0}. A template without values is taken as it is.
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
    """A template as messages keep it, and translators see it: "{!r} is not {}" is "{0} is not {1}"."""
    parts = []
    for literal, place, _, _ in _parsed(template):
        parts.append(literal.replace("{", "{{").replace("}", "}}"))
        parts.append("" if place is None else f"{{{place}}}")
    return "".join(parts)


def _parsed(template: str) -> Iterator[tuple[str, int | None, str, str | None]]:
    """Text, and after it the number of a field with its format and conversion, again and again."""
    following = itertools.count()
    for literal, name, form, conversion in _FORMATTER.parse(template):
        place = None if name is None else int(name) if name else next(following)
        yield literal, place, form or "", conversion


def count(number: int, one: str, many: str, /, *values: Any) -> Message:
    """The sentence of `one` for the number 1, of `many` for others. Its first field is the number, as 12,345."""
    return say(one if number == 1 else many, f"{number:,}", *values)


def spoken(text: str, translate: Translate) -> str:
    """A text in another language, whether it is a sentence, a word, or words with commas between them."""
    if isinstance(text, Message):
        return text.translated(translate)
    found = translate(text)
    if found == text and ", " in text:
        return ", ".join(translate(part) for part in text.split(", "))
    return found


def _filled(template: str, values: tuple[str, ...]) -> str:
    """A template with its values; one without any may hold braces of its own."""
    return template.format(*map(str.__str__, values)) if values else template


def _text(value: Any, form: str, conversion: str | None) -> str:
    """What stands in a field: a sentence as it is, everything else formatted, now and in every language alike."""
    if isinstance(value, Message) and not form and not conversion:
        return value
    return str(format(_FORMATTER.convert_field(value, conversion), form))
