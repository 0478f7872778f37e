"""The flags of `filterlab run`, made from the declared options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from filterlab.batch.options.declared import OPTIONS, PARTS, Option, options_of
from filterlab.batch.options.kinds import ProgramCall, TextList
from filterlab.batch.options.recipe import SUFFIX, Recipe, read_recipe
from filterlab.errors import ParameterError
from filterlab.parameters import Choice, Flag
from filterlab.text.messages import say


def add_flags(p: argparse.ArgumentParser) -> None:
    """Add them to a parser. What is not given has no entry in the namespace."""
    for part in PARTS:
        title = (part.__doc__ or "").rstrip(".")
        group = p.add_argument_group(title[0].lower() + title[1:])
        for option in options_of(part).values():
            _add(group, option)


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """Everything that the run is told: by the command line, or by a recipe over which the command line wins.

    Raises FilterLabError where the recipe cannot be read, or what is said is wrong or contradicts itself.
    """
    given = {name: value for name, value in vars(arguments).items() if name in OPTIONS}
    given |= {name: getattr(arguments, name) for name in ("images", "out") if getattr(arguments, name)}
    if arguments.pipeline.lower().endswith(SUFFIX):
        return read_recipe(arguments.pipeline, given)
    try:
        return Recipe.read({"pipeline": arguments.pipeline, **given})
    except ParameterError as error:
        error.hint = say("{}; see filterlab run --help", error.hint)
        raise


def _add(group: Any, option: Option) -> None:
    about: dict[str, Any] = {"help": option.doc.replace("%", "%%"), "default": argparse.SUPPRESS}
    kind = option.kind
    if isinstance(kind, Flag):
        group.add_argument(option.flag, action="store_true", **about)
        # Takes back what a recipe asks for.
        off = {"dest": option.name, "default": argparse.SUPPRESS, "help": argparse.SUPPRESS}
        group.add_argument(f"--no-{option.key}", action="store_false", **off)
        return
    if isinstance(kind, Choice):
        group.add_argument(option.flag, choices=kind.options, **about)
        return
    if isinstance(kind, TextList) and not isinstance(kind, ProgramCall):
        about |= {"action": "extend"}  # of tuples of one, into one list
    group.add_argument(option.flag, metavar=option.metavar, type=_reader(option), **about)


def _reader(option: Option) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return option.from_text(text)
        except ParameterError as error:
            raise argparse.ArgumentTypeError(f"{error.what} ({error.hint})") from None

    return read
