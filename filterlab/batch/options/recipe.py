"""Recipes: everything that a run is told, as a TOML file that can be kept under version control.

Its keys are `pipeline`, `images`, `out`, and the names of the flags of `filterlab run` without the dashes before them.
Paths in it, also those that a list names, are relative to its own folder.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filterlab.batch.options.declared import OPTIONS, Option, RunOptions
from filterlab.batch.options.kinds import Text, TextList
from filterlab.batch.remote.pictures import is_address
from filterlab.errors import FileError, ParameterError, shown_path
from filterlab.parameters import bind
from filterlab.text.messages import say
from filterlab.text.system import refusal

SUFFIX = ".toml"
_LARGEST = 1 << 20  # bytes; long lists of pictures have a place of their own, behind @
_SUBJECT = {
    o.name: o
    for o in (
        Option("pipeline", Text(), "name a pipeline file"),
        Option("images", TextList(), "name pictures, or folders of pictures, as IMAGE"),
        Option("out", Text(), "name a folder for the maps with --out"),
    )
}
_EVERY = {**_SUBJECT, **OPTIONS}


@dataclass(frozen=True)
class Recipe:
    """A run with all that it is told. images: as `expand` takes them; base: the folder that lists are relative to."""

    pipeline: str
    images: tuple[str, ...]
    out: str
    options: RunOptions
    base: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str = "run", base: str = "") -> Recipe:
        """The run that these values ask for, by name. Raises ParameterError for what is missing, unknown or wrong."""
        bound = bind(list(_EVERY.values()), (), given, where, "there is no option {}")
        subject = {name: bound.pop(name, None) for name in _SUBJECT}
        for name, value in subject.items():
            if not value:
                raise ParameterError(say("{} is missing", name), where, _SUBJECT[name].doc, parameter=name)
            subject[name] = _SUBJECT[name].read(value, where)
        return cls(**subject, options=RunOptions.read(bound, where), base=base)

    def to_toml(self) -> str:
        """The file that asks for this run. What has its default stands there as a comment.

        Raises ParameterError for a name that no text can hold.
        """
        lines = ["# A recipe for `filterlab run`. Paths are relative to the folder of this file.", ""]
        lines += [f"{name} = {_spelt(getattr(self, name), name)}" for name in _SUBJECT]
        for name, option in OPTIONS.items():
            value = getattr(self.options, name)
            lines += ["", *(f"# {line}" for line in _wrapped(option.doc))]
            if value != option.default:
                lines.append(f"{option.key} = {_spelt(option.kind.to_json(value), name)}")
            else:
                usual = (
                    _spelt(option.default_json(), name)
                    if option.default not in (None, "")
                    else option.metavar
                )
                lines.append(f"# {option.key} = {usual}")
        return "\n".join(lines) + "\n"


def read_recipe(path: str | Path, over: Mapping[str, Any]) -> Recipe:
    """The run of a recipe file; the values `over`, by name, win over what stands in it.

    An option of `over` also takes away those of the file that contradict it. Raises FileError where the file cannot be
    read, ParameterError for unknown keys (naming the nearest) and wrong values.
    """
    where, folder = shown_path(path), os.path.dirname(os.fspath(path))
    keys = [replace(option, name=option.key) for option in _EVERY.values()]
    given = {key.replace("_", "-"): value for key, value in _loaded(Path(path), where).items()}
    bound = bind(keys, (), given, where, "there is no key {}")
    found = {key.replace("-", "_"): value for key, value in bound.items()}
    for name, option in OPTIONS.items():
        if over.get(name):
            _forget(found, option.excludes, over)
    base = "" if over.get("images") else folder
    for name in found.keys() & _SUBJECT.keys():
        value = _SUBJECT[name].read(found[name], where)
        found[name] = (
            [_placed(word, folder) for word in value] if name == "images" else _placed(value, folder)
        )
    return Recipe.read({**found, **over}, where, base)


def _forget(found: dict[str, Any], names: tuple[str, ...], over: Mapping[str, Any]) -> None:
    """Take away options, and those that mean nothing without them."""
    for name in names:
        if name in over or found.pop(name, None) is None:
            continue
        left = found.keys() | over.keys()
        lost = (n for n, o in OPTIONS.items() if name in o.needs and left.isdisjoint(o.needs))
        _forget(found, tuple(lost), over)


def _placed(word: str, folder: str) -> str:
    """A path of a recipe as it is seen from here. Standard input and addresses stay as they are."""
    if word in ("-", "@-") or is_address(word):
        return word
    return f"@{os.path.join(folder, word[1:])}" if word.startswith("@") else os.path.join(folder, word)


def _loaded(path: Path, where: str) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise FileError(
                say("it has more than {:,} bytes", _LARGEST), where, "put the pictures into a list, @FILE"
            )
        return tomllib.loads(content.decode("utf-8-sig"))  # editors of Windows put a mark before it
    except OSError as error:
        what, hint = refusal(error)
        raise FileError(say("the recipe cannot be read: {}", what), where, hint) from None
    except UnicodeDecodeError:
        raise FileError("it is no text in UTF-8", where, "save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deeply"
        raise FileError(say("it is no TOML: {}", what), where, "see https://toml.io") from None


def _spelt(value: Any, name: str) -> str:
    """A value in TOML."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_spelt(item, name) for item in value)}]"
    # JSON spells texts and truth values as TOML does, but for DEL, which TOML wants escaped.
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ParameterError("it is no text, which a recipe has to be", name, "rename the file") from None
    return text


def _wrapped(text: str, width: int = 100) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
