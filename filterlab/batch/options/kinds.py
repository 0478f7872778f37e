"""The kinds of values that only runs have."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

from filterlab.errors import ParameterError
from filterlab.machine import bytes_from, size_text
from filterlab.parameters import Integer, Kind, items_of
from filterlab.text.messages import say


@dataclass(frozen=True)
class Text(Kind):
    """A text that is not empty."""

    def parse(self, value: Any, name: str) -> Any:
        if not isinstance(value, str) or not value:
            raise self.refusal(value, name)
        return value

    def legal(self) -> str:
        return say("a text that is not empty")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class TextList(Text):
    """Any number of texts, as a tuple; a single text is one of them."""

    def parse(self, value: Any, name: str) -> tuple[str, ...]:
        items = (value,) if isinstance(value, str) else items_of(value)
        if items is None or not all(isinstance(item, str) and item for item in items):
            raise self.refusal(value, name)
        return items

    def to_json(self, value: Any) -> Any:
        return list(value)

    def legal(self) -> str:
        return say("a list of texts")

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": super().schema()}


@dataclass(frozen=True)
class ProgramCall(TextList):
    """A program and its arguments; one text is split at its spaces as a POSIX shell would."""

    def parse(self, value: Any, name: str) -> tuple[str, ...]:
        try:
            items = super().parse(shlex.split(value) if isinstance(value, str) else value, name)
        except ValueError:  # a quotation mark that is never closed
            raise self.refusal(value, name) from None
        if not items:
            raise self.refusal(value, name)
        return items

    def legal(self) -> str:
        return say("a program and its arguments")


@dataclass(frozen=True)
class CountOr(Integer):
    """A whole number, or one of a few words that stand for one."""

    words: tuple[str, ...] = ()

    def parse(self, value: Any, name: str) -> Any:
        return value if isinstance(value, str) and value in self.words else super().parse(value, name)

    def legal(self) -> str:
        return say("{}, or {}", super().legal(), ", ".join(self.words))

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [super().schema(), {"enum": list(self.words)}]}


@dataclass(frozen=True)
class DisplayRange(Kind):
    """What black and white mean: a word of `parse_range`, or the values of both ends."""

    def parse(self, value: Any, name: str) -> Any:
        from filterlab.images.display import parse_range

        text = value if isinstance(value, str) else ",".join(map(str, items_of(value) or (value,)))
        try:
            return parse_range(text)
        except ParameterError as error:
            error.where = ""  # whoever reads the option knows better than the function
            raise

    def to_json(self, value: Any) -> Any:
        return value if isinstance(value, str) else list(value)

    def schema(self) -> dict[str, Any]:
        number = {"type": "number"}
        return {
            "anyOf": [{"type": "string"}, {"type": "array", "items": number, "minItems": 2, "maxItems": 2}]
        }


@dataclass(frozen=True)
class MemorySize(Kind):
    """Bytes of memory: a number, or one with K, M or G, in powers of 1024."""

    def parse(self, value: Any, name: str) -> int:
        found = bytes_from(str(value))
        if not found:
            raise self.refusal(value, name)
        return found

    def to_json(self, value: Any) -> str:
        return size_text(value)

    def legal(self) -> str:
        return say("a size as 800M or 4G, in powers of 1024")

    def schema(self) -> dict[str, Any]:
        return {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": "^[0-9]+[KMGkmg]?[Bb]?$"},
            ]
        }
