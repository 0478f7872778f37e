"""Arguments of the command line. Each module of this package that has `add` is one command."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import filterlab
from filterlab import cli

MOST_JOBS = 256  # each is a process of its own, with all that it imports
_EPILOG = "Without a command: the window, with the pictures and pipelines that are named opened."
_DESCRIPTION = "Filter pictures, stack layers, see every feature map; run the same file over many pictures."


class Parser(argparse.ArgumentParser):
    """Errors take one line, and a wrong option never passes for the beginning of another."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **kwargs})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        self.exit(cli.WRONG, f"filterlab: {' '.join(message.split())} (see {self.prog} --help)\n")


def make_parser() -> Parser:
    """The parser of all commands; parsing leaves the function to call in `execute`."""
    parser = Parser(prog="filterlab", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"filterlab {filterlab.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in command_names():
        importlib.import_module(f"{cli.__name__}.{name}").add(commands)
    return parser


def command_names() -> list[str]:
    """The commands there are: the modules of this package that have `add`."""
    names = sorted(module.name for module in pkgutil.iter_modules(cli.__path__))
    return [name for name in names if hasattr(importlib.import_module(f"{cli.__name__}.{name}"), "add")]


def spell_out(argv: Sequence[str]) -> list[str]:
    """`--range -1,1` as `--range=-1,1`: argparse would take the number for an option."""
    result: list[str] = []
    for argument in argv:
        if result and result[-1] == "--range" and re.match(r"-[^-].*,", argument):
            result[-1] += f"={argument}"
        else:
            result.append(argument)
    return result


def jobs(text: str) -> int:
    """A number of processes, for `type=`."""
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MOST_JOBS}")
    return int(text)


def path(text: str) -> Path:
    """A file or folder, for `type=`: an empty word, as an unset variable leaves it, is not this folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(text)


def shape(text: str) -> tuple[int, ...]:
    """The shape of a picture, as 3x224x224, for `type=`."""
    parts = re.split(r"[x×,]", text.strip().lower())
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and 0 < int(p) < 10**7 for p in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not CHANNELSxHEIGHTxWIDTH, as 3x224x224")
    return tuple(int(p) for p in parts)
