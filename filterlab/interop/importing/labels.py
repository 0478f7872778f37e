"""The names of a network's classes: from the metadata of its file, a text file, or a list of the program's own."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filterlab.errors import FileError, shown_path
from filterlab.resources import class_names
from filterlab.text.messages import say
from filterlab.text.system import refusal

_KEYS = ("names", "labels", "classes", "class_names", "character")
MOST_BYTES = 1 << 22  # text of 100,000 classes
_LONGEST = 200  # letters of a name


def labels_of(metadata: Mapping[str, str]) -> list[str] | None:
    """The names that a file's metadata holds, under any of the keys in use; None where there are none."""
    for key in _KEYS:
        text = metadata.get(key, "")
        names = _listed(text) if 0 < len(text) <= MOST_BYTES else None
        if names:
            return names
    return None


def labels_from(source: str | Path) -> list[str]:
    """The names of a list that comes with the program, as "imagenet", or else of a text file. Raises FileError.

    "./imagenet" is a file in any case.
    """
    path = class_names().get(str(source), Path(source))
    try:
        return read_labels(path)
    except FileError as error:
        if not path.exists():
            error.hint = say("give a text file, or one of {}", ", ".join(class_names()))
        raise


def read_labels(path: Path) -> list[str]:
    """The names of a text file, one on each line, or of a JSON list. Raises FileError."""
    where = shown_path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileError(
                say("it has {:,} byte(s), too many for names of classes", path.stat().st_size), where
            )
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        what, hint = refusal(error, writing=False)
        raise FileError(say("it cannot be read: {}", what), where, hint) from None
    except UnicodeDecodeError:
        raise FileError("it is not text", where, "give a file with one name on each line") from None
    names = _listed(text)
    if not names:
        raise FileError("it holds no names", where, "give a file with one name on each line")
    return names


def _listed(text: str) -> list[str] | None:
    value = _parsed(text)
    if isinstance(value, dict) and all(str(key).isdigit() for key in value):
        # {0: "cat", 1: "dog"}, as detectors write it; numbers that are missing would shift the others.
        by_number = {int(key): name for key, name in value.items()}
        value = [by_number.get(i) for i in range(len(by_number))]
    if value is None:
        value = [line.strip() for line in text.splitlines() if line.strip()]
        value = text.split(",") if len(value) == 1 else value
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(name, str) for name in value):
        return None
    return [" ".join(name.split())[:_LONGEST] for name in value]


def _parsed(text: str) -> Any:
    """The value of JSON or of a Python literal, whose dictionaries may have numbers as keys; None for other text."""
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return None
