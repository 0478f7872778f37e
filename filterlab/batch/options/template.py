"""The names of output files, from a template such as "{parent}/{stem}/{node}-{channel}"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PureWindowsPath
from string import Formatter
from typing import Any

from filterlab.batch.options.kinds import Text
from filterlab.errors import ParameterError, nearest, shown
from filterlab.files import WINDOWS, is_device
from filterlab.text.messages import say

FIELDS = ("parent", "stem", "suffix", "page", "node", "channel")
_NUMBERS = {"page": "04", "channel": ""}  # with their usual formats
_HERE = re.compile(r"(?:^|(?<=/))(?:\./)+")  # folders named "." in it: they are where they stand
_FORMAT = re.compile("(0?[1-9][0-9]?)?")  # how wide a number is, filled up with zeros or blanks

_Piece = tuple[str, str, str]  # text, the field behind it ("" at the end), its format


@dataclass(frozen=True)
class Pictured:
    """What a template may say of a picture. parent: folders, joined by /; suffix: with its dot; page: from 1."""

    parent: str
    stem: str
    suffix: str
    page: int = 1


class NameTemplate:
    """A template that was checked. Raises ParameterError for unknown fields and for names outside the folder."""

    def __init__(self, text: str) -> None:
        text = _HERE.sub("", text)
        self.text = text
        self._pieces = list(_parsed(text))
        _check_place(text, "".join(literal for literal, _, _ in self._pieces))

    @property
    def fields(self) -> set[str]:
        """The names of the fields in it."""
        return {field for _, field, _ in self._pieces}

    def fill(self, picture: Pictured, node: str, channel: int | None) -> str:
        """The path of a file below the output folder, without its ending.

        channel: None for a file that holds a whole map; the field is then left out with the text before it, back to the
        field or the slash that precedes: of "{node}-{channel}", the node remains. A folder without a name is left out.
        """
        values = {**vars(picture), "node": node, "channel": channel}
        text = ""
        dropped = False
        for literal, field, form in self._pieces:
            if dropped and (not text or text.endswith("/")):
                literal = literal.lstrip("-_. ")  # what joined the channel to what follows joins nothing now
            dropped = field == "channel" and channel is None
            if dropped:
                text += literal[: literal.rfind("/") + 1]
            else:
                text += literal + (_spelt(values[field], form) if field else "")
        *folders, name = text.split("/")
        return "/".join((*(safe_name(folder) for folder in folders if folder), safe_name(name)))


@lru_cache(maxsize=8)
def name_template(text: str) -> NameTemplate:
    """The checked template of this text."""
    return NameTemplate(text)


@dataclass(frozen=True)
class Template(Text):
    """The text of a `NameTemplate`."""

    def parse(self, value: Any, name: str) -> Any:
        return name_template(super().parse(value, name)).text


def safe_name(name: str) -> str:
    """The name where a file or folder can have it, else one like it."""
    # The stem of "...png" is "..", the parent folder.
    if name in ("", ".", ".."):
        return f"_{name}"
    if WINDOWS:
        # Windows strips these from the end of a name without a word.
        name = re.sub(r"[. ]+$", lambda found: "_" * len(found[0]), name)
        return f"_{name}" if is_device(name) else name
    return name


def _parsed(text: str) -> list[_Piece]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise _wrong(
            say("name has a brace without its pair: {}", shown(text)), say("write {} for a brace", "{{")
        ) from None
    found = []
    for literal, field, form, conversion in pieces:
        if field is not None and field not in FIELDS:
            close = nearest(field, FIELDS)
            meant = say("did you mean {}? ", f"{{{close[0]}}}") if close else ""
            fields = ", ".join(f"{{{name}}}" for name in FIELDS)
            raise _wrong(
                say("name has an unknown field: {}", shown(f"{{{field}}}")),
                meant + say("allowed: {}", fields),
            )
        if conversion or (form and (field not in _NUMBERS or not _FORMAT.fullmatch(form))):
            hint = say(
                "only {} and {} have a format: a width, as in {}", "{page}", "{channel}", "{channel:03}"
            )
            raise _wrong(say("name has a format that is not allowed: {}", shown(text)), hint)
        found.append((literal, field or "", form or _NUMBERS.get(field or "", "")))
    return found


def _wrong(what: str, hint: str) -> ParameterError:
    return ParameterError(what, hint=hint, parameter="name")


def _check_place(text: str, literal: str) -> None:
    absolute = text.startswith("/") or bool(WINDOWS and PureWindowsPath(text).anchor)
    if absolute or ".." in re.split(r"[/\\]" if WINDOWS else "/", text):
        raise _wrong(say("name leads out of the output folder: {}", shown(text)), say("name a file below it"))
    if text.endswith("/") or not text.strip():
        raise _wrong(
            say("name ends in a folder: {}", shown(text)),
            say("end with the name of a file, such as {}", "{node}"),
        )
    if "\0" in literal:
        raise _wrong(
            say("name has a character that no file name can have: {}", shown(text)), say("leave it out")
        )


def _spelt(value: Any, form: str) -> str:
    return format(value, form) if isinstance(value, int) else str(value)
