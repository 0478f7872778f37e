"""The flags of `filterlab run`, made from the declared options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from filterlab.batch.options.declared import OPTIONS, PARTS, Option, RunOptions, options_of
from filterlab.batch.options.kinds import Command, Texts
from filterlab.errors import ParameterError
from filterlab.parameters import Choice, Flag


def add_flags(p: argparse.ArgumentParser) -> None:
    """Add them to a parser. What is not given has no entry in the namespace."""
    for part in PARTS:
        title = (part.__doc__ or "").rstrip(".")
        group = p.add_argument_group(title[0].lower() + title[1:])
        for option in options_of(part).values():
            _add(group, option)


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options that the command line gives, by name."""
    return {name: value for name, value in vars(arguments).items() if name in OPTIONS}


def read_flags(arguments: argparse.Namespace) -> RunOptions:
    """All options, as the command line gives them. Raises ParameterError where two do not go together."""
    return RunOptions.read(given(arguments))


def _add(group: Any, option: Option) -> None:
    about: dict[str, Any] = {"help": option.doc.replace("%", "%%"), "default": argparse.SUPPRESS}
    kind = option.kind
    if isinstance(kind, Flag):
        group.add_argument(option.flag, action="store_true", **about)
        return
    if isinstance(kind, Choice):
        group.add_argument(option.flag, choices=kind.options, **about)
        return
    if isinstance(kind, Texts) and not isinstance(kind, Command):
        about |= {"action": "extend"}  # of tuples of one, into one list
    group.add_argument(option.flag, metavar=option.metavar, type=_reader(option), **about)


def _reader(option: Option) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return option.from_text(text)
        except ParameterError as error:
            raise argparse.ArgumentTypeError(f"{error.what} ({error.hint})") from None

    return read
