"""The arguments of the command line. Each module of this package that has a function `add` is one command."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import re
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

import filterlab
from filterlab.cli import exits
from filterlab.errors import ParameterError, shown
from filterlab.machine import bytes_from
from filterlab.text.messages import say

_PACKAGE = "filterlab.cli"
LARGEST = 10**9 - 1  # nine digits are enough for everything that is counted here
_EPILOG = "Without a command: the window, with the pictures and pipelines that are named opened."
_DESCRIPTION = "Filter pictures, stack layers, see every feature map; run the same file over many pictures."


class Parser(argparse.ArgumentParser):
    """A parser whose errors take one line, and that takes no misspelled option for an abbreviation of another.

    complete: called with the parser before it is used for the first time, to add options that are expensive to
    declare: those of a command whose declarations stand in modules that load NumPy.
    mixed: options may stand between the words of a list that may also be empty.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **kwargs})  # type: ignore[arg-type]
        self.complete: Callable[[Parser], None] | None = None
        self.mixed = False

    # argparse calls this on the parser of the chosen command alone, before it looks for --help.
    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self.complete is not None:
            complete, self.complete = self.complete, None
            complete(self)
        if self.mixed:
            self.mixed = False  # the method that is called next comes back here, twice
            return self.parse_known_intermixed_args(args, namespace)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        exits.say(f"{message} (see {self.prog} --help)")
        self.exit(exits.WRONG)


def make_parser() -> Parser:
    """The parser of all commands; parsing leaves the function to call in `execute`."""
    parser = Parser(prog="filterlab", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"filterlab {filterlab.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in _command_modules().values():
        module.add(commands)
    return parser


def command_names() -> list[str]:
    """The names of the commands."""
    return list(_command_modules())


def _command_modules() -> dict[str, Any]:
    """The modules of this package that have a function `add`, by the name of their command.

    A command whose name is a word of Python has an underscore behind its module's name.
    """
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = {name.rstrip("_"): importlib.import_module(f"{_PACKAGE}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "add")}


def spell_out(argv: Sequence[str]) -> list[str]:
    """Join `--range -1,1` into `--range=-1,1`, because argparse would take the number for an option.

    Raises ParameterError for `--out=--`, which argparse would silently read as an option without a value.
    """
    result: list[str] = []
    for argument in argv:
        if re.fullmatch("--[^=]+=--", argument):
            option = argument[:-3]
            raise ParameterError("-- is no value", option, say("write {} and a value", option))
        if result and result[-1] == "--range" and re.match(r"-[^-].*,", argument):
            result[-1] += f"={argument}"
        else:
            result.append(argument)
    return result


# -- values, for `type=` ----------------------------------------------------------------------------------


def path(text: str) -> Path:
    """A file or folder, for `type=`. An empty word, as from an unset variable, does not mean the current folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    try:
        # fsencode raises for text that no file name of this system can hold, such as lone surrogates.
        if b"\0" not in os.fsencode(text):
            return Path(text)
    except UnicodeEncodeError:
        pass
    raise argparse.ArgumentTypeError(f"{shown(text)} holds a character that no file name can have")


def whole_number(low: int, high: int = LARGEST) -> Callable[[str], int]:
    """A reader, for `type=`, of whole numbers from `low` to `high`."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not low <= int(text) <= high:
            rule = f", {low} or more" if high == LARGEST else f" from {low} to {high}"
            raise argparse.ArgumentTypeError(f"{shown(text)} is not a whole number{rule}")
        return int(text)

    return read


def position(text: str) -> int:
    """A channel, row or column, for `type=`. Whether it exists is known only when the map is."""
    if not re.fullmatch("-?[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(
            f"{shown(text)} is not a position, a whole number from 0 to {LARGEST}"
        )
    return int(text)


def number(low: float, high: float | None = None, *, above: bool = False) -> Callable[[str], float]:
    """A reader, for `type=`, of numbers from `low` up to but not including `high`; with `above`, not `low` itself."""
    rule = f"{'above' if above else 'of at least'} {low}" + ("" if high is None else f" and below {high}")

    def read(text: str) -> float:
        # float() would accept digits of other scripts as well, and spaces and underscores between them.
        decimal = r"[+-]?([0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})([eE][+-]?[0-9]{1,9})?"
        value = float(text) if re.fullmatch(decimal, text) else float("nan")
        legal = isfinite(value) and (value > low if above else value >= low)
        if not legal or (high is not None and value >= high):
            raise argparse.ArgumentTypeError(f"{shown(text)} is not a number {rule}")
        return value

    return read


def memory_size(text: str) -> int:
    """Bytes of memory, written as 800M or 4G, for `type=`."""
    found = bytes_from(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a size as 800M or 4G")
    return found


def shape(text: str) -> tuple[int, ...]:
    """The shape of a picture (C, H, W), written as 3x224x224, for `type=`."""
    parts = re.split("[x×,]", text.strip().lower())
    if len(parts) != 3 or not all(re.fullmatch("0*[1-9][0-9]{0,6}", part) for part in parts):
        raise argparse.ArgumentTypeError(f"{shown(text)} is not CHANNELSxHEIGHTxWIDTH, as 3x224x224")
    return tuple(int(p) for p in parts)
